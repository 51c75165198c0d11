package io.streamer.cli.terminal;

import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;

/** Each frame on a line, as it came. */
public record JsonLines(PrintWriter out) implements Screen {

  @Override
  public void show(String text, JsonObject frame) {
    // in JSON a bare line break stands between values only, where a space does as well
    out.println(text.replace('\n', ' ').replace('\r', ' '));
    out.flush();
  }

  @Override
  public void end() {
    out.flush();
  }

  @Override
  public void close() {
    end();
  }
}
