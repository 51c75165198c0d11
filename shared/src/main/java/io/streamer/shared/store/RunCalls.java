package io.streamer.shared.store;

import io.streamer.handler.RawJson;
import io.streamer.shared.job.Job;
import io.streamer.shared.protocol.ServerFrame;
import io.streamer.shared.store.row.EventItems;
import io.streamer.shared.store.row.JobItems;
import io.streamer.shared.store.row.JobMarks;
import io.streamer.shared.table.Answer;
import io.streamer.shared.table.Call;
import io.streamer.shared.table.Condition;
import io.streamer.shared.table.Item;
import io.streamer.shared.table.Pages;
import io.streamer.shared.table.StoreRequest;
import io.streamer.shared.table.Tables;
import io.streamer.shared.table.Value;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a job's holder stores beside its row: checkpoints, steps' results and events. What the row
 * points to is written before the row; a call that was not answered is executed again before
 * anything else of the job is written.
 */
public final class RunCalls {
  private static final String VALUE = "value";
  private static final String STEP = "step#";

  /** Behind every name. */
  private static final String LAST = "\uffff";

  private final Tables tables;
  private final JobLimits limits;
  private final InstantSource clock;
  private final JobCalls jobs;

  public RunCalls(Tables tables, JobLimits limits, InstantSource clock) {
    this.tables = tables;
    this.limits = limits;
    this.clock = clock;
    this.jobs = new JobCalls(tables, limits, clock);
  }

  /**
   * Stores a checkpoint, keeps the newest progress and renews the lease.
   *
   * @param n counts the checkpoints of this epoch, from 1
   */
  public Call<Kept> checkpoint(Job job, int n, RawJson value, Said said, String nonce) {
    var part = "checkpoint#" + JobItems.sorted(job.epoch()) + "#" + JobItems.sorted(n);
    var content =
        new Item.Builder().put(VALUE, Value.of(value)).put("eventSeq", job.eventSeq()).build();
    var marked = Map.of(JobMarks.CHECKPOINT, Value.of(part));
    return put(job, part, content, List.of()).then(_ -> jobs.keep(job, said, marked, nonce));
  }

  /**
   * Where the job's run goes on from; empty: from its beginning.
   *
   * @throws IllegalStateException when executed, if the job's data is gone
   */
  public Call<Optional<Checkpoint>> checkpoint(Job job) {
    if (job.marks().checkpoint().isEmpty()) {
      return Call.done(Optional.empty());
    }
    return get(job, job.marks().checkpoint().get())
        .map(item -> {
          var found =
              item.orElseThrow(
                  () -> new IllegalStateException("job " + job.id() + " has lost its checkpoint"));
          return Optional.of(
              new Checkpoint(found.findJson(VALUE).orElseThrow(), found.whole("eventSeq")));
        });
  }

  /** The results of a job's steps by the steps' names, up to a number of them. */
  public Call<Map<String, RawJson>> steps(Job job, int most) {
    var range =
        new StoreRequest.Range(
            tables.jobData(),
            Optional.empty(),
            "job",
            Value.of(JobItems.dataKey(job)),
            "part",
            Value.of(STEP),
            Value.of(STEP + LAST),
            most,
            Optional.empty(),
            false);
    return Call.ask(
        range,
        answer -> {
          Map<String, RawJson> found = new TreeMap<>();
          for (var item : Pages.rows(answer).items()) {
            item.findJson(VALUE)
                .ifPresent(value ->
                    found.put(Job.nameOf(item.text("part").substring(STEP.length())), value));
          }
          return found;
        });
  }

  /** The stored result of a step, if it was done. */
  public Call<Optional<RawJson>> step(Job job, String name) {
    return get(job, stepPart(name)).map(item -> item.flatMap(found -> found.findJson(VALUE)));
  }

  /** Stores a step's result, unless one is stored; the one that is stored then. */
  public Call<RawJson> step(Job job, String name, RawJson result) {
    return put(
            job,
            stepPart(name),
            new Item(Map.of(VALUE, Value.of(result))),
            List.of(new Condition.Absent("part")))
        .map(answer ->
            switch (answer) {
              case Answer.Refused(var old) ->
                  old.flatMap(item -> item.findJson(VALUE)).orElse(result);
              case Answer.Row _, Answer.Rows _ -> result;
            });
  }

  /**
   * Stores events behind those of the job, keeps the newest progress and renews the lease: they may
   * be sent once this is {@link Kept.Still}.
   *
   * @param events at least one, with rising numbers above the job's {@code eventSeq}
   * @param said its seq is the last event's, or higher
   */
  public Call<Kept> append(
      Job job, List<? extends ServerFrame.Replayed> events, Said said, String nonce) {
    var last = events.getLast().seq();
    var part = EventItems.part(last);
    var row = Map.of("eventSeq", Value.of(last));
    return put(job, part, EventItems.write(job.eventSeq(), events), List.of())
        .then(_ -> jobs.keep(job, said, row, nonce));
  }

  private Call<Answer> put(Job job, String part, Item content, List<Condition> conditions) {
    var expiresAt = Submissions.dataExpiresAt(limits, clock.millis(), job.terms());
    var item = JobItems.data(job, part, content, expiresAt);
    return Call.ask(new StoreRequest.Put(tables.jobData(), item, conditions), answer -> answer);
  }

  private Call<Optional<Item>> get(Job job, String part) {
    return Call.ask(
        new StoreRequest.Get(tables.jobData(), JobItems.dataKey(job, part), true), Answer::item);
  }

  private static String stepPart(String name) {
    return STEP + Job.keyPart(name);
  }
}
