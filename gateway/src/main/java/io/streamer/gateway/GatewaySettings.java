package io.streamer.gateway;

import io.streamer.gateway.apigateway.IntegrationSettings;
import io.streamer.gateway.auth.AuthSettings;
import io.streamer.gateway.ecs.TaskMetadata;
import io.streamer.gateway.http.TrustedProxies;
import io.streamer.gateway.job.DispatchSettings;
import io.streamer.gateway.signal.SignalSettings;
import io.streamer.shared.blob.BlobSettings;
import io.streamer.shared.push.PushSettings;
import io.streamer.shared.settings.AwsSettings;
import io.streamer.shared.settings.Document;
import io.streamer.shared.settings.Environment;
import io.streamer.shared.settings.Setting;
import io.streamer.shared.settings.SettingsException;
import io.streamer.shared.store.StoreSettings;
import io.streamer.shared.trace.TraceSettings;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The gateway's settings; {@link Setting} says what each means.
 *
 * @param internalAddress the host under which this task is announced; with a port, if that leads to
 *     the internal API in place of its own
 */
public record GatewaySettings(
    String host,
    int port,
    String internalHost,
    int internalPort,
    String internalAddress,
    PushSettings push,
    String nodeId,
    StoreSettings store,
    AuthSettings auth,
    Optional<Document> publishedKeys,
    Duration threshold,
    Optional<Path> handlers,
    int maxMessageBytes,
    int maxMessageRate,
    int maxConnections,
    int maxUserConnections,
    Duration maxLoopLag,
    TrustedProxies proxies,
    Duration heartbeat,
    Duration connectionTtl,
    Duration shutdownGrace,
    Duration stopWatch,
    DispatchSettings dispatch,
    Optional<IntegrationSettings> apiGateway,
    SignalSettings signals,
    TraceSettings traces,
    AwsSettings aws,
    BlobSettings blobs) {
  private static final Pattern WITH_PORT = Pattern.compile("(\\[[^]]+]|[^:]+):\\d{1,5}");
  private static final Duration LONGEST_BEHIND_API_GATEWAY = Duration.ofSeconds(25);

  /**
   * Reads all of them.
   *
   * @throws SettingsException naming the first that is missing, unknown or out of range
   */
  public static GatewaySettings read(Environment environment) {
    environment.refuseUnknown(Setting.names());
    var internalHost = environment.text(Setting.INTERNAL_HOST);
    var push = PushSettings.read(environment);
    if (push.secrets().isEmpty()) {
      throw new SettingsException(
          "the setting STREAMER_INTERNAL_SECRET is missing: it guards the internal API");
    }
    var apiGateway = IntegrationSettings.read(environment, push);
    var connections = environment.whole(Setting.MAX_CONNECTIONS, mostConnections(), 1, 1_000_000);
    return new GatewaySettings(
        environment.text(Setting.HOST),
        environment.whole(Setting.PORT, 0, 65_535),
        internalHost,
        environment.whole(Setting.INTERNAL_PORT, 0, 65_535),
        environment
            .find(Setting.INTERNAL_ADDRESS)
            .orElseGet(() -> ownAddress(internalHost, environment)),
        push,
        environment.find(Setting.NODE_ID).orElseGet(() -> UUID.randomUUID().toString()),
        StoreSettings.read(environment),
        AuthSettings.from(environment),
        environment.find(Setting.PUBLISH_KEYS).map(GatewaySettings::keySet),
        threshold(environment, apiGateway.isPresent()),
        environment.find(Setting.HANDLERS).map(Path::of),
        environment.whole(Setting.MAX_MESSAGE_BYTES, 4_096, 131_072),
        environment.whole(Setting.MAX_MESSAGE_RATE, 1, 1_000_000),
        connections,
        // whatever one user does, others have places too
        environment.whole(Setting.MAX_USER_CONNECTIONS, Math.max(1, connections / 2), 1, 1_000_000),
        environment.positive(Setting.MAX_LOOP_LAG),
        TrustedProxies.of(
            Setting.TRUSTED_PROXIES.variable(), environment.list(Setting.TRUSTED_PROXIES)),
        environment.positive(Setting.HEARTBEAT),
        environment.positive(Setting.CONNECTION_TTL),
        environment.positive(Setting.SHUTDOWN_GRACE),
        environment.duration(Setting.STOP_WATCH),
        DispatchSettings.read(environment),
        apiGateway,
        SignalSettings.read(environment),
        TraceSettings.read(environment),
        AwsSettings.read(environment),
        BlobSettings.read(environment));
  }

  /**
   * Where others reach this task's internal API.
   *
   * @param port the one it listens on
   */
  String announced(int port) {
    return WITH_PORT.matcher(internalAddress).matches()
        ? internalAddress
        : internalAddress + ":" + port;
  }

  /** As many as the heap holds: one that is open and used now and then takes up to 16 KB of it. */
  private static int mostConnections() {
    return (int) Math.min(50_000, Runtime.getRuntime().maxMemory() / (16 * 1024));
  }

  private static Duration threshold(Environment environment, boolean apiGateway) {
    var threshold = environment.positive(Setting.SYNC_THRESHOLD);
    if (apiGateway && threshold.compareTo(LONGEST_BEHIND_API_GATEWAY) > 0) {
      throw new SettingsException(
          "the setting STREAMER_SYNC_THRESHOLD is at most 25s behind API Gateway, which waits 29 s"
              + " for an answer");
    }
    return threshold;
  }

  private static Document keySet(String value) {
    var document = Document.of(value);
    if (document instanceof Document.Inline(var text) && !text.startsWith("{")) {
      throw new SettingsException(
          "the setting STREAMER_PUBLISH_KEYS is a file or a JWKS, {\"keys\":…}");
    }
    return document;
  }

  private static String ownAddress(String internalHost, Environment environment) {
    if (!internalHost.equals("0.0.0.0")) {
      return internalHost;
    }
    // a hostname leads to the task's own address only if its VPC gives out DNS names
    return TaskMetadata.of(environment)
        .flatMap(TaskMetadata::ownAddress)
        .orElseGet(GatewaySettings::hostAddress);
  }

  private static String hostAddress() {
    try {
      return InetAddress.getLocalHost().getHostAddress();
    } catch (UnknownHostException e) {
      throw new SettingsException(
          "this host does not know its own address; set STREAMER_INTERNAL_ADDRESS");
    }
  }
}
