package io.streamer.shared.payload;

import io.streamer.handler.RawJson;
import java.lang.reflect.Array;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** Finds the shape of a type, once per type. */
final class Shapes {
  // hung on the class, so that a handler jar's classes can go when its class loader does
  private static final ClassValue<Map<Type, Shape>> SHAPES =
      new ClassValue<>() {
        @Override
        protected Map<Type, Shape> computeValue(Class<?> type) {
          return new ConcurrentHashMap<>();
        }
      };

  private static final int MAX_RECORDS = 1000;

  private Shapes() {}

  static Shape of(Type type) {
    var resolved = Types.resolve(type, Map.of());
    var raw = Types.rawType(resolved);
    var known = SHAPES.get(raw);
    var shape = known.get(resolved);
    if (shape == null) {
      shape = build(resolved, raw);
      known.put(resolved, shape);
    }
    return shape;
  }

  static void requireAll(Type type) {
    require(of(type), new HashSet<>());
  }

  private static void require(Shape shape, Set<RecordShape> seen) {
    switch (shape) {
      case Shape.Scalar _, Shape.Choice _, Shape.Any _ -> {}
      case Shape.Maybe maybe -> require(maybe.of(), seen);
      case Shape.Items items -> require(items.of(), seen);
      case Shape.Entries entries -> require(entries.of(), seen);
      case RecordShape fields -> {
        if (seen.add(fields)) {
          if (seen.size() > MAX_RECORDS) {
            throw new IllegalArgumentException(
                fields.model().type().getName()
                    + " has itself with ever other type arguments in it");
          }
          for (int i = 0; i < fields.size(); i++) {
            require(fields.shape(i), seen);
            var _ = fields.example(i);
          }
        }
      }
    }
  }

  private static Shape build(Type type, Class<?> raw) {
    var scalar = Scalars.of(raw);
    if (scalar != null) {
      return scalar;
    }
    if (raw == RawJson.class) {
      return Shape.Any.RAW;
    }
    if (raw == Object.class) {
      return Shape.Any.UNTYPED;
    }
    if (raw.isEnum()) {
      return choice(raw);
    }
    if (raw.isRecord()) {
      return new RecordShape(
          RecordModel.of(raw),
          type instanceof ParameterizedType generic
              ? Types.bindings(generic, List.of(generic.getActualTypeArguments()))
              : Map.of());
    }
    if (raw.isArray()) {
      var component =
          type instanceof GenericArrayType array
              ? array.getGenericComponentType()
              : raw.getComponentType();
      return new Shape.Items(of(component), intoArray(raw.getComponentType()));
    }
    if (raw == Optional.class) {
      return new Shape.Maybe(of(argument(type, 0)));
    }
    if (raw == List.class || raw == Collection.class) {
      return new Shape.Items(of(argument(type, 0)), Collections::unmodifiableList);
    }
    if (raw == Set.class) {
      return new Shape.Items(
          of(argument(type, 0)), items -> Collections.unmodifiableSet(new LinkedHashSet<>(items)));
    }
    if (raw == Map.class && argument(type, 0) == String.class) {
      return new Shape.Entries(of(argument(type, 1)));
    }
    throw new IllegalArgumentException(
        type.getTypeName()
            + " cannot be bound to JSON: a payload is made of records, simple types, Optional,"
            + " List, Set, Map<String, …>, arrays, RawJson and Object");
  }

  private static Type argument(Type type, int index) {
    if (type instanceof ParameterizedType generic) {
      return generic.getActualTypeArguments()[index];
    }
    throw new IllegalArgumentException(type.getTypeName() + " does not say what is in it");
  }

  private static Function<List<Object>, Object> intoArray(Class<?> component) {
    return items -> {
      var array = Array.newInstance(component, items.size());
      for (int i = 0; i < items.size(); i++) {
        Array.set(array, i, items.get(i));
      }
      return array;
    };
  }

  private static Shape choice(Class<?> type) {
    var constants = new LinkedHashMap<String, Object>();
    var shown = new StringBuilder("must be one of ");
    for (var each : type.getEnumConstants()) {
      var constant = (Enum<?>) each;
      var lower = RecordModel.snakeCase(constant.name());
      shown.append(constants.isEmpty() ? "" : ", ").append(lower);
      for (var name :
          lower.equals(constant.name()) ? List.of(lower) : List.of(constant.name(), lower)) {
        if (constants.put(name, constant) != null) {
          throw new IllegalArgumentException(
              type.getName() + " has two constants that are " + name + " in JSON");
        }
      }
    }
    return new Shape.Choice(Collections.unmodifiableMap(constants), shown.toString());
  }
}
