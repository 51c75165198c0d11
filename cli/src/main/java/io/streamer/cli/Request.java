package io.streamer.cli;

import io.streamer.local.DevKey;
import io.streamer.local.TokenClaims;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
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
  private static final Duration TOKEN_TTL = Duration.ofHours(24);
  private static final int REFUSED = 3;
  private static final int NO_CONNECTION = 4;

  private final Path home;
  private final boolean terminal;

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin HelpOption help = new HelpOption();

  @Parameters(paramLabel = "ACTION", description = "What is asked for, such as echo.")
  private String action = "";

  @Option(
      names = "--payload",
      paramLabel = "JSON",
      description = "Any JSON: the text itself, @FILE, or - for standard input.")
  private Optional<String> payload = Optional.empty();

  @Option(names = "--follow", description = "Wait for the end of a job.")
  private boolean follow;

  @Option(
      names = "--id",
      paramLabel = "ID",
      description = "The request's id. The same request sent again with the same id is one job.")
  private Optional<String> id = Optional.empty();

  @Option(names = "--json", description = "Lines of JSON on a terminal too.")
  private boolean json;

  @Option(
      names = "--url",
      converter = Texts.WebSocketUrl.class,
      paramLabel = "URL",
      description = "Where to connect. Default: the dev stage of this repository.")
  private Optional<URI> url = Optional.empty();

  @Option(
      names = "--token",
      paramLabel = "TOKEN",
      description =
          "Who asks. Default: a new dev token of user "
              + TokenClaims.USER
              + ", tenant "
              + TokenClaims.TENANT
              + ".")
  private Optional<String> token = Optional.empty();

  Request(Path home, boolean terminal) {
    this.home = home;
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws InterruptedException {
    var command = spec.commandLine();
    var requestId = id.orElseGet(() -> UUID.randomUUID().toString());
    var frame = frame(requestId, payload.map(text -> PayloadText.read(command, text)));
    var address = url.orElseGet(() -> new DevAddress(home).find());
    return switch (FrameSocket.connect(address, token.orElseGet(this::devToken))) {
      case FrameSocket.Handshake.Open(var socket) -> {
        try (socket) {
          socket.send(frame);
          yield converse(socket, requestId);
        }
      }
      case FrameSocket.Handshake.Refused(var status, var code, var message) -> {
        tell("refused with " + status + ": " + code + ", " + message);
        yield REFUSED;
      }
      case FrameSocket.Handshake.Unreachable(var why) -> {
        tell("no connection to " + address + ": " + why);
        if (url.isEmpty()) {
          tell("./streamer dev starts the stage that this command looks for");
        }
        yield NO_CONNECTION;
      }
    };
  }

  private int converse(FrameSocket socket, String requestId) throws InterruptedException {
    var command = spec.commandLine();
    var screen =
        terminal && !json
            ? new TerminalScreen(command.getOut(), command.getErr())
            : new JsonLines(command.getOut());
    while (true) {
      switch (socket.next()) {
        case FrameSocket.Event.Frame(var text) -> {
          var frame = read(text);
          screen.show(text, frame);
          var end = exitCode(frame, requestId);
          if (end.isPresent()) {
            screen.end();
            return end.get();
          }
        }
        case FrameSocket.Event.Ended(var why) -> {
          screen.end();
          tell("the connection ended before the answer: " + why);
          tell("the same command with --id " + requestId + " takes a stored job up again");
          return NO_CONNECTION;
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

  private String devToken() {
    var claims =
        TokenClaims.of(TokenClaims.USER, TokenClaims.TENANT, List.of(), TOKEN_TTL, Instant.now());
    return DevKey.at(home).sign(claims.all());
  }

  private void tell(String line) {
    var err = spec.commandLine().getErr();
    err.println("streamer: " + line.replaceAll("\\p{Cntrl}", " "));
    err.flush();
  }

  private static JsonObject read(String text) {
    try {
      return Json.decodeValue(text) instanceof JsonObject object ? object : new JsonObject();
    } catch (DecodeException _) {
      return new JsonObject();
    }
  }
}
