package @package@;

import io.streamer.handler.Action;
import io.streamer.handler.Failure;
import io.streamer.handler.Handler;
import io.streamer.handler.Invalid;
import io.streamer.handler.Run;
import java.util.ArrayList;
import java.util.List;

/** The work behind the action "greet"; one instance serves all requests. */
@Action("greet")
public final class Greet implements Handler<Greet.Request, Greet.Greetings> {

  /** What a client sends. */
  public record Request(List<String> names) {
    public Request {
      if (names == null || names.isEmpty()) {
        throw new Invalid("names", "is empty");
      }
    }
  }

  /** What it gets. */
  public record Greetings(List<String> lines) {}

  @Override
  public Greetings handle(Request request, Run run) {
    var lines = new ArrayList<String>();
    for (var name : request.names()) {
      if (name.isBlank()) {
        throw Failure.refused("NO_NAME", "whom shall I greet?");
      }
      lines.add("Hello, " + name);
      run.progress(100.0 * lines.size() / request.names().size(), name);
    }
    return new Greetings(lines);
  }
}
