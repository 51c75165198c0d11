package io.streamer.system;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a client's tests need before they start, made once: by one JVM of those that test side by
 * side, and again only if a file has changed that it is made from.
 */
final class Preparation {
  private static final Set<String> MADE = Set.of("node_modules", "dist", "target", "__pycache__");

  private Preparation() {}

  /**
   * Does the work unless it was done for these files as they are; whoever comes meanwhile waits.
   *
   * @param folder whose own files count; what is made in it does not
   * @param made what the work makes, a folder in that folder
   * @param others folders whose files count, too
   */
  static synchronized void once(Path folder, String made, List<Path> others, Runnable work) {
    try {
      var target = Files.createDirectories(folder.resolve("target"));
      var stamp = folder.resolve(made).resolve(".prepared");
      try (var lock =
              FileChannel.open(
                  target.resolve(".preparing"),
                  StandardOpenOption.CREATE,
                  StandardOpenOption.WRITE);
          var held = lock.lock()) {
        var wanted = digest(folder, others);
        if (held.isValid() && Files.exists(stamp) && Files.readString(stamp).equals(wanted)) {
          return;
        }
        Files.deleteIfExists(stamp);
        work.run();
        Files.writeString(stamp, wanted);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String digest(Path folder, List<Path> others) throws IOException {
    var files = new TreeSet<Path>();
    add(folder, files);
    for (var other : others) {
      add(other, files);
    }
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      for (var file : files) {
        digest.update((file + "\n" + Files.size(file) + "\n").getBytes(UTF_8));
        digest.update(Files.readAllBytes(file));
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void add(Path folder, Set<Path> files) throws IOException {
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
            var name = directory.getFileName().toString();
            return MADE.contains(name) || name.startsWith(".")
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            files.add(file);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
