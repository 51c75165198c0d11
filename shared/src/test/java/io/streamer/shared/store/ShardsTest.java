package io.streamer.shared.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShardsTest {
  private static final List<String> NODES = List.of("n1", "n2", "n3");

  @Test
  void everyShardIsOneNodes() {
    var all = new HashSet<Integer>();
    for (var node : NODES) {
      assertThat(all).doesNotContainAnyElementsOf(Shards.of(node, NODES));
      all.addAll(Shards.of(node, NODES));
    }
    assertThat(all).hasSize(16).allMatch(shard -> shard >= 0 && shard < 16);
  }

  @Test
  void aNodeThatGoesMovesItsOwnShardsAlone() {
    var left = List.of("n1", "n3");
    for (var node : left) {
      assertThat(Shards.of(node, left)).containsAll(Shards.of(node, NODES));
    }
  }

  @Test
  void aNodeThatNobodyKnowsYetHasShards() {
    assertThat(Shards.of("n4", List.of())).hasSize(16);
    assertThat(Shards.of("n4", NODES)).isNotEmpty();
  }
}
