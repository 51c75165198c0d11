package io.streamer.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.streamer.client.internal.Json;
import io.streamer.client.internal.Loop;
import io.streamer.client.internal.SharedLoop;
import io.streamer.client.internal.SharedThreads;
import io.streamer.client.internal.Teller;
import io.streamer.client.internal.TokenAsk;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A client of Streamer's gateway. It connects with its first request, and may be used from any
 * thread. One client is enough for a process: its requests share a connection.
 */
public final class StreamerClient implements AutoCloseable {
  private static final long CLOSING_SECONDS = 2;

  private final Loop loop;
  private final Json json;
  private final Session session;
  private final long wait;
  private final long answer;
  private final List<Consumer<ConnectionState>> listeners = new CopyOnWriteArrayList<>();

  private StreamerClient(Builder made, Threads threads) {
    this.loop = threads.loop();
    this.json = new Json(made.mapper);
    this.wait = made.waitTime.toMillis();
    this.answer = made.answerTime.toMillis();
    var teller = new Teller(threads.told());
    if (made.tokens == null) {
      throw new IllegalStateException("a client needs a token");
    }
    var tokens = made.tokens.apply(loop, threads.aside());
    var log = made.log;
    Consumer<ConnectionState> states =
        state -> {
          log.log(ClientLog.Level.INFO, "the connection is " + state);
          teller.tell(() -> listeners.forEach(listener -> listener.accept(state)));
        };
    this.session =
        new Session(
            new Session.Parts(
                made.url,
                made.transport != null ? made.transport : JdkTransport.shared(),
                tokens,
                loop,
                teller,
                json,
                threads.random()),
            new Asks.Terms(true, false, wait, answer),
            states);
  }

  /**
   * Begins to make a client.
   *
   * @param url {@code ws:} or {@code wss:}
   * @throws IllegalArgumentException for another one
   */
  public static Builder builder(URI url) {
    return new Builder(url);
  }

  /** As {@link #builder(URI)}. */
  public static Builder builder(String url) {
    return new Builder(URI.create(url));
  }

  /** How the connection stands. */
  public ConnectionState state() {
    return session.state();
  }

  /** Tells each change of the connection's state; gives what ends it. */
  public Runnable onState(Consumer<ConnectionState> listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  /** Connects now, also after the connection was closed for good. */
  public void connect() {
    loop.run(session::connect);
  }

  /** Leaves. What is not answered fails; jobs go on without this client. */
  @Override
  public void close() {
    var done = new CountDownLatch(1);
    // behind what is done now, which may be what tells the caller of a loss
    loop.run(() -> {
      session.close();
      done.countDown();
    });
    if (loop.here()) {
      return;
    }
    try {
      var unused = done.await(CLOSING_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Asks for an action, with the usual options. */
  public Job request(String action, @Nullable Object payload) {
    return request(action, payload, new RequestOptions());
  }

  /**
   * Asks for an action. What is given back has the result, be it a job's or not.
   *
   * @param payload a {@link JsonNode}, a map, a record, or what else the client's mapper writes;
   *     none if null
   * @throws IllegalArgumentException if the payload cannot be written as JSON
   */
  public Job request(String action, @Nullable Object payload, RequestOptions options) {
    var id = options.id != null ? options.id : UUID.randomUUID().toString();
    var job = new Job(session, options, id, action);
    var frame = Json.object().put("type", "request").put("id", id).put("action", action);
    options.into(frame);
    var ask =
        new Asks.Ask(
            id,
            json.write(frame, payload),
            new Asks.Terms(
                options.retry == Retry.JOB,
                false,
                options.wait != null ? options.wait.toMillis() : wait,
                options.answer != null ? options.answer.toMillis() : answer),
            (answered, line) -> session.answered(job, answered, line),
            job::fail);
    boolean fragile = options.onDisconnect == OnDisconnect.CANCEL;
    loop.run(() -> session.request(job, ask, fragile));
    return job;
  }

  /** Follows a job with all its frames. */
  public Job attach(String jobId) {
    return attach(jobId, new AttachOptions());
  }

  /** Follows a job: one of the same user's, or of the tenant's with the permission for it. */
  public Job attach(String jobId, AttachOptions options) {
    var job = new Job(session, options, null, null);
    loop.run(() -> session.attach(job, jobId, options));
    return job;
  }

  /** How a job stands: any that the caller may see. */
  public CompletableFuture<JobSnapshot> status(String jobId) {
    return session.question("status", "job_id", jobId);
  }

  /** How the job of a request of the caller's own stands. */
  public CompletableFuture<JobSnapshot> statusOfRequest(String requestId) {
    return session.question("status", "request_id", requestId);
  }

  /**
   * What runs a client's work.
   *
   * @param told runs what callers have given
   * @param aside runs what may take its time
   * @param random from 0 to 1
   */
  record Threads(Loop loop, Executor told, Executor aside, DoubleSupplier random) {}

  /**
   * Asks for a job to stop, whoever's it is that the caller may stop; says how it stands. {@link
   * Job#cancel()} waits for its end.
   */
  public CompletableFuture<JobSnapshot> cancel(String jobId) {
    return session.question("cancel", "job_id", jobId);
  }

  /** Asks for the job of a request of the caller's own to stop; says how it stands. */
  public CompletableFuture<JobSnapshot> cancelOfRequest(String requestId) {
    return session.question("cancel", "request_id", requestId);
  }

  /** How a client is made. */
  public static final class Builder {
    private static final Duration WAIT = Duration.ofSeconds(30);
    private static final Duration ANSWER = Duration.ofSeconds(60);

    private final URI url;
    private @Nullable BiFunction<Loop, Executor, TokenAsk> tokens;
    private @Nullable Transport transport;
    private @Nullable ObjectMapper mapper;
    private @Nullable Executor executor;
    private ClientLog log = (level, message) -> {};
    private Duration waitTime = WAIT;
    private Duration answerTime = ANSWER;

    private Builder(URI url) {
      var scheme = String.valueOf(url.getScheme());
      if (!scheme.equals("ws") && !scheme.equals("wss")) {
        throw new IllegalArgumentException("the address begins with ws: or wss:, not " + scheme);
      }
      this.url = url;
    }

    /** A JWT that holds as long as the client is used. */
    public Builder token(String jwt) {
      tokens = (loop, aside) -> TokenAsk.fixed(jwt);
      return this;
    }

    /** What gives the token: it is asked before each connect. */
    public Builder token(TokenSource gives) {
      tokens = (loop, aside) -> TokenAsk.from(gives::token, loop, aside);
      return this;
    }

    /** What carries the texts; the JDK's HTTP client unless said. */
    public Builder transport(Transport other) {
      transport = other;
      return this;
    }

    /**
     * Writes payloads, and reads results as types. Unless said, names are in snake case and unknown
     * ones are let pass.
     */
    public Builder mapper(ObjectMapper other) {
      mapper = other;
      return this;
    }

    /**
     * Calls listeners and completes futures, one at a time; a thread that clients share unless
     * said.
     */
    public Builder executor(Executor other) {
      executor = other;
      return this;
    }

    /** Hears what the client does. */
    public Builder log(ClientLog listener) {
      log = listener;
      return this;
    }

    /** How long a request waits for a connection; 30 seconds unless said. */
    public Builder waitTime(Duration most) {
      waitTime = most;
      return this;
    }

    /** Until when an answer or an acknowledgment must be there; 60 seconds unless said. */
    public Builder answerTime(Duration most) {
      answerTime = most;
      return this;
    }

    /**
     * Makes it. It connects with its first request.
     *
     * @throws IllegalStateException without a token
     */
    public StreamerClient build() {
      var threads = new SharedThreads();
      return build(
          new Threads(
              new SharedLoop(threads, failure -> log.log(ClientLog.Level.WARNING, failure)),
              executor != null ? executor : threads,
              threads,
              () -> ThreadLocalRandom.current().nextDouble()));
    }

    StreamerClient build(Threads threads) {
      return new StreamerClient(this, threads);
    }
  }
}
