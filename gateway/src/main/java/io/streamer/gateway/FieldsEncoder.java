package io.streamer.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import com.fasterxml.jackson.core.io.JsonStringEncoder;

/**
 * Logback's JSON lines, with what a line is about as fields of their own: its encoder writes them
 * as a list of objects, which a search of a log does not see into.
 */
public final class FieldsEncoder extends JsonEncoder {
  private static final JsonStringEncoder QUOTES = JsonStringEncoder.getInstance();

  @Override
  public byte[] encode(ILoggingEvent event) {
    var line = super.encode(event);
    var pairs = event.getKeyValuePairs();
    if (pairs == null || pairs.isEmpty()) {
      return line;
    }
    var fields = new StringBuilder("{");
    for (var pair : pairs) {
      fields.append('"').append(pair.key).append("\":\"");
      QUOTES.quoteAsString(String.valueOf(pair.value), fields);
      fields.append("\",");
    }
    var head = fields.toString().getBytes(UTF_8);
    // in place of the line's first brace
    var all = new byte[head.length + line.length - 1];
    System.arraycopy(head, 0, all, 0, head.length);
    System.arraycopy(line, 1, all, head.length, line.length - 1);
    return all;
  }
}
