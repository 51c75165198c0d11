package io.streamer.gateway.connection;

import io.streamer.gateway.loop.Every;
import io.streamer.handler.Caller;
import io.streamer.shared.job.Route;
import io.streamer.shared.log.About;
import io.streamer.shared.protocol.ClientFrame.Kind;
import io.streamer.shared.protocol.ServerFrame;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A connection of either door, as those see it who answer its frames. Called on the event loop on
 * which the frame came.
 */
public interface Session {
  String id();

  Caller caller();

  /** What a line of the log says of it. */
  default About about() {
    return About.connectionOf(caller().tenant(), id());
  }

  /** Whether it is still there, as far as this task knows. On any thread. */
  boolean isConnected();

  /** Where a job's frames reach this connection. */
  Route route();

  /** What this connection is told when it starts. */
  DoorTerms terms();

  /** Sends a frame; a closed connection loses it, as the wire would. */
  void send(ServerFrame frame);

  /**
   * Answers, and sends the job frames that belong to the answer: behind it, where the door promises
   * an order and the connection ends with this task. Elsewhere the answer comes last: this task may
   * die at any moment, and who has the answer waits for the frames and asks no more.
   *
   * @return done when all is sent; where the frames fail first, there is no answer
   */
  Future<Void> answer(Runnable answer, Supplier<Future<Void>> frames);

  /** When it was opened, epoch ms. */
  long connectedAt();

  /**
   * Keeps a job's frames back until {@link #release}, so that an answer can go out first; as far as
   * the door promises an order.
   */
  void hold(String jobId);

  void release(String jobId);

  /**
   * Does what is to be answered before frames of these jobs go out. They are kept back until the
   * work lets them go, or is over, however it ends: with an Error, too.
   *
   * @param work takes what lets them go
   */
  default <T> Future<T> holding(List<String> jobIds, Function<Runnable, Future<T>> work) {
    var held = new ArrayList<String>(jobIds.size());
    Runnable letGo =
        () -> {
          try {
            Every.one(held, this::release);
          } finally {
            held.clear();
          }
        };
    return Future.<Void>succeededFuture()
        .compose(_ -> {
          for (var jobId : jobIds) {
            hold(jobId);
            held.add(jobId);
          }
          return work.apply(letGo);
        })
        .onComplete(_ -> letGo.run());
  }

  /**
   * Sends a frame of a job at once, even while the job's others are kept back.
   *
   * @return done when it is out; false if the connection is gone
   */
  Future<Boolean> push(ServerFrame frame);

  /**
   * Drops the job's frames of other kinds, as far as the door sees them: their senders take a
   * moment to learn what is wanted.
   */
  void want(String jobId, Set<Kind> kinds);

  /**
   * Drops the frames of a job that was perhaps stored and is not announced, as far as the door sees
   * them, until they are wanted.
   */
  void forgo(String jobId);

  /** The job's highest number that this connection is known to have had, 0 if none is. */
  long seen(String jobId);

  /** Forgets what this connection has had of a job: it is another one by now, or was set back. */
  void restart(String jobId);

  /** Does what asks the store, one of few things at a time for this connection. */
  Future<Void> inTurn(Turn turn, Supplier<Future<Void>> work);

  /** Whether so much waits for its turn that this connection should ask again later. */
  boolean isFull(Turn turn);

  /** Of whatever has the same turn, some are done at a time, the others behind them. */
  enum Turn {
    /** Each may take seconds, and those that wait keep the connection from being read. */
    HELLO(1, 4),
    /** Bounded by what may be under way for a connection. */
    STORE(16, Integer.MAX_VALUE);

    private final int atOnce;
    private final int mostWaiting;

    Turn(int atOnce, int mostWaiting) {
      this.atOnce = atOnce;
      this.mostWaiting = mostWaiting;
    }

    int atOnce() {
      return atOnce;
    }

    int mostWaiting() {
      return mostWaiting;
    }
  }

  /**
   * Ends the connection behind an answer whose frames cannot be had, so that its client comes back
   * and asks again.
   */
  void comeBack();

  /** Notes that an answer had the job's frames up to a number. */
  void had(String jobId, long seq);
}
