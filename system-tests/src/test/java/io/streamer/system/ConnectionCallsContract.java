package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.shared.directory.ConnectionCalls;
import io.streamer.shared.directory.ConnectionRow;
import io.streamer.shared.directory.NodeCalls;
import io.streamer.shared.table.Call;
import io.streamer.shared.table.Page;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Connections and nodes on real tables, by either client; where the tables are, a subclass says.
 */
@ParameterizedClass
@EnumSource
abstract class ConnectionCallsContract {
  @Parameter private LocalTables.Way way;

  private final LocalTables local;

  private final String tenant = "acme#" + UUID.randomUUID();
  private long now = System.currentTimeMillis();
  private final ConnectionCalls calls;
  private final NodeCalls nodes;

  ConnectionCallsContract(LocalTables local) {
    this.local = local;
    calls = new ConnectionCalls(local.tables, () -> Instant.ofEpochMilli(now));
    nodes = new NodeCalls(local.tables, () -> Instant.ofEpochMilli(now));
  }

  @Test
  void aConnectionIsFoundAsItWasPutUntilItIsDeleted() {
    var row = put("ann");
    assertThat(run(calls.find(row.id()))).contains(row);
    assertThat(run(calls.delete(row.id()))).isTrue();
    assertThat(run(calls.find(row.id()))).isEmpty();
    assertThat(run(calls.delete(row.id()))).isFalse();
  }

  @Test
  void aTouchMovesItsTimesAndNothingElse() {
    var row = put("ann");
    var later = row.expiresAt() + 60;
    assertThat(run(calls.touch(row.id(), now + 5, later))).isTrue();
    var touched = run(calls.find(row.id())).orElseThrow();
    assertThat(touched.lastSeenAt()).isEqualTo(now + 5);
    assertThat(touched.expiresAt()).isEqualTo(later);
    assertThat(touched.permissions()).isEqualTo(row.permissions());
    assertThat(touched.connectedAt()).isEqualTo(row.connectedAt());
  }

  @Test
  void aTouchBringsNoConnectionBack() {
    var row = put("ann");
    run(calls.delete(row.id()));
    assertThat(run(calls.touch(row.id(), now, row.expiresAt()))).isFalse();
    assertThat(run(calls.find(row.id()))).isEmpty();
  }

  @Test
  void anExpiredConnectionIsGoneThoughItsRowIsThere() {
    var row = put("ann");
    now = row.expiresAt() * 1_000;
    assertThat(run(calls.find(row.id()))).isEmpty();
    assertThat(run(calls.byUser(tenant, "ann", 10, Optional.empty())).items()).isEmpty();
    assertThat(local.item(local.tables.connections(), "connectionId", row.id())).isNotEmpty();
  }

  @Test
  void aUsersConnectionsComeNewestFirstInPages() {
    var anns = new ArrayList<ConnectionRow>();
    for (int i = 0; i < 5; i++) {
      now += 10;
      anns.addFirst(put("ann"));
      put("ann#b");
    }
    assertThat(all(cursor -> calls.byUser(tenant, "ann", 2, cursor))).isEqualTo(anns);
    assertThat(run(calls.byUser("other", "ann", 10, Optional.empty())).items()).isEmpty();
  }

  @Test
  void aTenantsConnectionsAreThoseOfAllItsUsers() {
    var rows = new ArrayList<ConnectionRow>();
    for (int i = 0; i < 7; i++) {
      now += 10;
      rows.addFirst(put("user" + i));
    }
    assertThat(all(cursor -> calls.byTenant(tenant, 3, cursor))).isEqualTo(rows);
    assertThat(run(calls.byTenant("acme", 10, Optional.empty())).items()).isEmpty();
  }

  @Test
  void connectionsOfOneMomentStandOnOnePageEach() {
    var rows = new ArrayList<ConnectionRow>();
    for (int i = 0; i < 40; i++) {
      rows.add(put("ann"));
    }
    // of one moment: by their ids
    rows.sort(Comparator.comparing(ConnectionRow::id).reversed());
    for (int limit : new int[] {1, 7, 39, 40}) {
      assertThat(all(cursor -> calls.byTenant(tenant, limit, cursor))).isEqualTo(rows);
      assertThat(all(cursor -> calls.byUser(tenant, "ann", limit, cursor))).isEqualTo(rows);
    }
  }

  @Test
  void noPartitionOfAnIndexHasMoreThanItsShareOfATenant() {
    for (int i = 0; i < 160; i++) {
      put("ann");
    }
    for (var index : Map.of("ofTenant", "tenantShard", "ofUser", "userShard").entrySet()) {
      var key = tenant.replace("#", "%23") + (index.getKey().equals("ofUser") ? "#ann" : "");
      var shares =
          IntStream.range(0, 16)
              .map(shard ->
                  local
                      .indexed(
                          local.tables.connections(),
                          index.getKey(),
                          index.getValue(),
                          "%s#%02d".formatted(key, shard))
                      .size())
              .toArray();
      assertThat(IntStream.of(shares).max().orElseThrow()).isLessThan(40);
      assertThat(IntStream.of(shares).sum()).isEqualTo(160);
    }
  }

  @Test
  void severalAreWrittenAndTakenAwayAtOnce() {
    var old = Stream.generate(() -> put("ann")).limit(12).toList();
    var rows = Stream.generate(() -> row("bob")).limit(13).toList();
    assertThat(run(calls.write(rows, old.stream().map(ConnectionRow::id).toList()))).isEmpty();
    assertThat(all(cursor -> calls.byTenant(tenant, 100, cursor)))
        .containsExactlyInAnyOrderElementsOf(rows);
    assertThat(run(calls.find(rows.getFirst().id()))).contains(rows.getFirst());
    // again, and what is gone already: nothing changes
    assertThat(run(calls.write(rows, List.of(old.getFirst().id())))).isEmpty();
    assertThat(run(calls.write(List.of(), rows.stream().map(ConnectionRow::id).toList())))
        .isEmpty();
    assertThat(all(cursor -> calls.byTenant(tenant, 100, cursor))).isEmpty();
  }

  @Test
  void moreThanABatchHoldsComesInFullPages() {
    for (int i = 0; i < 103; i++) {
      now++;
      put("ann");
    }
    var page = run(calls.byUser(tenant, "ann", 1_000, Optional.empty()));
    assertThat(page.items()).hasSize(100);
    assertThat(run(calls.byUser(tenant, "ann", 1_000, page.next())).items()).hasSize(3);
  }

  @Test
  void aNodeIsFoundWhileItBeatsAndNotAfterItWasRemoved() {
    var id = UUID.randomUUID().toString();
    run(nodes.beat(Nodes.live(id, "10.0.0.7:9000", now)));
    var later = Nodes.live(id, "10.0.0.7:9000", now + 10_000);
    assertThat(run(nodes.beat(later))).isTrue();
    assertThat(run(nodes.find(id))).contains(later);
    assertThat(run(nodes.remove(id))).isTrue();
    assertThat(run(nodes.find(id))).isEmpty();
    assertThat(run(nodes.remove(id))).isFalse();
  }

  private List<ConnectionRow> all(Function<Optional<String>, Call<Page<ConnectionRow>>> pages) {
    var rows = new ArrayList<ConnectionRow>();
    var cursor = Optional.<String>empty();
    do {
      var page = run(pages.apply(cursor));
      rows.addAll(page.items());
      cursor = page.next();
    } while (cursor.isPresent());
    return rows;
  }

  private ConnectionRow put(String user) {
    var row = row(user);
    assertThat(run(calls.put(row))).isTrue();
    return row;
  }

  private ConnectionRow row(String user) {
    return new ConnectionRow(
        UUID.randomUUID() + "/+=",
        tenant,
        user,
        Set.of("a", "b"),
        "node:n1",
        "127.0.0.1",
        "",
        now,
        now,
        now + 3_600_000,
        now / 1_000 + 3_600);
  }

  private <T> T run(Call<T> call) {
    return local.run(way, call);
  }
}
