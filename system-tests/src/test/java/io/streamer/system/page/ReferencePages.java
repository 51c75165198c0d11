package io.streamer.system.page;

import static java.util.stream.Collectors.joining;

import io.streamer.gateway.connection.CloseCode;
import io.streamer.shared.protocol.ErrorCode;
import io.streamer.shared.settings.Setting;
import io.streamer.shared.signal.Metric;
import io.streamer.shared.trace.SpanAttribute;
import io.streamer.shared.trace.SpanName;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The pages below docs/reference/, made from what they describe. */
final class ReferencePages {
  /** Rows of the contract's table of close codes. */
  private static final Pattern CLOSE_CODE = Pattern.compile("\\| (\\d{4}) \\| (.*) \\| (.*) ?\\|");

  private record Close(String meaning, String comeBack) {}

  private ReferencePages() {}

  static String settings() {
    return """
    # Settings

    Environment variables of the gateway and of the worker functions. One that begins with `STREAMER_` and is not listed ends the start with its name. \
    A duration is a whole number with `ms`, `s`, `m`, `h` or `d`. AWS's own variables, such as `AWS_REGION` and `AWS_ENDPOINT_URL_DYNAMODB`, are read as its SDK reads them.

    | variable | without it | meaning |
    | --- | --- | --- |
    """
        + Arrays.stream(Setting.values())
            .map(one -> row("`" + one.variable() + "`", none(one.fallback()), one.meaning()))
            .collect(joining());
  }

  static String metrics() {
    return """
    # Metrics

    Every metric that Streamer itself has; [monitoring](../monitoring.md) says where they go. None is labelled with a tenant, a user, a connection or a job.

    | metric | kind | unit | label | in CloudWatch | meaning |
    | --- | --- | --- | --- | --- | --- |
    """
        + Arrays.stream(Metric.values())
            .map(one ->
                row(
                    "`" + one.title() + "`",
                    kind(one.kind()),
                    one.unit(),
                    one.label().isEmpty()
                        ? "–"
                        : "`" + one.label() + "`: " + String.join(", ", one.labelValues()),
                    one.inCloudWatch() ? "yes" : "–",
                    one.meaning()))
            .collect(joining());
  }

  private static String kind(Metric.Kind kind) {
    return switch (kind) {
      case GAUGE -> "gauge";
      case COUNTER -> "counter";
      case TIMER -> "timer";
      case LINE -> "in a function's log";
    };
  }

  static String traces() {
    return """
    # Spans

    Every span that Streamer itself makes, once a collector is set; [monitoring](../monitoring.md#traces) says how. A span's name is the word below and the action's: `run report`.

    | span | in | below | from when to when |
    | --- | --- | --- | --- |
    """
        + Arrays.stream(SpanName.values())
            .map(one -> row("`" + one.title() + "`", one.where(), one.parent(), one.meaning()))
            .collect(joining())
        + """

        Their attributes. None is about a tenant, a user or a connection, and none has anything of a payload, a result or a token.

        | attribute | value |
        | --- | --- |
        """
        + Arrays.stream(SpanAttribute.values())
            .map(one -> row("`" + one.title() + "`", one.meaning()))
            .collect(joining());
  }

  static String errors() {
    return """
    # Error codes

    What `error.code` of an [`error`](protocol.md#error) frame can be. Where `retryable` is true, the same request may succeed later: after `retry_after_ms`, if it is there.

    | code | retryable | when |
    | --- | --- | --- |
    """
        + Arrays.stream(ErrorCode.values())
            .map(one -> row("`" + one + "`", one.retryable() ? "yes" : "no", one.meaning()))
            .collect(joining());
  }

  /** The contract's list, with the reasons that the gateway sends. */
  static String closeCodes(Path contract) throws IOException {
    var closes = contractCloseCodes(contract);
    var reasons = new TreeMap<Integer, String>();
    for (var code : CloseCode.values()) {
      if (!closes.containsKey(code.number())) {
        throw new IllegalStateException(code.number() + " is missing in " + contract);
      }
      reasons.put(code.number(), code.reason());
    }
    return """
    # Close codes

    Why a socket was closed, and when to come back. Where a reason stands, the gateway sends it with the code; the other codes come from API Gateway, from the client itself, or are kept for later.

    | code | meaning | come back | the gateway's reason |
    | --- | --- | --- | --- |
    """
        + closes.entrySet().stream()
            .map(one ->
                row(
                    one.getKey().toString(),
                    one.getValue().meaning(),
                    none(one.getValue().comeBack()),
                    none(reasons.getOrDefault(one.getKey(), ""))))
            .collect(joining());
  }

  /** What every client does, sentence by sentence, from the scenarios that are played to it. */
  static String scenarios(Path folder) throws IOException {
    var rows = new StringBuilder();
    int count = 0;
    for (var file : scenarioFiles(folder)) {
      for (var scenario : new JsonArray(Files.readString(file))) {
        var name = ((JsonObject) scenario).getString("name");
        rows.append(row(Integer.toString(++count), about(file), name));
      }
    }
    return """
    # What every client does

    The %d scenarios that are played to [every client](../clients.md), each at the direct door and through API Gateway unless it is about the size of frames, in the order of [their files](../../clients/conformance/README.md).

    | | about | what a caller sees |
    | --- | --- | --- |
    """
            .formatted(count)
        + rows;
  }

  private static List<Path> scenarioFiles(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  /** The word in a file's name: {@code 2-jobs.json}. */
  private static String about(Path file) {
    var name = file.getFileName().toString();
    return name.substring(name.indexOf('-') + 1, name.lastIndexOf('.'));
  }

  private static Map<Integer, Close> contractCloseCodes(Path contract) throws IOException {
    var closes = new TreeMap<Integer, Close>();
    for (var line : Files.readAllLines(contract)) {
      var row = CLOSE_CODE.matcher(line);
      if (row.matches()) {
        closes.put(Integer.valueOf(row.group(1)), new Close(row.group(2), row.group(3).strip()));
      }
    }
    return closes;
  }

  private static String none(String text) {
    return text.isEmpty() ? "–" : text;
  }

  static String row(String... cells) {
    return Arrays.stream(cells)
        .map(cell -> cell.replace("|", "\\|"))
        .collect(joining(" | ", "| ", " |\n"));
  }
}
