package io.streamer.emulator.fault;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What happens to requests to DynamoDB: on their way there, and on their answers' way back. */
public final class StoreFaults {
  private static final FaultVerdict PASS = new FaultVerdict.Pass();
  private static final FaultVerdict CUT = new FaultVerdict.Cut();

  private final Faults faults;

  StoreFaults(Faults faults) {
    this.faults = faults;
  }

  /** Whether anything can happen, and requests have to be read. */
  public boolean watching() {
    return faults.watchesStore();
  }

  /** What becomes of a request; done when it is time for that. */
  public CompletionStage<FaultVerdict> before(StoreCall call) {
    if (call.isWrite()) {
      var trap = faults.trap(WriteMoment.BEFORE, call);
      if (trap.isPresent()) {
        return spring(trap.get(), call);
      }
      if (dies(WriteMoment.BEFORE, call)) {
        return CompletableFuture.completedFuture(CUT);
      }
    }
    var paused = faults.paused(call);
    if (paused.isPositive()) {
      return faults.holds().hold(paused).thenApply(_ -> PASS);
    }
    return rule(call, false)
        .map(this::become)
        .orElseGet(() -> CompletableFuture.completedFuture(PASS));
  }

  /** What becomes of the answer to a request that succeeded. */
  public CompletionStage<FaultVerdict> behind(StoreCall call) {
    if (call.isWrite()) {
      var trap = faults.trap(WriteMoment.BEHIND, call);
      if (trap.isPresent()) {
        return spring(trap.get(), call);
      }
      if (dies(WriteMoment.BEHIND, call)) {
        return CompletableFuture.completedFuture(CUT);
      }
    }
    return CompletableFuture.completedFuture(rule(call, true).isPresent() ? CUT : PASS);
  }

  private CompletionStage<FaultVerdict> become(Fault.OfStore fault) {
    return switch (fault) {
      case Fault.Throttle _ ->
          CompletableFuture.completedFuture(
              new FaultVerdict.Refuse(
                  400,
                  "ProvisionedThroughputExceededException",
                  "The level of configured provisioned throughput for the table was exceeded."));
      case Fault.Fail _ ->
          CompletableFuture.completedFuture(
              new FaultVerdict.Refuse(500, "InternalServerError", "Internal server error"));
      case Fault.Pause(var length) -> faults.holds().hold(length).thenApply(_ -> PASS);
      case Fault.Delay(var length) -> faults.holds().hold(length).thenApply(_ -> PASS);
      case Fault.LoseAnswer _ -> throw new IllegalStateException("asked for behind the request");
    };
  }

  private Optional<Fault.OfStore> rule(StoreCall call, boolean answered) {
    return faults.ask(
        FaultRule.Store.class,
        rule ->
            rule.requests().include(call) && (rule.then() instanceof Fault.LoseAnswer) == answered,
        FaultRule.Store::then,
        subject(call));
  }

  private boolean dies(WriteMoment moment, StoreCall call) {
    var fault =
        switch (call.sender().role()) {
          case WORKER ->
              faults.ask(
                  FaultRule.Worker.class,
                  rule -> rule.then().moment() == moment && rule.requests().include(call),
                  FaultRule.Worker::then,
                  subject(call));
          case GATEWAY ->
              faults.ask(
                  FaultRule.Gateway.class,
                  rule -> rule.then().moment() == moment && rule.requests().include(call),
                  FaultRule.Gateway::then,
                  subject(call));
          case OTHER -> Optional.<Fault.Kill>empty();
        };
    fault.ifPresent(_ -> faults.consequences().kill(call.sender()));
    return fault.isPresent();
  }

  private CompletionStage<FaultVerdict> spring(Trap trap, StoreCall call) {
    return switch (trap.act()) {
      case Trap.Kill _ -> {
        faults.consequences().kill(call.sender());
        tell(call.sender().role().word(), "kill", call);
        trap.spring(call);
        yield CompletableFuture.completedFuture(CUT);
      }
      case Trap.LoseAnswer _ -> {
        tell("dynamodb", "lose_answer", call);
        trap.spring(call);
        yield CompletableFuture.completedFuture(CUT);
      }
      case Trap.Run(var what) ->
          CompletableFuture.runAsync(what, task -> Thread.ofVirtual().name("trap").start(task))
              .handle((_, problem) -> {
                if (problem == null) {
                  trap.spring(call);
                } else {
                  trap.fail(problem);
                }
                return PASS;
              });
    };
  }

  private void tell(String place, String fault, StoreCall call) {
    faults.tell(new Injected(place, fault, subject(call)));
  }

  private static String subject(StoreCall call) {
    return call.operation() + " " + String.join(",", call.tables()) + " by " + call.sender();
  }
}
