package io.streamer.shared.blob;

import io.streamer.handler.Failure;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/**
 * An object on its way into the bucket, held in memory one part at a time; one that fits a part
 * goes in one piece. Nothing is kept before {@link #complete}. Not for several threads.
 */
final class Upload extends OutputStream {
  static final int PART_BYTES = 8 * 1024 * 1024;
  private static final int FIRST_BYTES = 64 * 1024;
  private static final Logger LOG = LoggerFactory.getLogger(Upload.class);

  private final Bucket bucket;
  private final String key;
  private final ObjectInfo content;
  private final long most;
  private final List<CompletedPart> parts = new ArrayList<>();
  private byte[] buffer = new byte[FIRST_BYTES];
  private int filled;
  private long size;
  private @Nullable String id;
  private boolean ended;

  /**
   * @param most bytes that the object may have
   */
  Upload(Bucket bucket, String key, ObjectInfo content, long most) {
    this.bucket = bucket;
    this.key = key;
    this.content = content;
    this.most = most;
  }

  @Override
  public void write(int b) throws IOException {
    take(1);
    room();
    grow(filled + 1);
    buffer[filled++] = (byte) b;
  }

  @Override
  public void write(byte[] bytes, int from, int length) throws IOException {
    Objects.checkFromIndexSize(from, length, bytes.length);
    take(length);
    for (int at = from, left = length; left > 0; ) {
      room();
      int piece = Math.min(left, PART_BYTES - filled);
      grow(filled + piece);
      System.arraycopy(bytes, at, buffer, filled, piece);
      filled += piece;
      at += piece;
      left -= piece;
    }
  }

  private void take(int length) throws IOException {
    if (ended) {
      throw new IOException("nothing more is taken for " + content.name());
    }
    size += length;
    if (size > most) {
      ended = true;
      throw Failure.refused("FILE_TOO_LARGE", "a file has up to " + most + " bytes");
    }
  }

  /** Sent only when more follows: the last part has at least a byte. */
  private void room() throws IOException {
    if (filled == PART_BYTES) {
      send();
    }
  }

  private void grow(int needed) {
    if (needed > buffer.length) {
      buffer = Arrays.copyOf(buffer, Math.min(PART_BYTES, Math.max(needed, 2 * buffer.length)));
    }
  }

  private void send() throws IOException {
    try {
      var upload = id == null ? bucket.begin(key, content) : id;
      id = upload;
      parts.add(bucket.part(key, upload, parts.size() + 1, buffer, filled));
      filled = 0;
    } catch (SdkException e) {
      throw failed(e);
    }
  }

  /**
   * Keeps what was written.
   *
   * @throws IOException if something was not taken, even if the writer did not care
   */
  void complete() throws IOException {
    if (ended) {
      throw new IOException(content.name() + " was not taken whole");
    }
    ended = true;
    try {
      if (id == null) {
        bucket.put(key, content, buffer, filled);
      } else {
        send();
        bucket.complete(key, id, parts);
      }
    } catch (SdkException e) {
      throw failed(e);
    }
  }

  /** Lets go of what was sent so far. */
  void abort() {
    ended = true;
    if (id == null) {
      return;
    }
    // a client whose thread is interrupted sends nothing
    var interrupted = Thread.interrupted();
    try {
      bucket.abort(key, id);
    } catch (SdkException e) {
      LOG.warn("{}: parts of an upload stay until the bucket's rules remove them", key, e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  long size() {
    return size;
  }

  /** A writer that closes its stream and then fails must not have completed anything. */
  @Override
  public void close() {}

  private IOException failed(SdkException e) {
    ended = true;
    return new IOException("the object store did not take " + content.name(), e);
  }
}
