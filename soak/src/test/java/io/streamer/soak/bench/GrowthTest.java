package io.streamer.soak.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import io.streamer.soak.bench.Growth.Sample;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class GrowthTest {
  private final Growth growth = new Growth();

  @Test
  void aHeapThatFillsAtFirstAndThenStaysSoDoesNotGrowInItsSecondHalf() {
    for (int minute = 0; minute < 20; minute++) {
      add(minute, 1_000 + 10 * Math.min(minute, 10));
    }

    assertThat(growth.said().getDouble("heap_kb_per_minute")).isBetween(4.0, 6.0);
    is("late_heap_kb_per_minute", 0);
  }

  @Test
  void aHeapThatGrowsEvenlyGrowsByThatMuch() {
    for (int minute = 0; minute < 9; minute++) {
      add(minute, 5_000 + 7 * minute);
    }

    is("heap_kb_per_minute", 7);
    is("late_heap_kb_per_minute", 7);
    is("first_heap_bytes", 5_000 * 1_024);
    is("last_heap_bytes", 5_056 * 1_024);
  }

  @Test
  void threadsAndFilesAreThoseOfTheFirstLookAndOfTheLast() {
    growth.add(new Sample(0, 1, 20, 300));
    growth.add(new Sample(1, 1, 90, 900));
    growth.add(new Sample(2, 1, 21, 310));

    assertThat(growth.said())
        .containsAll(
            new JsonObject()
                .put("first_threads", 20.0)
                .put("last_threads", 21.0)
                .put("first_files", 300.0)
                .put("last_files", 310.0));
  }

  private void add(long minute, long kilobytes) {
    growth.add(new Sample(TimeUnit.MINUTES.toNanos(minute), kilobytes * 1_024, 20, 300));
  }

  private void is(String name, double value) {
    assertThat(growth.said().getDouble(name)).as(name).isCloseTo(value, offset(0.01));
  }
}
