package io.streamer.shared.hold;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LeaseTest {
  private final Lease lease = new Lease(Duration.ofSeconds(60), 1_000);

  @Test
  void itIsRenewedAfterAThirdWithoutAWrite() {
    assertThat(lease.renewalDue(20_999)).isFalse();
    assertThat(lease.renewalDue(21_000)).isTrue();

    lease.written(15_000);
    assertThat(lease.renewalDue(34_999)).isFalse();
    assertThat(lease.renewalDue(35_000)).isTrue();
  }

  @Test
  void aFailedRenewalIsTriedAgainASecondLater() {
    lease.failed(21_300);
    assertThat(lease.renewalDue(22_299)).isFalse();
    assertThat(lease.renewalDue(22_300)).isTrue();

    lease.written(22_300);
    assertThat(lease.renewalAt()).isEqualTo(42_300);
  }

  @Test
  void itIsLostAfterThreeQuarters() {
    assertThat(lease.lost(45_999)).isFalse();
    assertThat(lease.lost(46_000)).isTrue();
    assertThat(lease.endsAt()).isEqualTo(61_000);
  }
}
