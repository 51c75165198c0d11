package io.streamer.shared.action;

import io.streamer.handler.Part;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The parts of a run, or of a part: where the whole is. All of one run's share its lock. */
final class RunParts implements Part {
  private final Object lock;
  private final Sink sink;
  private final @Nullable RunParts whole;
  private final double weight;
  private final List<RunParts> children = new ArrayList<>();
  private double reached;

  /** What the whole says. */
  interface Sink {
    void report(double percentage, String message);

    /** Something is wrong with what was said. */
    void odd(String what);
  }

  private RunParts(Object lock, Sink sink, @Nullable RunParts whole, double weight) {
    this.lock = lock;
    this.sink = sink;
    this.whole = whole;
    this.weight = weight;
  }

  /** The whole of a run: it says where it is by the sink. */
  static Part of(Sink sink) {
    return new RunParts(new Object(), sink, null, 1);
  }

  @Override
  public Part part(double weight) {
    boolean counts = weight > 0 && !Double.isInfinite(weight);
    if (!counts) {
      sink.odd("a part's weight is a number above 0: one of " + weight + " counts for nothing");
    }
    synchronized (lock) {
      var part = new RunParts(lock, sink, this, counts ? weight : 0);
      children.add(part);
      return part;
    }
  }

  @Override
  public void progress(double percentage, String message) {
    if (Double.isNaN(percentage)) {
      sink.report(percentage, message);
      return;
    }
    // reported within the lock: a later report of another part must not be overtaken
    synchronized (lock) {
      reached = Math.max(reached, Math.clamp(percentage, 0.0, 100.0));
      var part = this;
      while (part.whole != null) {
        part = part.whole;
        part.combine();
      }
      sink.report(part.reached, message);
    }
  }

  private void combine() {
    double weights = 0;
    double sum = 0;
    for (var child : children) {
      weights += child.weight;
      sum += child.weight * child.reached;
    }
    // a part made late makes the mean smaller, but nothing undone
    if (weights > 0) {
      reached = Math.max(reached, Math.min(100, sum / weights));
    }
  }
}
