package io.streamer.demo.data;

import io.streamer.handler.Action;
import io.streamer.handler.Describe;
import io.streamer.handler.Handler;
import io.streamer.handler.Invalid;
import io.streamer.handler.Run;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Puts a bundled table through operations, one after the other. */
@Action(value = "process_data", expected = "30s")
public final class ProcessData implements Handler<ProcessData.Request, ProcessData.Result> {
  private static final int MAX_ROWS = 100;
  // percent of the time
  private static final double READ = 20;

  /** How the rows of the result are written. */
  enum OutputFormat {
    /** Objects. */
    JSON,
    /** Text with a header line. */
    CSV
  }

  /**
   * What a client may ask for.
   *
   * @param datasetId {@code demo-dataset-123}
   * @param operations the name of one or a list of 1 to 10, done in this order
   * @param operation another name for operations
   * @param outputFormat json unless given
   */
  public record Request(
      @Describe(value = "which table", example = "demo-dataset-123") String datasetId,
      @Describe(
              value = "the name of one, or a list of 1 to 10 that are done in this order",
              example = "[\"filter\", \"aggregate\"]")
          @Nullable Object operations,
      @Describe("another name for operations") @Nullable Object operation,
      @Describe("json unless given") Optional<OutputFormat> outputFormat) {
    public Request {
      if (!Datasets.IDS.contains(datasetId)) {
        throw new Invalid("datasetId", "is not known; there is " + String.join(", ", Datasets.IDS));
      }
      RequestedOperations.of(operations, operation);
    }

    List<Operation> steps() {
      return RequestedOperations.of(operations, operation);
    }
  }

  /**
   * What was done.
   *
   * @param data up to 100 rows: objects, or text for csv
   */
  public record Result(Summary summary, Object data, Metadata metadata) {}

  /** The rows of the whole, and of each operation. */
  public record Summary(int rowsIn, int rowsOut, List<Step> operations) {}

  /** The rows one operation got and gave. */
  public record Step(Operation operation, int rowsIn, int rowsOut) {}

  /**
   * About the data.
   *
   * @param rowsReturned of the rows out, those in the data
   */
  public record Metadata(
      String datasetId,
      List<String> columns,
      int rowsReturned,
      OutputFormat outputFormat,
      List<Effect> operations) {}

  /** What one operation did, for people. */
  public record Effect(Operation operation, String description) {}

  @Override
  public Result handle(Request request, Run run) throws IOException {
    var operations = request.steps();
    var reading = run.part(READ);
    var operating =
        operations.stream().map(_ -> run.part((100 - READ) / operations.size())).toList();
    reading.progress(0, "reading " + request.datasetId());
    var table = Datasets.read(request.datasetId());
    int rows = table.rows().size();
    reading.progress(100, rows + " rows read");
    var steps = new ArrayList<Step>();
    for (var operation : operations) {
      int before = table.rows().size();
      table = operation.apply(table);
      operating
          .get(steps.size())
          .progress(100, operation.description() + ": " + table.rows().size() + " rows");
      steps.add(new Step(operation, before, table.rows().size()));
    }
    var format = request.outputFormat().orElse(OutputFormat.JSON);
    return new Result(
        new Summary(rows, table.rows().size(), steps),
        switch (format) {
          case JSON -> table.objects(MAX_ROWS);
          case CSV -> CsvTable.write(table, MAX_ROWS);
        },
        new Metadata(
            request.datasetId(),
            table.columns(),
            Math.min(MAX_ROWS, table.rows().size()),
            format,
            operations.stream().map(each -> new Effect(each, each.description())).toList()));
  }
}
