package io.streamer.shared.store;

import io.streamer.handler.Caller;
import io.streamer.handler.RawJson;
import io.streamer.shared.job.Job;
import io.streamer.shared.job.JobId;
import io.streamer.shared.job.JobStatus;
import io.streamer.shared.job.JobTerms;
import io.streamer.shared.job.Marks;
import io.streamer.shared.job.Route;
import io.streamer.shared.job.RunInput;
import io.streamer.shared.protocol.ClientFrame.Options;
import io.streamer.shared.protocol.ErrorCode;
import io.streamer.shared.protocol.FieldError;
import io.streamer.shared.protocol.Problem;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Jobs to try things on. */
public final class Jobs {
  public static final Caller ANN =
      new Caller("acme", "ann", Set.of("reports:write", "reports:read"));

  private Jobs() {}

  /** A job with every attribute that a row can have, but content and result. */
  public static Job job(JobStatus status) {
    return new Job(
        JobId.of("acme", "ann", "r1"),
        "7d6f3f0e-5a0c-4a52-8f0a-1d3f0b6c9e11",
        new Caller("acme", "ann", Set.of()),
        "r1",
        "report",
        JobId.hash("report", RawJson.of("{}")),
        Optional.of("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
        1_732_152_000_123L,
        new JobTerms(
            7,
            Optional.of(1_732_152_000_500L),
            Optional.of(1_732_159_000_000L),
            true,
            true,
            Optional.of(JobId.of("acme", "ann", "r0"))),
        status,
        3,
        2,
        "nonce",
        1_732_152_060_123L,
        45.5,
        "page 4",
        3_000_000_017L,
        0,
        Optional.of(new Route("L0SM9cOFvHcCIhw=", "node:n1", 1_732_159_200L)),
        Map.of("colour", "grün"),
        status == JobStatus.FAILED ? Optional.of(problem()) : Optional.empty(),
        Optional.of(1_732_152_060_000L),
        new Marks(
            true,
            Optional.of(1_732_152_070_000L),
            Optional.of("checkpoint#3#1"),
            4,
            true,
            Optional.of(JobId.of("acme", "ann", "r2"))),
        status.terminal() ? 1_732_756_800L : 0,
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  public static Problem problem() {
    return new Problem(
        ErrorCode.VALIDATION_ERROR,
        "/payload/to is before from",
        List.of(new FieldError("/payload/to", "is before from")),
        Map.of("reason", "DATES"),
        250L);
  }

  public static NewJob request(String run, String payload, Map<String, String> metadata) {
    return new NewJob(
        run,
        ANN,
        "r1",
        "report",
        RawJson.of(payload),
        metadata,
        Optional.of("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
        Optional.of(new Route("L0SM9cOFvHcCIhw=", "node:n1", 1_732_159_200L)),
        Options.NONE,
        Optional.empty());
  }

  public static RunInput content() {
    return new RunInput(RawJson.of("{\"from\":1}"), Map.of("k", "v"), Set.of("a", "b"));
  }
}
