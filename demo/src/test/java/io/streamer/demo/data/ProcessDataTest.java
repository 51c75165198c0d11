package io.streamer.demo.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.demo.data.ProcessData.Step;
import io.streamer.test.Outcome;
import io.streamer.test.Report;
import io.streamer.test.TestRun;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProcessDataTest {
  private static final String TEXT = DemoDataset.text();

  /** The bundled orders, read by hand. */
  private static final List<List<String>> ORDERS =
      TEXT.lines().skip(1).map(line -> List.of(line.split(",", -1))).toList();

  private static final int AMOUNT = 5;

  private final TestRun<ProcessData.Request> process = TestRun.of(new ProcessData());

  private ProcessData.Result run(String rest) throws Exception {
    return process
        .runJson("{\"dataset_id\":\"demo-dataset-123\"," + rest + "}")
        .completed()
        .as(ProcessData.Result.class);
  }

  @Test
  void theBundledTableIsTheOneItsProgramMakes() throws Exception {
    try (var in = Datasets.class.getResourceAsStream("demo-dataset-123.csv")) {
      assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo(TEXT);
    }
    assertThat(ORDERS).hasSizeGreaterThan(10_000);
  }

  @Test
  void filterDropsWhatHasNoAmountOrWasCancelled() throws Exception {
    var kept =
        ORDERS.stream()
            .filter(order -> !order.get(AMOUNT).isEmpty() && !order.get(6).equals("cancelled"))
            .toList();
    var result = run("\"operations\":[\"filter\"]");
    assertThat(result.summary())
        .isEqualTo(
            new ProcessData.Summary(
                ORDERS.size(),
                kept.size(),
                List.of(new Step(Operation.FILTER, ORDERS.size(), kept.size()))));
    assertThat(kept).hasSizeLessThan(ORDERS.size());
    assertThat(rows(result))
        .extracting(row -> row.get("order_id"))
        .containsExactlyElementsOf(kept.stream().limit(100).map(List::getFirst).toList());
  }

  @Test
  void deduplicateKeepsEachOrderOnce() throws Exception {
    int orders = new HashSet<>(ORDERS.stream().map(List::getFirst).toList()).size();
    assertThat(run("\"operation\":\"deduplicate\"").summary().rowsOut())
        .isEqualTo(orders)
        .isLessThan(ORDERS.size());
  }

  @Test
  void sortPutsTheLargestAmountFirst() throws Exception {
    var amounts =
        ORDERS.stream()
            .filter(order -> !order.get(AMOUNT).isEmpty())
            .map(order -> new BigDecimal(order.get(AMOUNT)))
            .sorted(Comparator.reverseOrder())
            .limit(100)
            .toList();
    var result = run("\"operations\":\"sort\"");
    assertThat(result.summary().rowsOut()).isEqualTo(ORDERS.size());
    assertThat(rows(result))
        .extracting(row -> new BigDecimal(row.get("amount").toString()))
        .containsExactlyElementsOf(amounts);
  }

  @Test
  void transformAddsMonthAndUnitPrice() throws Exception {
    var result = run("\"operations\":[\"transform\",\"transform\"]");
    assertThat(result.metadata().columns())
        .containsExactly(
            "order_id",
            "date",
            "region",
            "product",
            "quantity",
            "amount",
            "status",
            "month",
            "unit_price");
    assertThat(rows(result))
        .filteredOn(row -> row.get("amount") != null)
        .isNotEmpty()
        .allSatisfy(row -> {
          assertThat(row.get("date").toString()).startsWith(row.get("month") + "-");
          var price = new BigDecimal(row.get("unit_price").toString());
          assertThat(price.multiply(new BigDecimal(row.get("quantity").toString())))
              .isEqualByComparingTo(new BigDecimal(row.get("amount").toString()));
        });
  }

  @Test
  void aggregateSumsByRegionAndMonth() throws Exception {
    var result = run("\"operations\":[\"aggregate\"]");
    // four regions in twelve months
    assertThat(result.summary().rowsOut()).isEqualTo(48);
    var march =
        ORDERS.stream()
            .filter(order -> order.get(1).startsWith("2024-03") && order.get(2).equals("north"))
            .toList();
    assertThat(rows(result))
        .filteredOn(row -> row.get("region").equals("north") && row.get("month").equals("2024-03"))
        .singleElement()
        .satisfies(row -> {
          assertThat(row.get("orders")).isEqualTo((long) march.size());
          assertThat(row.get("quantity"))
              .isEqualTo(march.stream().mapToLong(o -> Long.parseLong(o.get(4))).sum());
          assertThat(new BigDecimal(row.get("amount").toString()))
              .isEqualByComparingTo(
                  march.stream()
                      .filter(order -> !order.get(AMOUNT).isEmpty())
                      .map(order -> new BigDecimal(order.get(AMOUNT)))
                      .reduce(BigDecimal.ZERO, BigDecimal::add));
        });
  }

  @Test
  void operationsAreDoneInTheOrderGiven() throws Exception {
    var result = run("\"operations\":[\"deduplicate\",\"filter\",\"aggregate\",\"sort\"]");
    var steps = result.summary().operations();
    assertThat(steps)
        .extracting(Step::operation)
        .containsExactly(
            Operation.DEDUPLICATE, Operation.FILTER, Operation.AGGREGATE, Operation.SORT);
    for (int i = 1; i < steps.size(); i++) {
      assertThat(steps.get(i).rowsIn()).isEqualTo(steps.get(i - 1).rowsOut());
    }
    assertThat(result.metadata().operations())
        .extracting(ProcessData.Effect::description)
        .allSatisfy(text -> assertThat(text).isNotBlank())
        .hasSize(4);
    assertThat(process.progress())
        .extracting(Report::percentage)
        .isSorted()
        .contains(0., 20., 100.);
    assertThat(process.progress())
        .extracting(Report::message)
        .contains(ORDERS.size() + " rows read");
  }

  /** No order of operations meets a column it needs and does not find. */
  @ParameterizedTest
  @ValueSource(strings = {"filter", "transform", "aggregate", "sort", "deduplicate"})
  void sumsTakeEveryOperationToo(String operation) throws Exception {
    var result = run("\"operations\":[\"aggregate\",\"" + operation + "\"]");
    assertThat(result.summary().rowsOut()).isEqualTo(48);
    assertThat(rows(result))
        .extracting(row -> (Long) row.get("orders"))
        .satisfies(orders ->
            assertThat(orders.stream().mapToLong(Long::longValue).sum()).isEqualTo(ORDERS.size()));
  }

  @Test
  void csvIsTextWithAHeader() throws Exception {
    var result = run("\"operations\":[\"deduplicate\"],\"output_format\":\"csv\"");
    var lines = ((String) result.data()).split("\r\n");
    assertThat(lines).hasSize(101).startsWith(TEXT.lines().findFirst().orElseThrow());
    assertThat(lines[1]).isEqualTo(String.join(",", ORDERS.getFirst()));
    assertThat(result.metadata().rowsReturned()).isEqualTo(100);
    assertThat(result.metadata().outputFormat()).isEqualTo(ProcessData.OutputFormat.CSV);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"operations\":[\"sort\"]} | /dataset_id | is missing",
        "{\"dataset_id\":\"x\",\"operations\":[\"sort\"]} | /dataset_id |"
            + " is not known; there is demo-dataset-123",
        "{\"datasetId\":\"demo-dataset-123\"} | /operations | is missing",
        "{\"datasetId\":\"demo-dataset-123\",\"operations\":[]} | /operations | must be 1 to 10",
        "{\"datasetId\":\"demo-dataset-123\",\"operations\":[\"sort\",\"SORT\"]} | /operations/1 |"
            + " must be one of filter, transform, aggregate, sort, deduplicate",
        "{\"datasetId\":\"demo-dataset-123\",\"operation\":7} | /operation |"
            + " must be one of filter, transform, aggregate, sort, deduplicate",
        "{\"datasetId\":\"demo-dataset-123\",\"operation\":[null]} | /operation/0 |"
            + " must be one of filter, transform, aggregate, sort, deduplicate",
        "{\"datasetId\":\"demo-dataset-123\",\"operation\":\"sort\",\"operations\":[\"sort\"]} |"
            + " /operation | is given beside operations",
        "{\"datasetId\":\"demo-dataset-123\",\"operation\":\"sort\",\"output_format\":\"xml\"} |"
            + " /output_format | must be one of json, csv"
      })
  void theFieldThatIsWrongIsNamed(String payload, String pointer, String message) throws Exception {
    assertThat(process.runJson(payload)).isEqualTo(invalid(pointer, message));
  }

  @Test
  void elevenOperationsAreTooMany() throws Exception {
    assertThat(
            process.runJson(
                "{\"dataset_id\":\"demo-dataset-123\",\"operations\":["
                    + "\"sort\",".repeat(10)
                    + "\"sort\"]}"))
        .isEqualTo(invalid("/operations", "must be 1 to 10"));
  }

  @SuppressWarnings("unchecked") // JSON's objects
  private static List<Map<String, Object>> rows(ProcessData.Result result) {
    return (List<Map<String, Object>>) result.data();
  }

  private static Outcome invalid(String pointer, String message) {
    return new Outcome.Invalid(List.of(new Outcome.Field(pointer, message)));
  }
}
