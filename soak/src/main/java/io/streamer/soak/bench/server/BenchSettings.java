package io.streamer.soak.bench.server;

import io.streamer.local.token.DevKey;
import io.streamer.soak.bench.stub.StubStore;
import io.streamer.soak.bench.token.BenchKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The settings of a gateway whose tables are a stub. */
public final class BenchSettings {
  private BenchSettings() {}

  /**
   * Them, with the handlers of {@link ActionsJar}.
   *
   * @param scratch where the keys and the handlers are
   */
  public static Map<String, String> of(BenchKeys keys, Path scratch, StubStore store)
      throws IOException {
    var file = scratch.resolve("jwks.json");
    Files.writeString(file, keys.jwks());
    var settings = new HashMap<String, String>();
    settings.put("STREAMER_HANDLERS", scratch.resolve("handlers").toString());
    settings.put("STREAMER_HOST", "127.0.0.1");
    settings.put("STREAMER_INTERNAL_HOST", "127.0.0.1");
    settings.put("STREAMER_INTERNAL_SECRET", "bench");
    settings.put("STREAMER_TOKEN_KEYS", file.toString());
    settings.put("STREAMER_TOKEN_ISSUER", DevKey.ISSUER);
    settings.put("STREAMER_TOKEN_AUDIENCE", DevKey.AUDIENCE);
    settings.put("STREAMER_BUCKET", "bench");
    // all sockets are one user's
    settings.put("STREAMER_MAX_CONNECTIONS", "50000");
    settings.put("STREAMER_MAX_USER_CONNECTIONS", "50000");
    settings.put("STREAMER_MAX_MESSAGE_RATE", "1000000");
    settings.put("AWS_ENDPOINT_URL_DYNAMODB", store.address().toString());
    settings.put("AWS_REGION", "us-east-1");
    settings.put("AWS_ACCESS_KEY_ID", "bench");
    settings.put("AWS_SECRET_ACCESS_KEY", "bench");
    return settings;
  }
}
