package io.streamer.gateway.action;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageCodec;

/** Hands objects over the event bus as they are: both ends are in this process. */
final class Local<T> implements MessageCodec<T, T> {
  private final String name;

  private Local(String name) {
    this.name = name;
  }

  /** Lets the bus carry calls and replies. */
  static void register(EventBus bus) {
    bus.registerDefaultCodec(ActionCall.class, new Local<>("streamer.call"));
    bus.registerDefaultCodec(ActionReply.Answered.class, new Local<>("streamer.answered"));
    bus.registerDefaultCodec(ActionReply.Queue.class, new Local<>("streamer.queue"));
    bus.registerDefaultCodec(ActionReply.Failed.class, new Local<>("streamer.failed"));
  }

  /** Takes back what {@link #register} did, so that another gateway can start on the bus. */
  static void unregister(EventBus bus) {
    bus.unregisterDefaultCodec(ActionCall.class);
    bus.unregisterDefaultCodec(ActionReply.Answered.class);
    bus.unregisterDefaultCodec(ActionReply.Queue.class);
    bus.unregisterDefaultCodec(ActionReply.Failed.class);
  }

  @Override
  public void encodeToWire(Buffer buffer, T value) {
    throw new IllegalStateException("actions are called within one process");
  }

  @Override
  public T decodeFromWire(int position, Buffer buffer) {
    throw new IllegalStateException("actions are called within one process");
  }

  @Override
  public T transform(T value) {
    return value;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public byte systemCodecID() {
    return -1;
  }
}
