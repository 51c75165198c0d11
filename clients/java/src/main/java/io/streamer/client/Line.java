package io.streamer.client;

import io.streamer.client.internal.Frame;
import io.streamer.client.internal.Json;
import io.streamer.client.internal.LineEnd;
import io.streamer.client.internal.Loop;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One socket, from its opening to its end: hello, heartbeats, and frames behind the welcome alone.
 */
final class Line {
  private static final long OPENING = 15_000;
  private static final long LEAVING = 10_000;
  private static final long HEARTBEAT = 25_000;
  private static final long PACE = 1_000;
  private static final Json.Text PING = Json.write(Json.object().put("type", "ping"));

  /** What is told of it, on the loop. */
  interface Events {
    /** The jobs that its hello is to name, with their numbers. */
    Map<String, Long> hello();

    void welcome(Line line);

    void frame(Line line, Frame frame);

    void closed(Line line, LineEnd ending);
  }

  /** The most bytes of a message, and what the welcome calls it. */
  record Limit(String name, long bytes) {
    static @Nullable Limit of(Frame welcome, String name) {
      long bytes = welcome.millis(name, 0);
      return bytes > 0 ? new Limit(name, bytes) : null;
    }
  }

  private final Loop loop;
  private final Events on;
  private final List<Frame> held = new ArrayList<>();
  private Transport.@Nullable Socket socket;
  private Map<String, Long> named = Map.of();
  private @Nullable Frame greeting;
  private long openedAt;
  private long heardAt;
  private boolean leaving;
  private boolean over;
  private @Nullable Limit limit;
  private Loop.Timer timer = Loop.Timer.NONE;
  private Loop.Timer left = Loop.Timer.NONE;
  private Loop.@Nullable Timer pause;
  private @Nullable Runnable owed;

  Line(Loop loop, Events on) {
    this.loop = loop;
    this.on = on;
  }

  void open(Transport transport, URI url, String token) {
    if (over) {
      return;
    }
    timer.cancel();
    timer = loop.after(OPENING, () -> end(LineEnd.closed(4408, "no welcome")));
    socket = transport.open(url, token, new Listener());
  }

  void send(Json.Text text) {
    if (socket != null && !over) {
      socket.send(text.text());
    }
  }

  /** Says again what may be lost: at once, but once a second at most. */
  void paced(Runnable say) {
    if (over || pause != null) {
      owed = say;
      return;
    }
    pause = loop.after(PACE, this::paceOver);
    say.run();
  }

  private void paceOver() {
    pause = null;
    var next = owed;
    owed = null;
    if (next != null) {
      paced(next);
    }
  }

  /** The jobs that its hello named. */
  Map<String, Long> named() {
    return named;
  }

  /** The welcome; before it, null. */
  @Nullable Frame greeting() {
    return greeting;
  }

  /** Over which a message is not sent; null: nothing is said of one. */
  @Nullable Limit limit() {
    return limit;
  }

  long openedAt() {
    return openedAt;
  }

  /** Whether it stays only for answers that are still to come. */
  boolean leaving() {
    return leaving;
  }

  /** Ends it soon, for the sake of a successor. */
  void leave() {
    if (!leaving) {
      leaving = true;
      left = loop.after(LEAVING, () -> end(LineEnd.closed(1000, "left")));
    }
  }

  /** Ends it without a word to anybody here. */
  void drop() {
    if (!over) {
      stop();
    }
  }

  /** Ends it as if the server had closed it. */
  void end(LineEnd ending) {
    if (!over) {
      stop();
      on.closed(this, ending);
    }
  }

  private void stop() {
    over = true;
    timer.cancel();
    left.cancel();
    if (pause != null) {
      pause.cancel();
    }
    if (socket != null) {
      socket.close();
    }
  }

  private void hello() {
    named = on.hello();
    var frame = Json.object().put("type", "hello").put("id", "hello");
    var numbers = frame.putObject("last_seq");
    named.forEach(numbers::put);
    send(Json.write(frame));
  }

  private void take(String text) {
    heardAt = loop.millis();
    var frame = Json.frame(text);
    if (frame == null) {
      return;
    }
    if (greeting != null) {
      on.frame(this, frame);
    } else if (frame.is("welcome")) {
      welcome(frame);
    } else if (frame.is("error") && "hello".equals(frame.requestId())) {
      var error = frame.error();
      int code = error.code().equals("UNAUTHORIZED") ? 4401 : error.retryable() ? 1006 : 1002;
      long after = error.retryAfter() == null ? 0 : error.retryAfter();
      end(new LineEnd(code, error.code() + ": " + error.message(), 0, after));
    } else if (!frame.type().isEmpty()) {
      held.add(frame);
    } else {
      // API Gateway lost the hello
      paced(() -> {
        if (greeting == null) {
          hello();
        }
      });
    }
  }

  private void welcome(Frame frame) {
    greeting = frame;
    limit = limit(frame);
    openedAt = loop.millis();
    timer.cancel();
    beat(Math.max(1, frame.millis("heartbeat_ms", HEARTBEAT)));
    on.welcome(this);
    var early = List.copyOf(held);
    held.clear();
    for (var one : early) {
      if (!over) {
        on.frame(this, one);
      }
    }
  }

  private @Nullable Limit limit(Frame welcome) {
    var ofMessage = Limit.of(welcome, "max_message_bytes");
    var ofFrame = Limit.of(welcome, "max_frame_bytes");
    if (ofFrame == null
        || socket == null
        || socket.limitFrames((int) Math.min(ofFrame.bytes(), Integer.MAX_VALUE))) {
      return ofMessage;
    }
    return ofMessage != null && ofMessage.bytes() <= ofFrame.bytes() ? ofMessage : ofFrame;
  }

  private void beat(long every) {
    timer =
        loop.after(
            every,
            () -> {
              if (loop.millis() - heardAt >= 2 * every) {
                end(LineEnd.closed(4408, "silent for two heartbeats"));
              } else {
                send(PING);
                beat(every);
              }
            });
  }

  /** From the transport's threads to the loop. */
  private final class Listener implements Transport.SocketListener {
    @Override
    public void opened() {
      ifNotOver(Line.this::hello);
    }

    @Override
    public void text(String text) {
      // a frame of no bytes means nothing
      if (!text.isEmpty()) {
        ifNotOver(() -> take(text));
      }
    }

    @Override
    public void refused(int status, String body) {
      ifNotOver(() -> end(LineEnd.refused(status, body)));
    }

    @Override
    public void closed(int code, String reason) {
      ifNotOver(() -> end(LineEnd.closed(code, reason)));
    }

    private void ifNotOver(Runnable task) {
      loop.run(() -> {
        if (!over) {
          task.run();
        }
      });
    }
  }
}
