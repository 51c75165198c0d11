package io.streamer.shared.table;

import static io.streamer.shared.table.TableDefinition.Attribute.number;
import static io.streamer.shared.table.TableDefinition.Attribute.text;

import io.streamer.shared.table.TableDefinition.Index;
import java.util.List;
import java.util.regex.Pattern;

/** The tables of one deployment, and what each looks like. */
public record Tables(String prefix) {
  /** Of every table: the epoch second after which an item may go. */
  public static final String TTL = "expiresAt";

  public static final String OF_USER = "ofUser";
  public static final String OF_TENANT = "ofTenant";
  public static final String BY_CONNECTION = "byConnection";
  public static final String DUE = "due";
  public static final String DEAD = "dead";

  private static final Pattern PREFIX = Pattern.compile("[A-Za-z0-9_.-]{1,200}");

  private static final TableDefinition JOBS =
      new TableDefinition(
          "jobs",
          TableDefinition.Key.of(text("jobId")),
          // each costs every submit a write unit: only what is read stands here
          List.of(
              new Index(DUE, TableDefinition.Key.of(text("dueShard"), number("dueAt"))),
              new Index("lane", TableDefinition.Key.of(text("lane"), text("rank"))),
              new Index(DEAD, TableDefinition.Key.of(text("tenant"), number("deadAt")))),
          true,
          TTL);

  private static final TableDefinition JOB_DATA =
      plain("job_data", TableDefinition.Key.of(text("job"), text("part")));

  private static final TableDefinition CONNECTIONS =
      plain(
          "connections",
          TableDefinition.Key.of(text("connectionId")),
          new Index(OF_USER, TableDefinition.Key.of(text("userShard"), text("since"))),
          new Index(OF_TENANT, TableDefinition.Key.of(text("tenantShard"), text("since"))));

  private static final TableDefinition SUBSCRIPTIONS =
      plain(
          "subscriptions",
          TableDefinition.Key.of(text("topic"), text("connectionId")),
          new Index(BY_CONNECTION, TableDefinition.Key.of(text("connectionId"), text("topic"))));

  private static final TableDefinition NODES =
      plain("nodes", TableDefinition.Key.of(text("nodeId")));

  private static final TableDefinition TENANTS =
      plain("tenants", TableDefinition.Key.of(text("tenantId"), text("item")));

  public Tables {
    if (!PREFIX.matcher(prefix).matches()) {
      throw new IllegalArgumentException("a table prefix is " + PREFIX.pattern());
    }
  }

  /** Every table. */
  public static List<TableDefinition> definitions() {
    return List.of(JOBS, JOB_DATA, CONNECTIONS, SUBSCRIPTIONS, NODES, TENANTS);
  }

  /** What a table is called in this deployment. */
  public String name(TableDefinition definition) {
    return prefix + "-" + definition.name();
  }

  public String jobs() {
    return name(JOBS);
  }

  public String jobData() {
    return name(JOB_DATA);
  }

  public String connections() {
    return name(CONNECTIONS);
  }

  public String subscriptions() {
    return name(SUBSCRIPTIONS);
  }

  public String nodes() {
    return name(NODES);
  }

  public String tenants() {
    return name(TENANTS);
  }

  private static TableDefinition plain(String name, TableDefinition.Key key, Index... indexes) {
    return new TableDefinition(name, key, List.of(indexes), false, TTL);
  }
}
