package io.streamer.cli.door;

import io.streamer.cli.terminal.JsonLines;
import io.streamer.cli.terminal.Screen;
import io.streamer.cli.terminal.SignalHandler;
import io.streamer.cli.terminal.TerminalScreen;
import io.streamer.client.ConnectionState;
import io.streamer.client.Job;
import io.streamer.client.StreamerException;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows what comes of a request or a job, over as many connections as it takes. */
final class Following {
  /** The exit code of whoever leaves at Ctrl-C, as the JVM's own. */
  static final int LEFT = 130;

  /** What becomes of the job at Ctrl-C. */
  enum OnInterrupt {
    CANCEL,
    LEAVE;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final boolean terminal;
  private final Optional<InputStream> keys;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec = CommandSpec.create();

  @Option(names = "--json", description = "Lines of JSON on a terminal too.")
  private boolean json;

  @Option(
      names = "--on-interrupt",
      paramLabel = "WHAT",
      description =
          "At Ctrl-C: cancel the job, or leave it. Default: a terminal is asked, else leave.")
  private Optional<OnInterrupt> onInterrupt = Optional.empty();

  /**
   * @param terminal whether standard output is one
   * @param keys where an answer is typed; empty without a terminal
   */
  Following(boolean terminal, Optional<InputStream> keys) {
    this.terminal = terminal;
    this.keys = keys;
  }

  /**
   * Follows.
   *
   * @param toTheEnd whether a job's acknowledgment is not enough
   * @return the exit code
   */
  int follow(ClientLine line, DoorOptions door, Job job, boolean toTheEnd)
      throws InterruptedException {
    var command = spec.commandLine();
    var screen =
        terminal && !json
            ? TerminalScreen.open(command.getOut(), command.getErr())
            : new JsonLines(command.getOut());
    var _ = job.result().whenComplete((_, e) -> line.end(e));
    try (var _ = new SignalHandler("INT", () -> line.see(new ClientLine.Seen.Interrupted()))) {
      return new Turn(line, door, job, screen, command.getErr()).run(toTheEnd);
    } finally {
      screen.end();
      screen.close();
    }
  }

  /** One job that is followed. */
  private final class Turn {
    private final ClientLine line;
    private final DoorOptions door;
    private final Job job;
    private final Screen screen;
    private final PrintWriter err;
    private boolean open;
    private boolean errorShown;
    private boolean asked;

    Turn(ClientLine line, DoorOptions door, Job job, Screen screen, PrintWriter err) {
      this.line = line;
      this.door = door;
      this.job = job;
      this.screen = screen;
      this.err = err;
    }

    int run(boolean toTheEnd) throws InterruptedException {
      while (true) {
        var exitCode =
            switch (line.next()) {
              case ClientLine.Seen.Frame(var text) -> show(text, toTheEnd);
              case ClientLine.Seen.Connection(var state) -> connection(state);
              case ClientLine.Seen.End end ->
                  end.disconnected() && !open
                      ? Optional.<Integer>empty()
                      : Optional.of(end.error().map(e -> failed(end, e)).orElse(ExitCode.OK));
              case ClientLine.Seen.Interrupted _ -> interrupted();
              case ClientLine.Seen.Typed(var answer) -> answered(answer.orElse(""));
            };
        if (exitCode.isPresent()) {
          return exitCode.get();
        }
      }
    }

    private Optional<Integer> show(String text, boolean toTheEnd) {
      var frame = DoorOptions.read(text);
      screen.show(text, frame);
      var type = frame.getString("type", "");
      errorShown = type.equals("error");
      if (errorShown
          && "INVALID_ACTION"
              .equals(frame.getJsonObject("error", new JsonObject()).getString("code"))) {
        job.action().ifPresent(door::suggest);
      }
      return type.equals("acknowledgment") && !toTheEnd
          ? Optional.of(ExitCode.OK)
          : Optional.empty();
    }

    private Optional<Integer> connection(ConnectionState state) {
      if (!open) {
        open = state instanceof ConnectionState.Open;
        return door.ended(state);
      }
      if (state instanceof ConnectionState.Waiting(var _, var why)) {
        screen.end();
        door.tell("the connection was lost: " + why + "; trying again");
      }
      return Optional.empty();
    }

    private int failed(ClientLine.Seen.End end, StreamerException e) {
      screen.end();
      if (errorShown) {
        return ExitCode.SOFTWARE;
      }
      if (end.disconnected()) {
        door.tell("the connection ended before the answer: " + e.reason());
        job.requestId()
            .ifPresent(id ->
                door.tell("the same command with --id " + id + " takes a stored job up again"));
        return DoorOptions.NO_CONNECTION;
      }
      door.tell(e.code() + ": " + e.reason());
      return ExitCode.SOFTWARE;
    }

    private Optional<Integer> interrupted() {
      var id = job.jobId();
      if (id.isEmpty() || asked) {
        return leave();
      }
      asked = true;
      if (onInterrupt.equals(Optional.of(OnInterrupt.CANCEL))) {
        stop();
        return Optional.empty();
      }
      if (onInterrupt.isPresent() || keys.isEmpty()) {
        return leave();
      }
      screen.end();
      err.print("streamer: stop job " + word(id.get()) + ", too? [y/N] ");
      err.flush();
      Thread.ofPlatform().daemon().name("answer").start(() -> type(keys.get()));
      return Optional.empty();
    }

    private void type(InputStream in) {
      try {
        var typed = new BufferedReader(new InputStreamReader(in, Charset.defaultCharset()));
        line.see(new ClientLine.Seen.Typed(Optional.ofNullable(typed.readLine())));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private Optional<Integer> answered(String typed) {
      if (typed.strip().toLowerCase(Locale.ROOT).startsWith("y")) {
        stop();
        return Optional.empty();
      }
      return leave();
    }

    /** The end is waited for: it proves that the job has stopped. */
    private void stop() {
      door.tell("asking the job to stop; Ctrl-C again leaves");
      var _ =
          job.cancel()
              .exceptionally(e -> {
                door.tell("the job could not be asked to stop: " + e.getMessage());
                return false;
              });
    }

    private Optional<Integer> leave() {
      screen.end();
      job.jobId()
          .ifPresent(id -> {
            err.println();
            err.println(
                """
                streamer: job %s goes on
                  ./streamer status %1$s     says how it stands
                  ./streamer cancel %1$s     stops it
                  ./streamer follow %1$s     follows it again\
                """
                    .formatted(word(id)));
            err.flush();
          });
      return Optional.of(LEFT);
    }

    /** Without control characters: they would steer the terminal. */
    private static String word(String text) {
      return text.replaceAll("\\p{Cntrl}", " ");
    }
  }
}
