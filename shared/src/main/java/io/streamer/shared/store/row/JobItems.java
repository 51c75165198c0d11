package io.streamer.shared.store.row;

import io.streamer.handler.Caller;
import io.streamer.shared.job.Job;
import io.streamer.shared.job.JobId;
import io.streamer.shared.job.JobStatus;
import io.streamer.shared.job.Route;
import io.streamer.shared.job.RunInput;
import io.streamer.shared.protocol.ErrorCode;
import io.streamer.shared.protocol.FieldError;
import io.streamer.shared.protocol.Problem;
import io.streamer.shared.table.Item;
import io.streamer.shared.table.Tables;
import io.streamer.shared.table.Value;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Jobs as rows of {@code jobs}, their content and results as rows of {@code job_data}. */
public final class JobItems {
  /** What a row may have: a write is charged by the KB of the whole row. */
  public static final int ROW_BYTES = 1_024;

  /** Where it stands among those that are looked after. */
  public static final Set<String> DUE = Set.of("dueAt", "dueShard");

  public static final String PAYLOAD_PART = "payload";

  private static final String RESULT_PART = "result#";

  private JobItems() {}

  public static Item key(JobId id) {
    return Item.of("jobId", id.value());
  }

  public static Item dataKey(Job job, String part) {
    return new Item.Builder().put("job", dataKey(job)).put("part", part).build();
  }

  /** What all of a job's data stands under. */
  public static String dataKey(Job job) {
    return job.id() + "#" + job.run();
  }

  /** A row of {@code job_data}. */
  public static Item data(Job job, String part, Item content, long expiresAt) {
    return new Item.Builder()
        .putAll(dataKey(job, part))
        .putAll(content)
        .put(Tables.TTL, expiresAt)
        .build();
  }

  /** Where a holder of this epoch puts its result: another holder's does not overwrite it. */
  public static String resultPart(long epoch) {
    return RESULT_PART + sorted(epoch);
  }

  /** A number as a part of a sort key. */
  public static String sorted(long number) {
    return String.format(Locale.ROOT, "%019d", number);
  }

  public static String dueShard(int shard) {
    return String.format(Locale.ROOT, "%02d", shard);
  }

  /** Whether the reference names a part of the job's data; otherwise, an object's key. */
  public static boolean isPart(String resultRef) {
    return resultRef.startsWith(RESULT_PART);
  }

  public static Item write(Job job) {
    var row =
        new Item.Builder()
            .put("jobId", job.id().value())
            .put("run", job.run())
            .put("tenant", job.caller().tenant())
            .put("user", job.caller().user())
            .put("id", job.requestId())
            .put("owner", job.owner())
            .put("action", job.action())
            .put("hash", job.hash())
            .put("createdAt", job.createdAt())
            .put("priority", job.terms().priority())
            .put("status", job.status().name())
            .put("epoch", job.epoch())
            .put("attempt", job.attempt())
            .put("percentage", Value.of(job.percentage()))
            .put("message", job.message())
            .put("seq", job.seq())
            .put("eventSeq", job.eventSeq());
    JobMarks.write(row, job.terms());
    JobMarks.write(row, job.marks());
    if (!job.claim().isEmpty()) {
      row.put("claim", job.claim());
    }
    if (job.leaseUntil() > 0) {
      row.put("leaseUntil", job.leaseUntil());
    }
    if (!job.annotations().isEmpty()) {
      row.put("annotations", Value.of(job.annotations()));
    }
    if (job.expiresAt() > 0) {
      row.put(Tables.TTL, job.expiresAt());
    }
    job.traceparent().ifPresent(trace -> row.put("trace", trace));
    job.route().ifPresent(route -> row.put("route", write(route)));
    job.error().ifPresent(problem -> row.put("error", write(problem)));
    job.dueAt()
        .ifPresent(at -> row.put("dueAt", at).put("dueShard", dueShard(job.id().dueShard())));
    job.result().ifPresent(result -> row.put("result", Value.of(result)));
    job.resultRef().ifPresent(ref -> row.put("resultRef", ref));
    job.content()
        .ifPresentOrElse(
            content -> row.putAll(write(content)), () -> row.put("payloadRef", PAYLOAD_PART));
    return row.build();
  }

  /** A row of {@code jobs} as whoever reads along has it. */
  public static Job read(Item row) {
    return new Job(
        new JobId(row.text("jobId")),
        row.text("run"),
        new Caller(row.text("tenant"), row.text("user"), Set.of()),
        row.text("id"),
        row.text("action"),
        row.text("hash"),
        row.findText("trace"),
        row.whole("createdAt"),
        JobMarks.terms(row),
        JobStatus.valueOf(row.text("status")),
        row.whole("epoch"),
        Math.toIntExact(row.whole("attempt")),
        row.findText("claim").orElse(""),
        row.findWhole("leaseUntil").orElse(0L),
        row.number("percentage"),
        row.text("message"),
        row.whole("seq"),
        row.whole("eventSeq"),
        row.findMap("route").map(JobItems::readRoute),
        row.texts("annotations"),
        row.findMap("error").map(JobItems::readProblem),
        row.findWhole("dueAt"),
        JobMarks.marks(row),
        row.findWhole(Tables.TTL).orElse(0L),
        readContent(row),
        row.findJson("result"),
        row.findText("resultRef"));
  }

  public static Item write(RunInput content) {
    var item = new Item.Builder().put("payload", Value.of(content.payload()));
    if (!content.metadata().isEmpty()) {
      item.put("metadata", Value.of(content.metadata()));
    }
    if (!content.permissions().isEmpty()) {
      item.put("permissions", texts(content.permissions()));
    }
    return item.build();
  }

  /** The content that stands in a row of either table, if it does. */
  public static Optional<RunInput> readContent(Item row) {
    return row.findJson("payload")
        .map(
            payload -> new RunInput(payload, row.texts("metadata"), readTexts(row, "permissions")));
  }

  public static Value write(Route route) {
    return new Value.M(
        new Item.Builder()
            .put("connection", route.connection())
            .put("endpoint", route.endpoint())
            .put("expiresAt", route.expiresAt())
            .build()
            .attributes());
  }

  public static Value write(Problem problem) {
    var item =
        new Item.Builder().put("code", problem.code().name()).put("message", problem.message());
    if (!problem.fields().isEmpty()) {
      item.put("fields", new Value.L(problem.fields().stream().map(JobItems::write).toList()));
    }
    if (!problem.details().isEmpty()) {
      item.put("details", Value.of(problem.details()));
    }
    var retryAfterMs = problem.retryAfterMs();
    if (retryAfterMs != null) {
      item.put("retryAfterMs", retryAfterMs);
    }
    return new Value.M(item.build().attributes());
  }

  public static Value texts(Collection<String> texts) {
    return new Value.L(texts.stream().sorted().map(Value::of).toList());
  }

  public static Set<String> readTexts(Item row, String name) {
    return row.list(name).stream()
        .map(element ->
            switch (element) {
              case Value.S(var text) -> text;
              case Value _ -> throw new IllegalStateException(name + " holds more than texts");
            })
        .collect(Collectors.toUnmodifiableSet());
  }

  private static Value write(FieldError field) {
    return new Value.M(
        new Item.Builder()
            .put("pointer", field.pointer())
            .put("message", field.message())
            .build()
            .attributes());
  }

  private static Route readRoute(Item item) {
    return new Route(item.text("connection"), item.text("endpoint"), item.whole("expiresAt"));
  }

  private static Problem readProblem(Item item) {
    var fields =
        item.list("fields").stream()
            .map(element ->
                switch (element) {
                  case Value.M(var entries) -> readField(new Item(entries));
                  case Value _ -> throw new IllegalStateException("fields holds no maps");
                })
            .toList();
    return new Problem(
        ErrorCode.valueOf(item.text("code")),
        item.text("message"),
        fields,
        item.texts("details"),
        item.findWhole("retryAfterMs").orElse(null));
  }

  private static FieldError readField(Item item) {
    return new FieldError(item.text("pointer"), item.text("message"));
  }
}
