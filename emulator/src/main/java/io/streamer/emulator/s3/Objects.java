package io.streamer.emulator.s3;

import io.streamer.emulator.aws.BoundedBody;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * As much of S3 as files need: one bucket, objects put whole or in parts, fetched with signed
 * requests or signed URLs, whose time really ends. Buckets are addressed by path.
 */
public final class Objects {
  private static final Logger LOG = LoggerFactory.getLogger(Objects.class);
  private static final int MOST_BODY = 128 * 1024 * 1024;
  private static final DateTimeFormatter HTTP_DATE =
      DateTimeFormatter.RFC_1123_DATE_TIME.withZone(ZoneOffset.UTC);

  private final Vertx vertx;
  private final Options options;
  private final S3Signatures signatures;
  private final ObjectShelf shelf;
  private final ObjectUploads uploads;
  private final HttpServer server;

  /**
   * How it is set.
   *
   * @param keyId of the one key pair that may do everything
   * @param clock by which signatures end
   * @param folder where objects outlive this process; without it they are held in memory
   */
  public record Options(
      String bucket, String keyId, String secret, InstantSource clock, Optional<Path> folder) {

    /** Without the secret, which must reach no log. */
    @Override
    public String toString() {
      return "Options[" + bucket + ", " + folder + "]";
    }
  }

  private Objects(Vertx vertx, String host, int port, Options options) {
    this.vertx = vertx;
    this.options = options;
    this.signatures = new S3Signatures(options.keyId(), options.secret(), options.clock());
    this.shelf = new ObjectShelf(options.folder(), ObjectShelf.MOST_BYTES);
    this.uploads = new ObjectUploads(shelf);
    this.server =
        vertx.createHttpServer(
            new HttpServerOptions()
                .setHost(host)
                .setPort(port)
                // S3 speaks HTTP/1.1
                .setHttp2ClearTextEnabled(false)
                .setHandle100ContinueAutomatically(true));
  }

  /** Starts on a free port of 127.0.0.1. */
  public static Future<Objects> start(Vertx vertx, Options options) {
    return start(vertx, "127.0.0.1", 0, options);
  }

  /** Starts at this address. */
  public static Future<Objects> start(Vertx vertx, String host, int port, Options options) {
    return vertx
        .executeBlocking(() -> new Objects(vertx, host, port, options))
        .compose(objects -> objects.server.requestHandler(objects::take).listen().map(objects));
  }

  /** Where this machine reaches it, as {@code http://127.0.0.1:port}. */
  public URI uri() {
    return URI.create("http://127.0.0.1:" + server.actualPort());
  }

  /** How many uploads in parts are under way. */
  public int uploads() {
    return uploads.size();
  }

  public Future<Void> close() {
    return server.close();
  }

  private void take(HttpServerRequest http) {
    BoundedBody.read(http, MOST_BODY)
        .compose(body -> answer(http, body))
        .onFailure(e -> refuse(http, e));
  }

  private Future<Void> answer(HttpServerRequest http, Buffer body) {
    S3Request request;
    try {
      request = S3Request.of(http);
      signatures.check(request);
      if (!request.bucket().equals(options.bucket())) {
        throw S3Error.refused(404, "NoSuchBucket", "The specified bucket does not exist");
      }
    } catch (S3Error.Refused e) {
      return Future.failedFuture(e);
    }
    return switch (request.method()) {
      case "GET", "HEAD" ->
          request.key().isEmpty() ? bucket(http, request) : ObjectReply.send(http, request, shelf);
      default ->
          vertx
              .executeBlocking(() -> change(request, body), false)
              .compose(reply -> reply.send(http));
    };
  }

  private static Future<Void> bucket(HttpServerRequest http, S3Request request) {
    return request.method().equals("HEAD")
        ? http.response().end()
        : Future.failedFuture(notImplemented());
  }

  /** What a change is answered with. */
  private record Reply(int status, String etag, String xml) {
    Future<Void> send(HttpServerRequest http) {
      var response = http.response().setStatusCode(status);
      if (!etag.isEmpty()) {
        response.putHeader("ETag", etag);
      }
      if (xml.isEmpty()) {
        return response.end();
      }
      return response
          .putHeader("Content-Type", "application/xml")
          .end("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + xml);
    }
  }

  private Reply change(S3Request request, Buffer body) {
    var key = request.key();
    var upload = request.parameter("uploadId");
    if (key.isEmpty()) {
      throw notImplemented();
    }
    return switch (request.method()) {
      case "PUT" -> {
        var content = S3Body.content(request, body);
        yield upload.isPresent()
            ? part(request, upload.get(), content)
            : put(key, type(request), disposition(request), etag(content), content);
      }
      case "POST" -> {
        if (request.parameter("uploads").isPresent()) {
          yield begun(request, uploads.begin(key, type(request), disposition(request)));
        }
        yield complete(request, upload.orElseThrow(Objects::notImplemented), body);
      }
      case "DELETE" -> {
        upload.ifPresentOrElse(id -> uploads.abort(id, key), () -> shelf.delete(key));
        yield new Reply(204, "", "");
      }
      default -> throw notImplemented();
    };
  }

  private Reply put(String key, String type, String disposition, String etag, Buffer content) {
    shelf.put(
        key, new ObjectShelf.Meta(type, disposition, etag, options.clock().instant()), content);
    return new Reply(200, etag, "");
  }

  private Reply part(S3Request request, String upload, Buffer content) {
    var number = request.parameter("partNumber").orElse("");
    return new Reply(200, uploads.part(upload, request.key(), number, content), "");
  }

  private static Reply begun(S3Request request, String id) {
    return new Reply(
        200,
        "",
        "<InitiateMultipartUploadResult><Bucket>"
            + S3Error.escaped(request.bucket())
            + "</Bucket><Key>"
            + S3Error.escaped(request.key())
            + "</Key><UploadId>"
            + id
            + "</UploadId></InitiateMultipartUploadResult>");
  }

  private Reply complete(S3Request request, String upload, Buffer body) {
    var list = S3Body.content(request, body).toString();
    var whole = uploads.complete(upload, request.key(), list);
    put(request.key(), whole.type(), whole.disposition(), whole.etag(), whole.bytes());
    return new Reply(
        200,
        "",
        "<CompleteMultipartUploadResult><Bucket>"
            + S3Error.escaped(request.bucket())
            + "</Bucket><Key>"
            + S3Error.escaped(request.key())
            + "</Key><ETag>"
            + whole.etag()
            + "</ETag></CompleteMultipartUploadResult>");
  }

  private static String etag(Buffer content) {
    var md5 = S3Body.digest("MD5").digest(content.getBytes());
    return "\"" + HexFormat.of().formatHex(md5) + "\"";
  }

  private static String type(S3Request request) {
    return request.header("content-type").orElse("binary/octet-stream");
  }

  private static String disposition(S3Request request) {
    return request.header("content-disposition").orElse("");
  }

  private static S3Error.Refused notImplemented() {
    return S3Error.refused(
        501, "NotImplemented", "A header or an operation is not part of the local object store.");
  }

  static String date(java.time.Instant time) {
    return HTTP_DATE.format(time);
  }

  private static void refuse(HttpServerRequest http, Throwable problem) {
    var response = http.response();
    if (response.ended() || response.closed()) {
      return;
    }
    var error =
        switch (problem) {
          case S3Error.Refused refused -> refused.error();
          case BoundedBody.TooLargeException _ ->
              new S3Error(400, "EntityTooLarge", "The local object store takes 128 MB at once.");
          default -> {
            LOG.error("{} {}", http.method(), http.path(), problem);
            yield new S3Error(500, "InternalError", "We encountered an internal error.");
          }
        };
    response.setStatusCode(error.status());
    if (http.method().name().equals("HEAD")) {
      response.end();
    } else {
      response.putHeader("Content-Type", "application/xml").end(error.xml(http.path()));
    }
  }
}
