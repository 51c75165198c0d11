package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamer.client.JdkTransport;
import io.streamer.client.JobEvent;
import io.streamer.client.RequestOptions;
import io.streamer.client.StreamerClient;
import io.streamer.client.Transport;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Clients whose connections are due to end all the time make the next one first, and lose nothing
 * of what is on its way. {@code -Dstreamer.rounds=1000} has so many of them change on each door.
 */
@Timeout(600)
@ExtendWith(LocalStage.class)
class RolloversTest {
  private static final int ROUNDS = Integer.getInteger("streamer.rounds", 60);
  private static final int CLIENTS = 10;

  /** At nine tenths of it a client makes its next connection; the last one stays for a while. */
  private static final long AGE_MS = 400;

  private static final int EVENTS = 50;

  @ParameterizedTest
  @EnumSource
  void nothingIsLostHoweverOftenClientsChangeTheirConnection(Door door) throws Exception {
    var rollovers = new AtomicInteger();
    try (var threads = Executors.newFixedThreadPool(CLIENTS)) {
      var working = new ArrayList<Future<?>>();
      for (int i = 0; i < CLIENTS; i++) {
        working.add(
            threads.submit(() -> {
              work(door.of(LocalStage.stage()), rollovers);
              return null;
            }));
      }
      for (var one : working) {
        one.get();
      }
    }
    assertThat(rollovers).hasValueGreaterThanOrEqualTo(ROUNDS);
    System.out.printf("rollovers: %d at %s%n", rollovers.get(), door);
  }

  private static void work(URI door, AtomicInteger rollovers) throws Exception {
    var ageing = new Ageing();
    try (var client =
        StreamerClient.builder(door).token(Tokens.fresh()).transport(ageing).build()) {
      while (ageing.rollovers() < ROUNDS / CLIENTS) {
        var events = Collections.synchronizedList(new ArrayList<JobEvent>());
        var job =
            client.request(
                "delay",
                Map.of("seconds", 2, "steps", EVENTS, "events", true),
                new RequestOptions().onEvent(events::add));
        for (int n = 1; !job.ended(); n++) {
          var answer = client.request("echo", Map.of("n", n)).await();
          assertThat(answer.path("echo").path("n").asInt()).isEqualTo(n);
        }
        job.await();
        assertThat(steps(events)).isEqualTo(IntStream.rangeClosed(1, EVENTS).boxed().toList());
      }
    }
    rollovers.addAndGet(ageing.rollovers());
  }

  private static List<Integer> steps(List<JobEvent> events) {
    synchronized (events) {
      return events.stream().map(event -> event.data().path("step")).map(JsonNode::asInt).toList();
    }
  }

  /** Has each welcome tell of a short life. */
  private static final class Ageing implements Transport {
    private final Transport carrier = new JdkTransport();
    private final AtomicInteger welcomes = new AtomicInteger();

    int rollovers() {
      return welcomes.get() - 1;
    }

    @Override
    public Socket open(URI url, String token, SocketListener on) {
      return carrier.open(url, token, new Told(on));
    }

    @Override
    public CompletableFuture<Fetched> fetch(URI url, long mostBytes) {
      return carrier.fetch(url, mostBytes);
    }

    private final class Told implements SocketListener {
      private final SocketListener on;

      Told(SocketListener on) {
        this.on = on;
      }

      @Override
      public void opened() {
        on.opened();
      }

      @Override
      public void text(String text) {
        var young = text.replace("\"max_age_ms\":7200000", "\"max_age_ms\":" + AGE_MS);
        if (!young.equals(text)) {
          welcomes.incrementAndGet();
        }
        on.text(young);
      }

      @Override
      public void refused(int status, String body) {
        on.refused(status, body);
      }

      @Override
      public void closed(int code, String reason) {
        on.closed(code, reason);
      }
    }
  }
}
