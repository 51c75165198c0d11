package io.streamer.shared.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PagesTest {
  private final Pages pages = new Pages("t", "jobId", "createdAt");
  private final Script script = new Script();
  private final List<Request> asked = script.asked;

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
    assertThat(asked.getLast()).isEqualTo(new Request.Batch("t", List.of(Item.of("jobId", "j1"))));
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
    var after = ((Request.Query) asked.getLast()).after().orElseThrow();
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
        .extracting(request -> ((Request.Query) request).limit())
        .containsExactly(1, 100);
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
