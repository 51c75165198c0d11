package io.streamer.soak;

import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The soak's users, and their jobs. Each user has two tabs, of which the second one sends again
 * what the first one gives it, and watchers that do not read.
 */
final class Crowd {
  private static final String TENANT = "soak";

  private final HttpClient http;
  private final Site site;
  private final Soak.Options options;
  private final Counts counts;
  private final Violations violations;
  private final long until;
  private final Random random;
  private final List<Followed> followed = Collections.synchronizedList(new ArrayList<>());
  private final List<Thread> threads = Collections.synchronizedList(new ArrayList<>());
  private int planned;
  private boolean done;

  /**
   * A crowd.
   *
   * @param until when it asks for no more jobs, in epoch milliseconds
   */
  Crowd(
      HttpClient http,
      Site site,
      Soak.Options options,
      Counts counts,
      Violations violations,
      long until) {
    this.http = http;
    this.site = site;
    this.options = options;
    this.counts = counts;
    this.violations = violations;
    this.until = until;
    this.random = new Random(options.seed());
  }

  /** Lets all of them come. */
  void come() {
    for (int i = 0; i < options.clients(); i++) {
      var user = new User(i);
      start("soak client " + i, user.client(user, i + 1));
      start("soak tab " + i, user.client(user.new SecondTab(), i + 1 + options.clients()));
    }
  }

  /** Whether somebody still waits for something. */
  boolean isThere() {
    return List.copyOf(threads).stream().anyMatch(Thread::isAlive);
  }

  /** Sends all of them home: they tell what they still wait for. */
  void leave() throws InterruptedException {
    for (var thread : List.copyOf(threads)) {
      thread.interrupt();
    }
    for (var thread : List.copyOf(threads)) {
      thread.join();
    }
  }

  /** Requests so far. */
  synchronized int planned() {
    return planned;
  }

  /** Every job, once for each who follows it. */
  List<Followed> followed() {
    return List.copyOf(followed);
  }

  private void start(String name, Runnable client) {
    threads.add(Thread.ofVirtual().name(name).start(client));
  }

  private synchronized Optional<Followed> next(User user) {
    done |= planned >= options.jobs() || System.currentTimeMillis() >= until;
    if (done) {
      return Optional.empty();
    }
    var id = Followed.id(options.seed(), planned);
    var kind = kind(planned++);
    var job = Followed.of(id, kind, random, violations::add);
    followed.add(job);
    if (kind == Kind.TWO_TABS) {
      user.again.add(also(job, Followed.Side.SECOND_TAB));
    } else if (kind == Kind.UNREAD) {
      start("soak watcher of " + id, user.watcher(job, also(job, Followed.Side.WATCHER)));
    }
    return Optional.of(job);
  }

  private Kind kind(int number) {
    // the first one as early as can be: it takes longest
    return options.unreadEvery() > 0 && number % options.unreadEvery() == 0
        ? Kind.UNREAD
        : Kind.of(number, random);
  }

  private Followed also(Followed job, Followed.Side side) {
    var other = job.asSeenBy(side);
    followed.add(other);
    return other;
  }

  private synchronized boolean done() {
    return done;
  }

  /** A user, whose first tab has what the crowd plans. */
  private final class User implements RequestPlan {
    private final Access access;
    private final Queue<Followed> again = new ConcurrentLinkedQueue<>();

    User(int number) {
      this.access = new Access(http, site::doors, site.token("user-" + number, TENANT));
    }

    SoakClient client(RequestPlan plan, long habits) {
      return new SoakClient(
          access,
          plan,
          counts,
          violations,
          new Random(options.seed() + habits),
          options.cutEvery().toMillis());
    }

    NeverReading watcher(Followed requested, Followed watched) {
      var habits = requested.requestId().hashCode();
      return new NeverReading(
          requested,
          watched,
          access,
          client(RequestPlan.of(), habits),
          counts,
          violations,
          new Random(habits));
    }

    @Override
    public Optional<Followed> next() {
      return Crowd.this.next(this);
    }

    @Override
    public boolean isDone() {
      return done();
    }

    final class SecondTab implements RequestPlan {
      @Override
      public Optional<Followed> next() {
        return Optional.ofNullable(again.poll());
      }

      @Override
      public boolean isDone() {
        return done() && again.isEmpty();
      }
    }
  }
}
