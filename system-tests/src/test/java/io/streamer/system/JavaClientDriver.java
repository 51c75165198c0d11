package io.streamer.system;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamer.client.AttachOptions;
import io.streamer.client.ConnectionState;
import io.streamer.client.FollowOptions;
import io.streamer.client.FrameKind;
import io.streamer.client.Job;
import io.streamer.client.JobEvent;
import io.streamer.client.JobSnapshot;
import io.streamer.client.OnDisconnect;
import io.streamer.client.RequestOptions;
import io.streamer.client.Retry;
import io.streamer.client.StreamerClient;
import io.streamer.client.StreamerException;
import io.streamer.client.okhttp.OkHttpTransport;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Flow;
import java.util.function.Function;

/** Drives the client for Java by lines of JSON, as {@code clients/conformance/README.md} says. */
final class JavaClientDriver {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Map<String, StreamerClient> clients = new HashMap<>();
  private final Map<String, Job> handles = new HashMap<>();

  private final boolean overOkHttp;

  private JavaClientDriver(boolean overOkHttp) {
    this.overOkHttp = overOkHttp;
  }

  /** What starts it, on the tests' own class path. */
  static List<String> command() {
    return command(List.of());
  }

  /** In a JVM that has no more of the JDK than what OkHttp and Jackson need. */
  static List<String> commandOverOkHttp() {
    return command(List.of("--limit-modules", "java.base,java.logging,java.sql,java.desktop"));
  }

  private static List<String> command(List<String> options) {
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto"));
    command.addAll(options);
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), JavaClientDriver.class.getName()));
    if (!options.isEmpty()) {
      command.add("okhttp");
    }
    return command;
  }

  public static void main(String[] args) throws IOException {
    var driver = new JavaClientDriver(args.length > 0);
    var in = new BufferedReader(new InputStreamReader(System.in, UTF_8));
    for (var line = in.readLine(); line != null; line = in.readLine()) {
      var command = MAPPER.readTree(line);
      var done = object().put("done", command.path("n").asInt());
      try {
        driver.obey(command);
      } catch (RuntimeException e) {
        done.put("failed", e.toString());
      }
      tell(done);
    }
  }

  private void obey(JsonNode command) {
    var of = command.path("of").asText();
    var client = clients.get(command.path("client").asText());
    var given = command.path("options");
    switch (command.path("do").asText()) {
      case "client" -> client(command);
      case "connect" -> client.connect();
      case "close" -> client.close();
      case "request" ->
          follow(
              of,
              client.request(
                  command.path("action").asText(),
                  command.path("payload"),
                  watched(of, requestOptions(given), given)));
      case "attach" ->
          follow(
              of,
              client.attach(
                  command.path("job").asText(), watched(of, attachOptions(given), given)));
      case "read" -> read(of, handles.get(of));
      case "unsubscribe" -> handles.get(of).unsubscribe();
      case "cancel" -> later(of, "cancelled", handles.get(of).cancel(), MAPPER::valueToTree);
      case "status" -> later(of, "status", handles.get(of).status(), JobSnapshot::json);
      case "reset" -> {
        clients.values().forEach(StreamerClient::close);
        clients.clear();
        handles.clear();
      }
      default -> throw new IllegalArgumentException("no such command: " + command);
    }
  }

  private void client(JsonNode command) {
    var name = command.path("client").asText();
    var tokens = new ArrayDeque<String>();
    command.path("tokens").forEach(token -> tokens.add(token.asText()));
    var builder =
        StreamerClient.builder(command.path("url").asText())
            .token(() -> tokens.size() > 1 ? tokens.remove() : tokens.element());
    var client = (overOkHttp ? builder.transport(new OkHttpTransport()) : builder).build();
    var _ =
        client.onState(state -> {
          var line = object().put("client", name);
          line.set("state", state(state));
          tell(line);
        });
    clients.put(name, client);
  }

  private static ObjectNode state(ConnectionState state) {
    return switch (state) {
      case ConnectionState.Connecting _ -> object().put("name", "connecting");
      case ConnectionState.Open _ -> object().put("name", "open");
      case ConnectionState.Waiting waiting ->
          object().put("name", "waiting").put("reason", waiting.reason());
      case ConnectionState.Closed closed -> {
        var line = object().put("name", "closed").put("reason", closed.reason());
        closed.code().ifPresent(code -> line.put("code", code));
        yield line;
      }
    };
  }

  private static RequestOptions requestOptions(JsonNode given) {
    var options = new RequestOptions();
    if (given.has("id")) {
      options.id(given.path("id").asText());
    }
    if (given.path("retry").asText().equals("job")) {
      options.retry(Retry.JOB);
    }
    if (given.has("metadata")) {
      var metadata = new HashMap<String, String>();
      given
          .path("metadata")
          .properties()
          .forEach(entry -> metadata.put(entry.getKey(), entry.getValue().asText()));
      options.metadata(metadata);
    }
    if (given.has("traceparent")) {
      options.traceparent(given.path("traceparent").asText());
    }
    if (given.path("on_disconnect").asText().equals("cancel")) {
      options.onDisconnect(OnDisconnect.CANCEL);
    }
    if (given.has("delay_ms")) {
      options.delay(Duration.ofMillis(given.path("delay_ms").asLong()));
    }
    if (given.has("wait_ms")) {
      options.waitTime(Duration.ofMillis(given.path("wait_ms").asLong()));
    }
    return options.fetchResult(given.path("fetch_result").asBoolean(true));
  }

  private static AttachOptions attachOptions(JsonNode given) {
    var options = new AttachOptions();
    if (given.has("frames")) {
      var kinds = new ArrayList<FrameKind>();
      given
          .path("frames")
          .forEach(kind ->
              kinds.add(FrameKind.valueOf(kind.asText().toUpperCase(java.util.Locale.ROOT))));
      options.frames(kinds);
    }
    return options;
  }

  /** Tells of a handle all that its caller would see. */
  private static <S extends FollowOptions<S>> S watched(String of, S options, JsonNode given) {
    if (given.has("event_buffer")) {
      options.eventBuffer(given.path("event_buffer").asInt());
    }
    if (!given.path("unread").asBoolean()) {
      options.onEvent(event -> tellEvent(of, event));
    }
    return options
        .onProgress(progress ->
            told(
                of,
                "progress",
                object()
                    .put("percentage", progress.percentage())
                    .put("message", progress.message())
                    .put("attempt", progress.attempt())
                    .set("metadata", progress.metadata())))
        .onVoid(after -> told(of, "void", JsonNodeFactory.instance.numberNode(after)));
  }

  private static void tellEvent(String of, JobEvent event) {
    told(of, "event", object().put("name", event.name()).set("data", event.data()));
  }

  /** Reads the events from now on, also behind those that are lost. */
  private static void read(String of, Job job) {
    job.events()
        .subscribe(
            new Flow.Subscriber<>() {
              @Override
              public void onSubscribe(Flow.Subscription subscription) {
                subscription.request(Long.MAX_VALUE);
              }

              @Override
              public void onNext(JobEvent event) {
                tellEvent(of, event);
              }

              @Override
              public void onError(Throwable e) {
                told(of, "event_error", problem(e));
                read(of, job);
              }

              @Override
              public void onComplete() {}
            });
  }

  private void follow(String of, Job job) {
    handles.put(of, job);
    var _ =
        job.accepted()
            .thenAccept(id ->
                id.ifPresent(it -> told(of, "accepted", JsonNodeFactory.instance.textNode(it))));
    var _ =
        job.result()
            .whenComplete((result, e) -> {
              if (e == null) {
                told(of, "result", result);
              } else {
                told(of, "error", problem(e));
              }
            });
  }

  /** What is asked for and comes later is told as its own kind, or as an error of the asking. */
  private static <T> void later(
      String of, String kind, CompletableFuture<T> answer, Function<T, JsonNode> written) {
    var _ =
        answer.whenComplete((value, e) -> {
          if (e == null) {
            told(of, kind, written.apply(value));
          } else {
            told(of, kind + "_error", problem(e));
          }
        });
  }

  private static ObjectNode problem(Throwable thrown) {
    var cause = thrown instanceof CompletionException ? thrown.getCause() : thrown;
    var e = (StreamerException) cause;
    var line =
        object()
            .put("code", e.code())
            .put("message", e.reason())
            .put("retryable", e.retryable())
            .put("may_have_started", e.mayHaveStarted());
    line.set("details", e.details());
    e.retryAfter().ifPresent(after -> line.put("retry_after_ms", after.toMillis()));
    e.requestId().ifPresent(id -> line.put("request_id", id));
    e.jobId().ifPresent(id -> line.put("job_id", id));
    e.errorId().ifPresent(id -> line.put("error_id", id));
    return line;
  }

  private static void told(String of, String kind, JsonNode value) {
    tell(object().put("of", of).set(kind, value));
  }

  private static void tell(JsonNode line) {
    try {
      var text = (MAPPER.writeValueAsString(line) + "\n").getBytes(UTF_8);
      synchronized (System.out) {
        System.out.write(text, 0, text.length);
        System.out.flush();
      }
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }
}
