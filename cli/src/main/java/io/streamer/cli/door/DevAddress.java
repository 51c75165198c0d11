package io.streamer.cli.door;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Where the dev stages of a repository listen and have their tables, so that other commands find
 * them on any port: a file for each stage, named by its process, with the URL, the store's address
 * and the tables' prefix, a line each.
 */
public final class DevAddress {
  public static final int DIRECT_PORT = 8081;

  private static final URI USUAL = URI.create("ws://127.0.0.1:" + DIRECT_PORT + "/ws");

  private final Path folder;

  /** The tables of a stage. */
  public record Store(URI address, String prefix) {}

  private record Running(Instant since, URI direct, Store store) {}

  public DevAddress(Path home) {
    this.folder = home.resolve(".streamer").resolve("dev");
  }

  /** The address of the stage that was started last and still runs, or else the usual one. */
  public URI find() {
    return newest().map(Running::direct).orElse(USUAL);
  }

  /** The stage that was started last and still runs. */
  Optional<URI> running() {
    return newest().map(Running::direct);
  }

  /** The tables of the stage that was started last and still runs. */
  public Optional<Store> store() {
    return newest().map(Running::store);
  }

  private Optional<Running> newest() {
    try (var files = Files.list(folder)) {
      return files
          .flatMap(file -> running(file).stream())
          .max(Comparator.comparing(Running::since));
    } catch (IOException | UncheckedIOException _) {
      // no stage was ever started here
      return Optional.empty();
    }
  }

  private static Optional<Running> running(Path file) {
    try {
      var pid = Long.parseLong(file.getFileName().toString());
      var written = Files.getLastModifiedTime(file).toInstant();
      var lines = Files.readAllLines(file);
      var store = new Store(URI.create(lines.get(1)), lines.get(2));
      return lives(pid, written)
          ? Optional.of(new Running(written, URI.create(lines.getFirst()), store))
          : Optional.empty();
    } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException _) {
      // one that is being written, or gone a moment ago
      return Optional.empty();
    }
  }

  /** A number is given again: whoever has it now may have begun later. */
  private static boolean lives(long pid, Instant written) {
    return ProcessHandle.of(pid)
        .filter(process ->
            process.info().startInstant().map(began -> !began.isAfter(written)).orElse(true))
        .isPresent();
  }

  /** Leaves this process's address, and takes away what dead ones have left. */
  public void publish(URI direct, Store store) {
    var own = own();
    try {
      Files.createDirectories(folder);
      removeDead();
      var next = folder.resolve(own.getFileName() + ".new");
      Files.write(next, List.of(direct.toString(), store.address().toString(), store.prefix()));
      Files.move(next, own, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + own + ": " + e.getMessage(), e);
    }
  }

  private void removeDead() throws IOException {
    try (var files = Files.list(folder)) {
      for (var file : files.toList()) {
        var pid = file.getFileName().toString().replaceFirst("\\.new$", "");
        if (pid.matches("\\d{1,18}") && ProcessHandle.of(Long.parseLong(pid)).isEmpty()) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  /** Takes this process's address back; those of others stay. */
  public void withdraw() {
    try {
      Files.deleteIfExists(own());
    } catch (IOException _) {
      // whoever reads it sees that the process is gone
    }
  }

  private Path own() {
    return folder.resolve(Long.toString(ProcessHandle.current().pid()));
  }
}
