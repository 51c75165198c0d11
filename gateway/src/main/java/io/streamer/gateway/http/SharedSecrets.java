package io.streamer.gateway.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.function.Supplier;

/** Secrets that a caller may show in a header; two while one takes the other's place. */
public final class SharedSecrets {
  private final Supplier<List<String>> secrets;

  /**
   * Those of a moment.
   *
   * @param secrets asked for at each look
   */
  public SharedSecrets(Supplier<List<String>> secrets) {
    this.secrets = secrets;
  }

  /**
   * Whether what was shown is one of them; takes as long for each wrong one of a length.
   *
   * @param shown every value of the header: more than one is none
   */
  public boolean include(List<String> shown) {
    if (shown.size() != 1) {
      return false;
    }
    var bytes = shown.getFirst().getBytes(StandardCharsets.UTF_8);
    boolean known = false;
    for (var secret : secrets.get()) {
      known |= MessageDigest.isEqual(bytes, secret.getBytes(StandardCharsets.UTF_8));
    }
    return known;
  }
}
