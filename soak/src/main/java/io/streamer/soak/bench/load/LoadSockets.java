package io.streamer.soak.bench.load;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Sockets to one server that all ask the same. One thread owns it: the times of its answers are
 * those of a client that does little else.
 */
final class LoadSockets {
  /** Ids in use at a time; more than may ever be unanswered. */
  private static final int IDS = 1 << 20;

  /**
   * A prime above all ids: as a step between those that are asked about it leads to each of them.
   */
  private static final long FAR = 15_485_863;

  private static final int HANDSHAKES = 8;
  private static final int ADDRESSES = 10;
  private static final int SPACE = 1 << 20;

  /** How late a question of a fixed rate may be: less would take a core for looking at the time. */
  private static final long LATE_NANOS = 50_000;

  private static final long PATIENCE_NANOS = 10_000_000_000L;

  /** On a busy machine a job may wait for the start that follows one which failed: 10 s later. */
  private static final long JOB_PATIENCE_NANOS = 60_000_000_000L;

  /** From being turned away to the next try. */
  private static final long COME_BACK_NANOS = 500_000_000;

  private final Selector selector;
  private final List<LoadSocket> peers = new ArrayList<>();
  private final Question question;
  private final Reply reply;
  private final byte[] space = new byte[SPACE];
  private final ByteBuffer out = ByteBuffer.allocateDirect(SPACE);
  private final long[] dueAt = new long[IDS];
  private final Latencies latencies = new Latencies();
  private final int ids;
  private final long step;
  private int id;
  private long asked;
  private long answered;
  private long refused;

  /** Where requests become jobs that are followed to their end. */
  private @Nullable FollowedJobs jobs;

  /**
   * Nobody yet.
   *
   * @param reply what the server answers with, if all is well
   */
  LoadSockets(Question question, Reply reply) throws IOException {
    this(question, reply, IDS, 1);
  }

  private LoadSockets(Question question, Reply reply, int ids, long step) throws IOException {
    this.selector = Selector.open();
    this.question = question;
    this.reply = reply;
    this.ids = ids;
    this.step = step;
  }

  /**
   * Nobody yet; they will ask how jobs are.
   *
   * @param jobs how many, whose requests have the ids from 0 on: each is asked about in turn, in no
   *     order. More than are ever unanswered
   */
  static LoadSockets aboutStatus(int jobs) throws IOException {
    return new LoadSockets(Question.status(), Reply.RESPONSE, Math.min(jobs, IDS), FAR);
  }

  /**
   * Opens so many sockets, a few at a time; tells the time that each took.
   *
   * @param tokens take turns
   */
  Latencies open(URI door, List<String> tokens, int sockets)
      throws IOException, InterruptedException {
    var failed = new ConcurrentLinkedQueue<IOException>();
    var times =
        open(
            sockets,
            one -> {
              try {
                return failed.isEmpty()
                    ? Optional.of(LoadSocket.open(door, tokens.get(one % tokens.size())))
                    : Optional.empty();
              } catch (IOException e) {
                failed.add(e);
                return Optional.empty();
              }
            });
    if (!failed.isEmpty()) {
      throw failed.element();
    }
    return times;
  }

  private Latencies open(int sockets, IntFunction<Optional<LoadSocket>> way)
      throws IOException, InterruptedException {
    var left = new AtomicInteger(sockets);
    var opened = new ConcurrentLinkedQueue<LoadSocket>();
    var took = new ConcurrentLinkedQueue<Long>();
    var threads = new ArrayList<Thread>();
    for (int i = 0; i < HANDSHAKES; i++) {
      threads.add(
          Thread.ofPlatform()
              .start(() -> {
                for (int one = left.getAndDecrement(); one > 0; one = left.getAndDecrement()) {
                  long begun = System.nanoTime();
                  way.apply(one)
                      .ifPresent(peer -> {
                        took.add(System.nanoTime() - begun);
                        opened.add(peer);
                      });
                }
              }));
    }
    for (var thread : threads) {
      thread.join();
    }
    for (var peer : opened) {
      peers.add(peer);
      peer.channel().register(selector, SelectionKey.OP_READ, peer);
    }
    var times = new Latencies();
    took.forEach(times::add);
    return times;
  }

  /**
   * Opens so many sockets from ten addresses and keeps them open, while each asks every so often,
   * one after the other at even times: how many were turned away at first, could not be opened at
   * all, and were lost, and how many questions were answered how fast.
   */
  JsonObject hold(URI door, List<String> tokens, int sockets, long ms, long everyMs)
      throws IOException, InterruptedException {
    var from = new ArrayList<InetAddress>();
    for (int i = 1; i <= ADDRESSES; i++) {
      from.add(InetAddress.ofLiteral("127.0.0." + i));
    }
    var away = new AtomicInteger();
    long begun = System.nanoTime();
    open(
        sockets,
        one -> patiently(door, tokens.get(one % tokens.size()), from.get(one % from.size()), away));
    double seconds = (System.nanoTime() - begun) / 1e9;
    var lost = new HashSet<LoadSocket>();
    keep(everyMs * 1_000_000 / Math.max(1, peers.size()), ms * 1_000_000, lost);
    return new JsonObject()
        .put("per_second", peers.size() / seconds)
        .put("turned_away", away.doubleValue())
        .put("unopened", (double) sockets - peers.size())
        .put("lost", (double) lost.size())
        .put("asked", (double) asked)
        .put("answered", (double) (answered - refused))
        .put("p50_us", latencies.micros(0.5))
        .put("p99_us", latencies.micros(0.99));
  }

  /** Who is turned away comes back, as clients do. */
  private static Optional<LoadSocket> patiently(
      URI door, String token, InetAddress from, AtomicInteger away) {
    long until = System.nanoTime() + PATIENCE_NANOS;
    while (true) {
      try {
        return Optional.of(LoadSocket.open(door, token, Optional.of(from)));
      } catch (IOException _) {
        away.incrementAndGet();
        if (System.nanoTime() >= until) {
          return Optional.empty();
        }
        LockSupport.parkNanos(COME_BACK_NANOS);
      }
    }
  }

  private void keep(long eachNanos, long nanos, Set<LoadSocket> lost) throws IOException {
    long end = System.nanoTime() + nanos;
    int turn = 0;
    for (long due = System.nanoTime(); due < end && !peers.isEmpty(); due += eachNanos) {
      answersUntil(due, lost);
      var peer = peers.get(turn++ % peers.size());
      if (!lost.contains(peer)) {
        ask(due, peer, lost);
      }
    }
    long until = System.nanoTime() + PATIENCE_NANOS;
    while (answered < asked && System.nanoTime() < until) {
      answersUntil(System.nanoTime() + 1_000_000, lost);
    }
  }

  private void ask(long due, LoadSocket peer, Set<LoadSocket> lost) {
    ask(due);
    try {
      send(peer);
    } catch (IOException _) {
      out.clear();
      lost.add(peer);
    }
  }

  /** Each asks again as soon as it is answered, so many questions at a time. */
  JsonObject closed(long pid, int inFlight, long warmMs, long ms) throws IOException {
    asked = 0;
    answered = 0;
    for (var peer : peers) {
      for (int i = 0; i < inFlight; i++) {
        ask(System.nanoTime());
      }
      send(peer);
    }
    answersUntil(System.nanoTime() + warmMs * 1_000_000, true);
    var window = new Window(pid);
    answersUntil(System.nanoTime() + ms * 1_000_000, true);
    var said = window.end();
    drain();
    return said;
  }

  /** Questions since the last order to ask began. */
  long asked() {
    return asked;
  }

  /** So many questions a second at fixed times, whatever becomes of those before. */
  JsonObject rate(long pid, int perSecond, long warmMs, long ms) throws IOException {
    asked = 0;
    answered = 0;
    long each = 1_000_000_000L / perSecond;
    var next = questions(System.nanoTime(), each, System.nanoTime() + warmMs * 1_000_000);
    var window = new Window(pid);
    questions(next, each, System.nanoTime() + ms * 1_000_000);
    var said = window.end();
    drain();
    return said;
  }

  /**
   * So many requests a second at fixed times, one on each socket in turn, that become jobs: each is
   * followed to its end, also behind the time in which they are sent.
   */
  JsonObject jobs(int perSecond, long warmMs, long ms) throws IOException {
    asked = 0;
    answered = 0;
    var times = new JobTimes();
    jobs = times;
    try {
      long each = 1_000_000_000L / perSecond;
      var next = questions(System.nanoTime(), each, System.nanoTime() + warmMs * 1_000_000);
      times.clear();
      questions(next, each, System.nanoTime() + ms * 1_000_000);
      drain(JOB_PATIENCE_NANOS);
      return times.said();
    } finally {
      jobs = null;
    }
  }

  /**
   * So many requests at once, one on each socket in turn, that become jobs which count: each is
   * followed to its end, which is awaited for as long again.
   *
   * @param last the number to which each counts
   * @param ms how long that takes
   */
  JsonObject progress(long pid, int number, int last, long ms) throws IOException {
    asked = 0;
    answered = 0;
    var counted = new CountedProgress(last, InstantSource.system());
    jobs = counted;
    try {
      long cpu = ProcessUsage.cpuMicros(pid);
      long begun = System.nanoTime();
      for (int i = 0; i < number; i++) {
        ask(begun);
        send(peers.get(i % peers.size()));
      }
      answersUntil(begun + ms * 1_000_000, false);
      long micros = ProcessUsage.cpuMicros(pid) - cpu;
      double seconds = (System.nanoTime() - begun) / 1e9;
      long frames = counted.frames();
      drain(ms * 1_000_000 + JOB_PATIENCE_NANOS);
      return counted
          .said()
          .put("frames_per_second", frames / seconds)
          .put("cpu_us", (double) micros / Math.max(1, frames));
    } finally {
      jobs = null;
    }
  }

  private long questions(long first, long each, long until) throws IOException {
    long due = first;
    while (System.nanoTime() < until) {
      while (due <= System.nanoTime()) {
        ask(due);
        send(peers.get((int) (asked % peers.size())));
        due += each;
      }
      if (selector.selectNow() > 0) {
        takeAll(false);
      } else {
        LockSupport.parkNanos(Math.min(LATE_NANOS, due - System.nanoTime()));
      }
    }
    return due;
  }

  /** Does nothing but answer pings. */
  void rest(long ms) throws IOException {
    answersUntil(System.nanoTime() + ms * 1_000_000, false);
  }

  private void drain() throws IOException {
    drain(PATIENCE_NANOS);
  }

  private void drain(long patience) throws IOException {
    long until = System.nanoTime() + patience;
    while (answered < asked && System.nanoTime() < until) {
      answersUntil(System.nanoTime() + 1_000_000, false);
    }
    if (answered < asked) {
      var open = (asked - answered) + " questions of " + asked + " have no answer";
      var following = jobs;
      throw new IOException(
          following == null ? open : open + ", " + following.running() + " of them accepted");
    }
  }

  private void answersUntil(long until, boolean again) throws IOException {
    for (long left = until - System.nanoTime(); left > 0; left = until - System.nanoTime()) {
      if (selector.select(Math.max(1, left / 1_000_000)) > 0) {
        takeAll(again);
      }
    }
  }

  /** The same, where a connection may end. */
  private void answersUntil(long until, Set<LoadSocket> lost) throws IOException {
    for (long left = until - System.nanoTime(); left > 0; left = until - System.nanoTime()) {
      if (selector.select(Math.max(1, left / 1_000_000)) > 0) {
        for (var key : selector.selectedKeys()) {
          var peer = (LoadSocket) key.attachment();
          try {
            peer.receive(space, (bytes, from, to) -> take(bytes, from, to, false));
          } catch (IOException _) {
            lost.add(peer);
            key.cancel();
          }
        }
        selector.selectedKeys().clear();
      }
    }
  }

  private void takeAll(boolean again) throws IOException {
    var keys = selector.selectedKeys();
    for (var key : keys) {
      var peer = (LoadSocket) key.attachment();
      peer.receive(space, (bytes, from, to) -> take(bytes, from, to, again));
      if (again) {
        send(peer);
      }
    }
    keys.clear();
  }

  private void take(byte[] bytes, int from, int to, boolean again) {
    long now = System.nanoTime();
    int of = Question.id(bytes, from, to);
    if (of < 0) {
      return;
    }
    var following = jobs;
    if (following != null) {
      if (following.take(of, dueAt[of & (IDS - 1)], now, bytes, from, to)) {
        answered++;
      }
      return;
    }
    answered++;
    latencies.add(now - dueAt[of & (IDS - 1)]);
    if (!reply.is(bytes, from, to)) {
      refused++;
    }
    if (again) {
      ask(now);
    }
  }

  /** Puts a question among those that are sent next. */
  private void ask(long due) {
    id = (int) ((id + step) % ids);
    dueAt[id] = due;
    question.write(id, out);
    asked++;
  }

  private void send(LoadSocket peer) throws IOException {
    if (out.position() > 0) {
      peer.send(out.flip());
      out.clear();
    }
  }

  void close() throws IOException {
    for (var peer : peers) {
      peer.close();
    }
    selector.close();
  }

  /** A time in which what happens counts. */
  private final class Window {
    private final long pid;
    private final long cpu;
    private final long answeredBefore;
    private final long begun;

    Window(long pid) throws IOException {
      this.pid = pid;
      latencies.clear();
      refused = 0;
      answeredBefore = answered;
      cpu = ProcessUsage.cpuMicros(pid);
      begun = System.nanoTime();
    }

    JsonObject end() throws IOException {
      long nanos = System.nanoTime() - begun;
      long micros = ProcessUsage.cpuMicros(pid) - cpu;
      long trips = Math.max(1, answered - answeredBefore);
      return new JsonObject()
          .put("cpu_us", (double) micros / trips)
          .put("per_second", trips * 1e9 / nanos)
          .put("p50_us", latencies.micros(0.5))
          .put("p99_us", latencies.micros(0.99))
          .put("refused", refused);
    }
  }
}
