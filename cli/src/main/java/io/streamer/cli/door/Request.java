package io.streamer.cli.door;

import com.fasterxml.jackson.databind.util.RawValue;
import io.streamer.cli.option.HelpOption;
import io.streamer.cli.option.PayloadText;
import io.streamer.client.RequestOptions;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./streamer request}. */
@Command(
    name = "request",
    description = {
      "Sends one request and shows what comes back.",
      "On a terminal: a progress bar and the outcome. Otherwise: each frame as a line of JSON."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:it was answered, or accepted as a job; with --follow: the job succeeded",
      "1:an error came back",
      "2:wrong usage",
      "3:the token was refused",
      "4:no connection, or it ended before the answer",
      "130:Ctrl-C, which left the job; one that it stopped has failed"
    },
    footerHeading = "%nExample:%n",
    footer = "  ./streamer request echo_async --payload '{\"hello\":\"world\"}' --follow")
public final class Request implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin HelpOption help = new HelpOption();
  @Mixin DoorOptions door;
  @Mixin Following following;

  @Parameters(paramLabel = "ACTION", description = "What is asked for, such as echo.")
  private String action = "";

  @Option(
      names = "--payload",
      paramLabel = "JSON",
      description = "Any JSON: the text itself, @FILE, or - for standard input.")
  private Optional<String> payload = Optional.empty();

  @Option(
      names = "--follow",
      description = "Wait for the end of a job, over as many connections as it takes.")
  private boolean follow;

  @Option(
      names = "--id",
      paramLabel = "ID",
      description = "The request's id. The same request sent again with the same id is one job.")
  private Optional<String> id = Optional.empty();

  public Request(
      Path home, boolean terminal, Map<String, String> environment, Optional<InputStream> keys) {
    this.door = new DoorOptions(home, environment);
    this.following = new Following(terminal, keys);
  }

  @Override
  public Integer call() throws InterruptedException {
    var command = spec.commandLine();
    var text = payload.map(given -> PayloadText.read(command, given));
    try (var line = door.line()) {
      var options = new RequestOptions().onFrame(line::frame).fetchResult(false);
      id.ifPresent(options::id);
      var job = line.client().request(action, text.map(RawValue::new).orElse(null), options);
      return following.follow(line, door, job, follow);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command, e.getMessage(), e);
    }
  }
}
