package io.streamer.cli.door;

import com.fasterxml.jackson.databind.util.RawValue;
import io.streamer.cli.option.HelpOption;
import io.streamer.cli.option.OptionTexts;
import io.streamer.cli.option.PayloadText;
import io.streamer.client.ConnectionState;
import io.streamer.client.StreamerClient;
import io.streamer.client.StreamerException;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./streamer probe}. */
@Command(
    name = "probe",
    description = {
      "Tries a deployment as a client does: connects, has one request answered, one job done.",
      "Prints one line of JSON: whether it went well, and how long each step took."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:all three went well",
      "1:an error came back",
      "2:wrong usage",
      "3:the token was refused",
      "4:no connection, or it ended before the end, or the time was over"
    },
    footerHeading = "%nExample:%n",
    footer = "  STREAMER_TOKEN=TOKEN ./streamer probe wss://direct.example.com/ws")
public final class Probe implements Callable<Integer> {
  private final Map<String, String> environment;

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin HelpOption help = new HelpOption();

  @Parameters(
      converter = OptionTexts.WebSocketUrl.class,
      paramLabel = "URL",
      description = "Where clients connect, at either door.")
  private URI url = URI.create("ws://localhost");

  @Option(
      names = "--token",
      paramLabel = "TOKEN",
      description = "Who asks. Better in the variable STREAMER_TOKEN: others see what is typed.")
  private Optional<String> token = Optional.empty();

  @Option(
      names = "--echo",
      paramLabel = "ACTION",
      description = "Is to be answered on the spot. Default: echo, of the demo actions.")
  private String echo = "echo";

  @Option(
      names = "--job",
      paramLabel = "ACTION",
      description = "Is to be done as a job. Default: echo_async, of the demo actions.")
  private String job = "echo_async";

  @Option(
      names = "--payload",
      paramLabel = "JSON",
      description = "Of both; the text itself, @FILE, or - for standard input. Default: {}.")
  private Optional<String> payload = Optional.empty();

  @Option(
      names = "--timeout",
      converter = OptionTexts.DurationText.class,
      paramLabel = "TIME",
      description = "For all of it, such as 10s. Default: 30s.")
  private Duration timeout = Duration.ofSeconds(30);

  /** What became of a step. */
  private sealed interface Step {
    record Done() implements Step {}

    record Failed(int exitCode, String why) implements Step {}
  }

  public Probe(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() throws InterruptedException {
    var who =
        token.or(() -> Optional.ofNullable(environment.get(DoorOptions.TOKEN))).map(String::strip);
    if (who.isEmpty() || who.get().isEmpty()) {
      throw new ParameterException(
          spec.commandLine(),
          "a token is needed: in the variable " + DoorOptions.TOKEN + ", or as --token");
    }
    var body = payload.map(text -> PayloadText.read(spec.commandLine(), text)).orElse("{}");
    var report = new JsonObject().put("url", url.toString());
    var outcome = run(report, who.get(), body, System.nanoTime() + timeout.toNanos());
    var line = new JsonObject().put("ok", outcome instanceof Step.Done).mergeIn(report);
    int code = ExitCode.OK;
    if (outcome instanceof Step.Failed(var exitCode, var why)) {
      line.put("why", why);
      code = exitCode;
    }
    var out = spec.commandLine().getOut();
    out.println(line.encode());
    out.flush();
    return code;
  }

  private Step run(JsonObject report, String who, String body, long until)
      throws InterruptedException {
    long from = System.nanoTime();
    report.put("step", "connect");
    try (var client = StreamerClient.builder(url).token(who).build()) {
      var asked = new Asked(client, new RawValue(body), until);
      var step = asked.connect();
      report.put("connect_ms", since(from));
      if (step instanceof Step.Done) {
        report.put("step", "echo");
        from = System.nanoTime();
        step = asked.request(echo, false);
        report.put("echo_ms", since(from));
      }
      if (step instanceof Step.Done) {
        report.put("step", "job");
        from = System.nanoTime();
        step = asked.request(job, true);
        report.put("job_ms", since(from));
      }
      if (step instanceof Step.Done) {
        report.remove("step");
      }
      return step;
    }
  }

  private static long since(long from) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - from);
  }

  /** A client of whom one thing is asked behind the other, up to a moment. */
  private record Asked(StreamerClient client, RawValue body, long until) {
    private static final Step LATE =
        new Step.Failed(DoorOptions.NO_CONNECTION, "no answer came in time");

    Step connect() throws InterruptedException {
      var states = new LinkedBlockingQueue<ConnectionState>();
      var end = client.onState(states::add);
      try {
        client.connect();
        while (true) {
          switch (states.poll(left(), TimeUnit.NANOSECONDS)) {
            case null -> {
              return LATE;
            }
            case ConnectionState.Connecting _ -> {
              // not yet
            }
            case ConnectionState.Open _ -> {
              return new Step.Done();
            }
            case ConnectionState.Waiting(var _, var why) -> {
              return new Step.Failed(DoorOptions.NO_CONNECTION, why);
            }
            case ConnectionState.Closed closed -> {
              return new Step.Failed(
                  DoorOptions.isRefusal(closed) ? DoorOptions.REFUSED : DoorOptions.NO_CONNECTION,
                  closed.reason());
            }
          }
        }
      } finally {
        end.run();
      }
    }

    /**
     * Has an action done.
     *
     * @param asJob whether it has to be one; otherwise it has to be answered on the spot
     */
    Step request(String action, boolean asJob) throws InterruptedException {
      var request = client.request(action, body);
      try {
        var jobId = request.accepted().get(left(), TimeUnit.NANOSECONDS);
        if (jobId.isPresent() && !asJob) {
          return new Step.Failed(ExitCode.SOFTWARE, "it became a job");
        }
        // an error has no job either
        request.result().get(left(), TimeUnit.NANOSECONDS);
        if (jobId.isEmpty() && asJob) {
          return new Step.Failed(ExitCode.SOFTWARE, "it was answered on the spot, as no job");
        }
        return new Step.Done();
      } catch (TimeoutException _) {
        return LATE;
      } catch (ExecutionException e) {
        return failed(e.getCause());
      }
    }

    private static Step failed(@Nullable Throwable thrown) {
      if (thrown instanceof StreamerException e) {
        boolean lost =
            e.code().equals(StreamerException.CONNECTION_LOST)
                || e.code().equals(StreamerException.NOT_CONNECTED);
        return new Step.Failed(
            lost ? DoorOptions.NO_CONNECTION : ExitCode.SOFTWARE, e.code() + ": " + e.reason());
      }
      return new Step.Failed(ExitCode.SOFTWARE, String.valueOf(thrown));
    }

    private long left() {
      return Math.max(0, until - System.nanoTime());
    }
  }
}
