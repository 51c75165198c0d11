package io.streamer.shared.directory;

import io.streamer.shared.job.Job;
import io.streamer.shared.store.row.JobItems;
import io.streamer.shared.table.Answer;
import io.streamer.shared.table.Call;
import io.streamer.shared.table.Condition;
import io.streamer.shared.table.Item;
import io.streamer.shared.table.Page;
import io.streamer.shared.table.Pages;
import io.streamer.shared.table.SpreadPages;
import io.streamer.shared.table.StoreRequest;
import io.streamer.shared.table.Tables;
import io.streamer.shared.table.Value;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Every read and write of the connections of all nodes. */
public final class ConnectionCalls {
  private static final String SINCE = "since";

  private final Tables tables;
  private final InstantSource clock;
  private final SpreadPages ofUser;
  private final SpreadPages ofTenant;

  public ConnectionCalls(Tables tables, InstantSource clock) {
    this.tables = tables;
    this.clock = clock;
    var pages = new Pages(tables.connections(), "connectionId", SINCE);
    this.ofUser = new SpreadPages(pages, Tables.OF_USER, "userShard", SINCE);
    this.ofTenant = new SpreadPages(pages, Tables.OF_TENANT, "tenantShard", SINCE);
  }

  /** Writes a connection, whatever stood under its id; true. */
  public Call<Boolean> put(ConnectionRow row) {
    return Call.ask(
        new StoreRequest.Put(tables.connections(), write(row), List.of()), Answer::accepted);
  }

  /** Takes a connection away; whether it was there. */
  public Call<Boolean> delete(String id) {
    return Call.ask(
        new StoreRequest.Delete(tables.connections(), key(id)),
        answer -> answer.item().isPresent());
  }

  /**
   * Writes connections, whatever stood under their ids, and takes others away.
   *
   * @param rows and
   * @param gone at most {@link StoreRequest.Writes#MOST} together, none twice
   * @return the ids of those that were not served this time
   */
  public Call<Set<String>> write(List<ConnectionRow> rows, List<String> gone) {
    var request =
        new StoreRequest.Writes(
            tables.connections(),
            rows.stream().map(ConnectionCalls::write).toList(),
            gone.stream().map(ConnectionCalls::key).toList());
    return Call.ask(
        request,
        answer ->
            Pages.rows(answer).left().stream()
                .map(item -> item.text("connectionId"))
                .collect(Collectors.toUnmodifiableSet()));
  }

  /** The connection, if it is there and has not expired. */
  public Call<Optional<ConnectionRow>> find(String id) {
    return Call.ask(
        new StoreRequest.Get(tables.connections(), key(id), true),
        answer -> answer.item().map(ConnectionCalls::read).filter(this::live));
  }

  /** Notes that a connection was heard of; false if it is not there. */
  public Call<Boolean> touch(String id, long lastSeenAt, long expiresAt) {
    var set = Map.of("lastSeenAt", Value.of(lastSeenAt), Tables.TTL, Value.of(expiresAt));
    return Call.ask(
        new StoreRequest.Update(
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
    return page(ofUser, Job.owner(tenant, user), limit, cursor);
  }

  /** A tenant's connections, as {@link #byUser}. */
  public Call<Page<ConnectionRow>> byTenant(String tenant, int limit, Optional<String> cursor) {
    return page(ofTenant, Job.keyPart(tenant), limit, cursor);
  }

  private Call<Page<ConnectionRow>> page(
      SpreadPages pages, String key, int limit, Optional<String> cursor) {
    return pages
        .page(key, limit, cursor)
        .map(page ->
            new Page<>(
                page.items().stream().map(ConnectionCalls::read).filter(this::live).toList(),
                page.next()));
  }

  /**
   * A page of connections, and in their places others that may be missing or older in it.
   *
   * @param limit and
   * @param cursor as the page was asked for
   */
  public static Page<ConnectionRow> with(
      Page<ConnectionRow> page, List<ConnectionRow> others, int limit, Optional<String> cursor) {
    var from = cursor.map(SpreadPages::read);
    var to = page.next().map(SpreadPages::read);
    var all = new TreeMap<String, ConnectionRow>(Comparator.reverseOrder());
    page.items().forEach(row -> all.put(since(row), row));
    for (var row : others) {
      var since = since(row);
      if (from.map(first -> since.compareTo(first) < 0).orElse(true)
          && to.map(last -> since.compareTo(last) >= 0).orElse(true)) {
        all.put(since, row);
      }
    }
    if (all.size() <= limit) {
      return new Page<>(List.copyOf(all.values()), page.next());
    }
    var rows = all.values().stream().limit(limit).toList();
    return new Page<>(rows, Optional.of(SpreadPages.cursor(since(rows.getLast()))));
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
        .put("userShard", SpreadPages.shard(Job.owner(row.tenant(), row.user()), row.id()))
        .put("tenantShard", SpreadPages.shard(Job.keyPart(row.tenant()), row.id()))
        .put(SINCE, since(row))
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

  private static String since(ConnectionRow row) {
    return SpreadPages.since(row.connectedAt(), row.id());
  }

  private static Item key(String id) {
    return Item.of("connectionId", id);
  }
}
