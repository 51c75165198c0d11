package io.streamer.local.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What waits for a reader that does not come. */
class SocketTapTest {
  private final Feed feed = new Feed(InstantSource.system(), Duration.ofDays(7));
  private final Deque<Runnable> reads = new ArrayDeque<>();
  private final SocketTap tap =
      new SocketTap(new SocketMessages(feed), InstantSource.system(), feed::isWatched, reads::add);

  @Test
  void itIsOpenWhileSomebodyWatches() {
    assertThat(tap.isOpen()).isFalse();
    var unwatch = feed.watch(_ -> {});
    assertThat(tap.isOpen()).isTrue();
    unwatch.run();
    assertThat(tap.isOpen()).isFalse();
  }

  @Test
  void whatWaitsIsReadOnceInItsOrder() {
    store("job");
    for (int seq = 1; seq <= 3; seq++) {
      tap.passed("c", false, progress("job", seq, 0));
    }
    assertThat(reads).hasSize(1);
    reads.remove().run();
    assertThat(seqs("job")).containsExactly(1, 2, 3);

    tap.passed("c", false, progress("job", 4, 0));
    assertThat(reads).hasSize(1);
    reads.remove().run();
    assertThat(seqs("job")).containsExactly(1, 2, 3, 4);
  }

  @Test
  void ofTooManyTheOldestAreLeftOut() {
    store("job");
    store("other");
    for (int seq = 1; seq <= 3; seq++) {
      tap.passed("c", false, progress("job", seq, 0));
    }
    for (int seq = 1; seq < SocketTap.MOST_MESSAGES; seq++) {
      tap.passed("c", false, progress("other", seq, 0));
    }
    reads.remove().run();

    assertThat(seqs("job")).containsExactly(3);
  }

  @Test
  void ofTooLargeOnesTheOldestAreLeftOut() {
    store("job");
    for (int seq = 1; seq <= 10; seq++) {
      tap.passed("c", false, progress("job", seq, SocketTap.MOST_BYTES / 4));
    }
    reads.remove().run();

    assertThat(seqs("job")).containsExactly(8, 9, 10);
  }

  private void store(String job) {
    new RowReader(feed, "t-jobs").written("PutItem", Rows.put(job, "RUNNING", 1, 0), Rows.NOTHING);
  }

  private List<Integer> seqs(String job) {
    return feed.find(job).orElseThrow().course().frames().stream()
        .map(frame -> frame.text().replaceFirst("(?s).*?\"seq\":(\\d+).*", "$1"))
        .map(Integer::valueOf)
        .toList();
  }

  private static byte[] progress(String job, int seq, int more) {
    return JsonObject.of("type", "progress", "job_id", job, "seq", seq, "message", "x".repeat(more))
        .toBuffer()
        .getBytes();
  }
}
