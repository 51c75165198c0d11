package io.streamer.system;

import io.streamer.system.OtlpReceiver.Recorded;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** A trace as a picture: a bar for each span, children below their parents. */
final class TracePicture {
  private static final int NAMES = 260;
  private static final int BARS = 480;
  private static final int ROW = 26;
  private static final int LEAST = 2;
  private static final Pattern NAME =
      Pattern.compile("<text x=\"(\\d+)\" y=\"\\d+\">(\\w+) <tspan[^>]*>(\\w+)");

  private record Row(Recorded span, int depth) {}

  private TracePicture() {}

  static String of(Collection<Recorded> spans) {
    var rows = new ArrayList<Row>();
    var ids = spans.stream().map(Recorded::id).toList();
    spans.stream()
        .filter(span -> !ids.contains(span.parent()))
        .forEach(root -> add(rows, spans, root, 0));
    long from = spans.stream().mapToLong(Recorded::start).min().orElseThrow();
    long to = spans.stream().mapToLong(Recorded::end).max().orElseThrow();
    var svg = new StringBuilder();
    svg.append(
        """
        <svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" font-family="sans-serif" font-size="13">
        <rect width="100%%" height="100%%" fill="#fff"/>
        """
            .formatted(NAMES + BARS + 80, ROW * rows.size() + 8));
    for (int at = 0; at < rows.size(); at++) {
      svg.append(row(rows.get(at), at, from, to));
    }
    return svg.append("</svg>\n").toString();
  }

  /** The names in a picture, in their order and where they stand. */
  static List<String> rows(String svg) {
    return NAME.matcher(svg)
        .results()
        .map(found -> found.group(1) + " " + found.group(2) + " " + found.group(3))
        .toList();
  }

  private static void add(List<Row> rows, Collection<Recorded> spans, Recorded span, int depth) {
    rows.add(new Row(span, depth));
    spans.stream()
        .filter(child -> child.parent().equals(span.id()))
        .sorted(Comparator.comparingLong(Recorded::start))
        .forEach(child -> add(rows, spans, child, depth + 1));
  }

  private static String row(Row row, int at, long from, long to) {
    var span = row.span();
    double scale = (double) BARS / (to - from);
    long x = NAMES + Math.round((span.start() - from) * scale);
    long width = Math.max(LEAST, Math.round((span.end() - span.start()) * scale));
    return """
    <text x="%d" y="%d">%s <tspan fill="#777">%s</tspan></text>
    <rect x="%d" y="%d" width="%d" height="14" rx="2" fill="%s"/>
    <text x="%d.0" y="%d" fill="#777">%s ms</text>
    """
        .formatted(
            8 + 14 * row.depth(),
            ROW * at + 20,
            span.name().split(" ", 2)[0],
            span.service().replace("streamer-", ""),
            x,
            ROW * at + 9,
            width,
            colour(span.service()),
            x + width + 5,
            ROW * at + 20,
            String.format(Locale.ROOT, "%.1f", (span.end() - span.start()) / 1e6));
  }

  private static String colour(String service) {
    return switch (service) {
      case "streamer-gateway" -> "#4c78a8";
      case "streamer-stream" -> "#f2a03d";
      default -> "#59a14f";
    };
  }
}
