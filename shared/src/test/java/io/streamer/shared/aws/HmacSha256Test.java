package io.streamer.shared.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.GeneralSecurityException;
import java.util.Random;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class HmacSha256Test {

  @Test
  void itIsWhatTheJdkMakesOfKeysAndDataOfAnyLength() throws GeneralSecurityException {
    var random = new Random(1);
    for (int keyBytes = 1; keyBytes <= 200; keyBytes++) {
      var key = new byte[keyBytes];
      random.nextBytes(key);
      for (int dataBytes : new int[] {0, 1, 55, 56, 63, 64, 65, 119, 128, 1000}) {
        var data = new byte[dataBytes];
        random.nextBytes(data);
        var mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        assertThat(HmacSha256.of(key, data))
            .as("%s bytes of key, %s of data", keyBytes, dataBytes)
            .isEqualTo(mac.doFinal(data));
      }
    }
  }
}
