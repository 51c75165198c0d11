package io.streamer.local.stage;

import io.streamer.handler.Config;
import io.streamer.local.live.EnvFile;
import io.streamer.shared.settings.Environment;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What handlers find in their environment: what is Streamer's own as gateway and worker have it,
 * then that of whoever started the stage, then the files.
 *
 * @param stage what gateway and worker have
 * @param given of the process that starts the stage
 * @param files the first that has a setting counts
 */
record HandlerSettings(Environment stage, Environment given, List<EnvFile> files)
    implements Config {

  static HandlerSettings of(Environment stage, Map<String, String> given, List<EnvFile> files) {
    return new HandlerSettings(stage, new Environment(given), files);
  }

  @Override
  public Optional<String> find(String name) {
    if (name.startsWith("STREAMER_") || name.startsWith("AWS_ENDPOINT_URL")) {
      return stage.find(name);
    }
    return given
        .find(name)
        .or(() -> files.stream().flatMap(file -> file.find(name).stream()).findFirst())
        .map(String::strip)
        .filter(value -> !value.isEmpty())
        .or(() -> stage.find(name));
  }
}
