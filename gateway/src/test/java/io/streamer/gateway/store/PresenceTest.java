package io.streamer.gateway.store;

import static io.streamer.gateway.store.Presence.AWAY_AFTER;
import static io.streamer.gateway.store.Presence.BACK_AFTER;
import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.gateway.store.StoreListener.Ending;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

class PresenceTest {
  private final Presence presence = new Presence(InstantSource.system());

  private void calls(Ending ending, int times) {
    for (int i = 0; i < times; i++) {
      presence.over(ending, 1);
    }
  }

  @Test
  void severalCallsInARowDecideAndNotOne() {
    calls(Ending.UNANSWERED, AWAY_AFTER - 1);
    assertThat(presence.isAway()).isFalse();
    calls(Ending.UNANSWERED, 1);
    assertThat(presence.isAway()).isTrue();

    calls(Ending.ANSWERED, BACK_AFTER - 1);
    assertThat(presence.isAway()).isTrue();
    calls(Ending.ANSWERED, 1);
    assertThat(presence.isAway()).isFalse();
  }

  @Test
  void whatComesBetweenBeginsTheCountAnew() {
    for (int i = 0; i < 3; i++) {
      calls(Ending.UNANSWERED, AWAY_AFTER - 1);
      calls(Ending.ANSWERED, 1);
    }
    assertThat(presence.isAway()).isFalse();

    calls(Ending.UNANSWERED, AWAY_AFTER);
    for (int i = 0; i < 3; i++) {
      calls(Ending.ANSWERED, BACK_AFTER - 1);
      calls(Ending.UNANSWERED, 1);
    }
    assertThat(presence.isAway()).isTrue();
  }

  @Test
  void whoThrottlesOrRefusesIsThere() {
    calls(Ending.REFUSED, 3 * AWAY_AFTER);
    assertThat(presence.isAway()).isFalse();

    calls(Ending.UNANSWERED, AWAY_AFTER);
    calls(Ending.REFUSED, BACK_AFTER);
    assertThat(presence.isAway()).isFalse();
  }
}
