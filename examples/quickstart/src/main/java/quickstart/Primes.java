package quickstart;

import io.streamer.handler.Action;
import io.streamer.handler.Handler;
import io.streamer.handler.Invalid;
import io.streamer.handler.Run;

/**
 * How many primes there are up to a number: on the spot if it is small, else as a job, which goes
 * on from its last checkpoint when its worker dies.
 */
@Action(value = "primes", timeout = "10m")
public final class Primes implements Handler<Primes.Request, Primes.Answer> {
  private static final long MOST = 20_000_000_000L;

  /** Numbers between two checkpoints: a fraction of a second. */
  private static final long STRETCH = 25_000_000;

  /** What a client sends, as {@code up_to}. */
  public record Request(long upTo) {
    public Request {
      if (upTo < 2 || upTo > MOST) {
        throw new Invalid("up_to", "is 2 to " + MOST);
      }
    }
  }

  /** What it gets. */
  public record Answer(long upTo, long primes) {}

  /** Where a job has got to: all up to this number are looked at. */
  public record Reached(long number, long primes) {}

  @Override
  public Answer handle(Request request, Run run) {
    var sieve = new Sieve(request.upTo());
    var reached = run.checkpoint(Reached.class).orElse(new Reached(1, 0));
    while (reached.number() < request.upTo()) {
      long to = Math.min(reached.number() + STRETCH, request.upTo());
      long found = sieve.count(reached.number() + 1, to);
      reached = new Reached(to, reached.primes() + found);
      run.checkpoint(reached);
      run.progress(
          100.0 * to / request.upTo(), "%,d primes up to %,d".formatted(reached.primes(), to));
    }
    return new Answer(request.upTo(), reached.primes());
  }
}
