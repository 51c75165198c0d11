package io.streamer.demo.bulk;

import io.streamer.handler.Action;
import io.streamer.handler.Describe;
import io.streamer.handler.Handler;
import io.streamer.handler.Invalid;
import io.streamer.handler.Run;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Creates, updates or deletes many entities; an item that cannot be done fails alone. */
@Action(value = "bulk_operation", expected = "30s")
public final class BulkOperation implements Handler<BulkOperation.Request, BulkOperation.Result> {
  private static final int MAX_ITEMS = 10_000;
  private static final int MAX_BATCH = 100;
  private static final int MAX_TYPE = 64;

  /**
   * What a client may ask for.
   *
   * @param entityType 1 to 64 characters
   * @param items 1 to 10,000 of any JSON; one that is no object fails
   * @param batchSize 1 to 100 items between two reports, 100 unless given
   */
  public record Request(
      @Describe(value = "what is done to each item", example = "create")
          OperationType operationType,
      @Describe(value = "1 to 64 characters", example = "customer") String entityType,
      @Describe(
              value = "1 to 10,000 objects; any other item fails alone",
              example = "[{\"name\": \"Ada\"}, {\"name\": \"Grace\"}]")
          List<@Nullable Object> items,
      @Describe("items between two reports, 1 to 100; 100 unless given")
          Optional<Integer> batchSize) {
    public Request {
      if (entityType.isBlank() || entityType.length() > MAX_TYPE) {
        throw new Invalid("entityType", "must have 1 to " + MAX_TYPE + " characters");
      }
      if (items.isEmpty() || items.size() > MAX_ITEMS) {
        throw new Invalid("items", "must be 1 to " + MAX_ITEMS);
      }
      batchSize.ifPresent(size -> {
        if (size < 1 || size > MAX_BATCH) {
          throw new Invalid("batchSize", "must be from 1 to " + MAX_BATCH);
        }
      });
    }
  }

  /**
   * What was done.
   *
   * @param processed items that were done
   * @param failures one for each that was not, in the order of the items
   */
  public record Result(int totalItems, int processed, int failed, List<Failed> failures) {}

  /**
   * An item that was not done.
   *
   * @param index its place in the request, from 0
   */
  public record Failed(int index, String error) {}

  /** How many batches are over. */
  record Done(int batches) {}

  @Override
  public Result handle(Request request, Run run) {
    var items = request.items();
    int total = items.size();
    int size = request.batchSize().orElse(MAX_BATCH);
    int batches = Math.ceilDiv(total, size);
    var entities = new Entities();
    var failures = new ArrayList<Failed>();
    // entities live as long as the job: those of earlier batches are made again from the request
    int done = run.checkpoint(Done.class).map(Done::batches).orElse(0);
    for (int batch = 1; batch <= batches; batch++) {
      int end = Math.min(total, batch * size);
      for (int index = (batch - 1) * size; index < end; index++) {
        try {
          entities.apply(request.operationType(), items.get(index));
        } catch (Entities.Rejected rejected) {
          failures.add(new Failed(index, rejected.getMessage()));
        }
      }
      if (batch > done) {
        run.progress(
            100.0 * end / total,
            "batch %d of %d: %d done, %d failed"
                .formatted(batch, batches, end - failures.size(), failures.size()));
        run.checkpoint(new Done(batch));
      }
    }
    return new Result(total, total - failures.size(), failures.size(), failures);
  }
}
