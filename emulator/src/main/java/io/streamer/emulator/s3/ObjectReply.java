package io.streamer.emulator.s3;

import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.util.regex.Pattern;

/** An object on its way out, whole or a range of it. */
final class ObjectReply {
  private static final Pattern RANGE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

  private ObjectReply() {}

  /** From the first byte to the last, both included. */
  private record Range(long first, long last) {
    long length() {
      return last - first + 1;
    }
  }

  static Future<Void> send(HttpServerRequest http, S3Request request, ObjectShelf shelf) {
    var found = shelf.find(request.key());
    if (found.isEmpty()) {
      return Future.failedFuture(
          S3Error.refused(404, "NoSuchKey", "The specified key does not exist."));
    }
    var object = found.get();
    var response = http.response();
    var range = new Range(0, object.size() - 1);
    var asked = RANGE.matcher(request.header("range").orElse(""));
    // a header that is no single range is ignored, as in HTTP
    if (asked.matches() && !(asked.group(1).isEmpty() && asked.group(2).isEmpty())) {
      range = range(asked.group(1), asked.group(2), object.size());
      if (range.first() >= object.size() || range.length() <= 0) {
        response.putHeader("Content-Range", "bytes */" + object.size());
        return Future.failedFuture(
            S3Error.refused(416, "InvalidRange", "The requested range is not satisfiable"));
      }
      response
          .setStatusCode(206)
          .putHeader(
              "Content-Range", "bytes " + range.first() + "-" + range.last() + "/" + object.size());
    }
    var meta = object.meta();
    var disposition = request.parameter("response-content-disposition").orElse(meta.disposition());
    response
        .putHeader("Content-Type", request.parameter("response-content-type").orElse(meta.type()))
        .putHeader("ETag", meta.etag())
        .putHeader("Last-Modified", Objects.date(meta.modified()))
        .putHeader("Accept-Ranges", "bytes")
        // a browser's page may fetch a file from here, as from a bucket that allows it
        .putHeader("Access-Control-Allow-Origin", "*")
        .putHeader("Content-Length", Long.toString(range.length()));
    if (!disposition.isEmpty()) {
      response.putHeader("Content-Disposition", disposition);
    }
    if (request.method().equals("HEAD")) {
      return response.end();
    }
    return switch (object.content()) {
      case ObjectShelf.Content.Held(var bytes) ->
          response.end(bytes.slice((int) range.first(), (int) range.last() + 1));
      case ObjectShelf.Content.Filed(var file) ->
          response.sendFile(file.toString(), range.first(), range.length());
    };
  }

  private static Range range(String first, String last, long size) {
    if (first.isEmpty()) {
      return new Range(Math.max(0, size - Long.parseLong(last)), size - 1);
    }
    var end = last.isEmpty() ? size - 1 : Math.min(size - 1, Long.parseLong(last));
    return new Range(Long.parseLong(first), end);
  }
}
