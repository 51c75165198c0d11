package io.streamer.shared.store;

import io.streamer.handler.RawJson;
import io.streamer.shared.job.Job;
import io.streamer.shared.job.Outcome;
import io.streamer.shared.job.Reports.Report;
import io.streamer.shared.protocol.ErrorCode;
import io.streamer.shared.protocol.Problem;
import io.streamer.shared.protocol.ServerFrame;
import io.streamer.shared.store.LifeModel.Bound;
import io.streamer.shared.store.LifeWorld.Actor;
import io.streamer.shared.store.LifeWorld.World;
import io.streamer.shared.table.Call;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A worker of a {@link LifeModel}: claims the job, sends again what may not have been sent,
 * rewinds, emits one event, and ends, fails, or goes on elsewhere. It writes and pushes however
 * late it is.
 */
final class LifeWorker {
  private final Bound bound;
  private final LifeWorld worlds;
  private final LifeCalls calls;
  private final JobCalls jobs;
  private final RunCalls runs = new RunCalls(LifeModel.TABLES, LifeModel.LIMITS, LifeModel.CLOCK);

  LifeWorker(Bound bound, LifeWorld worlds, LifeCalls calls, JobCalls jobs) {
    this.bound = bound;
    this.worlds = worlds;
    this.calls = calls;
    this.jobs = jobs;
  }

  void moves(World world, int i, Consumer<World> to) {
    var worker = world.workers().get(i);
    if (worker.pc() == 0) {
      if (world.start()) {
        var row = worlds.job(world.row());
        calls.call(
            world,
            "claim " + i,
            () -> jobs.claim(row.id(), row.epoch(), "w" + i + "#" + row.epoch()),
            (after, claim) ->
                to.accept(
                    claim.isPresent() && claim.get() instanceof Claim.Claimed(var job)
                        ? after.withWorker(i, worlds.actor(1, after, job))
                        : after));
      }
      return;
    }
    to.accept(world.withWorker(i, Actor.IDLE));
    var job = worlds.job(worker.image());
    var nonce = "w" + i + "#" + job.epoch() + "#" + worker.pc();
    var image = " " + worker.image();
    var base = calls.read(world, "checkpoint" + image, () -> runs.checkpoint(job));
    long from = base.map(Checkpoint::eventSeq).orElse(0L);
    var first = job.firstSeq();
    var rewind = new ServerFrame.Rewind(job.requestId(), job.id().value(), first + 1, from);
    var event =
        new ServerFrame.Event(
            job.requestId(), job.id().value(), first + 2, "page", RawJson.of("1"));
    var end = new Said(new Report(50, ""), first + 9, Map.of());
    switch (worker.pc()) {
      case 1 -> {
        var told = calls.repeat(world, job, worker.watchers());
        if (job.eventSeq() > from) {
          append(told, i, job, rewind, nonce, to);
        } else {
          to.accept(told.withWorker(i, worker.at(3)));
        }
      }
      case 2 ->
          to.accept(calls.push(world, job, worker.watchers(), rewind).withWorker(i, worker.at(3)));
      case 3 -> append(world, i, job, event, nonce, to);
      case 4 ->
          to.accept(calls.push(world, job, worker.watchers(), event).withWorker(i, worker.at(5)));
      case 5, 8 -> {
        held(
            world,
            i,
            "finish" + image,
            () -> jobs.finish(job, FAILURE, end.last(), end.seq(), Map.of(), nonce),
            0,
            to);
        if (job.attempt() < bound.attempts()) {
          held(
              world,
              i,
              "retry" + image,
              () -> jobs.retry(job, LifeModel.NOW + 5_000, true, end, nonce + "r"),
              0,
              to);
        }
        // within a live lease nothing comes of it
        if (worlds.job(world.row()).leaseUntil() < LifeModel.NOW)
          held(
              world,
              i,
              "renew" + image,
              () -> jobs.renew(job, first + 2, nonce + "k"),
              worker.pc(),
              to);
        if (worlds.job(world.row()).marks().cancel()) {
          held(world, i, "stop" + image, () -> jobs.stop(job, end, nonce + "s"), 0, to);
        }
        if (worker.pc() == 8) {
          held(world, i, "hand on" + image, () -> jobs.handOn(job, end, nonce + "h"), 0, to);
        } else if (bound.handsOn() && job.epoch() == 1) {
          var said = new Said(new Report(50, ""), first + 2, Map.of());
          held(
              world,
              i,
              "keep checkpoint" + image,
              () -> runs.checkpoint(job, 1, RawJson.of("1"), said, nonce + "c"),
              8,
              to);
        }
      }
      case 6 ->
          to.accept(
              calls
                  .push(
                      world,
                      job,
                      worker.watchers(),
                      job.terminalFrame(Optional.empty()).orElseThrow())
                  .withWorker(i, worker.at(7)));
      case 7 ->
          calls.call(
              world,
              "delivered" + image + " " + worker.watchers(),
              () -> calls.delivered(job, worker.watchers()),
              (after, done) ->
                  to.accept(done.isPresent() ? after.withWorker(i, Actor.IDLE) : after));
      default -> throw new IllegalStateException("no such step");
    }
  }

  /** Failures alone: a result's frame needs the object store, and ends a job as they do. */
  private static final Outcome FAILURE =
      new Outcome.Failed(Problem.of(ErrorCode.PROCESSING_FAILED, "no"));

  private void append(
      World world, int i, Job job, ServerFrame.Replayed event, String nonce, Consumer<World> to) {
    var said = new Said(new Report(50, ""), event.seq(), Map.of());
    var next = event instanceof ServerFrame.Rewind ? 2 : 4;
    held(
        world,
        i,
        "append " + event.seq() + " " + nonce + worlds.id(job),
        () -> runs.append(job, List.of(event), said, nonce),
        next,
        to);
  }

  private void held(
      World world, int i, String name, Supplier<Call<Kept>> call, int next, Consumer<World> to) {
    calls.callOrLate(
        world,
        name + " " + i + " " + world.workers().get(i).pc(),
        call,
        (after, kept) ->
            to.accept(
                switch (kept.orElse(null)) {
                  case null -> after;
                  case Kept.Lost _ -> after.withWorker(i, Actor.IDLE);
                  case Kept.Still(var job) when job.status().terminal() ->
                      after.withWorker(i, worlds.actor(6, after, job));
                  case Kept.Still(var job) ->
                      after.withWorker(i, next == 0 ? Actor.IDLE : worlds.actor(next, after, job));
                }));
  }
}
