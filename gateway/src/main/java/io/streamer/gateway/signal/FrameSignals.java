package io.streamer.gateway.signal;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import io.streamer.shared.protocol.ServerFrame;
import io.streamer.shared.protocol.ServerFrame.Acknowledgment;
import io.streamer.shared.protocol.ServerFrame.Complete;
import io.streamer.shared.protocol.ServerFrame.ErrorFrame;
import io.streamer.shared.protocol.ServerFrame.Event;
import io.streamer.shared.protocol.ServerFrame.Goaway;
import io.streamer.shared.protocol.ServerFrame.Pong;
import io.streamer.shared.protocol.ServerFrame.Progress;
import io.streamer.shared.protocol.ServerFrame.Response;
import io.streamer.shared.protocol.ServerFrame.Rewind;
import io.streamer.shared.protocol.ServerFrame.Welcome;
import io.streamer.shared.signal.Metric;
import java.util.concurrent.TimeUnit;

/** Counts the frames of all connections of a task, and what they say. Safe for all threads. */
public final class FrameSignals {
  private final Counter in;
  private final Counter out;
  private final Counter ok;
  private final Counter error;
  private final Counter unavailable;
  private final Counter queued;
  private final Counter running;
  private final Timer answers;

  public FrameSignals(Meters meters) {
    this.in = meters.counter(Metric.FRAMES, "in");
    this.out = meters.counter(Metric.FRAMES, "out");
    this.ok = meters.counter(Metric.ANSWERS, "ok");
    this.error = meters.counter(Metric.ANSWERS, "error");
    this.unavailable = meters.counter(Metric.ANSWERS, "unavailable");
    this.queued = meters.counter(Metric.ACCEPTED, "queued");
    this.running = meters.counter(Metric.ACCEPTED, "running");
    this.answers = meters.timer(Metric.ANSWER_TIME);
  }

  /** A message came in. */
  public void in() {
    in.increment();
  }

  /** A frame goes out. */
  public void out(ServerFrame frame) {
    out.increment();
    switch (frame) {
      case Response _ -> ok.increment();
      case Acknowledgment acknowledged -> {
        ok.increment();
        switch (acknowledged.status()) {
          case QUEUED, SCHEDULED -> queued.increment();
          case RUNNING -> running.increment();
          default -> {}
        }
      }
      case ErrorFrame failed -> {
        // with a number it is the end of a job, which was answered before
        if (failed.seq() == null) {
          switch (failed.problem().code()) {
            case SERVICE_UNAVAILABLE, INTERNAL_ERROR -> unavailable.increment();
            case VALIDATION_ERROR,
                INVALID_ACTION,
                UNAUTHORIZED,
                FORBIDDEN,
                NOT_FOUND,
                DUPLICATE_REQUEST,
                RATE_LIMITED,
                QUOTA_EXCEEDED,
                PAYLOAD_TOO_LARGE,
                TIMEOUT,
                CANCELLED,
                PROCESSING_FAILED ->
                error.increment();
          }
        }
      }
      case Progress _, Event _, Rewind _, Complete _, Welcome _, Pong _, Goaway _ -> {}
    }
  }

  /** A frame goes out that came here as bytes. */
  public void passed() {
    out.increment();
  }

  /**
   * A request was answered.
   *
   * @param begun when its frame came, by {@link System#nanoTime}
   */
  public void answered(long begun) {
    answers.record(System.nanoTime() - begun, TimeUnit.NANOSECONDS);
  }
}
