package io.streamer.emulator.stream;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What a function's result says about the batch it was given, under {@code
 * ReportBatchItemFailures}.
 */
sealed interface BatchAnswer {
  /** Every record was handled. */
  record AllDone() implements BatchAnswer {}

  /** The record at this index and all behind it are to be given again. */
  record DoneBefore(int index) implements BatchAnswer {}

  BatchAnswer NOTHING_DONE = new DoneBefore(0);

  /**
   * Reads a function's result.
   *
   * @param sequenceNumbers of the batch, in its order
   */
  static BatchAnswer read(byte[] result, List<String> sequenceNumbers) {
    @Nullable Object value;
    try {
      value = result.length == 0 ? null : Json.decodeValue(Buffer.buffer(result));
    } catch (DecodeException _) {
      return NOTHING_DONE;
    }
    return switch (value) {
      case null -> new AllDone();
      case JsonObject object -> failures(object.getValue("batchItemFailures"), sequenceNumbers);
      case JsonArray array when array.isEmpty() -> new AllDone();
      case String text when text.isEmpty() -> new AllDone();
      default -> NOTHING_DONE;
    };
  }

  private static BatchAnswer failures(@Nullable Object failures, List<String> sequenceNumbers) {
    return switch (failures) {
      case null -> new AllDone();
      case JsonArray list when list.isEmpty() -> new AllDone();
      case JsonArray list -> {
        var indexes =
            IntStream.range(0, list.size())
                .map(i -> index(list.getValue(i), sequenceNumbers))
                .toArray();
        // an identifier that names no record fails the whole batch
        yield new DoneBefore(Math.max(0, IntStream.of(indexes).min().orElseThrow()));
      }
      default -> NOTHING_DONE;
    };
  }

  private static int index(@Nullable Object failure, List<String> sequenceNumbers) {
    return failure instanceof JsonObject object
            && object.getValue("itemIdentifier") instanceof String number
        ? sequenceNumbers.indexOf(number)
        : -1;
  }
}
