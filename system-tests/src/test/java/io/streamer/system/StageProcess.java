package io.streamer.system;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.streamer.local.stage.Stage;
import io.streamer.local.stage.StageOptions;
import io.streamer.soak.SoakActions;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** A whole stage in a process of its own, which keeps its state in a folder. */
final class StageProcess implements AutoCloseable {
  private final Process process;
  private final Map<String, String> said;

  private StageProcess(Process process, Map<String, String> said) {
    this.process = process;
    this.said = said;
  }

  /** The process: folder of the state, folder of what was charged. */
  public static void main(String[] args) throws InterruptedException {
    var stage =
        Stage.start(
            StageOptions.at(LocalStage.home())
                .data(Optional.of(Path.of(args[0])))
                .settings(SoakActions.settings(Path.of(args[1]))));
    System.out.println("direct " + stage.direct());
    System.out.println("api " + stage.apiGateway());
    System.out.println("dynamo " + stage.dynamo());
    System.out.println("prefix " + stage.tablePrefix());
    System.out.println("ready now");
    new CountDownLatch(1).await();
  }

  /** Starts one; returns when it takes sockets. */
  static StageProcess start(Path data, Path ledger) throws IOException {
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var process =
        new ProcessBuilder(
                java,
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                StageProcess.class.getName(),
                data.toString(),
                ledger.toString())
            .redirectErrorStream(true)
            .start();
    var out = process.inputReader(UTF_8);
    var said = new HashMap<String, String>();
    var all = new StringBuilder();
    while (!said.containsKey("ready")) {
      var line = out.readLine();
      if (line == null) {
        throw new IOException("the stage did not start:\n" + all);
      }
      all.append(line).append('\n');
      var words = line.split(" ", 2);
      if (words.length == 2) {
        said.put(words[0], words[1]);
      }
    }
    // else a full pipe would hold the process up
    Thread.ofVirtual().start(() -> out.lines().forEach(_ -> {}));
    return new StageProcess(process, said);
  }

  URI uri(String name) {
    return URI.create(said.get(name));
  }

  String tablePrefix() {
    return said.get("prefix");
  }

  /** SIGKILL. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
