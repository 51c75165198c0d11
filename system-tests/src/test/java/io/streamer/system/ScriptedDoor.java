package io.streamer.system;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A server that speaks the protocol by a script, faster than any client reads.
 *
 * <p>Its actions: {@code frames} is a job of progress and events in turn, {@code hold} one that has
 * a progress and does not end before {@code end} is asked for on its connection, and {@code answer}
 * is answered on the spot.
 */
final class ScriptedDoor implements AutoCloseable {
  private static final long FIRST_SEQ = 1_000_000_001;

  /** Frames, before others have their turn. */
  private static final int AT_ONCE = 100;

  private final Vertx vertx = Vertx.vertx();
  private final int warm;
  private final int counted;
  private final int port;
  private final AtomicReference<Runnable> rest = new AtomicReference<>(() -> {});

  private ScriptedDoor(int warm, int counted) {
    this.warm = warm;
    this.counted = counted;
    var options =
        new HttpServerOptions()
            .setHost("127.0.0.1")
            .setPort(0)
            // as the direct door, which packs no frame
            .setPerMessageWebSocketCompressionSupported(false)
            .setPerFrameWebSocketCompressionSupported(false)
            .addWebSocketSubProtocol("streamer.v1");
    this.port =
        vertx
            .createHttpServer(options)
            .webSocketHandler(this::opened)
            .listen()
            .await()
            .actualPort();
  }

  /**
   * Listens.
   *
   * @param warm frames that a job of {@code frames} has at once
   * @param counted those that it has besides, once it goes on
   */
  static ScriptedDoor open(int warm, int counted) {
    return new ScriptedDoor(warm, counted);
  }

  String url() {
    return "ws://127.0.0.1:" + port + "/ws";
  }

  /** Has the job of {@code frames} go on. */
  void goOn() {
    rest.get().run();
  }

  private void opened(ServerWebSocket socket) {
    var held = new ArrayList<String>();
    socket.textMessageHandler(text -> heard(socket, new JsonObject(text), held));
  }

  private void heard(ServerWebSocket socket, JsonObject frame, List<String> held) {
    var id = frame.getString("id", "");
    switch (frame.getString("type", "request")) {
      case "hello" ->
          send(
              socket,
              frame("welcome")
                  .put("session", "s")
                  .put("recovered", true)
                  .put("jobs", List.of())
                  .put("heartbeat_ms", 25_000)
                  .put("max_age_ms", 7_200_000)
                  .put("max_message_bytes", 131_072)
                  .put("server", "streamer/0"));
      case "ping" -> send(socket, frame("pong").put("request_id", id));
      case "request" -> asked(socket, frame.getString("action"), id, held);
      default -> throw new IllegalArgumentException("not of the script: " + frame);
    }
  }

  private void asked(ServerWebSocket socket, String action, String id, List<String> held) {
    switch (action) {
      case "frames" -> {
        acknowledge(socket, id);
        var flow = new Flow(socket, id);
        var context = vertx.getOrCreateContext();
        rest.set(() -> context.runOnContext(_ -> flow.upTo(warm + counted)));
        flow.upTo(warm);
      }
      case "hold" -> {
        held.add(id);
        acknowledge(socket, id);
        send(socket, progress(id, FIRST_SEQ, 50));
      }
      case "end" -> {
        held.forEach(job ->
            send(
                socket,
                ofJob("complete", job, FIRST_SEQ + 1)
                    .put("success", true)
                    .put("result", new JsonObject().put("rows", 12))));
        answer(socket, id);
      }
      default -> answer(socket, id);
    }
  }

  private static void acknowledge(ServerWebSocket socket, String id) {
    send(
        socket,
        frame("acknowledgment")
            .put("request_id", id)
            .put("job_id", "job-" + id)
            .put("status", "queued")
            .put("message", "queued"));
  }

  private static void answer(ServerWebSocket socket, String id) {
    send(
        socket,
        frame("response")
            .put("request_id", id)
            .put("success", true)
            .put("data", new JsonObject().put("rows", 12)));
  }

  private static JsonObject progress(String id, long seq, double percentage) {
    return ofJob("progress", id, seq)
        .put("percentage", percentage)
        .put("message", "reading the rows of the day")
        .put("attempt", 1);
  }

  private static JsonObject ofJob(String type, String id, long seq) {
    return frame(type).put("request_id", id).put("job_id", "job-" + id).put("seq", seq);
  }

  private static JsonObject frame(String type) {
    return new JsonObject().put("type", type).put("timestamp", 1_732_152_000.123);
  }

  private static void send(ServerWebSocket socket, JsonObject frame) {
    var _ = socket.writeTextMessage(frame.encode());
  }

  /** A job's frames, as fast as they are taken; on one context. */
  private final class Flow {
    private final ServerWebSocket socket;
    private final String id;
    private int sent;
    private int allowed;

    Flow(ServerWebSocket socket, String id) {
      this.socket = socket;
      this.id = id;
    }

    void upTo(int end) {
      allowed = end;
      go();
    }

    private void go() {
      for (int i = 0; i < AT_ONCE && sent < allowed; i++) {
        if (socket.writeQueueFull()) {
          socket.drainHandler(_ -> go());
          return;
        }
        send(socket, next());
      }
      if (sent < allowed) {
        vertx.getOrCreateContext().runOnContext(_ -> go());
      }
    }

    private JsonObject next() {
      long seq = FIRST_SEQ + sent;
      // the last one is an event, which no client leaves out
      boolean event = sent % 2 == 1;
      sent++;
      return event
          ? ofJob("event", id, seq)
              .put("name", "row")
              .put("data", new JsonObject().put("row", sent).put("text", "a row of the day"))
          : progress(id, seq, 100.0 * sent / (warm + counted));
    }
  }

  @Override
  public void close() {
    vertx.close().await();
  }
}
