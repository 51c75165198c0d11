package io.streamer.cli.option;

import io.streamer.shared.settings.Durations;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The texts that options take, and what is wrong with those they do not. */
public final class OptionTexts {

  private OptionTexts() {}

  public static final class DurationText implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
      try {
        return Durations.parse(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }

  public static final class ObjectText implements ITypeConverter<JsonObject> {
    @Override
    public JsonObject convert(String text) {
      try {
        if (Json.decodeValue(text) instanceof JsonObject object) {
          return object;
        }
      } catch (DecodeException _) {
        // answered below, like JSON that is no object
      }
      throw new TypeConversionException("this is no JSON object: " + text);
    }
  }

  public static final class WebSocketUrl implements ITypeConverter<URI> {
    @Override
    public URI convert(String text) {
      try {
        var url = new URI(text);
        var scheme = String.valueOf(url.getScheme());
        if ((scheme.equals("ws") || scheme.equals("wss"))
            && url.getHost() != null
            && url.getFragment() == null) {
          return url;
        }
      } catch (URISyntaxException _) {
        // answered below, like a URL of another kind
      }
      throw new TypeConversionException(
          "a WebSocket URL is like ws://127.0.0.1:8081/ws, not " + text);
    }
  }
}
