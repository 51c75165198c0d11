package io.streamer.test;

import io.streamer.handler.Caller;
import io.streamer.handler.FileWriter;
import io.streamer.handler.RawJson;
import io.streamer.handler.StoredFile;
import io.streamer.shared.action.BoundedRun;
import io.streamer.shared.action.Stopped;
import io.streamer.test.Plan.Moment;
import java.io.ByteArrayOutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A run that keeps what its handler says, and that things befall by plan. */
final class RecordedRun extends BoundedRun {
  private static final Duration URL_WORKS = Duration.ofHours(1);

  private final StoredJob job;
  private final boolean stores;
  private final Plan plan;
  private final CountDownLatch turn = new CountDownLatch(1);
  private final List<Report> reports = new ArrayList<>();
  private final Map<String, TestFile> files = new LinkedHashMap<>();
  private int checkpoints;
  private int events;
  private boolean crashed;
  private @Nullable Thread handler;

  /**
   * Which attempt it is.
   *
   * @param stored false on the spot
   */
  record Attempt(int number, boolean stored, Plan plan) {}

  /** A run of a job, or one that is answered on the spot. */
  RecordedRun(
      String id,
      Attempt attempt,
      Caller caller,
      Instant deadline,
      Map<String, String> metadata,
      StoredJob job) {
    super(id, attempt.number(), caller, deadline, metadata);
    this.job = job;
    this.stores = attempt.stored();
    this.plan = attempt.plan();
  }

  synchronized void begins(Thread handler) {
    this.handler = handler;
  }

  /** The handler has ended. */
  void ends() {
    turn.countDown();
  }

  /** Waits until it has ended, crashed or been cancelled; false if the time is up before that. */
  boolean awaitTurn(Duration time) throws InterruptedException {
    return turn.await(time.toNanos(), TimeUnit.NANOSECONDS);
  }

  boolean stores() {
    return stores;
  }

  synchronized boolean crashed() {
    return crashed;
  }

  @Override
  protected synchronized void reported(double percentage, String message) {
    double least = reports.isEmpty() ? 0 : reports.getLast().percentage();
    reports.add(new Report(Math.max(percentage, least), message));
    at(new Moment.Progress(percentage));
  }

  @Override
  protected StoredFile store(String name, String contentType, FileWriter writer) throws Exception {
    var bytes = new ByteArrayOutputStream();
    writer.write(bytes);
    var file = new TestFile(name, contentType, bytes.toByteArray());
    synchronized (this) {
      if (!crashed) {
        files.put(name, file);
      }
    }
    return new StoredFile(
        "https://files.test/" + URLEncoder.encode(name, StandardCharsets.UTF_8),
        bytes.size(),
        Instant.now().plus(URL_WORKS));
  }

  @Override
  protected synchronized void emitted(String name, RawJson data) {
    if (!stores) {
      super.emitted(name, data);
      return;
    }
    job.emit(new TestEvent(name, data));
    at(new Moment.Event(++events));
  }

  @Override
  protected synchronized Optional<RawJson> restored() {
    return job.checkpoint();
  }

  @Override
  protected synchronized void reached(RawJson checkpoint) {
    if (!stores) {
      return;
    }
    job.reach(checkpoint);
    at(new Moment.Checkpoint(++checkpoints));
  }

  @Override
  protected synchronized Optional<RawJson> stepped(String name) {
    return job.step(name);
  }

  @Override
  protected synchronized RawJson keepStep(String name, RawJson result) {
    if (!stores) {
      return result;
    }
    // what was done behind a cancel or a timeout is kept, as in production; a crash keeps nothing
    if (crashed) {
      throw new Stopped();
    }
    at(new Moment.Step(name));
    return job.keepStep(name, result);
  }

  synchronized Map<String, TestFile> files() {
    return Collections.unmodifiableMap(new LinkedHashMap<>(files));
  }

  synchronized List<Report> reports() {
    return List.copyOf(reports);
  }

  /** Cancels the job: the handler's thread is interrupted. */
  synchronized void stop() {
    cancel();
    interrupt();
    turn.countDown();
  }

  private void at(Moment moment) {
    if (!plan.at(moment)) {
      return;
    }
    switch (plan.fate()) {
      case CRASH -> {
        crashed = true;
        end();
        if (!Thread.currentThread().equals(handler)) {
          interrupt();
        }
        turn.countDown();
        throw new Stopped();
      }
      case OUT_OF_TIME -> throw outOfTime();
      case CANCEL -> stop();
    }
  }

  /** Its time is up: the handler's thread is interrupted. */
  synchronized void timeOut() {
    end();
    interrupt();
  }

  private void interrupt() {
    if (handler != null) {
      handler.interrupt();
    }
  }
}
