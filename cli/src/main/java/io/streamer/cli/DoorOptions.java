package io.streamer.cli;

import io.streamer.local.token.DevKey;
import io.streamer.local.token.TokenClaims;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Where a command connects, and as whom: the options, and the socket. */
final class DoorOptions {
  static final int REFUSED = 3;
  static final int NO_CONNECTION = 4;
  private static final Duration TOKEN_TTL = Duration.ofHours(24);

  private final Path home;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--url",
      converter = OptionTexts.WebSocketUrl.class,
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

  DoorOptions(Path home) {
    this.home = home;
  }

  /** What is said behind a frame; gives the exit code. */
  interface Conversation {
    int over(FrameSocket socket) throws InterruptedException;
  }

  /** Connects, sends a frame, and goes on with what comes back. */
  int send(String frame, Conversation conversation) throws InterruptedException {
    var address = url.orElseGet(() -> new DevAddress(home).find());
    return switch (FrameSocket.connect(address, token.orElseGet(this::devToken))) {
      case FrameSocket.Handshake.Open(var socket) -> {
        try (socket) {
          socket.send(frame);
          yield conversation.over(socket);
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

  /** A line for whoever typed the command. */
  void tell(String line) {
    var err = spec.commandLine().getErr();
    err.println("streamer: " + line.replaceAll("\\p{Cntrl}", " "));
    err.flush();
  }

  /** The frame, or an object without members if it is none. */
  static JsonObject read(String text) {
    try {
      return Json.decodeValue(text) instanceof JsonObject object ? object : new JsonObject();
    } catch (DecodeException _) {
      return new JsonObject();
    }
  }

  private String devToken() {
    var claims =
        TokenClaims.of(TokenClaims.USER, TokenClaims.TENANT, List.of(), TOKEN_TTL, Instant.now());
    return DevKey.at(home).sign(claims.all());
  }
}
