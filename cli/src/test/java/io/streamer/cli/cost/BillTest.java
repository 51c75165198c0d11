package io.streamer.cli.cost;

import static io.streamer.cli.cost.Bill.Door.API_GATEWAY;
import static io.streamer.cli.cost.Bill.Door.DIRECT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.streamer.cli.cost.Bill.Door;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class BillTest {
  private static final double MILLION = 1e6;
  private static final double SOCKETS_PER_TASK = 5_000;

  @TempDir Path folder;

  private static Bill of(JsonObject load) {
    return new Bill(Workload.of(load), Prices.ours());
  }

  private static JsonObject load() {
    return new JsonObject();
  }

  /**
   * Of handlers that wait, whose progress is sent each second at most, and whose log is sampled.
   */
  private static JsonObject withAllLevers() {
    return load().put("job_memory_mb", 256).put("job_progress", 6).put("job_log_kb", 0.6);
  }

  @ParameterizedTest
  @EnumSource(Door.class)
  void aMessageIsFarBelowATenthOfAMilliDollar(Door door) {
    assertThat(of(load()).ofMessage(door)).isBetween(1e-9, 0.0001 / 50);
    // as large as one may be
    assertThat(of(load().put("answer_kb", 128)).ofMessage(door)).isLessThan(0.0001);
    assertThat(of(load()).ofRequest(door)).isLessThan(0.0001);
  }

  @ParameterizedTest
  @CsvSource({"API_GATEWAY,0.1", "DIRECT,0.1", "DIRECT,1"})
  void anHourOfAConnectionIsFarBelowAMilliDollar(Door door, double busy) {
    var load = load().put("busy_share", busy);
    assertThat(of(load).ofConnectionHour(door, SOCKETS_PER_TASK)).isBetween(1e-6, 0.001 / 10);
  }

  @Test
  void aJobOfTwoSecondsWithTenReportsStaysInItsBounds() {
    var load = withAllLevers();
    assertThat(MILLION * of(load).ofJob(API_GATEWAY)).isBetween(15.0, 24.0);
    assertThat(MILLION * of(load).ofJob(DIRECT)).isBetween(8.0, 14.5);
  }

  @Test
  void withoutLeversItIsWhatTheMostOfThemSave() {
    var bill = of(load());
    assertThat(MILLION * bill.ofJob(API_GATEWAY)).isCloseTo(34, within(1.0));
    assertThat(MILLION * bill.ofJob(DIRECT)).isCloseTo(20, within(1.0));
  }

  @Test
  void aJobsPartsAreCounted() {
    // 1,000 jobs of one second on 1,024 MB, whose result is 100 KB: four messages
    var bill =
        of(
            load()
                .put("jobs", 1_000)
                .put("job_seconds", 1)
                .put("job_memory_mb", 1_024)
                .put("job_progress", 5)
                .put("result_kb", 100));
    var jobs =
        bill.lines().stream().filter(line -> line.part().equals("jobs, API Gateway")).toList();
    assertThat(jobs)
        .extracting(Bill.Line::what)
        .containsExactlyInAnyOrder(
            "writes",
            "reads",
            "rows kept",
            "invocations",
            "worker's time",
            "logs",
            "to the internet",
            "messages",
            "access log",
            "through the NAT");
    assertThat(quantity(bill, "messages")).isEqualTo(1_000 * (2 + 5 + 4));
    assertThat(quantity(bill, "worker's time")).isCloseTo(1_010, within(1e-6));
    // 6, its one report each 200 ms, 101 for the result beside the row
    assertThat(quantity(bill, "writes")).isEqualTo(1_000 * (6 + 1 + 101));
  }

  @Test
  void aLargeResultLiesInTheBucket() {
    var bill = of(load().put("jobs", 1_000).put("payload_kb", 40).put("result_kb", 1_024));
    assertThat(quantity(bill, "writes")).isEqualTo(1_000 * (6 + 1 + 41));
    assertThat(quantity(bill, "results put in the bucket")).isEqualTo(1_000);
    assertThat(quantity(bill, "and fetched")).isEqualTo(1_000);
    // a GB, nearly, for 8 days of 30
    assertThat(quantity(bill, "and kept")).isCloseTo(1_000 / 1_024.0 * 8 / 30, within(1e-9));
    assertThat(quantity(bill, "to the internet")).isBetween(1_000 / 1_024.0, 1.0);
    // two of its request, its acknowledgment, progress, and one that has the URL
    assertThat(quantity(bill, "messages")).isEqualTo(1_000 * (2 + 1 + 10 + 1));
  }

  @Test
  void aResultOverWhatTheTablesTakeLiesInTheBucketToo() {
    var load = load().put("jobs", 1_000).put("result_inline_kb", 8);
    var small = of(load.put("result_kb", 8));
    assertThat(quantity(small, "writes")).isEqualTo(1_000 * (6 + 1 + 9));
    assertThat(small.lines())
        .extracting(Bill.Line::what)
        .doesNotContain("results put in the bucket");
    var large = of(load.put("result_kb", 8.1));
    assertThat(quantity(large, "writes")).isEqualTo(1_000 * (6 + 1));
    assertThat(quantity(large, "results put in the bucket")).isEqualTo(1_000);
  }

  @Test
  void whatIsStoredBesideTheRowIsKeptAMonthLonger() {
    double small = quantity(of(load().put("jobs", 1e6)), "rows kept");
    double payload = quantity(of(load().put("jobs", 1e6).put("payload_kb", 100)), "rows kept");
    assertThat(payload - small).isCloseTo(1e8 / 1024 / 1024 * 37 / 30, within(0.1));
    double result = quantity(of(load().put("jobs", 1e6).put("result_kb", 100)), "rows kept");
    assertThat(result - small).isCloseTo(1e8 / 1024 / 1024 * 7 / 30, within(0.1));
  }

  @Test
  void eventsAreStoredInGroupsOfAQuarterSecondAndSentEach() {
    // 40 tokens a second for five seconds: 21 groups, two writes each
    var bill = of(load().put("jobs", 1).put("job_seconds", 5).put("job_events", 200));
    assertThat(quantity(bill, "writes"))
        .isEqualTo(6 + 21 + 21 * Math.ceil(200.0 / 21 * 0.3 + 0.12));
    assertThat(quantity(bill, "messages")).isEqualTo(1 + 1 + 10 + 200 + 1);
  }

  private static double quantity(Bill bill, String what) {
    return bill.lines().stream()
        .filter(line -> line.part().startsWith("jobs") && line.what().equals(what))
        .mapToDouble(Bill.Line::quantity)
        .sum();
  }

  @Test
  void whatStandsIsWhatThePageSays() {
    // as docs/cost.md has it, and three dollars for the workers' metrics
    assertThat(of(load()).total()).isCloseTo(131, within(1.0));
    assertThat(of(load()).lines()).allMatch(line -> line.part().equals("what stands"));
  }

  @Test
  void whatStandsHasEachTasksCallsThatSendMetrics() {
    var calls =
        of(load().put("tasks", 3)).lines().stream()
            .filter(line -> line.what().equals("calls that send them"))
            .toList();
    assertThat(calls)
        .singleElement()
        .satisfies(line -> {
          assertThat(line.quantity()).isEqualTo(3 * 60 * 730);
          assertThat(line.usd()).isCloseTo(1.31, within(0.01));
        });
  }

  @Test
  void aClientsMessagesThroughApiGatewayAreLinesOfTheAccessLog() {
    var bill =
        of(
            load()
                .put("requests", 1_000)
                .put("jobs", 100)
                .put("connections", 10)
                .put("hours", 1)
                .put("connection_hours", 2));
    double lines = (1_000 + 100 + 10 * (15 + 2 / 2)) * 0.25 / 1_024 / 1_024;
    assertThat(
            bill.lines().stream()
                .filter(line -> line.what().equals("access log"))
                .mapToDouble(Bill.Line::quantity)
                .sum())
        .isCloseTo(lines, within(1e-12));
    assertThat(of(load().put("direct_share", 1).put("requests", 1_000)).lines())
        .noneMatch(line -> line.what().equals("access log"));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.25, 1})
  void doorsShareAWorkload(double direct) {
    var load = load().put("requests", 1e6).put("jobs", 1e6).put("connections", 1_000);
    double all = of(load.copy().put("direct_share", direct)).total();
    double api = of(load.copy().put("direct_share", 0)).total();
    double ours = of(load.copy().put("direct_share", 1)).total();
    assertThat(all).isCloseTo(direct * ours + (1 - direct) * api, within(1e-6));
    assertThat(ours).isLessThan(api);
  }

  @Test
  void aBroadcastCostsByItsRecipients() {
    var bill = of(load().put("broadcasts", 10).put("recipients", 1e6));
    double usd =
        bill.lines().stream()
            .filter(line -> line.part().startsWith("broadcasts"))
            .mapToDouble(Bill.Line::usd)
            .sum();
    assertThat(usd).isBetween(10.0, 13.0);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'requets':1}|requets",
        "{'requests':'many'}|requests",
        "{'requests':-1}|requests",
        "{'direct_share':1.5}|direct_share",
        "{'jobs':null}|jobs",
        "{'jobs':1e99}|jobs",
        "{'payload_kb':129}|payload_kb is a number from 0 to 128",
        "{'result_kb':65537}|result_kb is a number from 0 to 65536",
        "{'event_kb':65}|event_kb is a number from 0 to 64",
        "{'checkpoint_kb':257}|checkpoint_kb is a number from 0 to 256",
      })
  void whatIsNoWorkloadIsNamed(String text, String named) {
    var json = new JsonObject(text.replace('\'', '"'));
    assertThatThrownBy(() -> Workload.of(json))
        .isInstanceOf(CostException.class)
        .hasMessageContaining(named);
  }

  @Test
  void eachPriceHasItsUnitAndASource() {
    var prices = Prices.ours();
    assertThat(prices.date()).matches("20\\d\\d-\\d\\d");
    assertThat(prices.each())
        .allSatisfy((name, price) -> {
          assertThat(price.usd()).as(name).isPositive();
          assertThat(price.unit()).as(name).isNotBlank();
          assertThat(URI.create(price.source()).getHost()).as(name).isEqualTo("aws.amazon.com");
        });
  }

  @Test
  void aFileReplacesPrices() throws Exception {
    var file = folder.resolve("eu.json");
    Files.writeString(
        file,
        "{\"region\":\"eu-west-1\",\"date\":\"2026-12\",\"prices\":{\"nat.hour\":{\"usd\":0.048}}}");
    var prices = Prices.read(Optional.of(file));
    assertThat(prices.region()).isEqualTo("eu-west-1");
    assertThat(prices.each().get("nat.hour").usd()).isEqualTo(0.048);
    assertThat(prices.each().get("nat.gb")).isEqualTo(Prices.ours().each().get("nat.gb"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{}",
        "{\"prices\":{\"nat.hour\":7}}",
        "{\"prices\":{\"nat.hour\":{}}}",
        "{\"region\":\"x\",\"date\":\"y\",\"prices\":{\"nat.minute\":{\"usd\":1}}}"
      })
  void whatIsNoPriceTableIsToldSo(String text) throws Exception {
    var file = folder.resolve("prices.json");
    Files.writeString(file, text);
    assertThatThrownBy(() -> Prices.read(Optional.of(file)))
        .isInstanceOf(CostException.class)
        .hasMessageContaining("prices.json");
  }
}
