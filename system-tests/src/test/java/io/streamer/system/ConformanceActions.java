package io.streamer.system;

import io.streamer.handler.Action;
import io.streamer.handler.Config;
import io.streamer.handler.Failure;
import io.streamer.handler.Handler;
import io.streamer.handler.HandlerModule;
import io.streamer.handler.Handlers;
import io.streamer.handler.Run;
import java.util.Map;
import java.util.Optional;

/** Actions of the scenarios that every client must pass. */
final class ConformanceActions implements HandlerModule {
  @Override
  public void register(Handlers handlers, Config config) {
    handlers.add(Rows.class, Rows::new);
    handlers.add(Slow.class, Slow::new);
    handlers.add(Paced.class, Paced::new);
  }

  /**
   * Rows to be written.
   *
   * @param kept the rows before the checkpoint
   * @param gate to be passed in the first attempts
   * @param gateAt the row behind which it stands, the last one unless given
   * @param gated in how many attempts, one unless given
   * @param failing the attempts that fail behind their last row
   */
  public record Wanted(
      int rows,
      Optional<Integer> kept,
      Optional<String> gate,
      Optional<Integer> gateAt,
      Optional<Integer> gated,
      Optional<Integer> failing) {}

  /** Writes rows as events, and forgets those behind its checkpoint when it is killed. */
  @Action(value = "conformance.rows", expected = "1m", attempts = 5)
  public static final class Rows implements Handler<Wanted, Map<String, Integer>> {
    @Override
    public Map<String, Integer> handle(Wanted wanted, Run run) throws Exception {
      int from = run.checkpoint(Integer.class).orElse(0);
      for (int row = from + 1; row <= wanted.rows(); row++) {
        run.emit("row", Map.of("row", row, "attempt", run.attempt()));
        run.progress(90.0 * row / wanted.rows(), "row " + row);
        if (wanted.kept().orElse(wanted.rows()) == row) {
          run.checkpoint(row);
        }
        if (run.attempt() <= wanted.gated().orElse(1)
            && wanted.gate().isPresent()
            && wanted.gateAt().orElse(wanted.rows()) == row) {
          Gates.pass(wanted.gate().get());
        }
      }
      if (run.attempt() <= wanted.failing().orElse(0)) {
        throw Failure.tryAgain("TORN", "the page is torn");
      }
      return Map.of("rows", wanted.rows(), "attempt", run.attempt());
    }
  }

  /**
   * Rows to be written as a test goes on.
   *
   * @param rows in all
   * @param batch rows behind each gate
   * @param gate what the names of the gates begin with: {@code gate-1}, {@code gate-2}
   */
  public record Pace(int rows, int batch, String gate) {}

  /** Writes rows as events, so many behind each gate. */
  @Action(value = "conformance.paced", expected = "10m")
  public static final class Paced implements Handler<Pace, Map<String, Integer>> {
    @Override
    public Map<String, Integer> handle(Pace pace, Run run) throws Exception {
      for (int row = 1; row <= pace.rows(); row++) {
        if (row % pace.batch() == 1 || pace.batch() == 1) {
          Gates.pass(pace.gate() + "-" + ((row - 1) / pace.batch() + 1));
        }
        run.emit("row", Map.of("row", row));
      }
      return Map.of("rows", pace.rows());
    }
  }

  /** Promises to be quick, and waits at a gate. */
  @Action("conformance.slow")
  public static final class Slow implements Handler<Map<String, String>, Map<String, String>> {
    @Override
    public Map<String, String> handle(Map<String, String> gate, Run run) throws Exception {
      Gates.pass(gate.getOrDefault("gate", ""));
      return gate;
    }
  }
}
