package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.streamer.gateway.action.VertxAction;
import io.streamer.handler.Action;
import io.streamer.handler.Run;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.ThreadingModel;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Actions on Vert.x that are deployed in code. */
@ExtendWith(LocalStage.class)
class DeployedActionTest {
  @Action(value = "test.deployed", needs = "vertx", timeout = "50ms", concurrency = 1)
  public static final class Deployed extends VertxAction<Patience, String> {
    static final AtomicInteger MADE = new AtomicInteger();
    static final Promise<Void> FIRST = Promise.promise();

    public Deployed() {
      MADE.incrementAndGet();
    }

    @Override
    protected Future<String> handle(Patience request, Run run) {
      if (request.forever()) {
        FIRST.tryComplete();
        return Promise.<String>promise().future();
      }
      return Future.succeededFuture(Thread.currentThread().isVirtual() ? "virtual" : "platform");
    }
  }

  public record Patience(boolean forever) {}

  @Test
  void anActionIsDeployedInCodeWithItsOptions() throws Exception {
    var gateway = LocalStage.stage().gateway();
    var options =
        new DeploymentOptions().setThreadingModel(ThreadingModel.VIRTUAL_THREAD).setInstances(2);
    gateway
        .deploy(Deployed::new, options)
        .toCompletionStage()
        .toCompletableFuture()
        .get(10, TimeUnit.SECONDS);
    assertThat(Deployed.MADE).hasValue(2);

    try (var stranger = Door.DIRECT.connect(Tokens.fresh());
        var peer = Door.DIRECT.connect(Tokens.fresh("vertx"))) {
      var quick = JsonObject.of("forever", false);
      assertThat(stranger.request("r-1", "test.deployed", quick).answer("r-1").code())
          .isEqualTo("FORBIDDEN");
      assertThat(peer.request("r-1", "test.deployed", quick).answer("r-1").data())
          .isEqualTo(JsonObject.of("value", "virtual"));
      peer.request("slow", "test.deployed", JsonObject.of("forever", true));
      Deployed.FIRST.future().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
      assertThat(peer.answer("slow").code()).isEqualTo("TIMEOUT");
      assertThat(peer.request("r-2", "test.deployed", quick).answer("r-2").type())
          .isEqualTo("response");
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> gateway.deploy(Deployed::new, options))
        .withMessageContaining("test.deployed is taken");
  }

  static final class Nameless extends VertxAction<Patience, String> {
    @Override
    protected Future<String> handle(Patience request, Run run) {
      return Future.succeededFuture("");
    }
  }

  @Test
  void anActionWithoutANameIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> LocalStage.stage().gateway().deploy(Nameless::new, new DeploymentOptions()))
        .withMessageContaining("has no @Action");
  }
}
