package io.streamer.shared.dynamo;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.streamer.shared.table.Answer;
import io.streamer.shared.table.Item;
import io.streamer.shared.table.StoreRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads what the service answers to a request that it served. */
final class AnswerJson {
  private @Nullable Item one;
  private @Nullable Item last;
  private final List<Item> items = new ArrayList<>();
  private final List<Item> left = new ArrayList<>();

  private AnswerJson() {}

  /**
   * The answer that an answer's body is; one without a body has nothing in it.
   *
   * @throws IOException if it is no JSON, or ends before its end
   * @throws IllegalStateException naming an attribute that has a type which we never write
   */
  static Answer read(StoreRequest request, byte[] body) throws IOException {
    var read = new AnswerJson();
    if (body.length > 0) {
      try (var json = ItemJson.JSON.createParser(body)) {
        read.read(json);
      }
    }
    return switch (request) {
      case StoreRequest.Get _, StoreRequest.Update _, StoreRequest.Delete _ ->
          new Answer.Row(there(read.one));
      case StoreRequest.Put _ -> new Answer.Row(Optional.empty());
      case StoreRequest.Query _,
          StoreRequest.Range _,
          StoreRequest.Scan _,
          StoreRequest.Queries _,
          StoreRequest.Batch _,
          StoreRequest.Writes _ ->
          new Answer.Rows(read.items, there(read.last), read.left);
    };
  }

  /**
   * The item that did not meet a condition, if the refusal has it. A body that is no JSON has none:
   * the refusal's name says enough.
   *
   * @throws IllegalStateException as {@link #read} does
   */
  static Optional<Item> itemOf(byte[] refusal) {
    var read = new AnswerJson();
    try (var json = ItemJson.JSON.createParser(refusal)) {
      read.read(json);
    } catch (IOException _) {
      // what was read before it counts
    }
    return there(read.one);
  }

  private static Optional<Item> there(@Nullable Item item) {
    return Optional.ofNullable(item).filter(it -> !it.attributes().isEmpty());
  }

  private void read(JsonParser json) throws IOException {
    json.nextToken();
    ItemJson.expect(json, JsonToken.START_OBJECT);
    while (json.nextToken() != JsonToken.END_OBJECT) {
      var name = String.valueOf(json.currentName());
      if (json.nextToken() == JsonToken.VALUE_NULL) {
        continue;
      }
      switch (name) {
        case "Item", "Attributes" -> one = ItemJson.read(json);
        case "LastEvaluatedKey" -> last = ItemJson.read(json);
        case "Items" -> items.addAll(ItemJson.readAll(json));
        case "Responses" -> ofEachTable(json, it -> items.addAll(ItemJson.readAll(it)));
        case "UnprocessedKeys" -> ofEachTable(json, this::keys);
        case "UnprocessedItems" -> ofEachTable(json, this::writes);
        default -> json.skipChildren();
      }
    }
  }

  private interface Part {
    void read(JsonParser json) throws IOException;
  }

  /** A request of ours is about one table. */
  private static void ofEachTable(JsonParser json, Part part) throws IOException {
    ItemJson.expect(json, JsonToken.START_OBJECT);
    while (json.nextToken() != JsonToken.END_OBJECT) {
      json.nextToken();
      part.read(json);
    }
  }

  private void keys(JsonParser json) throws IOException {
    ItemJson.expect(json, JsonToken.START_OBJECT);
    while (json.nextToken() != JsonToken.END_OBJECT) {
      var name = json.currentName();
      json.nextToken();
      if ("Keys".equals(name)) {
        left.addAll(ItemJson.readAll(json));
      } else {
        json.skipChildren();
      }
    }
  }

  /** {@code [{"PutRequest": {"Item": …}}, {"DeleteRequest": {"Key": …}}, …]}. */
  private void writes(JsonParser json) throws IOException {
    ItemJson.expect(json, JsonToken.START_ARRAY);
    while (json.nextToken() != JsonToken.END_ARRAY) {
      ofEachTable(json, request -> ofEachTable(request, it -> left.add(ItemJson.read(it))));
    }
  }
}
