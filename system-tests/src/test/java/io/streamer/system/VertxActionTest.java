package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.gateway.action.VertxAction;
import io.streamer.handler.Action;
import io.streamer.handler.Failure;
import io.streamer.handler.Invalid;
import io.streamer.handler.RawJson;
import io.streamer.handler.Run;
import io.streamer.handler.StoredFile;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.HashSet;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Actions written on Vert.x itself, by service file and deployed in code. */
@ExtendWith(LocalStage.class)
@ParameterizedClass
@EnumSource(Door.class)
class VertxActionTest {
  @Parameter Door door;

  public record Figure(int number) {
    public Figure {
      if (number < 0) {
        throw new Invalid("number", "is below zero");
      }
    }
  }

  public record Twice(int twice, String thread) {}

  /** Named in a service file. */
  @Action("test.doubled")
  public static final class Doubled extends VertxAction<Figure, Twice> {
    @Override
    protected Future<Twice> handle(Figure request, Run run) {
      if (request.number() == 13) {
        return Future.failedFuture(Failure.refused("UNLUCKY", "not this one"));
      }
      if (request.number() == 500) {
        throw new IllegalStateException("the password is swordfish");
      }
      return vertx.timer(1).map(_ -> new Twice(2 * request.number(), kind()));
    }

    private static String kind() {
      return Context.isOnEventLoopThread() ? "event loop" : "other";
    }
  }

  @Test
  void anActionOfAServiceFileAnswersFromAnEventLoop() {
    try (var peer = door.connect(Tokens.fresh())) {
      var data = peer.request("r-1", "test.doubled", number(21)).answer("r-1").data();
      assertThat(data).isEqualTo(JsonObject.of("twice", 42, "thread", "event loop"));
    }
  }

  @Test
  void aPayloadOfTheWrongShapeNeverReachesIt() {
    try (var peer = door.connect(Tokens.fresh())) {
      var shape = peer.request("r-1", "test.doubled", JsonObject.of("number", "x")).answer("r-1");
      assertThat(shape.code()).isEqualTo("VALIDATION_ERROR");
      var rule = peer.request("r-2", "test.doubled", number(-1)).answer("r-2");
      assertThat(rule.text()).contains("\"/payload/number\"", "is below zero");
    }
  }

  /** Writes a file where it was called, or where it may block. */
  @Action("test.filed-vertx")
  public static final class FiledOnVertx extends VertxAction<Place, StoredFile> {
    @Override
    protected Future<StoredFile> handle(Place place, Run run) {
      Callable<StoredFile> work = () -> run.file("a.txt", "text/plain", out -> out.write(1));
      return place.onLoop()
          ? Future.future(done -> {
            try {
              done.complete(work.call());
            } catch (Exception e) {
              done.fail(Failure.refused("BLOCKS", e.getMessage()));
            }
          })
          : vertx.executeBlocking(work);
    }
  }

  public record Place(boolean onLoop) {}

  @Test
  void aFileIsNotWrittenOnAnEventLoop() {
    try (var peer = door.connect(Tokens.fresh())) {
      var loop = JsonObject.of("on_loop", true);
      var refused = peer.request("r-1", "test.filed-vertx", loop).answer("r-1");
      assertThat(refused.text()).contains("BLOCKS", "executeBlocking");
      var other = JsonObject.of("on_loop", false);
      var stored = peer.request("r-2", "test.filed-vertx", other).answer("r-2");
      assertThat(stored.data().getLong("size_bytes")).isEqualTo(1);
    }
  }

  @Test
  void itsFailuresAreToldLikeAnyHandlers() {
    try (var peer = door.connect(Tokens.fresh())) {
      var refused = peer.request("r-1", "test.doubled", number(13)).answer("r-1");
      assertThat(refused.code()).isEqualTo("PROCESSING_FAILED");
      assertThat(refused.error().getJsonObject("details").getString("reason")).isEqualTo("UNLUCKY");
      var broken = peer.request("r-2", "test.doubled", number(500)).answer("r-2");
      assertThat(broken.code()).isEqualTo("INTERNAL_ERROR");
      assertThat(broken.text()).doesNotContain("swordfish");
    }
  }

  /** Tells where it runs. */
  @Action("test.where")
  public static final class Where extends VertxAction<RawJson, String> {
    @Override
    protected Future<String> handle(RawJson nothing, Run run) {
      return Future.succeededFuture(Thread.currentThread().getName());
    }
  }

  /** One a socket server: a single instance would be on one of them. */
  @Test
  void itsCallsRunOnTheEventLoopsOfTheirSockets() {
    var threads = new HashSet<String>();
    for (int i = 0; i < 8; i++) {
      try (var peer = Door.DIRECT.connect(Tokens.fresh())) {
        var data = peer.request("r-1", "test.where", new JsonObject()).answer("r-1").data();
        threads.add(data.getString("value"));
      }
    }
    assertThat(threads).hasSize(Math.min(8, Runtime.getRuntime().availableProcessors()));
  }

  private static JsonObject number(int number) {
    return JsonObject.of("number", number);
  }
}
