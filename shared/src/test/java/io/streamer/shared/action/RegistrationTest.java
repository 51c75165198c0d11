package io.streamer.shared.action;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.streamer.handler.Action;
import io.streamer.handler.Handler;
import io.streamer.handler.Handlers;
import io.streamer.handler.Interceptor;
import io.streamer.handler.Run;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a module may still do once it has registered: nothing. */
class RegistrationTest {

  @Action("greet")
  static final class Greet implements Handler<Greet.Request, String> {
    public record Request(String name) {}

    @Override
    public String handle(Request request, Run run) {
      return request.name();
    }
  }

  @Test
  void afterwardsNothingCanBeAdded() {
    var kept = new ArrayList<Handlers>();
    var added = new ArrayList<Handlers.Added<Greet.Request>>();
    try (var catalogue =
        Catalogue.of(
            List.of((handlers, _) -> {
              kept.add(handlers);
              added.add(handlers.add(Greet.class, Greet::new));
            }),
            _ -> Optional.empty())) {
      var late = kept.getFirst();

      assertThatIllegalStateException()
          .isThrownBy(() -> late.add(Greet.class, Greet::new))
          .withMessageContaining("not later");
      assertThatIllegalStateException()
          .isThrownBy(() -> late.intercept(new Interceptor() {}))
          .withMessageContaining("not later");
      assertThatIllegalStateException()
          .isThrownBy(() -> added.getFirst().expecting(_ -> Duration.ofHours(1)))
          .withMessageContaining("not later");
      assertThat(catalogue.definitions()).hasSize(1);
    }
  }
}
