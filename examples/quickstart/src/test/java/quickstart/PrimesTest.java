package quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.streamer.test.Outcome;
import io.streamer.test.TestRun;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PrimesTest {
  private final TestRun<Primes.Request> primes = TestRun.of(new Primes());

  @Test
  void thereAreAsManyAsTheTablesSay() throws Exception {
    assertEquals(1, count(2));
    assertEquals(4, count(10));
    assertEquals(78_498, count(1_000_000));
    assertEquals(5_761_455, count(100_000_000));
  }

  @Test
  void aJobThatIsCutShortCountsOnFromItsCheckpoint() throws Exception {
    primes.asJob().crashAfterCheckpoint(2).run(new Primes.Request(100_000_000));
    var reached = new Primes.Reached(50_000_001, 3_001_134);
    assertEquals(Optional.of(reached), primes.checkpoint(Primes.Reached.class));

    var answer = primes.next().completed().as(Primes.Answer.class);
    assertEquals(5_761_455, answer.primes());
  }

  @Test
  void aNumberOutOfRangeIsInvalid() throws Exception {
    assertInstanceOf(Outcome.Invalid.class, primes.runJson("{\"up_to\":1}"));
    assertInstanceOf(Outcome.Invalid.class, primes.runJson("{}"));
  }

  @Test
  void aSingleNumberIsJudged() throws Exception {
    var prime = TestRun.of(new Prime());

    assertEquals(
        new Prime.Answer(true, 1_000_000_007),
        prime.run(new Prime.Request(1_000_000_007)).completed().as(Prime.Answer.class));
    assertEquals(
        new Prime.Answer(false, 7),
        prime.run(new Prime.Request(91)).completed().as(Prime.Answer.class));
  }

  private static long count(long upTo) throws InterruptedException {
    return TestRun.of(new Primes())
        .run(new Primes.Request(upTo))
        .completed()
        .as(Primes.Answer.class)
        .primes();
  }
}
