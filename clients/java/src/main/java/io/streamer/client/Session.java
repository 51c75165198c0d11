package io.streamer.client;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamer.client.internal.Frame;
import io.streamer.client.internal.Json;
import io.streamer.client.internal.Loop;
import io.streamer.client.internal.Names;
import io.streamer.client.internal.Problem;
import io.streamer.client.internal.Teller;
import io.streamer.client.internal.TokenAsk;
import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a client knows of its jobs, and what it says about them on each line. */
final class Session implements Job.Home {
  private static final int MOST_JOBS_OF_HELLO = 64;
  private static final long AGAIN = 2_000;
  private static final Set<String> ANSWERS =
      Set.of("response", "acknowledgment", "error", "welcome");

  /** What it is made of. */
  record Parts(
      URI url,
      Transport transport,
      TokenAsk tokens,
      Loop loop,
      Teller teller,
      Json json,
      DoubleSupplier random) {}

  private final Parts parts;
  private final Asks.Terms usual;
  private final Link link;
  private final Asks asks;
  private final Map<String, List<Job>> jobs = new LinkedHashMap<>();
  private Hellos hellos = new Hellos();

  /** Those of one line behind its first: said one at a time, as the server takes no more. */
  private static final class Hellos {
    /** For one, or for the answer to the one that is under way. */
    final List<Job> waiting = new ArrayList<>();

    boolean busy;

    /** The jobs that the next one names. */
    List<Job> next() {
      waiting.removeIf(job -> !equals(job.attaching));
      int most = Math.min(waiting.size(), MOST_JOBS_OF_HELLO);
      for (int at = 0; at < most; at++) {
        if (waiting.get(at).alone) {
          most = Math.max(at, 1);
        }
      }
      return List.copyOf(waiting.subList(0, most));
    }
  }

  /**
   * @param usual how its own questions are asked
   * @param states hears each change, on the loop
   */
  Session(Parts parts, Asks.Terms usual, Consumer<ConnectionState> states) {
    this.parts = parts;
    this.usual = usual;
    this.link =
        new Link(
            parts.url(),
            parts.transport(),
            parts.tokens(),
            parts.loop(),
            parts.random(),
            new LinkEvents(states));
    this.asks = new Asks(parts.loop(), link);
  }

  /** May be read from any thread. */
  ConnectionState state() {
    return link.state();
  }

  void connect() {
    link.come();
  }

  void close() {
    link.leave();
  }

  void request(Job job, Asks.Ask ask, boolean fragile) {
    job.own = true;
    job.fragile = fragile;
    if (asks.get(ask.id) != null) {
      job.fail(Problem.of("DUPLICATE_REQUEST", "a request with this id is under way here"));
    } else {
      asks.add(ask);
    }
  }

  void attach(Job job, String jobId, AttachOptions options) {
    job.seq = options.afterSeq;
    job.kinds = options.kinds;
    job.accept(jobId);
    if (link.left()) {
      job.fail(Problem.of(StreamerException.CLIENT_CLOSED, "the client was closed"));
    } else if (link.current() == null) {
      link.connect();
    } else {
      subscribe(job, job.seq);
    }
  }

  /** Asks about a job; the answer is how it stands. */
  CompletableFuture<JobSnapshot> question(String type, String name, String value) {
    var answer = new CompletableFuture<JobSnapshot>();
    var names = name.equals("job_id") ? new Names(null, value) : new Names(value, null);
    loop()
        .run(() ->
            ask(
                Json.object().put("type", type).put(name, value),
                frame -> teller().tell(() -> answer.complete(new JobSnapshot(frame.data()))),
                problem -> {
                  var error = new StreamerException(problem, names);
                  teller().tell(() -> answer.completeExceptionally(error));
                }));
    return answer;
  }

  @Override
  public Loop loop() {
    return parts.loop();
  }

  @Override
  public Teller teller() {
    return parts.teller();
  }

  @Override
  public Json json() {
    return parts.json();
  }

  @Override
  public Transport transport() {
    return parts.transport();
  }

  @Override
  public double random() {
    return parts.random().getAsDouble();
  }

  @Override
  public void ask(ObjectNode frame, Consumer<Frame> answered, Consumer<Problem> failed) {
    ask(
        frame,
        usual,
        () -> true,
        (answer, line) -> {
          if (answer.is("error")) {
            failed.accept(answer.error());
          } else {
            answered.accept(answer);
          }
        },
        failed);
  }

  private void ask(
      ObjectNode frame,
      Asks.Terms terms,
      BooleanSupplier wanted,
      Asks.Answered answered,
      Consumer<Problem> failed) {
    var id = UUID.randomUUID().toString();
    var ask = new Asks.Ask(id, Json.write(frame.put("id", id)), terms, answered, failed);
    ask.question = !terms.bound();
    ask.wanted = wanted;
    asks.add(ask);
  }

  /**
   * Asks what belongs to this line alone.
   *
   * @param wanted whether it is to be said again
   */
  private void askHere(ObjectNode frame, BooleanSupplier wanted, Asks.Answered answered) {
    ask(
        frame,
        new Asks.Terms(true, true, usual.waitMs(), usual.answerMs()),
        wanted,
        answered,
        problem -> {});
  }

  /** Does it once a refusal's time is over, unless another line is there by then. */
  private void again(Line line, Problem problem, Runnable what) {
    var wait = problem.retryAfter();
    var unused =
        loop()
            .after(
                wait == null ? AGAIN : wait,
                () -> {
                  if (line == link.current()) {
                    what.run();
                  }
                });
  }

  @Override
  public boolean takeBack(Job job) {
    var ask = job.jobId().isPresent() ? null : asks.get(job.requestId().orElse(null));
    if (ask == null || ask.sent > 0) {
      return false;
    }
    asks.remove(ask);
    return true;
  }

  @Override
  public void moved(Job job) {
    job.jobId()
        .ifPresent(id -> {
          var all = new ArrayList<>(jobs(id));
          all.remove(job);
          if (!job.settled()) {
            all.add(job);
          }
          put(id, all);
        });
  }

  @Override
  public void unwatch(Job job) {
    var id = job.jobId().orElse(null);
    if (id != null && !job.settled()) {
      job.attaching = null;
      var others = new ArrayList<>(jobs(id));
      others.remove(job);
      put(id, others);
      if (!job.own && link.current() != null) {
        unsubscribe(id);
      }
    }
  }

  private void unsubscribe(String id) {
    if (!jobs(id).isEmpty()) {
      // somebody follows it still, or again
      return;
    }
    askHere(
        Json.object().put("type", "unsubscribe").put("job_id", id),
        () -> jobs(id).isEmpty(),
        (answer, line) -> {
          if (answer.is("error") && answer.error().retryable()) {
            again(line, answer.error(), () -> unsubscribe(id));
          } else if (line == link.current()) {
            // of those who follow it again meanwhile
            jobs(id).forEach(job -> subscribe(job, job.seq));
          }
        });
  }

  private List<Job> followed() {
    return jobs.values().stream().flatMap(List::stream).collect(Collectors.toList());
  }

  private List<Job> jobs(@Nullable String id) {
    return id == null ? List.of() : jobs.getOrDefault(id, List.of());
  }

  private void put(String id, List<Job> all) {
    if (all.isEmpty()) {
      jobs.remove(id);
    } else {
      jobs.put(id, List.copyOf(all));
    }
  }

  /** The jobs that a hello names: its own, first those that need an owner. */
  private Map<String, Long> hello() {
    var named = new LinkedHashMap<String, Long>();
    jobs.entrySet().stream()
        .filter(entry -> entry.getValue().stream().anyMatch(job -> job.own))
        .sorted(
            Comparator.comparing(entry -> entry.getValue().stream().noneMatch(job -> job.fragile)))
        .limit(MOST_JOBS_OF_HELLO)
        .forEach(entry -> named.put(entry.getKey(), lastSeq(entry.getValue())));
    return named;
  }

  private static long lastSeq(List<Job> all) {
    return all.stream().mapToLong(job -> job.seq).min().orElse(0);
  }

  private void welcome(Line line, @Nullable Line before) {
    hellos = new Hellos();
    var named = line.named();
    var greeting = line.greeting();
    if (greeting != null) {
      var these =
          followed().stream().filter(job -> isNamed(job, named)).collect(Collectors.toList());
      resumed(named, these, greeting);
    }
    var others =
        followed().stream().filter(job -> !isNamed(job, named)).collect(Collectors.toList());
    helloOf(others.stream().filter(job -> job.fragile).collect(Collectors.toList()));
    for (var job : others) {
      if (!job.fragile) {
        subscribe(job, job.seq);
      }
    }
    asks.flush(before);
  }

  private static boolean isNamed(Job job, Map<String, Long> named) {
    return named.containsKey(job.jobId().orElse(""));
  }

  private void resumed(Map<String, Long> named, List<Job> all, Frame greeting) {
    var found = new HashMap<String, Frame.Attached>();
    greeting
        .jobs()
        .forEach(attached -> found.put(new JobSnapshot(attached.snapshot()).jobId(), attached));
    boolean recovered = greeting.json().path("recovered").asBoolean(true);
    for (var job : all) {
      var attached = found.get(job.jobId().orElse(""));
      if (attached == null) {
        // gone, or not to be read just now: the answer to this tells
        subscribe(job, job.seq);
      } else if (!recovered && job.mayBeAhead(new JobSnapshot(attached.snapshot()))) {
        ahead(job, attached, named.size() == 1);
      } else {
        attached(job, attached);
      }
    }
  }

  /** Its number is above the job's. Other jobs named with it may be why it is not recovered. */
  private void ahead(Job job, Frame.Attached attached, boolean alone) {
    if (alone) {
      job.restart();
      attached(job, attached);
    } else {
      job.alone = true;
      helloOf(List.of(job));
    }
  }

  private void attached(Job job, Frame.Attached attached) {
    job.attached(attached);
    if (attached.hasMore() && !job.settled()) {
      subscribe(job, attached.next());
    }
  }

  /** Makes this line the owner's of jobs that its first hello did not name. */
  private void helloOf(List<Job> all) {
    for (var job : all) {
      job.attaching = hellos;
      job.unconfirmed = false;
    }
    hellos.waiting.addAll(all);
    sayHello(hellos);
  }

  private void sayHello(Hellos these) {
    var said = these.busy ? List.<Job>of() : these.next();
    if (said.isEmpty()) {
      return;
    }
    these.busy = true;
    var named = new LinkedHashMap<String, Long>();
    said.forEach(job -> named.merge(job.jobId().orElse(""), job.seq, Long::min));
    var frame = Json.object().put("type", "hello");
    var numbers = frame.putObject("last_seq");
    named.forEach(numbers::put);
    Runnable following =
        () -> {
          these.busy = false;
          sayHello(these);
        };
    askHere(
        frame,
        () -> true,
        (answer, line) -> {
          if (answer.is("error") && answer.error().retryable()) {
            again(line, answer.error(), following);
          } else {
            these.waiting.removeAll(said);
            answered(
                named,
                said.stream()
                    .filter(job -> these.equals(job.attaching))
                    .collect(Collectors.toList()),
                answer);
            following.run();
          }
        });
  }

  private void answered(Map<String, Long> named, List<Job> all, Frame answer) {
    all.forEach(job -> job.alone = false);
    if (answer.is("error")) {
      all.forEach(job -> subscribe(job, job.seq));
    } else {
      resumed(named, all, answer);
    }
  }

  private void subscribe(Job job, long after) {
    var turn = new Object();
    job.attaching = turn;
    var id = job.jobId().orElse("");
    var frame = Json.object().put("type", "subscribe").put("job_id", id).put("after_seq", after);
    var kinds = kinds(jobs(id));
    if (kinds != null) {
      var names = frame.putArray("frames");
      kinds.forEach(kind -> names.add(kind.wire()));
    }
    BooleanSupplier wanted = () -> turn.equals(job.attaching) && !job.settled();
    askHere(
        frame,
        wanted,
        (answer, line) -> {
          if (!wanted.getAsBoolean()) {
            return;
          }
          if (!answer.is("error")) {
            attached(job, new Frame.Attached(answer.data()));
          } else if (answer.error().retryable()) {
            again(
                line,
                answer.error(),
                () -> {
                  if (wanted.getAsBoolean()) {
                    subscribe(job, after);
                  }
                });
          } else {
            job.refused(answer);
          }
        });
  }

  /** What all handles of a job want together; null: everything. */
  private static @Nullable Set<FrameKind> kinds(List<Job> all) {
    var wanted = EnumSet.of(FrameKind.TERMINAL);
    for (var job : all) {
      if (job.kinds == null) {
        return null;
      }
      wanted.addAll(job.kinds);
    }
    return wanted;
  }

  /** The answer to a request, or its acknowledgment. */
  void answered(Job job, Frame frame, Line line) {
    boolean known = !jobs(frame.jobId()).isEmpty();
    job.answered(frame);
    var current = link.current();
    if (frame.is("acknowledgment") && !job.settled() && current != null) {
      if (line != current) {
        // acknowledged on the line that was left
        helloOf(List.of(job));
      } else if (known && frame.json().path("status").asText().equals("duplicate")) {
        // what this connection has had for another handle is not sent again
        subscribe(job, job.seq);
      }
    }
  }

  private void take(Line line, Frame frame) {
    var ask = asks.get(frame.requestId());
    var jobId = frame.jobId();
    if (frame.type().isEmpty()) {
      lostOne(line);
    } else if (jobId != null && frame.numbered()) {
      if (ask != null && jobs(jobId).isEmpty()) {
        // it overtook its acknowledgment, and stands for it
        asks.answer(
            ask, new Frame(Json.object().put("type", "acknowledgment").put("job_id", jobId)), line);
        jobs(jobId).forEach(job -> job.unconfirmed = line == link.current());
      }
      jobs(jobId).forEach(job -> job.take(frame));
    } else if (ask != null && ANSWERS.contains(frame.type())) {
      asks.answer(ask, frame, line);
    } else if (frame.is("acknowledgment")) {
      jobs(jobId).forEach(job -> job.unconfirmed = false);
    }
  }

  /** API Gateway lost a frame, and does not say which. */
  private void lostOne(Line line) {
    asks.repeat(line);
    if (line == link.current()) {
      // it may be the request of a job whose frames have come
      helloOf(followed().stream().filter(job -> job.unconfirmed).collect(Collectors.toList()));
    }
  }

  private void closed(String reason) {
    asks.failAll(reason);
    var code = link.left() ? StreamerException.CLIENT_CLOSED : StreamerException.CONNECTION_LOST;
    followed().forEach(job -> job.fail(Problem.of(code, reason).mayHaveStarted()));
  }

  private final class LinkEvents implements Link.Events {
    private final Consumer<ConnectionState> states;

    LinkEvents(Consumer<ConnectionState> states) {
      this.states = states;
    }

    @Override
    public Map<String, Long> hello() {
      return Session.this.hello();
    }

    @Override
    public void welcome(Line line, @Nullable Line before) {
      Session.this.welcome(line, before);
    }

    @Override
    public void frame(Line line, Frame frame) {
      take(line, frame);
    }

    @Override
    public void lost(Line line, String reason) {
      asks.lost(line, reason);
    }

    @Override
    public void closed(String reason) {
      Session.this.closed(reason);
    }

    @Override
    public void state(ConnectionState state) {
      states.accept(state);
    }
  }
}
