package io.streamer.shared.store;

import io.streamer.shared.protocol.ServerFrame;
import java.util.ArrayList;
import java.util.List;

/**
 * Somebody who waits for the job.
 *
 * @param acked whether it was told that it gets the job's frames
 * @param answer the job as its attach found it, until that is answered; else -1
 * @param held frames that came before the answer
 * @param ended the terminal frame's number
 */
record LifeClient(
    int connection,
    boolean live,
    boolean acked,
    int answer,
    List<ServerFrame> held,
    long applied,
    List<Long> events,
    long ended) {
  static final LifeClient FIRST = new LifeClient(0, true, true, -1, List.of(), 0, List.of(), 0);
  static final LifeClient SECOND = new LifeClient(2, true, false, -1, List.of(), 0, List.of(), 0);

  LifeClient cut() {
    return new LifeClient(connection, false, acked, -1, List.of(), applied, events, ended);
  }

  LifeClient reconnect() {
    return new LifeClient(connection ^ 1, true, acked, -1, List.of(), applied, events, ended);
  }

  LifeClient asked(int image) {
    return new LifeClient(connection, true, acked, image, List.of(), applied, events, ended);
  }

  LifeClient answered() {
    return new LifeClient(connection, true, true, -1, List.of(), applied, events, ended);
  }

  LifeClient acknowledged() {
    return new LifeClient(connection, live, true, answer, held, applied, events, ended);
  }

  LifeClient receive(ServerFrame frame) {
    if (answer < 0) {
      return apply(frame);
    }
    var more = new ArrayList<>(held);
    more.add(frame);
    return more.size() > 4
        ? cut()
        : new LifeClient(
            connection, live, acked, answer, List.copyOf(more), applied, events, ended);
  }

  LifeClient applyAll(List<? extends ServerFrame> frames) {
    var client = this;
    for (var frame : frames) {
      client = client.apply(frame);
    }
    return client;
  }

  private LifeClient apply(ServerFrame frame) {
    var seq = LifeWorld.seq(frame);
    if (ended != 0 && seq > ended) {
      throw new AssertionError("a frame above the terminal one arrived: " + frame);
    }
    if (ended != 0 || seq <= applied) {
      return this;
    }
    var all = new ArrayList<>(events);
    var end = 0L;
    switch (frame) {
      case ServerFrame.Event _ -> all.add(seq);
      case ServerFrame.Rewind(_, _, _, var after) -> all.removeIf(event -> event > after);
      case ServerFrame _ -> end = seq;
    }
    return new LifeClient(connection, live, acked, answer, held, seq, List.copyOf(all), end);
  }
}
