package io.streamer.cli.door;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamer.client.ConnectionState;
import io.streamer.client.StreamerClient;
import io.streamer.client.StreamerException;
import java.net.URI;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/** A client, and all that is seen of it in one line for one thread. */
final class ClientLine implements AutoCloseable {
  /** What a command waits for. */
  sealed interface Seen {
    /** A frame of the server, as it came. */
    record Frame(String text) implements Seen {}

    record Connection(ConnectionState state) implements Seen {}

    /** What was asked for has ended. */
    record End(Optional<StreamerException> error) implements Seen {
      private static final Set<String> DISCONNECTED =
          Set.of(StreamerException.CONNECTION_LOST, StreamerException.NOT_CONNECTED);

      /** No answer came, for want of a connection; how that stands says why. */
      boolean disconnected() {
        return error.filter(e -> DISCONNECTED.contains(e.code())).isPresent();
      }
    }

    /** Ctrl-C. */
    record Interrupted() implements Seen {}

    /** An answer on the terminal; empty at its end. */
    record Typed(Optional<String> line) implements Seen {}
  }

  private final BlockingQueue<Seen> all = new LinkedBlockingQueue<>();
  private final StreamerClient client;

  ClientLine(URI url, String token) {
    client = StreamerClient.builder(url).token(token).build();
    var _ = client.onState(state -> all.add(new Seen.Connection(state)));
  }

  StreamerClient client() {
    return client;
  }

  Seen next() throws InterruptedException {
    return all.take();
  }

  void frame(JsonNode frame) {
    all.add(new Seen.Frame(frame.toString()));
  }

  void see(Seen seen) {
    all.add(seen);
  }

  /** For a future's end. */
  void end(@Nullable Throwable thrown) {
    var cause = thrown instanceof CompletionException ? thrown.getCause() : thrown;
    all.add(new Seen.End(cause instanceof StreamerException e ? Optional.of(e) : Optional.empty()));
  }

  @Override
  public void close() {
    client.close();
  }
}
