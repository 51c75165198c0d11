package io.streamer.cli;

import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./streamer request}. */
@Command(
    name = "request",
    description = {
      "Sends one request and shows what comes back.",
      "On a terminal: a progress bar and the outcome. Otherwise: each frame as a line of JSON."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:it was answered, or accepted as a job; with --follow: the job succeeded",
      "1:an error came back",
      "2:wrong usage",
      "3:the token was refused",
      "4:no connection, or it ended before the answer"
    },
    footerHeading = "%nExample:%n",
    footer = "  ./streamer request echo_async --payload '{\"hello\":\"world\"}' --follow")
final class Request implements Callable<Integer> {
  private final boolean terminal;

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin HelpOption help = new HelpOption();
  @Mixin DoorOptions door;

  @Parameters(paramLabel = "ACTION", description = "What is asked for, such as echo.")
  private String action = "";

  @Option(
      names = "--payload",
      paramLabel = "JSON",
      description = "Any JSON: the text itself, @FILE, or - for standard input.")
  private Optional<String> payload = Optional.empty();

  @Option(
      names = "--follow",
      description = "Wait for the end of a job. Ctrl-C ends the wait, not the job.")
  private boolean follow;

  @Option(
      names = "--id",
      paramLabel = "ID",
      description = "The request's id. The same request sent again with the same id is one job.")
  private Optional<String> id = Optional.empty();

  @Option(names = "--json", description = "Lines of JSON on a terminal too.")
  private boolean json;

  Request(Path home, boolean terminal) {
    this.door = new DoorOptions(home);
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws InterruptedException {
    var command = spec.commandLine();
    var requestId = id.orElseGet(() -> UUID.randomUUID().toString());
    var frame = frame(requestId, payload.map(text -> PayloadText.read(command, text)));
    return door.send(frame, socket -> converse(socket, requestId));
  }

  private int converse(FrameSocket socket, String requestId) throws InterruptedException {
    var command = spec.commandLine();
    var screen =
        terminal && !json
            ? new TerminalScreen(command.getOut(), command.getErr())
            : new JsonLines(command.getOut());
    try (var leaving = new Leaving(command.getErr(), requestId)) {
      while (true) {
        switch (socket.next()) {
          case FrameSocket.Event.Frame(var text) -> {
            var frame = DoorOptions.read(text);
            screen.show(text, frame);
            var end = exitCode(frame, requestId);
            if (end.isPresent()) {
              screen.end();
              return end.get();
            }
            leaving.hear(frame);
          }
          case FrameSocket.Event.Ended(var why) -> {
            screen.end();
            door.tell("the connection ended before the answer: " + why);
            door.tell("the same command with --id " + requestId + " takes a stored job up again");
            return DoorOptions.NO_CONNECTION;
          }
        }
      }
    }
  }

  /** How the command ends if this frame is the last it waits for. */
  private Optional<Integer> exitCode(JsonObject frame, String requestId) {
    // an error about an id that breaks the rules does not repeat it
    var about = frame.getValue("request_id", requestId);
    if (!requestId.equals(about)) {
      return Optional.empty();
    }
    return switch (frame.getString("type", "")) {
      case "response", "complete" -> Optional.of(ExitCode.OK);
      case "acknowledgment" -> follow ? Optional.empty() : Optional.of(ExitCode.OK);
      case "error" -> Optional.of(ExitCode.SOFTWARE);
      default -> Optional.empty();
    };
  }

  private String frame(String requestId, Optional<String> payloadText) {
    return "{\"type\":\"request\",\"id\":"
        + Json.encode(requestId)
        + ",\"action\":"
        + Json.encode(action)
        + payloadText.map(text -> ",\"payload\":" + text).orElse("")
        + "}";
  }
}
