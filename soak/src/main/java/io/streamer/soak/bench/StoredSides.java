package io.streamer.soak.bench;

import io.streamer.emulator.aws.LocalAws;
import io.streamer.shared.table.CreateTables;
import io.streamer.shared.table.Tables;
import io.streamer.soak.bench.load.Side;
import io.streamer.soak.bench.server.BenchOptions;
import io.streamer.soak.bench.server.JavaProcess;
import io.streamer.soak.bench.server.Server;
import io.streamer.soak.bench.server.StoreMain;
import io.streamer.soak.bench.stub.StoreDoor;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** Gateways at one DynamoDB Local, each with tables of its own: the first has the fewest jobs. */
final class StoredSides implements AutoCloseable {
  /** Of the one that the other is compared with. */
  static final String FEW = "few";

  /** Of the one whose tables are not emptied. */
  static final String MANY = "many";

  private static final int FEW_JOBS = 1_000;

  /** For each of the connections that other cases have. */
  private static final int MANY_JOBS = 200;

  private final JavaProcess store;
  private final DynamoDbClient client;
  private final List<AutoCloseable> running = new ArrayList<>();
  private final List<Kept> all = new ArrayList<>();

  /**
   * A gateway and its store.
   *
   * @param name of the amount
   * @param most jobs that are to be stored
   * @param submit whose requests become jobs
   * @param status where it is asked how jobs are
   */
  record Kept(String name, int most, Side submit, Side status, StoreDoor door, StoredJobs jobs) {}

  private StoredSides(JavaProcess store) {
    this.store = store;
    this.client = LocalAws.dynamo(URI.create("http://127.0.0.1:" + store.port()));
    running.add(store);
    running.addFirst(client);
  }

  /**
   * Starts them, with empty tables.
   *
   * @param settings of a gateway at any store
   */
  static StoredSides start(BenchOptions options, Map<String, String> settings) throws IOException {
    var jars = options.home().resolve("local/dynamodb-local/target/jars");
    var flags = List.of("-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED");
    var sides = new StoredSides(JavaProcess.start(flags, StoreMain.class, jars.toString()));
    try {
      int many = MANY_JOBS * options.effort().connections();
      sides.add(FEW, FEW_JOBS, options, settings);
      sides.add("more", many / 10, options, settings);
      sides.add(MANY, many, options, settings);
      return sides;
    } catch (Throwable e) {
      sides.close();
      throw e;
    }
  }

  private void add(String name, int most, BenchOptions options, Map<String, String> settings)
      throws IOException {
    var tables = new Tables(name);
    CreateTables.create(client, tables);
    // nobody reads it, and DynamoDB Local takes longer for each write the more it has to keep
    client.updateTable(change ->
        change.tableName(tables.jobs()).streamSpecification(stream -> stream.streamEnabled(false)));
    var door = StoreDoor.before(URI.create("http://127.0.0.1:" + store.port()));
    running.addFirst(door);
    var own = new HashMap<>(settings);
    own.put("STREAMER_TABLE_PREFIX", name);
    own.put("AWS_ENDPOINT_URL_DYNAMODB", door.address().toString());
    // nobody runs the jobs, and nobody is to look after them
    own.put("STREAMER_SUBMIT_DUE", "24h");
    own.put("STREAMER_DUE_EVERY", "1h");
    var server = Server.gateway("", options.packed(), options, own);
    running.addFirst(server);
    var jobs = server.jobs().orElseThrow();
    all.add(
        new Kept(
            name,
            most,
            jobs.named("submit-" + name),
            jobs.named("status-" + name),
            door,
            new StoredJobs(client, tables)));
  }

  List<Kept> all() {
    return all;
  }

  /** Whose processor time is the store's. */
  long storePid() {
    return store.pid();
  }

  @Override
  public void close() throws IOException {
    Bench.close(running);
  }
}
