package io.streamer.shared.hold;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.handler.Caller;
import io.streamer.handler.RawJson;
import io.streamer.shared.hold.Recipient.Parcel;
import io.streamer.shared.job.Route;
import io.streamer.shared.protocol.ClientFrame.Kind;
import io.streamer.shared.protocol.ServerFrame;
import io.streamer.shared.push.Pushed;
import io.streamer.shared.store.Subscription;
import java.lang.ref.WeakReference;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many who watch one job: none is looked at because something happened to another. */
class RecipientsTest {
  private static final Set<Kind> ALL = EnumSet.allOf(Kind.class);
  private static final Pushed DELIVERED = new Pushed.Delivered();
  private static final Pushed LATER = new Pushed.Failed("not now", true);
  private static final int LANES = 32;

  /** Whoever looks at a watcher asks for the time: its token may have ended. */
  private long looks;

  private long now;
  private final Recipients recipients = new Recipients(this::instant);

  private Instant instant() {
    looks++;
    return Instant.ofEpochMilli(now);
  }

  @ParameterizedTest
  @ValueSource(ints = {40, 400, 4_000})
  void aFrameForAThousandTakesAThousandTimesTheLooksOfOne(int many) {
    subscribe(many);
    looks = 0;
    int landings = 0;
    for (int chunk = 0; chunk < 3; chunk++) {
      recipients.tell(List.of(event(2 * chunk + 1), event(2 * chunk + 2)));
      landings += carryAll();
      assertThat(recipients.served()).isTrue();
    }
    assertThat(landings).isEqualTo(3 * many);
    assertThat(looks).isLessThan(25L * landings);
  }

  @Test
  void theirTurnsComeInTheOrderInWhichTheyHadSomethingToSend() {
    subscribe(5);
    recipients.tell(event(1));
    var first = recipients.next().orElseThrow();
    first.load();
    now++;
    recipients.tell(event(2));
    recipients.landed(first, 1, DELIVERED);
    var order = new ArrayList<Recipient>();
    for (var next = recipients.next(); next.isPresent(); next = recipients.next()) {
      next.get().load();
      order.add(next.get());
    }
    assertThat(order).hasSize(5).endsWith(first);
  }

  @Test
  void whoGetsMoreBeforeItsTurnKeepsIt() {
    subscribe(2);
    recipients.tell(event(1));
    var first = recipients.next().orElseThrow();
    var second = recipients.next().orElseThrow();
    first.load();
    second.load();
    recipients.landed(second, 1, DELIVERED);
    recipients.tell(event(2));
    recipients.landed(first, 1, DELIVERED);
    // the second waits longer now
    recipients.tell(event(3));
    assertThat(recipients.next()).contains(second);
    assertThat(recipients.next()).contains(first);
  }

  @Test
  void whoCouldNotBeReachedWaitsAndComesBeforeThoseWhoseTimeCameLater() {
    subscribe(2);
    recipients.tell(event(1));
    var first = recipients.next().orElseThrow();
    var second = recipients.next().orElseThrow();
    first.load();
    second.load();
    recipients.landed(first, 0, LATER);
    assertThat(recipients.next()).isEmpty();
    now = recipients.nextAt();
    assertThat(now).isBetween(200L, 300L);
    now++;
    recipients.tell(event(2));
    recipients.landed(second, 1, DELIVERED);
    assertThat(recipients.next()).contains(first);
    assertThat(recipients.next()).contains(second);
    assertThat(recipients.nextAt()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void whoWaitsForAnotherTryKeepsNobodyWaitingWhoCameLater() {
    subscribe(2);
    recipients.tell(event(1));
    var first = recipients.next().orElseThrow();
    var second = recipients.next().orElseThrow();
    first.load();
    second.load();
    recipients.tell(event(2));
    recipients.landed(first, 0, LATER);
    recipients.landed(second, 1, DELIVERED);
    assertThat(recipients.next()).contains(second);
    assertThat(recipients.next()).isEmpty();
  }

  /** Whoever was given up is another one behind its close; the others have theirs already. */
  @Test
  void whoIsReadAgainGetsTheNewestEventsAgainOnlyIfItCameBack() {
    subscribe(2);
    recipients.tell(List.of(event(1)));
    var taking = recipients.next().orElseThrow();
    var failing = recipients.next().orElseThrow();
    taking.load();
    failing.load();
    recipients.landed(taking, 1, DELIVERED);
    recipients.landed(failing, 0, new Pushed.Failed("no", false));
    assertThat(recipients.subscriberGivenUp()).contains(failing.route());
    recipients.closed();
    recipients.read(recipients.subscribers());
    var back = recipients.next().orElseThrow();
    assertThat(back.route()).isEqualTo(failing.route());
    assertThat(back.load()).extracting(Parcel::seq).containsExactly(1L);
    assertThat(recipients.next()).isEmpty();
  }

  @Test
  void theEndDoesNotWaitForAnEarlierFailuresPause() {
    subscribe(1);
    recipients.tell(event(1));
    var only = recipients.next().orElseThrow();
    only.load();
    recipients.landed(only, 0, LATER);
    recipients.tell(
        new ServerFrame.Complete(
            "r", "j", 2, new ServerFrame.Result.Inline(RawJson.of("{}")), Map.of()));
    assertThat(recipients.next()).contains(only);
    assertThat(only.load()).extracting(Parcel::seq).containsExactly(1L, 2L);
    assertThat(recipients.done()).isFalse();
    recipients.landed(only, 2, DELIVERED);
    assertThat(recipients.done()).isTrue();
    assertThat(recipients.next()).isEmpty();
  }

  @Test
  void eventsAreNotServedBeforeItIsKnownWhoWatches() {
    recipients.follow(Optional.empty(), 1);
    assertThat(recipients.served()).isFalse();
    recipients.read(List.of());
    assertThat(recipients.served()).isTrue();
  }

  @Test
  void whoLeavesIsNotWaitedFor() {
    subscribe(3);
    recipients.tell(List.of(event(1)));
    recipients.next().orElseThrow().load();
    assertThat(recipients.served()).isFalse();
    recipients.read(List.of());
    assertThat(recipients.served()).isTrue();
    assertThat(recipients.done()).isTrue();
    assertThat(recipients.next()).isEmpty();
  }

  @Test
  void anOwnerThatWasGivenUpAndIsASubscriberNowIsStillClosed() {
    var owner = new Route("c0", "node:n", Long.MAX_VALUE);
    recipients.follow(Optional.of(owner), 1);
    recipients.read(List.of(subscription(0)));
    recipients.tell(List.of(event(1)));
    var recipient = recipients.next().orElseThrow();
    recipient.load();
    recipients.landed(recipient, 0, new Pushed.Failed("no", false));
    assertThat(recipients.ownerGivenUp()).isTrue();
    assertThat(recipients.subscriberGivenUp()).isEmpty();
    recipients.follow(Optional.empty(), 1);
    assertThat(recipients.subscriberGivenUp()).contains(owner);
    recipients.closed();
    assertThat(recipients.subscriberGivenUp()).isEmpty();
    assertThat(recipients.served()).isFalse();
  }

  /** Nobody asks whether a job that runs is done, and events may be asked for seldom. */
  @Test
  void whoHasLeftIsForgotten() {
    var left = new ArrayList<WeakReference<Recipient>>();
    for (int round = 0; round < 3; round++) {
      subscribe(5);
      recipients.tell(event(2 * round + 1));
      // some have frames under way, some have all, and some wait
      for (int i = 0; i < 3; i++) {
        var next = recipients.next().orElseThrow();
        next.load();
        left.add(new WeakReference<>(next));
        if (i == 0) {
          recipients.landed(next, 1, DELIVERED);
        }
      }
      subscribe(0);
    }
    carryAll();
    System.gc();
    assertThat(left).allMatch(recipient -> recipient.refersTo(null));
    assertThat(recipients.done()).isTrue();
  }

  /** As the courier does: asks all it wants to know behind each landing. */
  private int carryAll() {
    Deque<Recipient> underWay = new ArrayDeque<>();
    int landings = 0;
    while (true) {
      while (underWay.size() < LANES) {
        var next = recipients.next();
        if (next.isEmpty()) {
          break;
        }
        next.get().load();
        underWay.add(next.get());
      }
      if (underWay.isEmpty()) {
        return landings;
      }
      landings++;
      recipients.landed(underWay.remove(), 2, DELIVERED);
      recipients.served();
      recipients.done();
      recipients.nextAt();
      assertThat(recipients.subscriberGivenUp()).isEmpty();
    }
  }

  private void subscribe(int many) {
    recipients.follow(Optional.empty(), 1);
    recipients.read(IntStream.range(0, many).mapToObj(RecipientsTest::subscription).toList());
  }

  private static Subscription subscription(int i) {
    return new Subscription(
        "job#1",
        new Route("c" + i, "node:n", Long.MAX_VALUE),
        new Caller("acme", "ann", Set.of()),
        ALL);
  }

  private static ServerFrame.Event event(long seq) {
    return new ServerFrame.Event("r", "j", seq, "page", RawJson.of("{}"));
  }
}
