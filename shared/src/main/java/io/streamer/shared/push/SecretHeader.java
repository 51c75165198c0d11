package io.streamer.shared.push;

import java.util.function.Supplier;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpRequest;

/** Shows a node the internal secret, as it is when the call is made. */
public final class SecretHeader implements ExecutionInterceptor {
  private final Supplier<String> secret;

  /**
   * A header.
   *
   * @param secret empty for none
   */
  public SecretHeader(Supplier<String> secret) {
    this.secret = secret;
  }

  @Override
  public SdkHttpRequest modifyHttpRequest(
      Context.ModifyHttpRequest context, ExecutionAttributes attributes) {
    var now = secret.get();
    return now.isEmpty()
        ? context.httpRequest()
        : context.httpRequest().toBuilder().putHeader(PushClient.SECRET_HEADER, now).build();
  }
}
