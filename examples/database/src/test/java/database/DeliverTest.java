package database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.streamer.test.Outcome;
import io.streamer.test.TestRun;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DeliverTest {
  private final Pool pool = new Pool(DeliverTest::open);
  private final Deliver deliver = new Deliver(pool.take());
  private final Left left = new Left(pool.take());
  private final TestRun<Deliver.Request> run = TestRun.of(deliver);

  @AfterEach
  void close() {
    deliver.close();
    left.close();
  }

  @Test
  void whatIsDeliveredIsNoLongerThere() throws Exception {
    run.run(new Deliver.Request("tea", 100)).completed();

    assertEquals(200, left("tea"));
  }

  @Test
  void aDeliveryThatWasNotNotedIsNotMadeAgain() throws Exception {
    assertInstanceOf(
        Outcome.Crashed.class, run.crashInStep("deliver").run(new Deliver.Request("tea", 100)));
    run.next().completed();

    assertEquals(2, run.calls("deliver"));
    assertEquals(200, left("tea"));
  }

  @Test
  void whatIsNotThereIsRefusedAndChangesNothing() throws Exception {
    var refused =
        assertInstanceOf(Outcome.Refused.class, run.run(new Deliver.Request("coffee", 21)));

    assertEquals("SOLD_OUT", refused.reason());
    assertEquals(20, left("coffee"));
  }

  @Test
  void handlersShareAPoolThatIsClosedWithTheLast() {
    var shared = new Pool(DeliverTest::open);
    var one = shared.take();
    var other = shared.take();
    var source = (HikariDataSource) one.source();
    assertSame(source, other.source());

    one.close();
    assertFalse(source.isClosed());
    other.close();
    assertTrue(source.isClosed());

    var later = shared.take();
    assertNotSame(source, later.source());
    later.close();
  }

  private long left(String item) throws InterruptedException {
    return TestRun.of(left).run(new Left.Request(item)).completed().as(Left.Pieces.class).pieces();
  }

  private static HikariDataSource open() {
    var config = new HikariConfig();
    config.setJdbcUrl("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
    var source = new HikariDataSource(config);
    Schema.create(source);
    return source;
  }
}
