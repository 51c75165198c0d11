package io.streamer.system;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the protocol asks of a client whose door may reorder and repeat: a job's numbered frames
 * wait for the answer that announces it, a number that is not above the highest applied is dropped,
 * and so is everything behind a job's end.
 */
final class ClientRules {
  private final Set<String> announced = new HashSet<>();
  private final Set<String> ended = new HashSet<>();
  private final Map<String, Long> applied = new HashMap<>();
  private final Map<String, List<Frame>> waiting = new HashMap<>();

  /** The frames that may be applied now that this one is here, in their order. */
  List<Frame> take(Frame frame) {
    var ready = new ArrayList<Frame>();
    if (frame.isNumbered()) {
      if (announced.contains(frame.jobId())) {
        apply(frame, ready);
      } else {
        waiting.computeIfAbsent(frame.jobId(), _ -> new ArrayList<>()).add(frame);
      }
      return ready;
    }
    ready.add(frame);
    for (var jobId : frame.announces()) {
      announced.add(jobId);
      var held = waiting.remove(jobId);
      if (held != null) {
        held.forEach(one -> apply(one, ready));
      }
    }
    return ready;
  }

  private void apply(Frame frame, List<Frame> ready) {
    if (ended.contains(frame.jobId()) || frame.seq() <= applied.getOrDefault(frame.jobId(), 0L)) {
      return;
    }
    applied.put(frame.jobId(), frame.seq());
    if (frame.isTerminal()) {
      ended.add(frame.jobId());
    }
    ready.add(frame);
  }
}
