package io.streamer.test;

import java.time.Duration;

/** What a test has befall one run, and when. */
record Plan(Moment moment, Fate fate) {
  static final Plan NOTHING = new Plan(new Moment.Never(), Fate.CRASH);

  enum Fate {
    /** Its process is gone. */
    CRASH,
    /** Its invocation's time is nearly up. */
    OUT_OF_TIME,
    /** Its job is cancelled. */
    CANCEL
  }

  /** A point of a run; numbers count from 1. */
  sealed interface Moment {
    record Never() implements Moment {}

    /** Its checkpoint is stored. */
    record Checkpoint(int number) implements Moment {}

    /** Its event is stored. */
    record Event(int number) implements Moment {}

    /** The step is done, and its result not stored. */
    record Step(String name) implements Moment {}

    /** It reports this much, or more. */
    record Progress(double percentage) implements Moment {}

    /** It has run for so long. */
    record After(Duration time) implements Moment {}
  }

  Plan {
    switch (moment) {
      case Moment.Checkpoint(var number) -> count(number);
      case Moment.Event(var number) -> count(number);
      case Moment.Never _, Moment.Step _, Moment.Progress _, Moment.After _ -> {}
    }
  }

  private static void count(int number) {
    if (number < 1) {
      throw new IllegalArgumentException("the first one has the number 1, not " + number);
    }
  }

  /** Whether a run that has got there is where the plan has it. */
  boolean at(Moment reached) {
    return switch (moment) {
      case Moment.Progress(var least) ->
          reached instanceof Moment.Progress(var percentage) && percentage >= least;
      case Moment.Never _, Moment.Checkpoint _, Moment.Event _, Moment.Step _, Moment.After _ ->
          moment.equals(reached);
    };
  }
}
