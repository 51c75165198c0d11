package io.streamer.shared.store;

import io.streamer.shared.job.Job;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Every read and write of the connections of all nodes. */
public final class ConnectionCalls {
  private final Tables tables;
  private final InstantSource clock;
  private final Pages pages;

  public ConnectionCalls(Tables tables, InstantSource clock) {
    this.tables = tables;
    this.clock = clock;
    this.pages = new Pages(tables.connections(), "connectionId", "connectedAt");
  }

  /** Writes a connection, whatever stood under its id; true. */
  public Call<Boolean> put(ConnectionRow row) {
    return Call.ask(new Request.Put(tables.connections(), write(row), List.of()), Answer::accepted);
  }

  /** Takes a connection away; whether it was there. */
  public Call<Boolean> delete(String id) {
    return Call.ask(
        new Request.Delete(tables.connections(), key(id)), answer -> answer.item().isPresent());
  }

  /** The connection, if it is there and has not expired. */
  public Call<Optional<ConnectionRow>> find(String id) {
    return Call.ask(
        new Request.Get(tables.connections(), key(id), true),
        answer -> answer.item().map(ConnectionCalls::read).filter(this::live));
  }

  /** Notes that a connection was heard of; false if it is not there. */
  public Call<Boolean> touch(String id, long lastSeenAt, long expiresAt) {
    var set = Map.of("lastSeenAt", Value.of(lastSeenAt), Tables.TTL, Value.of(expiresAt));
    return Call.ask(
        new Request.Update(
            tables.connections(),
            key(id),
            set,
            Set.of(),
            List.of(new Condition.Present("connectionId"))),
        Answer::accepted);
  }

  /**
   * A user's connections, newest first; expired ones are left out, so a page may be short.
   *
   * @param limit cut to 1 to 100
   * @throws IllegalArgumentException if the cursor is none of ours
   */
  public Call<Page<ConnectionRow>> byUser(
      String tenant, String user, int limit, Optional<String> cursor) {
    return page(Tables.BY_USER, "owner", Job.owner(tenant, user), limit, cursor);
  }

  /** A tenant's connections, as {@link #byUser}. */
  public Call<Page<ConnectionRow>> byTenant(String tenant, int limit, Optional<String> cursor) {
    return page(Tables.BY_TENANT, "tenantShard", JobItems.tenantShard(tenant), limit, cursor);
  }

  private Call<Page<ConnectionRow>> page(
      String index, String attribute, String value, int limit, Optional<String> cursor) {
    return pages
        .page(index, attribute, value, limit, cursor)
        .map(page ->
            new Page<>(
                page.items().stream().map(ConnectionCalls::read).filter(this::live).toList(),
                page.next()));
  }

  /** The table removes expired rows when it likes. */
  private boolean live(ConnectionRow row) {
    return row.expiresAt() > clock.millis() / 1_000;
  }

  static Item write(ConnectionRow row) {
    return new Item.Builder()
        .put("connectionId", row.id())
        .put("tenant", row.tenant())
        .put("user", row.user())
        .put("owner", Job.owner(row.tenant(), row.user()))
        .put("tenantShard", JobItems.tenantShard(row.tenant()))
        .put("permissions", JobItems.texts(row.permissions()))
        .put("endpoint", row.endpoint())
        .put("sourceAddress", row.sourceAddress())
        .put("userAgent", row.userAgent())
        .put("connectedAt", row.connectedAt())
        .put("lastSeenAt", row.lastSeenAt())
        .put("tokenExpiresAt", row.tokenExpiresAt())
        .put(Tables.TTL, row.expiresAt())
        .build();
  }

  static ConnectionRow read(Item item) {
    return new ConnectionRow(
        item.text("connectionId"),
        item.text("tenant"),
        item.text("user"),
        JobItems.readTexts(item, "permissions"),
        item.text("endpoint"),
        item.text("sourceAddress"),
        item.text("userAgent"),
        item.whole("connectedAt"),
        item.whole("lastSeenAt"),
        item.whole("tokenExpiresAt"),
        item.whole(Tables.TTL));
  }

  private static Item key(String id) {
    return Item.of("connectionId", id);
  }
}
