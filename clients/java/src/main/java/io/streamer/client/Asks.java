package io.streamer.client;

import io.streamer.client.internal.Frame;
import io.streamer.client.internal.Json;
import io.streamer.client.internal.LineEnd;
import io.streamer.client.internal.Loop;
import io.streamer.client.internal.Problem;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What was asked and is not answered yet, sent or waiting for a line. */
final class Asks {
  private static final int MOST_WAITING = 1_000;
  private static final int MOST_SENT = 3;
  // API Gateway gives an answer that long, and then none any more
  private static final long GATEWAY = 30_000;
  private static final long LEAST_PUT_OFF = 100;

  /** What comes of it. */
  interface Answered {
    void answered(Frame frame, Line line);
  }

  /**
   * How it is asked.
   *
   * @param safe once more does no harm
   * @param bound it belongs to one line: whoever makes the next one asks anew
   * @param waitMs milliseconds to wait for a line
   * @param answerMs milliseconds until the answer must be there
   */
  record Terms(boolean safe, boolean bound, long waitMs, long answerMs) {}

  /** A frame that waits for its answer. */
  static final class Ask {
    final String id;
    final Json.Text text;
    final Terms terms;
    final Answered answered;
    final Consumer<Problem> failed;

    /** The client's own: asked again when it was refused because too much was under way. */
    boolean question;

    /** Whether it is to be said again. */
    BooleanSupplier wanted = () -> true;

    /** Milliseconds that it was put off for that. */
    long putOff;

    @Nullable Line line;
    int sent;
    boolean renewed;

    /** The line that may have lost it. */
    @Nullable Line doubted;

    Loop.Timer timer = Loop.Timer.NONE;

    Ask(String id, Json.Text text, Terms terms, Answered answered, Consumer<Problem> failed) {
      this.id = id;
      this.text = text;
      this.terms = terms;
      this.answered = answered;
      this.failed = failed;
    }
  }

  private final Loop loop;
  private final Link link;
  private final Map<String, Ask> asks = new LinkedHashMap<>();

  Asks(Loop loop, Link link) {
    this.loop = loop;
    this.link = link;
  }

  @Nullable Ask get(@Nullable String id) {
    return id == null ? null : asks.get(id);
  }

  void add(Ask ask) {
    if (link.left()) {
      ask.failed.accept(Problem.of(StreamerException.CLIENT_CLOSED, "the client was closed"));
    } else if (link.current() == null && waiting() >= MOST_WAITING) {
      ask.failed.accept(
          Problem.of(
                  StreamerException.TOO_MANY_WAITING,
                  MOST_WAITING + " requests wait for a connection")
              .retryable(true));
    } else {
      asks.put(ask.id, ask);
      send(ask);
    }
  }

  /** Takes it out, answered or not. */
  void remove(Ask ask) {
    ask.timer.cancel();
    asks.remove(ask.id);
    sweep(ask.line);
  }

  void answer(Ask ask, Frame frame, Line line) {
    // through API Gateway a connection outlives its token; nothing was done yet
    if (frame.is("error")
        && frame.error().code().equals("UNAUTHORIZED")
        && link.newTokens()
        && !ask.renewed) {
      if (ask.terms.bound()) {
        remove(ask);
      } else {
        ask.renewed = true;
        await(ask);
      }
      link.renew();
    } else if (!(ask.question && frame.is("error") && putOff(ask, frame.error()))) {
      remove(ask);
      ask.answered.answered(frame, line);
    }
  }

  /** A line is there: what waits is sent. */
  void flush(@Nullable Line before) {
    for (var ask : List.copyOf(asks.values())) {
      if (ask.line == null) {
        send(ask);
      }
    }
    sweep(before);
  }

  /** A line is gone, and with it the answers that would have come on it. */
  void lost(Line line, String reason) {
    for (var ask : on(line)) {
      if (ask.terms.bound()) {
        remove(ask);
      } else if (ask.terms.safe()) {
        send(ask);
      } else {
        fail(ask, reason);
      }
    }
  }

  /** API Gateway lost a frame, without a word which; what is said again may be lost as well. */
  void repeat(Line line) {
    line.paced(() -> repeatNow(line));
  }

  private void repeatNow(Line line) {
    for (var ask : on(line)) {
      if (ask.terms.safe() || ask.terms.bound()) {
        if (ask.wanted.getAsBoolean()) {
          line.send(ask.text);
        }
      } else if (ask.doubted != line) {
        ask.doubted = line;
        limit(ask, GATEWAY, () -> fail(ask, "no answer"));
      }
    }
  }

  void failAll(String reason) {
    for (var ask : List.copyOf(asks.values())) {
      fail(ask, reason);
    }
  }

  private void send(Ask ask) {
    var line = ask.terms.bound() && ask.line != null ? ask.line : link.current();
    if (line == null) {
      await(ask);
      link.connect();
      return;
    }
    var limit = line.limit();
    if (limit != null && ask.text.bytes() > limit.bytes()) {
      remove(ask);
      ask.failed.accept(
          Problem.of(
                  StreamerException.PAYLOAD_TOO_LARGE,
                  "the message has "
                      + ask.text.bytes()
                      + " bytes, and "
                      + limit.name()
                      + " is "
                      + limit.bytes())
              .with("size_bytes", ask.text.bytes())
              .with(limit.name(), limit.bytes()));
      return;
    }
    ask.line = line;
    ask.sent++;
    limit(
        ask,
        ask.terms.answerMs(),
        () -> {
          if (!ask.wanted.getAsBoolean()) {
            remove(ask);
          } else if (ask.terms.safe() && ask.sent < MOST_SENT) {
            send(ask);
          } else if (ask.terms.bound()) {
            // others wait behind it
            line.end(LineEnd.closed(4408, "no answer"));
          } else {
            fail(ask, "no answer");
          }
        });
    line.send(ask.text);
  }

  private void await(Ask ask) {
    ask.line = null;
    limit(ask, ask.terms.waitMs(), () -> fail(ask, "no connection in time" + why()));
  }

  /**
   * Nothing was done, as too much was under way: it is asked later, for as long as an answer may
   * take.
   */
  private boolean putOff(Ask ask, Problem problem) {
    var after = problem.retryAfter();
    if (!problem.code().equals("RATE_LIMITED") || after == null) {
      return false;
    }
    long wait = Math.max(after, LEAST_PUT_OFF);
    ask.putOff += wait;
    if (ask.putOff > ask.terms.answerMs()) {
      return false;
    }
    ask.sent--;
    limit(ask, wait, () -> send(ask));
    return true;
  }

  private String why() {
    var state = link.state();
    if (state instanceof ConnectionState.Waiting waiting) {
      return ": " + waiting.reason();
    }
    return state instanceof ConnectionState.Closed closed ? ": " + closed.reason() : "";
  }

  private void limit(Ask ask, long millis, Runnable over) {
    ask.timer.cancel();
    ask.timer = loop.after(millis, over);
  }

  private void fail(Ask ask, String reason) {
    remove(ask);
    ask.failed.accept(
        ask.sent > 0
            ? Problem.of(StreamerException.CONNECTION_LOST, reason)
                .retryable(ask.terms.safe())
                .mayHaveStarted()
            : Problem.of(StreamerException.NOT_CONNECTED, reason).retryable(true));
  }

  private long waiting() {
    return asks.values().stream().filter(ask -> ask.line == null).count();
  }

  private List<Ask> on(Line line) {
    return asks.values().stream().filter(ask -> ask.line == line).collect(Collectors.toList());
  }

  /** A line that was left is dropped once nothing is to come on it. */
  private void sweep(@Nullable Line line) {
    if (line != null && line.leaving() && on(line).isEmpty()) {
      line.drop();
    }
  }
}
