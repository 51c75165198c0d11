package io.streamer.emulator.dynamo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * DynamoDB Local's own server, with streams, in this process and on 127.0.0.1 only.
 *
 * <p>Its jars never stand on our class path: the licence forbids to pass them on, and with them no
 * AOT cache can be made.
 */
public final class DynamoDbLocal implements AutoCloseable {
  private static final String MAIN = "com.amazonaws.services.dynamodbv2.local.main.";

  // a loader for the same jars and for good: the native library inside can be loaded by one loader
  // only
  private static final Map<List<Path>, ClassLoader> LOADERS = new ConcurrentHashMap<>();

  // held, because java.util.logging forgets the level of a logger nobody holds
  private static final Logger JAXB_WARNINGS = Logger.getLogger("com.amazonaws");

  private final Object server;
  private final URI uri;

  private DynamoDbLocal(Object server, URI uri) {
    this.server = server;
    this.uri = uri;
  }

  /**
   * Starts the server on a free port; takes one to three seconds.
   *
   * @param jars the folder with DynamoDB Local's jars
   * @param data the folder that keeps the items over restarts, made if it is missing; empty: in
   *     memory
   * @throws IllegalStateException if the jars are missing or the server does not start
   */
  public static DynamoDbLocal start(Path jars, Optional<Path> data) {
    return start(inFolder(jars.toAbsolutePath().normalize()), data);
  }

  /**
   * As {@link #start(Path, Optional)}, with jars that lie anywhere: DynamoDB Local's own and what
   * it needs, in the order of a class path.
   */
  public static DynamoDbLocal start(List<Path> jars, Optional<Path> data) {
    JAXB_WARNINGS.setLevel(Level.OFF);
    var loader = LOADERS.computeIfAbsent(List.copyOf(jars), DynamoDbLocal::load);
    var thread = Thread.currentThread();
    var before = thread.getContextClassLoader();
    thread.setContextClassLoader(loader);
    try {
      var server = create(loader, arguments(data));
      var started = new DynamoDbLocal(server, listen(server));
      started.indexShards();
      return started;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("DynamoDB Local does not start", e);
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  /** Where it listens, as {@code http://127.0.0.1:port}. */
  public URI uri() {
    return uri;
  }

  /**
   * Closes the open shards of every stream and opens new ones, as it does by itself every four
   * hours.
   */
  public void splitShards() {
    try {
      for (var database : databases()) {
        var method = database.getClass().getMethod("triggerShardRollovers");
        method.setAccessible(true);
        method.invoke(database);
      }
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this DynamoDB Local does not let its shards be split", e);
    }
  }

  /**
   * Lets it find a shard's first record at once. It looks for that with each read of the stream,
   * and would go through all records of the shards before it, on the one thread that all calls
   * share.
   */
  private void indexShards() throws ReflectiveOperationException {
    // the database is made with its first request
    var handlers = requests();
    var handler = handlers.getClass().getDeclaredMethod("getHandler", String.class);
    handler.setAccessible(true);
    handler.invoke(handlers, "local");
    run("CREATE INDEX IF NOT EXISTS records_of_shard ON us (ShardID, SequenceNumber)");
  }

  /** Has its own database run a statement. */
  void run(String statement) throws ReflectiveOperationException {
    for (var database : databases()) {
      StatementJob.run(field(field(database, "dbAccess"), "queue"), statement);
    }
  }

  private Object requests() throws ReflectiveOperationException {
    return field(field(server, "serverHandler"), "primaryHandler");
  }

  private Collection<?> databases() throws ReflectiveOperationException {
    return ((Map<?, ?>) field(requests(), "dbRequestHandlers")).values();
  }

  private static Object field(Object owner, String name) throws ReflectiveOperationException {
    for (Class<?> type = owner.getClass(); type != null; type = type.getSuperclass()) {
      for (var field : type.getDeclaredFields()) {
        if (field.getName().equals(name)) {
          field.setAccessible(true);
          return field.get(owner);
        }
      }
    }
    throw new NoSuchFieldException(owner.getClass() + "." + name);
  }

  @Override
  public void close() {
    try {
      server.getClass().getMethod("stop").invoke(server);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("DynamoDB Local does not stop", e);
    }
  }

  /** Its own entry does the same, but prints its settings. */
  private static Object create(ClassLoader loader, String[] arguments)
      throws ReflectiveOperationException {
    var input = loader.loadClass(MAIN + "CommandLineInput");
    var line = input.getConstructor(String[].class).newInstance((Object) arguments);
    if (!(boolean) input.getMethod("init").invoke(line)) {
      throw new IllegalStateException("DynamoDB Local refuses " + String.join(" ", arguments));
    }
    return loader
        .loadClass(MAIN + "ServerRunner")
        .getMethod("createServer", input)
        .invoke(null, line);
  }

  private static String[] arguments(Optional<Path> data) {
    // -disableTelemetry: the variable against it can only be set from outside of the process
    var arguments = new ArrayList<>(List.of("-sharedDb", "-disableTelemetry"));
    if (data.isEmpty()) {
      arguments.add("-inMemory");
    } else {
      try {
        arguments.addAll(List.of("-dbPath", Files.createDirectories(data.get()).toString()));
      } catch (IOException e) {
        throw new UncheckedIOException("no folder for DynamoDB Local's data: " + data.get(), e);
      }
    }
    return arguments.toArray(String[]::new);
  }

  /** It would listen on every address and on a fixed port, and has no options against either. */
  private static URI listen(Object server) throws ReflectiveOperationException {
    var field = server.getClass().getDeclaredField("server");
    field.setAccessible(true);
    var jetty = field.get(server);
    var connectors = (Object[]) jetty.getClass().getMethod("getConnectors").invoke(jetty);
    for (var connector : connectors) {
      connector.getClass().getMethod("setHost", String.class).invoke(connector, "127.0.0.1");
      connector.getClass().getMethod("setPort", int.class).invoke(connector, 0);
    }
    server.getClass().getMethod("safeStart").invoke(server);
    var first = connectors[0];
    return URI.create(
        "http://127.0.0.1:" + first.getClass().getMethod("getLocalPort").invoke(first));
  }

  private static List<Path> inFolder(Path folder) {
    var found = new ArrayList<Path>();
    if (Files.isDirectory(folder)) {
      try (var jars = Files.newDirectoryStream(folder, "*.jar")) {
        jars.forEach(found::add);
      } catch (IOException e) {
        throw new UncheckedIOException("cannot read " + folder, e);
      }
    }
    if (found.isEmpty()) {
      throw new IllegalStateException(
          "DynamoDB Local is missing: no jars in "
              + folder
              + "; run ./streamer dev, which builds it");
    }
    Collections.sort(found);
    return found;
  }

  private static ClassLoader load(List<Path> jars) {
    return new URLClassLoader(
        jars.stream().map(DynamoDbLocal::url).toArray(URL[]::new),
        ClassLoader.getPlatformClassLoader());
  }

  private static URL url(Path jar) {
    try {
      return jar.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new UncheckedIOException("every file has a URL", e);
    }
  }
}
