package io.streamer.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Where the dev stage of a repository listens, so that {@code request} finds it on any port. */
final class DevAddress {
  private static final URI USUAL = URI.create("ws://127.0.0.1:" + Dev.DIRECT_PORT + "/ws");

  private final Path file;

  DevAddress(Path home) {
    this.file = home.resolve(".streamer").resolve("dev-url");
  }

  /** The address that a stage left, or else the usual one. */
  URI find() {
    try {
      return URI.create(Files.readString(file).strip());
    } catch (IOException | IllegalArgumentException _) {
      return USUAL;
    }
  }

  void publish(URI direct) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      var next = file.resolveSibling("dev-url." + ProcessHandle.current().pid());
      Files.writeString(next, direct + "\n");
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file + ": " + e.getMessage(), e);
    }
  }

  /** Takes the address back, unless another stage has put its own in its place. */
  void withdraw(URI direct) {
    try {
      if (find().equals(direct)) {
        Files.deleteIfExists(file);
      }
    } catch (IOException _) {
      // an address left behind leads to "no connection", which says the same
    }
  }
}
