package io.streamer.emulator.s3;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Checks Signature Version 4, in the header or in the query, for one key pair.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html">
 *     how requests are signed</a>
 */
final class S3Signatures {
  private static final String ALGORITHM = "AWS4-HMAC-SHA256";
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final Duration SKEW = Duration.ofMinutes(15);
  private static final long LONGEST_SECONDS = 604_800;
  private static final String SIGNATURE = "X-Amz-Signature";

  private final String keyId;
  private final String secret;
  private final InstantSource clock;

  S3Signatures(String keyId, String secret, InstantSource clock) {
    this.keyId = keyId;
    this.secret = secret;
    this.clock = clock;
  }

  /** What a signature says of itself. */
  private record Claim(
      String scope, String time, List<String> headers, String payload, String signature) {}

  /**
   * Checks who asks.
   *
   * @throws S3Error.Refused as S3 would
   */
  void check(S3Request request) {
    var claim = request.parameter(SIGNATURE).isPresent() ? ofQuery(request) : ofHeader(request);
    var scope = claim.scope().split("/", -1);
    if (scope.length != 5 || !scope[3].equals("s3") || !scope[4].equals("aws4_request")) {
      throw S3Error.refused(
          400, "AuthorizationHeaderMalformed", "The credential is malformed: " + claim.scope());
    }
    if (!scope[0].equals(keyId)) {
      throw S3Error.refused(
          403,
          "InvalidAccessKeyId",
          "The AWS Access Key Id you provided does not exist in our records.");
    }
    if (!claim.headers().contains("host")) {
      throw S3Error.denied("There were headers present in the request which were not signed");
    }
    var expected = signature(request, claim, scope);
    if (!MessageDigest.isEqual(
        expected.getBytes(StandardCharsets.US_ASCII),
        claim.signature().getBytes(StandardCharsets.US_ASCII))) {
      throw S3Error.refused(
          403,
          "SignatureDoesNotMatch",
          "The request signature we calculated does not match the signature you provided."
              + " Check your key and signing method.");
    }
  }

  private Claim ofQuery(S3Request request) {
    var date = needed(request, "X-Amz-Date");
    var seconds = needed(request, "X-Amz-Expires");
    if (!seconds.matches("\\d{1,6}")
        || Long.parseLong(seconds) < 1
        || Long.parseLong(seconds) > LONGEST_SECONDS) {
      throw S3Error.refused(
          400,
          "AuthorizationQueryParametersError",
          "X-Amz-Expires must be between 1 and 604800 seconds");
    }
    if (!needed(request, "X-Amz-Algorithm").equals(ALGORITHM)) {
      throw S3Error.refused(
          400, "AuthorizationQueryParametersError", "X-Amz-Algorithm only supports " + ALGORITHM);
    }
    var signed = time(date);
    if (clock.instant().isBefore(signed.minus(SKEW))) {
      throw S3Error.denied("Request is not yet valid");
    }
    if (!clock.instant().isBefore(signed.plusSeconds(Long.parseLong(seconds)))) {
      throw S3Error.denied("Request has expired");
    }
    return new Claim(
        needed(request, "X-Amz-Credential"),
        date,
        Arrays.asList(needed(request, "X-Amz-SignedHeaders").split(";", -1)),
        "UNSIGNED-PAYLOAD",
        needed(request, SIGNATURE));
  }

  private Claim ofHeader(S3Request request) {
    var authorization = request.header("authorization").orElse("");
    if (!authorization.startsWith(ALGORITHM + " ")) {
      throw S3Error.denied("Access Denied");
    }
    var date = request.header("x-amz-date").orElse("");
    if (Duration.between(time(date), clock.instant()).abs().compareTo(SKEW) > 0) {
      throw S3Error.refused(
          403,
          "RequestTimeTooSkewed",
          "The difference between the request time and the current time is too large.");
    }
    return new Claim(
        part(authorization, "Credential"),
        date,
        Arrays.asList(part(authorization, "SignedHeaders").split(";", -1)),
        request.header("x-amz-content-sha256").orElse(""),
        part(authorization, "Signature"));
  }

  private String signature(S3Request request, Claim claim, String[] scope) {
    var query =
        request.query().entrySet().stream()
            .filter(parameter -> !parameter.getKey().equals(SIGNATURE))
            .map(parameter ->
                S3Request.encoded(parameter.getKey(), false)
                    + "="
                    + S3Request.encoded(parameter.getValue(), false))
            .sorted()
            .collect(Collectors.joining("&"));
    var headers =
        claim.headers().stream()
            .map(name -> name + ":" + spaced(request.header(name)) + "\n")
            .collect(Collectors.joining());
    var canonical =
        String.join(
            "\n",
            request.method(),
            S3Request.encoded(request.path(), true),
            query,
            headers,
            String.join(";", claim.headers()),
            claim.payload());
    var toSign =
        String.join(
            "\n",
            ALGORITHM,
            claim.time(),
            String.join("/", scope[1], scope[2], scope[3], scope[4]),
            sha256(canonical));
    byte[] key = ("AWS4" + secret).getBytes(StandardCharsets.UTF_8);
    for (var step : List.of(scope[1], scope[2], scope[3], scope[4], toSign)) {
      key = hmac(key, step);
    }
    return HexFormat.of().formatHex(key);
  }

  private static String needed(S3Request request, String name) {
    return request
        .parameter(name)
        .orElseThrow(() ->
            S3Error.refused(
                400,
                "AuthorizationQueryParametersError",
                "Query-string authentication version 4 requires the " + name + " parameter"));
  }

  private static String part(String authorization, String name) {
    for (var part : authorization.substring(ALGORITHM.length()).split(",", -1)) {
      if (part.strip().startsWith(name + "=")) {
        return part.strip().substring(name.length() + 1);
      }
    }
    throw S3Error.refused(
        400, "AuthorizationHeaderMalformed", "The authorization header lacks " + name);
  }

  private static Instant time(String text) {
    try {
      return TIME.parse(text, Instant::from);
    } catch (DateTimeParseException _) {
      throw S3Error.denied("AWS authentication requires a valid Date or x-amz-date");
    }
  }

  private static String spaced(Optional<String> value) {
    return value.orElse("").replaceAll(" +", " ");
  }

  private static String sha256(String text) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }

  private static byte[] hmac(byte[] key, String text) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has HmacSHA256", e);
    }
  }
}
