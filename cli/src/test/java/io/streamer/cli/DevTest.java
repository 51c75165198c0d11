package io.streamer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.shared.settings.Setting;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "STREAMER_LEASE | soon | the setting STREAMER_LEASE is a whole number with ms, s, m, h or d",
        "STREAMER_MAX_MESSAGE_BYTES | 5 | the setting STREAMER_MAX_MESSAGE_BYTES is a whole number from 4096",
        "STREAMER_SYNC_THRESHOLD | 1m | the setting STREAMER_SYNC_THRESHOLD is at most 25s",
        "STREAMER_SHUTDOWN_GRACE | 0s | the setting STREAMER_SHUTDOWN_GRACE must be above zero",
        "STREAMER_SHUTDOWN_GRACE | x | the setting STREAMER_SHUTDOWN_GRACE is a whole number",
        "STREAMER_DEMO | yes | the setting STREAMER_DEMO is true or false",
        "STREAMER_LAESE | 5s | the setting STREAMER_LAESE is unknown; did you mean STREAMER_LEASE?",
      })
  void aWrongSettingIsToldAsTheGatewayTellsIt(String name, String value, String words) {
    var ran =
        Ran.in(
            Map.of(name, value, "STREAMER_HOME", "/somewhere"),
            home,
            "dev",
            "--direct-port",
            "0",
            "--port",
            "0");

    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.err()).startsWith("streamer: " + words);
    assertThat(ran.out()).isEmpty();
  }

  @Test
  void everySettingIsEitherTakenOrNamed() {
    var all = new HashMap<String, String>();
    Setting.names().forEach(name -> all.put(name, " 7 "));
    all.put("PATH", "/bin");
    var settings = DevSettings.of(all);

    assertThat(settings.taken())
        .containsEntry("STREAMER_LEASE", "7")
        .containsKeys("STREAMER_MAX_CONNECTIONS", "STREAMER_SYNC_THRESHOLD", "STREAMER_DEMO")
        .doesNotContainKeys("STREAMER_PORT", "STREAMER_TABLE_PREFIX", "PATH");
    assertThat(settings.lines())
        .singleElement()
        .asString()
        .contains("STREAMER_TABLE_PREFIX", "STREAMER_INTERNAL_SECRET")
        .doesNotContain("STREAMER_LEASE", "PATH");
    assertThat(settings.taken().size() + settings.left().size()).isEqualTo(all.size() - 1);
  }

  @Test
  void whatIsEmptyIsNotThere() {
    var settings = DevSettings.of(Map.of("STREAMER_LEASE", " ", "STREAMER_BUCKET", ""));

    assertThat(settings.taken()).isEmpty();
    assertThat(settings.lines()).isEmpty();
  }

  @Test
  void aLongGraceTimeIsTimeToStop() {
    var usual = Duration.ofSeconds(20);

    assertThat(DevSettings.of(Map.of()).longestStop(usual)).isEqualTo(usual);
    assertThat(DevSettings.of(Map.of("STREAMER_SHUTDOWN_GRACE", "1m")).longestStop(usual))
        .isGreaterThan(Duration.ofMinutes(1));
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
