package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.handler.Caller;
import io.streamer.handler.RawJson;
import io.streamer.shared.directory.NodeCalls;
import io.streamer.shared.job.Job;
import io.streamer.shared.job.Reports.Report;
import io.streamer.shared.job.Route;
import io.streamer.shared.protocol.ClientFrame.Kind;
import io.streamer.shared.protocol.ClientFrame.Options;
import io.streamer.shared.protocol.ServerFrame.Event;
import io.streamer.shared.protocol.ServerFrame.Replayed;
import io.streamer.shared.protocol.ServerFrame.Rewind;
import io.streamer.shared.store.Attachment;
import io.streamer.shared.store.Checkpoint;
import io.streamer.shared.store.Claim;
import io.streamer.shared.store.JobCalls;
import io.streamer.shared.store.JobLimits;
import io.streamer.shared.store.Kept;
import io.streamer.shared.store.NewJob;
import io.streamer.shared.store.Ownership;
import io.streamer.shared.store.Resumption;
import io.streamer.shared.store.RunCalls;
import io.streamer.shared.store.Said;
import io.streamer.shared.store.Subscription;
import io.streamer.shared.store.SubscriptionCalls;
import io.streamer.shared.store.due.DueCalls;
import io.streamer.shared.store.event.EventCalls;
import io.streamer.shared.store.event.Events;
import io.streamer.shared.table.Call;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** What a run stores beside its job's row, and who watches it, on real tables. */
@ParameterizedClass
@EnumSource
class RunCallsTest {
  private static final JobLimits LIMITS =
      new JobLimits(Duration.ofSeconds(60), Duration.ofSeconds(60), Duration.ofDays(7));
  private static final Route ROUTE = new Route("L0SM9cOFvHcCIhw=", "node:n1", 1_999_999_999L);
  private static final int PLENTY = 100_000;

  private static LocalTables local;

  @Parameter private LocalTables.Way way;

  private final Caller ann = new Caller("acme", "ann" + UUID.randomUUID(), Set.of());
  private long now = System.currentTimeMillis();
  private final JobCalls jobs = new JobCalls(local.tables, LIMITS, this::instant);
  private final RunCalls runs = new RunCalls(local.tables, LIMITS, this::instant);
  private final Ownership ownership = new Ownership(local.tables, LIMITS, this::instant);
  private final EventCalls events = new EventCalls(local.tables);
  private final SubscriptionCalls subscriptions =
      new SubscriptionCalls(local.tables, LIMITS, this::instant);

  @BeforeAll
  static void start() {
    local = LocalTables.onDynamoDbLocal();
    local.create();
  }

  @AfterAll
  static void stop() {
    local.close();
  }

  @Test
  void onlyWhoHasAllEventsIsSentWhatComesNext() {
    var job = claimed();
    job = append(job, event(job, 1));
    var early = job;
    job = append(job, event(job, 2));
    var elsewhere = new Route("elsewhere=", "api:main", 1_999_999_999L);
    assertThat(run(ownership.takeOver(early, elsewhere, _ -> true)))
        .isEqualTo(new Resumption.Behind(job));
    assertThat(run(jobs.find(job.id()))).contains(job);
    var resumed = (Resumption.Resumed) run(ownership.takeOver(job, elsewhere, _ -> true));
    assertThat(resumed.job().route()).contains(elsewhere);
  }

  @Test
  void eventsComeBackInOrderAfterANumber() {
    var job = claimed();
    job = append(job, event(job, 1), event(job, 2));
    job = append(job, event(job, 5));
    assertThat(job.eventSeq()).isEqualTo(seq(job, 5));
    assertThat(run(events.newest(job))).containsExactly(event(job, 5));
    var missed = after(job, 0, PLENTY);
    assertThat(missed.events()).containsExactly(event(job, 1), event(job, 2), event(job, 5));
    assertThat(missed.next()).isEmpty();
    assertThat(after(job, seq(job, 1), PLENTY).events())
        .containsExactly(event(job, 2), event(job, 5));
    assertThat(after(job, seq(job, 5), PLENTY).events()).isEmpty();
  }

  @Test
  void whatIsTooMuchAtOnceComesInPieces() {
    var job = claimed();
    var all = new ArrayList<Replayed>();
    for (int i = 1; i <= 60; i++) {
      var event = event(job, i);
      job = append(job, event);
      all.add(event);
    }
    var got = new ArrayList<Replayed>();
    var pieces = 0;
    for (var next = Optional.of(0L); next.isPresent(); pieces++) {
      var piece = after(job, next.get(), 2_500);
      got.addAll(piece.events());
      next = piece.next();
    }
    assertThat(got).isEqualTo(all);
    assertThat(pieces).isBetween(5, 10);
    assertThat(after(job, 0, PLENTY).events()).isEqualTo(all);
    assertThat(after(job, 0, 1).events()).containsExactly(all.getFirst());
  }

  @Test
  void eventsOfAHolderThatLostTheJobAreNobodys() {
    var old = claimed();
    old = append(old, event(old, 1));
    takeOver(old);
    var heir = ((Claim.Claimed) run(jobs.claim(old.id(), 1, nonce()))).job();
    // written too late to stand in the row, before and after its successor's
    assertThat(run(runs.append(old, List.of(event(old, 2)), said(old, 2), nonce())))
        .isEqualTo(new Kept.Lost());
    var rewind = new Rewind(heir.requestId(), heir.id().value(), seq(heir, 1), seq(old, 1));
    heir = append(heir, rewind);
    heir = append(heir, event(heir, 2));
    assertThat(run(runs.append(old, List.of(event(old, 3)), said(old, 3), nonce())))
        .isEqualTo(new Kept.Lost());
    assertThat(after(heir, 0, PLENTY).events())
        .containsExactly(event(old, 1), rewind, event(heir, 2));
    var first = after(heir, 0, 1);
    assertThat(first.events()).containsExactly(event(old, 1));
    assertThat(first.next()).contains(seq(old, 1));
  }

  @Test
  void anAppendWithoutAnAnswerIsDoneAgain() {
    var job = claimed();
    var call = runs.append(job, List.of(event(job, 1)), said(job, 1), "n");
    var kept = local.runWithEveryWriteSentTwice(way, call);
    assertThat(run(call)).isEqualTo(kept);
    assertThat(after(((Kept.Still) kept).job(), 0, PLENTY).events()).containsExactly(event(job, 1));
  }

  @Test
  void aCheckpointKnowsWhereTheEventsWere() {
    var job = claimed();
    assertThat(run(runs.checkpoint(job))).isEmpty();
    job = append(job, event(job, 1));
    job = still(run(runs.checkpoint(job, 1, RawJson.of("{\"page\":1}"), said(job, 1), nonce())));
    assertThat(run(runs.checkpoint(job)))
        .contains(new Checkpoint(RawJson.of("{\"page\":1}"), seq(job, 1)));
    job = still(run(runs.checkpoint(job, 2, RawJson.of("{\"page\":2}"), said(job, 1), nonce())));
    assertThat(run(runs.checkpoint(job)).orElseThrow().value())
        .isEqualTo(RawJson.of("{\"page\":2}"));
    takeOver(job);
    assertThat(run(runs.checkpoint(job, 3, RawJson.of("3"), said(job, 1), nonce())))
        .isEqualTo(new Kept.Lost());
    var heir = ((Claim.Claimed) run(jobs.claim(job.id(), 1, nonce()))).job();
    assertThat(run(runs.checkpoint(heir)).orElseThrow().value())
        .isEqualTo(RawJson.of("{\"page\":2}"));
  }

  @Test
  void ofTwoResultsOfAStepTheFirstIsStored() {
    var job = claimed();
    var name = "charge#1/%";
    assertThat(run(runs.step(job, name))).isEmpty();
    assertThat(local.runWithEveryWriteSentTwice(way, runs.step(job, name, RawJson.of("1"))))
        .isEqualTo(RawJson.of("1"));
    assertThat(run(runs.step(job, name, RawJson.of("2")))).isEqualTo(RawJson.of("1"));
    assertThat(run(runs.step(job, name))).contains(RawJson.of("1"));
    assertThat(run(runs.step(job, "charge"))).isEmpty();
  }

  @Test
  void aSubscriberIsListedUntilItLeaves() {
    var job = claimed();
    var bob = new Caller("acme", "bob", Set.of());
    var route = new Route("bobs=" + nonce(), "api:main", 1_999_999_999L);
    var attached =
        (Attachment.Attached) run(subscriptions.subscribe(job, bob, route, Set.of(Kind.PROGRESS)));
    assertThat(attached.job().marks().watch()).isEqualTo(2);
    assertThat(attached.job().route()).contains(ROUTE);
    var topic = SubscriptionCalls.topic(job.id());
    assertThat(run(subscriptions.byTopic(topic)))
        .singleElement()
        .satisfies(subscription -> {
          assertThat(subscription.route()).isEqualTo(route);
          assertThat(subscription.caller()).isEqualTo(bob);
          assertThat(subscription.frames()).containsExactly(Kind.PROGRESS);
        });
    assertThat(run(subscriptions.byConnection(route.connection()))).containsExactly(topic);
    assertThat(run(subscriptions.unsubscribe(job.id(), "acme", route.connection()))).isTrue();
    assertThat(run(subscriptions.byTopic(topic))).isEmpty();
    assertThat(run(jobs.find(job.id())).orElseThrow().marks().watch()).isEqualTo(3);
    assertThat(run(subscriptions.unsubscribe(job.id(), "acme", route.connection()))).isFalse();
  }

  @Test
  void anotherTenantsJobTakesNoSubscriber() {
    var job = claimed();
    var eve = new Caller("other", "eve", Set.of());
    var shared = ((Attachment.Attached) run(ownership.share(job))).job();
    for (var seen : List.of(job, shared)) {
      assertThat(run(subscriptions.subscribe(seen, eve, ROUTE, Set.of(Kind.EVENT))))
          .isEqualTo(new Attachment.Unknown());
      assertThat(run(subscriptions.byTopic(SubscriptionCalls.topic(job.id())))).isEmpty();
      assertThat(run(jobs.find(job.id()))).contains(shared);
    }
  }

  @Test
  void aJobThatHasGoneTakesNoSubscriber() {
    var job = claimed();
    var shared = ((Attachment.Attached) run(ownership.share(job))).job();
    local.client.deleteItem(delete ->
        delete
            .tableName(local.tables.jobs())
            .key(Map.of("jobId", AttributeValue.fromS(job.id().value()))));
    for (var seen : List.of(job, shared)) {
      assertThat(run(subscriptions.subscribe(seen, ann, ROUTE, Set.of(Kind.EVENT))))
          .isEqualTo(new Attachment.Unknown());
      assertThat(run(subscriptions.byTopic(SubscriptionCalls.topic(job.id())))).isEmpty();
    }
  }

  @Test
  void behindAnEndThatWasToldLateSubscriptionsAreTakenAway() {
    var job = claimed();
    var dues = new DueCalls(local.tables, LIMITS, this::instant);
    var topic = SubscriptionCalls.topic(job.id());
    run(subscriptions.subscribe(job, ann, ROUTE, Set.of(Kind.EVENT)));
    var ended =
        run(jobs.stop(job, new Said(new Report(0, ""), job.firstSeq() + 1, Map.of()), nonce()));
    var shared = ((Kept.Still) ended).job();
    assertThat(run(dues.sweep(shared))).isFalse();
    assertThat(run(jobs.delivered(shared))).isTrue();
    var told = run(jobs.find(job.id())).orElseThrow();
    assertThat(Ownership.told(told)).isTrue();
    assertThat(told.dueAt()).contains(now + LIMITS.lease().toMillis());
    for (int i = 0; i < 3; i++) {
      var late = new Route("late" + i + nonce(), "node:n1", i);
      run(subscriptions.put(new Subscription(topic, late, ann, Set.of(Kind.EVENT))));
    }
    assertThat(local.runWithEveryWriteSentTwice(way, dues.sweep(told))).isTrue();
    var query =
        local.client.query(q ->
            q.tableName(local.tables.subscriptions())
                .keyConditionExpression("#topic = :topic")
                .expressionAttributeNames(Map.of("#topic", "topic"))
                .expressionAttributeValues(Map.of(":topic", AttributeValue.fromS(topic))));
    assertThat(query.items()).isEmpty();
    var gone = run(jobs.find(job.id())).orElseThrow();
    assertThat(gone.dueAt()).isEmpty();
    assertThat(Ownership.told(gone)).isTrue();
  }

  @Test
  void aSubscriberWhoseTokenHasEndedIsListedForAsLongAsThereMayBeASocketToClose() {
    var job = claimed();
    var topic = SubscriptionCalls.topic(job.id());
    var until = now / 1_000 + 5;
    var route = new Route("c=" + nonce(), "api:main", until);
    run(subscriptions.subscribe(job, ann, route, Set.of(Kind.EVENT)));
    now = (until + 7_200) * 1_000 - 1;
    assertThat(run(subscriptions.byTopic(topic))).extracting(Subscription::route).contains(route);
    now++;
    assertThat(run(subscriptions.byTopic(topic))).isEmpty();
  }

  @Test
  void aNodeThatWasNotHeardOfForThreeBeatsIsNotLive() {
    var nodes = new NodeCalls(local.tables, this::instant);
    var early = Nodes.live("early-" + way, "10.0.0.1:1", now);
    run(nodes.beat(early));
    now += 30_000;
    var late = Nodes.live("late-" + way, "10.0.0.2:1", now);
    run(nodes.beat(late));
    assertThat(run(nodes.live(Duration.ofSeconds(10)))).contains(early, late);
    now += 1;
    assertThat(run(nodes.live(Duration.ofSeconds(10)))).contains(late).doesNotContain(early);
  }

  @Test
  void aNodeThatLeavesIsNotLiveAndCanStillBeFound() {
    var nodes = new NodeCalls(local.tables, this::instant);
    var leaving = Nodes.leaving("leaving-" + way, "10.0.0.3:1", now);
    run(nodes.beat(leaving));
    assertThat(run(nodes.live(Duration.ofSeconds(10)))).doesNotContain(leaving);
    assertThat(run(nodes.find(leaving.id()))).contains(leaving);
  }

  private Job append(Job job, Replayed... more) {
    return still(
        run(
            runs.append(
                job,
                List.of(more),
                new Said(new Report(1, ""), more[more.length - 1].seq(), Map.of()),
                nonce())));
  }

  private Events after(Job job, long seq, int bytes) {
    return run(events.after(job, seq, bytes));
  }

  private static Said said(Job job, int n) {
    return new Said(new Report(1, ""), seq(job, n), Map.of());
  }

  private static Event event(Job job, int n) {
    var data = RawJson.of("{ \"n\" : %d }".formatted(n));
    return new Event(job.requestId(), job.id().value(), seq(job, n), "page", data);
  }

  private static long seq(Job job, int n) {
    return job.firstSeq() + n;
  }

  private Job claimed() {
    var request =
        new NewJob(
            nonce(),
            ann,
            nonce(),
            "report",
            RawJson.of("{}"),
            Map.of(),
            Optional.empty(),
            Optional.of(ROUTE),
            Options.NONE,
            Optional.empty());
    var job = run(jobs.submit(request)).job();
    return ((Claim.Claimed) run(jobs.claim(job.id(), 0, nonce()))).job();
  }

  /** What is done to a job whose lease was lost. */
  private void takeOver(Job job) {
    local.client.updateItem(update ->
        update
            .tableName(local.tables.jobs())
            .key(Map.of("jobId", AttributeValue.fromS(job.id().value())))
            .updateExpression("SET #status = :queued")
            .expressionAttributeNames(Map.of("#status", "status"))
            .expressionAttributeValues(Map.of(":queued", AttributeValue.fromS("QUEUED"))));
  }

  private static Job still(Kept kept) {
    return ((Kept.Still) kept).job();
  }

  private Instant instant() {
    return Instant.ofEpochMilli(now);
  }

  private <T> T run(Call<T> call) {
    return local.run(way, call);
  }

  private static String nonce() {
    return UUID.randomUUID().toString();
  }
}
