package io.streamer.cli;

import io.vertx.core.json.JsonObject;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** Which job a command is about: the one parameter, or the option in its place. */
final class JobName {
  @Parameters(paramLabel = "JOB_ID", arity = "0..1", description = "As the acknowledgment says.")
  private Optional<String> jobId = Optional.empty();

  @Option(
      names = "--request-id",
      paramLabel = "ID",
      description = "The id of a request of your own, in place of JOB_ID.")
  private Optional<String> requestId = Optional.empty();

  /**
   * Puts the name into a frame.
   *
   * @throws ParameterException unless there is exactly one
   */
  JsonObject into(JsonObject frame, CommandLine command) {
    if (jobId.isPresent() == requestId.isPresent()) {
      throw new ParameterException(command, "name the job: either by JOB_ID or by --request-id");
    }
    jobId.ifPresent(id -> frame.put("job_id", id));
    requestId.ifPresent(id -> frame.put("request_id", id));
    return frame;
  }
}
