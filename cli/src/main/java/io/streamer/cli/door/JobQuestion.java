package io.streamer.cli.door;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamer.cli.option.HelpOption;
import io.streamer.cli.terminal.JsonLines;
import io.streamer.cli.terminal.TerminalScreen;
import io.streamer.cli.terminal.TerminalWidth;
import io.streamer.cli.terminal.TextColumns;
import io.streamer.client.ConnectionState;
import io.streamer.client.JobSnapshot;
import io.streamer.client.StreamerClient;
import io.streamer.client.StreamerException;
import io.streamer.shared.job.JobStatus;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A frame about one job, and its answer: {@code ./streamer status} and {@code cancel}. */
@Command(
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:it was answered",
      "1:an error came back, such as NOT_FOUND",
      "2:wrong usage",
      "3:the token was refused",
      "4:no connection, or it ended before the answer"
    })
public abstract sealed class JobQuestion implements Callable<Integer> {
  /** Where a cancel is a wish to whoever has the job; elsewhere it is done at once. */
  private static final String RUNNING = JobStatus.RUNNING.wire();

  private final boolean terminal;
  JsonObject newest = new JsonObject();
  private int linesShown;

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin HelpOption help = new HelpOption();
  @Mixin JobName job = new JobName();
  @Mixin DoorOptions door;

  @Option(names = "--json", description = "The frame as a line of JSON on a terminal too.")
  private boolean json;

  private JobQuestion(Path home, boolean terminal, Map<String, String> environment) {
    this.terminal = terminal;
    this.door = new DoorOptions(home, environment);
  }

  /** {@code ./streamer status}. */
  @Command(
      name = "status",
      description = "Says how a job stands.",
      footerHeading = "%nExample:%n",
      footer = "  ./streamer status --request-id order-7")
  public static final class Status extends JobQuestion {
    private static final long EVERY_MS = 1_000;

    @Option(
        names = "--watch",
        description = "Again each second, until the job has ended: 0 if it succeeded, else 1.")
    private boolean watch;

    public Status(Path home, boolean terminal, Map<String, String> environment) {
      super(home, terminal, environment);
    }

    @Override
    CompletableFuture<JobSnapshot> ask(StreamerClient client, CommandLine command) {
      return job.ask(command, client::status, client::statusOfRequest);
    }

    @Override
    public Integer call() throws InterruptedException {
      if (!watch) {
        return super.call();
      }
      try (var line = door.line()) {
        while (true) {
          int exitCode = ask(line);
          var status = newest.getString("status", "");
          if (exitCode != ExitCode.OK || isEnd(status)) {
            return exitCode != ExitCode.OK || status.equals(JobStatus.SUCCEEDED.wire())
                ? exitCode
                : ExitCode.SOFTWARE;
          }
          Thread.sleep(EVERY_MS);
        }
      }
    }

    private static boolean isEnd(String status) {
      return Stream.of(JobStatus.values())
          .filter(JobStatus::terminal)
          .anyMatch(it -> it.wire().equals(status));
    }
  }

  /** {@code ./streamer cancel}. */
  @Command(
      name = "cancel",
      description = {
        "Asks for a job to stop.",
        "It then ends in the error CANCELLED, unless it has ended before."
      },
      footerHeading = "%nExample:%n",
      footer = "  ./streamer cancel --request-id order-7")
  public static final class Cancel extends JobQuestion {
    public Cancel(Path home, boolean terminal, Map<String, String> environment) {
      super(home, terminal, environment);
    }

    @Override
    CompletableFuture<JobSnapshot> ask(StreamerClient client, CommandLine command) {
      return job.ask(command, client::cancel, client::cancelOfRequest);
    }
  }

  /** Asks; gives how the job stands. */
  abstract CompletableFuture<JobSnapshot> ask(StreamerClient client, CommandLine command);

  @Override
  public Integer call() throws InterruptedException {
    try (var line = door.line()) {
      return ask(line);
    }
  }

  int ask(ClientLine line) throws InterruptedException {
    var _ =
        ask(line.client(), spec.commandLine())
            .whenComplete((snapshot, e) -> {
              if (snapshot != null) {
                line.frame(frame("response").put("success", true).set("data", snapshot.json()));
              }
              line.end(e);
            });
    return await(line);
  }

  private int await(ClientLine line) throws InterruptedException {
    boolean open = false;
    while (true) {
      switch (line.next()) {
        case ClientLine.Seen.Frame(var text) -> show(text);
        case ClientLine.Seen.Connection(var state) -> {
          if (open && state instanceof ConnectionState.Waiting(var _, var why)) {
            return lost(why);
          }
          open |= state instanceof ConnectionState.Open;
          var end = open ? Optional.<Integer>empty() : door.ended(state);
          if (end.isPresent()) {
            return end.get();
          }
        }
        case ClientLine.Seen.End answered -> {
          if (open || !answered.disconnected()) {
            return answered.error().map(this::failed).orElse(ExitCode.OK);
          }
        }
        case ClientLine.Seen.Interrupted _, ClientLine.Seen.Typed _ -> {
          // nobody sends these here
        }
      }
    }
  }

  private int lost(String why) {
    door.tell("the connection ended before the answer: " + why + "; repeat the command");
    return DoorOptions.NO_CONNECTION;
  }

  private int failed(StreamerException e) {
    if (e.code().equals(StreamerException.CONNECTION_LOST)
        || e.code().equals(StreamerException.NOT_CONNECTED)) {
      return lost(e.reason());
    }
    var frame = frame("error");
    var error =
        frame
            .putObject("error")
            .put("code", e.code())
            .put("message", e.reason())
            .put("retryable", e.retryable());
    if (!e.details().isEmpty()) {
      error.set("details", e.details());
    }
    show(frame.toString());
    return ExitCode.SOFTWARE;
  }

  private void show(String text) {
    var frame = DoorOptions.read(text);
    var command = spec.commandLine();
    var snapshot = frame.getJsonObject("data", new JsonObject());
    if (frame.getString("type", "").equals("response")) {
      if (snapshot.equals(newest)) {
        return;
      }
      newest = snapshot;
    }
    if (!terminal || json) {
      new JsonLines(command.getOut()).show(text, frame);
    } else if (frame.getString("type", "").equals("response")) {
      over(command.getOut(), snapshot);
      if (this instanceof Cancel && snapshot.getString("status", "").equals(RUNNING)) {
        door.tell("it was asked to stop; ./streamer status says whether it has");
      }
    } else {
      try (var screen = TerminalScreen.open(command.getOut(), command.getErr())) {
        screen.show(text, frame);
      }
    }
  }

  /** In the place of what was shown before. */
  private void over(PrintWriter out, JsonObject snapshot) {
    if (linesShown > 0) {
      out.print("\u001b[" + linesShown + "A\u001b[J");
    }
    var text = new StringWriter();
    new SnapshotText(new PrintWriter(text)).show(snapshot);
    // a line that wraps is more than one
    int columns = TerminalWidth.ask();
    linesShown =
        text.toString()
            .lines()
            .mapToInt(line -> Math.max(1, Math.ceilDiv(TextColumns.width(line), columns)))
            .sum();
    out.print(text);
    out.flush();
  }

  private static ObjectNode frame(String type) {
    return JsonNodeFactory.instance.objectNode().put("type", type);
  }
}
