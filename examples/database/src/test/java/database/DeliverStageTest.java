package database;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.streamer.test.stage.StageExtension;
import io.streamer.test.stage.StageFaults;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The handlers in the whole of Streamer, on free ports of this machine. */
class DeliverStageTest {
  @RegisterExtension
  static final StageExtension STAGE =
      StageExtension.with(new Actions())
          .settings(Map.of("STOCK_URL", "jdbc:h2:mem:stage;DB_CLOSE_DELAY=-1", "STOCK_POOL", "2"));

  @Test
  void aDeliveryThatLambdaRunsTwiceIsMadeOnce(StageFaults faults) {
    faults.deliverTwice(1);
    try (var client = STAGE.as("ann", "acme").direct()) {
      client.request("stock.deliver", new Deliver.Request("tea", 100)).answered();

      var left = client.request("stock.left", new Left.Request("tea")).answered();
      assertEquals(new Left.Pieces("tea", 200), left.as(Left.Pieces.class));
    }
  }
}
