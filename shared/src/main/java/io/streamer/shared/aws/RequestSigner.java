package io.streamer.shared.aws;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;

/**
 * Signs requests that have no query, by AWS's Signature Version 4 (IAM user guide, "Create a signed
 * AWS API request"). Safe for all threads.
 */
public final class RequestSigner {
  private static final String ALGORITHM = "AWS4-HMAC-SHA256";
  private static final String END = "aws4_request";
  private static final HexFormat HEX = HexFormat.of();
  private static final HexFormat ESCAPED = HexFormat.of().withUpperCase();

  private final String service;
  private final String region;
  private volatile @Nullable Key latest;

  /** What signatures of one day are made with. */
  private static final class Key {
    private final String secret;
    private final String day;
    private final byte[] bytes;

    Key(String secret, String day, byte[] bytes) {
      this.secret = secret;
      this.day = day;
      this.bytes = bytes;
    }

    boolean isOf(String secret, String day) {
      return this.secret.equals(secret) && this.day.equals(day);
    }
  }

  /** For a service of a region, by the name it has in signatures. */
  public RequestSigner(String service, String region) {
    this.service = service;
    this.region = region;
  }

  /**
   * The headers of a request, all but its length. With credentials that have no keys it is not
   * signed.
   *
   * @param at whose scheme, host and port are meant
   * @param path as it stands on the wire
   * @param headers those that are signed besides, without needless spaces in their values
   * @param time that it is where the request goes
   */
  public Map<String, List<String>> headers(
      String method,
      URI at,
      String path,
      Map<String, String> headers,
      byte[] body,
      AwsCredentialsIdentity credentials,
      Instant time) {
    var signed = new TreeMap<String, List<String>>(String.CASE_INSENSITIVE_ORDER);
    headers.forEach((name, value) -> signed.put(name, List.of(value)));
    // as the SDK's own anonymous credentials have it
    if (credentials.accessKeyId() == null) {
      return signed;
    }
    var stamp = time.truncatedTo(ChronoUnit.SECONDS).toString().replace("-", "").replace(":", "");
    var day = stamp.substring(0, stamp.indexOf('T'));
    var digest = hash(body);
    signed.put("Host", List.of(host(at)));
    signed.put("X-Amz-Date", List.of(stamp));
    signed.put("x-amz-content-sha256", List.of(digest));
    if (credentials instanceof AwsSessionCredentialsIdentity session) {
      signed.put("X-Amz-Security-Token", List.of(session.sessionToken()));
    }
    var names = new StringJoiner(";");
    var canonical = new StringBuilder(method).append('\n').append(canonical(path)).append("\n\n");
    signed.forEach((name, values) -> {
      var lower = name.toLowerCase(Locale.ROOT);
      names.add(lower);
      canonical.append(lower).append(':').append(values.getFirst()).append('\n');
    });
    canonical.append('\n').append(names).append('\n').append(digest);
    var scope = String.join("/", day, region, service, END);
    var text = String.join("\n", ALGORITHM, stamp, scope, hash(utf8(canonical.toString())));
    var signature = HmacSha256.of(key(credentials.secretAccessKey(), day), utf8(text));
    signed.put(
        "Authorization",
        List.of(
            ALGORITHM
                + " Credential="
                + credentials.accessKeyId()
                + "/"
                + scope
                + ", SignedHeaders="
                + names
                + ", Signature="
                + HEX.formatHex(signature)));
    return signed;
  }

  private byte[] key(String secret, String day) {
    var known = latest;
    if (known == null || !known.isOf(secret, day)) {
      var bytes = utf8("AWS4" + secret);
      for (var part : List.of(day, region, service, END)) {
        bytes = HmacSha256.of(bytes, utf8(part));
      }
      known = new Key(secret, day, bytes);
      latest = known;
    }
    return known.bytes;
  }

  private static String host(URI at) {
    int usual = at.getScheme().equals("https") ? 443 : 80;
    return at.getPort() < 0 || at.getPort() == usual
        ? at.getHost()
        : at.getHost() + ":" + at.getPort();
  }

  /** Normalized, and escaped once more. */
  private static String canonical(String path) {
    var escaped = new StringBuilder();
    for (byte one : utf8(normalized(path))) {
      char c = (char) (one & 0xff);
      if (isUnreserved(c) || c == '/') {
        escaped.append(c);
      } else {
        escaped.append('%').append(ESCAPED.toHexDigits(one));
      }
    }
    return escaped.toString();
  }

  /** Without dots; what ends with dots leaves no slash at its end. */
  private static String normalized(String path) {
    var normalized = URI.create(path).normalize().getRawPath();
    return normalized.length() > 1 && normalized.endsWith("/") && !path.endsWith("/")
        ? normalized.substring(0, normalized.length() - 1)
        : normalized;
  }

  private static boolean isUnreserved(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || "-._~".indexOf(c) >= 0;
  }

  private static String hash(byte[] bytes) {
    return HEX.formatHex(HmacSha256.sha256().digest(bytes));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(UTF_8);
  }
}
