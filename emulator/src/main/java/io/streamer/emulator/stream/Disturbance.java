package io.streamer.emulator.stream;

import io.streamer.emulator.fault.Fault;
import io.streamer.emulator.fault.Faults;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What goes wrong with one shard's records between the stream and the function. */
final class Disturbance {
  /** What no other record overtakes by then goes on as it came. */
  private static final Duration LONGEST_HELD = Duration.ofSeconds(1);

  private final Faults faults;
  private final PollWakeup bell;
  private final List<StreamedRecord> held = new ArrayList<>();
  private Instant heldSince = Instant.EPOCH;

  Disturbance(Faults faults, PollWakeup bell) {
    this.faults = faults;
    this.bell = bell;
  }

  /** What is to be handed on after a read; waits for records that come late. */
  List<StreamedRecord> of(List<StreamedRecord> read) throws InterruptedException {
    var on = new ArrayList<StreamedRecord>();
    for (var record : read) {
      var fault = faults.record("record " + record.sequenceNumber());
      if (fault.isEmpty()) {
        pass(record, on);
        continue;
      }
      switch (fault.get()) {
        case Fault.Drop _ -> {}
        case Fault.Duplicate _ -> {
          pass(record, on);
          on.add(record);
        }
        case Fault.Delay(var length) -> {
          // those behind it wait, too: a shard keeps its order
          bell.await(() -> false, length);
          pass(record, on);
        }
        case Fault.Reorder _ -> {
          held.add(record);
          heldSince = bell.now();
        }
        case Fault.LoseAnswer _, Fault.Split _ -> pass(record, on);
      }
    }
    if (!bell.now().isBefore(heldSince.plus(LONGEST_HELD))) {
      on.addAll(rest());
    }
    return on;
  }

  /** Whether a record waits to be overtaken. */
  boolean holds() {
    return !held.isEmpty();
  }

  /** What is still held, when nothing can overtake it any more. */
  List<StreamedRecord> rest() {
    var all = List.copyOf(held);
    held.clear();
    return all;
  }

  private void pass(StreamedRecord record, List<StreamedRecord> on) {
    on.add(record);
    on.addAll(rest());
  }
}
