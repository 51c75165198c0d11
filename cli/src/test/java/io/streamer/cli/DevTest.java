package io.streamer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DevTest {
  @TempDir Path home;

  @Test
  void aPortOutOfRangeIsWrongUsage() {
    var ran = Ran.inScript(home, "dev", "--direct-port", "65536");

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err()).contains("--direct-port");
  }

  @Test
  void aFolderOfHandlersThatIsNotThereIsWrongUsage() {
    var ran = Ran.inScript(home, "dev", "--handlers", home.resolve("none").toString());

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err()).contains("none");
  }

  @Test
  void aFileOfFaultsThatIsNotThereIsWrongUsage() {
    var ran = Ran.inScript(home, "dev", "--faults", home.resolve("none.json").toString());

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err()).contains("none.json");
  }

  @Test
  void aFileOfFaultsThatIsNoPlanIsToldByLineAndStartsNothing() throws IOException {
    var plan = home.resolve("faults.json");
    Files.writeString(plan, "{\"rules\": [\n  {\"at\": \"moon\", \"do\": \"fail\"}\n]}");
    var ran = Ran.inScript(home, "dev", "--faults", plan.toString());

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err()).startsWith("faults.json:2: unknown place \"moon\"");
    assertThat(ran.out()).isEmpty();
  }

  @Test
  void aStageThatStopsTakesOnlyItsOwnAddressBack() {
    var address = new DevAddress(home);
    var first = URI.create("ws://127.0.0.1:9001/ws");
    var second = URI.create("ws://127.0.0.1:9002/ws");
    var store = new DevAddress.Store(URI.create("http://127.0.0.1:9003"), "streamer");
    address.publish(first, store);
    address.publish(second, store);

    address.withdraw(first);
    assertThat(address.find()).isEqualTo(second);
    assertThat(address.store()).contains(store);
    address.withdraw(second);
    assertThat(address.find()).isEqualTo(URI.create("ws://127.0.0.1:8081/ws"));
    assertThat(address.store()).isEmpty();
  }
}
