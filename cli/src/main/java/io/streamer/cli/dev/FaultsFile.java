package io.streamer.cli.dev;

import io.streamer.emulator.fault.FaultPlan;
import io.streamer.emulator.fault.Faults;
import io.streamer.emulator.fault.Injected;
import io.streamer.emulator.fault.PlanException;
import io.streamer.emulator.fault.PlanFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The file of {@code --faults}: read at the start and whenever it is saved. */
final class FaultsFile {
  private static final long LOOK_EVERY_MS = 500;
  private static final int LINES_A_SECOND = 10;

  private final Path file;
  private final Consumer<String> out;
  private final InstantSource clock;
  private FaultPlan plan;
  private FileTime read;
  private String problem = "";

  // of the second that is told now
  private long second;
  private int told;
  private int untold;

  /**
   * Reads it.
   *
   * @throws PlanException if it is no plan
   */
  FaultsFile(Path file, Consumer<String> out, InstantSource clock) {
    this.file = file;
    this.out = out;
    this.clock = clock;
    this.read = saved();
    this.plan = PlanFile.read(file);
  }

  /** Lets it go wrong, tells of it, and follows the file until the process ends. */
  void follow(Faults faults) {
    begin(faults);
    var looking =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("faults-file").factory());
    var _ =
        looking.scheduleWithFixedDelay(
            () -> look(faults), LOOK_EVERY_MS, LOOK_EVERY_MS, TimeUnit.MILLISECONDS);
  }

  /** What is told when they are turned off, or on again. */
  synchronized String turned(boolean on) {
    return on ? line() : "faults: off";
  }

  void begin(Faults faults) {
    faults.onInjected(this::tell);
    faults.set(plan);
    out.accept(line());
  }

  /** Takes the file as it is now, if it was saved; one that is no plan changes nothing. */
  synchronized void look(Faults faults) {
    try {
      var now = saved();
      if (now.equals(read)) {
        return;
      }
      read = now;
      problem = "";
      plan = PlanFile.read(file);
      faults.set(plan);
      out.accept(line());
    } catch (PlanException | UncheckedIOException e) {
      var found = String.valueOf(e.getMessage());
      // a file that is gone stays so for many looks
      if (!found.equals(problem)) {
        out.accept("faults: " + found + "; the rules stay as they were");
      }
      problem = found;
    }
  }

  private String line() {
    return "faults: seed " + plan.seed() + ", " + plan.rules().size() + " rules of " + file;
  }

  private FileTime saved() {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  /** A line each, but not a flood of them. */
  private void tell(Injected injected) {
    synchronized (this) {
      var now = clock.instant().getEpochSecond();
      if (now != second) {
        if (untold > 0) {
          out.accept("fault: and " + untold + " more in a second");
        }
        second = now;
        told = 0;
        untold = 0;
      }
      if (told == LINES_A_SECOND) {
        untold++;
        return;
      }
      told++;
    }
    out.accept("fault: " + injected);
  }
}
