package io.streamer.worker.aws;

import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.InvocationType;

/** Invokes by the AWS SDK's client. */
final class SdkJobInvoker implements JobInvoker {
  private final LambdaClient lambda;
  private final String name;

  /**
   * By a client.
   *
   * @param lambda is closed with it
   * @param name the function's, its ARN, or either with an alias
   */
  SdkJobInvoker(LambdaClient lambda, String name) {
    this.lambda = lambda;
    this.name = name;
  }

  @Override
  public void invoke(byte[] event) {
    try {
      lambda.invoke(request ->
          request
              .functionName(name)
              .invocationType(InvocationType.EVENT)
              .payload(SdkBytes.fromByteArray(event)));
    } catch (SdkException e) {
      throw new NotInvokedException(e.toString(), e);
    }
  }

  @Override
  public void close() {
    lambda.close();
  }
}
