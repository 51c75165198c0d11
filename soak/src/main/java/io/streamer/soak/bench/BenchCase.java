package io.streamer.soak.bench;

import java.util.Locale;

/** What is measured. */
public enum BenchCase {
  ECHO_1("50 sockets, each asks again as soon as it is answered"),
  ECHO_16("50 sockets with 16 questions at a time each"),
  RATE_10K("10,000 questions a second at fixed times, on 100 sockets"),
  SUBMIT("50 sockets with 16 requests at a time each that become jobs"),
  CONNECT("handshakes of clients that come first, 8 at a time (RS256)"),
  CONNECT_ES256("the same with tokens of ES256"),
  RECONNECT("handshakes of clients that were here before, 8 at a time"),
  STORM("handshakes as in connect, at servers that have just started"),
  EMULATED("echo-1 through the stage's API Gateway, beside two posts over HTTP"),
  IDLE("sockets that say nothing"),
  START("the gateway's start, up to its port, without and with an AOT cache"),
  WORKER_START(
      "a worker's start, up to its first claim, without and with an AOT cache, beside an empty JVM"),
  SIGNALS_1("echo-1 with metrics sent and requests traced, beside neither"),
  SIGNALS_16("echo-16 with metrics sent and requests traced, beside neither"),
  DEV("10,000 sockets at what ./streamer dev starts, for a minute"),
  LATENCY("20 jobs a second at what ./streamer dev starts: how soon each moves and ends"),
  PROGRESS("100 jobs that report 100 times a second each, for a minute"),
  STUCK("1,000 sockets of which 100 stop reading: what the others notice"),
  HOLD("19,000 sockets at one gateway for ten minutes, each asks every 100 s", true),
  HOLD_SIX("100,000 sockets at six gateways with one store, as long and as often", true),
  MIXED("30 minutes of all that clients ask for, at 70 % of what is taken: what grows", true),
  STORED("what submit and status take as stored jobs grow from 1,000 to 1,000,000", true);

  private final String what;
  private final boolean byNameAlone;

  BenchCase(String what) {
    this(what, false);
  }

  BenchCase(String what, boolean byNameAlone) {
    this.what = what;
    this.byNameAlone = byNameAlone;
  }

  /** As on the command line. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Whether it takes so long, or so much, that only who names it gets it. */
  public boolean isByNameAlone() {
    return byNameAlone;
  }

  /** For a user. */
  public String what() {
    return what;
  }
}
