package io.streamer.system.page;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A page as GitHub reads it: where its links lead, and what can be linked to. */
record MarkdownPage(Path file, List<String> prose) {
  private static final Pattern FENCE = Pattern.compile(" {0,3}(```+|~~~+).*");
  private static final Pattern CODE = Pattern.compile("(`+)[^`].*?\\1");
  private static final Pattern LINK = Pattern.compile("]\\(<?([^)\\s>]+)>?(?:\\s+\"[^\"]*\")?\\)");
  private static final Pattern REFERENCE = Pattern.compile("^ {0,3}\\[[^]]+]:\\s*<?([^\\s>]+)>?");
  private static final Pattern HEADING = Pattern.compile("^ {0,3}#{1,6}\\s+(.*?)(?:\\s+#+)?\\s*$");
  private static final Pattern NAMED = Pattern.compile("<a\\s+(?:id|name)=\"([^\"]+)\"");

  /** Where GitHub shows the repository's files. */
  private static final String OURS = "https://github.com/streamer/streamer/blob/main/";

  private static final Pattern ELSEWHERE = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:.*|//.*");

  static MarkdownPage read(Path file) throws IOException {
    return new MarkdownPage(file, withoutFences(Files.readAllLines(file)));
  }

  /** The links to pages of the repository that lead nowhere, each with the reason. */
  List<String> broken(Path root) throws IOException {
    var broken = new ArrayList<String>();
    for (var link : links()) {
      if (ELSEWHERE.matcher(link).matches() && !link.startsWith(OURS)) {
        continue;
      }
      var hash = link.indexOf('#');
      var path = hash < 0 ? link : link.substring(0, hash);
      var target = target(root, path);
      if (!target.startsWith(root)) {
        broken.add(link + " leaves the repository");
      } else if (!Files.exists(target)) {
        broken.add(link + " names no file");
      } else if (hash >= 0 && !hasAnchor(target, link.substring(hash + 1))) {
        broken.add(link + " names no heading");
      }
    }
    return broken;
  }

  private Path target(Path root, String path) {
    if (path.startsWith(OURS)) {
      return root.resolve(path.substring(OURS.length())).normalize();
    }
    return path.isEmpty() ? file : file.resolveSibling(path).normalize();
  }

  /** The links that lead nowhere on a page that stands elsewhere. */
  List<String> relative() {
    return links().stream().filter(link -> !ELSEWHERE.matcher(link).matches()).toList();
  }

  private static boolean hasAnchor(Path target, String anchor) throws IOException {
    return target.toString().endsWith(".md") && read(target).anchors().contains(anchor);
  }

  private List<String> links() {
    return prose.stream()
        .map(line -> CODE.matcher(line).replaceAll(""))
        .flatMap(
            line -> Stream.concat(LINK.matcher(line).results(), REFERENCE.matcher(line).results()))
        .map(found -> found.group(1))
        .toList();
  }

  private Set<String> anchors() {
    var anchors = new HashSet<String>();
    var times = new HashMap<String, Integer>();
    for (var line : prose) {
      NAMED.matcher(line).results().forEach(found -> anchors.add(found.group(1)));
      var heading = HEADING.matcher(line);
      if (heading.matches()) {
        var slug = slug(heading.group(1));
        var before = times.merge(slug, 1, Integer::sum) - 1;
        anchors.add(before == 0 ? slug : slug + "-" + before);
      }
    }
    return anchors;
  }

  /** What GitHub makes of a heading: of a link its text, no punctuation, hyphens for blanks. */
  private static String slug(String heading) {
    return heading
        .replaceAll("\\[([^]]*)]\\([^)]*\\)", "$1")
        .toLowerCase(Locale.ROOT)
        .replaceAll("[^\\p{L}\\p{M}\\p{N}\\p{Pc} -]", "")
        .replace(' ', '-');
  }

  private static List<String> withoutFences(List<String> lines) {
    var prose = new ArrayList<String>();
    String fence = null;
    for (var line : lines) {
      var mark = FENCE.matcher(line);
      if (fence == null && mark.matches()) {
        fence = mark.group(1);
      } else if (fence == null) {
        prose.add(line);
      } else if (line.strip().startsWith(fence)) {
        fence = null;
      }
    }
    return List.copyOf(prose);
  }
}
