package io.streamer.local.console;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The page's files, kept in memory. */
final class Assets {
  private static final String PAGE = "index.html";

  private static final List<String> NAMES =
      List.of(
          PAGE,
          "console.css",
          "icon.svg",
          "main.js",
          "actions.js",
          "connections.js",
          "controls.js",
          "dom.js",
          "feed.js",
          "fields.js",
          "form.js",
          "groups.js",
          "job.js",
          "jobfilter.js",
          "joblist.js",
          "jobview.js",
          "json.js",
          "lookup.js",
          "runs.js",
          "snippets.js",
          "streamer.js",
          "theme.js",
          "time.js",
          "timeline.js",
          "timings.js");

  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "svg", "image/svg+xml");

  /** A body and its media type. */
  record Asset(String type, Buffer body) {}

  private final Map<String, Asset> files;

  private Assets(Map<String, Asset> files) {
    this.files = files;
  }

  static Assets load() {
    var files = new HashMap<String, Asset>();
    for (var name : NAMES) {
      var ending = name.substring(name.lastIndexOf('.') + 1);
      files.put(name, new Asset(Objects.requireNonNull(TYPES.get(ending)), read(name)));
    }
    return new Assets(files);
  }

  Asset page() {
    return Objects.requireNonNull(files.get(PAGE));
  }

  Optional<Asset> find(String name) {
    return Optional.ofNullable(files.get(name));
  }

  private static Buffer read(String name) {
    try (var in = Assets.class.getResourceAsStream(name)) {
      return Buffer.buffer(Objects.requireNonNull(in, name).readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException("reading the console's " + name, e);
    }
  }
}
