package io.streamer.cli.letters;

import io.streamer.cli.option.HelpOption;
import io.streamer.cli.terminal.Output;
import io.streamer.local.token.TokenClaims;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./streamer dead-letters}, which lists. */
@Command(
    name = "dead-letters",
    description = {
      "Lists, shows and redrives the jobs that failed.",
      "It works on the tables of the running ./streamer dev; with --aws on those of an account,",
      "with the settings of the gateway: AWS_REGION, AWS_ENDPOINT_URL_DYNAMODB and",
      "STREAMER_TABLE_PREFIX."
    },
    footerHeading = "%nExample:%n",
    footer = "  ./streamer dead-letters redrive --all --action report")
public final class DeadLetters implements Callable<Integer> {
  private final Listing listing;

  @Mixin HelpOption help = new HelpOption();
  @Mixin Listing.Options options = new Listing.Options();
  @Spec private CommandSpec spec = CommandSpec.create();

  private DeadLetters(Listing listing) {
    this.listing = listing;
  }

  /** The command and those below it. */
  public static CommandLine of(StorePlace place, boolean terminal) {
    var listing = new Listing(place, terminal);
    return new CommandLine(new DeadLetters(listing))
        .addSubcommand(new ListCommand(listing))
        .addSubcommand(new Show(place, terminal))
        .addSubcommand(new Redrive(place, terminal));
  }

  @Override
  public Integer call() {
    return listing.print(spec.commandLine(), options);
  }

  /** {@code list}. */
  @Command(
      name = "list",
      description = "Lists a tenant's failed jobs, the newest first.",
      footerHeading = "%nExample:%n",
      footer = "  ./streamer dead-letters list --tenant demo --limit 10")
  static final class ListCommand implements Callable<Integer> {
    private final Listing listing;

    @Mixin HelpOption help = new HelpOption();
    @Mixin Listing.Options options = new Listing.Options();
    @Spec private CommandSpec spec = CommandSpec.create();

    ListCommand(Listing listing) {
      this.listing = listing;
    }

    @Override
    public Integer call() {
      return listing.print(spec.commandLine(), options);
    }
  }

  /** {@code show}. */
  @Command(
      name = "show",
      description = "Shows why a job failed, and what it went through. Shows other jobs, too.",
      footerHeading = "%nExample:%n",
      footer = "  ./streamer dead-letters show Z_1PkX8qIWacj2qEYYra48Dabbc")
  static final class Show implements Callable<Integer> {
    private final StorePlace place;
    private final boolean terminal;

    @Mixin HelpOption help = new HelpOption();
    @Spec private CommandSpec spec = CommandSpec.create();

    @Mixin WhereOption where = new WhereOption();

    @Parameters(paramLabel = "JOB_ID", description = "As list shows it.")
    private String jobId = "";

    @Option(names = "--json", description = "One JSON object on a terminal too.")
    private boolean json;

    Show(StorePlace place, boolean terminal) {
      this.place = place;
      this.terminal = terminal;
    }

    @Override
    public Integer call() {
      var command = spec.commandLine();
      var tables = where.in(place);
      try (var letters = new Letters(tables)) {
        var found = letters.find(jobId);
        if (found.isEmpty()) {
          Output.tell(command, "there is no job " + jobId + " in " + tables.described());
          return ExitCode.SOFTWARE;
        }
        if (terminal && !json) {
          LetterText.whole(command.getOut(), found.get());
        } else {
          Output.print(command.getOut(), LetterText.json(found.get()));
        }
        return ExitCode.OK;
      }
    }
  }

  /** Whose tables are meant. */
  static final class WhereOption {
    @Option(
        names = "--aws",
        description = "On the tables that AWS_REGION and the gateway's other settings name.")
    private boolean aws;

    LetterTables in(StorePlace place) {
      return place.find(aws);
    }
  }

  /** Whose dead letters are meant. */
  static final class TenantOption {
    @Option(
        names = "--tenant",
        paramLabel = "TENANT",
        description = "Whose. Default on ./streamer dev: " + TokenClaims.TENANT + ".")
    private Optional<String> tenant = Optional.empty();

    String in(LetterTables place, CommandLine command) {
      return tenant
          .or(place::tenant)
          .orElseThrow(() ->
              new ParameterException(
                  command, "--tenant says whose dead letters of " + place.described()));
    }
  }
}
