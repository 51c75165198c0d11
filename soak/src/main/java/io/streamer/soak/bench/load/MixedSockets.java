package io.streamer.soak.bench.load;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Sockets to one gateway that ask for what clients ask for, in fixed shares: answers on the spot,
 * jobs that are followed to their end, and how the job is that was accepted last. One thread owns
 * it.
 */
final class MixedSockets {
  /** One of so many requests is a job, and one asks for a status. */
  private static final int JOBS_EVERY = 50;

  private static final int STATUS_BEHIND = 25;

  /** Ids whose times are kept; more than may ever be unanswered. */
  private static final int IDS = 1 << 20;

  private static final int SPACE = 1 << 20;
  private static final long LATE_NANOS = 50_000;
  private static final long PATIENCE_NANOS = 60_000_000_000L;

  private final Selector selector = Selector.open();
  private final List<LoadSocket> peers = new ArrayList<>();
  private final Question echo;
  private final Question job;
  private final Question status = Question.status();
  private final byte[] space = new byte[SPACE];
  private final ByteBuffer out = ByteBuffer.allocateDirect(SPACE);
  private final long[] dueAt = new long[IDS];
  private final Latencies echoes = new Latencies();
  private final Latencies statuses = new Latencies();
  private final JobTimes jobs = new JobTimes();
  private int id;
  private int accepted;
  private long asked;
  private long answered;
  private long refused;
  private long lost;

  /** Whether each answer is followed by the next request on its socket. */
  private boolean again;

  private MixedSockets(String payload) throws IOException {
    this.echo = Question.of("plain", payload);
    this.job = Question.of("reporting", payload);
  }

  /** Opens so many sockets, one after the other. */
  static MixedSockets open(URI door, String token, String payload, int sockets) throws IOException {
    var all = new MixedSockets(payload);
    try {
      for (int i = 0; i < sockets; i++) {
        var peer = LoadSocket.open(door, token);
        all.peers.add(peer);
        peer.channel().register(all.selector, SelectionKey.OP_READ, peer);
      }
      return all;
    } catch (IOException e) {
      all.close();
      throw e;
    }
  }

  /**
   * Each socket asks again as soon as its request, or the job it became, has ended.
   *
   * @return how many a second came to a good end
   */
  double closed(long warmMs, long ms) throws IOException {
    again = true;
    for (var peer : peers) {
      ask(System.nanoTime());
      send(peer);
    }
    takeUntil(System.nanoTime() + warmMs * 1_000_000);
    jobs.clear();
    long before = answered - refused;
    long begun = System.nanoTime();
    takeUntil(begun + ms * 1_000_000);
    double ended = answered - refused - before - jobs.said().getDouble("refused");
    double perSecond = ended * 1e9 / (System.nanoTime() - begun);
    again = false;
    drain();
    return perSecond;
  }

  /** So many requests a second at fixed times, one on each socket in turn. */
  JsonObject rate(long pid, double perSecond, long ms) throws IOException {
    asked = 0;
    answered = 0;
    refused = 0;
    echoes.clear();
    statuses.clear();
    jobs.clear();
    long cpu = ProcessUsage.cpuMicros(pid);
    long begun = System.nanoTime();
    long end = begun + ms * 1_000_000;
    double each = 1e9 / perSecond;
    for (long now = begun; now < end; now = System.nanoTime()) {
      for (long due = begun + (long) (asked * each); due <= now; due = next(begun, each)) {
        ask(due);
        send(peers.get((int) (asked % peers.size())));
      }
      if (selector.selectNow() > 0) {
        takeAll();
      } else {
        LockSupport.parkNanos(LATE_NANOS);
      }
    }
    double seconds = (System.nanoTime() - begun) / 1e9;
    long micros = ProcessUsage.cpuMicros(pid) - cpu;
    long known = Math.max(1, answered);
    drain();
    var said = jobs.said();
    return new JsonObject()
        .put("per_second", asked / seconds)
        .put("cpu_us", (double) micros / known)
        .put("p50_us", echoes.micros(0.5))
        .put("p99_us", echoes.micros(0.99))
        .put("status_p99_us", statuses.micros(0.99))
        .put("jobs", said.getDouble("jobs"))
        .put("accepted_p99_ms", said.getDouble("accepted_p99_ms"))
        .put("result_p99_ms", said.getDouble("result_p99_ms"))
        .put("asked", (double) asked)
        .put("unanswered", (double) (asked - answered))
        .put("refused", refused + said.getDouble("refused"))
        .put("lost", (double) lost);
  }

  private long next(long begun, double each) {
    return begun + (long) (asked * each);
  }

  private void drain() throws IOException {
    long until = System.nanoTime() + PATIENCE_NANOS;
    while (answered < asked && System.nanoTime() < until) {
      takeUntil(System.nanoTime() + 1_000_000);
    }
  }

  private void takeUntil(long until) throws IOException {
    for (long left = until - System.nanoTime(); left > 0; left = until - System.nanoTime()) {
      if (selector.select(Math.max(1, left / 1_000_000)) > 0) {
        takeAll();
      }
    }
  }

  private void takeAll() {
    var keys = selector.selectedKeys();
    for (var key : keys) {
      var peer = (LoadSocket) key.attachment();
      try {
        peer.receive(space, this::take);
        send(peer);
      } catch (IOException _) {
        lose(peer, key);
      }
    }
    keys.clear();
  }

  private void take(byte[] bytes, int from, int to) {
    long now = System.nanoTime();
    int of = Question.id(bytes, from, to);
    if (of < 0) {
      return;
    }
    long due = dueAt[of & (IDS - 1)];
    if (isJob(of)) {
      if (Reply.ACKNOWLEDGMENT.is(bytes, from, to)) {
        accepted = of;
      }
      if (!jobs.take(of, due, now, bytes, from, to)) {
        return;
      }
    } else {
      (isStatus(of) ? statuses : echoes).add(now - due);
      if (!Reply.RESPONSE.is(bytes, from, to)) {
        refused++;
      }
    }
    answered++;
    if (again) {
      ask(now);
    }
  }

  private static boolean isJob(int number) {
    return number % JOBS_EVERY == 0;
  }

  private static boolean isStatus(int number) {
    return number % JOBS_EVERY == STATUS_BEHIND;
  }

  /** Puts a request among those that are sent next. */
  private void ask(long due) {
    id++;
    dueAt[id & (IDS - 1)] = due;
    if (isJob(id)) {
      job.write(id, out);
    } else if (isStatus(id) && accepted > 0) {
      status.write(id, accepted, out);
    } else {
      echo.write(id, out);
    }
    asked++;
  }

  /** A socket that has ended is asked no more, and what was asked there stays unanswered. */
  private void send(LoadSocket peer) {
    if (out.position() == 0) {
      return;
    }
    try {
      if (peer.channel().isOpen()) {
        peer.send(out.flip());
      }
    } catch (IOException _) {
      lose(peer, peer.channel().keyFor(selector));
    } finally {
      out.clear();
    }
  }

  private void lose(LoadSocket peer, SelectionKey key) {
    lost++;
    key.cancel();
    try {
      peer.close();
    } catch (IOException _) {
      // it has ended
    }
  }

  void close() throws IOException {
    for (var peer : peers) {
      peer.close();
    }
    selector.close();
  }
}
