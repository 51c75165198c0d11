package io.streamer.demo.data;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.List;

/** The tables that come with this jar. */
final class Datasets {
  static final List<String> IDS = List.of("demo-dataset-123");

  private Datasets() {}

  /**
   * Reads a table.
   *
   * @param id one of {@link #IDS}
   */
  static Table read(String id) throws IOException {
    var name = id + ".csv";
    try (var in = Datasets.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new FileNotFoundException(name);
      }
      return CsvTable.read(in);
    }
  }
}
