package io.streamer.soak.abuse;

import java.io.IOException;
import java.util.Locale;
import java.util.Map;

/** What one client does that no honest one would. */
public enum Attack {
  INVENTED_NAMES("frames whose member names were never seen before, 100,000 characters each") {
    @Override
    void run(Ground ground) throws IOException, InterruptedException {
      Attacks.inventedNames(ground);
    }
  },
  PINGS("pings as fast as they go, whose answers are not read") {
    @Override
    void run(Ground ground) throws IOException, InterruptedException {
      Attacks.pings(ground);
    }
  },
  NEVER_READING("five clients fill the task and never read what they asked for") {
    @Override
    void run(Ground ground) throws IOException, InterruptedException {
      Attacks.neverReading(ground, 5);
    }

    @Override
    Map<String, String> settings() {
      return Map.of("STREAMER_MAX_CONNECTIONS", "5");
    }

    @Override
    int places() {
      return 5;
    }
  },
  HALF_HANDSHAKES("1,000 connections that say nothing, half of a head, or a line now and then") {
    @Override
    void run(Ground ground) throws IOException, InterruptedException {
      Attacks.halfHandshakes(ground, 1_000);
    }
  },
  HELLO("400 hello frames at a time, each for 64 ended jobs with large results") {
    @Override
    void run(Ground ground) throws IOException, InterruptedException {
      Attacks.hello(ground);
    }
  },
  UNFINISHED_FRAMES("400 connections with a frame each that lacks its last byte") {
    @Override
    void run(Ground ground) throws IOException, InterruptedException {
      Attacks.unfinishedFrames(ground, 400);
    }
  },
  SILENCE("400 connections that do nothing at all once they are open") {
    @Override
    void run(Ground ground) throws IOException, InterruptedException {
      Attacks.silence(ground, 400);
    }
  },
  WAITING_CALLS("400 connections with 1,024 small frames each that wait for the store") {
    @Override
    void run(Ground ground) throws IOException, InterruptedException {
      Attacks.waitingCalls(ground, 400);
    }
  },
  RESETS("connections that ask the store for 1,024 things and are reset, one after the other") {
    @Override
    void run(Ground ground) throws IOException, InterruptedException {
      Attacks.resets(ground);
    }
  },
  INVENTED_JOBS("400 connections that say hello to, and unsubscribe from, jobs that never were") {
    @Override
    void run(Ground ground) throws IOException, InterruptedException {
      Attacks.inventedJobs(ground, 400);
    }
  };

  private final String what;

  Attack(String what) {
    this.what = what;
  }

  abstract void run(Ground ground) throws IOException, InterruptedException;

  /** In which the gateway differs for it. */
  Map<String, String> settings() {
    return Map.of();
  }

  /** The places it takes before another client comes: all there are, or none. */
  int places() {
    return 0;
  }

  /** As on the command line. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** For a user. */
  public String what() {
    return what;
  }
}
