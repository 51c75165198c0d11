package io.streamer.soak;

import io.streamer.shared.table.Tables;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** What stands in the tables once every job has ended and everybody has left. */
final class Leftovers {
  private static final Set<String> TERMINAL =
      Set.of("SUCCEEDED", "FAILED", "CANCELLED", "TIMED_OUT");

  private final DynamoDbClient dynamo;
  private final Tables tables;

  Leftovers(DynamoDbClient dynamo, Tables tables) {
    this.dynamo = dynamo;
    this.tables = tables;
  }

  /** What should not be there any more, or not yet gone: leases, due entries, subscriptions. */
  List<String> all() {
    var found = new ArrayList<String>();
    for (var row : rows(tables.jobs())) {
      var job = "job " + row.text("jobId") + " (" + row.text("action") + ")";
      if (!TERMINAL.contains(row.text("status"))) {
        found.add(job + " is " + row.text("status"));
      }
      for (var mark : List.of("leaseUntil", "dueAt", "dueShard", "abandonAt", "start")) {
        if (row.has(mark)) {
          found.add(job + " still has " + mark);
        }
      }
    }
    for (var row : rows(tables.subscriptions())) {
      found.add(row.text("connectionId") + " is still subscribed to " + row.text("topic"));
    }
    return found;
  }

  /** What should not be there any more of one job. */
  List<String> of(String jobId) {
    return all().stream().filter(line -> line.contains(jobId)).toList();
  }

  /** Compares what clients were told with what is stored. */
  void compare(List<Followed> followed, ChargeLedger ledger, Violations violations)
      throws IOException {
    var stored = new HashMap<String, Row>();
    rows(tables.jobs()).forEach(row -> stored.put(row.text("jobId"), row));
    for (var job : followed) {
      var end = job.end();
      if (job.jobId() == null || end == null) {
        continue;
      }
      var row = stored.get(job.jobId());
      var name = job.name();
      if (row == null) {
        violations.add(name + " was acknowledged and is not stored");
        continue;
      }
      if (Long.parseLong(row.text("seq")) != end.getLong("seq")) {
        violations.add(name + " ended at seq " + row.text("seq") + ", its client saw " + end);
      }
      if (!states(String.valueOf(job.how())).contains(row.text("status"))) {
        violations.add(name + " is " + row.text("status") + ", its client saw " + end);
      }
      if (job.kind() == Kind.STEPS && ledger.keys(job.requestId()) != 1) {
        violations.add(name + " was charged with " + ledger.keys(job.requestId()) + " keys");
      }
    }
    var steps = new HashMap<String, Integer>();
    for (var row : rows(tables.jobData())) {
      if (row.text("part").startsWith("step#")) {
        steps.merge(row.text("job"), 1, Integer::sum);
      }
    }
    steps.forEach((job, count) -> {
      if (count != 1) {
        violations.add("job " + job + " has " + count + " stored steps");
      }
    });
  }

  private static Set<String> states(String how) {
    return switch (how) {
      case "complete" -> Set.of("SUCCEEDED");
      case "CANCELLED" -> Set.of("CANCELLED");
      case "TIMEOUT" -> Set.of("TIMED_OUT", "FAILED");
      default -> Set.of("FAILED");
    };
  }

  private record Row(Map<String, AttributeValue> attributes) {
    boolean has(String name) {
      return attributes.containsKey(name);
    }

    /** A text or a number. */
    String text(String name) {
      var value = attributes.get(name);
      if (value == null) {
        return "?";
      }
      return value.n() == null ? value.s() : value.n();
    }
  }

  private List<Row> rows(String table) {
    return dynamo
        .scanPaginator(request -> request.tableName(table).consistentRead(true))
        .items()
        .stream()
        .map(Row::new)
        .toList();
  }
}
