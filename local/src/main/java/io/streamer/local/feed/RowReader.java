package io.streamer.local.feed;

import io.streamer.handler.RawJson;
import io.streamer.shared.job.Job;
import io.streamer.shared.store.row.JobItems;
import io.streamer.shared.table.Item;
import io.streamer.shared.table.Value;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the rows of jobs off what the store takes, in DynamoDB's JSON. */
public final class RowReader {
  private static final Logger LOG = LoggerFactory.getLogger(RowReader.class);

  /** A row has about a kilobyte; what is larger is of another table. */
  private static final int MOST_BYTES = 32 * 1024;

  private final Feed feed;
  private final String table;

  /**
   * A reader.
   *
   * @param table that of the jobs
   */
  public RowReader(Feed feed, String table) {
    this.feed = feed;
    this.table = table;
  }

  /** What was written, and what the store has said. */
  public void written(String operation, Buffer request, Buffer answer) {
    if (request.length() > MOST_BYTES || answer.length() > MOST_BYTES) {
      return;
    }
    try {
      row(operation, request, answer).ifPresent(feed::stored);
    } catch (RuntimeException e) {
      // whoever looks on stands in nobody's way
      LOG.debug("a row cannot be read", e);
    }
  }

  private Optional<Job> row(String operation, Buffer request, Buffer answer) {
    var image =
        switch (operation) {
          case "PutItem" -> ofJobs(request).map(asked -> asked.getJsonObject("Item"));
          case "UpdateItem" ->
              ofJobs(request).map(_ -> new JsonObject(answer).getJsonObject("Attributes"));
          default -> Optional.<JsonObject>empty();
        };
    return image.filter(it -> it.containsKey("run")).map(it -> JobItems.read(item(it)));
  }

  private Optional<JsonObject> ofJobs(Buffer request) {
    return Optional.of(new JsonObject(request))
        .filter(it -> table.equals(it.getString("TableName")));
  }

  private static Item item(JsonObject attributes) {
    var values = new HashMap<String, Value>();
    attributes
        .fieldNames()
        .forEach(name -> values.put(name, value(attributes.getJsonObject(name))));
    return new Item(values);
  }

  private static Value value(JsonObject typed) {
    var type = typed.fieldNames().iterator().next();
    return switch (type) {
      case "S" -> new Value.S(typed.getString(type));
      case "N" -> new Value.N(typed.getString(type));
      case "B" -> new Value.B(RawJson.of(Base64.getDecoder().decode(typed.getString(type))));
      case "BOOL" -> new Value.Bool(typed.getBoolean(type));
      case "M" -> new Value.M(item(typed.getJsonObject(type)).attributes());
      case "L" -> new Value.L(list(typed.getJsonArray(type)));
      default -> throw new IllegalArgumentException("rows have no " + type);
    };
  }

  private static List<Value> list(JsonArray elements) {
    return elements.stream().map(JsonObject.class::cast).map(RowReader::value).toList();
  }
}
