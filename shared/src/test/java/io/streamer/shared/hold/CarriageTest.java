package io.streamer.shared.hold;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.handler.Caller;
import io.streamer.handler.RawJson;
import io.streamer.shared.hold.Carriage.Errand;
import io.streamer.shared.job.JobId;
import io.streamer.shared.job.Route;
import io.streamer.shared.protocol.ClientFrame.Kind;
import io.streamer.shared.protocol.ServerFrame;
import io.streamer.shared.push.Lanes;
import io.streamer.shared.push.Pushed;
import io.streamer.shared.store.JobLimits;
import io.streamer.shared.store.Subscription;
import io.streamer.shared.store.SubscriptionCalls;
import io.streamer.shared.table.Call;
import io.streamer.shared.table.StoreRequest;
import io.streamer.shared.table.Tables;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whom a job's frames are brought to, and what is asked of the table for that. */
class CarriageTest {
  private static final long NOW = 1_800_000_000_000L;
  private static final long UNTIL = 2_000_000_000L;
  private static final long LATE_MS = Lanes.LATE.toMillis();
  private static final Pushed DELIVERED = new Pushed.Delivered();
  private static final JobId JOB = JobId.of("acme", "ann", "r-1");

  private long now = NOW;
  private final InstantSource clock = () -> Instant.ofEpochMilli(now);
  private final Recipients recipients = new Recipients(clock);
  private final SubscriptionCalls calls =
      new SubscriptionCalls(
          new Tables("t"),
          new JobLimits(Duration.ofMinutes(1), Duration.ofMinutes(1), Duration.ofDays(7)),
          clock);
  private final Carriage carriage = new Carriage(JOB, calls, recipients, clock);

  @ParameterizedTest
  @CsvSource({"50, 20", "100, 20", "600, 2", "1100, 1", "3000, 1", "6000, 1"})
  void manySubscribersAreNotAllReadAgainWithEachThatComes(int many, int most) {
    int reads = 0;
    // one comes every 50 ms, for a second
    for (int watch = 1; watch <= 20; watch++) {
      recipients.follow(Optional.empty(), watch);
      reads += reads(many);
      now += 50;
    }
    assertThat(reads).isEqualTo(most);
    // and whoever came last is known in the end
    now = Math.max(now, carriage.nextAt() == Long.MAX_VALUE ? 0 : carriage.nextAt());
    reads(many);
    assertThat(recipients.served()).isTrue();
  }

  private int reads(int many) {
    int reads = 0;
    while (carriage.next() instanceof Errand.Read) {
      carriage.read(subscribers(many));
      reads++;
    }
    return reads;
  }

  @Test
  void soManyAreSentToAtATime() {
    watchedBy(Carriage.LANES + 2);
    recipients.tell(event(1));
    var sends = sends();
    assertThat(sends).hasSize(Carriage.LANES);
    assertThat(carriage.nextAt()).isEqualTo(now + LATE_MS);
    assertThat(carriage.idle()).isFalse();
    carriage.landed(sends.getFirst().to(), 1, DELIVERED);
    carriage.landed(sends.getLast().to(), 1, DELIVERED);
    assertThat(sends()).hasSize(2);
    assertThat(carriage.finished()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void thoseWhoDoNotAnswerKeepTheOthersWaitingForAMomentOnly(int rounds) {
    int stalled = rounds * Carriage.LANES;
    watchedBy(stalled + 3);
    recipients.tell(progress(1));
    for (int i = 0; i < rounds; i++) {
      assertThat(sends()).hasSize(Carriage.LANES);
      assertThat(carriage.next()).isEqualTo(new Errand.Wait(now + LATE_MS));
      now += LATE_MS;
    }
    assertThat(sends())
        .extracting(send -> send.to().route().connection())
        .containsExactly("c" + stalled, "c" + (stalled + 1), "c" + (stalled + 2));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 32})
  void whoDidNotAnswerTheLastTimeTakesNoLaneOfTheOthers(int others) {
    int stalled = Carriage.LANES + Carriage.LATE_LANES;
    var silent = new ArrayList<Recipient>();
    watchedBy(stalled + others);
    recipients.tell(progress(1));
    for (int i = 0; i < 3; i++) {
      for (var send : sends()) {
        assertThat(send.to().slow()).isFalse();
        silent.add(send.to());
      }
      now += LATE_MS;
    }
    assertThat(sends()).isEmpty();
    assertThat(carriage.nextAt()).isEqualTo(Long.MAX_VALUE);
    now += 5_000;
    silent.forEach(to -> carriage.landed(to, 0, new Pushed.Failed("no answer", true)));
    assertThat(sends())
        .hasSize(others)
        .allSatisfy(send -> carriage.landed(send.to(), 1, DELIVERED));

    now += 10_000;
    recipients.tell(progress(2));
    assertThat(sends())
        .hasSize(others + Carriage.LATE_LANES)
        .filteredOn(send -> !send.to().slow())
        .hasSize(others);
    assertThat(carriage.nextAt()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void whoTakesNothingKeepsNoProgressFromTheOthers() {
    watchedBy(2);
    recipients.tell(progress(1));
    var first = sends();
    carriage.landed(first.getLast().to(), 1, DELIVERED);
    for (int seq = 2; seq < 5; seq++) {
      recipients.tell(progress(seq));
      var next = sends();
      assertThat(next).extracting(Errand.Send::to).containsExactly(first.getLast().to());
      carriage.landed(next.getFirst().to(), 1, DELIVERED);
    }
    // and has the newest next
    carriage.landed(first.getFirst().to(), 1, DELIVERED);
    assertThat(sends())
        .singleElement()
        .satisfies(
            send -> assertThat(send.load()).extracting(Recipient.Parcel::seq).containsExactly(4L));
  }

  @Test
  void whileTheSubscribersAreReadTheyAreNotAskedForAgainAndTheOwnerIsSentTo() {
    recipients.follow(Optional.of(route(0)), 1);
    recipients.tell(event(1));
    assertThat(carriage.next()).isInstanceOf(Errand.Read.class);
    assertThat(carriage.next())
        .isInstanceOfSatisfying(Errand.Send.class, send -> assertThat(send.owner()).isTrue());
    assertThat(carriage.next()).isEqualTo(new Errand.Wait(Long.MAX_VALUE));
    carriage.read(List.of());
    assertThat(carriage.next()).isEqualTo(new Errand.Wait(Long.MAX_VALUE));
  }

  @Test
  void subscribersThatCannotBeReadAreAskedForEachSecondAndAnEndIsNotToldWithoutThem() {
    recipients.follow(Optional.empty(), 1);
    recipients.tell(end(1));
    for (int time = 0; time < 5; time++) {
      assertThat(carriage.finished()).isFalse();
      assertThat(carriage.next()).isInstanceOf(Errand.Read.class);
      carriage.misread();
      assertThat(carriage.next()).isEqualTo(new Errand.Wait(now + 1_000));
      now += 1_000;
    }
    assertThat(carriage.finished()).isTrue();
    assertThat(carriage.told()).isFalse();
    assertThat(carriage.next()).isInstanceOf(Errand.Read.class);
    carriage.read(subscribers(1));
    assertThat(carriage.finished()).isFalse();
    carriage.landed(sends().getFirst().to(), 1, DELIVERED);
    assertThat(carriage.finished()).isTrue();
    assertThat(carriage.told()).isTrue();
    // who comes now may be read in vain as often
    recipients.follow(Optional.empty(), 2);
    assertThat(carriage.next()).isInstanceOf(Errand.Read.class);
    carriage.misread();
    assertThat(carriage.finished()).isFalse();
  }

  @Test
  void whoHasGoneIsForgottenByItsConnection() {
    assertThat(request(carriage.forget(route(7))))
        .isEqualTo(request(calls.delete(SubscriptionCalls.topic(JOB), "c7")));
  }

  private static StoreRequest request(Call<?> call) {
    return ((Call.Ask<?>) call).request();
  }

  @Test
  void aSubscriberThatTakesNoEventsIsClosedThroughItsRow() {
    watchedBy(2);
    recipients.tell(List.of(event(1)));
    var sends = sends();
    carriage.landed(sends.getFirst().to(), 0, new Pushed.Failed("no", false));
    assertThat(carriage.next()).isInstanceOf(Errand.Close.class);
    // one thing is asked of the store at a time
    recipients.follow(Optional.empty(), 2);
    assertThat(carriage.next()).isEqualTo(new Errand.Wait(Long.MAX_VALUE));
    carriage.notClosed();
    assertThat(carriage.next()).isInstanceOf(Errand.Read.class);
    carriage.misread();
    assertThat(carriage.next()).isEqualTo(new Errand.Wait(now + 1_000));
    now += 1_000;
    assertThat(carriage.next()).isInstanceOf(Errand.Close.class);
    carriage.closed();
    // and is known as it is by now
    assertThat(carriage.next()).isInstanceOf(Errand.Read.class);
  }

  @Test
  void aSubscriberWhoseCloseIsNotStoredIsClosedASecondLater() {
    watchedBy(1);
    recipients.tell(List.of(event(1)));
    carriage.landed(sends().getFirst().to(), 0, new Pushed.Failed("no", false));
    assertThat(carriage.next()).isInstanceOf(Errand.Close.class);
    carriage.notClosed();
    assertThat(carriage.next()).isEqualTo(new Errand.Wait(now + 1_000));
    now += 1_000;
    assertThat(carriage.next()).isInstanceOf(Errand.Close.class);
  }

  @Test
  void whoCouldNotBeReachedHasNotBeenTold() {
    watchedBy(1);
    recipients.tell(end(1));
    for (int time = 0; time < 5; time++) {
      assertThat(carriage.finished()).isFalse();
      var send = sends().getFirst();
      carriage.landed(send.to(), 0, new Pushed.Failed("not now", true));
      now += 10_000;
    }
    assertThat(carriage.finished()).isTrue();
    assertThat(carriage.told()).isFalse();
  }

  private List<Errand.Send> sends() {
    var sends = new ArrayList<Errand.Send>();
    while (carriage.next() instanceof Errand.Send send) {
      sends.add(send);
    }
    return sends;
  }

  private void watchedBy(int many) {
    recipients.follow(Optional.empty(), 1);
    reads(many);
  }

  private static List<Subscription> subscribers(int many) {
    return IntStream.range(0, many)
        .mapToObj(i ->
            new Subscription(
                "job#1", route(i), new Caller("acme", "ann", Set.of()), EnumSet.allOf(Kind.class)))
        .toList();
  }

  private static Route route(int i) {
    return new Route("c" + i, "node:n", UNTIL);
  }

  private static ServerFrame.Event event(long seq) {
    return new ServerFrame.Event("r-1", JOB.value(), seq, "page", RawJson.of("1"));
  }

  private static ServerFrame progress(long seq) {
    return new ServerFrame.Progress("r-1", JOB.value(), seq, seq, "", 1, Map.of());
  }

  private static ServerFrame end(long seq) {
    return new ServerFrame.Complete(
        "r-1", JOB.value(), seq, new ServerFrame.Result.Inline(RawJson.of("{}")), Map.of());
  }
}
