package io.streamer.local.feed;

import java.util.List;

/** What a feed can have done to its stage, beside what is done to its jobs. Calls may block. */
public interface StageControl {
  /** The ids of the jobs that a worker runs now. */
  List<String> running();

  /** Ends the worker process of a job as a crash would; false if none runs it. */
  boolean killWorker(String job);

  /** How many rules of faults there are, turned on or off. */
  int faultRules();

  /** Whether they count. */
  boolean faultsOn();

  /** Turns the rules off, or on again. */
  void faults(boolean on);
}
