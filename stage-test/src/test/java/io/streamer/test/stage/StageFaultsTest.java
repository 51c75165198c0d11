package io.streamer.test.stage;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.emulator.aws.LocalAws;
import io.streamer.emulator.fault.Door;
import io.streamer.emulator.fault.Fault;
import io.streamer.emulator.fault.FaultRule;
import io.streamer.emulator.fault.FaultRule.Requests;
import io.streamer.emulator.fault.Injected;
import io.streamer.emulator.fault.Role;
import io.streamer.emulator.fault.Trap;
import io.streamer.emulator.fault.When;
import io.streamer.local.stage.Stage;
import io.streamer.test.stage.Kitchen.Dish;
import io.streamer.test.stage.Kitchen.Price;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What fails on a whole stage, and that the stage goes on. */
class StageFaultsTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  @RegisterExtension static final StageExtension STAGE = StageExtension.with(new Kitchen());

  private final Dish dish = new Dish(UUID.randomUUID().toString());
  private final StageLogin cook = STAGE.as("ann", "acme", "kitchen:bake");

  @AfterEach
  void clear(Stage stage) {
    stage.faults().clear();
  }

  @Test
  void aWorkerKilledBehindItsLastWriteHasStoredTheSuccess(Stage stage) throws Exception {
    var trap =
        stage
            .faults()
            .when(write -> write.to("jobs") && write.sets("status", "SUCCEEDED"))
            .then(Trap.kill());
    Kitchen.open(dish.name());
    try (var client = cook.direct()) {
      var job = client.send("kitchen.bake", dish);
      var write = trap.await(SOON);
      assertThat(write.sender().alive()).isFalse();
      assertThat(job.status()).isEqualTo("succeeded");
    }
    assertThatAJobRuns();
  }

  @Test
  void aKilledWorkerIsShutOffAndTheNextJobHasAFreshOne(Stage stage) {
    try (var client = cook.direct()) {
      var job = client.send("kitchen.bake", dish);
      job.awaitProgress(50);
      assertThat(stage.runningJobs()).contains(job.jobId());
      assertThat(stage.killWorker(job.jobId())).isTrue();
      assertThat(stage.killWorker(job.jobId())).isFalse();
      assertThat(job.status()).isEqualTo("running");
    }
    assertThatAJobRuns();
  }

  @Test
  void aKilledGatewayCutsItsSocketsAndAnotherTakesItsPlace(Stage stage) {
    var before = stage.gateway();
    try (var direct = cook.direct();
        var api = cook.apiGateway()) {
      direct.request("kitchen.ask", new Dish("pie")).answered();
      stage.killGateway();
      assertThat(direct.closeCode()).isEqualTo(1006);
      assertThat(stage.gateway()).isNotSameAs(before);
      // API Gateway holds this one: it hears nothing of it
      assertThat(api.request("kitchen.ask", new Dish("pie")).answered().as(Price.class))
          .isEqualTo(new Price("pie", 300));
    }
    assertThatAJobRuns();
  }

  @Test
  void aGatewayKilledAtAWriteOfItsOwnIsReplacedToo(Stage stage) throws Exception {
    var trap = stage.faults().when(write -> write.sets("action", "kitchen.bake")).then(Trap.kill());
    try (var client = cook.direct()) {
      client.send("kitchen.bake", dish);
      assertThat(trap.await(SOON).sender().role()).isEqualTo(Role.GATEWAY);
      assertThat(client.closeCode()).isEqualTo(1006);
    }
    stage.killGateway();
    assertThatAJobRuns();
  }

  /** A start asks the store several times, three tries each: none of the first gateways gets by. */
  @ParameterizedTest
  @ValueSource(ints = {3, 9})
  void aGatewayThatCannotStartIsFollowedByOneThatCan(int throttled, Stage stage) {
    var faults = stage.faults();
    var before = faults.count("dynamodb throttle");
    faults.add(
        FaultRule.store(
            Requests.ANY.from(Role.GATEWAY), When.first(throttled), new Fault.Throttle()));
    stage.killGateway();
    assertThat(faults.count("dynamodb throttle") - before).isEqualTo(throttled);
    assertThatAJobRuns();
  }

  @Test
  void socketsOfEitherDoorAreCut(Stage stage) {
    try (var direct = cook.direct().settled();
        var api = cook.apiGateway().settled()) {
      assertThat(stage.cutSockets(Door.DIRECT)).isPositive();
      assertThat(direct.closeCode()).isEqualTo(1006);
      assertThat(stage.cutSockets(Door.API_GATEWAY)).isPositive();
      assertThat(api.closeCode()).isEqualTo(1006);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aPushThatIsRefusedIsTriedAgain(Door door, Stage stage) {
    var faults = stage.faults();
    faults.add(FaultRule.push(door, When.first(2), new Fault.Status(503)));
    var before = faults.count("push status");
    Kitchen.open(dish.name());
    try (var client = through(door)) {
      assertThat(client.request("kitchen.bake", dish).answered().as(Dish.class)).isEqualTo(dish);
    }
    assertThat(faults.count("push status") - before).isEqualTo(2);
  }

  @Test
  void aDirectSocketIsCutInPlaceOfAnAnswer(Stage stage) {
    try (var client = cook.direct().settled()) {
      stage.faults().add(FaultRule.cut(Door.DIRECT, When.first(1)));
      client.send("kitchen.ask", dish);
      assertThat(client.closeCode()).isEqualTo(1006);
    }
  }

  @Test
  void aStoreThatThrottlesIsAskedAgain(Stage stage, StageFaults faults) {
    var before = stage.faults().count("dynamodb throttle");
    faults.throttleStore(2);
    assertThatAJobRuns();
    assertThat(stage.faults().count("dynamodb throttle") - before).isEqualTo(2);
  }

  @Test
  void aStoreThatPausesAnswersAgain(Stage stage, StageFaults faults) throws Exception {
    var paused = first(stage, "dynamodb pause");
    faults.pauseStore(Duration.ofSeconds(1));
    assertThatAJobRuns();
    paused.get(20, TimeUnit.SECONDS);
  }

  @Test
  void whatTheStoreDidUnheardIsKnownAgain(Stage stage, StageFaults faults) throws Exception {
    var lost = first(stage, "dynamodb lose_answer");
    faults.loseStoreAnswers(2);
    assertThatAJobRuns();
    lost.get(20, TimeUnit.SECONDS);
  }

  @Test
  void aBatchThatIsGivenAgainStartsNothingTwice(Stage stage, StageFaults faults) throws Exception {
    var repeated = first(stage, "stream lose_answer");
    faults.repeatStreamBatches(1);
    Kitchen.open(dish.name());
    try (var client = cook.direct()) {
      client.request("kitchen.bake", dish).answered();
    }
    repeated.get(20, TimeUnit.SECONDS);
    // the stream goes on only behind the repeated batch
    assertThatAJobRuns();
    assertThat(Kitchen.runs(dish.name())).isOne();
  }

  @Test
  void pushesThatAreAnsweredOtherwiseAreSentAgain(Stage stage, StageFaults faults)
      throws Exception {
    var refused = first(stage, "push status");
    faults.answerPushes(429, 2);
    assertThatAJobRuns();
    refused.get(20, TimeUnit.SECONDS);
  }

  @Test
  void aLostDisconnectIsLost(Stage stage, StageFaults faults) throws Exception {
    var dropped = first(stage, "disconnect drop");
    faults.loseDisconnects(1);
    cook.apiGateway().settled().close();
    dropped.get(20, TimeUnit.SECONDS);
  }

  private static CompletableFuture<Injected> first(Stage stage, String kind) {
    var found = new CompletableFuture<Injected>();
    stage
        .faults()
        .onInjected(injected -> {
          if (injected.kind().equals(kind)) {
            found.complete(injected);
          }
        });
    return found;
  }

  @Test
  void aLostInvokeLeavesTheJobQueued(Stage stage, StageFaults faults) throws Exception {
    var lost = new CompletableFuture<Injected>();
    stage.faults().onInjected(lost::complete);
    faults.loseInvokes(1);
    try (var client = cook.direct()) {
      var job = client.send("kitchen.bake", dish);
      job.jobId();
      assertThat(lost.get(20, TimeUnit.SECONDS).kind()).isEqualTo("invoke lose");
      assertThat(job.status()).isEqualTo("queued");
      assertThat(Kitchen.runs(dish.name())).isZero();
    }
  }

  @Test
  void aSplitShardGoesOnAsItsChild(Stage stage) throws Exception {
    var before = shards(stage);
    stage.faults().add(FaultRule.stream(When.first(1), new Fault.Split()));
    assertThatAJobRuns();
    assertThatAJobRuns();
    assertThat(shards(stage)).isGreaterThan(before);
  }

  private static int shards(Stage stage) {
    var table = stage.tablePrefix() + "-jobs";
    try (var dynamo = LocalAws.dynamo(stage.dynamo());
        var streams = LocalAws.streams(stage.dynamo())) {
      var arn = dynamo.describeTable(r -> r.tableName(table)).table().latestStreamArn();
      return streams.describeStream(r -> r.streamArn(arn)).streamDescription().shards().size();
    }
  }

  private StageClient through(Door door) {
    return switch (door) {
      case DIRECT -> cook.direct();
      case API_GATEWAY -> cook.apiGateway();
    };
  }

  private void assertThatAJobRuns() {
    var next = new Dish("next to " + dish.name() + UUID.randomUUID());
    Kitchen.open(next.name());
    try (var client = cook.direct()) {
      assertThat(client.request("kitchen.bake", next).answered().as(Dish.class)).isEqualTo(next);
    }
  }
}
