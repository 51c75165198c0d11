package io.streamer.cli.letters;

import io.streamer.cli.letters.Letters.Answer;
import io.streamer.cli.option.HelpOption;
import io.streamer.cli.terminal.Output;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./streamer dead-letters redrive}. */
@Command(
    name = "redrive",
    description = {
      "Does failed jobs again, each as a new job with the same content.",
      "Redriven twice, a job is still done again once."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:all were redriven, or there was none",
      "1:some were not, or nobody said yes",
      "2:wrong usage"
    },
    footerHeading = "%nExample:%n",
    footer = "  ./streamer dead-letters redrive Z_1PkX8qIWacj2qEYYra48Dabbc")
final class Redrive implements Callable<Integer> {
  private static final int MOST = 10_000;

  private final StorePlace place;
  private final boolean terminal;

  @Mixin HelpOption help = new HelpOption();
  @Mixin DeadLetters.WhereOption on = new DeadLetters.WhereOption();
  @Mixin DeadLetters.TenantOption tenant = new DeadLetters.TenantOption();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "JOB_ID", arity = "0..*", description = "As list shows them.")
  private List<String> jobIds = List.of();

  @Option(names = "--all", description = "All of the tenant's, up to " + MOST + " at a time.")
  private boolean all;

  @Option(
      names = "--action",
      paramLabel = "ACTION",
      description = "With --all: those of one action.")
  private Optional<String> action = Optional.empty();

  @Option(names = "--yes", description = "Do not ask before --all on a terminal.")
  private boolean yes;

  @Option(names = "--json", description = "A line of JSON for each job on a terminal too.")
  private boolean json;

  Redrive(StorePlace place, boolean terminal) {
    this.place = place;
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    if (all != jobIds.isEmpty()) {
      throw new ParameterException(spec.commandLine(), "redrive takes either JOB_IDs or --all");
    }
    if (action.isPresent() && !all) {
      throw new ParameterException(spec.commandLine(), "--action goes with --all");
    }
    var where = on.in(place);
    try (var letters = new Letters(where)) {
      return all ? redriveAll(letters, where) : redrive(letters, jobIds);
    }
  }

  private int redriveAll(Letters letters, LetterTables where) {
    var command = spec.commandLine();
    var whose = tenant.in(where, command);
    var some =
        letters.list(
            whose,
            letter -> action.map(letter.job().action()::equals).orElse(true),
            MOST,
            Optional.empty());
    var ids = some.letters().stream().map(letter -> letter.job().id().value()).toList();
    var what =
        "%d dead letters of tenant %s%s in %s"
            .formatted(
                ids.size(),
                whose,
                action.map(name -> ", action " + name).orElse(""),
                where.described());
    if (ids.isEmpty()) {
      Output.tell(command, "there is nothing to redrive: " + what);
      return ExitCode.OK;
    }
    if (terminal && !yes && !confirmed("redrive " + what)) {
      Output.tell(command, "nothing was redriven");
      return ExitCode.SOFTWARE;
    }
    var exitCode = redrive(letters, ids);
    if (some.next().isPresent()) {
      Output.tell(command, "there may be more: repeat the command");
    }
    return exitCode;
  }

  private boolean confirmed(String what) {
    var out = spec.commandLine().getOut();
    out.print(what + "? [y/N] ");
    out.flush();
    return List.of("y", "yes").contains(line().strip().toLowerCase(Locale.ROOT));
  }

  /** One line of standard input, read no further than that. */
  private static String line() {
    var line = new StringBuilder();
    try {
      for (int c = System.in.read(); c >= 0 && c != '\n'; c = System.in.read()) {
        line.append((char) c);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the answer: " + e.getMessage(), e);
    }
    return line.toString();
  }

  private int redrive(Letters letters, List<String> ids) {
    var command = spec.commandLine();
    int done = 0;
    int seen = 0;
    for (var id : ids) {
      var answer = letters.redrive(id);
      seen++;
      if (answer instanceof Answer.Again) {
        done++;
      }
      show(id, answer, seen, ids.size());
    }
    Output.tell(
        command,
        done + " redriven" + (done < ids.size() ? ", " + (ids.size() - done) + " not" : ""));
    return done == ids.size() ? ExitCode.OK : ExitCode.SOFTWARE;
  }

  private void show(String id, Answer answer, int seen, int of) {
    var out = spec.commandLine().getOut();
    var people = terminal && !json;
    Output.print(
        out,
        switch (answer) {
          case Answer.Again(var job) ->
              people
                  ? "%d of %d: %s goes on as %s".formatted(seen, of, id, job)
                  : new JsonObject().put("job_id", id).put("redriven_by", job.value()).encode();
          case Answer.Not(var why) ->
              people
                  ? "%d of %d: %s was not redriven: %s"
                      .formatted(seen, of, id.replaceAll("\\p{Cntrl}", " "), why)
                  : new JsonObject().put("job_id", id).put("not_redriven", why).encode();
        });
  }
}
