package io.streamer.soak;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * An outside system that takes each key once, as those do that are given one; a folder, so that
 * workers in any process write to the same.
 */
final class ChargeLedger {
  private final Path folder;

  ChargeLedger(Path folder) {
    this.folder = folder;
  }

  /** The receipt for the key: the first call's. */
  String charge(String job, String key) throws IOException {
    var entries = Files.createDirectories(folder.resolve(job));
    var entry = entries.resolve(key);
    var written = Files.createTempFile(entries, ".", "");
    Files.writeString(written, UUID.randomUUID().toString(), StandardOpenOption.WRITE);
    try {
      // there whole or not at all, whoever is killed
      Files.createLink(entry, written);
    } catch (FileAlreadyExistsException _) {
      // an earlier attempt's
    } finally {
      Files.delete(written);
    }
    return Files.readString(entry, UTF_8);
  }

  /** How many keys a job's step has had. */
  int keys(String job) throws IOException {
    if (!Files.isDirectory(folder.resolve(job))) {
      return 0;
    }
    try (var entries = Files.list(folder.resolve(job))) {
      return (int) entries.filter(entry -> !entry.getFileName().toString().startsWith(".")).count();
    }
  }
}
