package io.streamer.worker;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.core.JsonFactory;
import io.streamer.shared.settings.Environment;
import io.streamer.shared.settings.Setting;
import io.streamer.shared.settings.Transport;
import io.streamer.shared.trace.SpanAttribute;
import io.streamer.shared.trace.SpanName;
import io.streamer.shared.trace.Traces;
import io.streamer.worker.aws.BlockingClients;
import io.streamer.worker.aws.JobInvoker;
import io.streamer.worker.log.FunctionLog;
import io.streamer.worker.log.Invocation;
import io.streamer.worker.stream.JobInvocations;
import io.streamer.worker.stream.JobStart;
import io.streamer.worker.stream.StreamRecord;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.HashSet;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The function behind the jobs table's stream: starts a worker for every job that asks for one, and
 * returns at once, because a shard's batches wait for each other.
 */
public final class StreamFunction implements RequestStreamHandler, AutoCloseable {
  private static final JsonFactory JSON = new JsonFactory();

  // not before its constructor has chosen what SLF4J writes with
  private final Logger log = LoggerFactory.getLogger(StreamFunction.class);
  private final JobInvoker jobs;
  private final Traces traces;
  private final AtomicLong skipped = new AtomicLong();

  /** As Lambda makes it. */
  public StreamFunction() {
    this(FunctionLog.chosenFor(Environment.ofProcess()));
  }

  public StreamFunction(Environment environment) {
    var name = WorkerSettings.jobFunction(environment);
    var settings = WorkerSettings.of(environment);
    var transport = Transport.read(environment, Setting.INVOKE_TRANSPORT);
    this.jobs = BlockingClients.jobInvoker(transport, settings.aws(), name);
    this.traces = Traces.of(settings.traces(), "streamer-stream");
  }

  /**
   * Reads one batch. Answers {@code batchItemFailures} with the first record that could not be
   * handed on: Lambda sends it and all behind it again. What cannot be read is skipped.
   *
   * @throws IOException if the batch as a whole cannot be read
   */
  @Override
  public void handleRequest(InputStream input, OutputStream output, Context context)
      throws IOException {
    Optional<String> failed;
    try (var _ = Invocation.begin(context.getAwsRequestId())) {
      failed = firstFailed(input);
      traces.flush();
    }
    try (var json = JSON.createGenerator(output)) {
      json.writeStartObject();
      json.writeArrayFieldStart("batchItemFailures");
      if (failed.isPresent()) {
        json.writeStartObject();
        json.writeStringField("itemIdentifier", failed.get());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    }
  }

  /**
   * Of several, the first in the batch: Lambda sends what stands behind it again. What was invoked
   * behind it is invoked twice then, and the second claim is refused.
   */
  private Optional<String> firstFailed(InputStream batch) throws IOException {
    var invocations = new JobInvocations();
    var asked = new HashSet<JobStart>();
    for (var entry : StreamRecord.readBatch(batch)) {
      if (invocations.failed()) {
        break;
      }
      switch (entry) {
        case StreamRecord.Unreadable(var number, var why) ->
            // it reads no better when it comes again, and would hold up its shard until it expires;
            // its job is due within a minute
            log.error(
                "record {} cannot be read and is skipped, {} by now: {}",
                number,
                skipped.incrementAndGet(),
                why);
        case StreamRecord.Change(var number, var start) ->
            // a job that waits for long asks several times
            start.filter(asked::add).ifPresent(it -> invocations.begin(number, () -> invoke(it)));
      }
    }
    return invocations.firstFailed();
  }

  private void invoke(JobStart start) {
    var span = traces.of(SpanName.DISPATCH, start.action(), start.traceparent());
    span.put(SpanAttribute.JOB, start.id().value());
    var traced = start.below(span.traceparent(start.traceparent()));
    try {
      jobs.invoke(traced.write());
    } catch (RuntimeException e) {
      span.failed(e.getClass().getName());
      throw e;
    } finally {
      span.end();
    }
  }

  @Override
  public void close() {
    jobs.close();
    traces.close();
  }
}
