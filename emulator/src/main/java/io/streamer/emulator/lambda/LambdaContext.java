package io.streamer.emulator.lambda;

import com.amazonaws.services.lambda.runtime.ClientContext;
import com.amazonaws.services.lambda.runtime.CognitoIdentity;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import io.streamer.emulator.aws.LocalAws;
import io.streamer.emulator.aws.Timekeeper;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * What a function learns about its invocation; the time left is counted down to {@code deadline}.
 */
final class LambdaContext implements Context {
  /** The only version there is locally. */
  static final String VERSION = "$LATEST";

  private static final int MEMORY_MB = 1024;

  private final String function;
  private final String requestId;
  private final Instant deadline;
  private final Timekeeper time;

  LambdaContext(String function, String requestId, Instant deadline, Timekeeper time) {
    this.function = function;
    this.requestId = requestId;
    this.deadline = deadline;
    this.time = time;
  }

  @Override
  public String getAwsRequestId() {
    return requestId;
  }

  @Override
  public String getLogGroupName() {
    return "/aws/lambda/" + function;
  }

  @Override
  public String getLogStreamName() {
    return "local/[" + VERSION + "]";
  }

  @Override
  public String getFunctionName() {
    return function;
  }

  @Override
  public String getFunctionVersion() {
    return VERSION;
  }

  @Override
  public String getInvokedFunctionArn() {
    return LocalAws.functionArn(function);
  }

  @Override
  public @Nullable CognitoIdentity getIdentity() {
    return null;
  }

  @Override
  public @Nullable ClientContext getClientContext() {
    return null;
  }

  @Override
  public int getRemainingTimeInMillis() {
    return (int) Math.max(0, Duration.between(time.now(), deadline).toMillis());
  }

  @Override
  public int getMemoryLimitInMB() {
    return MEMORY_MB;
  }

  @Override
  public LambdaLogger getLogger() {
    var log = LoggerFactory.getLogger("lambda." + function);
    return new LambdaLogger() {
      @Override
      public void log(String message) {
        log.info("{} {}", requestId, message.stripTrailing());
      }

      @Override
      public void log(byte[] message) {
        log(new String(message, StandardCharsets.UTF_8));
      }
    };
  }
}
