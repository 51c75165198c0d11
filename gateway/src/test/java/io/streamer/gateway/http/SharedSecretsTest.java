package io.streamer.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SharedSecretsTest {
  private final SharedSecrets secrets =
      new SharedSecrets(() -> List.of("between-us", "the-one-before"));

  @ParameterizedTest
  @ValueSource(strings = {"between-us", "the-one-before"})
  void eachOfThemCounts(String shown) {
    assertThat(secrets.include(List.of(shown))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "between", "between-us ", "Between-us", "between-us,the-one-before"})
  void whatIsNoneOfThemDoesNot(String shown) {
    assertThat(secrets.include(List.of(shown))).isFalse();
  }

  @Test
  void noneOrMoreThanOneIsNone() {
    assertThat(secrets.include(List.of())).isFalse();
    assertThat(secrets.include(List.of("between-us", "between-us"))).isFalse();
    assertThat(secrets.include(List.of("between-us", "wrong"))).isFalse();
  }

  @Test
  void withoutSecretsNothingCounts() {
    assertThat(new SharedSecrets(List::of).include(List.of(""))).isFalse();
  }
}
