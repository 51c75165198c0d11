package io.streamer.worker.aws;

/**
 * How the JDK's HTTP client keeps connections. It is set for the process, by a system property; who
 * has set it on the command line knows better.
 */
final class KeptAlive {
  /** Idle ones of a host: more than are under way to one at once. The JDK keeps 5. */
  private static final int CONNECTIONS = 64;

  private static final String PROPERTY = "http.maxConnections";

  private KeptAlive() {}

  static void set() {
    if (System.getProperty(PROPERTY) == null) {
      System.setProperty(PROPERTY, Integer.toString(CONNECTIONS));
    }
  }
}
