package io.streamer.emulator.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What S3 refuses of an upload in parts, and what there is room for. */
class ObjectUploadsTest {
  private static final int LEAST_PART = 5 * 1024 * 1024;
  private static final int ROOM = 3 * LEAST_PART;

  private final ObjectShelf shelf = new ObjectShelf(Optional.empty(), ROOM);
  private final ObjectUploads uploads = new ObjectUploads(shelf);
  private final String id = uploads.begin("a", "text/plain", "");

  @Test
  void thePartsListedMakeTheObjectInTheirOrder() {
    var second = uploads.part(id, "a", "2", Buffer.buffer("end"));
    var first = uploads.part(id, "a", "1", bytes(LEAST_PART));
    var whole = uploads.complete(id, "a", list(1, first, 2, second));
    assertThat(whole.bytes().length()).isEqualTo(LEAST_PART + 3);
    assertThat(whole.bytes().getString(LEAST_PART, LEAST_PART + 3)).isEqualTo("end");
    assertThat(whole.etag()).matches("\"[0-9a-f]{32}-2\"");
    assertThat(uploads.size()).isZero();
  }

  @Test
  void onlyTheLastPartMayBeSmall() {
    var first = uploads.part(id, "a", "1", bytes(LEAST_PART - 1));
    var second = uploads.part(id, "a", "2", bytes(1));
    refused("EntityTooSmall", () -> uploads.complete(id, "a", list(1, first, 2, second)));
  }

  @Test
  void aListThatDoesNotFitTheUploadIsRefused() {
    var part = uploads.part(id, "a", "1", bytes(LEAST_PART));
    var other = uploads.part(id, "a", "2", bytes(1));
    refused("InvalidPartOrder", () -> uploads.complete(id, "a", list(2, other, 1, part)));
    refused("InvalidPart", () -> uploads.complete(id, "a", list(1, other, 2, other)));
    refused("InvalidPart", () -> uploads.complete(id, "a", list(1, part, 3, other)));
    refused("MalformedXML", () -> uploads.complete(id, "a", "<CompleteMultipartUpload/>"));
    refused("MalformedXML", () -> uploads.complete(id, "a", "no XML"));
    refused("InvalidArgument", () -> uploads.part(id, "a", "10001", bytes(1)));
  }

  @Test
  void anUploadBelongsToItsKeyAndEndsOnce() {
    refused("NoSuchUpload", () -> uploads.part(id, "b", "1", bytes(1)));
    uploads.abort(id, "a");
    refused("NoSuchUpload", () -> uploads.abort(id, "a"));
    refused("NoSuchUpload", () -> uploads.part(id, "a", "1", bytes(1)));
  }

  @Test
  void whatIsLetGoMakesRoom() {
    uploads.part(id, "a", "1", bytes(ROOM));
    refused("ServiceUnavailable", () -> put("b", 1));
    uploads.part(id, "a", "1", bytes(0));
    put("b", ROOM);
    refused("ServiceUnavailable", () -> uploads.part(id, "a", "2", bytes(1)));
    shelf.delete("b");
    uploads.part(id, "a", "2", bytes(ROOM));
    uploads.abort(id, "a");
    put("b", ROOM);
  }

  private void put(String key, int bytes) {
    shelf.put(key, new ObjectShelf.Meta("text/plain", "", "", Instant.EPOCH), bytes(bytes));
  }

  private static Buffer bytes(int length) {
    return Buffer.buffer(new byte[length]);
  }

  private static String list(int first, String firstTag, int second, String secondTag) {
    return "<CompleteMultipartUpload><Part><PartNumber>%d</PartNumber><ETag>%s</ETag></Part>"
            .formatted(first, firstTag)
        + "<Part><PartNumber>%d</PartNumber><ETag>%s</ETag></Part></CompleteMultipartUpload>"
            .formatted(second, secondTag);
  }

  private static void refused(String code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            S3Error.Refused.class, e -> assertThat(e.error().code()).isEqualTo(code));
  }
}
