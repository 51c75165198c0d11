package ai;

import io.streamer.handler.Action;
import io.streamer.handler.Handler;
import io.streamer.handler.Invalid;
import io.streamer.handler.Run;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Goes on with what was begun, a token at a time. Each is an event {@code token}, which clients get
 * in order and once, also over a reload and a worker's death.
 */
@Action(value = "tell", expected = "1m", timeout = "10m")
public final class Tell implements Handler<Tell.Request, Tell.Story> {
  private static final int MOST_TOKENS = 1_000;
  private static final int MOST_CHARACTERS = 1_000;

  /** A checkpoint costs two writes; what is told behind the last one is told again. */
  private static final int TOKENS_A_CHECKPOINT = 25;

  /** A sentence that has no end by then is given one. */
  private static final int LONGEST_SENTENCE = 60;

  /**
   * What a client sends.
   *
   * @param tokens how many at least; the sentence is told to its end
   * @param seed the same one tells the same story
   */
  public record Request(String begin, int tokens, Optional<Long> seed) {
    public Request {
      if (begin.length() > MOST_CHARACTERS) {
        throw new Invalid("begin", "is over " + MOST_CHARACTERS + " characters");
      }
      if (tokens < 1 || tokens > MOST_TOKENS) {
        throw new Invalid("tokens", "is 1 to " + MOST_TOKENS);
      }
    }
  }

  /** What it gets at the end, beside the events. */
  public record Story(String text, int tokens) {}

  /** What was told. */
  public record Told(List<String> tokens) {}

  private final Model model;
  private final Duration pace;

  Tell(Model model, Duration pace) {
    this.model = model;
    this.pace = pace;
  }

  @Override
  public Story handle(Request request, Run run) throws InterruptedException {
    long seed = request.seed().orElse((long) run.id().hashCode());
    var begun = Model.tokens(request.begin());
    var told = new ArrayList<>(run.checkpoint(Told.class).map(Told::tokens).orElse(List.of()));
    var all = new ArrayList<>(begun);
    all.addAll(told);
    while (!isOver(told, request.tokens())) {
      // a cancel interrupts this
      Thread.sleep(pace);
      var token = told.size() < request.tokens() + LONGEST_SENTENCE ? model.next(all, seed) : ".";
      all.add(token);
      told.add(token);
      run.emit("token", spaced(token));
      run.progress(100.0 * told.size() / (request.tokens() + 1), "");
      if (told.size() % TOKENS_A_CHECKPOINT == 0) {
        run.checkpoint(new Told(told));
      }
    }
    var text = new StringBuilder(request.begin());
    told.forEach(token -> text.append(spaced(token)));
    return new Story(text.toString().strip(), told.size());
  }

  private static boolean isOver(List<String> told, int wanted) {
    return told.size() >= wanted && ".!?".contains(told.getLast());
  }

  /** A word has a space before it, a mark has none. */
  private static String spaced(String token) {
    return Character.isLetterOrDigit(token.charAt(0)) ? " " + token : token;
  }
}
