package io.streamer.cli.door;

import java.util.Optional;
import java.util.function.Function;
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
   * Asks by the one name that there is.
   *
   * @throws ParameterException unless there is exactly one
   */
  <T> T ask(CommandLine command, Function<String, T> byJob, Function<String, T> byRequest) {
    if (jobId.isPresent() == requestId.isPresent()) {
      throw new ParameterException(command, "name the job: either by JOB_ID or by --request-id");
    }
    return jobId.map(byJob).or(() -> requestId.map(byRequest)).orElseThrow();
  }
}
