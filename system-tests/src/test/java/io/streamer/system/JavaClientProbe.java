package io.streamer.system;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamer.client.ConnectionState;
import io.streamer.client.JdkTransport;
import io.streamer.client.RequestOptions;
import io.streamer.client.StreamerClient;
import io.streamer.client.Transport;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The process whose cost is measured: the client for Java, or the JDK's WebSocket alone, at a
 * {@link ScriptedDoor}.
 *
 * <p>As {@code client} or {@code bare} it takes the frames of one job, and prints {@code warm} and
 * {@code done} when those that warm it up and the others are there. As {@code jobs}, {@code
 * connections} or {@code connections-apart} it prints a line of JSON.
 */
final class JavaClientProbe {
  /** Where the measured process tells what it has to tell. */
  private static final PrintStream OUT = new PrintStream(System.out, true, UTF_8);

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final String url;

  private JavaClientProbe(String url) {
    this.url = url;
  }

  /** What starts it, with so much heap at most. */
  static List<String> command() {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx512m",
        "-cp",
        System.getProperty("java.class.path"),
        JavaClientProbe.class.getName());
  }

  public static void main(String[] args) throws Exception {
    var probe = new JavaClientProbe(args[1]);
    int number = Integer.parseInt(args[2]);
    switch (args[0]) {
      case "client" -> probe.client(number, Integer.parseInt(args[3]));
      case "bare" -> probe.bare(number, Integer.parseInt(args[3]));
      case "jobs" -> probe.jobs(number);
      case "connections" -> probe.connections(number, () -> null);
      case "connections-apart" -> probe.connections(number, JdkTransport::new);
      default -> throw new IllegalArgumentException(args[0]);
    }
    System.exit(0);
  }

  private StreamerClient make(@Nullable Transport transport) {
    var builder = StreamerClient.builder(url).token("T").waitTime(PATIENCE).answerTime(PATIENCE);
    return (transport == null ? builder : builder.transport(transport)).build();
  }

  /** Counts the messages of one kind. */
  private static final class Counter {
    private final int warm;
    private final int all;
    private final CountDownLatch over = new CountDownLatch(1);
    private int seen;

    Counter(int warm, int counted) {
      this.warm = warm;
      this.all = warm + counted;
    }

    void one() {
      seen++;
      if (seen == warm) {
        OUT.println("warm");
      } else if (seen == all) {
        OUT.println("done");
        over.countDown();
      }
    }
  }

  private void client(int warm, int counted) throws InterruptedException {
    // every second frame is an event, and none of these is left out
    var events = new Counter(warm / 2, counted / 2);
    var newest = new ArrayList<Double>(List.of(0.0));
    try (var client = make(new JdkTransport())) {
      var options =
          new RequestOptions()
              .eventBuffer(warm + counted)
              .onProgress(progress -> newest.set(0, progress.percentage()))
              .onEvent(event -> events.one());
      var job = client.request("frames", null, options);
      events.over.await();
      if (job.ended()) {
        throw new IllegalStateException("it has ended");
      }
    }
  }

  private void bare(int warm, int counted) throws InterruptedException {
    // the acknowledgment comes before them
    var messages = new Counter(warm + 1, counted);
    var listener =
        new WebSocket.Listener() {
          @Override
          public @Nullable CompletionStage<?> onText(
              WebSocket from, CharSequence text, boolean last) {
            if (last) {
              messages.one();
            }
            from.request(1);
            return null;
          }
        };
    var socket =
        HttpClient.newBuilder()
            .executor(Runnable::run)
            .build()
            .newWebSocketBuilder()
            .subprotocols("streamer.v1")
            .buildAsync(URI.create(url), listener)
            .join();
    socket.sendText("{\"id\":\"bare\",\"action\":\"frames\"}", true).join();
    messages.over.await();
  }

  private void jobs(int jobs) throws InterruptedException {
    try (var client = make(new JdkTransport())) {
      var open = new CountDownLatch(1);
      client.onState(state -> {
        if (state instanceof ConnectionState.Open) {
          open.countDown();
        }
      });
      client.connect();
      open.await();
      var before = Size.now();
      long begun = System.nanoTime();
      var progressed = new CountDownLatch(jobs);
      var results = new ArrayList<CompletableFuture<JsonNode>>();
      for (int i = 0; i < jobs; i++) {
        var options = new RequestOptions().onProgress(progress -> progressed.countDown());
        results.add(client.request("hold", null, options).result());
      }
      progressed.await();
      long held = millisSince(begun);
      var during = Size.now();
      long ending = System.nanoTime();
      client.request("end", null);
      results.forEach(CompletableFuture::join);
      long ended = millisSince(ending);
      tell(before, during, held, ended);
    }
  }

  private void connections(int connections, Supplier<@Nullable Transport> transports) {
    var before = Size.now();
    long begun = System.nanoTime();
    var clients = new ArrayList<StreamerClient>();
    var answers = new ArrayList<CompletableFuture<JsonNode>>();
    for (int i = 0; i < connections; i++) {
      var client = make(transports.get());
      clients.add(client);
      answers.add(client.request("answer", null).result());
    }
    answers.forEach(CompletableFuture::join);
    long held = millisSince(begun);
    answers.clear();
    var during = Size.now();
    long ending = System.nanoTime();
    clients.forEach(StreamerClient::close);
    long ended = millisSince(ending);
    tell(before, during, held, ended);
  }

  private static long millisSince(long nanos) {
    return Duration.ofNanos(System.nanoTime() - nanos).toMillis();
  }

  /** Live bytes of the heap, counted behind a full collection, and threads. */
  private record Size(long heap, int threads) {
    static Size now() {
      ManagementFactory.getMemoryMXBean().gc();
      ManagementFactory.getMemoryMXBean().gc();
      return new Size(
          ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
          ManagementFactory.getThreadMXBean().getThreadCount());
    }
  }

  private static void tell(Size before, Size during, long held, long ended) {
    OUT.printf(
        "{\"heap_before_bytes\":%d,\"heap_bytes\":%d,\"threads_before\":%d,\"threads\":%d,"
            + "\"held_ms\":%d,\"ended_ms\":%d}%n",
        before.heap, during.heap, before.threads, during.threads, held, ended);
  }
}
