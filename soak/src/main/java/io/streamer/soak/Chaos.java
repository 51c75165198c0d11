package io.streamer.soak;

import io.streamer.local.Stage;
import java.util.Map;

/** What fails while the soak runs, by chance but from one seed. */
final class Chaos {
  private final String about;

  Chaos(Stage stage, long seed) {
    this.about = stage.direct() + " " + seed;
  }

  void start() {}

  void stop() {}

  Map<String, Long> counts() {
    return Map.of();
  }

  String line() {
    return about.isEmpty() ? about : "";
  }
}
