package io.streamer.cli.terminal;

import io.vertx.core.json.JsonObject;

/** Shows the frames of a request: to a person or to a script. */
public interface Screen extends AutoCloseable {
  /**
   * Shows one frame.
   *
   * @param text as it came
   * @param frame the same, read
   */
  void show(String text, JsonObject frame);

  /** Nothing more comes. */
  void end();

  @Override
  void close();
}
