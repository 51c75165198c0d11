package io.streamer.emulator.s3;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The objects of a bucket, in memory up to a bound or in a folder. Writes to a folder block. May be
 * used by several threads.
 */
final class ObjectShelf {
  /** What a process with a small heap can hold, too. */
  static final long MOST_BYTES = Math.min(1L << 30, Runtime.getRuntime().maxMemory() / 2);

  private final Optional<Path> folder;
  private final long most;
  private final AtomicLong held = new AtomicLong();
  private final Map<String, Stored> objects = new ConcurrentHashMap<>();

  /** What an object is, beside its bytes. */
  record Meta(String type, String disposition, String etag, Instant modified) {}

  /** Where an object's bytes are. */
  sealed interface Content {
    /** In memory. */
    record Held(Buffer bytes) implements Content {}

    /** In a file. */
    record Filed(Path file) implements Content {}
  }

  record Stored(Meta meta, long size, Content content) {}

  /**
   * @param folder where objects outlive this process; without it they are held in memory
   * @param most bytes to hold in memory
   */
  ObjectShelf(Optional<Path> folder, long most) {
    this.most = most;
    this.folder = folder;
    folder.ifPresent(this::load);
  }

  Optional<Stored> find(String key) {
    return Optional.ofNullable(objects.get(key));
  }

  /**
   * Keeps an object.
   *
   * @throws S3Error.Refused if there is no room
   */
  void put(String key, Meta meta, Buffer bytes) {
    Content content;
    if (folder.isPresent()) {
      content = new Content.Filed(file(folder.get(), key, meta, bytes));
    } else {
      reserve(bytes.length());
      content = new Content.Held(bytes);
    }
    release(objects.put(key, new Stored(meta, bytes.length(), content)));
  }

  void delete(String key) {
    var gone = objects.remove(key);
    release(gone);
    if (gone != null && gone.content() instanceof Content.Filed(var file)) {
      try {
        Files.deleteIfExists(description(file));
        Files.deleteIfExists(file);
      } catch (IOException e) {
        throw new UncheckedIOException("deleting " + file, e);
      }
    }
  }

  /**
   * Takes room in memory.
   *
   * @throws S3Error.Refused if there is none
   */
  void reserve(long bytes) {
    if (held.addAndGet(bytes) > most) {
      held.addAndGet(-bytes);
      throw S3Error.refused(
          503, "ServiceUnavailable", "The local object store holds up to " + most + " bytes.");
    }
  }

  void release(long bytes) {
    held.addAndGet(-bytes);
  }

  private void release(@org.jspecify.annotations.Nullable Stored gone) {
    if (gone != null && gone.content() instanceof Content.Held(var bytes)) {
      release(bytes.length());
    }
  }

  private static Path file(Path folder, String key, Meta meta, Buffer bytes) {
    var name = S3Body.digest("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
    var file = folder.resolve(HexFormat.of().formatHex(name) + ".object");
    try {
      var fresh = Files.createTempFile(folder, "new", ".tmp");
      Files.write(fresh, bytes.getBytes());
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      var properties = new Properties();
      properties.setProperty("key", key);
      properties.setProperty("type", meta.type());
      properties.setProperty("disposition", meta.disposition());
      properties.setProperty("etag", meta.etag());
      properties.setProperty("modified", meta.modified().toString());
      try (var out = Files.newBufferedWriter(description(file))) {
        properties.store(out, null);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("storing an object in " + folder, e);
    }
    return file;
  }

  private static Path description(Path file) {
    return file.resolveSibling(file.getFileName() + ".properties");
  }

  private void load(Path folder) {
    try {
      Files.createDirectories(folder);
      try (var files = Files.newDirectoryStream(folder, "*.object")) {
        for (var file : files) {
          if (Files.exists(description(file))) {
            load(file, description(file));
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("reading the objects in " + folder, e);
    }
  }

  private void load(Path file, Path description) throws IOException {
    var properties = new Properties();
    try (var in = Files.newBufferedReader(description)) {
      properties.load(in);
    }
    var meta =
        new Meta(
            properties.getProperty("type", ""),
            properties.getProperty("disposition", ""),
            properties.getProperty("etag", ""),
            Instant.parse(properties.getProperty("modified", Instant.EPOCH.toString())));
    objects.put(
        properties.getProperty("key", ""),
        new Stored(meta, Files.size(file), new Content.Filed(file)));
  }
}
