package quickstart;

import io.streamer.handler.Action;
import io.streamer.handler.Handler;
import io.streamer.handler.Invalid;
import io.streamer.handler.Run;

/** Whether a number is a prime; always answered on the spot. */
@Action("prime")
public final class Prime implements Handler<Prime.Request, Prime.Answer> {
  private static final long MOST = 1_000_000_000_000L;

  /** What a client sends. */
  public record Request(long number) {
    public Request {
      if (number < 2 || number > MOST) {
        throw new Invalid("number", "is 2 to " + MOST);
      }
    }
  }

  /**
   * What it gets.
   *
   * @param divisor the smallest above 1; the number itself if it is a prime
   */
  public record Answer(boolean prime, long divisor) {}

  @Override
  public Answer handle(Request request, Run run) {
    long number = request.number();
    for (long divisor = 2; divisor * divisor <= number; divisor++) {
      if (number % divisor == 0) {
        return new Answer(false, divisor);
      }
    }
    return new Answer(true, number);
  }
}
