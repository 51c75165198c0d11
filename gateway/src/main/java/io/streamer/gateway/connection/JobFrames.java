package io.streamer.gateway.connection;

import io.streamer.shared.protocol.WireCodec.Numbered;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The order of one connection's job frames: each job's numbers only rise, and none goes out before
 * the answer that announces the job. Not thread-safe: the connection's event loop owns it.
 */
final class JobFrames {
  /** Jobs remembered for a connection; the longest untouched are forgotten first. */
  private static final int MAX_JOBS = 2_048;

  /** Frames kept back for one job while its answer is on the way. */
  private static final int MAX_HELD = 256;

  private static final class State {
    long highest = -1;
    int holds;
    final List<Runnable> held = new ArrayList<>();
  }

  private final Map<String, State> jobs =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, State> eldest) {
          return size() > MAX_JOBS && eldest.getValue().holds == 0;
        }
      };

  /** Keeps the job's frames back until {@link #release}; nests. */
  void hold(String jobId) {
    state(jobId).holds++;
  }

  /** Lets the job's frames go, those kept back first. */
  void release(String jobId) {
    var state = state(jobId);
    state.holds--;
    if (state.holds == 0) {
      var held = List.copyOf(state.held);
      state.held.clear();
      held.forEach(Runnable::run);
    }
  }

  /**
   * Takes a frame for sending.
   *
   * @param retry offers the same frame again, once the job is released
   */
  Verdict take(Numbered frame, Runnable retry) {
    var state = state(frame.jobId());
    if (state.holds > 0) {
      if (state.held.size() == MAX_HELD) {
        return Verdict.REFUSED;
      }
      state.held.add(retry);
      return Verdict.HELD;
    }
    if (frame.seq() <= state.highest) {
      return Verdict.SEEN;
    }
    state.highest = frame.seq();
    return Verdict.SEND;
  }

  private State state(String jobId) {
    return jobs.computeIfAbsent(jobId, _ -> new State());
  }

  enum Verdict {
    SEND,
    /** The connection has had this number or a higher one. */
    SEEN,
    HELD,
    /** Too many are kept back; the sender tries again. */
    REFUSED
  }
}
