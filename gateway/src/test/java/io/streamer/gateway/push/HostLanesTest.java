package io.streamer.gateway.push;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.gateway.push.HostLanes.Passage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How long pushes to connections that do not answer keep others waiting. */
class HostLanesTest {
  private static final int MOST = 4;
  private static final int MOST_LATE = 8;
  private static final int MOST_WAITING = 20;
  private static final long LATE = 500;
  private static final long PATIENCE = 5_000;

  private long now = -10_000;
  private final TreeMap<Long, List<Runnable>> alarms = new TreeMap<>();
  private final List<String> givenUp = new ArrayList<>();
  private final List<String> begun = new ArrayList<>();
  private final Map<String, Passage> underWay = new HashMap<>();
  private final HostLanes lanes =
      new HostLanes(
          new HostLanes.Bounds(MOST, MOST_LATE, MOST_WAITING, LATE, PATIENCE),
          () -> now,
          (ms, look) -> alarms.computeIfAbsent(now + ms, _ -> new ArrayList<>()).add(look));

  @ParameterizedTest
  @ValueSource(ints = {MOST, 2 * MOST, MOST_LATE + MOST - 1})
  void thoseWhoDoNotAnswerKeepOthersWaitingForAMomentOnly(int stalled) {
    for (int i = 0; i < stalled; i++) {
      push("stalled" + i);
    }
    push("well");
    pass(stalled / MOST * LATE);
    assertThat(begun).contains("well");
    assertThat(givenUp).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {MOST, MOST_LATE, MOST_LATE + MOST})
  void whoDidNotAnswerTheLastTimeTakesNoLaneOfOthers(int stalled) {
    for (int i = 0; i < stalled; i++) {
      push("stalled" + i);
      pass(LATE);
      answer("stalled" + i);
    }
    begun.clear();
    for (int i = 0; i < stalled; i++) {
      push("stalled" + i);
    }
    assertThat(begun).hasSize(Math.min(stalled, MOST_LATE));
    for (int i = 0; i < MOST; i++) {
      push("well" + i);
    }
    assertThat(begun).hasSize(Math.min(stalled, MOST_LATE) + MOST);
    // and is like all others once it answers as it should
    answer("stalled0");
    answer("well0");
    push("stalled0");
    assertThat(begun).endsWith("stalled0");
  }

  @Test
  void theyBeginInTheOrderInWhichTheyWereAskedFor() {
    for (int i = 0; i < MOST + 6; i++) {
      push("c" + i);
    }
    for (int i = 0; i < 6; i++) {
      answer("c" + i);
    }
    assertThat(begun).containsExactly("c0", "c1", "c2", "c3", "c4", "c5", "c6", "c7", "c8", "c9");
  }

  @Test
  void whoWaitsForTooLongOrBehindTooManyIsGivenUp() {
    for (int i = 0; i < MOST + MOST_LATE; i++) {
      push("stalled" + i);
      pass(LATE);
    }
    for (int i = 0; i < MOST_WAITING; i++) {
      push("c" + i);
    }
    assertThat(givenUp).isEmpty();
    push("one too many");
    assertThat(givenUp).containsExactly("one too many");
    pass(PATIENCE - 1);
    assertThat(givenUp).hasSize(1);
    pass(1);
    assertThat(givenUp).hasSize(1 + MOST_WAITING);
    answer("stalled0");
    push("next");
    assertThat(begun).endsWith("next").doesNotContain("c0");
  }

  private void push(String connection) {
    var lane = lanes.take(connection);
    if (lane == null) {
      lanes.await(connection, later -> begin(connection, later), () -> givenUp.add(connection));
    } else {
      begin(connection, lane);
    }
  }

  private void begin(String connection, Passage lane) {
    begun.add(connection);
    underWay.put(connection, lane);
  }

  private void answer(String connection) {
    lanes.end(underWay.remove(connection));
  }

  private void pass(long ms) {
    long until = now + ms;
    while (!alarms.isEmpty() && alarms.firstKey() <= until) {
      var next = alarms.pollFirstEntry();
      now = next.getKey();
      next.getValue().forEach(Runnable::run);
    }
    now = until;
  }
}
