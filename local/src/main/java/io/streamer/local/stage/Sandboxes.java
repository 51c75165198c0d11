package io.streamer.local.stage;

import com.amazonaws.services.lambda.runtime.Context;
import io.streamer.emulator.fault.Role;
import io.streamer.emulator.fault.Sender;
import io.streamer.emulator.fault.Senders;
import io.streamer.emulator.lambda.Killable;
import io.streamer.shared.action.Catalogue;
import io.streamer.shared.settings.Environment;
import io.streamer.worker.JobFunction;
import io.streamer.worker.Worker;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * The job function's processes: each runs one job at a time and is used again, as Lambda does it.
 * One that was killed is shut off from all it could write or push to, and never used again.
 */
final class Sandboxes implements Killable, AutoCloseable {
  /** For a worker that ends while others go on with the same handlers. */
  static final Catalogue NO_HANDLERS = Catalogue.of(List.of(), new Environment(Map.of()));

  private static final int MOST_IDLE = 16;

  /** A process. */
  private record Sandbox(Sender sender, Worker worker) {}

  /**
   * A job's run.
   *
   * @param job its id
   */
  record Running(String requestId, String job, Sender sender) {}

  private final Senders senders;
  private final Function<Sender, Worker> make;

  // all under this object's lock; the newest run last
  private final Deque<Sandbox> idle = new ArrayDeque<>();
  private final List<Running> running = new ArrayList<>();
  private boolean closed;

  /**
   * One process stands ready.
   *
   * @param make makes the worker of a process; it must close nothing that others use
   */
  Sandboxes(Senders senders, Function<Sender, Worker> make) {
    this.senders = senders;
    this.make = make;
    idle.add(fresh());
  }

  @Override
  public void handleRequest(InputStream input, OutputStream output, Context context)
      throws IOException {
    var event = input.readAllBytes();
    var job = job(event);
    var sandbox = take();
    var run = new Running(context.getAwsRequestId(), job, sandbox.sender());
    synchronized (this) {
      running.add(run);
    }
    try {
      new JobFunction(sandbox.worker())
          .handleRequest(new ByteArrayInputStream(event), output, context);
    } finally {
      giveBack(run, sandbox);
    }
  }

  /** The runs under way, the oldest first; the dead do not run, even while their threads end. */
  synchronized List<Running> running() {
    return running.stream().filter(run -> run.sender().alive()).toList();
  }

  /** The run of this process. */
  synchronized Optional<Running> of(Sender sender) {
    return running.stream().filter(run -> run.sender().equals(sender)).findFirst();
  }

  @Override
  public void killed(String requestId) {
    for (var run : running()) {
      // an event that was delivered twice has two runs
      if (run.requestId().equals(requestId)) {
        CompletableFuture<?> _ = run.sender().kill();
      }
    }
  }

  /** Ends all of them. */
  @Override
  public void close() {
    List<Sandbox> all;
    synchronized (this) {
      closed = true;
      all = new ArrayList<>(idle);
      idle.clear();
    }
    all.forEach(this::end);
  }

  private Sandbox take() {
    synchronized (this) {
      // the one used last is the warmest
      var ready = idle.pollLast();
      if (ready != null) {
        return ready;
      }
    }
    return fresh();
  }

  private void giveBack(Running run, Sandbox sandbox) {
    boolean kept;
    synchronized (this) {
      running.remove(run);
      kept = sandbox.sender().alive() && !closed && idle.size() < MOST_IDLE;
      if (kept) {
        idle.add(sandbox);
      }
    }
    if (!kept) {
      end(sandbox);
    }
  }

  private Sandbox fresh() {
    var sender = senders.join(Role.WORKER);
    return new Sandbox(sender, make.apply(sender));
  }

  private void end(Sandbox sandbox) {
    CompletableFuture<?> _ = sandbox.sender().kill();
    sandbox.worker().close();
  }

  private static String job(byte[] event) throws IOException {
    try {
      return new JsonObject(new String(event, StandardCharsets.UTF_8)).getString("jobId", "");
    } catch (DecodeException | ClassCastException e) {
      throw new IOException("not an invocation of ours", e);
    }
  }
}
