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
    assertThat(MILLION * bill.ofJob(API_GATEWAY)).isCloseTo(36, within(2.0));
    assertThat(MILLION * bill.ofJob(DIRECT)).isCloseTo(22, within(2.0));
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
            "invocations",
            "worker's time",
            "logs",
            "to the internet",
            "messages",
            "through the NAT");
    assertThat(quantity(bill, "messages")).isEqualTo(1_000 * (2 + 5 + 4));
    assertThat(quantity(bill, "worker's time")).isCloseTo(1_010, within(1e-6));
    assertThat(quantity(bill, "writes")).isEqualTo(1_000 * Units.JOB_WRITES);
  }

  private static double quantity(Bill bill, String what) {
    return bill.lines().stream()
        .filter(line -> line.part().startsWith("jobs") && line.what().equals(what))
        .mapToDouble(Bill.Line::quantity)
        .sum();
  }

  @Test
  void whatStandsIsWhatThePageSays() {
    // as docs/cost.md has it
    assertThat(of(load()).total()).isCloseTo(125, within(5.0));
    assertThat(of(load()).lines()).allMatch(line -> line.part().equals("what stands"));
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
