package io.streamer.gateway.action;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.gateway.signal.FaultyCounters;
import io.streamer.handler.Action;
import io.streamer.handler.Caller;
import io.streamer.handler.Interceptor;
import io.streamer.handler.RawJson;
import io.streamer.handler.Run;
import io.streamer.shared.action.Catalogue;
import io.streamer.shared.protocol.ErrorCode;
import io.streamer.shared.settings.Environment;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Calls of actions on Vert.x that something stops on the way to them: each is replied to. */
@Timeout(60)
class FailingAdmissionTest {
  private final Vertx vertx = Vertx.vertx();
  // no run of this test writes files
  private final Actions actions = new Actions(vertx, InstantSource.system(), null);
  private final AtomicReference<@Nullable Throwable> atNextConnection = new AtomicReference<>();
  private final AtomicReference<@Nullable Throwable> atNextLook = new AtomicReference<>();

  @AfterEach
  void stop() {
    actions.end().await();
    vertx.close().await();
  }

  /** One at a time, each for as long as its promise. */
  @Action(value = "single", concurrency = 1)
  public static final class Single extends VertxAction<RawJson, String> {
    private final CompletableFuture<Void> begun;
    private final Future<String> answer;

    Single(CompletableFuture<Void> begun, Future<String> answer) {
      this.begun = begun;
      this.answer = answer;
    }

    @Override
    protected Future<String> handle(RawJson request, Run run) {
      begun.complete(null);
      return answer;
    }
  }

  /** Has little time. */
  @Action(value = "hasty", timeout = "20ms")
  public static final class Hasty extends VertxAction<RawJson, String> {
    @Override
    protected Future<String> handle(RawJson request, Run run) {
      return Future.succeededFuture("through");
    }
  }

  /** Lets everybody through. */
  private static final Interceptor OPEN =
      new Interceptor() {
        @Override
        public void accept(String action, Caller caller) {}
      };

  static Stream<Arguments> faults() {
    return Stream.of(
            new StackOverflowError(),
            new NoClassDefFoundError("com/secret/Thing"),
            new IllegalStateException("secret"))
        .flatMap(thrown ->
            Stream.of(List.<Interceptor>of(), List.of(OPEN))
                .flatMap(asked ->
                    Stream.of(true, false).map(early -> Arguments.of(thrown, asked, early))));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void whatIsThrownAtTheDoorIsAReplyAndKeepsNoPlace(
      Throwable thrown, List<Interceptor> interceptors, boolean early) throws Exception {
    intercept(interceptors);
    var gate = Promise.<String>promise();
    var begun = new CompletableFuture<Void>();
    actions.deploy(() -> new Single(begun, gate.future()), new DeploymentOptions()).await();
    var inside = call("single");
    begun.get();
    (early ? atNextConnection : atNextLook).set(thrown);
    var reply = call("single").get();
    assertThat(reply).isInstanceOf(ActionReply.Failed.class);
    assertThat(((ActionReply.Failed) reply).problem().code()).isEqualTo(ErrorCode.INTERNAL_ERROR);
    assertThat(actions.waiting()).isZero();
    gate.complete("through");
    assertThat(inside.get()).isInstanceOf(ActionReply.Answered.class);
    assertThat(call("single").get()).isInstanceOf(ActionReply.Answered.class);
  }

  @Test
  void anInterceptorThatNeverEndsIsInterruptedAndItsCallTimesOut() throws Exception {
    var interrupted = new CompletableFuture<String>();
    intercept(
        List.of(
            new Interceptor() {
              @Override
              public void accept(String action, Caller caller) {
                try {
                  new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                  interrupted.complete(action);
                  throw new IllegalStateException(e);
                }
              }
            }));
    actions.deploy(Hasty::new, new DeploymentOptions()).await();
    var reply = call("hasty").get();
    assertThat(((ActionReply.Failed) reply).problem().code()).isEqualTo(ErrorCode.TIMEOUT);
    assertThat(interrupted.get()).isEqualTo("hasty");
  }

  private void intercept(List<Interceptor> interceptors) {
    actions
        .serve(
            Catalogue.of(
                List.of((handlers, _) -> interceptors.forEach(handlers::intercept)),
                new Environment(Map.of())),
            Duration.ZERO)
        .await();
  }

  private CompletableFuture<ActionReply> call(String action) {
    var call =
        actions.prepare(
            new ActionCall.Asked(
                new Caller("acme", "ann", Set.of()),
                "r-1",
                RawJson.NULL,
                Map.of(),
                ActionCall.Traced.NOT),
            Duration.ofMinutes(1));
    var replied = new CompletableFuture<ActionReply>();
    vertx.runOnContext(_ ->
        actions.call(
            actions.find(action).orElseThrow(),
            call,
            new Waiting() {
              @Override
              public String connection() {
                FaultyCounters.fail(atNextConnection);
                return "c-1";
              }

              @Override
              public boolean isConnected() {
                FaultyCounters.fail(atNextLook);
                return true;
              }

              @Override
              public void overran() {}

              @Override
              public void replied(ActionReply reply) {
                replied.complete(reply);
              }
            }));
    return replied;
  }
}
