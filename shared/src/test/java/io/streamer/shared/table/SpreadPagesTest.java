package io.streamer.shared.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamer.shared.table.Call.Ask;
import io.streamer.shared.table.Call.Done;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pages over an index in memory that holds what a test puts there. */
class SpreadPagesTest {
  private final SpreadPages pages =
      new SpreadPages(new Pages("t", "id", "since"), "ofTenant", "shard", "since");
  private final List<Item> index = new ArrayList<>();
  private int rounds;
  private String stuck = "";
  private int stuckFor;

  @ParameterizedTest
  @CsvSource({"1, 1", "30, 4", "30, 100", "250, 100", "250, 7"})
  void allComeOnceAndTheNewestFirst(int items, int limit) {
    for (int i = 0; i < items; i++) {
      // three of each moment
      put(SpreadPages.shard("acme", "id" + i), 1_000 + i / 3, "id" + i);
    }
    assertThat(all(limit)).isEqualTo(newestFirst());
  }

  @ParameterizedTest
  @CsvSource({"40, 16", "400, 100"})
  void noneIsPassedOverWhereOneShardHasAllOfTheNewest(int items, int limit) {
    for (int i = 0; i < items; i++) {
      put("acme#03", 2_000 + i, "new" + i);
      put("acme#" + (10 + i % 6), 1_000 + i, "old" + i);
    }
    assertThat(all(limit)).isEqualTo(newestFirst());
  }

  @ParameterizedTest
  @CsvSource({"id28, 100", "id1, 100", "id0, 7", "id14, 7", "id22, 30"})
  void noneIsPassedOverThatTheTableDoesNotServeAtFirst(String first, int limit) {
    for (int i = 0; i < 30; i++) {
      put(SpreadPages.shard("acme", "id" + i), 1_000 + i, "id" + i);
    }
    stuck = first;
    stuckFor = 5;
    assertThat(all(limit)).isEqualTo(newestFirst());
    assertThat(stuckFor).isZero();
  }

  @Test
  void aPageOfManyTakesOneRound() {
    for (int i = 0; i < 1_600; i++) {
      put("acme#%02d".formatted(i % 16), i, "id" + i);
    }
    var page = run(pages.page("acme", 100, Optional.empty()));
    assertThat(page.items()).hasSize(100);
    assertThat(rounds).isOne();
  }

  @Test
  void anothersCursorTurnsToNobodysItemsButOnesOwn() {
    put("acme#00", 2, "a2");
    put("acme#00", 1, "a1");
    put("other#00", 2, "b2");
    put("other#00", 1, "b1");
    var cursor = run(pages.page("other", 1, Optional.empty())).next();
    assertThat(run(pages.page("acme", 10, cursor)).items())
        .extracting(item -> item.text("id"))
        // a2 stands before b2
        .containsExactly("a2", "a1");
  }

  @Test
  void whatIsNoCursorIsRefused() {
    for (var odd : List.of("%%%", "", "bm9wZQ", SpreadPages.cursor("12#x"))) {
      assertThatThrownBy(() -> pages.page("acme", 10, Optional.of(odd)))
          .as(odd)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  private void put(String shard, long since, String id) {
    index.add(
        new Item.Builder()
            .put("shard", shard)
            .put("since", SpreadPages.since(since, id))
            .put("id", id)
            .build());
  }

  private List<Item> newestFirst() {
    return index.stream()
        .sorted(Comparator.comparing((Item item) -> item.text("since")).reversed())
        .toList();
  }

  private List<Item> all(int limit) {
    var all = new ArrayList<Item>();
    var cursor = Optional.<String>empty();
    do {
      var page = run(pages.page("acme", limit, cursor));
      assertThat(page.items()).hasSizeLessThanOrEqualTo(limit);
      all.addAll(page.items());
      cursor = page.next();
    } while (cursor.isPresent());
    return all;
  }

  private Page<Item> run(Call<Page<Item>> call) {
    return switch (call) {
      case Done<Page<Item>>(var page) -> page;
      case Ask<Page<Item>>(var request, var next) -> run(next.apply(answer(request)));
    };
  }

  private Answer answer(StoreRequest request) {
    return switch (request) {
      case StoreRequest.Queries(var queries) -> {
        rounds++;
        var answers = queries.stream().map(this::answer).toList();
        yield new Answer.Rows(
            answers.stream().flatMap(rows -> rows.items().stream()).toList(),
            Optional.empty(),
            answers.stream().flatMap(rows -> rows.last().stream()).toList());
      }
      case StoreRequest.Batch(_, var keys, _) -> {
        var left = keys.stream().filter(key -> key.text("id").equals(stuck)).toList();
        if (left.isEmpty() || stuckFor == 0) {
          left = List.of();
        } else {
          stuckFor--;
        }
        var served = new ArrayList<>(keys);
        served.removeAll(left);
        yield new Answer.Rows(
            index.stream().filter(item -> served.contains(Item.of("id", item.text("id")))).toList(),
            Optional.empty(),
            left);
      }
      case StoreRequest _ -> throw new IllegalArgumentException("nobody asks for " + request);
    };
  }

  private Answer.Rows answer(StoreRequest.Query query) {
    var behind =
        newestFirst().stream()
            .filter(item -> Value.of(item.text("shard")).equals(query.value()))
            .filter(item ->
                query
                    .after()
                    .map(after -> item.text("since").compareTo(after.text("since")) < 0)
                    .orElse(true))
            .toList();
    var items = behind.stream().limit(query.limit()).toList();
    return new Answer.Rows(
        items,
        behind.size() > items.size() ? Optional.of(items.getLast()) : Optional.empty(),
        List.of());
  }
}
