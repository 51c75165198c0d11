package io.streamer.shared.table;

import software.amazon.awssdk.core.exception.SdkClientException;

/** What an SDK client says of trouble on the way, for logs. */
public final class SdkTrouble {
  private SdkTrouble() {}

  /** Its message, or else its name and its cause. */
  public static String of(SdkClientException e) {
    if (e.rawMessage() != null) {
      return String.valueOf(e.getMessage());
    }
    var name = e.getClass().getSimpleName();
    return e.getCause() == null ? name : name + ": " + e.getCause();
  }
}
