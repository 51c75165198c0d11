package io.streamer.gateway.connection;

import io.streamer.gateway.loop.Every;
import io.streamer.shared.protocol.ClientFrame.Kind;
import io.streamer.shared.protocol.Numbered;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongConsumer;

/**
 * The order of one connection's job frames: each job's numbers only rise, none goes out before the
 * answer that announces the job, and none that the connection did not ask for. Not thread-safe: the
 * connection's event loop owns it.
 */
final class JobFrames {
  /**
   * Jobs under way that are remembered; the longest untouched are forgotten first, but for those
   * whose answer is on the way.
   */
  private static final int MAX_JOBS = 2_048;

  /** Frames kept back for one job while its answer is on the way. */
  private static final int MAX_HELD = 256;

  /** Bytes of frames kept back of all jobs, unless a single one has more. */
  private static final long MAX_HELD_BYTES = 1024 * 1024;

  /** Of each frame besides its bytes. */
  private static final int FRAME_BYTES = 256;

  /** Of each job that is remembered. */
  static final int JOB_BYTES = 256;

  private static final Set<Kind> ALL = Set.of(Kind.values());

  private static final class State {
    long highest = -1;
    int holds;
    Set<Kind> wanted = ALL;
    boolean asked;
    List<Held> held = List.of();

    /** What was kept back passes, though later ones do not yet. */
    boolean passing;

    /** Whether it is as one that nobody has heard of. */
    boolean saysNothing() {
      return highest < 0 && holds == 0 && !asked && wanted.equals(ALL) && held.isEmpty();
    }
  }

  private record Held(long bytes, Runnable retry) {}

  private final LongConsumer keeps;
  private long heldBytes;
  private boolean any;

  private final EndedJobs ended = new EndedJobs();

  /** The longest untouched first. */
  private final Map<String, State> jobs = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * Frames of jobs that are not known yet.
   *
   * @param keeps is told of bytes that are kept for jobs and for what is kept back of them, and of
   *     those that are no longer
   */
  JobFrames(LongConsumer keeps) {
    this.keeps = keeps;
  }

  /** Whether the connection has ever had to do with a job, whatever came of it. */
  boolean any() {
    return any;
  }

  /** Keeps the job's frames back until {@link #release}; nests. */
  void hold(String jobId) {
    state(jobId).holds++;
  }

  /** Lets the job's frames go, those kept back first. */
  void release(String jobId) {
    var state = state(jobId);
    state.holds--;
    if (state.holds == 0) {
      var held = state.held;
      state.held = List.of();
      try {
        offer(held);
      } finally {
        if (ended.contains(jobId) || state.saysNothing()) {
          forget(jobId);
        }
      }
    }
  }

  private void offer(List<Held> held) {
    Every.one(
        held,
        one -> {
          kept(-one.bytes());
          one.retry().run();
        });
  }

  /** From now on the job's frames of other kinds are dropped; at first all are wanted. */
  void want(String jobId, Set<Kind> kinds) {
    if (ended.contains(jobId)) {
      return;
    }
    var state = state(jobId);
    state.wanted = Set.copyOf(kinds);
    state.asked = true;
  }

  /** Drops the job's frames until they are wanted, unless they have been. */
  void forgo(String jobId) {
    if (ended.contains(jobId)) {
      return;
    }
    var state = state(jobId);
    if (!state.asked) {
      state.wanted = Set.of();
    }
  }

  /** The job's highest number so far, 0 if there was none. */
  long seen(String jobId) {
    var state = jobs.get(jobId);
    return Math.max(ended.seq(jobId), state == null ? 0 : state.highest);
  }

  /** The job is not the one whose frames went out: what they were says nothing of its own. */
  void restart(String jobId) {
    ended.remove(jobId);
    state(jobId).highest = -1;
  }

  /** Notes that an answer had the job's frames up to a number. */
  void had(String jobId, long seq) {
    if (ended.contains(jobId)) {
      return;
    }
    var state = state(jobId);
    state.highest = Math.max(state.highest, seq);
  }

  /**
   * Takes a frame for sending.
   *
   * @param length its bytes
   * @param retry offers the same frame again, once the job is released
   */
  Verdict take(Numbered frame, int length, Runnable retry) {
    if (ended.contains(frame.jobId())) {
      return Verdict.SEEN;
    }
    var state = state(frame.jobId());
    if (state.holds > 0 && !state.passing) {
      long bytes = (long) length + FRAME_BYTES;
      if (state.held.size() == MAX_HELD || (heldBytes > 0 && heldBytes + bytes > MAX_HELD_BYTES)) {
        return Verdict.REFUSED;
      }
      if (state.held.isEmpty()) {
        state.held = new ArrayList<>();
      }
      state.held.add(new Held(bytes, retry));
      kept(bytes);
      return Verdict.HELD;
    }
    return pass(frame);
  }

  /**
   * Takes a frame for sending, even while the job's others are kept back. An end lets those go
   * before it: behind it they would be dropped, a last percentage among them.
   */
  Verdict pass(Numbered frame) {
    if (ended.contains(frame.jobId())) {
      return Verdict.SEEN;
    }
    var state = state(frame.jobId());
    if (frame.kind() == Kind.TERMINAL && !state.held.isEmpty()) {
      var held = state.held;
      state.held = List.of();
      state.passing = true;
      try {
        offer(held);
      } finally {
        state.passing = false;
      }
      if (ended.contains(frame.jobId())) {
        // it was among them
        return Verdict.SEEN;
      }
    }
    if (frame.seq() <= state.highest) {
      return Verdict.SEEN;
    }
    if (!state.wanted.contains(frame.kind())) {
      return Verdict.UNWANTED;
    }
    state.highest = frame.seq();
    if (frame.kind() == Kind.TERMINAL) {
      // nothing comes behind it
      ended.add(frame.jobId(), frame.seq());
      if (state.holds == 0) {
        forget(frame.jobId());
      }
    }
    return Verdict.SEND;
  }

  private void kept(long bytes) {
    heldBytes += bytes;
    keeps.accept(bytes);
  }

  private State state(String jobId) {
    any = true;
    var known = jobs.get(jobId);
    if (known != null) {
      return known;
    }
    for (var each = jobs.values().iterator(); jobs.size() >= MAX_JOBS && each.hasNext(); ) {
      if (each.next().holds == 0) {
        each.remove();
        keeps.accept(-JOB_BYTES);
      }
    }
    var fresh = new State();
    jobs.put(jobId, fresh);
    keeps.accept(JOB_BYTES);
    return fresh;
  }

  private void forget(String jobId) {
    if (jobs.remove(jobId) != null) {
      keeps.accept(-JOB_BYTES);
    }
  }

  enum Verdict {
    SEND,
    /** The connection has had this number or a higher one. */
    SEEN,
    /** Whoever sends it does not know yet that the connection wants no such frames. */
    UNWANTED,
    HELD,
    /** Too many are kept back; the sender tries again. */
    REFUSED
  }
}
