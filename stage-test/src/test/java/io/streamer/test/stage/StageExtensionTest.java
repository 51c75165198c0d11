package io.streamer.test.stage;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.emulator.aws.ManualClock;
import io.streamer.local.stage.Stage;
import io.streamer.test.stage.Kitchen.Dish;
import io.streamer.test.stage.Kitchen.Price;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Used as a handler's author would. */
class StageExtensionTest {
  private static final ManualClock CLOCK = new ManualClock();

  @RegisterExtension
  static final StageExtension STAGE =
      StageExtension.with(new Kitchen()).settings(Map.of("CENTS", "20")).clock(CLOCK);

  private final String name = UUID.randomUUID().toString();
  private final StageLogin cook = STAGE.as("ann", "acme", "kitchen:bake");

  @Test
  void aQuickActionIsAnsweredThroughEitherDoor() {
    try (var direct = cook.direct();
        var api = cook.apiGateway()) {
      var price = direct.request("kitchen.ask", new Dish("pie")).answered();
      assertThat(price.as(Price.class)).isEqualTo(new Price("pie", 60));
      assertThat(price.progress()).isEmpty();
      var other = api.request("kitchen.ask", Map.of("name", "pizza")).answered();
      assertThat(other.as(Price.class)).isEqualTo(new Price("pizza", 100));
    }
  }

  @Test
  void aMessageOfManyFramesArrivesWhole() {
    var longName = "ü".repeat(35_000);
    try (var api = cook.apiGateway()) {
      var price = api.request("kitchen.ask", new Dish(longName)).answered();
      assertThat(price.as(Price.class).dish()).isEqualTo(longName);
    }
  }

  @Test
  void aFailureTellsCodeReasonAndFields() {
    try (var client = cook.direct()) {
      var refused = client.request("kitchen.ask", new Dish("phoenix")).failed();
      assertThat(refused.code()).isEqualTo("PROCESSING_FAILED");
      assertThat(refused.reason()).isEqualTo("EXTINCT");
      assertThat(refused.message()).isEqualTo("there is no phoenix");

      var invalid = client.request("kitchen.ask", Map.of("name", 7)).failed();
      assertThat(invalid.code()).isEqualTo("VALIDATION_ERROR");
      assertThat(invalid.fields()).singleElement().extracting("pointer").isEqualTo("/payload/name");
    }
  }

  @Test
  void aJobIsFollowedToItsEnd() {
    try (var client = cook.apiGateway()) {
      var job = client.send("kitchen.bake", new Dish(name));
      assertThat(job.awaitProgress(50)).isEqualTo(new Progress(50, "in the oven", 1));
      assertThat(job.status()).isEqualTo("running");
      Kitchen.open(name);
      var baked = job.reply().answered();
      assertThat(baked.as(Dish.class)).isEqualTo(new Dish(name));
      assertThat(baked.progress()).contains(new Progress(50, "in the oven", 1));
    }
  }

  @Test
  void aLargeResultIsFetchedFromWhereItLies() {
    var large = name + "x".repeat(110_000);
    Kitchen.open(large);
    try (var client = cook.direct()) {
      var baked = client.request("kitchen.bake", new Dish(large)).answered();
      assertThat(baked.as(Dish.class)).isEqualTo(new Dish(large));
    }
  }

  @Test
  void whoLacksAPermissionIsRefused() {
    try (var client = STAGE.as("bob", "acme").direct()) {
      assertThat(client.request("kitchen.bake", new Dish(name)).failed().code())
          .isEqualTo("FORBIDDEN");
      assertThat(Kitchen.runs(name)).isZero();
    }
  }

  @Test
  void theJobOfAKilledWorkerStaysRunning(StageFaults faults) {
    try (var client = cook.direct()) {
      var job = client.send("kitchen.bake", new Dish(name));
      job.awaitProgress(50);
      assertThat(faults.killWorkers()).isEqualTo(1);
      assertThat(job.status()).isEqualTo("running");
    }
  }

  @Test
  void aJobDeliveredTwiceRunsOnce(Stage stage, StageFaults faults) throws Exception {
    Kitchen.open(name);
    faults.deliverTwice(1);
    try (var client = cook.direct()) {
      client.request("kitchen.bake", new Dish(name)).answered();
      assertThat(stage.lambda().awaitIdle(Duration.ofSeconds(20))).isTrue();
      assertThat(Kitchen.runs(name)).isEqualTo(1);
    }
  }

  @Test
  void anIdleSocketIsClosedOnceTheClockSaysSo() {
    try (var client = cook.apiGateway()) {
      CLOCK.advance(Duration.ofMinutes(11));
      assertThat(client.closeCode()).isEqualTo(1001);
    }
  }
}
