package io.streamer.cli.door;

import io.streamer.cli.option.HelpOption;
import io.streamer.cli.terminal.Output;
import io.streamer.cli.terminal.TerminalWidth;
import io.streamer.cli.terminal.TextColumns;
import io.streamer.shared.job.JobStatus;
import io.streamer.shared.settings.Nearest;
import io.streamer.shared.settings.SettingsException;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./streamer jobs}. */
@Command(
    name = "jobs",
    description = {
      "Lists the jobs of the running ./streamer dev, the newest first, whoever sent them.",
      "On a terminal: a table. Otherwise: each job as a line of JSON."
    },
    footerHeading = "%nExample:%n",
    footer = "  ./streamer jobs --state failed --action generate_report")
public final class Jobs implements Callable<Integer> {
  private static final List<String> TIMES = List.of("created_at", "started_at", "ended_at");
  private static final int USUAL = 20;
  private static final int MOST = 10_000;
  private static final List<String> STATES =
      Stream.concat(
              Stream.of("active", "ended", "dead"),
              Stream.of(JobStatus.values()).map(JobStatus::wire))
          .toList();
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("MM-dd HH:mm:ss");

  private final Path home;
  private final boolean terminal;

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin HelpOption help = new HelpOption();

  @Option(
      names = "--state",
      paramLabel = "STATE",
      description = {
        "Only these: active, ended, dead (failed, and not done again), waiting, queued, running,",
        "retrying, succeeded, failed, cancelled or timed_out."
      })
  private Optional<String> state = Optional.empty();

  @Option(names = "--action", paramLabel = "ACTION", description = "Only those of one action.")
  private Optional<String> action = Optional.empty();

  @Option(
      names = "--search",
      paramLabel = "TEXT",
      description = "Only those with it in an id, user, message or error.")
  private Optional<String> search = Optional.empty();

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "How many at most, 1 to " + MOST + ". Default: " + USUAL + ".")
  private int limit = USUAL;

  @Option(names = "--json", description = "Lines of JSON on a terminal too.")
  private boolean json;

  public Jobs(Path home, boolean terminal) {
    this.home = home;
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    var command = spec.commandLine();
    if (limit < 1 || limit > MOST) {
      throw new ParameterException(command, "--limit is 1 to " + MOST + ", not " + limit);
    }
    state
        .filter(it -> !STATES.contains(it))
        .ifPresent(it -> {
          throw new ParameterException(
              command,
              "--state: there is no state " + it + Nearest.question(Nearest.of(it, STATES)));
        });
    var feed =
        DevFeed.find(home)
            .orElseThrow(
                () -> new SettingsException("no stage runs here: start one with ./streamer dev"));
    var found = feed.jobs(wanted());
    var rows = found.getJsonArray("jobs").stream().map(JsonObject.class::cast).toList();
    var out = command.getOut();
    if (!terminal || json) {
      rows.forEach(row -> out.println(json(row)));
    } else if (rows.isEmpty()) {
      out.println("no such jobs" + action.map(name -> unknown(feed, name)).orElse(""));
    } else {
      table(out, rows, TerminalWidth.ask());
    }
    out.flush();
    if (found.getBoolean("more", false)) {
      Output.tell(command, "there are more: --limit " + Math.min(MOST, limit * 10));
    }
    return ExitCode.OK;
  }

  /** One object; its times are unix seconds with a fraction, as in frames. */
  private static String json(JsonObject row) {
    var json = row.copy();
    for (var name : TIMES) {
      if (row.getValue(name) instanceof Number ms) {
        json.put(name, BigDecimal.valueOf(ms.longValue(), 3));
      }
    }
    return json.encode();
  }

  private Map<String, String> wanted() {
    var all = new LinkedHashMap<String, String>();
    all.put("limit", Integer.toString(limit));
    state.ifPresent(it -> all.put("state", it));
    action.ifPresent(it -> all.put("action", it));
    search.ifPresent(it -> all.put("text", it));
    return all;
  }

  private static String unknown(DevFeed feed, String name) {
    var names = feed.actions();
    return names.isEmpty() || names.contains(name)
        ? ""
        : ": no action is called " + name + Nearest.question(Nearest.of(name, names));
  }

  /** What does not fit the terminal is cut: ids last, for they are to be copied. */
  static void table(PrintWriter out, List<JsonObject> rows, int columns) {
    var table = new ArrayList<List<String>>();
    table.add(List.of("STATE", "ACTION", "JOB", "CREATED", "TOOK", "TRIES", "SAID"));
    rows.forEach(row -> table.add(row(row)));
    int last = table.getFirst().size() - 1;
    var widths = new int[last];
    for (var row : table) {
      for (int i = 0; i < last; i++) {
        widths[i] = Math.max(widths[i], TextColumns.width(row.get(i)));
      }
    }
    for (var row : table) {
      var line = new StringBuilder();
      for (int i = 0; i < last; i++) {
        line.append(TextColumns.pad(row.get(i), widths[i])).append("  ");
      }
      var all = line + row.get(last);
      out.println(TextColumns.cut(all, Math.max(columns, narrowest(widths))).stripTrailing());
    }
  }

  /** Up to the jobs' ids. */
  private static int narrowest(int[] widths) {
    return widths[0] + widths[1] + widths[2] + 5;
  }

  private static List<String> row(JsonObject row) {
    long created = row.getLong("created_at");
    var ended = row.getLong("ended_at");
    return List.of(
        word(row, "status"),
        TextColumns.cut(word(row, "action"), 30),
        word(row, "job_id"),
        TIME.format(Instant.ofEpochMilli(created).atZone(ZoneId.systemDefault())),
        ended == null ? "" : String.format(Locale.ROOT, "%.1f s", (ended - created) / 1000.0),
        String.valueOf(row.getInteger("attempt")),
        row.containsKey("error")
            ? word(row, "error")
            : String.format(Locale.ROOT, "%.0f%% ", row.getDouble("percentage"))
                + word(row, "message"));
  }

  /** Without control characters: they would steer the terminal. */
  private static String word(JsonObject row, String name) {
    return row.getString(name, "").replaceAll("\\p{Cntrl}", " ");
  }
}
