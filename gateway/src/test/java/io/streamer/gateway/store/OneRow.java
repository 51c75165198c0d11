package io.streamer.gateway.store;

import io.streamer.gateway.signal.FaultyCounters;
import io.streamer.shared.table.Answer;
import io.streamer.shared.table.Item;
import io.streamer.shared.table.StoreRequest;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Tables of one row, the first that is put: it is whatever is asked for, and in no index. Updates
 * change nothing of it.
 */
public final class OneRow implements StoreTransport {
  private final Vertx vertx;
  private final AtomicReference<@Nullable Throwable> atNextUpdate = new AtomicReference<>();
  private volatile Optional<Item> row = Optional.empty();

  public OneRow(Vertx vertx) {
    this.vertx = vertx;
  }

  /** Whether there is one. */
  public boolean isThere() {
    return row.isPresent();
  }

  /** The next update throws this where it is sent. */
  public void failNextUpdate(Throwable thrown) {
    atNextUpdate.set(thrown);
  }

  @Override
  public Future<Answer> send(StoreRequest request) {
    if (request instanceof StoreRequest.Update) {
      FaultyCounters.fail(atNextUpdate);
    }
    var answer = Promise.<Answer>promise();
    vertx.getOrCreateContext().runOnContext(_ -> answer.complete(answer(request)));
    return answer.future();
  }

  private Answer answer(StoreRequest request) {
    return switch (request) {
      case StoreRequest.Put(_, var item, _) -> {
        row = row.or(() -> Optional.of(item));
        yield new Answer.Row(Optional.empty());
      }
      case StoreRequest.Get _ -> new Answer.Row(row);
      case StoreRequest.Update _ -> row.isEmpty() ? new Answer.Refused(row) : new Answer.Row(row);
      case StoreRequest.Delete _ -> new Answer.Row(Optional.empty());
      default -> new Answer.Rows(List.of(), Optional.empty(), List.of());
    };
  }

  @Override
  public void close() {}
}
