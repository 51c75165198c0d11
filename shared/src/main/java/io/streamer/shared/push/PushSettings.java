package io.streamer.shared.push;

import io.streamer.shared.settings.AwsSettings;
import io.streamer.shared.settings.Environment;
import io.streamer.shared.settings.Setting;
import io.streamer.shared.settings.SettingsException;
import io.streamer.shared.settings.Transport;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * How connections are reached: the same for gateway and worker.
 *
 * @param secrets of the gateway nodes' internal API, or ARNs of such: the first is sent, all are
 *     accepted
 * @param apis where the {@code @connections} API of each WebSocket API is, by alias {@code
 *     api:<name>}
 * @param transport how pushes get there
 */
public record PushSettings(List<String> secrets, Map<String, URI> apis, Transport transport) {
  private static final Setting API_ENDPOINTS = Setting.API_ENDPOINTS;
  private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,32}");

  public PushSettings {
    secrets = List.copyOf(secrets);
    apis = Map.copyOf(apis);
  }

  /**
   * Reads all of them.
   *
   * @throws SettingsException if an API has no fitting name, no address or comes twice, or a
   *     setting is none of its words
   */
  public static PushSettings read(Environment environment) {
    var apis = new LinkedHashMap<String, URI>();
    for (var entry : environment.list(API_ENDPOINTS)) {
      int equals = entry.indexOf('=');
      var name = equals < 0 ? "" : entry.substring(0, equals).strip();
      if (!NAME.matcher(name).matches()) {
        throw new SettingsException(
            "the setting "
                + API_ENDPOINTS
                + " is a comma list of name=URL with names of 1 to 32 of a-z, 0-9 and -, not \""
                + entry
                + "\"");
      }
      if (apis.put(Endpoints.API + name, endpoint(entry.substring(equals + 1).strip())) != null) {
        throw new SettingsException("the setting " + API_ENDPOINTS + " names " + name + " twice");
      }
    }
    return new PushSettings(
        environment.list(Setting.INTERNAL_SECRET),
        apis,
        Transport.read(environment, Setting.PUSH_TRANSPORT));
  }

  private static URI endpoint(String text) {
    var uri = AwsSettings.address(API_ENDPOINTS.variable(), text);
    var http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
    if (!http || uri.getUserInfo() != null || uri.getQuery() != null || uri.getFragment() != null) {
      throw new SettingsException(
          "the setting "
              + API_ENDPOINTS
              + " takes addresses such as"
              + " https://a1b2c3.execute-api.eu-west-1.amazonaws.com/live: http or https, a host"
              + " and a path alone");
    }
    // the path of the call follows
    return text.endsWith("/") ? URI.create(text.replaceAll("/+$", "")) : uri;
  }

  /** The alias of a WebSocket API, as connections and jobs name it. */
  public static String alias(String apiName) {
    return Endpoints.API + apiName;
  }

  /** Without the secrets, which must reach no log. */
  @Override
  public String toString() {
    return "PushSettings[" + apis + "]";
  }
}
