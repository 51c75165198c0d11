package io.streamer.shared.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.streamer.handler.Action;
import io.streamer.handler.Config;
import io.streamer.handler.Handler;
import io.streamer.handler.HandlerModule;
import io.streamer.handler.Interceptor;
import io.streamer.handler.RawJson;
import io.streamer.handler.Run;
import io.streamer.shared.action.Catalogue;
import io.streamer.shared.action.Definition;
import io.streamer.shared.action.NoRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A catalogue in the place of another. */
class SuccessorTest {
  private static final Config NO_CONFIG = _ -> Optional.empty();

  private final List<Counted> made = new ArrayList<>();
  private final HandlerModule counted =
      (handlers, _) ->
          handlers.add(
              Counted.class,
              () -> {
                made.add(new Counted());
                return made.getLast();
              });
  private final HandlerModule other = (handlers, _) -> handlers.add(Other.class, Other::new);
  private final Catalogue first = Catalogue.of(List.of(counted, other), NO_CONFIG);

  @Action("counted")
  private static final class Counted implements Handler<RawJson, RawJson>, AutoCloseable {
    private int closed;
    private Runnable meanwhile = () -> {};

    @Override
    public RawJson handle(RawJson request, Run run) {
      meanwhile.run();
      assertThat(closed).as("while it runs").isZero();
      return request;
    }

    @Override
    public void close() {
      closed++;
    }
  }

  @Action("other")
  private static final class Other implements Handler<RawJson, RawJson> {
    @Override
    public RawJson handle(RawJson request, Run run) {
      return request;
    }
  }

  @Test
  void theDefinitionsOfAModuleThatStaysGoOn() {
    HandlerModule fresh = (handlers, _) -> handlers.add(Other.class, Other::new);
    var next = first.with(List.of(counted, fresh), NO_CONFIG);

    assertThat(next.find("counted")).containsSame(first.find("counted").orElseThrow());
    assertThat(next.without(first)).extracting(Definition::action).containsExactly("other");
    assertThat(first.without(next)).extracting(Definition::action).containsExactly("other");
  }

  @Test
  void anInterceptorThatComesGoesAroundEverything() {
    HandlerModule logging = (handlers, _) -> handlers.intercept(new Interceptor() {});
    var next = first.with(List.of(counted, other, logging), NO_CONFIG);

    assertThat(next.without(first)).hasSize(2);
    assertThat(next.with(List.of(counted, other, logging), NO_CONFIG).without(next)).isEmpty();
  }

  @Test
  void anActionOfAModuleThatStaysCannotBeTaken() {
    HandlerModule second = (handlers, _) -> handlers.add(Other.class, Other::new);

    assertThatIllegalStateException()
        .isThrownBy(() -> first.with(List.of(second, counted, other), NO_CONFIG))
        .withMessageContaining("\"other\" is served twice");
  }

  @Test
  void aReplacedHandlerIsClosedWhenItsLastRunHasEnded() throws Exception {
    var definition = first.find("counted").orElseThrow();
    definition.open();
    made.getFirst().meanwhile = () -> first.retire(Catalogue.of(List.of(), NO_CONFIG));
    definition.call(RawJson.NULL, new NoRun());

    assertThat(made).hasSize(1);
    assertThat(made.getFirst().closed).isEqualTo(1);
  }

  @Test
  void aRunThatComesLateGetsAnInstanceOfItsOwn() throws Exception {
    var definition = first.find("counted").orElseThrow();
    definition.open();
    first.retire(first.with(List.of(other), NO_CONFIG));
    assertThat(made.getFirst().closed).isEqualTo(1);

    definition.call(RawJson.NULL, new NoRun());
    assertThat(made).extracting(one -> one.closed).containsExactly(1, 1);
  }

  @Test
  void whatTheSuccessorHasTooStaysOpen() {
    first.find("counted").orElseThrow().open();
    first.retire(first.with(List.of(counted), NO_CONFIG));

    assertThat(made.getFirst().closed).isZero();
  }
}
