package io.streamer.shared.payload;

import io.streamer.handler.Describe;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A record class as the binder and the writer use it; looked at once per class. */
final class RecordModel {
  private static final ClassValue<RecordModel> MODELS =
      new ClassValue<>() {
        @Override
        protected RecordModel computeValue(Class<?> type) {
          return new RecordModel(type);
        }
      };

  /**
   * A record's component.
   *
   * @param name its name in JSON, snake_case
   * @param nullable whether its type carries a {@code Nullable}, whoever's that is
   * @param accessor what reads it
   * @param description what it is for; may be empty
   * @param example as its annotation has it; may be empty
   */
  record Component(
      String name,
      Type type,
      boolean nullable,
      Handle accessor,
      String description,
      String example) {}

  /**
   * A method or constructor, made callable by its first call: a JVM that has just started takes
   * milliseconds for it, and runs but one of the actions that it knows.
   */
  static final class Handle {
    /** How it is made. */
    private interface Source {
      MethodHandle make() throws IllegalAccessException;
    }

    private final Source source;
    private volatile @Nullable MethodHandle made;

    private Handle(Source source) {
      this.source = source;
    }

    /** To be called as it was made; threads that come first together each make one. */
    MethodHandle get() {
      var known = made;
      if (known == null) {
        try {
          known = source.make();
        } catch (IllegalAccessException e) {
          // it was made accessible when it was found
          throw new IllegalStateException(e);
        }
        made = known;
      }
      return known;
    }
  }

  /** The JDK can call a constructor of some more than 250. */
  private static final int MANY = 200;

  private final Class<?> type;
  private final Handle constructor;
  private final List<Component> components = new ArrayList<>();
  private final Map<String, Integer> byName = new HashMap<>();

  private RecordModel(Class<?> type) {
    this.type = type;
    var parts = type.getRecordComponents();
    try {
      var canonical =
          type.getDeclaredConstructor(
              Stream.of(parts).map(RecordComponent::getType).toArray(Class<?>[]::new));
      // a record of a user's is often private to its handler
      canonical.setAccessible(true);
      constructor =
          new Handle(() ->
              MethodHandles.lookup()
                  .unreflectConstructor(canonical)
                  .asType(MethodType.genericMethodType(parts.length))
                  .asSpreader(Object[].class, parts.length));
      if (parts.length > MANY) {
        // whether there are too many for the JDK is known before the first request
        var _ = constructor.get();
      }
      for (var part : parts) {
        add(part);
      }
    } catch (ReflectiveOperationException | RuntimeException e) {
      throw new IllegalArgumentException(type.getName() + " cannot be used: " + e.getMessage(), e);
    }
  }

  static RecordModel of(Class<?> type) {
    return MODELS.get(type);
  }

  private void add(RecordComponent part) {
    var accessor = part.getAccessor();
    accessor.setAccessible(true);
    var snake = snakeCase(part.getName());
    int index = components.size();
    // the compiler puts a component's at its accessor, too
    var described = accessor.getAnnotation(Describe.class);
    components.add(
        new Component(
            snake,
            part.getGenericType(),
            nullable(part),
            new Handle(() ->
                MethodHandles.lookup().unreflect(accessor).asType(MethodType.genericMethodType(1))),
            described == null ? "" : described.value(),
            described == null ? "" : described.example()));
    // a set that keeps the order: the three may be one
    for (var name : new LinkedHashSet<>(List.of(snake, part.getName(), camelCase(snake)))) {
      if (byName.put(name, index) != null) {
        throw new IllegalArgumentException("two of its components are " + name + " in JSON");
      }
    }
  }

  /** Annotations of declarations and of types; by name, as each library has its own. */
  private static boolean nullable(RecordComponent part) {
    return Stream.<AnnotatedElement>of(part.getAccessor(), part.getAnnotatedType(), part)
        .flatMap(element -> Stream.of(element.getAnnotations()))
        .anyMatch(one -> one.annotationType().getSimpleName().equals("Nullable"));
  }

  Class<?> type() {
    return type;
  }

  List<Component> components() {
    return components;
  }

  /** The component's index by one of its names, or -1. */
  int indexOf(String name) {
    return byName.getOrDefault(name, -1);
  }

  /** Calls the canonical constructor; what it throws comes through. */
  Object create(@Nullable Object[] values) throws Throwable {
    return (Object) constructor.get().invokeExact(values);
  }

  /** {@code startDate} as {@code start_date}, {@code userID} as {@code user_id}. */
  static String snakeCase(String name) {
    var snake = new StringBuilder();
    for (int i = 0; i < name.length(); i++) {
      char here = name.charAt(i);
      if (Character.isUpperCase(here) && i > 0) {
        char before = name.charAt(i - 1);
        boolean endsCapitals =
            Character.isUpperCase(before)
                && i + 1 < name.length()
                && Character.isLowerCase(name.charAt(i + 1));
        if (Character.isLowerCase(before) || Character.isDigit(before) || endsCapitals) {
          snake.append('_');
        }
      }
      snake.append(here);
    }
    return snake.toString().toLowerCase(Locale.ROOT);
  }

  /** {@code user_id} as {@code userId}; underscores at either end stay. */
  private static String camelCase(String snake) {
    var camel = new StringBuilder();
    for (int i = 0; i < snake.length(); i++) {
      char here = snake.charAt(i);
      char next = i + 1 < snake.length() ? snake.charAt(i + 1) : '_';
      if (here == '_' && !camel.isEmpty() && Character.isLetterOrDigit(next)) {
        camel.append(Character.toUpperCase(next));
        i++;
      } else {
        camel.append(here);
      }
    }
    return camel.toString();
  }
}
