package @package@;

import io.streamer.handler.Action;
import io.streamer.handler.Failure;
import io.streamer.handler.Handler;
import io.streamer.handler.Invalid;
import io.streamer.handler.Run;
import java.util.List;
import java.util.function.Consumer;

/** The work behind the action "greet"; one instance serves all requests. */
@Action("greet")
public final class Greet implements Handler<Greet.Request, Greet.Greetings> {

  /** What a client sends. */
  public record Request(List<String> names) {
    public Request {
      if (names.isEmpty()) {
        throw new Invalid("names", "is empty");
      }
    }
  }

  /** What it gets. */
  public record Greetings(List<String> lines) {}

  private final Consumer<String> voice;

  Greet(Consumer<String> voice) {
    this.voice = voice;
  }

  @Override
  public Greetings handle(Request request, Run run) {
    var names = request.names();
    if (names.stream().anyMatch(String::isBlank)) {
      throw Failure.refused("NO_NAME", "whom shall I greet?");
    }
    // a job whose worker died goes on behind the last name that was greeted
    int greeted = run.checkpoint(Integer.class).orElse(0);
    for (int i = greeted; i < names.size(); i++) {
      voice.accept(greeting(names.get(i)));
      run.checkpoint(i + 1);
      run.progress(100.0 * (i + 1) / names.size(), names.get(i));
    }
    return new Greetings(names.stream().map(Greet::greeting).toList());
  }

  private static String greeting(String name) {
    return "Hello, " + name;
  }
}
