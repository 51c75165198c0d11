package io.streamer.client;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamer.client.internal.Frame;
import io.streamer.client.internal.Json;
import io.streamer.client.internal.Loop;
import io.streamer.client.internal.Problem;
import io.streamer.client.internal.Teller;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** A client that is asked nothing. */
final class QuietHome implements Job.Home {
  private final ManualLoop loop;
  private final Teller teller;

  QuietHome(ManualLoop loop) {
    this(loop, Runnable::run);
  }

  QuietHome(ManualLoop loop, Executor executor) {
    this.loop = loop;
    this.teller = new Teller(executor);
  }

  @Override
  public Loop loop() {
    return loop;
  }

  @Override
  public Teller teller() {
    return teller;
  }

  @Override
  public Json json() {
    return new Json(null);
  }

  @Override
  public Transport transport() {
    throw new AssertionError("nothing is fetched");
  }

  @Override
  public void ask(ObjectNode frame, Consumer<Frame> answered, Consumer<Problem> failed) {
    throw new AssertionError("nothing is asked");
  }

  @Override
  public boolean takeBack(Job job) {
    return false;
  }

  @Override
  public void moved(Job job) {}

  @Override
  public void unwatch(Job job) {}

  @Override
  public double random() {
    return 1;
  }
}
