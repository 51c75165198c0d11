package io.streamer.shared.blob;

import io.streamer.handler.Failure;
import io.streamer.handler.FileWriter;
import io.streamer.handler.StoredFile;
import io.streamer.shared.settings.AwsSettings;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * The object store. Its calls block; may be used by several threads. The SDK's client is made at
 * the first use: a job without files does not wait for it.
 */
public final class Blobs implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Blobs.class);
  private static final long MOST_FILE_BYTES = 5L * 1024 * 1024 * 1024;

  private final BlobSettings settings;
  private final AwsSettings aws;
  private final InstantSource clock;
  private final ObjectKeys keys = new ObjectKeys();
  private @Nullable Bucket opened;
  private boolean closed;

  public Blobs(BlobSettings settings, AwsSettings aws, InstantSource clock) {
    this.settings = settings;
    this.aws = aws;
    this.clock = clock;
  }

  /**
   * A URL that works for a while.
   *
   * @param expiresAt an upper bound: one that was signed with a role's credentials ends with these
   */
  record Link(URI url, Instant expiresAt) {}

  /** Whether there is an object store. */
  public boolean present() {
    return settings.bucket().isPresent();
  }

  /** How much JSON a result has at most that does not go there. */
  int inlineBytes() {
    return settings.inlineBytes();
  }

  /**
   * Stores a file of a tenant's. What the writer threw comes out, and nothing is kept then.
   *
   * @throws Failure {@code NO_OBJECT_STORE} without a bucket, {@code FILE_TOO_LARGE} over 5 GB
   * @throws IOException if the object store does not take it
   */
  public StoredFile file(String tenant, String name, String contentType, FileWriter writer)
      throws Exception {
    if (!present()) {
      LOG.warn("a file cannot be stored: set STREAMER_BUCKET");
      throw Failure.refused("NO_OBJECT_STORE", "files cannot be stored here: there is no bucket");
    }
    var key = keys.fresh("files", tenant, clock.instant(), name);
    var upload = new Upload(bucket(), key, new ObjectInfo(name, contentType), MOST_FILE_BYTES);
    var done = false;
    try {
      writer.write(upload);
      upload.complete();
      done = true;
    } finally {
      if (!done) {
        upload.abort();
      }
    }
    var link = link(key);
    return new StoredFile(link.url().toString(), upload.size(), link.expiresAt());
  }

  /**
   * Stores a result of a tenant's and returns its key.
   *
   * @throws IOException if the object store does not take it
   */
  String result(String tenant, byte[] json) throws IOException {
    var key = keys.fresh("results", tenant, clock.instant(), "result.json");
    var content = new ObjectInfo("result.json", "application/json");
    var upload = new Upload(bucket(), key, content, json.length);
    try {
      upload.write(json, 0, json.length);
      upload.complete();
    } catch (IOException e) {
      upload.abort();
      throw e;
    }
    return key;
  }

  /**
   * A fresh URL for what stands under the key.
   *
   * @throws IOException if nobody signs: there is no bucket, or there are no credentials
   */
  Link link(String key) throws IOException {
    if (!present()) {
      throw new IOException("no URL for " + key + ": set STREAMER_BUCKET as where it was stored");
    }
    try {
      var signed = bucket().sign(key, settings.ttl());
      return new Link(URI.create(signed.url().toString()), signed.expiration());
    } catch (SdkException e) {
      throw new IOException("no URL for " + key + ": " + e.getMessage(), e);
    }
  }

  private synchronized Bucket bucket() {
    if (closed) {
      throw new IllegalStateException("the object store's client is closed");
    }
    if (opened == null) {
      opened =
          new Bucket(
              settings.bucket().orElseThrow(() -> new IllegalStateException("set STREAMER_BUCKET")),
              aws);
    }
    return opened;
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (opened != null) {
      opened.close();
    }
  }
}
