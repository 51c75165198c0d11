package io.streamer.shared.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.shared.store.LifeModel.Bound;
import io.streamer.shared.store.LifeModel.Leaves;
import io.streamer.shared.store.LifeModel.Tabs;
import io.streamer.shared.store.LifeWorld.World;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every state that a job can come to within a bound, and a way to its end from each. */
class LifeModelTest {
  private static final int MOST_STATES = 1_000_000;

  static Stream<Bound> bounds() {
    return Stream.of(
        new Bound(2, 1, 1, false, false, Leaves.ANY_TIME, false),
        new Bound(1, 1, 1, false, true, Leaves.ONCE, false),
        new Bound(1, 2, 1, true, false, Leaves.NEVER, false),
        new Bound(1, 1, 2, false, false, Leaves.ONCE, false),
        new Bound(2, 2, 1, false, true, Leaves.NEVER, false),
        new Bound(1, 2, 2, false, false, Leaves.NEVER, false),
        new Bound(1, 1, 2, false, false, Leaves.NEVER, true),
        new Bound(1, 1, 1, false, false, Leaves.NEVER, false).with(Tabs.TWO_IN_TURN),
        new Bound(1, 1, 1, false, false, Leaves.NEVER, false).with(Tabs.TWO_AND_A_CRASH),
        new Bound(1, 1, 1, false, false, Leaves.NEVER, false).with(Tabs.TWO_AND_A_LATE_ROW));
  }

  @ParameterizedTest
  @MethodSource("bounds")
  void everyJobComesToOneEndAndItsClientIsTold(Bound bound) {
    var model = new LifeModel(bound);
    Map<World, Integer> numbers = new HashMap<>();
    List<World> states = new ArrayList<>();
    List<int[]> ways = new ArrayList<>();
    numbers.put(model.start(), 0);
    states.add(model.start());
    for (int i = 0; i < states.size(); i++) {
      var from = states.get(i);
      var next = new ArrayList<Integer>();
      model.moves(
          from,
          to -> {
            var number = numbers.get(to);
            if (number == null) {
              number = states.size();
              numbers.put(to, number);
              states.add(to);
              assertKept(model, from, to);
            }
            next.add(number);
          });
      ways.add(next.stream().mapToInt(Integer::intValue).distinct().toArray());
      assertThat(states.size()).isLessThan(MOST_STATES);
    }
    System.out.println(bound + ": " + states.size() + " states");
    assertThat(lost(model, states, ways)).isEmpty();
  }

  private static void assertKept(LifeModel model, World from, World to) {
    assertThat(model.broken(to)).as(() -> from + "\n" + to).isEmpty();
    var before = model.job(from);
    var after = model.job(to);
    if (before.status().terminal()) {
      assertThat(after.status()).isEqualTo(before.status());
      assertThat(after.seq()).isEqualTo(before.seq());
    }
    assertThat(after.epoch()).isGreaterThanOrEqualTo(before.epoch());
    assertThat(after.seq()).isGreaterThanOrEqualTo(before.seq());
  }

  /** States from which no way leads to the end: found backwards from the ends. */
  private static List<World> lost(LifeModel model, List<World> states, List<int[]> ways) {
    var reaches = new BitSet();
    for (int i = 0; i < states.size(); i++) {
      if (model.settled(states.get(i))) {
        reaches.set(i);
      }
    }
    assertThat(reaches.isEmpty()).isFalse();
    for (var grown = true; grown; ) {
      grown = false;
      for (int i = states.size() - 1; i >= 0; i--) {
        if (!reaches.get(i)) {
          for (var next : ways.get(i)) {
            if (reaches.get(next)) {
              reaches.set(i);
              grown = true;
              break;
            }
          }
        }
      }
    }
    return IntStream.range(0, states.size())
        .filter(i -> !reaches.get(i))
        .limit(1)
        .mapToObj(states::get)
        .toList();
  }
}
