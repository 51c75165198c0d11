package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.handler.RawJson;
import io.streamer.shared.job.JobId;
import io.streamer.shared.job.JobStatus;
import io.streamer.shared.protocol.ServerFrame.Event;
import io.streamer.shared.protocol.ServerFrame.Rewind;
import io.streamer.shared.store.event.EventCalls;
import io.streamer.shared.table.StoreUnavailableException;
import io.streamer.testtools.Until;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** A worker that dies behind any of its writes loses nothing, and says nothing any more. */
@Timeout(60)
class JobTakeoverTest extends WorkerFixture {
  private final AtomicBoolean killed = new AtomicBoolean();
  private final List<String> charges = new CopyOnWriteArrayList<>();
  private volatile Thread victim;
  private FaultyStore tables;

  record Cursor(int done) {}

  record Receipt(String key) {}

  /** The writes of a run, by words that no other request has. */
  enum Kill {
    CLAIM("UpdateItem", "leaseUntil"),
    FIRST_EVENTS("PutItem", "event#"),
    ROW_OF_EVENTS("UpdateItem", "eventSeq"),
    CHECKPOINT("PutItem", "checkpoint#"),
    ROW_OF_CHECKPOINT("UpdateItem", "checkpoint#"),
    STEP("PutItem", "step#"),
    OUTCOME("UpdateItem", "SUCCEEDED");

    private final String operation;
    private final String word;

    Kill(String operation, String word) {
      this.operation = operation;
      this.word = word;
    }

    private List<String> words() {
      return List.of(operation, word);
    }
  }

  @BeforeEach
  void putStoreBetween() throws Exception {
    worker.close();
    tables = new FaultyStore(server.uri());
    worker = worker(tables.uri());
    behaviour =
        (_, run) -> {
          int done = run.checkpoint(Cursor.class).map(Cursor::done).orElse(0);
          for (int n = done + 1; n <= 6; n++) {
            run.emit("row", Map.of("n", n));
            run.progress(10 * n, "row " + n);
            if (n % 2 == 0) {
              run.checkpoint(new Cursor(n));
            }
          }
          var receipt =
              run.step(
                  "charge",
                  Receipt.class,
                  key -> {
                    charges.add(key);
                    return new Receipt(key);
                  });
          return RawJson.of("{\"key\":\"" + receipt.key() + "\"}");
        };
  }

  @AfterEach
  void takeStoreAway() {
    tables.close();
  }

  @ParameterizedTest
  @EnumSource
  void afterADeathBehindAnyWriteAnotherWorkerEndsTheJobWithEachEventOnce(Kill kill)
      throws Exception {
    var id = submit("persist", "{}");
    tables.when(kill.words(), this::die);
    victim = Thread.ofPlatform().unstarted(() -> invoke(id));
    victim.start();
    Until.holds(
        "it is dead",
        () -> {
          time.advance(Duration.ofMillis(50));
          return victim.join(Duration.ofMillis(20));
        });
    assertThat(killed).isTrue();
    var before = node.all();
    if (!find(id).status().terminal()) {
      awaken(id);
      timePassesUntilDone(start(id), Duration.ofMillis(50));
    }

    var job = find(id);
    assertThat(job.status()).isEqualTo(JobStatus.SUCCEEDED);
    assertThat(held(id)).containsExactly(1, 2, 3, 4, 5, 6);
    var frames = new ArrayList<>(before);
    frames.addAll(node.all());
    if (kill != Kill.OUTCOME) {
      var applied = Applied.of(frames);
      assertThat(applied.ns()).containsExactly(1, 2, 3, 4, 5, 6);
      assertThat(applied.types()).endsWith("progress", "complete").doesNotContain("error");
      assertThat(job.dueAt()).isEmpty();
    } else {
      // whoever looks after the job tells its end
      assertThat(job.dueAt()).isPresent();
    }
    // the work may be done again; its key never changes, and one result is stored
    assertThat(charges).isNotEmpty();
    assertThat(charges.stream().distinct()).hasSize(1);
    if (kill != Kill.STEP) {
      assertThat(charges).hasSize(1);
    }
  }

  @Test
  void aLateWorkerCanNeitherWriteNorBeHeard() throws Exception {
    behaviour =
        (_, run) -> {
          if (run.attempt() > 1) {
            run.emit("row", Map.of("n", 1));
            return RawJson.of("{\"by\":\"the heir\"}");
          }
          run.emit("row", Map.of("n", 1));
          run.progress(50, "half");
          release.await();
          run.progress(60, "too late");
          run.checkpoint(new Cursor(9));
          return RawJson.of("{\"by\":\"the late one\"}");
        };
    var id = submit("persist", "{}");
    var late = start(id);
    node.next();
    node.next();
    // no time passes: the late one looks at nothing
    recover(id);
    run(id);
    var ended = find(id);
    assertThat(ended.status()).isEqualTo(JobStatus.SUCCEEDED);
    var told = node.all();
    assertThat(Applied.of(told).types()).endsWith("complete");
    release.countDown();
    timePassesUntilDone(late, Duration.ofSeconds(1));
    assertThat(node.all()).isEmpty();
    assertThat(find(id)).isEqualTo(ended);
  }

  /** The end of a process, as far as a thread can have one: it is not answered, and stops. */
  private boolean die() {
    if (killed.compareAndSet(false, true)) {
      victim.interrupt();
      return false;
    }
    return true;
  }

  private void invoke(JobId id) {
    try {
      worker.run(id, 0, AMPLE);
    } catch (InterruptedException | StoreUnavailableException _) {
      // dead
    }
  }

  /** As a dispatcher does behind a lost lease. */
  private static void recover(JobId id) {
    client.updateItem(update ->
        update
            .tableName(TABLES.jobs())
            .key(Map.of("jobId", AttributeValue.fromS(id.value())))
            .updateExpression("SET #status = :queued, attempt = :two")
            .expressionAttributeNames(Map.of("#status", "status"))
            .expressionAttributeValues(
                Map.of(
                    ":queued", AttributeValue.fromS("QUEUED"), ":two", AttributeValue.fromN("2"))));
  }

  /** What somebody has who asks for all events now. */
  private List<Integer> held(JobId id) {
    var rows = new ArrayList<Event>();
    for (var event : execute(new EventCalls(TABLES).after(find(id), 0, 1 << 20)).events()) {
      switch (event) {
        case Event row -> rows.add(row);
        case Rewind rewind -> rows.removeIf(row -> row.seq() > rewind.afterSeq());
      }
    }
    return rows.stream().map(row -> new JsonObject(row.data().toString()).getInteger("n")).toList();
  }
}
