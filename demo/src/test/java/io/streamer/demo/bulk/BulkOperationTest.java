package io.streamer.demo.bulk;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.demo.bulk.BulkOperation.Failed;
import io.streamer.test.Outcome;
import io.streamer.test.Report;
import io.streamer.test.TestRun;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BulkOperationTest {
  private final TestRun<BulkOperation.Request> bulk = TestRun.of(new BulkOperation());

  private BulkOperation.Result run(String operation, String items) throws Exception {
    return bulk.runJson(
            "{\"operation_type\":\"%s\",\"entity_type\":\"product\",\"items\":%s}"
                .formatted(operation, items))
        .completed()
        .as(BulkOperation.Result.class);
  }

  @Test
  void anItemThatIsNoObjectFailsAlone() throws Exception {
    assertThat(run("create", "[{\"a\":1}, null, 7, \"x\", [], {}]"))
        .isEqualTo(
            new BulkOperation.Result(
                6,
                2,
                4,
                List.of(
                    new Failed(1, "must be an object"),
                    new Failed(2, "must be an object"),
                    new Failed(3, "must be an object"),
                    new Failed(4, "must be an object"))));
  }

  @Test
  void anIdIsCreatedOnce() throws Exception {
    assertThat(
            run(
                    "create",
                    "[{\"id\":\"7\"},{\"id\":7},{\"id\":\"new-1\"},{},{\"id\":\"new-2\"},"
                        + "{\"id\":true},{\"id\":null},{\"id\":\" \"}]")
                .failures())
        .containsExactly(
            new Failed(1, "id 7 was created by an earlier item"),
            // the one without an id got this one
            new Failed(4, "id new-2 was created by an earlier item"),
            new Failed(5, "id must be 1 to 128 characters or a whole number"),
            new Failed(7, "id must be 1 to 128 characters or a whole number"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"update", "delete"})
  void whatIsChangedHasAnId(String operation) throws Exception {
    var result = run(operation, "[{\"id\":1,\"a\":2},{\"a\":2}]");
    assertThat(result.processed()).isEqualTo(1);
    assertThat(result.failures()).containsExactly(new Failed(1, "id is missing"));
  }

  @Test
  void anEntityIsDeletedOnceAndUpdatedOften() throws Exception {
    var items = "[{\"id\":\"a\"},{\"id\":\"b\"},{\"id\":\"a\"}]";
    assertThat(run("delete", items).failures())
        .containsExactly(new Failed(2, "id a was deleted by an earlier item"));
    assertThat(run("update", items).failures()).isEmpty();
  }

  @Test
  void updatesAddUp() throws Exception {
    var entities = new Entities();
    entities.apply(OperationType.UPDATE, Map.of("id", "a", "name", "tea", "price", 3L));
    entities.apply(OperationType.UPDATE, Map.of("id", "a", "price", 4L));
    assertThat(entities.find("a").orElseThrow())
        .isEqualTo(Map.of("id", "a", "name", "tea", "price", 4L));
    entities.apply(OperationType.DELETE, Map.of("id", "a"));
    assertThat(entities.find("a")).isEmpty();
  }

  @Test
  void tenThousandItemsAreReportedByBatch() throws Exception {
    var items = new ArrayList<Object>(Collections.nCopies(10_000, Map.of()));
    items.set(9_999, "x");
    var result =
        bulk.run(new BulkOperation.Request(OperationType.CREATE, "e", items, Optional.empty()))
            .completed()
            .as(BulkOperation.Result.class);
    assertThat(result.processed()).isEqualTo(9_999);
    assertThat(result.failures()).containsExactly(new Failed(9_999, "must be an object"));
    assertThat(bulk.progress())
        .hasSize(100)
        .startsWith(new Report(1, "batch 1 of 100: 100 done, 0 failed"))
        .endsWith(new Report(100, "batch 100 of 100: 9999 done, 1 failed"));
    assertThat(bulk.progress()).extracting(Report::percentage).isSorted();
  }

  @Test
  void theLastBatchIsWhatIsLeft() throws Exception {
    bulk.runJson(
            "{\"operationType\":\"update\",\"entityType\":\"e\",\"batchSize\":2,"
                + "\"items\":[{\"id\":1},{\"id\":2},{}]}")
        .completed();
    assertThat(bulk.progress())
        .extracting(Report::message)
        .containsExactly("batch 1 of 2: 2 done, 0 failed", "batch 2 of 2: 2 done, 1 failed");
  }

  @Test
  void aJobThatWasCutShortGoesOnWithItsNextBatch() throws Exception {
    var payload =
        "{\"operation_type\":\"create\",\"entity_type\":\"e\",\"batch_size\":2,"
            + "\"items\":[{\"id\":1},7,{\"id\":2},{\"id\":1},{\"id\":3}]}";
    assertThat(bulk.crashAfterCheckpoint(1).runJson(payload)).isEqualTo(new Outcome.Crashed());
    assertThat(bulk.next().completed().as(BulkOperation.Result.class))
        .isEqualTo(
            new BulkOperation.Result(
                5,
                3,
                2,
                List.of(
                    new Failed(1, "must be an object"),
                    new Failed(3, "id 1 was created by an earlier item"))));
    assertThat(bulk.progress())
        .extracting(Report::message)
        .containsExactly("batch 2 of 3: 2 done, 2 failed", "batch 3 of 3: 3 done, 2 failed");
  }

  @Test
  void aBulkOperationIsAlwaysAJob() throws Exception {
    assertThat(
            bulk.estimate(
                new BulkOperation.Request(
                    OperationType.DELETE, "e", List.of(1L), Optional.empty())))
        .hasSeconds(30);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"entity_type\":\"e\",\"items\":[1]} | /operation_type | is missing",
        "{\"operation_type\":\"upsert\",\"entity_type\":\"e\",\"items\":[1]} | /operation_type |"
            + " must be one of create, update, delete",
        "{\"operation_type\":\"create\",\"items\":[1]} | /entity_type | is missing",
        "{\"operation_type\":\"create\",\"entity_type\":\"\",\"items\":[1]} | /entity_type |"
            + " must have 1 to 64 characters",
        "{\"operation_type\":\"create\",\"entity_type\":\"e\"} | /items | is missing",
        "{\"operation_type\":\"create\",\"entity_type\":\"e\",\"items\":{}} | /items |"
            + " must be an array",
        "{\"operation_type\":\"create\",\"entity_type\":\"e\",\"items\":[]} | /items |"
            + " must be 1 to 10000",
        "{\"operation_type\":\"create\",\"entity_type\":\"e\",\"items\":[1],\"batch_size\":101} |"
            + " /batch_size | must be from 1 to 100",
        "{\"operation_type\":\"create\",\"entity_type\":\"e\",\"items\":[1],\"batchSize\":0} |"
            + " /batchSize | must be from 1 to 100"
      })
  void theFieldThatIsWrongIsNamed(String payload, String pointer, String message) throws Exception {
    assertThat(bulk.runJson(payload)).isEqualTo(invalid(pointer, message));
  }

  @Test
  void tooManyItemsAndTooLongATypeAreRefused() throws Exception {
    var items = "1,".repeat(10_000) + "1";
    assertThat(
            bulk.runJson(
                "{\"operation_type\":\"create\",\"entity_type\":\"e\",\"items\":[" + items + "]}"))
        .isEqualTo(invalid("/items", "must be 1 to 10000"));
    assertThat(
            bulk.runJson(
                "{\"operation_type\":\"create\",\"entity_type\":\"%s\",\"items\":[1]}"
                    .formatted("e".repeat(65))))
        .isEqualTo(invalid("/entity_type", "must have 1 to 64 characters"));
  }

  private static Outcome invalid(String pointer, String message) {
    return new Outcome.Invalid(List.of(new Outcome.Field(pointer, message)));
  }
}
