package io.streamer.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * Where the dev stage of a repository listens and has its tables, so that other commands find it on
 * any port: a file with the URL, the store's address and the tables' prefix, a line each.
 */
final class DevAddress {
  private static final URI USUAL = URI.create("ws://127.0.0.1:" + Dev.DIRECT_PORT + "/ws");

  private final Path file;

  /** The tables of a stage. */
  record Store(URI address, String prefix) {}

  DevAddress(Path home) {
    this.file = home.resolve(".streamer").resolve("dev-url");
  }

  /** The address that a stage left, or else the usual one. */
  URI find() {
    try {
      return URI.create(lines().getFirst());
    } catch (IOException | IllegalArgumentException | NoSuchElementException _) {
      return USUAL;
    }
  }

  /** The tables of the stage that was started last; empty if it has stopped. */
  Optional<Store> store() {
    try {
      var lines = lines();
      return lines.size() < 3
          ? Optional.empty()
          : Optional.of(new Store(URI.create(lines.get(1)), lines.get(2)));
    } catch (IOException | IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  private List<String> lines() throws IOException {
    return Files.readAllLines(file).stream().map(String::strip).toList();
  }

  void publish(URI direct, Store store) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      var next = file.resolveSibling("dev-url." + ProcessHandle.current().pid());
      Files.write(next, List.of(direct.toString(), store.address().toString(), store.prefix()));
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
