package io.streamer.cli.door;

import io.streamer.cli.option.OptionTexts;
import io.streamer.cli.terminal.Output;
import io.streamer.client.ConnectionState;
import io.streamer.local.token.DevKey;
import io.streamer.local.token.TokenClaims;
import io.streamer.shared.settings.Nearest;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Where a command connects, and as whom: the options, and the client. */
final class DoorOptions {
  static final int REFUSED = 3;
  static final int NO_CONNECTION = 4;
  private static final Duration TOKEN_TTL = Duration.ofHours(24);

  private static final String URL = "STREAMER_URL";
  static final String TOKEN = "STREAMER_TOKEN";
  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;

  /** What the client says of a refusal without a reason of ours. */
  private static final String NO_REASON = "refused with 403";

  /** What a socket that opens only to say so adds to the status. */
  private static final int CLOSED_WITH = 4_000;

  private final Path home;
  private final Map<String, String> environment;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--url",
      converter = OptionTexts.WebSocketUrl.class,
      paramLabel = "URL",
      description = "Where to connect. Default: STREAMER_URL, or the dev stage of this repository.")
  private Optional<URI> url = Optional.empty();

  @Option(
      names = "--token",
      paramLabel = "TOKEN",
      description = "Who asks. Default: STREAMER_TOKEN, or a new dev token of --user and --tenant.")
  private Optional<String> token = Optional.empty();

  @Option(
      names = "--user",
      paramLabel = "USER",
      description = "Whose dev token. Default: " + TokenClaims.USER + ".")
  private String user = TokenClaims.USER;

  @Option(
      names = "--tenant",
      paramLabel = "TENANT",
      description = "Of which tenant. Default: " + TokenClaims.TENANT + ".")
  private String tenant = TokenClaims.TENANT;

  @Option(
      names = "--permissions",
      paramLabel = "P",
      description = {
        "What the dev token permits, as a comma list; '' is nothing.",
        "Default: all that the stage's actions need, as in the console."
      })
  private Optional<String> permissions = Optional.empty();

  DoorOptions(Path home, Map<String, String> environment) {
    this.home = home;
    this.environment = environment;
  }

  /** A client that connects as soon as it is asked for something. */
  ClientLine line() {
    var known = token.or(() -> Optional.ofNullable(environment.get(TOKEN)));
    return new ClientLine(address(), known.orElseGet(this::devToken));
  }

  /**
   * How the command ends if no connection comes about, told to whoever typed it: a token that is
   * refused, nobody there, or a server of another kind.
   */
  Optional<Integer> ended(ConnectionState state) {
    return switch (state) {
      case ConnectionState.Connecting _, ConnectionState.Open _ -> Optional.empty();
      case ConnectionState.Waiting(var _, var why) -> Optional.of(noConnection(why));
      case ConnectionState.Closed closed when isRefusal(closed) ->
          Optional.of(refused(closed.reason()));
      case ConnectionState.Closed closed ->
          Optional.of(
              closed.status().orElse(0) == FORBIDDEN ? noSuchApi() : noConnection(closed.reason()));
    };
  }

  /** Whether it is the token that was refused: who refuses one says why. */
  static boolean isRefusal(ConnectionState.Closed closed) {
    int status = closed.status().orElse(0);
    return (isRefusal(status) && !closed.reason().endsWith(NO_REASON))
        || isRefusal(closed.code().orElse(0) - CLOSED_WITH);
  }

  private static boolean isRefusal(int status) {
    return status == UNAUTHORIZED || status == FORBIDDEN;
  }

  private int refused(String why) {
    tell(why);
    return REFUSED;
  }

  /** API Gateway gives no reason where it has no such stage. */
  private int noSuchApi() {
    tell(
        address()
            + " was refused with 403, without a reason: the API has no stage \""
            + address().getPath().replaceFirst("^/", "")
            + "\", or the token was refused on the way");
    return NO_CONNECTION;
  }

  /** Tells which actions of the dev stage may be meant. */
  void suggest(String action) {
    var names = DevFeed.find(home).map(DevFeed::actions).orElseGet(List::of);
    Nearest.of(action, names).forEach(name -> tell("did you mean " + name + "?"));
  }

  private int noConnection(String why) {
    tell("no connection to " + address() + ": " + why);
    if (url.isEmpty() && !environment.containsKey(URL)) {
      tell("./streamer dev starts the stage that this command looks for");
    }
    return NO_CONNECTION;
  }

  private URI address() {
    return url.or(() -> Optional.ofNullable(environment.get(URL)).map(this::ofEnvironment))
        .orElseGet(() -> new DevAddress(home).find());
  }

  private URI ofEnvironment(String text) {
    try {
      return new OptionTexts.WebSocketUrl().convert(text);
    } catch (TypeConversionException e) {
      throw new ParameterException(spec.commandLine(), URL + ": " + e.getMessage(), e);
    }
  }

  /** A line for whoever typed the command. */
  void tell(String line) {
    Output.tell(spec.commandLine(), line);
  }

  /** The frame, or an object without members if it is none. */
  static JsonObject read(String text) {
    try {
      return Json.decodeValue(text) instanceof JsonObject object ? object : new JsonObject();
    } catch (DecodeException _) {
      return new JsonObject();
    }
  }

  private static List<String> list(String text) {
    return Stream.of(text.split(",", -1)).map(String::strip).filter(it -> !it.isEmpty()).toList();
  }

  private String devToken() {
    var claims =
        TokenClaims.of(
            user,
            tenant,
            permissions
                .map(DoorOptions::list)
                .orElseGet(() -> DevFeed.find(home).map(DevFeed::permissions).orElseGet(List::of)),
            TOKEN_TTL,
            Instant.now());
    return DevKey.at(home).sign(claims.all());
  }
}
