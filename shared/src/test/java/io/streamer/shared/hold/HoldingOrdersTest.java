package io.streamer.shared.hold;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.handler.RawJson;
import io.streamer.shared.hold.Recipient.Parcel;
import io.streamer.shared.job.JobStatus;
import io.streamer.shared.job.Outcome;
import io.streamer.shared.job.Route;
import io.streamer.shared.protocol.ClientFrame.Kind;
import io.streamer.shared.protocol.ErrorCode;
import io.streamer.shared.protocol.Problem;
import io.streamer.shared.protocol.ServerFrame;
import io.streamer.shared.push.Pushed;
import io.streamer.shared.store.Kept;
import io.streamer.shared.table.Call;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Reports, events, new owners, cancels, pushes and answers in any order, with answers that are lost
 * and writes that are done late: what the holder of a job promises holds in each.
 */
class HoldingOrdersTest {
  private static final int RUNS = 250;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void whateverHappensInWhateverOrder(long seed) {
    int ended = 0;
    for (int run = 0; run < RUNS; run++) {
      ended += new Orders(new Random(1_000 * seed + run)).run() ? 1 : 0;
    }
    assertThat(ended).isGreaterThan(RUNS / 3);
  }

  private static final class Orders {
    private final Random random;
    private final HeldJob job = new HeldJob();
    private final Holding holding = job.holding;
    private final Map<Long, ServerFrame> told = new HashMap<>();
    private final Map<Recipient, Long> had = new HashMap<>();
    private final Map<Recipient, List<Parcel>> flying = new LinkedHashMap<>();
    private final List<Call<Kept>> late = new ArrayList<>();
    private @Nullable Call<Kept> first;
    private long leaseUntil = HeldJob.BEGUN + 60_000;
    private boolean ending;

    Orders(Random random) {
      this.random = random;
    }

    /** Whether what becomes of the job was stored. */
    boolean run() {
      int until = 20 + random.nextInt(60);
      for (int i = 0; i < 10_000; i++) {
        if (!ending) {
          happen();
          if (i >= until) {
            ending = true;
            holding.end(ending());
          }
        } else {
          job.now += random.nextInt(700);
        }
        switch (holding.next(job.now)) {
          case Step.Write(var call) -> write(call);
          case Step.Look(var call) -> {
            if (random.nextInt(4) > 0) {
              holding.looked(job.run(call));
            } else {
              holding.unanswered(job.now);
            }
          }
          case Step.Land _, Step.Wait _ -> {}
          case Step.Lost _ -> {
            assertThat(holding.lost()).isTrue();
            nothingIsSaidAnyMore();
            return false;
          }
          case Step.Ended(var row) -> {
            ended(row.status(), row.seq());
            return true;
          }
        }
        push();
      }
      throw new AssertionError("it comes to no end");
    }

    private void happen() {
      job.now += random.nextInt(20) == 0 ? random.nextInt(25_000) : random.nextInt(700);
      switch (random.nextInt(16)) {
        case 0, 1, 2, 3 -> job.report(random.nextInt(100));
        case 4, 5, 6 -> job.emitter.waiting += 1;
        case 7 -> attach(HeldJob.OTHER_TAB);
        case 8 -> attach(HeldJob.TAB);
        case 9 -> {
          if (!late.isEmpty()) {
            var _ = job.run(late.remove(random.nextInt(late.size())));
          }
        }
        default -> {}
      }
    }

    private void attach(Route route) {
      var _ = job.run(job.jobs.attach(job.claimed.id(), job.claimed.owner(), route));
    }

    private Ending ending() {
      return switch (random.nextInt(5)) {
        case 0 -> new Ending.Ends(new Outcome.Succeeded(RawJson.of("{}")));
        case 1 ->
            new Ending.Ends(new Outcome.Failed(Problem.of(ErrorCode.PROCESSING_FAILED, "no")));
        case 2 -> new Ending.Stops();
        case 3 -> new Ending.TriedAgain(Duration.ofSeconds(5), true);
        default -> new Ending.HandedOn();
      };
    }

    private void write(Call<Kept> call) {
      if (first != null) {
        // nothing comes between a write that others must not overtake and its answer
        assertThat(call).isSameAs(first);
      }
      var overtakable = ending || call.equals(job.emitter.asked);
      switch (random.nextInt(6)) {
        case 0 -> {
          first = overtakable ? call : null;
          late.add(call);
          holding.unanswered(job.now);
        }
        case 1 -> {
          first = overtakable ? call : null;
          var _ = job.run(call);
          holding.unanswered(job.now);
        }
        default -> {
          first = null;
          var kept = job.run(call);
          holding.wrote(kept);
          if (kept instanceof Kept.Still(var row)) {
            leaseUntil = Math.max(leaseUntil, row.leaseUntil());
            // each write stores the highest number that was used before it
            assertThat(row.seq()).isGreaterThanOrEqualTo(highestTold(row.status()));
          }
        }
      }
    }

    private long highestTold(JobStatus status) {
      return status == JobStatus.RUNNING
          ? 0
          : told.keySet().stream().mapToLong(seq -> seq).max().orElse(0);
    }

    private void push() {
      while (random.nextBoolean()) {
        var next = job.recipients.next();
        if (next.isEmpty()) {
          break;
        }
        var load = next.get().load();
        load.forEach(parcel -> said(next.get(), parcel));
        flying.put(next.get(), load);
      }
      if (!flying.isEmpty() && random.nextBoolean()) {
        var to = List.copyOf(flying.keySet()).get(random.nextInt(flying.size()));
        var load = flying.remove(to);
        var sent = random.nextInt(4) == 0 ? random.nextInt(load.size()) : load.size();
        if (sent > 0) {
          had.put(to, load.get(sent - 1).seq());
        }
        job.recipients.landed(
            to,
            sent,
            sent == load.size()
                ? new Pushed.Delivered()
                : new Pushed.Failed("not now", random.nextInt(8) > 0));
      }
    }

    private void said(Recipient to, Parcel parcel) {
      // to each in order
      assertThat(parcel.seq()).isGreaterThan(had.getOrDefault(to, 0L));
      // and what has the same number is the same, whoever gets it
      var before = told.putIfAbsent(parcel.seq(), parcel.frame());
      assertThat(before == null || before.equals(parcel.frame())).isTrue();
      if (parcel.kind() == Kind.EVENT) {
        assertThat(job.row().eventSeq()).isGreaterThanOrEqualTo(parcel.seq());
      }
      assertThat(job.now).isLessThan(leaseUntil);
    }

    private void nothingIsSaidAnyMore() {
      while (job.recipients.next().isPresent()) {
        // what was said before
      }
      job.report(99);
      assertThat(holding.next(job.now)).isEqualTo(new Step.Lost());
      assertThat(job.recipients.next()).isEmpty();
    }

    private void ended(JobStatus status, long seq) {
      for (var to = job.recipients.next(); to.isPresent(); to = job.recipients.next()) {
        to.get().load().forEach(parcel -> told.put(parcel.seq(), parcel.frame()));
      }
      assertThat(seq).isEqualTo(job.row().seq());
      assertThat(told.keySet()).allMatch(number -> number < seq);
      assertThat(status).isNotEqualTo(JobStatus.RUNNING);
    }
  }
}
