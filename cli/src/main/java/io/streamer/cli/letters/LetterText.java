package io.streamer.cli.letters;

import io.streamer.shared.job.Job;
import io.streamer.shared.protocol.FieldError;
import io.streamer.shared.protocol.Problem;
import io.streamer.shared.store.letter.DeadLetter;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;

/** Dead letters for people and for scripts. */
public final class LetterText {
  private static final List<String> HEADER =
      List.of("FAILED", "TENANT", "USER", "ACTION", "JOB", "TRIES", "CAUSE");
  private static final int MOST_CELL = 32;
  private static final int MOST_CAUSE = 80;

  private LetterText() {}

  /** A table, a line each. */
  public static void table(PrintWriter out, List<DeadLetter> letters) {
    var rows = new ArrayList<List<String>>();
    rows.add(HEADER);
    letters.forEach(letter -> rows.add(row(letter)));
    var widths = new int[HEADER.size()];
    for (var row : rows) {
      for (int column = 0; column < widths.length; column++) {
        widths[column] = Math.max(widths[column], row.get(column).length());
      }
    }
    for (var row : rows) {
      var line = new StringBuilder();
      for (int column = 0; column < widths.length; column++) {
        var cell = row.get(column);
        line.append(cell).repeat(' ', widths[column] - cell.length() + 2);
      }
      out.println(line.toString().stripTrailing());
    }
    out.flush();
  }

  private static List<String> row(DeadLetter letter) {
    var job = letter.job();
    return List.of(
        letter.failedAt().map(LetterText::time).orElse(""),
        cell(job.caller().tenant(), MOST_CELL),
        cell(job.caller().user(), MOST_CELL),
        job.action(),
        job.id().value(),
        Integer.toString(job.attempt()),
        cell(job.error().map(LetterText::cause).orElse(""), MOST_CAUSE));
  }

  /** All that is known of one, a line each. */
  public static void whole(PrintWriter out, DeadLetter letter) {
    var job = letter.job();
    line(out, "job", job.id().value());
    line(out, "status", job.status().wire());
    line(out, "action", job.action());
    line(out, "request", job.requestId());
    line(out, "tenant", job.caller().tenant());
    line(out, "user", job.caller().user());
    line(out, "created", time(job.createdAt()));
    letter.failedAt().ifPresent(at -> line(out, "failed", time(at)));
    line(out, "attempts", Integer.toString(job.attempt()));
    line(out, "epochs", Long.toString(job.epoch()));
    line(
        out, "progress", String.format(Locale.ROOT, "%.0f%%  %s", job.percentage(), job.message()));
    job.error()
        .ifPresent(problem -> {
          line(out, "error", cause(problem));
          problem.fields().forEach(field -> line(out, "", field.pointer() + " " + field.message()));
          new TreeMap<>(problem.details())
              .forEach((name, value) -> line(out, "", name + ": " + value));
        });
    job.terms().redriveOf().ifPresent(id -> line(out, "redrive of", id.value()));
    job.marks().redrivenBy().ifPresent(id -> line(out, "redriven by", id.value()));
    out.flush();
  }

  /** One object; its times are unix seconds with a fraction, as in frames. */
  public static String json(DeadLetter letter) {
    var job = letter.job();
    var json =
        new JsonObject()
            .put("job_id", job.id().value())
            .put("status", job.status().wire())
            .put("action", job.action())
            .put("request_id", job.requestId())
            .put("tenant", job.caller().tenant())
            .put("user", job.caller().user())
            .put("created_at", seconds(job.createdAt()));
    letter.failedAt().ifPresent(at -> json.put("failed_at", seconds(at)));
    json.put("attempts", job.attempt())
        .put("epoch", job.epoch())
        .put("percentage", job.percentage())
        .put("message", job.message());
    job.error().ifPresent(problem -> json.put("error", error(problem)));
    links(job, json);
    return json.encode();
  }

  private static void links(Job job, JsonObject json) {
    job.terms().redriveOf().ifPresent(id -> json.put("redrive_of", id.value()));
    job.marks().redrivenBy().ifPresent(id -> json.put("redriven_by", id.value()));
  }

  private static JsonObject error(Problem problem) {
    var details = new JsonObject();
    new TreeMap<>(problem.details()).forEach(details::put);
    if (!problem.fields().isEmpty()) {
      details.put(
          "fields", new JsonArray(problem.fields().stream().map(LetterText::json).toList()));
    }
    var json =
        new JsonObject().put("code", problem.code().name()).put("message", problem.message());
    return details.isEmpty() ? json : json.put("details", details);
  }

  private static JsonObject json(FieldError field) {
    return new JsonObject().put("pointer", field.pointer()).put("message", field.message());
  }

  private static String cause(Problem problem) {
    return problem.code() + ": " + problem.message();
  }

  private static String time(long ms) {
    return Instant.ofEpochMilli(ms).truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private static BigDecimal seconds(long ms) {
    return BigDecimal.valueOf(ms, 3);
  }

  private static void line(PrintWriter out, String name, String value) {
    out.printf("%-11s %s%n", name, printable(value));
  }

  private static String cell(String text, int most) {
    var shown = printable(text);
    return shown.length() > most ? shown.substring(0, most - 1) + "…" : shown;
  }

  /** Without control characters: they would steer the terminal. */
  private static String printable(String text) {
    return text.replaceAll("\\p{Cntrl}", " ");
  }
}
