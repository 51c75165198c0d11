package io.streamer.gateway.push;

import io.streamer.gateway.aws.SdkLoops;
import io.streamer.shared.push.Host;
import io.streamer.shared.push.PushAnswer;
import io.streamer.shared.push.PushCall;
import io.streamer.shared.push.SecretHeader;
import io.streamer.shared.push.UnansweredException;
import io.streamer.shared.table.SdkTrouble;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.AwsResponse;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.client.config.SdkAdvancedAsyncClientOption;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.apigatewaymanagementapi.ApiGatewayManagementApiAsyncClient;
import software.amazon.awssdk.services.apigatewaymanagementapi.model.ApiGatewayManagementApiException;

/** Makes calls by the AWS SDK's client, on whose own event loops they go out. */
public final class SdkPushTransport implements PushTransport {
  private static final Duration CONNECT = Duration.ofSeconds(5);

  private final Vertx vertx;
  private final SecretHeader secret;
  private final Region region;
  private final AwsCredentialsProvider credentials;
  private final SdkAsyncHttpClient http =
      NettyNioAsyncHttpClient.builder()
          .maxConcurrency(Pushes.MOST_UNDER_WAY)
          .connectionTimeout(CONNECT)
          .readTimeout(CONNECT)
          .eventLoopGroup(SdkLoops.shared())
          .build();
  private final Map<Host, ApiGatewayManagementApiAsyncClient> clients = new ConcurrentHashMap<>();

  /**
   * To nodes and to the APIs of a region.
   *
   * @param internalSecret sent to our own nodes, as it is at each call; empty for none
   * @param credentials that calls to API Gateway are signed with
   */
  public SdkPushTransport(
      Vertx vertx,
      Supplier<String> internalSecret,
      String region,
      AwsCredentialsProvider credentials) {
    this.vertx = vertx;
    this.secret = new SecretHeader(internalSecret);
    this.region = Region.of(region);
    this.credentials = credentials;
  }

  @Override
  public Future<PushAnswer> send(Host host, PushCall call, Context context) {
    return client(host)
        .compose(client -> Future.fromCompletionStage(made(client, call), context))
        .map(response -> new PushAnswer(response.sdkHttpResponse().statusCode()))
        .recover(SdkPushTransport::refused);
  }

  private static CompletableFuture<? extends AwsResponse> made(
      ApiGatewayManagementApiAsyncClient client, PushCall call) {
    var id = call.connection();
    return switch (call.kind()) {
      case POST ->
          client.postToConnection(
              post -> post.connectionId(id).data(SdkBytes.fromByteArrayUnsafe(call.body())));
      case DELETE -> client.deleteConnection(delete -> delete.connectionId(id));
      case GET -> client.getConnection(get -> get.connectionId(id));
    };
  }

  private static Future<PushAnswer> refused(Throwable thrown) {
    // a stage names what went wrong behind an exception of its own
    var e =
        thrown instanceof CompletionException && thrown.getCause() != null
            ? thrown.getCause()
            : thrown;
    return switch (e) {
      case ApiGatewayManagementApiException answer ->
          Future.succeededFuture(new PushAnswer(answer.statusCode()));
      case SdkClientException none ->
          Future.failedFuture(new UnansweredException(SdkTrouble.of(none), none));
      default -> Future.failedFuture(e);
    };
  }

  private Future<ApiGatewayManagementApiAsyncClient> client(Host host) {
    var known = clients.get(host);
    if (known != null) {
      return Future.succeededFuture(known);
    }
    if (clients.size() >= Pushes.MOST_HOSTS) {
      // calls under way go on: what a client needs for them is ours and stays open
      clients.clear();
    }
    // making one takes an event loop's time, the first one a good deal of it
    return vertx.executeBlocking(() -> clients.computeIfAbsent(host, this::connect), false);
  }

  private ApiGatewayManagementApiAsyncClient connect(Host host) {
    return ApiGatewayManagementApiAsyncClient.builder()
        .endpointOverride(host.address())
        .region(region)
        .credentialsProvider(host.node() ? AnonymousCredentialsProvider.create() : credentials)
        .httpClient(http)
        .asyncConfiguration(config ->
            config.advancedOption(
                SdkAdvancedAsyncClientOption.FUTURE_COMPLETION_EXECUTOR, Runnable::run))
        .overrideConfiguration(override -> {
          override.apiCallTimeout(host.patience()).retryStrategy(AwsRetryStrategy.doNotRetry());
          if (host.node()) {
            override.addExecutionInterceptor(secret);
          }
        })
        .build();
  }

  @Override
  public void close() {
    clients.values().forEach(ApiGatewayManagementApiAsyncClient::close);
    http.close();
  }
}
