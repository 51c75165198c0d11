package io.streamer.gateway.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is taken apart of a stranger's token. */
class CompactTokenTest {
  private static final String HEADER = "{\"alg\":\"RS256\"}";

  @ParameterizedTest
  @ValueSource(ints = {1, 64, 256})
  void namesOfClaimsMayBeAsLongAsUrls(int length) {
    var claims = "{\"%s\":1}".formatted("n".repeat(length));
    assertThat(CompactToken.parse(token(HEADER, claims))).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{\"%s\":1}", "{\"sub\":\"ann\",\"%s\":1}", "{\"sub\":{\"deep\":[{\"%s\":1}]}}"})
  void namesThatNobodyNeedsAreNotKept(String form) {
    var invented = form.formatted("n".repeat(257));
    assertThat(CompactToken.parse(token(HEADER, invented))).isEmpty();
    assertThat(CompactToken.parse(token(invented, "{}"))).isEmpty();
  }

  private static String token(String header, String claims) {
    return encoded(header) + "." + encoded(claims) + "." + encoded("s".repeat(256));
  }

  private static String encoded(String text) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(UTF_8));
  }
}
