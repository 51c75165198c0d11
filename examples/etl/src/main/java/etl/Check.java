package etl;

import io.streamer.handler.Action;
import io.streamer.handler.Handler;
import io.streamer.handler.Run;
import java.util.ArrayList;
import java.util.List;

/** Says what is wrong with a file of orders; answered on the spot. */
@Action("etl.check")
public final class Check implements Handler<Check.Request, Check.Report> {
  private static final int MOST_PROBLEMS = 20;

  /** What a client sends. */
  public record Request(String csv) {
    public Request {
      OrderFile.of(csv);
    }
  }

  /**
   * What it gets.
   *
   * @param problems the first of the refused rows
   */
  public record Report(int rows, int refused, List<Problem> problems) {}

  /** Why a row is refused. */
  public record Problem(long line, String text) {}

  @Override
  public Report handle(Request request, Run run) {
    var file = OrderFile.of(request.csv());
    var problems = new ArrayList<Problem>();
    for (var row : file.rows()) {
      var checked = Order.check(row.fields());
      if (checked.order().isEmpty()) {
        problems.add(new Problem(row.line(), checked.problem()));
      }
    }
    return new Report(
        file.rows().size(),
        problems.size(),
        problems.subList(0, Math.min(MOST_PROBLEMS, problems.size())));
  }
}
