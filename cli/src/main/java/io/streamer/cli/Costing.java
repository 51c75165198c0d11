package io.streamer.cli;

import io.streamer.cli.cost.Bill;
import io.streamer.cli.cost.CostException;
import io.streamer.cli.cost.Prices;
import io.streamer.cli.cost.Workload;
import io.streamer.cli.option.HelpOption;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./streamer cost}. */
@Command(
    name = "cost",
    description = {
      "Computes what a month of a workload costs on AWS, from measured units and list prices.",
      "The file is an object of numbers; each may be left out. docs/cost.md says which there are."
    },
    footerHeading = "%nExample:%n",
    footer = "  ./streamer cost --workload docs/cost/shop.json")
final class Costing implements Callable<Integer> {
  /** As terraform has it for a task of 1 GB. */
  private static final double SOCKETS_PER_TASK = 5_000;

  private static final double MILLION = 1e6;

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin HelpOption help = new HelpOption();

  @Option(
      names = "--workload",
      required = true,
      paramLabel = "FILE",
      description = "The month, as JSON.")
  private Path workload = Path.of("");

  @Option(
      names = "--prices",
      paramLabel = "FILE",
      description = "Prices in place of ours, in the form of ours: another region, another month.")
  private Optional<Path> prices = Optional.empty();

  @Option(names = "--json", description = "An object in place of a table.")
  private boolean json;

  @Override
  public Integer call() {
    try {
      var table = Prices.read(prices);
      var bill = new Bill(Workload.read(workload), table);
      var out = spec.commandLine().getOut();
      if (json) {
        out.println(object(bill, table).encode());
      } else {
        print(out, bill, table);
      }
      out.flush();
      return ExitCode.OK;
    } catch (CostException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()));
    }
  }

  private static void print(PrintWriter out, Bill bill, Prices table) {
    out.println("List prices of " + table.region() + ", " + table.date() + ", before tax.");
    var part = "";
    for (var line : bill.lines()) {
      if (!line.part().equals(part)) {
        part = line.part();
        out.printf(Locale.ROOT, "%n%s%n", part);
      }
      out.printf(
          Locale.ROOT,
          "  %-20s %,18.2f  x %-60s %12.2f%n",
          line.what(),
          line.quantity(),
          line.unit(),
          line.usd());
    }
    out.printf(Locale.ROOT, "%n%-102s %12.2f%n%n", "a month, in dollars", bill.total());
    for (var door : Bill.Door.values()) {
      out.printf(
          Locale.ROOT,
          "%-12s a million: jobs %.2f, requests %.2f, messages %.2f, connection-hours %.2f%n",
          name(door),
          MILLION * bill.ofJob(door),
          MILLION * bill.ofRequest(door),
          MILLION * bill.ofMessage(door),
          MILLION * bill.ofConnectionHour(door, SOCKETS_PER_TASK));
    }
  }

  private static JsonObject object(Bill bill, Prices table) {
    var lines = new JsonArray();
    for (var line : bill.lines()) {
      lines.add(
          new JsonObject()
              .put("part", line.part())
              .put("what", line.what())
              .put("quantity", line.quantity())
              .put("unit", line.unit())
              .put("usd", line.usd()));
    }
    var each = new JsonObject();
    for (var door : Bill.Door.values()) {
      each.put(
          name(door),
          new JsonObject()
              .put("job", bill.ofJob(door))
              .put("request", bill.ofRequest(door))
              .put("message", bill.ofMessage(door))
              .put("connection_hour", bill.ofConnectionHour(door, SOCKETS_PER_TASK)));
    }
    return new JsonObject()
        .put("region", table.region())
        .put("date", table.date())
        .put("usd", bill.total())
        .put("lines", lines)
        .put("each", each);
  }

  private static String name(Bill.Door door) {
    return switch (door) {
      case API_GATEWAY -> "API Gateway";
      case DIRECT -> "direct";
    };
  }
}
