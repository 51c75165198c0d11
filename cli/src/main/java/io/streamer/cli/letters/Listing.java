package io.streamer.cli.letters;

import io.streamer.cli.terminal.Output;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Lists dead letters: a table for people, lines of JSON for scripts. */
record Listing(StorePlace place, boolean terminal) {
  private static final int USUAL = 50;
  private static final int MOST = 10_000;

  /** What is listed, and how. */
  static final class Options {
    @Mixin DeadLetters.WhereOption where = new DeadLetters.WhereOption();
    @Mixin DeadLetters.TenantOption tenant = new DeadLetters.TenantOption();

    @Option(
        names = "--limit",
        paramLabel = "N",
        description = "How many at most, 1 to " + MOST + ". Default: " + USUAL + ".")
    private int limit = USUAL;

    @Option(
        names = "--cursor",
        paramLabel = "CURSOR",
        description = "Goes on behind an earlier list, which has named it.")
    private Optional<String> cursor = Optional.empty();

    @Option(names = "--json", description = "Lines of JSON on a terminal too.")
    private boolean json;
  }

  int print(CommandLine command, Options options) {
    if (options.limit < 1 || options.limit > MOST) {
      throw new ParameterException(command, "--limit is 1 to " + MOST + ", not " + options.limit);
    }
    var where = options.where.in(place);
    var tenant = options.tenant.in(where, command);
    try (var letters = new Letters(where)) {
      var some = letters.list(tenant, _ -> true, options.limit, options.cursor);
      if (!terminal || options.json) {
        some.letters().forEach(letter -> Output.print(command.getOut(), LetterText.json(letter)));
      } else if (some.letters().isEmpty()) {
        Output.print(
            command.getOut(), "no dead letters of tenant " + tenant + " in " + where.described());
      } else {
        LetterText.table(command.getOut(), some.letters());
      }
      some.next().ifPresent(next -> Output.tell(command, "there may be more: --cursor " + next));
      return ExitCode.OK;
    }
  }
}
