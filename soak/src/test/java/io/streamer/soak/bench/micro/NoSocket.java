package io.streamer.soak.bench.micro;

import io.streamer.gateway.connection.DoorTerms;
import io.streamer.gateway.connection.Session;
import io.streamer.handler.Caller;
import io.streamer.shared.job.Route;
import io.streamer.shared.protocol.ClientFrame.Kind;
import io.streamer.shared.protocol.ServerFrame;
import io.streamer.shared.protocol.WireCodec;
import io.vertx.core.Future;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A connection whose answers are written and go nowhere; it has no jobs. */
final class NoSocket implements Session {
  private static final DoorTerms TERMS =
      new DoorTerms(25_000, DoorTerms.MAX_AGE_MS, 131_072, null, "bench");

  private final Caller caller = new Caller("bench", "bench", Set.of());
  private @Nullable ServerFrame refusal;
  private int left;
  private int bytes;
  private CountDownLatch answered = new CountDownLatch(0);

  /** So many answers are to come. */
  void expect(int answers, CountDownLatch all) {
    left = answers;
    bytes = 0;
    answered = all;
  }

  /**
   * Of the answers that came.
   *
   * @throws IllegalStateException if one of them was none
   */
  int bytes() {
    if (refusal != null) {
      throw new IllegalStateException("not answered: " + refusal);
    }
    return bytes;
  }

  @Override
  public void send(ServerFrame frame) {
    if (!(frame instanceof ServerFrame.Response)) {
      refusal = frame;
    }
    bytes += WireCodec.write(frame, 1_800_000_000_000L).length;
    left--;
    if (left == 0) {
      answered.countDown();
    }
  }

  @Override
  public String id() {
    return "bench";
  }

  @Override
  public Caller caller() {
    return caller;
  }

  @Override
  public boolean isConnected() {
    return true;
  }

  @Override
  public DoorTerms terms() {
    return TERMS;
  }

  @Override
  public Route route() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Future<Void> answer(Runnable answer, Supplier<Future<Void>> frames) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long connectedAt() {
    return 0;
  }

  @Override
  public void hold(String jobId) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void release(String jobId) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Future<Boolean> push(ServerFrame frame) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void want(String jobId, Set<Kind> kinds) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void forgo(String jobId) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long seen(String jobId) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void restart(String jobId) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Future<Void> inTurn(Turn turn, Supplier<Future<Void>> work) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean isFull(Turn turn) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void comeBack() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void had(String jobId, long seq) {
    throw new UnsupportedOperationException();
  }
}
