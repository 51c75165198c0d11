package io.streamer.shared.store;

import io.streamer.shared.job.Job;
import io.streamer.shared.job.JobId;
import io.streamer.shared.job.JobStatus;
import io.streamer.shared.job.Transitions.Rule;
import io.streamer.shared.job.Transitions.Step;
import io.streamer.shared.store.row.JobItems;
import io.streamer.shared.store.row.JobMarks;
import io.streamer.shared.table.Answer;
import io.streamer.shared.table.Call;
import io.streamer.shared.table.Condition;
import io.streamer.shared.table.Item;
import io.streamer.shared.table.StoreRequest;
import io.streamer.shared.table.Tables;
import io.streamer.shared.table.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Writes a step of a job under the conditions that {@code Transitions} gives it, with a nonce by
 * which a retry knows its own success.
 */
public final class JobWrites {
  private static final String START = "start";

  private final Tables tables;

  public JobWrites(Tables tables) {
    this.tables = tables;
  }

  /** What became of a step. */
  public sealed interface Written {
    record Done(Job job) implements Written {}

    /**
     * The job is not as the step needs it.
     *
     * @param old the job that is there, if any
     */
    record Refused(Optional<Job> old) implements Written {}

    default Kept kept() {
      return switch (this) {
        case Done(var job) -> new Kept.Still(job);
        case Refused _ -> new Kept.Lost();
      };
    }
  }

  /**
   * Takes a step from the job as it was seen.
   *
   * @param set what changes besides status, epoch, nonce and start
   */
  public Call<Written> step(Job seen, Step step, Item set, Set<String> remove, String nonce) {
    return step(seen, step, set, remove, List.of(), nonce);
  }

  /**
   * Takes a step from the job as it was seen.
   *
   * @param more conditions beside those of the step
   */
  public Call<Written> step(
      Job seen, Step step, Item set, Set<String> remove, List<Condition> more, String nonce) {
    var conditions = new ArrayList<>(same(seen));
    conditions.add(from(step.from()));
    conditions.addAll(more);
    if (step.has(Rule.UNLESS_CANCELLED)) {
      conditions.add(new Condition.Absent(JobMarks.CANCEL));
    }
    if (step.has(Rule.SAME_LEASE)) {
      conditions.add(equal("leaseUntil", seen.leaseUntil()));
    }
    if (step.has(Rule.SAME_DUE)) {
      conditions.add(
          seen.dueAt()
              .map(at -> equal("dueAt", at))
              .orElseGet(() -> new Condition.Absent("dueAt")));
    }
    return step(seen.id(), seen.epoch(), step, set, remove, conditions, nonce);
  }

  /** Claims by the epoch alone: whoever is started has seen no row. */
  public Call<Written> claim(JobId id, long epoch, Item set, String nonce) {
    var conditions = List.of(from(Step.CLAIM.from()), equal("epoch", epoch));
    return step(id, epoch, Step.CLAIM, set, Set.of(), conditions, nonce);
  }

  /**
   * A write that is no step: it leaves {@code claim} alone, for its holder's retries look at that,
   * and is such that doing it twice does no harm.
   */
  public StoreRequest.Update mark(
      JobId id,
      Map<String, Value> set,
      Map<String, Long> add,
      Set<String> remove,
      List<Condition> conditions) {
    var gone = new HashSet<>(remove);
    gone.add(START);
    return new StoreRequest.Update(tables.jobs(), JobItems.key(id), set, add, gone, conditions);
  }

  /**
   * Has the job's holder send its frames elsewhere, too, and tells how the job stands then.
   *
   * @param whose the attribute that must have this value, for the caller to see the job at all
   */
  public Call<Attachment> attach(
      JobId id, Map<String, Value> set, Map<String, Long> add, String whose, String value) {
    if (!id.wellFormed()) {
      return Call.done(new Attachment.Unknown());
    }
    // a subscriber is no owner come back
    var gone = set.isEmpty() ? Set.<String>of() : Set.of(JobMarks.ABANDON_AT);
    var conditions = List.<Condition>of(new Condition.Equal(whose, Value.of(value)));
    return Call.ask(mark(id, set, add, gone, conditions), JobWrites::attachment);
  }

  private static Attachment attachment(Answer answer) {
    return answer.accepted()
        ? new Attachment.Attached(JobItems.read(answer.item().orElseThrow()))
        : new Attachment.Unknown();
  }

  /** Changes the route if the job is as its holder has seen it, and the route is still this one. */
  public Call<Attachment> reroute(Job seen, Value from, Value to) {
    var conditions = new ArrayList<>(same(seen));
    conditions.add(new Condition.Equal("route", from));
    return Call.ask(
        mark(seen.id(), Map.of("route", to), Map.of(), Set.of(), conditions),
        JobWrites::attachment);
  }

  /**
   * Sets the route of a job that has had no watchers but its owners.
   *
   * @return Behind if it has; as it stands
   */
  public Call<Resumption> attachAlone(JobId id, String owner, Value route) {
    if (!id.wellFormed()) {
      return Call.done(new Resumption.Unknown());
    }
    var conditions =
        List.<Condition>of(
            new Condition.Equal("owner", Value.of(owner)), new Condition.Absent(JobMarks.WATCH));
    return route(id, route, false, conditions, job -> job.owner().equals(owner));
  }

  /**
   * Sets the route if it is still as it was seen.
   *
   * @param shared whether the job's holder is told that its subscribers have changed
   * @param sameEvents whether the job's last event must be as it was seen, too
   */
  public Call<Resumption> takeOver(Job seen, Value route, boolean shared, boolean sameEvents) {
    var conditions = new ArrayList<Condition>();
    conditions.add(new Condition.Equal("run", Value.of(seen.run())));
    conditions.add(
        seen.route()
            .<Condition>map(there -> new Condition.Equal("route", JobItems.write(there)))
            .orElseGet(() -> new Condition.Absent("route")));
    if (sameEvents) {
      conditions.add(equal("eventSeq", seen.eventSeq()));
    }
    return route(seen.id(), route, shared, conditions, job -> job.run().equals(seen.run()));
  }

  /** Counts a watcher if none was counted yet. */
  public Call<Resumption> share(Job seen) {
    var conditions =
        List.<Condition>of(
            new Condition.Equal("run", Value.of(seen.run())), new Condition.Absent(JobMarks.WATCH));
    return mark(
        mark(seen.id(), Map.of(), Map.of(JobMarks.WATCH, 1L), Set.of(), conditions),
        job -> job.run().equals(seen.run()));
  }

  private Call<Resumption> route(
      JobId id, Value route, boolean shared, List<Condition> conditions, Predicate<Job> same) {
    return mark(
        mark(
            id,
            Map.of("route", route),
            shared ? Map.of(JobMarks.WATCH, 1L) : Map.of(),
            Set.of(JobMarks.ABANDON_AT),
            conditions),
        same);
  }

  private static Call<Resumption> mark(StoreRequest.Update update, Predicate<Job> same) {
    return Call.ask(
        update,
        answer ->
            switch (answer) {
              case Answer.Refused(var row) ->
                  row.map(JobItems::read)
                      .filter(same)
                      .<Resumption>map(Resumption.Behind::new)
                      .orElseGet(Resumption.Unknown::new);
              case Answer.Row _, Answer.Rows _ ->
                  new Resumption.Resumed(JobItems.read(answer.item().orElseThrow()));
            });
  }

  /** That the job is the one that was seen, and nobody took it over. */
  public static List<Condition> same(Job job) {
    return List.of(equal("epoch", job.epoch()), new Condition.Equal("run", Value.of(job.run())));
  }

  public static Condition equal(String attribute, long number) {
    return new Condition.Equal(attribute, Value.of(number));
  }

  public static Condition from(Set<JobStatus> states) {
    return new Condition.OneOf(
        "status", states.stream().map(status -> Value.of(status.name())).toList());
  }

  private Call<Written> step(
      JobId id,
      long epoch,
      Step step,
      Item set,
      Set<String> remove,
      List<Condition> conditions,
      String nonce) {
    var next = step.has(Rule.TAKES_EPOCH) ? epoch + 1 : epoch;
    var all =
        new Item.Builder()
            .putAll(set)
            .put("status", step.to().name())
            .put("epoch", next)
            .put("claim", nonce);
    var gone = new HashSet<>(remove);
    if (step.has(Rule.STARTS)) {
      all.put(START, "1");
    } else {
      // the stream looks at it: no other write may look like a start
      gone.add(START);
    }
    if (step.to() != JobStatus.RUNNING) {
      gone.add("leaseUntil");
    }
    if (step.to().terminal()) {
      gone.add(JobMarks.ABANDON_AT);
    }
    return Call.ask(
        new StoreRequest.Update(
            tables.jobs(), JobItems.key(id), all.build().attributes(), gone, conditions),
        answer -> written(answer, nonce, next));
  }

  /** A refusal that met our own nonce was an earlier try's success. */
  private static Written written(Answer answer, String nonce, long epoch) {
    return switch (answer) {
      case Answer.Refused(var row) -> {
        var old = row.map(JobItems::read);
        yield old.filter(job -> job.claim().equals(nonce) && job.epoch() == epoch)
            .<Written>map(Written.Done::new)
            .orElseGet(() -> new Written.Refused(old));
      }
      case Answer.Row _, Answer.Rows _ ->
          new Written.Done(JobItems.read(answer.item().orElseThrow()));
    };
  }
}
