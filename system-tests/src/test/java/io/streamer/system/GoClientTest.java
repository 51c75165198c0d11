package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The client for Go, by its own tests. */
@Timeout(180)
class GoClientTest {
  private static GoProject client;

  @BeforeAll
  static void prepare() {
    client = GoProject.ready();
  }

  @Test
  void itsOwnTestsPass() {
    var ran = client.run("test", "-v", "-vet=all", "./...");
    assertThat(ran.exitCode()).as(ran.output()).isZero();
    // a run without tests passes, too
    assertThat(ran.output().lines().filter(line -> line.startsWith("--- PASS")))
        .hasSizeGreaterThan(50);
  }

  @Test
  void itIsWrittenAsGoWritesIt() {
    var root = client.run("env", "GOROOT").output().strip();
    var ran = ClientCommand.run(client.folder(), List.of(root + "/bin/gofmt", "-l", "."));
    assertThat(ran).isEqualTo(new ClientCommand.Ran(0, ""));
  }
}
