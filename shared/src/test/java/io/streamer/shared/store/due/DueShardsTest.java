package io.streamer.shared.store.due;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class DueShardsTest {
  private static final List<String> NODES = List.of("n1", "n2", "n3");

  @Test
  void everyShardIsOneNodes() {
    var all = new HashSet<Integer>();
    for (var node : NODES) {
      assertThat(all).doesNotContainAnyElementsOf(DueShards.of(node, NODES));
      all.addAll(DueShards.of(node, NODES));
    }
    assertThat(all).hasSize(16).allMatch(shard -> shard >= 0 && shard < 16);
  }

  @Test
  void aNodeThatGoesMovesItsOwnShardsAlone() {
    var left = List.of("n1", "n3");
    for (var node : left) {
      assertThat(DueShards.of(node, left)).containsAll(DueShards.of(node, NODES));
    }
  }

  @Test
  void aNodeThatNobodyKnowsYetHasShards() {
    assertThat(DueShards.of("n4", List.of())).hasSize(16);
    assertThat(DueShards.of("n4", NODES)).isNotEmpty();
  }
}
