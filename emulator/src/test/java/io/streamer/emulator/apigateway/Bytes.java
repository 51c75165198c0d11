package io.streamer.emulator.apigateway;

import software.amazon.awssdk.core.SdkBytes;

/** Text as the SDK takes it. */
final class Bytes {
  private Bytes() {}

  static SdkBytes of(String text) {
    return SdkBytes.fromUtf8String(text);
  }
}
