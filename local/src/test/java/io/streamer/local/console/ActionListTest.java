package io.streamer.local.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.demo.Demo;
import io.streamer.handler.Action;
import io.streamer.handler.Handler;
import io.streamer.handler.HandlerModule;
import io.streamer.handler.Run;
import io.streamer.shared.action.Catalogue;
import io.streamer.shared.action.Definition;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ActionListTest {
  private static final Duration THRESHOLD = Duration.ofSeconds(5);

  public record Request(int millis) {}

  @Action(
      value = "estimated",
      expected = "100ms",
      needs = {"z:write", "a:read"})
  private static final class Estimated implements Handler<Request, Request> {
    @Override
    public Request handle(Request request, Run run) {
      return request;
    }
  }

  private static final HandlerModule OWN =
      (handlers, _) ->
          handlers
              .add(Estimated.class, Estimated::new)
              .expecting(request -> Duration.ofMillis(request.millis()));

  @Test
  void theDemoActionsAreDescribedAsTheirRequestsAreBound() throws IOException {
    var catalogue = catalogue(new Demo());
    var names = catalogue.definitions().stream().map(Definition::action).sorted().toList();

    var described = new ActionList(() -> catalogue, THRESHOLD).describe(names).toString();

    assertThat(new JsonObject(described).encodePrettily())
        .isEqualTo(new JsonObject(golden("demo-actions.json")).encodePrettily());
  }

  @Test
  void anActionThatEstimatesIsAnsweredEitherWay() {
    var action = only(new ActionList(() -> catalogue(OWN), THRESHOLD), "estimated");

    assertThat(action.getString("kind")).isEqualTo("either");
    assertThat(action.getLong("expected_ms")).isEqualTo(100);
  }

  @Test
  void anActionOutsideTheCatalogueTakesAnyJson() {
    var action = only(new ActionList(() -> catalogue(OWN), THRESHOLD), "on-vertx");

    assertThat(action.fieldNames()).containsExactly("name", "schema");
    assertThat(action.getJsonObject("schema").fieldNames()).containsExactly("$schema");
  }

  @Test
  void thePagesTokenHoldsWhatTheActionsNeed() {
    assertThat(new ActionList(() -> catalogue(OWN), THRESHOLD).needs())
        .containsExactly("a:read", "z:write");
  }

  private static JsonObject only(ActionList list, String name) {
    return new JsonObject(list.describe(List.of(name)).toString())
        .getJsonArray("actions")
        .getJsonObject(0);
  }

  private static Catalogue catalogue(HandlerModule module) {
    return Catalogue.of(
        List.of(module), name -> Optional.ofNullable(Map.of("STREAMER_DEMO", "true").get(name)));
  }

  private static String golden(String name) throws IOException {
    try (var in = Objects.requireNonNull(ActionListTest.class.getResourceAsStream(name), name)) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }
}
