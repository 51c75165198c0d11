package io.streamer.emulator.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class StreamShardsTest {
  private static final EventSourceMapping OURS = ScriptedPump.OURS;

  private final RecordingFunction function = new RecordingFunction();

  @Test
  void aParentIsHandledToItsEndBeforeItsChildrenBegin() throws InterruptedException {
    try (var local = new ScriptedPump(OURS)) {
      local.function(function);
      local.stream.open("parent");
      local.stream.write("parent", "p1");
      local.stream.write("parent", "p2");
      local.stream.split("parent", "left", "right");
      local.stream.write("left", "l1");
      local.stream.write("right", "r1");
      local.stream.split("left", "grandchild");
      local.stream.write("grandchild", "g1");
      var calls = new AtomicInteger();
      function.answer(
          event -> calls.getAndIncrement() == 0 ? RecordingFunction.failed(event, "p2") : "{}");

      local.pump.start();
      local.pump.awaitDrained();
      assertThat(function.ids().subList(0, 3)).containsExactly("p1", "p2", "p2");
      assertThat(function.ids().subList(3, 6)).containsExactlyInAnyOrder("l1", "r1", "g1");
      assertThat(function.ids()).containsSubsequence("l1", "g1").hasSize(6);
    }
  }

  @Test
  void aShardSplitUnderWayIsFollowed() throws InterruptedException {
    try (var local = new ScriptedPump(OURS)) {
      local.function(function);
      local.stream.open("parent");
      local.pump.start();
      local.stream.write("parent", "before");
      local.pump.awaitDrained();
      local.stream.write("parent", "last");
      local.stream.split("parent", "child");
      local.stream.write("child", "first");
      local.pump.awaitDrained();
      assertThat(function.ids()).containsExactly("before", "last", "first");
    }
  }

  @Test
  void shardsAreHandledAtTheSameTime() throws InterruptedException {
    try (var local = new ScriptedPump(OURS)) {
      var both = new CountDownLatch(2);
      local.function((_, _, _) -> meet(both));
      local.stream.open("one", "two");
      local.stream.write("one", "a");
      local.stream.write("two", "b");
      local.pump.start();
      local.pump.awaitDrained();
      assertThat(both.getCount()).isZero();
    }
  }

  @Test
  void aStuckShardHoldsUpNoOther() throws InterruptedException {
    try (var local = new ScriptedPump(OURS)) {
      var stuck = new Semaphore(0);
      var free = new CountDownLatch(1);
      local.function((in, _, _) -> {
        if (RecordingFunction.ids(new JsonObject(Buffer.buffer(in.readAllBytes()))).contains("a")) {
          stuck.acquireUninterruptibly();
        } else {
          free.countDown();
        }
      });
      local.stream.open("one", "two");
      local.stream.write("one", "a");
      local.stream.write("two", "b");
      local.pump.start();
      free.await();
      stuck.release();
      local.pump.awaitDrained();
      assertThat(free.getCount()).isZero();
    }
  }

  @Test
  void batchesOfAShardRunAtTheSameTimeAndKeepTheOrderOfEachItem() throws InterruptedException {
    try (var local = new ScriptedPump(ScriptedPump.mapping(5, 10, 2))) {
      var two = new CountDownLatch(2);
      var numbers = new ConcurrentLinkedQueue<String>();
      local.function((in, _, _) -> {
        meet(two);
        for (var record :
            RecordingFunction.records(new JsonObject(Buffer.buffer(in.readAllBytes())))) {
          var change = record.getJsonObject("dynamodb");
          numbers.add(
              change.getJsonObject("Keys").getJsonObject("id").getString("S")
                  + " "
                  + change.getString("SequenceNumber"));
        }
      });
      local.stream.open("shard");
      IntStream.range(0, 300).forEach(i -> local.stream.write("shard", "item" + i % 12));
      local.pump.start();
      local.pump.awaitDrained();
      assertThat(numbers).hasSize(300);
      for (var item = 0; item < 12; item++) {
        var prefix = "item" + item + " ";
        assertThat(numbers.stream().filter(n -> n.startsWith(prefix))).isSorted().hasSize(25);
      }
    }
  }

  @Test
  void anExpiredIteratorIsRenewedAtItsPlace() throws InterruptedException {
    try (var local = new ScriptedPump(OURS)) {
      local.function(function);
      local.stream.open("shard");
      local.pump.start();
      local.stream.write("shard", "a");
      local.pump.awaitDrained();
      local.stream.expireIterators();
      local.stream.write("shard", "b");
      local.pump.awaitDrained();
      assertThat(function.ids()).containsExactly("a", "b");
    }
  }

  @Test
  void whereTheStreamWasTrimmedItGoesOnWithTheOldestRecord() throws InterruptedException {
    try (var local = new ScriptedPump(OURS)) {
      local.function(function);
      local.stream.open("shard");
      local.pump.start();
      local.stream.write("shard", "a");
      local.pump.awaitDrained();
      List.of("b", "c", "d").forEach(id -> local.stream.write("shard", id));
      local.stream.trim("shard", 3);
      local.pump.awaitDrained();
      assertThat(function.ids()).containsExactly("a", "d");
    }
  }

  private static void meet(CountDownLatch latch) {
    latch.countDown();
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
