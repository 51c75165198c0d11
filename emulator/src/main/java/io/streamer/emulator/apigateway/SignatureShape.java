package io.streamer.emulator.apigateway;

import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Whether an {@code Authorization} header could be a Signature Version 4 for {@code execute-api};
 * the signature itself is not checked.
 */
final class SignatureShape {
  private static final Pattern SCOPED =
      Pattern.compile(
          "AWS4-HMAC-SHA256 +Credential=[^/,\\s]{1,128}/\\d{8}/[a-z0-9-]{1,32}/([a-z0-9-]{1,64})"
              + "/aws4_request,\\s*SignedHeaders=[a-z0-9;_-]{1,2048},\\s*Signature=[0-9a-f]{64}");

  private SignatureShape() {}

  /** An error type with its message. */
  record Refusal(String type, String message) {}

  /** Why the header would not do; empty if it could. */
  static Optional<Refusal> check(@Nullable String authorization) {
    if (authorization == null || authorization.isBlank()) {
      return Optional.of(
          new Refusal("MissingAuthenticationTokenException", "Missing Authentication Token"));
    }
    var scoped = SCOPED.matcher(authorization);
    if (!scoped.matches()) {
      return Optional.of(
          new Refusal(
              "IncompleteSignatureException",
              "Authorization header requires 'Credential', 'Signature' and 'SignedHeaders'"
                  + " parameters"));
    }
    return scoped.group(1).equals("execute-api")
        ? Optional.empty()
        : Optional.of(
            new Refusal(
                "InvalidSignatureException",
                "Credential should be scoped to correct service: 'execute-api'"));
  }
}
