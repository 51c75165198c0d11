package io.streamer.shared.push;

import io.streamer.shared.table.SdkTrouble;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Supplier;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.AwsResponse;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.apigatewaymanagementapi.ApiGatewayManagementApiClient;
import software.amazon.awssdk.services.apigatewaymanagementapi.model.ApiGatewayManagementApiException;

/** Makes calls by the AWS SDK's client, over the HTTP client that starts fastest. */
final class BlockingSdkPushes implements BlockingPushTransport {
  /** Nodes come and go, and so do their addresses. */
  private static final int MOST_CLIENTS = 256;

  private final SecretHeader secret;
  private final Region region;
  private final Door nodes;
  private final Door apis;
  private final ScheduledExecutorService timeouts =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("push-timeouts").factory());
  private final Map<Host, ApiGatewayManagementApiClient> clients = new ConcurrentHashMap<>();

  /** What differs between our nodes and API Gateway. */
  private record Door(SdkHttpClient http, AwsCredentialsProvider credentials) {
    static Door of(Duration timeout, AwsCredentialsProvider credentials) {
      // the socket's own timeouts as well: an interrupt does not end a platform thread's read
      var http =
          UrlConnectionHttpClient.builder()
              .connectionTimeout(timeout)
              .socketTimeout(timeout)
              .build();
      return new Door(http, credentials);
    }
  }

  BlockingSdkPushes(
      Supplier<String> internalSecret, String region, AwsCredentialsProvider credentials) {
    this.secret = new SecretHeader(internalSecret);
    this.region = Region.of(region);
    this.nodes = Door.of(Host.OF_A_NODE, AnonymousCredentialsProvider.create());
    this.apis = Door.of(Host.OF_AN_API, credentials);
  }

  @Override
  public PushAnswer send(Host host, PushCall call) {
    try {
      return new PushAnswer(made(client(host), call).sdkHttpResponse().statusCode());
    } catch (ApiGatewayManagementApiException e) {
      return new PushAnswer(e.statusCode());
    } catch (SdkClientException e) {
      throw new UnansweredException(SdkTrouble.of(e), e);
    } catch (RuntimeException e) {
      // as its HTTP client throws at what is no HTTP; the message may tell what a header was to say
      throw new UnansweredException(e.getClass().getSimpleName(), null);
    }
  }

  private static AwsResponse made(ApiGatewayManagementApiClient client, PushCall call) {
    var id = call.connection();
    return switch (call.kind()) {
      case POST ->
          client.postToConnection(
              post -> post.connectionId(id).data(SdkBytes.fromByteArrayUnsafe(call.body())));
      case DELETE -> client.deleteConnection(delete -> delete.connectionId(id));
      case GET -> client.getConnection(get -> get.connectionId(id));
    };
  }

  private ApiGatewayManagementApiClient client(Host host) {
    if (clients.size() >= MOST_CLIENTS) {
      // calls under way go on: what a client needs for them is ours and stays open
      clients.clear();
    }
    return clients.computeIfAbsent(host, this::connect);
  }

  private ApiGatewayManagementApiClient connect(Host host) {
    var door = host.node() ? nodes : apis;
    return ApiGatewayManagementApiClient.builder()
        .endpointOverride(host.address())
        .region(region)
        .credentialsProvider(door.credentials())
        .httpClient(door.http())
        .overrideConfiguration(override -> {
          override
              .apiCallTimeout(host.patience())
              .retryStrategy(AwsRetryStrategy.doNotRetry())
              .scheduledExecutorService(timeouts);
          if (host.node()) {
            override.addExecutionInterceptor(secret);
          }
        })
        .build();
  }

  @Override
  public void close() {
    clients.values().forEach(ApiGatewayManagementApiClient::close);
    nodes.http().close();
    apis.http().close();
    timeouts.shutdownNow();
  }
}
