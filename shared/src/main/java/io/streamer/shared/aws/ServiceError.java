package io.streamer.shared.aws;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonToken;
import io.streamer.shared.protocol.WireText;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An answer of AWS that is an error, as the SDK tells them apart.
 *
 * @param code its name without a namespace; empty if it says none, as a proxy between does
 * @param message the service's words, cut; empty if there are none
 */
public record ServiceError(int status, String code, String message) {
  private static final JsonFactory JSON =
      JsonFactory.builder()
          // an answer may have a client's names in it: no table of names outlives the text
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .build();

  private static final int MOST_MESSAGE = 300;

  private static final Set<String> THROTTLES =
      Set.of(
          "BandwidthLimitExceeded",
          "EC2ThrottledException",
          "PriorRequestNotComplete",
          "ProvisionedThroughputExceededException",
          "RequestLimitExceeded",
          "RequestThrottled",
          "RequestThrottledException",
          "SlowDown",
          "Throttling",
          "ThrottledException",
          "ThrottlingException",
          "TooManyRequestsException",
          "TransactionInProgressException");

  private static final Set<String> PASSING =
      Set.of("InternalError", "RequestTimeout", "RequestTimeoutException");

  private static final Set<String> SKEWED =
      Set.of("RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture");

  /** They mean a wrong clock or a wrong key. */
  private static final Set<String> PERHAPS_SKEWED =
      Set.of("InvalidSignatureException", "SignatureDoesNotMatch", "AuthFailure");

  private static final Set<String> STALE_CREDENTIALS =
      Set.of("ExpiredTokenException", "ExpiredToken", "UnrecognizedClientException");

  /** What an answer says whose status is no success. */
  public static ServiceError of(HttpReply reply) {
    var read = new Body(reply.body());
    var type = reply.errorType() == null ? read.type : reply.errorType();
    return new ServiceError(
        reply.status(), bare(type == null ? "" : type), WireText.said(read.message, MOST_MESSAGE));
  }

  /** Without the namespace before it and the address behind it. */
  private static String bare(String type) {
    int end = type.indexOf(':');
    var name = end < 0 ? type : type.substring(0, end);
    return name.substring(name.indexOf('#') + 1).strip();
  }

  private static final class Body {
    @Nullable String type;
    @Nullable String message;

    Body(byte[] body) {
      try (var json = JSON.createParser(body)) {
        if (json.nextToken() != JsonToken.START_OBJECT) {
          return;
        }
        while (json.nextToken() == JsonToken.FIELD_NAME) {
          var name = json.currentName();
          json.nextToken();
          switch (name) {
            case "__type", "code" -> type = json.getValueAsString();
            case "message", "Message", "errorMessage" -> message = json.getValueAsString();
            default -> json.skipChildren();
          }
        }
      } catch (IOException _) {
        // not the service's own words: the status says enough
      }
    }
  }

  boolean isThrottle() {
    return status == 429 || THROTTLES.contains(code);
  }

  /** Whether the same request may work later, and whoever asked is told so. */
  public boolean passes() {
    // control-plane limits and throttling say 400, as a request that can never work does
    return status >= 500 || isThrottle() || code.equals("LimitExceededException");
  }

  /** Whether another try may help at once. */
  boolean isRetryable() {
    return isThrottle()
        || PASSING.contains(code)
        || status == 500
        || status == 502
        || status == 503
        || status == 504;
  }

  boolean isSkewed() {
    return SKEWED.contains(code);
  }

  boolean isPerhapsSkewed() {
    return PERHAPS_SKEWED.contains(code) || status == 401 || status == 403;
  }

  /** Whether others than the credentials known may work. */
  boolean isOfStaleCredentials() {
    return STALE_CREDENTIALS.contains(code);
  }

  /** For logs: what the service says, and never what it was sent. */
  public String told() {
    return status + (code.isEmpty() ? "" : " " + code) + (message.isEmpty() ? "" : ": " + message);
  }
}
