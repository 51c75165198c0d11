package io.streamer.emulator.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamer.handler.Failure;
import io.streamer.handler.RawJson;
import io.streamer.handler.StoredFile;
import io.streamer.shared.blob.BlobSettings;
import io.streamer.shared.blob.Blobs;
import io.streamer.shared.blob.Results;
import io.streamer.shared.job.Result;
import io.streamer.shared.protocol.ServerFrame;
import io.streamer.shared.settings.AwsSettings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/**
 * Files written by the real SDK into the local object store, and fetched with nothing but a URL.
 */
@Timeout(60)
class ObjectsTest {
  private static final String BUCKET = "files";
  private static final Duration TTL = Duration.ofMinutes(30);
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final Vertx vertx = Vertx.vertx();
  private volatile Duration later = Duration.ZERO;
  private Objects objects;
  private Blobs blobs;

  @BeforeEach
  void start() throws Exception {
    objects = start(Optional.empty());
    blobs = blobs(BUCKET, "key", "secret");
  }

  @AfterEach
  void stop() throws Exception {
    blobs.close();
    await(vertx.close());
  }

  @Test
  void aFileIsFetchedAsItWasWritten() throws Exception {
    var file =
        blobs.file("acme", "grün.csv", "text/csv", out -> out.write("a,b\n".getBytes(UTF_8)));
    var response = get(file.url());
    assertThat(response.body()).isEqualTo("a,b\n".getBytes(UTF_8));
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type")).contains("text/csv");
    assertThat(response.headers().firstValue("Content-Disposition"))
        .contains("attachment; filename=\"gr_n.csv\"; filename*=UTF-8''gr%C3%BCn.csv");
    assertThat(file.sizeBytes()).isEqualTo(4);
    assertThat(file.expiresAt())
        .isBetween(Instant.now().plus(TTL).minusSeconds(60), Instant.now().plus(TTL));
  }

  @Test
  void aFileOfSeveralPartsIsFetchedAsItWasWritten() throws Exception {
    var content = random(20 * 1024 * 1024 + 7);
    var file =
        blobs.file(
            "acme",
            "large.bin",
            "application/octet-stream",
            out -> {
              // in pieces that fit no part, and a byte by itself
              for (int at = 0; at < content.length - 1; ) {
                int piece = Math.min(70_001, content.length - 1 - at);
                out.write(content, at, piece);
                at += piece;
              }
              out.write(content[content.length - 1]);
            });
    assertThat(file.sizeBytes()).isEqualTo(content.length);
    assertThat(get(file.url()).body()).isEqualTo(content);
    assertThat(objects.uploads()).isZero();
  }

  @Test
  void anEmptyFileIsOne() throws Exception {
    var response = get(blobs.file("acme", "empty", "text/plain", _ -> {}).url());
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEmpty();
  }

  @Test
  void ofAWriterThatFailsNothingIsKept() {
    var failure = new IllegalStateException("out of ink");
    assertThatThrownBy(() ->
            blobs.file(
                "acme",
                "large.bin",
                "application/octet-stream",
                out -> {
                  out.write(new byte[20 * 1024 * 1024]);
                  assertThat(objects.uploads()).isOne();
                  // closing is no more than the writer's habit
                  out.close();
                  throw failure;
                }))
        .isSameAs(failure);
    assertThat(objects.uploads()).isZero();
  }

  @Test
  void anInterruptedWriterLeavesNoPartsBehind() throws Exception {
    var thrown = new CompletableFuture<Throwable>();
    var interrupted = new AtomicBoolean();
    Thread.ofVirtual()
        .start(() -> {
          try {
            blobs.file(
                "acme",
                "large.bin",
                "application/octet-stream",
                out -> {
                  out.write(new byte[10 * 1024 * 1024]);
                  Thread.currentThread().interrupt();
                  out.write(new byte[10 * 1024 * 1024]);
                });
          } catch (Exception e) {
            interrupted.set(Thread.currentThread().isInterrupted());
            thrown.complete(e);
          }
        });
    assertThat(thrown.get(20, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
    assertThat(interrupted).isTrue();
    assertThat(objects.uploads()).isZero();
  }

  @Test
  void aUrlStopsWorkingWhenItsTimeIsUp() throws Exception {
    var url = blobs.file("acme", "a.txt", "text/plain", out -> out.write(1)).url();
    later = TTL.minusSeconds(20);
    assertThat(get(url).statusCode()).isEqualTo(200);
    later = TTL.plusSeconds(1);
    refused(get(url), 403, "AccessDenied", "Request has expired");
  }

  @Test
  void aUrlThatWasChangedIsRefused() throws Exception {
    var url = blobs.file("acme", "a.txt", "text/plain", out -> out.write(1)).url();
    var last = url.charAt(url.length() - 1);
    var tampered = url.substring(0, url.length() - 1) + (last == '0' ? '1' : '0');
    refused(get(tampered), 403, "SignatureDoesNotMatch", "");
    refused(get(url.replace("Expires=1800", "Expires=86400")), 403, "SignatureDoesNotMatch", "");
    refused(get(url.replace("a.txt", "b.txt")), 403, "SignatureDoesNotMatch", "");
    refused(get(url.replace("/acme/", "/other/")), 403, "SignatureDoesNotMatch", "");
    var unsigned = url.replace("SignedHeaders=host", "SignedHeaders=accept");
    assertThat(unsigned).isNotEqualTo(url);
    refused(get(unsigned), 403, "AccessDenied", "not signed");
    refused(get(url.replace("Expires=1800", "Expires=604801")), 400, "Authorization", "604800");
  }

  @Test
  void aUrlOfAnotherKeyIsRefused() throws Exception {
    var mine = blobs.file("acme", "a.txt", "text/plain", out -> out.write(1)).url();
    try (var theirs = new Presigned("key", "another secret");
        var strangers = new Presigned("stranger", "secret")) {
      var path = URI.create(mine).getPath().substring(("/" + BUCKET + "/").length());
      refused(get(theirs.url(path)), 403, "SignatureDoesNotMatch", "");
      refused(get(strangers.url(path)), 403, "InvalidAccessKeyId", "");
    }
  }

  @Test
  void withoutASignatureNothingIsToldOrTaken() throws Exception {
    var url = blobs.file("acme", "a.txt", "text/plain", out -> out.write(1)).url();
    refused(get(url.substring(0, url.indexOf('?'))), 403, "AccessDenied", "");
    var put =
        HttpRequest.newBuilder(objects.uri().resolve("/" + BUCKET + "/x"))
            .PUT(HttpRequest.BodyPublishers.ofString("x"));
    refused(HTTP.send(put.build(), BodyHandlers.ofByteArray()), 403, "AccessDenied", "");
  }

  @Test
  void aStoreThatRefusesIsAnIoFailure() {
    try (var wrongKey = blobs(BUCKET, "key", "another secret");
        var noBucket = blobs("elsewhere", "key", "secret")) {
      assertThatThrownBy(() -> wrongKey.file("acme", "a.txt", "text/plain", out -> out.write(1)))
          .isInstanceOf(IOException.class);
      assertThatThrownBy(() -> noBucket.file("acme", "a.txt", "text/plain", out -> out.write(1)))
          .isInstanceOf(IOException.class)
          .hasStackTraceContaining("NoSuchBucket");
    }
  }

  @Test
  void aRangeIsPartOfTheFile() throws Exception {
    var url =
        blobs
            .file("acme", "a.txt", "text/plain", out -> out.write("0123456789".getBytes(UTF_8)))
            .url();
    var middle = get(url, "Range", "bytes=2-4");
    assertThat(middle.statusCode()).isEqualTo(206);
    assertThat(middle.headers().firstValue("Content-Range")).contains("bytes 2-4/10");
    assertThat(new String(middle.body(), UTF_8)).isEqualTo("234");
    assertThat(new String(get(url, "Range", "bytes=7-").body(), UTF_8)).isEqualTo("789");
    assertThat(new String(get(url, "Range", "bytes=-2").body(), UTF_8)).isEqualTo("89");
    refused(get(url, "Range", "bytes=10-"), 416, "InvalidRange", "");
  }

  @Test
  void theKeyNamesItsTenantAndIsNotToBeGuessed() throws Exception {
    var one = path(blobs.file("a/b c", "a.txt", "text/plain", out -> out.write(1)));
    var other = path(blobs.file("a/b c", "a.txt", "text/plain", out -> out.write(1)));
    assertThat(one).matches("/files/files/a%2Fb%20c/\\d{4}/\\d\\d/\\d\\d/[0-9a-f]{32}/a.txt");
    assertThat(one).isNotEqualTo(other);
    assertThat(path(blobs.file("..", "a.txt", "text/plain", out -> out.write(1))))
        .startsWith("/files/files/%2E./");
    var longest = "名".repeat(128);
    assertThat(get(blobs.file(longest, longest, "text/plain", out -> out.write(1)).url()).body())
        .hasSize(1);
  }

  @Test
  void aFolderKeepsTheFilesOverARestart(@TempDir Path folder) throws Exception {
    await(objects.close());
    objects = start(Optional.of(folder));
    blobs = blobs(BUCKET, "key", "secret");
    var url =
        blobs.file("acme", "a.csv", "text/csv", out -> out.write("a,b".getBytes(UTF_8))).url();
    assertThat(get(url).body()).isEqualTo("a,b".getBytes(UTF_8));
    await(objects.close());

    objects = start(Optional.of(folder));
    try (var again = new Presigned("key", "secret")) {
      var path = URI.create(url).getPath().substring(("/" + BUCKET + "/").length());
      var response = get(again.url(path));
      assertThat(response.body()).isEqualTo("a,b".getBytes(UTF_8));
      assertThat(response.headers().firstValue("Content-Type")).contains("text/csv");
    }
  }

  @Test
  void aBucketThatIsThereIsFoundAndAnotherIsNot() {
    try (var client = client("key", "secret")) {
      client.headBucket(head -> head.bucket(BUCKET));
      assertThatThrownBy(() -> client.headBucket(head -> head.bucket("elsewhere")))
          .isInstanceOf(NoSuchBucketException.class);
    }
  }

  @Test
  void whatWasDeletedIsGone() throws Exception {
    var file = blobs.file("acme", "a.txt", "text/plain", out -> out.write(1));
    var key = URI.create(file.url()).getPath().substring(("/" + BUCKET + "/").length());
    try (var client = client("key", "secret")) {
      assertThat(client.headObject(head -> head.bucket(BUCKET).key(key)).contentLength()).isOne();
      client.deleteObject(delete -> delete.bucket(BUCKET).key(key));
      refused(get(file.url()), 404, "NoSuchKey", "");
    }
  }

  @Test
  void aLargeResultIsStoredAndASmallOneIsNot() throws Exception {
    var results = new Results(blobs);
    var small = RawJson.of("\"" + "x".repeat(Results.MOST_INLINE_BYTES - 2) + "\"");
    assertThat(results.keep("acme", small, Map.of())).isEqualTo(new Result.Inline(small));
    var large = RawJson.of("\"" + "x".repeat(Results.MOST_INLINE_BYTES - 1) + "\"");
    var stored = results.keep("acme", large, Map.of());
    assertThat(results.sent(stored))
        .isInstanceOfSatisfying(
            ServerFrame.Result.At.class,
            at -> {
              assertThat(URI.create(at.url()).getPath()).startsWith("/files/results/acme/");
              assertThat(body(at.url())).isEqualTo(large.utf8());
            });
  }

  @Test
  void aResultThatCannotBeStoredMayBeTriedAgain() throws Exception {
    await(objects.close());
    var large = RawJson.of(new byte[Results.MOST_INLINE_BYTES + 1]);
    assertThatThrownBy(() -> new Results(blobs).keep("acme", large, Map.of()))
        .isInstanceOfSatisfying(
            Failure.class,
            failure -> {
              assertThat(failure.kind()).isEqualTo(Failure.Kind.TRY_AGAIN);
              assertThat(failure.reason()).isEqualTo("RESULT_NOT_STORED");
            });
  }

  private static byte[] body(String url) {
    try {
      return get(url).body();
    } catch (Exception e) {
      throw new AssertionError(url, e);
    }
  }

  private static byte[] random(int length) {
    var bytes = new byte[length];
    new Random(7).nextBytes(bytes);
    return bytes;
  }

  private static String path(StoredFile file) {
    return URI.create(file.url()).getPath();
  }

  private static void refused(
      HttpResponse<byte[]> response, int status, String code, String message) {
    assertThat(new String(response.body(), UTF_8))
        .contains("<Error><Code>" + code)
        .contains(message);
    assertThat(response.statusCode()).isEqualTo(status);
  }

  /** URLs that somebody signs. */
  private final class Presigned implements AutoCloseable {
    private final S3Presigner presigner;

    Presigned(String key, String secret) {
      presigner =
          S3Presigner.builder()
              .endpointOverride(objects.uri())
              .region(Region.EU_CENTRAL_1)
              .credentialsProvider(credentials(key, secret))
              .serviceConfiguration(S3Configuration.builder().pathStyleAccessEnabled(true).build())
              .build();
    }

    String url(String key) {
      return presigner
          .presignGetObject(sign ->
              sign.signatureDuration(TTL).getObjectRequest(get -> get.bucket(BUCKET).key(key)))
          .url()
          .toString();
    }

    @Override
    public void close() {
      presigner.close();
    }
  }

  private S3Client client(String key, String secret) {
    return S3Client.builder()
        .endpointOverride(objects.uri())
        .httpClientBuilder(UrlConnectionHttpClient.builder())
        .region(Region.EU_CENTRAL_1)
        .credentialsProvider(credentials(key, secret))
        .forcePathStyle(true)
        .build();
  }

  private static AwsCredentialsProvider credentials(String key, String secret) {
    return StaticCredentialsProvider.create(AwsBasicCredentials.create(key, secret));
  }

  private Objects start(Optional<Path> folder) throws Exception {
    InstantSource clock = () -> Instant.now().plus(later);
    return await(Objects.start(vertx, new Objects.Options(BUCKET, "key", "secret", clock, folder)));
  }

  private Blobs blobs(String bucket, String key, String secret) {
    return new Blobs(
        new BlobSettings(Optional.of(bucket), TTL, Results.MOST_INLINE_BYTES),
        new AwsSettings(
            "eu-central-1",
            Optional.empty(),
            Optional.empty(),
            Optional.of(objects.uri()),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.of(new AwsSettings.Keys(key, secret, Optional.empty()))),
        InstantSource.system());
  }

  private static HttpResponse<byte[]> get(String url, String... headers) throws Exception {
    var request = HttpRequest.newBuilder(URI.create(url));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return HTTP.send(request.build(), BodyHandlers.ofByteArray());
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }
}
