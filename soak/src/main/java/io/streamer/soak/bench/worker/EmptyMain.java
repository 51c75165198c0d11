package io.streamer.soak.bench.worker;

/** Ends at once: what a JVM costs by itself. */
public final class EmptyMain {
  private EmptyMain() {}

  public static void main(String[] args) {}
}
