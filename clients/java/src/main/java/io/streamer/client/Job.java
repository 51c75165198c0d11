package io.streamer.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamer.client.internal.EventQueue;
import io.streamer.client.internal.Frame;
import io.streamer.client.internal.Json;
import io.streamer.client.internal.Loop;
import io.streamer.client.internal.Names;
import io.streamer.client.internal.Problem;
import io.streamer.client.internal.Teller;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A request, or a job that is followed. May be used from any thread. Its futures are completed one
 * at a time by what also calls the listeners: code behind them must not block.
 */
public final class Job {
  private static final long END = 1_000;
  private static final List<String> MADE_OF =
      List.of(
          "request_id",
          "job_id",
          "seq",
          "percentage",
          "message",
          "attempt",
          "result",
          "result_url",
          "error");

  private final Home home;
  private final FollowOptions<?> options;
  private final EventQueue<JobEvent> queue;
  private final Result result = new Result();
  private final CompletableFuture<Optional<String>> accepted = new CompletableFuture<>();
  private final AtomicReference<@Nullable Progress> untold = new AtomicReference<>();

  private volatile @Nullable String requestId;
  private volatile @Nullable String jobId;
  private volatile @Nullable String action;
  private volatile JobState state = JobState.SENT;
  private volatile @Nullable Progress progress;
  private volatile JsonNode metadata = Json.object();
  private volatile JobTimes times;
  private volatile boolean ended;

  // what follows belongs to the loop

  /** Its frames come to this connection as its owner's. */
  boolean own;

  /** It is cancelled when its owner is away. */
  boolean fragile;

  /** The highest number that was applied. */
  long seq;

  @Nullable Set<FrameKind> kinds;

  /** The hello or subscribe that tells how it stands; frames wait for it. */
  @Nullable Object attaching;

  /** The next hello names it alone. */
  boolean alone;

  /** A frame of it stands for the acknowledgment, which may be lost: nothing else may come. */
  boolean unconfirmed;

  private final List<Runnable> atAcceptance = new ArrayList<>();
  private final List<Runnable> atEnd = new ArrayList<>();
  private final List<Frame> held = new ArrayList<>();
  private boolean settled;
  private boolean silent;
  private boolean left;
  private Loop.@Nullable Timer expecting;

  Job(Home home, FollowOptions<?> options, @Nullable String requestId, @Nullable String action) {
    this.home = home;
    this.options = options;
    this.requestId = requestId;
    this.action = action;
    this.times = new JobTimes(home.loop().now(), null, null, null);
    LongConsumer onVoid = options.voided == null ? after -> {} : options.voided;
    this.queue = new EventQueue<>(options.buffer, JobEvent::seq, onVoid, home.teller());
    if (options.event != null) {
      readAll(options.event, options.lost == null ? e -> {} : options.lost);
    }
  }

  private void readAll(Consumer<JobEvent> reader, Consumer<StreamerException> behind) {
    var all =
        new EventQueue.Reader<JobEvent>() {
          @Override
          public void event(JobEvent event) {
            reader.accept(event);
          }

          @Override
          public void lost(long count) {
            behind.accept(eventsLost(count));
          }

          @Override
          public void end() {}
        };
    queue.read(all);
    queue.more(all, Long.MAX_VALUE);
  }

  /** Its request's id; of a job that was attached to, as soon as the server has told it. */
  public Optional<String> requestId() {
    return Optional.ofNullable(requestId);
  }

  /** As soon as it has one; {@link #accepted()} waits for it. */
  public Optional<String> jobId() {
    return Optional.ofNullable(jobId);
  }

  /** Its action's name; of a job that was attached to, as soon as the server has told it. */
  public Optional<String> action() {
    return Optional.ofNullable(action);
  }

  /** How it stands now; it may have moved on when this returns. */
  public JobState state() {
    return state;
  }

  /** Whether its end is known; a large result may still be on its way. */
  public boolean ended() {
    return ended;
  }

  /** The newest, if there was any. */
  public Optional<Progress> progress() {
    return Optional.ofNullable(progress);
  }

  /** What the job annotated its result with: an object. */
  public JsonNode metadata() {
    return metadata;
  }

  /** When what happened to it, so far. */
  public JobTimes times() {
    return times;
  }

  /**
   * Its result, be it a job's or not; fails with {@link StreamerException}. To cancel the future
   * cancels the job, or ends the following of one that was attached to.
   */
  public CompletableFuture<JsonNode> result() {
    return result;
  }

  /**
   * Its result, read by the client's mapper; fails with {@link StreamerException}, with the code
   * {@link StreamerException#RESULT_UNAVAILABLE} where it cannot be read as that. To cancel the
   * future does what it does with {@link #result()}.
   */
  public <R> CompletableFuture<R> result(Class<R> type) {
    var typed = new Typed<R>();
    var unused =
        result.whenComplete((value, e) -> {
          if (e != null) {
            typed.completeExceptionally(e);
          } else {
            read(typed, type, value);
          }
        });
    return typed;
  }

  private <R> void read(Typed<R> typed, Class<R> type, JsonNode value) {
    try {
      typed.complete(home.json().to(type, value));
    } catch (JsonProcessingException e) {
      var problem =
          Problem.of(
              StreamerException.RESULT_UNAVAILABLE,
              "the result is no " + type.getSimpleName() + ": " + e.getOriginalMessage());
      typed.completeExceptionally(new StreamerException(problem, names(), e));
    }
  }

  /**
   * Waits for its result.
   *
   * @throws StreamerException if it failed
   * @throws IllegalStateException in a listener, which the result would wait for
   */
  public JsonNode await() throws InterruptedException {
    return wait(result);
  }

  /**
   * Waits for its result.
   *
   * @throws StreamerException if it failed, or its result is not of the type
   * @throws IllegalStateException in a listener, which the result would wait for
   */
  public <R> R await(Class<R> type) throws InterruptedException {
    return wait(result(type));
  }

  private <R> R wait(CompletableFuture<R> future) throws InterruptedException {
    if (home.teller().here() && !future.isDone()) {
      throw new IllegalStateException("a listener must not wait for a result: it would never come");
    }
    try {
      return future.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof StreamerException ours) {
        throw ours;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  /** The job's id once it is accepted as one; empty if it was answered on the spot. */
  public CompletableFuture<Optional<String>> accepted() {
    return accepted.thenApply(id -> id);
  }

  /**
   * Its events, oldest first, each to one subscriber; one subscriber at a time. What a later
   * attempt voids is left out, if it is not read yet. Completes with the job, whichever way that
   * ends; fails with {@link StreamerException#EVENTS_LOST} where more came than are kept, and gives
   * what is left to the next subscriber.
   */
  public Flow.Publisher<JobEvent> events() {
    return new EventPublisher(this, queue);
  }

  /**
   * Asks the server how the job stands, once it is accepted as one. Fails with {@link
   * StreamerException}: {@code NOT_FOUND} if there is no such job any more, {@link
   * StreamerException#CONNECTION_LOST} if no answer comes.
   */
  public CompletableFuture<JobSnapshot> status() {
    var answer = new CompletableFuture<JobSnapshot>();
    home.loop()
        .run(() ->
            whenAccepted(() ->
                askStatus(
                    snapshot -> tell(() -> answer.complete(snapshot)),
                    problem -> failLater(answer, problem))));
    return answer;
  }

  /**
   * Asks for the job to stop, and waits for its end. Fails with {@link StreamerException}: {@code
   * FORBIDDEN} if the caller may not, {@link StreamerException#CONNECTION_LOST} if no answer comes.
   *
   * @return true if it was cancelled, false if it ended otherwise before
   */
  public CompletableFuture<Boolean> cancel() {
    var answer = new CompletableFuture<Boolean>();
    home.loop().run(() -> cancel(answer));
    return answer;
  }

  private void cancel(CompletableFuture<Boolean> answer) {
    if (!settled && home.takeBack(this)) {
      fail(Problem.of("CANCELLED", "cancelled before it was sent"));
    }
    whenAccepted(() -> {
      Runnable proof = () -> tell(() -> answer.complete(state == JobState.CANCELLED));
      if (settled || left) {
        proof.run();
      } else {
        atEnd.add(proof);
        home.ask(
            Json.object().put("type", "cancel").put("job_id", jobId),
            // the end may overtake the answer
            frame -> expectEnd(new JobSnapshot(frame.data())),
            problem -> failLater(answer, problem));
      }
    });
  }

  /**
   * Follows it no longer. The job itself goes on; who waits for it here gets {@link
   * StreamerException#ABORTED}.
   */
  public void unsubscribe() {
    home.loop()
        .run(() -> {
          failLater(result, Problem.of(StreamerException.ABORTED, "no longer followed"));
          home.unwatch(this);
          leave();
        });
  }

  // from here on: on the loop

  /** Whether its end was applied. */
  boolean settled() {
    return settled;
  }

  /** The answer to its request, or the acknowledgment. */
  void answered(Frame frame) {
    tellFrame(frame.json());
    if (frame.is("error")) {
      fail(frame.error());
    } else if (frame.is("acknowledgment")) {
      var id = frame.jobId();
      if (id != null) {
        accept(id);
      }
      look(new JobSnapshot(frame.snapshot()));
    } else {
      var value = frame.data();
      end(JobState.SUCCEEDED, () -> result.complete(value));
    }
  }

  void accept(String id) {
    if (jobId == null) {
      jobId = id;
      times = times.withAccepted(home.loop().now());
      move(JobState.ACCEPTED);
      home.moved(this);
      acceptance();
    }
  }

  private void acceptance() {
    var id = Optional.ofNullable(jobId);
    if (!accepted.isDone()) {
      tell(() -> accepted.complete(id));
    }
    var waiting = List.copyOf(atAcceptance);
    atAcceptance.clear();
    waiting.forEach(Runnable::run);
  }

  private void whenAccepted(Runnable task) {
    if (jobId != null || settled || left) {
      task.run();
    } else {
      atAcceptance.add(task);
    }
  }

  /** How it stands, from a welcome or a subscription. */
  void attached(Frame.Attached attached) {
    unconfirmed = false;
    var snapshot = new JobSnapshot(attached.snapshot());
    if (requestId == null) {
      requestId = snapshot.requestId();
    }
    if (action == null) {
      action = snapshot.action();
    }
    attached.events().forEach(this::apply);
    look(snapshot);
    if (!attached.hasMore()) {
      release();
    }
  }

  /** Lets the frames go that waited for an answer. */
  private void release() {
    attaching = null;
    var all = List.copyOf(held);
    held.clear();
    all.forEach(this::apply);
  }

  /** Whether it has seen more than the server knows: the job lives anew. */
  boolean mayBeAhead(JobSnapshot snapshot) {
    return snapshot.ended() ? snapshot.seq() < seq : Frame.epoch(snapshot.seq()) < Frame.epoch(seq);
  }

  /** What it has seen is void, all of it. */
  void restart() {
    seq = 0;
    progress = null;
    queue.rewind(0);
  }

  void take(Frame frame) {
    if (attaching != null) {
      held.add(frame);
    } else {
      apply(frame);
    }
  }

  private void apply(Frame frame) {
    // a worker that lost its job has a lower epoch, and so has all it sends
    if (settled || frame.seq() <= seq || !wants(frame.type())) {
      return;
    }
    seq = frame.seq();
    tellFrame(frame.json());
    switch (frame.type()) {
      case "progress" -> step(new JobSnapshot(frame.json()), frame.json().path("metadata"));
      case "event" -> {
        move(JobState.RUNNING);
        queue.push(new JobEvent(frame.json().path("name").asText(), frame.data(), seq));
      }
      case "rewind" -> queue.rewind(frame.afterSeq());
      case "complete" -> {
        if (frame.json().path("metadata").isObject()) {
          metadata = frame.json().path("metadata");
        }
        succeed(frame.json());
      }
      case "error" -> fail(frame.error());
      default -> {
        // of a later version
      }
    }
  }

  private boolean wants(String type) {
    var kind =
        switch (type) {
          case "progress" -> FrameKind.PROGRESS;
          case "event", "rewind" -> FrameKind.EVENT;
          default -> FrameKind.TERMINAL;
        };
    return kind == FrameKind.TERMINAL || kinds == null || kinds.contains(kind);
  }

  private void look(JobSnapshot snapshot) {
    var now = progress;
    double shown = now == null ? 0 : now.percentage();
    if (snapshot.ended()) {
      expectEnd(snapshot);
    } else if (snapshot.attempt() > 0 && (snapshot.seq() > seq || snapshot.percentage() > shown)) {
      if (wants("progress")) {
        tellFrame(made("progress", snapshot));
      }
      step(snapshot, MissingNode.getInstance());
    }
  }

  private void step(JobSnapshot said, JsonNode notes) {
    var before = progress;
    double shown = before == null ? 0 : before.percentage();
    var now =
        new Progress(
            Math.max(said.percentage(), shown),
            said.message(),
            Math.max(1, said.attempt()),
            notes.isObject() ? notes : Json.object());
    progress = now;
    move(JobState.RUNNING);
    var listener = options.progress;
    if (listener != null && !silent && untold.getAndSet(now) == null) {
      tell(() -> {
        var newest = untold.getAndSet(null);
        if (newest != null) {
          listener.accept(newest);
        }
      });
    }
  }

  /**
   * The end follows; where it does not, as behind an end that was there before, it is asked for.
   */
  private void expectEnd(JobSnapshot snapshot) {
    if (snapshot.ended() && !settled && expecting == null) {
      expecting =
          home.loop()
              .after(
                  END,
                  () -> {
                    if (attaching == null) {
                      askStatus(answer -> endAs(answer, snapshot), problem -> expecting = null);
                    } else {
                      expectEndAgain(snapshot);
                    }
                  });
    }
  }

  private void endAs(JobSnapshot answer, JobSnapshot before) {
    if (attaching != null) {
      expectEndAgain(before);
      return;
    }
    expecting = null;
    if (answer.json().path("error").isObject()) {
      tellFrame(made("error", answer));
      fail(Problem.of(answer.json().path("error")));
    } else if (answer.ended()) {
      tellFrame(made("complete", answer));
      succeed(answer.json());
    }
  }

  /** What came before the end is still to be read. */
  private void expectEndAgain(JobSnapshot snapshot) {
    expecting = null;
    expectEnd(snapshot);
  }

  /** What stands for a frame that did not come. */
  private static JsonNode made(String type, JobSnapshot snapshot) {
    var frame = Json.object().put("type", type);
    for (var name : MADE_OF) {
      if (snapshot.json().has(name)) {
        frame.set(name, snapshot.json().get(name));
      }
    }
    return frame;
  }

  private void tellFrame(JsonNode frame) {
    var listener = options.frame;
    if (listener != null && !silent && !settled) {
      tell(() -> listener.accept(frame));
    }
  }

  private void askStatus(Consumer<JobSnapshot> answered, Consumer<Problem> failed) {
    var frame = Json.object().put("type", "status");
    if (jobId != null) {
      frame.put("job_id", jobId);
    } else {
      frame.put("request_id", requestId);
    }
    home.ask(frame, answer -> answered.accept(new JobSnapshot(answer.data())), failed);
  }

  private void succeed(JsonNode outcome) {
    var url = outcome.path("result_url");
    if (!url.isTextual()) {
      var value = outcome.path("result");
      end(JobState.SUCCEEDED, () -> result.complete(value));
    } else if (options.fetch) {
      end(JobState.SUCCEEDED, () -> {});
      fetch(url.asText());
    } else {
      var value = Json.object().put("result_url", url.asText());
      end(JobState.SUCCEEDED, () -> result.complete(value));
    }
  }

  private void fetch(String url) {
    new LargeResult(
            home,
            options.mostResultBytes,
            address ->
                askStatus(
                    snapshot -> address.accept(snapshot.resultUrl().orElse(url)),
                    problem -> address.accept(url)))
        .fetch(
            url,
            value -> tell(() -> result.complete(value)),
            (problem, cause) ->
                tell(() ->
                    result.completeExceptionally(new StreamerException(problem, names(), cause))));
  }

  /** It cannot be followed. */
  void refused(Frame frame) {
    tellFrame(frame.json());
    fail(frame.error());
  }

  void fail(Problem problem) {
    var error = new StreamerException(problem, names());
    end(
        problem.code().equals("CANCELLED") ? JobState.CANCELLED : JobState.FAILED,
        () -> result.completeExceptionally(error));
  }

  private void end(JobState as, Runnable settle) {
    if (!settled) {
      settled = true;
      ended = true;
      times = times.withEnded(home.loop().now());
      if (expecting != null) {
        expecting.cancel();
      }
      move(as);
      queue.end();
      acceptance();
      home.moved(this);
      tell(settle);
      silent = true;
      proofs();
    }
  }

  private void proofs() {
    var waiting = List.copyOf(atEnd);
    atEnd.clear();
    waiting.forEach(Runnable::run);
  }

  private void leave() {
    left = true;
    silent = true;
    queue.silence();
    acceptance();
    proofs();
  }

  /** By a future that was cancelled. */
  private void abort() {
    if (settled) {
      return;
    }
    silent = true;
    queue.silence();
    if (own) {
      cancel(new CompletableFuture<>());
    } else {
      home.unwatch(this);
      leave();
    }
  }

  private void move(JobState now) {
    if (now == JobState.RUNNING && times.firstProgress() == null) {
      times = times.withFirstProgress(home.loop().now());
    }
    state = now;
  }

  private void tell(Runnable what) {
    home.teller().tell(what);
  }

  private void failLater(CompletableFuture<?> future, Problem problem) {
    var error = new StreamerException(problem, names());
    tell(() -> future.completeExceptionally(error));
  }

  StreamerException eventsLost(long count) {
    return new StreamerException(
        Problem.of(StreamerException.EVENTS_LOST, count + " events were not read in time")
            .with("count", count),
        names());
  }

  private Names names() {
    return new Names(requestId, jobId);
  }

  /** What a job's handle needs of its client. */
  interface Home {
    Loop loop();

    Teller teller();

    Json json();

    Transport transport();

    /** Asks, on the loop; an answer that is an error has failed. */
    void ask(ObjectNode frame, Consumer<Frame> answered, Consumer<Problem> failed);

    /** Takes a request back that was not sent yet; false if it was. */
    boolean takeBack(Job job);

    /** The job's id or its end is new. */
    void moved(Job job);

    void unwatch(Job job);

    double random();
  }

  /** To cancel it cancels the job. */
  private final class Result extends CompletableFuture<JsonNode> {
    @Override
    public boolean cancel(boolean mayInterrupt) {
      boolean first = super.cancel(mayInterrupt);
      if (first) {
        home.loop().run(Job.this::abort);
      }
      return first;
    }
  }

  /** The same for a result of a type. */
  private final class Typed<R> extends CompletableFuture<R> {
    @Override
    public boolean cancel(boolean mayInterrupt) {
      boolean first = super.cancel(mayInterrupt);
      return result.cancel(mayInterrupt) || first;
    }
  }
}
