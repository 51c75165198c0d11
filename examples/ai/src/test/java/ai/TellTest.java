package ai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamer.test.Outcome;
import io.streamer.test.TestRun;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class TellTest {
  private static final Tell.Request REQUEST = new Tell.Request("The keeper", 60, Optional.of(42L));

  private final TestRun<Tell.Request> tell = TestRun.of(new Tell(Model.ofStory(), Duration.ZERO));

  @Test
  void whatIsToldFollowsTheTextAndEndsWithASentence() throws Exception {
    var model = Model.of("One two three. One two four.");

    assertEquals("two", model.next(Model.tokens("one"), 1));
    assertEquals("One", model.next(Model.tokens("elsewhere"), 1));

    var story = tell.run(REQUEST).completed().as(Tell.Story.class);
    assertTrue(story.text().startsWith("The keeper"));
    assertTrue(story.text().endsWith("."), story.text());
    assertTrue(story.tokens() >= 60);
  }

  @Test
  void theEventsTogetherAreTheStory() throws Exception {
    var story = tell.run(REQUEST).completed().as(Tell.Story.class);

    assertEquals(story.text(), "The keeper" + tokens());
  }

  @Test
  void aStoryThatIsCutShortIsToldToTheSameEnd() throws Exception {
    var whole =
        TestRun.of(new Tell(Model.ofStory(), Duration.ZERO))
            .run(REQUEST)
            .completed()
            .as(Tell.Story.class);

    assertInstanceOf(Outcome.Crashed.class, tell.crashAfterEvent(40).run(REQUEST));
    var story = tell.next().completed().as(Tell.Story.class);

    assertEquals(whole, story);
    // those behind the checkpoint were void, and came once more
    assertEquals(whole.text(), "The keeper" + tokens());
  }

  @Test
  void aCancelledStoryEndsInTheMiddleOfASentence() throws Exception {
    var slow = TestRun.of(new Tell(Model.ofStory(), Duration.ofMillis(1)));

    assertInstanceOf(Outcome.Cancelled.class, slow.cancelAtProgress(50).run(REQUEST));
    assertTrue(slow.events().size() < 60);
  }

  @Test
  void tooManyTokensAreInvalid() throws Exception {
    assertInstanceOf(Outcome.Invalid.class, tell.runJson("{\"begin\":\"\",\"tokens\":100000}"));
  }

  private String tokens() {
    return tell.events().stream()
        .map(event -> event.as(String.class))
        .collect(Collectors.joining());
  }
}
