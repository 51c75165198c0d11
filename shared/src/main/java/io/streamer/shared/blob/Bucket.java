package io.streamer.shared.blob;

import io.streamer.shared.settings.AwsSettings;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.List;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;
import software.amazon.awssdk.services.s3.presigner.model.PresignedGetObjectRequest;

/** One bucket, by the SDK. Its calls block. */
final class Bucket implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(2);
  // one part at 1 MB a second
  private static final Duration ATTEMPT = Duration.ofSeconds(10);
  private static final Duration CALL = Duration.ofSeconds(40);

  private final String name;
  private final S3Client client;
  private final S3Presigner presigner;

  Bucket(String name, AwsSettings aws) {
    this.name = name;
    var region = Region.of(aws.region());
    var credentials = aws.credentials();
    // a store at an address of its own seldom has a host name for each bucket
    var configuration =
        S3Configuration.builder().pathStyleAccessEnabled(aws.s3().isPresent()).build();
    var client =
        S3Client.builder()
            .httpClientBuilder(
                UrlConnectionHttpClient.builder().connectionTimeout(CONNECT).socketTimeout(ATTEMPT))
            .region(region)
            .credentialsProvider(credentials)
            .serviceConfiguration(configuration)
            .overrideConfiguration(
                limits -> limits.apiCallAttemptTimeout(ATTEMPT).apiCallTimeout(CALL));
    var presigner =
        S3Presigner.builder()
            .region(region)
            .credentialsProvider(credentials)
            .serviceConfiguration(configuration);
    aws.s3()
        .ifPresent(address -> {
          client.endpointOverride(address);
          presigner.endpointOverride(address);
        });
    this.client = client.build();
    this.presigner = presigner.build();
  }

  void put(String key, ObjectInfo content, byte[] bytes, int length) {
    client.putObject(
        put ->
            put.bucket(name)
                .key(key)
                .contentType(content.type())
                .contentDisposition(content.disposition()),
        body(bytes, length));
  }

  /** Starts an upload in parts and returns its id. */
  String begin(String key, ObjectInfo content) {
    return client
        .createMultipartUpload(create ->
            create
                .bucket(name)
                .key(key)
                .checksumAlgorithm(ChecksumAlgorithm.CRC32)
                .contentType(content.type())
                .contentDisposition(content.disposition()))
        .uploadId();
  }

  /**
   * @param number from 1
   */
  CompletedPart part(String key, String upload, int number, byte[] bytes, int length) {
    var uploaded =
        client.uploadPart(
            part ->
                part.bucket(name)
                    .key(key)
                    .uploadId(upload)
                    .partNumber(number)
                    .checksumAlgorithm(ChecksumAlgorithm.CRC32),
            body(bytes, length));
    return CompletedPart.builder()
        .partNumber(number)
        .eTag(uploaded.eTag())
        .checksumCRC32(uploaded.checksumCRC32())
        .build();
  }

  void complete(String key, String upload, List<CompletedPart> parts) {
    client.completeMultipartUpload(complete ->
        complete.bucket(name).key(key).uploadId(upload).multipartUpload(all -> all.parts(parts)));
  }

  void abort(String key, String upload) {
    client.abortMultipartUpload(abort -> abort.bucket(name).key(key).uploadId(upload));
  }

  PresignedGetObjectRequest sign(String key, Duration ttl) {
    return presigner.presignGetObject(
        sign -> sign.signatureDuration(ttl).getObjectRequest(get -> get.bucket(name).key(key)));
  }

  /** Read again for a retry, and not copied. */
  private static RequestBody body(byte[] bytes, int length) {
    return RequestBody.fromContentProvider(
        () -> new ByteArrayInputStream(bytes, 0, length), length, "application/octet-stream");
  }

  @Override
  public void close() {
    presigner.close();
    client.close();
  }
}
