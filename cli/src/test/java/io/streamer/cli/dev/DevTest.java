package io.streamer.cli.dev;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.cli.Ran;
import io.streamer.cli.door.DevAddress;
import io.streamer.local.live.EnvFile;
import io.streamer.shared.settings.Setting;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
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
        "STREAMER_TOKEN_JWKS_URL | https://a.example/jwks | the setting STREAMER_TOKEN_ISSUER is needed beside STREAMER_TOKEN_JWKS_URL",
        "STREAMER_TOKEN_ISSUER | a | there are no keys to verify tokens with",
        "STREAMER_TOKEN_ISSUERS | [7] | the setting STREAMER_TOKEN_ISSUERS at /0: an issuer is an object",
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
    var settings = DevSettings.of(all, Optional.empty());

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
    var settings =
        DevSettings.of(Map.of("STREAMER_LEASE", " ", "STREAMER_BUCKET", ""), Optional.empty());

    assertThat(settings.taken()).isEmpty();
    assertThat(settings.lines()).isEmpty();
  }

  @Test
  void whatTheEnvironmentDoesNotSayIsTakenFromTheFile() throws IOException {
    var file = home.resolve(".env");
    Files.writeString(
        file,
        """
        SHOP_URL=http://localhost
        STREAMER_TOKEN_ISSUER=https://login.example.com
        STREAMER_LEASE=9s
        STREAMER_NODE_BEAT=3s
        STREAMER_BUCKET=mine
        STREAMER_URL=ws://elsewhere
        """);
    var environment = Map.of("STREAMER_LEASE", "8s", "STREAMER_NODE_BEAT", " ");
    var settings = DevSettings.of(environment, Optional.of(new EnvFile(file)));

    assertThat(settings.taken())
        .isEqualTo(
            Map.of(
                "STREAMER_TOKEN_ISSUER", "https://login.example.com",
                "STREAMER_LEASE", "8s",
                "STREAMER_NODE_BEAT", "3s"));
    assertThat(settings.left()).containsExactly("STREAMER_BUCKET");
  }

  @Test
  void aLineOfTheFileThatIsNoSettingIsToldByItsNumber() throws IOException {
    Files.writeString(home.resolve(".env"), "A=1\nsecret\n");
    var ran = Ran.in(Map.of(), home, "dev", home.toString(), "--direct-port", "0", "--port", "0");

    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.err()).isEqualTo("streamer: " + home.resolve(".env") + ":2: is no NAME=value\n");
  }

  @Test
  void aLongGraceTimeIsTimeToStop() {
    var usual = Duration.ofSeconds(20);

    assertThat(DevSettings.of(Map.of(), Optional.empty()).longestStop(usual)).isEqualTo(usual);
    assertThat(
            DevSettings.of(Map.of("STREAMER_SHUTDOWN_GRACE", "1m"), Optional.empty())
                .longestStop(usual))
        .isGreaterThan(Duration.ofMinutes(1));
  }

  @Test
  void theStageThatWasStartedLastAndStillRunsIsFound() throws Exception {
    var address = new DevAddress(home);
    var own = URI.create("ws://127.0.0.1:9001/ws");
    var store = new DevAddress.Store(URI.create("http://127.0.0.1:9003"), "streamer");
    var usual = URI.create("ws://127.0.0.1:8081/ws");
    assertThat(address.find()).isEqualTo(usual);
    address.publish(own, store);
    assertThat(address.find()).isEqualTo(own);

    var other = new ProcessBuilder("sleep", "100").start();
    try {
      var file = home.resolve(".streamer/dev/" + other.pid());
      Files.writeString(file, "ws://127.0.0.1:9002/ws\nhttp://127.0.0.1:9004\nother\n");
      Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(5)));
      assertThat(address.find()).isEqualTo(URI.create("ws://127.0.0.1:9002/ws"));
      assertThat(address.store().orElseThrow().prefix()).isEqualTo("other");

      // a number may be given again to a process that began later
      Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(3600)));
      assertThat(address.find()).isEqualTo(own);
      Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(5)));
    } finally {
      other.destroyForcibly().waitFor();
    }
    assertThat(address.find()).isEqualTo(own);
    address.withdraw();
    assertThat(address.find()).isEqualTo(usual);
    assertThat(address.store()).isEmpty();
  }

  @Test
  void whatDeadStagesLeftIsTakenAwayAndWhatLivesStays() throws Exception {
    var dead = new ProcessBuilder("true").start();
    dead.waitFor();
    var folder = Files.createDirectories(home.resolve(".streamer/dev"));
    Files.writeString(folder.resolve(Long.toString(dead.pid())), "x");
    Files.writeString(folder.resolve("1"), "x");
    new DevAddress(home)
        .publish(
            URI.create("ws://127.0.0.1:9001/ws"),
            new DevAddress.Store(URI.create("http://127.0.0.1:9003"), "streamer"));

    assertThat(folder.toFile().list())
        .containsExactlyInAnyOrder("1", Long.toString(ProcessHandle.current().pid()));
  }

  @ParameterizedTest
  @CsvSource({
    "--port 9090 --direct-port 9090, must differ",
    "--port 8081, must differ",
    "DIR --handlers DIR, give one of them",
    "--debug-port 70000, --debug-port is 0 to 65535",
    "nowhere, there is no folder nowhere",
  })
  void whatMakesNoSenseTogetherIsToldInTwoLines(String line, String words) {
    var args = ("dev " + line.replace("DIR", home.toString())).split(" ");
    var ran = Ran.inScript(home, args);

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err()).contains(words).hasLineCount(2).endsWith("see ./streamer dev --help\n");
  }
}
