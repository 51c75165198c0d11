package io.streamer.soak;

import io.streamer.handler.Action;
import io.streamer.handler.Config;
import io.streamer.handler.Failure;
import io.streamer.handler.Handler;
import io.streamer.handler.HandlerModule;
import io.streamer.handler.Handlers;
import io.streamer.handler.Retry;
import io.streamer.handler.Retry.Backoff;
import io.streamer.handler.Run;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** The handlers of the soak. They may be killed as often as it happens to be. */
public final class SoakActions implements HandlerModule {
  /** The setting that names the folder of what was charged. */
  private static final String LEDGER = "SOAK_LEDGER";

  /** Who does not read is closed behind two of them. */
  static final Duration HEARTBEAT = Duration.ofSeconds(5);

  /**
   * What a site sets for these: whatever is lost comes back within seconds, so that more of it
   * meets in a run.
   *
   * @param ledger the folder where charges are kept
   */
  public static Map<String, String> settings(Path ledger) {
    return Map.of(
        LEDGER,
        ledger.toString(),
        "STREAMER_LEASE",
        "5s",
        "STREAMER_NODE_BEAT",
        "1s",
        "STREAMER_SUBMIT_DUE",
        "3s",
        "STREAMER_SYNC_THRESHOLD",
        "300ms",
        "STREAMER_HEARTBEAT",
        HEARTBEAT.toSeconds() + "s");
  }

  /** What a site sets that is otherwise as in production. */
  static Map<String, String> ledger(Path ledger) {
    return Map.of(LEDGER, ledger.toString());
  }

  private static final int LARGE = 150_000;
  private static final long PATIENCE_MS = 60_000;
  private static final long SILENCE_MS = 2_500;

  @Override
  public void register(Handlers handlers, Config config) {
    handlers.add(Quick.class, Quick::new);
    handlers.add(Emitting.class, Emitting::new);
    handlers.add(Flaky.class, Flaky::new);
    handlers.add(Stepping.class, () -> new Stepping(new ChargeLedger(Path.of(config.get(LEDGER)))));
    handlers.add(Refused.class, Refused::new);
    handlers.add(Later.class, Later::new);
    handlers.add(Patient.class, Patient::new);
    handlers.add(Silent.class, Silent::new);
    handlers.add(Bulky.class, Bulky::new);
    handlers.add(Large.class, Large::new);
    handlers.add(Overrunning.class, Overrunning::new);
  }

  record Id(String id) {}

  record Counted(int count, int attempt) {}

  @Action(value = "soak.quick", expected = "10s", attempts = 100)
  static final class Quick implements Handler<Id, Id> {
    @Override
    public Id handle(Id request, Run run) {
      run.progress(50, "half");
      return request;
    }
  }

  record Emit(int count, int pauseMs, int every) {}

  @Action(
      value = "soak.events",
      expected = "10s",
      attempts = 100,
      retry = @Retry(backoff = Backoff.FIXED, base = "100ms"))
  static final class Emitting implements Handler<Emit, Counted> {
    @Override
    public Counted handle(Emit request, Run run) throws InterruptedException {
      for (int i = run.checkpoint(Integer.class).orElse(0); i < request.count(); i++) {
        run.emit("n", i);
        run.progress(100.0 * i / request.count(), "event " + i);
        Thread.sleep(request.pauseMs());
        if ((i + 1) % request.every() == 0) {
          run.checkpoint(i + 1);
        }
      }
      return new Counted(request.count(), run.attempt());
    }
  }

  @Action(
      value = "soak.flaky",
      expected = "10s",
      attempts = 100,
      retry = @Retry(backoff = Backoff.LINEAR, base = "100ms"))
  static final class Flaky implements Handler<Id, Id> {
    @Override
    public Id handle(Id request, Run run) {
      run.progress(10, "attempt " + run.attempt());
      if (run.attempt() < 3) {
        throw Failure.tryAgain("NOT_YET", "not in attempt " + run.attempt());
      }
      return request;
    }
  }

  record Receipt(String number) {}

  @Action(
      value = "soak.steps",
      expected = "10s",
      attempts = 100,
      retry = @Retry(backoff = Backoff.FIXED, base = "100ms"))
  static final class Stepping implements Handler<Id, Receipt> {
    private final ChargeLedger ledger;

    Stepping(ChargeLedger ledger) {
      this.ledger = ledger;
    }

    @Override
    public Receipt handle(Id request, Run run) throws Exception {
      var receipt =
          run.step("charge", Receipt.class, key -> new Receipt(ledger.charge(request.id(), key)));
      run.progress(70, "charged");
      if (run.attempt() == 1) {
        throw new IllegalStateException("after the charge");
      }
      return receipt;
    }
  }

  @Action(value = "soak.refused", expected = "10s", attempts = 100)
  static final class Refused implements Handler<Id, Id> {
    @Override
    public Id handle(Id request, Run run) {
      throw Failure.refused("NEVER", "this one is always refused");
    }
  }

  @Action(value = "soak.later", expected = "10s", attempts = 100)
  static final class Later implements Handler<Id, Id> {
    @Override
    public Id handle(Id request, Run run) {
      throw Failure.tryAgain("LATER", "in ten minutes", Duration.ofMinutes(10));
    }
  }

  @Action(value = "soak.patient", expected = "10s", attempts = 100)
  static final class Patient implements Handler<Id, Id> {
    @Override
    public Id handle(Id request, Run run) throws InterruptedException {
      run.progress(1, "waits");
      Thread.sleep(PATIENCE_MS);
      return request;
    }
  }

  @Action(value = "soak.silent", expected = "10s", attempts = 100)
  static final class Silent implements Handler<Id, Id> {
    @Override
    public Id handle(Id request, Run run) throws InterruptedException {
      Thread.sleep(SILENCE_MS);
      return request;
    }
  }

  record Bulk(String id, String text) {}

  @Action(value = "soak.bulky", expected = "10s", attempts = 100)
  static final class Bulky implements Handler<Bulk, Bulk> {
    @Override
    public Bulk handle(Bulk request, Run run) {
      return request;
    }
  }

  record Text(String text) {}

  @Action(value = "soak.large", expected = "10s", attempts = 100)
  static final class Large implements Handler<Id, Text> {
    @Override
    public Text handle(Id request, Run run) {
      return new Text("x".repeat(LARGE));
    }
  }

  @Action("soak.overrun")
  static final class Overrunning implements Handler<Id, Id> {
    @Override
    public Id handle(Id request, Run run) throws InterruptedException {
      run.progress(10, "takes its time");
      Thread.sleep(900);
      return request;
    }
  }
}
