package io.streamer.cli;

import io.streamer.shared.job.JobStatus;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
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
abstract sealed class JobQuestion implements Callable<Integer> {
  /** Where a cancel is a wish to whoever has the job; elsewhere it is done at once. */
  private static final String RUNNING = JobStatus.RUNNING.wire();

  private final String type;
  private final boolean terminal;

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin HelpOption help = new HelpOption();
  @Mixin JobName job = new JobName();
  @Mixin DoorOptions door;

  @Option(names = "--json", description = "The frame as a line of JSON on a terminal too.")
  private boolean json;

  private JobQuestion(String type, Path home, boolean terminal) {
    this.type = type;
    this.terminal = terminal;
    this.door = new DoorOptions(home);
  }

  /** {@code ./streamer status}. */
  @Command(
      name = "status",
      description = "Says how a job stands.",
      footerHeading = "%nExample:%n",
      footer = "  ./streamer status --request-id order-7")
  static final class Status extends JobQuestion {
    Status(Path home, boolean terminal) {
      super("status", home, terminal);
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
  static final class Cancel extends JobQuestion {
    Cancel(Path home, boolean terminal) {
      super("cancel", home, terminal);
    }
  }

  @Override
  public Integer call() throws InterruptedException {
    var id = UUID.randomUUID().toString();
    var frame =
        job.into(new JsonObject().put("type", type).put("id", id), spec.commandLine()).encode();
    return door.send(frame, socket -> await(socket, id));
  }

  private int await(FrameSocket socket, String id) throws InterruptedException {
    while (true) {
      switch (socket.next()) {
        case FrameSocket.Event.Frame(var text) -> {
          var answer = answer(text, id);
          if (answer.isPresent()) {
            return answer.get();
          }
        }
        case FrameSocket.Event.Ended(var why) -> {
          door.tell("the connection ended before the answer: " + why + "; repeat the command");
          return DoorOptions.NO_CONNECTION;
        }
      }
    }
  }

  private Optional<Integer> answer(String text, String id) {
    var frame = DoorOptions.read(text);
    var kind = frame.getString("type", "");
    // an error about a frame that breaks the rules may not repeat its id
    if (!id.equals(frame.getValue("request_id", id))
        || !(kind.equals("response") || kind.equals("error"))) {
      return Optional.empty();
    }
    var command = spec.commandLine();
    if (!terminal || json) {
      new JsonLines(command.getOut()).show(text, frame);
    } else if (kind.equals("response")) {
      var snapshot = frame.getJsonObject("data", new JsonObject());
      new SnapshotText(command.getOut()).show(snapshot);
      if (type.equals("cancel") && snapshot.getString("status", "").equals(RUNNING)) {
        door.tell("it was asked to stop; ./streamer status says whether it has");
      }
    } else {
      new TerminalScreen(command.getOut(), command.getErr()).show(text, frame);
    }
    return Optional.of(kind.equals("response") ? ExitCode.OK : ExitCode.SOFTWARE);
  }
}
