package io.streamer.shared.action;

import java.util.HashSet;
import java.util.Set;

/**
 * The steps that a run has done or is doing: a name that came twice would give the second one the
 * first one's result. Safe for many threads.
 */
final class StepNames {
  private final Set<String> taken = new HashSet<>();

  /**
   * A step begins, by this name.
   *
   * @throws IllegalArgumentException if it has begun before, and did not fail
   */
  synchronized void take(String name) {
    if (!taken.add(name)) {
      throw new IllegalArgumentException(
          "the step \"" + name + "\" is twice in this run: each step has a name of its own");
    }
  }

  /** The step has failed: the handler may try it again. */
  synchronized void giveBack(String name) {
    taken.remove(name);
  }
}
