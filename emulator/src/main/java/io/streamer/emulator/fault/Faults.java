package io.streamer.emulator.fault;

import io.streamer.emulator.aws.Timekeeper;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * What goes wrong on a stage at the moment. The stage's parts ask here at each occasion; tests and
 * {@code dev} change it while it runs. All methods may be called by any thread.
 */
public final class Faults {
  private final Timekeeper time;
  private final Holds holds;
  private final Consequences consequences = new Consequences();
  private final StoreFaults store = new StoreFaults(this);
  private final List<Consumer<Injected>> listeners = new CopyOnWriteArrayList<>();

  // all under this object's lock
  private final List<Trap> traps = new ArrayList<>();
  private final Map<String, Long> counts = new TreeMap<>();
  private FaultPlan plan = FaultPlan.NONE;
  private List<ArmedRule> armed = List.of();

  /** Nothing goes wrong until it is told so; windows of time are measured by this clock. */
  public Faults(Timekeeper time) {
    this.time = time;
    this.holds = new Holds(time);
  }

  /** Nothing goes wrong; by the machine's clock. */
  public static Faults none() {
    return new Faults(Timekeeper.system());
  }

  /** This goes wrong from now on, in place of what did. Traps and counts stay. */
  public void set(FaultPlan next) {
    synchronized (this) {
      plan = next;
      armed = List.of();
      next.rules().forEach(this::arm);
    }
    holds.release();
  }

  /** This goes wrong from now on, too. */
  public synchronized void add(FaultRule rule) {
    plan = plan.and(rule);
    arm(rule);
  }

  /** Nothing goes wrong any more: no rule, no trap, and what was held goes on. */
  public void clear() {
    synchronized (this) {
      traps.clear();
    }
    set(FaultPlan.NONE);
  }

  public synchronized FaultPlan plan() {
    return plan;
  }

  /**
   * Begins a trap: something that happens once, at exactly the first write that fits, whoever sends
   * it. The test runs on the proxy's event loop: it looks at the write and nothing else.
   */
  public Trap.Setting when(Predicate<StoreCall> write) {
    return new Trap.Setting(this, write);
  }

  /** How often each has gone wrong, by {@link Injected#kind}, such as {@code push status}. */
  public synchronized Map<String, Long> counts() {
    return Map.copyOf(counts);
  }

  /** How often that has gone wrong, such as {@code dynamodb lose_answer}. */
  public synchronized long count(String kind) {
    return counts.getOrDefault(kind, 0L);
  }

  /** Tells of each, on the thread it happens to; must not block. */
  public void onInjected(Consumer<Injected> listener) {
    listeners.add(listener);
  }

  /** What kills processes and splits shards: the stage's part in it. */
  public Consequences consequences() {
    return consequences;
  }

  /** For the proxy in front of DynamoDB. */
  public StoreFaults store() {
    return store;
  }

  /** What happens to a record of the stream; a split has happened when this returns. */
  public Optional<Fault.OfStream> record(String subject) {
    var found =
        ask(
            FaultRule.Stream.class,
            rule -> !(rule.then() instanceof Fault.LoseAnswer),
            FaultRule.Stream::then,
            subject);
    if (found.isPresent() && found.get() instanceof Fault.Split) {
      consequences.split();
      return Optional.empty();
    }
    return found;
  }

  /** Whether a function's answer about a batch does not arrive, so that it is given again. */
  public boolean losesAnswer(String subject) {
    return ask(
            FaultRule.Stream.class,
            rule -> rule.then() instanceof Fault.LoseAnswer,
            FaultRule.Stream::then,
            subject)
        .isPresent();
  }

  /** What happens to a call of a function. */
  public Optional<Fault.OfInvoke> invoke(String function) {
    return ask(
        FaultRule.Invoke.class,
        rule -> rule.function().map(function::equals).orElse(true),
        FaultRule.Invoke::then,
        function);
  }

  /** What happens to a frame on its way to a connection. */
  public Optional<Fault.OfPush> push(Door door, Sender from) {
    return ask(
        FaultRule.Push.class,
        rule ->
            rule.door().map(door::equals).orElse(true)
                && rule.from().map(from.role()::equals).orElse(true),
        FaultRule.Push::then,
        door.word() + " from " + from);
  }

  /** Whether a socket is cut now that something is to be sent to its client. */
  public boolean cuts(Door door) {
    return ask(
            FaultRule.Socket.class,
            rule -> rule.door().map(door::equals).orElse(true),
            FaultRule.Socket::then,
            door.word())
        .isPresent();
  }

  /** What happens to a {@code $disconnect}. */
  public Optional<Fault.OfDisconnect> disconnect(String connection) {
    return ask(FaultRule.Disconnect.class, _ -> true, FaultRule.Disconnect::then, connection);
  }

  /** Runs a task after that time, or when {@link #set} or {@link #clear} ends all waiting. */
  public void later(Duration pause, Runnable task) {
    var _ = holds.hold(pause).thenRun(task);
  }

  Holds holds() {
    return holds;
  }

  synchronized void set(Trap trap) {
    traps.add(trap);
  }

  /** Whether a write has to be looked at, and a request has to be read for that. */
  synchronized boolean watchesStore() {
    return !traps.isEmpty() || !armed.isEmpty();
  }

  synchronized Optional<Trap> trap(WriteMoment moment, StoreCall call) {
    var sprung = traps.stream().filter(trap -> trap.meets(moment, call)).findFirst();
    sprung.ifPresent(traps::remove);
    return sprung;
  }

  /**
   * Asks the rules of one kind. All that concern the occasion count it; the first that takes it
   * acts.
   */
  <R extends FaultRule, F extends Fault> Optional<F> ask(
      Class<R> kind, Predicate<R> concerns, Function<R, F> then, String subject) {
    Optional<ArmedRule> taken = Optional.empty();
    synchronized (this) {
      if (armed.isEmpty()) {
        return Optional.empty();
      }
      var now = time.now();
      for (var each : armed) {
        if (kind.isInstance(each.rule())
            && concerns.test(kind.cast(each.rule()))
            && each.meets(now)
            && taken.isEmpty()) {
          each.take(now);
          taken = Optional.of(each);
        }
      }
    }
    taken.ifPresent(
        each -> tell(new Injected(each.rule().at(), each.rule().then().word(), subject)));
    return taken.map(each -> then.apply(kind.cast(each.rule())));
  }

  /** The longest that a pause still lasts for such a request; zero if there is none. */
  synchronized Duration paused(StoreCall call) {
    var now = time.now();
    return armed.stream()
        .filter(
            each -> each.rule() instanceof FaultRule.Store rule && rule.requests().include(call))
        .map(each -> each.paused(now))
        .reduce(Duration.ZERO, (a, b) -> a.compareTo(b) < 0 ? b : a);
  }

  void tell(Injected injected) {
    synchronized (this) {
      counts.merge(injected.kind(), 1L, Long::sum);
    }
    listeners.forEach(listener -> listener.accept(injected));
  }

  private void arm(FaultRule rule) {
    var more = new ArrayList<>(armed);
    more.add(new ArmedRule(rule, plan.seed(), armed.size(), time.now()));
    armed = more;
  }
}
