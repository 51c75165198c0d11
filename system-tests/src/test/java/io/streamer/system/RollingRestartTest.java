package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamer.client.JdkTransport;
import io.streamer.client.Job;
import io.streamer.client.JobEvent;
import io.streamer.client.RequestOptions;
import io.streamer.client.StreamerClient;
import io.streamer.client.Transport;
import io.streamer.local.stage.Stage;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * ECS replaces two tasks in turn, behind a balancer that cuts what is left after its delay, while
 * clients have jobs. {@code -Dstreamer.clients=1000} has so many of them.
 */
@Timeout(600)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "it has no SIGTERM")
class RollingRestartTest {
  private static final int CLIENTS = Integer.getInteger("streamer.clients", 20);
  private static final int TASKS = 2;
  private static final Duration OFTEN = Duration.ofMillis(50);

  /** The others' jobs wait for their place. */
  private static final int JOBS_AT_ONCE = 20;

  private static final int CUT = 1006;
  private static final Map<String, Object> WORK = Map.of("seconds", 1, "steps", 4, "events", true);

  private final AtomicInteger cut = new AtomicInteger();
  private final Transport carrier = new JdkTransport();
  private final List<Seen> all = new ArrayList<>();
  private Stage stage;

  /** A client with its job, and what it was told of it. */
  private record Seen(StreamerClient client, Job job, List<JobEvent> events) {
    List<Integer> steps() {
      return events.stream().map(event -> event.data().path("step")).map(JsonNode::asInt).toList();
    }
  }

  /** A task and who tells it that it is to go. */
  private record Task(GatewayProcess process, Ecs ecs) implements AutoCloseable {
    @Override
    public void close() {
      process.close();
      ecs.close();
    }
  }

  @BeforeEach
  void start() {
    stage = Stage.start(LocalStage.options().jobConcurrency(JOBS_AT_ONCE));
  }

  @AfterEach
  void stop() {
    all.forEach(seen -> seen.client().close());
    stage.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void nobodyLosesAFrameAndWhoeverIsToldInTimeIsNotCut(boolean looks) throws Exception {
    var tasks = new ArrayList<Task>();
    try (var balancer = new Balancer()) {
      for (int i = 0; i < TASKS; i++) {
        tasks.add(task(balancer, looks));
      }
      for (int i = 0; i < CLIENTS; i++) {
        all.add(client(balancer));
      }
      int were = 0;
      for (var old : List.copyOf(tasks)) {
        tasks.add(task(balancer, looks));
        var backend = old.process().backend();
        balancer.remove(backend);
        were += balancer.clients(backend);
        old.ecs().replace();
        if (looks) {
          assertThat(old.process().exitCode()).isZero();
        }
        balancer.cut(backend);
        old.process().terminate();
        assertThat(old.process().exitCode()).isZero();
      }
      for (var seen : all) {
        seen.job().await();
        assertThat(seen.steps()).containsExactly(1, 2, 3, 4);
      }
      System.out.printf(
          "%d clients, tasks look: %s; %d sockets on tasks that went, %d of them cut%n",
          CLIENTS, looks, were, cut.get());
      assertThat(were).isGreaterThanOrEqualTo(CLIENTS);
      assertThat(cut).hasValue(looks ? 0 : were);
    } finally {
      tasks.forEach(Task::close);
    }
  }

  private Task task(Balancer balancer, boolean looks) throws Exception {
    var ecs = new Ecs();
    var process = GatewayProcess.start(stage, ecs.settings(looks ? OFTEN : Duration.ZERO));
    balancer.add(process.backend());
    return new Task(process, ecs);
  }

  private Seen client(Balancer balancer) throws Exception {
    var client =
        StreamerClient.builder(URI.create("ws://127.0.0.1:" + balancer.port() + "/ws"))
            .token(Tokens.fresh())
            .transport(new Watched())
            .build();
    var events = Collections.synchronizedList(new ArrayList<JobEvent>());
    // a worker that loses its lease on a busy machine is followed by another one
    var options =
        new RequestOptions()
            .onEvent(events::add)
            .onVoid(after -> events.removeIf(event -> event.seq() > after));
    var job = client.request("delay", WORK, options);
    job.accepted().get();
    return new Seen(client, job, events);
  }

  /** Counts connections that end without a word. */
  private final class Watched implements Transport {
    @Override
    public Socket open(URI url, String token, SocketListener on) {
      return carrier.open(
          url,
          token,
          new SocketListener() {
            @Override
            public void opened() {
              on.opened();
            }

            @Override
            public void text(String text) {
              on.text(text);
            }

            @Override
            public void refused(int status, String body) {
              on.refused(status, body);
            }

            @Override
            public void closed(int code, String reason) {
              if (code == CUT) {
                cut.incrementAndGet();
              }
              on.closed(code, reason);
            }
          });
    }

    @Override
    public CompletableFuture<Fetched> fetch(URI url, long mostBytes) {
      return carrier.fetch(url, mostBytes);
    }
  }
}
