package io.streamer.shared.directory;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.shared.store.LifeModel;
import io.streamer.shared.store.Script;
import io.streamer.shared.table.Answer;
import io.streamer.shared.table.Item;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Gateway tasks among rows that this version does not understand. */
class NodeCallsTest {
  private final NodeCalls nodes = new NodeCalls(LifeModel.TABLES, LifeModel.CLOCK);

  @Test
  void aRowThatCannotBeReadHidesNoOther() {
    var rows =
        new Answer.Rows(
            List.of(
                row("n1").build(),
                row("n2").put("beatAt", "yesterday").build(),
                Item.of("nodeId", "n3"),
                row("n4").build()),
            Optional.empty(),
            List.of());
    assertThat(new Script().run(nodes.live(Duration.ofSeconds(10)), rows))
        .extracting(NodeCalls.Node::id)
        .containsExactly("n1", "n4");
  }

  private static Item.Builder row(String id) {
    return new Item.Builder()
        .put("nodeId", id)
        .put("address", "10.0.0.1:8082")
        .put("beatAt", LifeModel.NOW)
        .put("beatMs", 10_000);
  }
}
