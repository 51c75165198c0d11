package reports;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.streamer.handler.Action;
import io.streamer.handler.Failure;
import io.streamer.handler.Handler;
import io.streamer.handler.Invalid;
import io.streamer.handler.Part;
import io.streamer.handler.Run;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The sales from one day to another, as a CSV file to fetch by its URL. It is numbered by a step,
 * so that a report whose worker died keeps its number.
 */
@Action(value = "sales_report", expected = "1m", timeout = "10m", needs = "sales:read")
public final class SalesReport implements Handler<SalesReport.Request, SalesReport.Report> {
  private static final int MOST_DAYS = 3 * 366;

  /** What a client sends, such as {@code {"from":"2026-01-01","to":"2026-12-31"}}. */
  public record Request(LocalDate from, LocalDate to) {
    public Request {
      if (to.isBefore(from)) {
        throw new Invalid("to", "is before from");
      }
      if (ChronoUnit.DAYS.between(from, to) >= MOST_DAYS) {
        throw new Invalid("to", "is over three years behind from");
      }
    }
  }

  /**
   * What it gets.
   *
   * @param url where the file is, for an hour
   * @param items what was sold of each, in cents
   */
  public record Report(
      int number, int sales, long cents, Map<String, Long> items, String url, long sizeBytes) {}

  private final Ledger ledger;
  private final Register register;

  SalesReport(Ledger ledger, Register register) {
    this.ledger = ledger;
    this.register = register;
  }

  @Override
  public Report handle(Request request, Run run) throws Exception {
    var reading = run.part(9);
    var closing = run.part(1);
    var days = request.from().datesUntil(request.to().plusDays(1)).toList();
    if (request.from().isBefore(Ledger.BEGIN)) {
      throw Failure.refused("NO_SUCH_DAYS", "the ledger begins on " + Ledger.BEGIN);
    }
    var items = new TreeMap<String, Long>();
    var sales = new int[1];
    var file =
        run.file(
            "sales-" + request.from() + "-" + request.to() + ".csv",
            "text/csv",
            out -> {
              var writer = new BufferedWriter(new OutputStreamWriter(out, UTF_8));
              sales[0] = write(days, items, reading, writer);
              writer.flush();
            });
    int number = run.step("number", Integer.class, register::number);
    closing.progress(100, "report " + number);
    long cents = items.values().stream().mapToLong(Long::longValue).sum();
    return new Report(number, sales[0], cents, items, file.url(), file.sizeBytes());
  }

  /** Writes the sales of all days, and gives how many they are. */
  private int write(List<LocalDate> days, Map<String, Long> items, Part reading, BufferedWriter out)
      throws IOException, InterruptedException {
    int sales = 0;
    int done = 0;
    out.write("day,item,cents\n");
    for (var day : days) {
      for (var sale : ledger.on(day)) {
        out.write(sale.day() + "," + sale.item() + "," + sale.cents() + "\n");
        items.merge(sale.item(), sale.cents(), Long::sum);
        sales++;
      }
      reading.progress(100.0 * ++done / days.size(), day.toString());
    }
    return sales;
  }
}
