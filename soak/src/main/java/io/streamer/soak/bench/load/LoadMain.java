package io.streamer.soak.bench.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * The clients, in a process of their own. Takes an order a line and answers each with a line, until
 * there are no more.
 */
public final class LoadMain {
  private static final long LOOK_MS = 10;

  private final Map<String, LoadSockets> crowds = new HashMap<>();
  private final Map<String, MixedSockets> mixed = new HashMap<>();
  private final Map<String, StuckSockets> stuck = new HashMap<>();

  private LoadMain() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    var load = new LoadMain();
    var orders = new BufferedReader(new InputStreamReader(System.in, UTF_8));
    for (var line = orders.readLine(); line != null; line = orders.readLine()) {
      JsonObject said;
      try {
        said = load.carryOut(new JsonObject(line));
      } catch (IOException e) {
        said = new JsonObject().put("failed", e.toString());
      }
      System.out.println(said.encode());
    }
  }

  private JsonObject carryOut(JsonObject order) throws IOException, InterruptedException {
    var name = order.getString("crowd");
    var what = order.getString("do");
    if (what.equals("open")) {
      return open(name, order);
    }
    if (what.equals("hold")) {
      return hold(order);
    }
    if (what.startsWith("mixed")) {
      return mixed(name, what, order);
    }
    if (what.startsWith("stuck")) {
      return stuck(name, what, order);
    }
    var crowd = Objects.requireNonNull(crowds.get(name), name);
    return switch (what) {
      case "closed" ->
          crowd.closed(
              order.getLong("pid"),
              order.getInteger("in_flight"),
              order.getLong("warm_ms"),
              order.getLong("ms"));
      case "rate" ->
          crowd.rate(
              order.getLong("pid"),
              order.getInteger("per_second"),
              order.getLong("warm_ms"),
              order.getLong("ms"));
      case "jobs" ->
          crowd.jobs(order.getInteger("per_second"), order.getLong("warm_ms"), order.getLong("ms"));
      case "progress" ->
          crowd.progress(
              order.getLong("pid"),
              order.getInteger("jobs"),
              order.getInteger("to"),
              order.getLong("ms"));
      case "asked" -> new JsonObject().put("asked", crowd.asked());
      case "rest" -> {
        crowd.rest(order.getLong("ms"));
        yield new JsonObject();
      }
      case "close" -> {
        crowds.remove(name);
        crowd.close();
        yield new JsonObject();
      }
      default -> throw new IOException("there is no order " + what);
    };
  }

  private static JsonObject hold(JsonObject order) throws IOException, InterruptedException {
    var crowd =
        new LoadSockets(
            Question.of(order.getString("action"), order.getString("payload")),
            Reply.valueOf(order.getString("reply")));
    try {
      var tokens = order.getJsonArray("tokens").stream().map(String.class::cast).toList();
      return crowd
          .hold(
              URI.create(order.getString("door")),
              tokens,
              order.getInteger("sockets"),
              order.getLong("ms"),
              order.getLong("every_ms"))
          .put("rss_bytes", (double) ProcessUsage.resident(order.getLong("pid")));
    } finally {
      crowd.close();
    }
  }

  private JsonObject mixed(String name, String what, JsonObject order)
      throws IOException, InterruptedException {
    if (what.equals("mixed-open")) {
      mixed.put(
          name,
          MixedSockets.open(
              URI.create(order.getString("door")),
              order.getJsonArray("tokens").getString(0),
              order.getString("payload"),
              order.getInteger("sockets")));
      return new JsonObject();
    }
    var crowd = Objects.requireNonNull(mixed.get(name), name);
    return switch (what) {
      case "mixed-closed" ->
          new JsonObject()
              .put("per_second", crowd.closed(order.getLong("warm_ms"), order.getLong("ms")));
      case "mixed-rate" -> {
        var visitors =
            Visitors.start(
                URI.create(order.getString("door")),
                order.getJsonArray("tokens").getString(0),
                order.getString("payload"));
        var said =
            crowd.rate(order.getLong("pid"), order.getDouble("per_second"), order.getLong("ms"));
        yield said.mergeIn(visitors.end());
      }
      default -> throw new IOException("there is no order " + what);
    };
  }

  private JsonObject stuck(String name, String what, JsonObject order)
      throws IOException, InterruptedException {
    if (what.equals("stuck-open")) {
      stuck.put(
          name,
          StuckSockets.open(
              URI.create(order.getString("door")),
              order.getJsonArray("tokens").getString(0),
              order.getInteger("sockets")));
      return new JsonObject();
    }
    var crowd = Objects.requireNonNull(stuck.get(name), name);
    return switch (what) {
      case "stuck-stop" -> {
        crowd.stop();
        yield new JsonObject();
      }
      case "stuck-back" -> {
        // the others answer pings meanwhile
        var others = Objects.requireNonNull(crowds.get(name), name);
        long until = System.nanoTime() + order.getLong("ms") * 1_000_000;
        while (!crowd.areBack() && System.nanoTime() < until) {
          others.rest(LOOK_MS);
        }
        yield crowd.said();
      }
      case "stuck-close" -> {
        stuck.remove(name);
        crowd.close();
        yield new JsonObject();
      }
      default -> throw new IOException("there is no order " + what);
    };
  }

  private JsonObject open(String name, JsonObject order) throws IOException, InterruptedException {
    var crowd =
        order.containsKey("status_of")
            ? LoadSockets.aboutStatus(order.getInteger("status_of"))
            : new LoadSockets(
                Question.of(order.getString("action"), order.getString("payload")),
                Reply.valueOf(order.getString("reply")));
    crowds.put(name, crowd);
    long pid = order.getLong("pid");
    int sockets = order.getInteger("sockets");
    long cpu = ProcessUsage.cpuMicros(pid);
    long begun = System.nanoTime();
    var tokens = order.getJsonArray("tokens").stream().map(String.class::cast).toList();
    var took = crowd.open(URI.create(order.getString("door")), tokens, sockets);
    return new JsonObject()
        .put("cpu_us", (double) (ProcessUsage.cpuMicros(pid) - cpu) / sockets)
        .put("per_second", sockets * 1e9 / (System.nanoTime() - begun))
        .put("p50_us", took.micros(0.5))
        .put("p99_us", took.micros(0.99));
  }
}
