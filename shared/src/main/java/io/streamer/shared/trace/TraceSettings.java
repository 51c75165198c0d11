package io.streamer.shared.trace;

import io.streamer.shared.settings.AwsSettings;
import io.streamer.shared.settings.Environment;
import io.streamer.shared.settings.Setting;
import io.streamer.shared.settings.SettingsException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where spans go and how many: the same for gateway and worker.
 *
 * @param endpoint of a collector that takes OTLP over HTTP, without {@code /v1/traces}; nothing is
 *     traced without one
 * @param headers sent with each export; may be secrets
 * @param ratio of the requests without a traceparent that are traced, 0 to 1
 */
public record TraceSettings(Optional<URI> endpoint, Map<String, String> headers, double ratio) {
  private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9!#$&'*+.^_`|~-]{1,128}");
  private static final Pattern RATIO = Pattern.compile("0|1|[01]?\\.\\d{1,9}");

  public TraceSettings {
    headers = Map.copyOf(headers);
  }

  /**
   * Reads all three.
   *
   * @throws SettingsException if the endpoint is no address, a header has no fitting name or value,
   *     or the ratio is not from 0 to 1
   */
  public static TraceSettings read(Environment environment) {
    return new TraceSettings(
        environment.find(Setting.TRACES_ENDPOINT).map(TraceSettings::endpoint),
        headers(environment),
        ratio(environment.text(Setting.TRACES_RATIO)));
  }

  private static URI endpoint(String text) {
    var uri = AwsSettings.address(Setting.TRACES_ENDPOINT.variable(), text);
    var http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
    if (!http || uri.getUserInfo() != null || uri.getQuery() != null || uri.getFragment() != null) {
      throw new SettingsException(
          "the setting "
              + Setting.TRACES_ENDPOINT
              + " is an address such as http://localhost:4318: http or https, a host and a path"
              + " alone");
    }
    // the path of the call follows
    return URI.create(text.replaceAll("/+$", ""));
  }

  private static Map<String, String> headers(Environment environment) {
    var headers = new LinkedHashMap<String, String>();
    for (var entry : environment.list(Setting.TRACES_HEADERS)) {
      int equals = entry.indexOf('=');
      var name = equals < 0 ? "" : entry.substring(0, equals).strip();
      if (!HEADER.matcher(name).matches()) {
        // without the entry, which may be a secret
        throw headersAreWrong();
      }
      headers.put(name, value(entry.substring(equals + 1).strip()));
    }
    return headers;
  }

  /** OpenTelemetry has them percent-encoded. */
  private static String value(String encoded) {
    try {
      var text = URLDecoder.decode(encoded.replace("+", "%2B"), StandardCharsets.UTF_8);
      if (text.chars().allMatch(c -> c >= ' ' && c < 127)) {
        return text;
      }
    } catch (IllegalArgumentException _) {
      // answered below, like a value that no header may have
    }
    throw headersAreWrong();
  }

  private static SettingsException headersAreWrong() {
    return new SettingsException(
        "the setting "
            + Setting.TRACES_HEADERS
            + " is a comma list of name=value with the names of headers and percent-encoded"
            + " values");
  }

  private static double ratio(String text) {
    if (RATIO.matcher(text).matches()) {
      var ratio = Double.parseDouble(text);
      if (ratio <= 1) {
        return ratio;
      }
    }
    throw new SettingsException(
        "the setting " + Setting.TRACES_RATIO + " is a number from 0 to 1, not \"" + text + "\"");
  }

  /** Without the headers, which must reach no log. */
  @Override
  public String toString() {
    return "TraceSettings[" + endpoint + ", " + ratio + "]";
  }
}
