package io.streamer.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.Set;
import org.junit.jupiter.api.Test;

class InterceptorTest {
  private final Interceptor interceptor = new Interceptor() {};

  @Test
  void unlessItSaysOtherwiseEveryRequestIsAccepted() {
    var caller = new Caller("ada", "acme", Set.of());
    assertThatCode(() -> interceptor.accept("report", caller)).doesNotThrowAnyException();
  }

  @Test
  void unlessItSaysOtherwiseTheHandlersResultIsPassedOn() throws Exception {
    // the run is for interceptors that look at it
    assertThat(interceptor.run("report", null, () -> "result")).isEqualTo("result");
  }
}
