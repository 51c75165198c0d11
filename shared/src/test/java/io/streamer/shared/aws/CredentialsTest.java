package io.streamer.shared.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

class CredentialsTest {
  private static final Duration LIFE = Duration.ofMinutes(30);

  private final AtomicInteger asked = new AtomicInteger();
  private Instant now = Instant.parse("2026-05-01T12:00:00Z");
  private @Nullable RuntimeException trouble;

  private final Credentials credentials =
      new Credentials(
          () -> {
            if (trouble != null) {
              throw trouble;
            }
            return AwsSessionCredentials.builder()
                .accessKeyId("id" + asked.incrementAndGet())
                .secretAccessKey("secret")
                .sessionToken("token")
                .expirationTime(now.plus(LIFE))
                .build();
          },
          () -> now);

  @Test
  void theyAreLookedUpOnceAndKept() {
    assertThat(credentials.known()).isNull();
    var found = credentials.lookUp(null);
    assertThat(credentials.known()).isSameAs(found);
    assertThat(credentials.lookUp(null)).isSameAs(found);
    assertThat(asked).hasValue(1);
  }

  @Test
  void aMinuteLaterOneIsToldToLookAgainAndOthersGoOn() {
    var found = credentials.lookUp(null);
    assertThat(credentials.due()).isFalse();
    now = now.plusSeconds(61);
    assertThat(credentials.due()).isTrue();
    assertThat(credentials.due()).isFalse();
    assertThat(credentials.known()).isSameAs(found);
    assertThat(credentials.lookUp(found).accessKeyId()).isEqualTo("id2");
    assertThat(credentials.known()).isNotSameAs(found);
  }

  @Test
  void whenTheyEndNobodySignsWithThemAnyMore() {
    credentials.lookUp(null);
    now = now.plus(LIFE).minusSeconds(5);
    assertThat(credentials.known()).isNull();
    assertThat(credentials.lookUp(null).accessKeyId()).isEqualTo("id2");
  }

  @Test
  void aLookThatFailsLeavesThoseThatAreGood() {
    var found = credentials.lookUp(null);
    trouble = new IllegalStateException("nobody there");
    assertThatThrownBy(() -> credentials.lookUp(found)).isSameAs(trouble);
    assertThat(credentials.known()).isSameAs(found);
  }
}
