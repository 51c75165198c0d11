package io.streamer.client;

import io.streamer.client.internal.Comeback;
import io.streamer.client.internal.Frame;
import io.streamer.client.internal.LineEnd;
import io.streamer.client.internal.Loop;
import io.streamer.client.internal.TokenAsk;
import java.net.URI;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.DoubleSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Keeps one line open: opens the next one when the last is lost, and before it is due to end. */
final class Link {
  private static final long CALM = 60_000;
  private static final Pattern HEADER = Pattern.compile("[\\x21-\\x7e]+");

  /** What is told of it, on the loop. */
  interface Events {
    Map<String, Long> hello();

    /** A line is ready; the one that it follows stays for what is still to be answered on it. */
    void welcome(Line line, @Nullable Line before);

    void frame(Line line, Frame frame);

    void lost(Line line, String reason);

    /** No other line will come by itself. */
    void closed(String reason);

    void state(ConnectionState state);
  }

  private final URI url;
  private final Transport transport;
  private final TokenAsk tokens;
  private final Loop loop;
  private final DoubleSupplier random;
  private final Events on;

  private volatile ConnectionState state =
      new ConnectionState.Closed("not connected yet", OptionalInt.empty(), OptionalInt.empty());
  private @Nullable Line current;
  private @Nullable Line next;
  private boolean left;
  private int tries;
  private int attempt;
  private Loop.Timer timer = Loop.Timer.NONE;
  private @Nullable Long goawayAt;

  Link(URI url, Transport transport, TokenAsk tokens, Loop loop, DoubleSupplier random, Events on) {
    this.url = url;
    this.transport = transport;
    this.tokens = tokens;
    this.loop = loop;
    this.random = random;
    this.on = on;
  }

  /** May be read from any thread. */
  ConnectionState state() {
    return state;
  }

  @Nullable Line current() {
    return current;
  }

  /** By its user: nothing but its user opens it again. */
  boolean left() {
    return left;
  }

  boolean newTokens() {
    return tokens.renews();
  }

  void come() {
    left = false;
    connect();
  }

  void leave() {
    left = true;
    close("closed by its user", OptionalInt.empty(), OptionalInt.empty());
  }

  /** Connects unless it does so already. */
  void connect() {
    if (state instanceof ConnectionState.Closed || state instanceof ConnectionState.Waiting) {
      open();
    }
  }

  /** Makes the next line, and drops this one when the next is welcome. */
  void renew() {
    if (next == null) {
      open();
    }
  }

  private void close(String reason, OptionalInt code, OptionalInt status) {
    attempt++;
    timer.cancel();
    if (next != null) {
      next.drop();
    }
    if (current != null) {
      current.drop();
    }
    next = null;
    current = null;
    // whoever connects again when told must not lose what is asked from then on
    on.closed(reason);
    tell(new ConnectionState.Closed(reason, code, status));
  }

  private void open() {
    timer.cancel();
    goawayAt = null;
    int mine = ++attempt;
    var line = new Line(loop, new LineEvents());
    next = line;
    if (current == null) {
      tell(new ConnectionState.Connecting());
    }
    tokens.ask(
        token -> {
          var bare = token.trim();
          if (mine == attempt && !HEADER.matcher(bare).matches()) {
            // whoever carries it might say it in an error
            line.end(LineEnd.closed(1006, "the token cannot stand in a header"));
          } else if (mine == attempt) {
            line.open(transport, url, bare);
          }
        },
        why -> {
          if (mine == attempt) {
            line.end(LineEnd.closed(1006, why));
          }
        });
  }

  private void welcome(Line line, Frame greeting) {
    var old = current;
    current = line;
    next = null;
    if (old != null) {
      old.leave();
    }
    timer.cancel();
    long age = greeting.millis("max_age_ms", 0);
    if (age > 0) {
      later(age / 10 * 9, this::renew);
    }
    tell(new ConnectionState.Open(greeting.json().path("session").asText()));
    on.welcome(line, old);
  }

  private void take(Line line, Frame frame) {
    if (!frame.is("goaway")) {
      on.frame(line, frame);
    } else if (line == current) {
      long wait = frame.millis("reconnect_in_ms", 0);
      goawayAt = loop.millis() + wait;
      later(wait, this::renew);
    }
  }

  private void closed(Line line, LineEnd ending) {
    boolean wasNext = line == next;
    boolean wasCurrent = line == current;
    if (wasNext) {
      next = null;
    }
    if (wasCurrent) {
      current = null;
      if (loop.millis() - line.openedAt() >= CALM) {
        tries = 0;
      }
    }
    on.lost(line, ending.reason());
    if (next != null && wasCurrent) {
      tell(new ConnectionState.Connecting());
    } else if (wasNext || wasCurrent) {
      again(ending);
    }
  }

  private void again(LineEnd ending) {
    var how = Comeback.of(ending.code(), ending.status());
    boolean hopeless = how == Comeback.NEVER || (how == Comeback.TOKEN && !tokens.renews());
    // what refuses a second line does not end the first
    if (hopeless && current == null) {
      close(
          ending.reason(),
          OptionalInt.of(ending.code()),
          ending.status() == 0 ? OptionalInt.empty() : OptionalInt.of(ending.status()));
      return;
    }
    // behind a goaway its moment counts
    long due =
        how == Comeback.RESTART && goawayAt != null
            ? goawayAt - loop.millis()
            : how.delay(tries, random.getAsDouble());
    long wait = Math.max(0, Math.max(due, ending.after()));
    tries++;
    later(wait, this::open);
    if (current == null) {
      tell(new ConnectionState.Waiting(loop.now().plusMillis(wait), ending.reason()));
    }
  }

  private void later(long wait, Runnable what) {
    timer.cancel();
    timer = loop.after(wait, what);
  }

  private void tell(ConnectionState now) {
    state = now;
    on.state(now);
  }

  private final class LineEvents implements Line.Events {
    @Override
    public Map<String, Long> hello() {
      return on.hello();
    }

    @Override
    public void welcome(Line line) {
      var greeting = line.greeting();
      if (greeting != null) {
        Link.this.welcome(line, greeting);
      }
    }

    @Override
    public void frame(Line line, Frame frame) {
      take(line, frame);
    }

    @Override
    public void closed(Line line, LineEnd ending) {
      Link.this.closed(line, ending);
    }
  }
}
