package io.streamer.shared.push;

import io.streamer.shared.job.Route;
import io.streamer.shared.table.StoreUnavailableException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.apigatewaymanagementapi.ApiGatewayManagementApiClient;
import software.amazon.awssdk.services.apigatewaymanagementapi.model.ApiGatewayManagementApiException;

/**
 * Speaks the {@code @connections} API to whoever holds a connection: API Gateway, or one of our
 * nodes. Each call blocks and is tried once; who calls knows whether a frame is worth another try.
 */
public final class PushClient implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PushClient.class);

  /** Of calls to our own nodes. */
  public static final String SECRET_HEADER = "X-Streamer-Internal";

  /** Nodes come and go, and so do their addresses. */
  private static final int MOST_CLIENTS = 256;

  /** Nodes that were not reached, none having been before: one alone may just have ended. */
  private static final int CUT_OFF_AFTER = 3;

  private final Endpoints endpoints;
  private final SecretHeader secret;
  private final Region region;
  private final Door nodes;
  private final Door apis;
  private final ScheduledExecutorService timeouts =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("push-timeouts").factory());
  private final AtomicInteger unreached = new AtomicInteger();
  private volatile boolean reached;
  private final Map<URI, ApiGatewayManagementApiClient> clients = new ConcurrentHashMap<>();

  /** What differs between our nodes and API Gateway. */
  private record Door(Duration timeout, SdkHttpClient http, AwsCredentialsProvider credentials) {
    static Door of(Duration timeout, AwsCredentialsProvider credentials) {
      // the socket's own timeouts as well: an interrupt does not end a platform thread's read
      var http =
          UrlConnectionHttpClient.builder()
              .connectionTimeout(timeout)
              .socketTimeout(timeout)
              .build();
      return new Door(timeout, http, credentials);
    }
  }

  /**
   * Signs with the process's own credentials.
   *
   * @param internalSecret sent to our own nodes, as it is at each call; empty for none
   * @param region that calls to API Gateway are signed for
   */
  public PushClient(Endpoints endpoints, Supplier<String> internalSecret, String region) {
    this(endpoints, internalSecret, region, DefaultCredentialsProvider.builder().build());
  }

  /**
   * Signs with the credentials given.
   *
   * @param credentials that calls to API Gateway are signed with
   */
  public PushClient(
      Endpoints endpoints,
      Supplier<String> internalSecret,
      String region,
      AwsCredentialsProvider credentials) {
    this.endpoints = endpoints;
    this.secret = new SecretHeader(internalSecret);
    this.region = Region.of(region);
    this.nodes = Door.of(Duration.ofSeconds(1), AnonymousCredentialsProvider.create());
    this.apis = Door.of(Duration.ofSeconds(5), credentials);
  }

  /**
   * Sends one frame. A connection that is said to be gone is closed: should it live all the same,
   * as API Gateway's users have seen, its client would wait for frames that nobody sends any more.
   * One that is {@link Route#CLOSING} gets no frame: it is closed, and is gone then.
   */
  public Pushed post(String endpoint, String connection, byte[] frame) {
    if (endpoint.startsWith(Route.CLOSING)) {
      return switch (disconnect(endpoint, connection)) {
        case Pushed.Delivered _, Pushed.Gone _ -> new Pushed.Gone();
        case Pushed.Failed failed -> failed;
      };
    }
    return call(
        endpoint,
        client -> {
          try {
            client.postToConnection(
                post -> post.connectionId(connection).data(SdkBytes.fromByteArrayUnsafe(frame)));
          } catch (ApiGatewayManagementApiException e) {
            if (Outcomes.gone(e)) {
              close(client, connection);
            }
            throw e;
          }
        });
  }

  private static void close(ApiGatewayManagementApiClient client, String connection) {
    try {
      client.deleteConnection(delete -> delete.connectionId(connection));
    } catch (SdkException e) {
      LOG.debug("connection {} is gone: {}", connection, e.toString());
    }
  }

  /** Asks whether the connection is there. */
  public Pushed probe(String endpoint, String connection) {
    return call(endpoint, client -> client.getConnection(get -> get.connectionId(connection)));
  }

  /** Closes the connection. */
  public Pushed disconnect(String endpoint, String connection) {
    return call(
        endpoint, client -> client.deleteConnection(delete -> delete.connectionId(connection)));
  }

  @Override
  public void close() {
    clients.values().forEach(ApiGatewayManagementApiClient::close);
    nodes.http().close();
    apis.http().close();
    timeouts.shutdownNow();
  }

  private Pushed call(String alias, Consumer<ApiGatewayManagementApiClient> call) {
    var endpoint =
        alias.startsWith(Route.CLOSING) ? alias.substring(Route.CLOSING.length()) : alias;
    Optional<URI> address;
    try {
      address = endpoints.address(endpoint);
    } catch (StoreUnavailableException | CompletionException e) {
      // a lookup that waits for a future gets its failure wrapped
      return new Pushed.Failed(endpoint + " cannot be looked up: " + e.getMessage(), true);
    }
    if (address.isEmpty()) {
      return Outcomes.unknown(endpoint);
    }
    boolean node = endpoint.startsWith(Endpoints.NODE);
    try {
      call.accept(client(address.get(), node));
      reached = reached || node;
      return new Pushed.Delivered();
    } catch (ApiGatewayManagementApiException e) {
      reached = reached || node;
      return Outcomes.answered(endpoint, e);
    } catch (SdkClientException e) {
      if (node) {
        tellIfCutOff(address.get());
      }
      if (endpoints.silent(endpoint)) {
        return new Pushed.Gone();
      }
      return Outcomes.unreachable(endpoint, e);
    }
  }

  /** Once in a process's life, and loudly: each push would only time out, and nobody would know. */
  private void tellIfCutOff(URI address) {
    if (!reached && unreached.incrementAndGet() == CUT_OFF_AFTER) {
      LOG.error(
          "no gateway task was reached since this process began, the last one tried is {}: direct"
              + " clients get no progress, and the ends of their jobs a minute late. Workers have to"
              + " be in the gateways' VPC, with a security group that may reach their internal port",
          address);
    }
  }

  private ApiGatewayManagementApiClient client(URI address, boolean node) {
    if (clients.size() >= MOST_CLIENTS) {
      // calls under way go on: what a client needs for them is ours and stays open
      clients.clear();
    }
    return clients.computeIfAbsent(address, uri -> connect(uri, node));
  }

  private ApiGatewayManagementApiClient connect(URI address, boolean node) {
    var door = node ? nodes : apis;
    return ApiGatewayManagementApiClient.builder()
        .endpointOverride(address)
        .region(region)
        .credentialsProvider(door.credentials())
        .httpClient(door.http())
        .overrideConfiguration(override -> {
          override
              .apiCallTimeout(door.timeout())
              .retryStrategy(AwsRetryStrategy.doNotRetry())
              .scheduledExecutorService(timeouts);
          if (node) {
            override.addExecutionInterceptor(secret);
          }
        })
        .build();
  }
}
