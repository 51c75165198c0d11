package etl;

import static java.nio.charset.StandardCharsets.UTF_8;

import de.siegmar.fastcsv.writer.CsvWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/**
 * Where orders are loaded: a file for each part, which is there as a whole or not at all. Stands
 * for a database, where a part would be one transaction under a key of its own.
 */
final class Warehouse {
  private final Path folder;
  private final Duration pace;

  /**
   * A warehouse in a folder.
   *
   * @param pace how long a part takes
   */
  Warehouse(Path folder, Duration pace) {
    this.folder = folder;
    this.pace = pace;
  }

  /** Loads a part of a job, or the same part again. */
  void put(String job, int part, List<Order> orders) throws IOException, InterruptedException {
    Thread.sleep(pace);
    var own = Files.createDirectories(folder.resolve(name(job)));
    var next = Files.createTempFile(own, "part", ".tmp");
    try (var csv = CsvWriter.builder().build(next)) {
      csv.writeRecord(Order.HEADER.split(",", -1));
      for (var order : orders) {
        csv.writeRecord(
            order.id(), order.day().toString(), order.item(), String.valueOf(order.cents()));
      }
    }
    Files.move(
        next,
        own.resolve("part-%04d.csv".formatted(part)),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  /** A request's id is its client's to choose: no path comes of it. */
  private static String name(String job) {
    return UUID.nameUUIDFromBytes(job.getBytes(UTF_8)).toString();
  }
}
