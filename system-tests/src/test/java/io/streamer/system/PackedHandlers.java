package io.streamer.system;

import java.io.IOException;
import java.nio.file.Path;

/** A handler jar for the functions' processes: what a user's handlers may do to them. */
final class PackedHandlers {
  private PackedHandlers() {}

  static Path write(Path jar) throws IOException {
    return new CompiledJar()
        .module("packed.Module")
        .source("packed.Greet", handler("greet", "run.progress(50, \"half\");"))
        .source("packed.Leave", handler("leave", "System.exit(3);"))
        .source("packed.Sleep", handler("sleep", "Thread.sleep(600_000);"))
        .source("packed.Spin", handler("spin", "while (run.attempt() > 0) { Thread.yield(); }"))
        .source(
            "packed.Freeze",
            handler(
                "freeze",
                """
                run.progress(10, "freezing");
                new ProcessBuilder("kill", "-STOP", "" + ProcessHandle.current().pid()).start();
                Thread.sleep(600_000);
                """))
        .source(
            "packed.Module",
            """
            package packed;
            import io.streamer.handler.*;
            public final class Module implements HandlerModule {
              public void register(Handlers handlers, Config config) {
                handlers.add(Greet.class, Greet::new);
                handlers.add(Leave.class, Leave::new);
                handlers.add(Sleep.class, Sleep::new);
                handlers.add(Spin.class, Spin::new);
                handlers.add(Freeze.class, Freeze::new);
              }
            }
            """)
        .write(jar);
  }

  private static String handler(String action, String body) {
    var type = Character.toUpperCase(action.charAt(0)) + action.substring(1);
    return """
    package packed;
    import io.streamer.handler.*;
    @Action(value = "packed.%s", expected = "1m", attempts = 1)
    public final class %s implements Handler<%s.Request, String> {
      public record Request(String name) {}
      public String handle(Request request, Run run) throws Exception {
        %s
        return "hello " + request.name();
      }
    }
    """
        .formatted(action, type, type, body);
  }
}
