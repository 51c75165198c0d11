package @package@;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.streamer.test.Outcome;
import io.streamer.test.TestRun;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GreetTest {
  private final List<String> heard = new ArrayList<>();
  private final TestRun<Greet.Request> greet = TestRun.of(new Greet(heard::add));

  @Test
  void everyNameIsGreeted() throws Exception {
    var greetings = greet.run(new Greet.Request(List.of("Ada", "Alan"))).completed();

    assertEquals(List.of("Hello, Ada", "Hello, Alan"), greetings.as(Greet.Greetings.class).lines());
    assertEquals(greetings.as(Greet.Greetings.class).lines(), heard);
    assertEquals(100.0, greet.progress().getLast().percentage());
  }

  @Test
  void aBlankNameIsRefused() throws Exception {
    var outcome = greet.run(new Greet.Request(List.of(" ")));

    assertEquals("NO_NAME", assertInstanceOf(Outcome.Refused.class, outcome).reason());
  }

  @Test
  void noNamesAreInvalid() throws Exception {
    assertInstanceOf(Outcome.Invalid.class, greet.runJson("{\"names\":[]}"));
    assertInstanceOf(Outcome.Invalid.class, greet.runJson("{}"));
  }
}
