package io.streamer.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.handler.Caller;
import io.streamer.handler.RawJson;
import io.streamer.shared.job.Route;
import io.streamer.shared.protocol.ClientFrame.Kind;
import io.streamer.shared.protocol.ServerFrame;
import io.streamer.shared.push.Pushed;
import io.streamer.shared.store.Subscription;
import io.streamer.worker.Target.Parcel;
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
class WatchersTest {
  private static final Set<Kind> ALL = EnumSet.allOf(Kind.class);
  private static final Pushed DELIVERED = new Pushed.Delivered();
  private static final Pushed LATER = new Pushed.Failed("not now", true);
  private static final int LANES = 32;

  /** Whoever looks at a watcher asks for the time: its token may have ended. */
  private long looks;

  private long now;
  private final Watchers watchers = new Watchers(this::instant);

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
      watchers.tell(List.of(event(2 * chunk + 1), event(2 * chunk + 2)));
      landings += carryAll();
      assertThat(watchers.served()).isTrue();
    }
    assertThat(landings).isEqualTo(3 * many);
    assertThat(looks).isLessThan(25L * landings);
  }

  @Test
  void theirTurnsComeInTheOrderInWhichTheyHadSomethingToSend() {
    subscribe(5);
    watchers.tell(event(1));
    var first = watchers.next().orElseThrow();
    first.load();
    now++;
    watchers.tell(event(2));
    watchers.landed(first, 1, DELIVERED);
    var order = new ArrayList<Target>();
    for (var next = watchers.next(); next.isPresent(); next = watchers.next()) {
      next.get().load();
      order.add(next.get());
    }
    assertThat(order).hasSize(5).endsWith(first);
  }

  @Test
  void whoCouldNotBeReachedWaitsAndComesBeforeThoseWhoseTimeCameLater() {
    subscribe(2);
    watchers.tell(event(1));
    var first = watchers.next().orElseThrow();
    var second = watchers.next().orElseThrow();
    first.load();
    second.load();
    watchers.landed(first, 0, LATER);
    assertThat(watchers.next()).isEmpty();
    now = watchers.nextAt();
    assertThat(now).isBetween(200L, 300L);
    now++;
    watchers.tell(event(2));
    watchers.landed(second, 1, DELIVERED);
    assertThat(watchers.next()).contains(first);
    assertThat(watchers.next()).contains(second);
    assertThat(watchers.nextAt()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void theEndDoesNotWaitForAnEarlierFailuresPause() {
    subscribe(1);
    watchers.tell(event(1));
    var only = watchers.next().orElseThrow();
    only.load();
    watchers.landed(only, 0, LATER);
    watchers.tell(
        new ServerFrame.Complete(
            "r", "j", 2, new ServerFrame.Result.Inline(RawJson.of("{}")), Map.of()));
    assertThat(watchers.next()).contains(only);
    assertThat(only.load()).extracting(Parcel::seq).containsExactly(1L, 2L);
    assertThat(watchers.done()).isFalse();
    watchers.landed(only, 2, DELIVERED);
    assertThat(watchers.done()).isTrue();
    assertThat(watchers.next()).isEmpty();
  }

  @Test
  void whoLeavesIsNotWaitedFor() {
    subscribe(3);
    watchers.tell(List.of(event(1)));
    watchers.next().orElseThrow().load();
    assertThat(watchers.served()).isFalse();
    watchers.read(Optional.empty(), List.of());
    assertThat(watchers.served()).isTrue();
    assertThat(watchers.done()).isTrue();
    assertThat(watchers.next()).isEmpty();
  }

  @Test
  void anOwnerThatWasGivenUpAndIsASubscriberNowIsStillClosed() {
    var owner = new Route("c0", "node:n", Long.MAX_VALUE);
    watchers.follow(Optional.of(owner), 1);
    watchers.read(Optional.of(owner), List.of(subscription(0)));
    watchers.tell(List.of(event(1)));
    var target = watchers.next().orElseThrow();
    target.load();
    watchers.landed(target, 0, new Pushed.Failed("no", false));
    assertThat(watchers.ownerGivenUp()).isTrue();
    assertThat(watchers.subscriberGivenUp()).isEmpty();
    watchers.follow(Optional.empty(), 1);
    assertThat(watchers.subscriberGivenUp()).contains(owner);
    watchers.closed();
    assertThat(watchers.subscriberGivenUp()).isEmpty();
    assertThat(watchers.served()).isFalse();
  }

  /** As the courier does: asks all it wants to know behind each landing. */
  private int carryAll() {
    Deque<Target> underWay = new ArrayDeque<>();
    int landings = 0;
    while (true) {
      while (underWay.size() < LANES) {
        var next = watchers.next();
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
      watchers.landed(underWay.remove(), 2, DELIVERED);
      watchers.served();
      watchers.done();
      watchers.nextAt();
      assertThat(watchers.subscriberGivenUp()).isEmpty();
    }
  }

  private void subscribe(int many) {
    watchers.follow(Optional.empty(), 1);
    watchers.read(
        Optional.empty(), IntStream.range(0, many).mapToObj(WatchersTest::subscription).toList());
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
