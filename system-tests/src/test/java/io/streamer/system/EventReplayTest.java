package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.gateway.job.EventReplay;
import io.streamer.gateway.store.StoreTransport;
import io.streamer.gateway.store.VertxDynamo;
import io.streamer.handler.Caller;
import io.streamer.handler.RawJson;
import io.streamer.shared.job.Job;
import io.streamer.shared.job.Reports.Report;
import io.streamer.shared.protocol.ClientFrame.Options;
import io.streamer.shared.protocol.ServerFrame.Attached;
import io.streamer.shared.protocol.ServerFrame.Event;
import io.streamer.shared.protocol.ServerFrame.Replayed;
import io.streamer.shared.store.Claim;
import io.streamer.shared.store.JobCalls;
import io.streamer.shared.store.JobLimits;
import io.streamer.shared.store.Kept;
import io.streamer.shared.store.NewJob;
import io.streamer.shared.store.RunCalls;
import io.streamer.shared.store.Said;
import io.streamer.shared.store.event.EventCalls;
import io.streamer.shared.table.Answer;
import io.streamer.shared.table.Call;
import io.streamer.shared.table.StoreRequest;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an answer with missed events costs the tables, and that it brings its client on. */
class EventReplayTest {
  private static final JobLimits LIMITS =
      new JobLimits(Duration.ofSeconds(60), Duration.ofSeconds(60), Duration.ofDays(7));
  private static final InstantSource CLOCK = InstantSource.system();
  private static final Caller ANN = new Caller("acme", "ann", Set.of());

  private static LocalTables local;

  private final JobCalls jobs = new JobCalls(local.tables, LIMITS, CLOCK);
  private final RunCalls runs = new RunCalls(local.tables, LIMITS, CLOCK);
  private final Counting counting = new Counting(local.transport());
  private final EventReplay replay =
      new EventReplay(
          new VertxDynamo(local.vertx(), counting), new EventCalls(local.tables), CLOCK);

  /** Counts the rows that queries bring. */
  private static final class Counting implements StoreTransport {
    private final StoreTransport way;
    private int rows;
    private int queries;

    Counting(StoreTransport way) {
      this.way = way;
    }

    @Override
    public Future<Answer> send(StoreRequest request) {
      return way.send(request)
          .onSuccess(answer -> {
            if (answer instanceof Answer.Rows found) {
              queries++;
              rows += found.items().size();
            }
          });
    }

    @Override
    public void close() {
      // its owner closes the way
    }
  }

  @BeforeAll
  static void start() {
    local = LocalTables.onDynamoDbLocal();
    local.create();
  }

  @AfterAll
  static void stop() {
    local.close();
  }

  /** Sizes of an event in KB; each chunk has 240 KB. */
  @ParameterizedTest
  @CsvSource({"60, 4", "30, 8", "2, 120"})
  void ofLargeChunksAreReadNoMoreThanTheAnswerNeeds(int kilobytes, int events) {
    var job = job(8, events, kilobytes << 10);

    var attached = answer(List.of(new EventReplay.Wanted(job, 0))).getFirst();

    assertThat(attached.events()).isNotEmpty();
    assertThat(attached.next()).isEqualTo(attached.events().getLast().seq());
    // the chunk, and the one behind it that knows of it
    assertThat(counting.rows).isLessThanOrEqualTo(2);
  }

  @Test
  void chunksBehindSmallOnesAreReadAsTheyProveLarge() {
    var job = claimed();
    job = append(job, 1, 100);
    job = append(job, 1, 100);
    for (int i = 0; i < 8; i++) {
      job = append(job, 4, 60 << 10);
    }

    answer(List.of(new EventReplay.Wanted(job, 0)));

    assertThat(counting.rows).isLessThanOrEqualTo(2 + 4);
  }

  @Test
  void smallChunksAreReadManyAtOnce() {
    var job = job(100, 1, 100);

    var attached = answer(List.of(new EventReplay.Wanted(job, 0))).getFirst();

    assertThat(attached.events()).hasSize(100);
    assertThat(attached.next()).isNull();
    assertThat(counting.queries).isLessThanOrEqualTo(9);
  }

  /** Behind how many events of the first chunk the client is. */
  @ParameterizedTest
  @CsvSource({"0", "3", "4"})
  void ofManyJobsAFewAreReadAndAllAreNamed(int seen) {
    var wanted = new ArrayList<EventReplay.Wanted>();
    var one = job(3, 4, 60 << 10);
    for (int i = 0; i < 64; i++) {
      wanted.add(new EventReplay.Wanted(one, one.firstSeq() + seen));
    }

    var attached = answer(wanted);

    assertThat(attached).hasSize(64);
    assertThat(attached.getFirst().events()).isNotEmpty();
    assertThat(attached).allSatisfy(job -> assertThat(job.next()).isNotNull());
    assertThat(counting.rows).isLessThanOrEqualTo(6);
  }

  @ParameterizedTest
  @CsvSource({"5, 4, 61440", "5, 120, 2048", "3, 1, 65000", "40, 1, 5000", "60, 2, 100"})
  void whoeverAsksAgainGetsAllInOrder(int chunks, int events, int bytes) {
    var job = job(chunks, events, bytes);
    var got = new ArrayList<Long>();
    var next = Optional.of(0L);

    while (next.isPresent()) {
      var attached = answer(List.of(new EventReplay.Wanted(job, next.get()))).getFirst();
      assertThat(attached.events()).isNotEmpty();
      attached.events().forEach(event -> got.add(event.seq()));
      next = Optional.ofNullable(attached.next());
    }

    assertThat(got)
        .containsExactlyElementsOf(
            LongStream.rangeClosed(job.firstSeq() + 1, job.eventSeq()).boxed().toList());
  }

  private List<Attached> answer(List<EventReplay.Wanted> wanted) {
    return replay.answer("c1", wanted).await();
  }

  private Job job(int chunks, int events, int bytes) {
    var job = claimed();
    for (int i = 0; i < chunks; i++) {
      job = append(job, events, bytes);
    }
    return job;
  }

  private Job append(Job job, int events, int bytes) {
    long from = Math.max(job.firstSeq(), job.eventSeq());
    var data = RawJson.of("{\"text\":\"" + "x".repeat(bytes) + "\"}");
    var chunk = new ArrayList<Replayed>();
    for (int i = 1; i <= events; i++) {
      chunk.add(new Event(job.requestId(), job.id().value(), from + i, "page", data));
    }
    var said = new Said(new Report(1, ""), from + events, Map.of());
    return ((Kept.Still) run(runs.append(job, chunk, said, nonce()))).job();
  }

  private Job claimed() {
    var request =
        new NewJob(
            nonce(),
            ANN,
            nonce(),
            "report",
            RawJson.of("{}"),
            Map.of(),
            Optional.empty(),
            Optional.empty(),
            Options.NONE,
            Optional.empty());
    var job = run(jobs.submit(request)).job();
    return ((Claim.Claimed) run(jobs.claim(job.id(), 0, nonce()))).job();
  }

  private <T> T run(Call<T> call) {
    return local.run(LocalTables.Way.LEAN_BLOCKING, call);
  }

  private static String nonce() {
    return UUID.randomUUID().toString();
  }
}
