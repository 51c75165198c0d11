package io.streamer.shared.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamer.shared.store.Script;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PagesTest {
  private final Pages pages = new Pages("t", "jobId", "createdAt");
  private final Script script = new Script();
  private final List<StoreRequest> asked = script.asked;

  @Test
  void itemsComeInTheIndexsOrderThoughBatchesHaveNone() {
    var call = pages.page("byOwner", "owner", "a#b", 10, Optional.empty());
    var page =
        script.run(call, found(Optional.empty(), "j3", "j2", "j1"), rows(List.of(), "j1", "j3"));
    assertThat(page.items()).containsExactly(Item.of("jobId", "j3"), Item.of("jobId", "j1"));
    assertThat(page.next()).isEmpty();
  }

  @Test
  void whatABatchLeavesIsFetchedAgain() {
    var call = pages.page("byOwner", "owner", "a#b", 10, Optional.empty());
    var page =
        script.run(
            call,
            found(Optional.empty(), "j2", "j1"),
            rows(List.of(Item.of("jobId", "j1")), "j2"),
            rows(List.of(), "j1"));
    assertThat(page.items()).containsExactly(Item.of("jobId", "j2"), Item.of("jobId", "j1"));
    assertThat(asked.getLast())
        .isEqualTo(
            new StoreRequest.Batch("t", List.of(Item.of("jobId", "j1")), Duration.ofMillis(50)));
  }

  @Test
  void eachRoundWaitsLongerThanTheOneBefore() {
    var left = rows(List.of(Item.of("jobId", "j1")), "j2");
    script.run(pages.some(items("j2", "j1")), left, left, left, left, left);
    assertThat(asked)
        .extracting(request -> ((StoreRequest.Batch) request).pause().toMillis())
        .containsExactly(0L, 50L, 100L, 200L, 400L);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void aPageEndsBeforeWhatIsNotServedAndTheNextBeginsWithIt(int stuck) {
    var entries = Stream.of(4, 3, 2, 1).map(PagesTest::entry).toList();
    var served = entries.stream().filter(entry -> entry.whole("createdAt") != stuck).toList();
    var left = rows(items("j" + stuck));
    var first = new Answer.Rows(served, Optional.empty(), items("j" + stuck));
    var index = new Answer.Rows(entries, Optional.of(entries.getLast()), List.of());
    var page =
        script.run(
            pages.page("byOwner", "owner", "a#b", 10, Optional.empty()),
            index,
            first,
            left,
            left,
            left,
            left);
    assertThat(page.items()).isEqualTo(entries.subList(0, 4 - stuck));
    script.run(pages.page("byOwner", "owner", "a#b", 10, page.next()), found(Optional.empty()));
    var after = ((StoreRequest.Query) asked.getLast()).after().orElseThrow();
    assertThat(after.text("jobId")).isEqualTo("j" + (stuck + 1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"j1", "j2", "j3"})
  void whereNoneIsPassedOverForLongWhatCameIsTaken(String stuck) {
    var all = items("j3", "j2", "j1");
    var left = rows(List.of(Item.of("jobId", stuck)));
    var first =
        new Answer.Rows(
            all.stream().filter(item -> !item.text("jobId").equals(stuck)).toList(),
            Optional.empty(),
            List.of(Item.of("jobId", stuck)));
    assertThat(script.run(pages.some(all), first, left, left, left, left))
        .hasSize(2)
        .doesNotContain(Item.of("jobId", stuck));
  }

  @Test
  void whereNothingCameThatIsNoAnswer() {
    var none = rows(items("j2", "j1"));
    assertThatThrownBy(
            () -> script.run(pages.some(items("j2", "j1")), none, none, none, none, none))
        .isInstanceOf(StoreUnavailableException.class);
    assertThat(script.run(pages.some(List.of()))).isEmpty();
  }

  @Test
  void aBatchThatNeverEndsIsGivenUp() {
    var call = pages.page("byOwner", "owner", "a#b", 10, Optional.empty());
    var nothing = rows(List.of(Item.of("jobId", "j1")));
    assertThatThrownBy(() ->
            script.run(
                call, found(Optional.empty(), "j1"), nothing, nothing, nothing, nothing, nothing))
        .isInstanceOf(StoreUnavailableException.class);
    assertThat(asked).hasSize(6);
  }

  @Test
  void aCursorGoesOnBehindTheLastItemAndNamesNoOwner() {
    var last =
        new Item(
            Map.of(
                "owner", Value.of("a#b"),
                "createdAt", Value.of(1_732_152_000_000L),
                "jobId", Value.of("odd.id/=")));
    var first = pages.page("byOwner", "owner", "a#b", 10, Optional.empty());
    var cursor = script.run(first, found(Optional.of(last))).next();
    script.run(pages.page("byOwner", "owner", "c#d", 10, cursor), found(Optional.empty()));
    var after = ((StoreRequest.Query) asked.getLast()).after().orElseThrow();
    assertThat(after.text("owner")).isEqualTo("c#d");
    assertThat(after.whole("createdAt")).isEqualTo(1_732_152_000_000L);
    assertThat(after.text("jobId")).isEqualTo("odd.id/=");
  }

  @Test
  void whatIsNoCursorIsRefused() {
    for (var odd : List.of("%%%", "", "bm9wZQ", "OTk5OTk5OTk5OTk5OTk5OTk5OS54")) {
      assertThatThrownBy(() -> pages.page("byOwner", "owner", "a#b", 10, Optional.of(odd)))
          .as(odd)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void pagesHoldOneToAHundred() {
    script.run(pages.page("byOwner", "owner", "a#b", 0, Optional.empty()), found(Optional.empty()));
    script.run(
        pages.page("byOwner", "owner", "a#b", 5_000, Optional.empty()), found(Optional.empty()));
    assertThat(asked)
        .extracting(request -> ((StoreRequest.Query) request).limit())
        .containsExactly(1, 100);
  }

  private static Item entry(int at) {
    return new Item(
        Map.of("owner", Value.of("a#b"), "createdAt", Value.of(at), "jobId", Value.of("j" + at)));
  }

  private static Answer found(Optional<Item> last, String... ids) {
    return new Answer.Rows(items(ids), last, List.of());
  }

  private static Answer rows(List<Item> left, String... ids) {
    return new Answer.Rows(items(ids), Optional.empty(), left);
  }

  private static List<Item> items(String... ids) {
    return List.of(ids).stream().map(id -> Item.of("jobId", id)).toList();
  }
}
