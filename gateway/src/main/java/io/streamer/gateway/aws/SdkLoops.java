package io.streamer.gateway.aws;

import software.amazon.awssdk.http.nio.netty.SdkEventLoopGroup;

/**
 * The event loops of the SDK's asynchronous clients, one group for the process and as long as it
 * lives: a client with loops of its own waits two seconds for their end when it is closed.
 */
public final class SdkLoops {
  private static final int THREADS = 4;

  private static final SdkEventLoopGroup SHARED =
      SdkEventLoopGroup.builder().numberOfThreads(THREADS).build();

  private SdkLoops() {}

  /** The group; closing a client leaves it as it is. */
  public static SdkEventLoopGroup shared() {
    return SHARED;
  }
}
