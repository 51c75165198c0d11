package io.streamer.cli;

import io.streamer.cli.option.HelpOption;
import io.streamer.cli.option.OptionTexts;
import io.streamer.local.token.DevKey;
import io.streamer.local.token.TokenClaims;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./streamer token}. */
@Command(
    name = "token",
    description = "Prints a token that the dev stage of this repository accepts, and nothing else.",
    footerHeading = "%nExample:%n",
    footer = "  ./streamer token --user you --tenant demo --permissions jobs:read --ttl 8h")
final class Token implements Runnable {
  private final Path home;

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin HelpOption help = new HelpOption();

  @Option(
      names = "--user",
      paramLabel = "USER",
      description = "Who it is: the claim sub. Default: " + TokenClaims.USER + ".")
  private String user = TokenClaims.USER;

  @Option(
      names = "--tenant",
      paramLabel = "TENANT",
      description = "Whose it is: the claim tenant_id. Default: " + TokenClaims.TENANT + ".")
  private String tenant = TokenClaims.TENANT;

  @Option(
      names = "--permissions",
      split = ",",
      paramLabel = "P",
      description = "What it may do, as a comma list.")
  private List<String> permissions = List.of();

  @Option(
      names = "--ttl",
      converter = OptionTexts.DurationText.class,
      paramLabel = "TIME",
      description = "How long it is valid, such as 30s, 15m, 8h or 7d. Default: 1h.")
  private Duration ttl = Duration.ofHours(1);

  @Option(
      names = "--claims",
      converter = OptionTexts.ObjectText.class,
      paramLabel = "JSON",
      description = "An object merged into the claims; null removes one.")
  private JsonObject extra = new JsonObject();

  Token(Path home) {
    this.home = home;
  }

  @Override
  public void run() {
    var claims = TokenClaims.of(user, tenant, permissions, ttl, Instant.now()).merge(extra);
    var out = spec.commandLine().getOut();
    out.println(DevKey.at(home).sign(claims.all()));
    out.flush();
  }
}
