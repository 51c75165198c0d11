package io.streamer.system.page;

import io.streamer.shared.table.Pages;
import io.streamer.shared.table.SpreadPages;
import io.streamer.shared.table.StoreRequest;
import io.streamer.shared.table.TableDefinition;
import io.streamer.shared.table.Tables;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.constant.ConstantDesc;
import java.lang.constant.DirectMethodHandleDesc;
import java.net.URISyntaxException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The rights to tables that a process needs, read from its bytecode: each request that a method
 * makes which may be reached from the process's own classes, with the table that stands in it.
 */
final class TableRights {
  private static final String REQUEST = name(StoreRequest.class) + "$";
  private static final String PAGES = name(Pages.class);
  private static final String SPREAD = name(SpreadPages.class);
  private static final Set<String> PAGED = Set.of(PAGES, SPREAD);

  /** What each kind of request is called where rights are given. */
  static final Map<String, String> ACTIONS =
      Map.of(
          "Get", "GetItem",
          "Put", "PutItem",
          "Update", "UpdateItem",
          "Delete", "DeleteItem",
          "Query", "Query",
          "Range", "Query",
          "Scan", "Scan",
          "Batch", "BatchGetItem",
          "Writes", "BatchWriteItem");

  /** One call of a method, or the method itself. */
  private record Method(String owner, String signature) {}

  /**
   * An object that a method makes.
   *
   * @param tables that its arguments name
   * @param texts among its arguments
   */
  private record Made(String type, Set<String> tables, Set<String> texts) {}

  private record Body(List<Method> calls, List<Made> made, Set<String> texts) {}

  /** The names of the methods of {@link Tables}, and the table that each stands for. */
  private static final Map<String, TableDefinition> NAMED = named();

  private final Map<String, List<String>> above = new HashMap<>();
  private final Map<String, Set<String>> below = new HashMap<>();
  private final Map<Method, Body> bodies = new HashMap<>();
  private final List<Method> own = new ArrayList<>();

  /**
   * Reads the classes of a process and those that all share.
   *
   * @param process any class of its module
   */
  TableRights(Class<?> process) {
    classes(process).forEach(type -> own.addAll(add(type)));
    classes(Tables.class).forEach(this::add);
  }

  private static Map<String, TableDefinition> named() {
    var tables = new Tables("x");
    var named = new HashMap<String, TableDefinition>();
    for (var method : Tables.class.getDeclaredMethods()) {
      if (method.getParameterCount() == 0 && method.getReturnType() == String.class) {
        try {
          var name = method.invoke(tables);
          Tables.definitions().stream()
              .filter(definition -> tables.name(definition).equals(name))
              .forEach(definition -> named.put(method.getName(), definition));
        } catch (ReflectiveOperationException e) {
          throw new IllegalStateException(e);
        }
      }
    }
    return named;
  }

  private static String name(Class<?> type) {
    return type.getName().replace('.', '/');
  }

  private static List<ClassModel> classes(Class<?> module) {
    try {
      var place = Path.of(module.getProtectionDomain().getCodeSource().getLocation().toURI());
      if (Files.isDirectory(place)) {
        return classes(place);
      }
      try (var jar = FileSystems.newFileSystem(place)) {
        return classes(jar.getPath("/"));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<ClassModel> classes(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".class"))
          .filter(file -> file.toString().contains("io/streamer/"))
          .map(TableRights::read)
          .toList();
    }
  }

  private static ClassModel read(Path file) {
    try {
      return ClassFile.of().parse(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<Method> add(ClassModel type) {
    var name = type.thisClass().asInternalName();
    var parents =
        Stream.concat(type.superclass().stream(), type.interfaces().stream())
            .map(entry -> entry.asInternalName())
            .toList();
    above.put(name, parents);
    parents.forEach(parent -> below.computeIfAbsent(parent, _ -> new TreeSet<>()).add(name));
    var methods = new ArrayList<Method>();
    for (var method : type.methods()) {
      var key = new Method(name, method.methodName() + "" + method.methodType());
      bodies.put(key, body(method));
      methods.add(key);
    }
    return methods;
  }

  private static Body body(MethodModel method) {
    var body = new Body(new ArrayList<>(), new ArrayList<>(), new TreeSet<>());
    // objects whose constructors are not called yet, the innermost first
    Deque<Made> open = new ArrayDeque<>();
    method.code().ifPresent(code -> code.forEach(element -> add(element, body, open)));
    return body;
  }

  private static void add(CodeElement element, Body body, Deque<Made> open) {
    switch (element) {
      case NewObjectInstruction made ->
          open.push(new Made(made.className().asInternalName(), new TreeSet<>(), new TreeSet<>()));
      case ConstantInstruction constant -> {
        if (constant.constantValue() instanceof String text) {
          body.texts().add(text);
          open.forEach(made -> made.texts().add(text));
        }
      }
      case InvokeInstruction call -> {
        var owner = call.owner().asInternalName();
        var name = call.name().stringValue();
        body.calls().add(new Method(owner, name + call.type().stringValue()));
        if (owner.equals(name(Tables.class)) && NAMED.containsKey(name)) {
          open.forEach(made -> made.tables().add(NAMED.get(name).name()));
        }
        if (name.equals("<init>") && !open.isEmpty() && open.peek().type().equals(owner)) {
          body.made().add(open.pop());
        }
      }
      case InvokeDynamicInstruction dynamic -> {
        for (ConstantDesc argument : dynamic.bootstrapArgs()) {
          if (argument instanceof DirectMethodHandleDesc handle) {
            var owner = handle.owner().descriptorString();
            body.calls()
                .add(
                    new Method(
                        owner.substring(1, owner.length() - 1),
                        handle.methodName() + handle.lookupDescriptor()));
          }
        }
      }
      default -> {}
    }
  }

  private Set<Method> reached(List<Method> from) {
    var found = new HashSet<Method>();
    var rest = new ArrayDeque<>(from);
    while (!rest.isEmpty()) {
      var method = rest.pop();
      if (bodies.containsKey(method) && found.add(method)) {
        bodies.get(method).calls().forEach(call -> rest.addAll(targets(call)));
      }
    }
    return found;
  }

  /** Every method that a call may end in. */
  private List<Method> targets(Method call) {
    var targets = new ArrayList<Method>();
    collect(call.owner(), call.signature(), above, targets);
    if (!call.signature().startsWith("<init>")) {
      collect(call.owner(), call.signature(), below, targets);
    }
    return targets;
  }

  private static void collect(
      String type,
      String signature,
      Map<String, ? extends Iterable<String>> next,
      List<Method> targets) {
    targets.add(new Method(type, signature));
    var more = next.get(type);
    if (more != null) {
      more.forEach(other -> collect(other, signature, next, targets));
    }
  }

  /** What all classes of the process may need. */
  JsonObject all() {
    return of(own);
  }

  /** What one of its classes may need. */
  JsonObject of(Class<?> only) {
    return of(own.stream().filter(method -> method.owner().equals(name(only))).toList());
  }

  private JsonObject of(List<Method> from) {
    var reached = reached(from);
    Map<String, Set<String>> actions = new TreeMap<>();
    Map<String, Set<String>> indexes = new TreeMap<>();
    for (var method : reached) {
      for (var made : bodies.get(method).made()) {
        if (!made.type().startsWith(REQUEST)) {
          continue;
        }
        var kind = made.type().substring(REQUEST.length());
        if (kind.equals("Queries")) {
          // the queries in it are made somewhere
          continue;
        }
        var action = "dynamodb:" + ACTIONS.get(kind);
        for (var place : places(method, made, reached)) {
          var wanted = indexes(place, made, reached);
          indexes.computeIfAbsent(place.table(), _ -> new TreeSet<>()).addAll(wanted.names());
          if (wanted.table()) {
            actions.computeIfAbsent(place.table(), _ -> new TreeSet<>()).add(action);
          }
        }
      }
    }
    indexes.values().removeIf(Set::isEmpty);
    return new JsonObject().put("tables", json(actions)).put("indexes", json(indexes));
  }

  private static JsonObject json(Map<String, Set<String>> sets) {
    var json = new JsonObject();
    sets.forEach((name, set) -> json.put(name, new JsonArray(List.copyOf(set))));
    return json;
  }

  /** A table, and the class that says that it is asked for. */
  private record Place(String table, String by) {}

  private record Wanted(boolean table, Set<String> names) {}

  private List<Place> places(Method method, Made made, Set<Method> reached) {
    if (!made.tables().isEmpty()) {
      return made.tables().stream().map(table -> new Place(table, method.owner())).toList();
    }
    if (!PAGED.contains(method.owner())) {
      throw new AssertionError(method + " makes a " + made.type() + " of a table unknown");
    }
    var spreading =
        reached.stream()
            .filter(by -> makes(by, SPREAD))
            .map(Method::owner)
            .collect(Collectors.toSet());
    return reached.stream()
        .filter(by -> method.owner().equals(PAGES) || spreading.contains(by.owner()))
        .flatMap(by ->
            bodies.get(by).made().stream()
                .filter(pages -> pages.type().equals(PAGES))
                .flatMap(pages -> pages.tables().stream())
                .map(table -> new Place(table, by.owner())))
        .distinct()
        .toList();
  }

  private boolean makes(Method method, String type) {
    return bodies.get(method).made().stream().anyMatch(made -> made.type().equals(type));
  }

  /** An index that stands in the request itself, or any that the class names. */
  private Wanted indexes(Place place, Made made, Set<Method> reached) {
    if (!ACTIONS.get(made.type().substring(REQUEST.length())).equals("Query")) {
      return new Wanted(true, Set.of());
    }
    var known =
        Tables.definitions().stream()
            .filter(table -> table.name().equals(place.table()))
            .flatMap(table -> table.indexes().stream())
            .map(TableDefinition.Index::name)
            .collect(Collectors.toSet());
    var own = made.texts().stream().filter(known::contains).collect(Collectors.toSet());
    if (!own.isEmpty()) {
      return new Wanted(false, own);
    }
    var named =
        reached.stream()
            .filter(method -> method.owner().equals(place.by()))
            .flatMap(method -> bodies.get(method).texts().stream())
            .filter(known::contains)
            .collect(Collectors.toSet());
    return new Wanted(made.type().endsWith("$Range"), named);
  }
}
