package io.streamer.cli.cost;

import static io.streamer.cli.cost.Workload.Field.ANSWER_KB;
import static io.streamer.cli.cost.Workload.Field.BALANCERS;
import static io.streamer.cli.cost.Workload.Field.BROADCASTS;
import static io.streamer.cli.cost.Workload.Field.BROADCAST_KB;
import static io.streamer.cli.cost.Workload.Field.BUSY_SHARE;
import static io.streamer.cli.cost.Workload.Field.CHECKPOINT_KB;
import static io.streamer.cli.cost.Workload.Field.CONNECTIONS;
import static io.streamer.cli.cost.Workload.Field.CONNECTION_HOURS;
import static io.streamer.cli.cost.Workload.Field.DIRECT_SHARE;
import static io.streamer.cli.cost.Workload.Field.EVENT_KB;
import static io.streamer.cli.cost.Workload.Field.FILE_RETENTION_DAYS;
import static io.streamer.cli.cost.Workload.Field.HOURS;
import static io.streamer.cli.cost.Workload.Field.JOBS;
import static io.streamer.cli.cost.Workload.Field.JOB_CHECKPOINTS;
import static io.streamer.cli.cost.Workload.Field.JOB_EVENTS;
import static io.streamer.cli.cost.Workload.Field.JOB_LOG_KB;
import static io.streamer.cli.cost.Workload.Field.JOB_MEMORY_MB;
import static io.streamer.cli.cost.Workload.Field.JOB_PROGRESS;
import static io.streamer.cli.cost.Workload.Field.JOB_RETENTION_DAYS;
import static io.streamer.cli.cost.Workload.Field.JOB_SECONDS;
import static io.streamer.cli.cost.Workload.Field.NATS;
import static io.streamer.cli.cost.Workload.Field.PAYLOAD_KB;
import static io.streamer.cli.cost.Workload.Field.PUBLIC_ADDRESSES;
import static io.streamer.cli.cost.Workload.Field.RECIPIENTS;
import static io.streamer.cli.cost.Workload.Field.REQUESTS;
import static io.streamer.cli.cost.Workload.Field.REQUEST_KB;
import static io.streamer.cli.cost.Workload.Field.RESULT_INLINE_KB;
import static io.streamer.cli.cost.Workload.Field.RESULT_KB;
import static io.streamer.cli.cost.Workload.Field.TASKS;
import static io.streamer.cli.cost.Workload.Field.TASK_GB;
import static io.streamer.cli.cost.Workload.Field.TASK_VCPU;

import java.util.ArrayList;
import java.util.List;

/** What a workload uses in a month, and what that costs. */
public final class Bill {
  private static final double KB_PER_GB = 1024 * 1024;
  private static final double MB_PER_GB = 1024;
  private static final double SECONDS_PER_HOUR = 3_600;
  private static final double MINUTES_PER_HOUR = 60;
  private static final double DAYS_PER_MONTH = 30;

  private final Workload load;
  private final Prices prices;

  /** Where a client is connected. */
  public enum Door {
    API_GATEWAY,
    DIRECT
  }

  /**
   * A line.
   *
   * @param part of the bill, such as "jobs"
   */
  public record Line(String part, String what, double quantity, String unit, double usd) {}

  public Bill(Workload load, Prices prices) {
    this.load = load;
    this.prices = prices;
  }

  /** All lines that are not nothing. */
  public List<Line> lines() {
    var lines = new ArrayList<Line>();
    add(lines, "what stands", standing(), 1);
    for (var door : Door.values()) {
      double share = door == Door.DIRECT ? load.get(DIRECT_SHARE) : 1 - load.get(DIRECT_SHARE);
      var at = door == Door.DIRECT ? ", direct" : ", API Gateway";
      add(
          lines,
          "connections" + at,
          connectionHour(door),
          share * load.get(CONNECTIONS) * load.get(HOURS));
      add(lines, "requests" + at, request(door), share * load.get(REQUESTS));
      add(lines, "jobs" + at, job(door), share * load.get(JOBS));
      add(
          lines,
          "broadcasts" + at,
          push(door, load.get(BROADCAST_KB)),
          share * load.get(BROADCASTS) * load.get(RECIPIENTS));
    }
    return lines;
  }

  /** Dollars of the month. */
  public double total() {
    return lines().stream().mapToDouble(Line::usd).sum();
  }

  /** Dollars of a job at a door. */
  public double ofJob(Door door) {
    return usd(job(door));
  }

  /** Dollars of a request answered on the spot. */
  public double ofRequest(Door door) {
    return usd(request(door));
  }

  /** Dollars of a frame that is sent to a client. */
  public double ofMessage(Door door) {
    return usd(push(door, load.get(ANSWER_KB)));
  }

  /**
   * Dollars of an hour of an open connection; at the direct door with its share of a task and its
   * load balancer that are full.
   *
   * @param perTask sockets that a task holds
   */
  public double ofConnectionHour(Door door, double perTask) {
    double task =
        door == Door.DIRECT
            ? usd(
                List.of(
                    new Use("", load.get(TASK_VCPU) / perTask, "fargate.vcpu-hour"),
                    new Use("", load.get(TASK_GB) / perTask, "fargate.gb-hour")))
            : 0;
    return usd(connectionHour(door)) + task;
  }

  private List<Use> standing() {
    double hours = load.get(HOURS);
    double seconds = hours * SECONDS_PER_HOUR;
    double tasks = load.get(TASKS);
    return List.of(
        new Use("load balancers", load.get(BALANCERS) * hours, "balancer.hour"),
        new Use(
            "public addresses", (load.get(PUBLIC_ADDRESSES) + load.get(NATS)) * hours, "ipv4.hour"),
        new Use("NAT", load.get(NATS) * hours, "nat.hour"),
        new Use("tasks' processors", tasks * load.get(TASK_VCPU) * hours, "fargate.vcpu-hour"),
        new Use("tasks' memory", tasks * load.get(TASK_GB) * hours, "fargate.gb-hour"),
        new Use("looks for due jobs", Units.DUE_READS_PER_SECOND * seconds, "dynamodb.read"),
        new Use(
            "tasks' heartbeats", tasks * Units.BEAT_WRITES_PER_SECOND * seconds, "dynamodb.write"),
        new Use("metrics", Units.GATEWAY_METRICS + Units.WORKER_METRICS, "metric.month"),
        new Use("calls that send them", tasks * Units.METRIC_CALLS_PER_HOUR * hours, "metric.call"),
        new Use("alarms", Units.ALARMS, "alarm.month"),
        new Use("dashboard", 1, "dashboard.month"),
        new Use("alarms of alarms", Units.COMPOSITE_ALARMS, "composite-alarm.month"),
        new Use("secrets", 2, "secret.month"));
  }

  private List<Use> connectionHour(Door door) {
    double opened = 1 / Math.max(load.get(CONNECTION_HOURS), 1e-3);
    double ends = Units.CONNECTION_WRITES * opened;
    double beats = Units.API_HEARTBEATS_PER_HOUR / 2;
    return switch (door) {
      case API_GATEWAY ->
          List.of(
              new Use("connection minutes", MINUTES_PER_HOUR, "api.connection-minute"),
              new Use("heartbeats", Units.API_HEARTBEATS_PER_HOUR, "api.message"),
              new Use("rows", ends + Units.API_TOUCHES_PER_HOUR, "dynamodb.write"),
              new Use("rows read", beats * Units.API_READS_PER_HEARTBEAT, "dynamodb.read"),
              accessLog(beats + 2 * opened));
      case DIRECT -> {
        double busy = load.get(BUSY_SHARE);
        yield List.of(
            new Use("LCUs", 1 / Units.CONNECTIONS_PER_LCU, "balancer.lcu-hour"),
            new Use(
                "rows",
                ends
                    + busy * Units.BUSY_TOUCHES_PER_HOUR
                    + (1 - busy) * Units.IDLE_TOUCHES_PER_HOUR,
                "dynamodb.write"));
      }
    };
  }

  private List<Use> request(Door door) {
    return switch (door) {
      case API_GATEWAY ->
          List.of(
              new Use(
                  "messages",
                  Units.messages(load.get(REQUEST_KB)) + Units.messages(load.get(ANSWER_KB)),
                  "api.message"),
              accessLog(1),
              egress(load.get(ANSWER_KB)));
      case DIRECT -> List.of(egress(load.get(ANSWER_KB)));
    };
  }

  private List<Use> job(Door door) {
    var job =
        new JobUse(
            load.get(JOB_SECONDS),
            load.get(JOB_PROGRESS),
            load.get(PAYLOAD_KB),
            load.get(RESULT_KB),
            load.get(RESULT_INLINE_KB),
            load.get(JOB_EVENTS),
            load.get(EVENT_KB),
            load.get(JOB_CHECKPOINTS),
            load.get(CHECKPOINT_KB));
    double event = job.eventKb() + Units.FRAME_KB;
    double terminal = job.resultInBucket() ? Units.URL_FRAME_KB : job.resultKb() + Units.FRAME_KB;
    double frames = job.progress() * Units.PROGRESS_KB + job.events() * event + terminal;
    var uses = new ArrayList<Use>();
    double gb = load.get(JOB_MEMORY_MB) / MB_PER_GB;
    uses.add(new Use("writes", job.writes(), "dynamodb.write"));
    uses.add(new Use("reads", job.reads(), "dynamodb.read"));
    uses.add(
        new Use(
            "rows kept",
            job.kbMonths(load.get(JOB_RETENTION_DAYS)) / KB_PER_GB,
            "dynamodb.gb-month"));
    uses.add(new Use("invocations", Units.JOB_INVOCATIONS, "lambda.request"));
    uses.add(
        new Use("worker's time", gb * job.seconds() + Units.STREAM_GB_SECONDS, "lambda.gb-second"));
    uses.add(new Use("logs", load.get(JOB_LOG_KB) / KB_PER_GB, "logs.gb"));
    uses.add(egress(frames + (job.resultInBucket() ? job.resultKb() : 0)));
    if (job.resultInBucket()) {
      uses.add(new Use("results put in the bucket", 1, "s3.put"));
      uses.add(new Use("and fetched", 1, "s3.get"));
      uses.add(
          new Use(
              "and kept",
              job.resultKb() / KB_PER_GB * load.get(FILE_RETENTION_DAYS) / DAYS_PER_MONTH,
              "s3.gb-month"));
    }
    if (door == Door.API_GATEWAY) {
      // the acknowledgment is one; progress is small
      uses.add(
          new Use(
              "messages",
              Units.messages(job.payloadKb() + Units.FRAME_KB)
                  + 1
                  + job.progress()
                  + job.events() * Units.messages(event)
                  + Units.messages(terminal),
              "api.message"));
      uses.add(accessLog(1));
      uses.add(
          new Use(
              "through the NAT",
              ((job.progress() + job.events() + 1) * Units.PUSH_KB
                      + job.events() * job.eventKb()
                      + terminal)
                  / KB_PER_GB,
              "nat.gb"));
    }
    return uses;
  }

  private static List<Use> push(Door door, double kilobytes) {
    return switch (door) {
      case API_GATEWAY ->
          List.of(
              new Use("messages", Units.messages(kilobytes), "api.message"),
              new Use("through the NAT", (Units.PUSH_KB + kilobytes) / KB_PER_GB, "nat.gb"),
              egress(kilobytes));
      case DIRECT -> List.of(egress(kilobytes));
    };
  }

  private static Use accessLog(double lines) {
    return new Use("access log", lines * Units.ACCESS_LINE_KB / KB_PER_GB, "logs.gb");
  }

  private static Use egress(double kilobytes) {
    return new Use("to the internet", kilobytes / KB_PER_GB, "egress.gb");
  }

  private double usd(List<Use> uses) {
    return uses.stream().mapToDouble(use -> use.quantity() * prices.of(use).usd()).sum();
  }

  private void add(List<Line> lines, String part, List<Use> uses, double times) {
    for (var use : uses) {
      double quantity = use.times(times).quantity();
      if (quantity > 0) {
        var price = prices.of(use);
        lines.add(new Line(part, use.what(), quantity, price.unit(), quantity * price.usd()));
      }
    }
  }
}
