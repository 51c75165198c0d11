package etl;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.streamer.handler.Action;
import io.streamer.handler.Failure;
import io.streamer.handler.Handler;
import io.streamer.handler.Retry;
import io.streamer.handler.Run;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Checks a file of orders and loads it part by part. Each part is an event and a checkpoint, so a
 * job whose worker dies goes on with the next part. A part that was loaded and not noted is loaded
 * again under its own name, which changes nothing.
 */
@Action(
    value = "etl.load",
    expected = "1m",
    timeout = "10m",
    attempts = 5,
    retry = @Retry(base = "2s"))
public final class Load implements Handler<Load.Request, Load.Result> {
  static final int PART_ROWS = 100;

  /** More than this share of refused rows is a wrong file. */
  private static final double MOST_REFUSED = 0.2;

  /** What a client sends. */
  public record Request(String csv) {
    public Request {
      OrderFile.of(csv);
    }
  }

  /**
   * What it gets.
   *
   * @param refusedUrl a file of the refused rows with the reasons; "" if there is none
   */
  public record Result(int loaded, int refused, long cents, String refusedUrl) {}

  /** The event {@code part}. */
  public record Part(int number, int of, int loaded, int refused, long cents) {}

  /** Where a job has got to: so many parts are loaded. */
  public record Reached(int parts, int loaded, long cents, List<String> refused) {}

  private final Warehouse warehouse;

  Load(Warehouse warehouse) {
    this.warehouse = warehouse;
  }

  @Override
  public Result handle(Request request, Run run) throws Exception {
    var rows = OrderFile.of(request.csv()).rows();
    var checking = run.part(1);
    var loading = run.part(9);
    refuseWrongFile(rows);
    checking.progress(100, rows.size() + " rows are checked");

    int parts = (rows.size() + PART_ROWS - 1) / PART_ROWS;
    var reached = run.checkpoint(Reached.class).orElse(new Reached(0, 0, 0, List.of()));
    while (reached.parts() < parts) {
      int from = reached.parts() * PART_ROWS;
      var part = rows.subList(from, Math.min(from + PART_ROWS, rows.size()));
      reached = load(part, parts, reached, run);
      loading.progress(100.0 * reached.parts() / parts, "part " + reached.parts() + " of " + parts);
    }
    return new Result(
        reached.loaded(), reached.refused().size(), reached.cents(), refused(reached, run));
  }

  private static void refuseWrongFile(List<OrderFile.Row> rows) {
    long refused = rows.stream().filter(row -> Order.check(row.fields()).order().isEmpty()).count();
    if (refused > MOST_REFUSED * rows.size()) {
      throw Failure.refused(
          "TOO_MANY_REFUSED", refused + " of " + rows.size() + " rows are no orders");
    }
  }

  private Reached load(List<OrderFile.Row> part, int parts, Reached reached, Run run)
      throws IOException, InterruptedException {
    var orders = new ArrayList<Order>();
    var refused = new ArrayList<String>(reached.refused());
    for (var row : part) {
      var checked = Order.check(row.fields());
      checked
          .order()
          .ifPresentOrElse(
              orders::add, () -> refused.add("line " + row.line() + ": " + checked.problem()));
    }
    long cents = orders.stream().mapToLong(Order::cents).sum();
    warehouse.put(name(run), reached.parts() + 1, orders);

    var next =
        new Reached(
            reached.parts() + 1,
            reached.loaded() + orders.size(),
            reached.cents() + cents,
            List.copyOf(refused));
    run.emit(
        "part", new Part(next.parts(), parts, orders.size(), part.size() - orders.size(), cents));
    run.checkpoint(next);
    return next;
  }

  /** The same in every attempt of a job, and in no other's. */
  private static String name(Run run) {
    return run.caller().tenant() + "/" + run.caller().user() + "/" + run.id();
  }

  private static String refused(Reached reached, Run run) throws Exception {
    if (reached.refused().isEmpty()) {
      return "";
    }
    var text = String.join("\n", reached.refused()) + "\n";
    return run.file("refused.txt", "text/plain", out -> out.write(text.getBytes(UTF_8))).url();
  }
}
