package io.streamer.shared.payload;

import io.streamer.handler.RawJson;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Which types have values that the writer knows. What a type leaves open ({@code Object}, an
 * interface of the user's own) is only known by the value.
 */
final class Writables {
  /** Those that the writer tells by their class. */
  private static final List<Class<?>> KNOWN =
      List.of(
          String.class,
          CharSequence.class,
          Boolean.class,
          Integer.class,
          Long.class,
          Short.class,
          Byte.class,
          Double.class,
          Float.class,
          BigDecimal.class,
          BigInteger.class,
          Enum.class,
          Instant.class,
          LocalDate.class,
          Duration.class,
          UUID.class,
          URI.class,
          RawJson.class,
          Optional.class,
          Collection.class,
          Map.class,
          Record.class,
          // of null alone
          Void.class);

  private static final int MAX_TYPES = 1000;

  private final Set<Type> seen = new HashSet<>();

  private Writables() {}

  /**
   * Checks a type and all that it names.
   *
   * @throws IllegalArgumentException naming the component and its type
   */
  static void require(Type type) {
    new Writables().check(Types.resolve(type, Map.of()), "");
  }

  private void check(Type type, String where) {
    if (!seen.add(type)) {
      return;
    }
    if (seen.size() > MAX_TYPES) {
      throw new IllegalArgumentException(
          type.getTypeName() + " has itself with ever other type arguments in it");
    }
    var raw = Types.rawType(type);
    if (raw.isArray()) {
      var component =
          type instanceof GenericArrayType array
              ? array.getGenericComponentType()
              : raw.getComponentType();
      check(component, where);
    } else if (raw.isRecord()) {
      checkComponents(type, raw);
    } else if (raw.isSealed() && raw.isInterface()) {
      for (var permitted : raw.getPermittedSubclasses()) {
        check(permitted, where);
      }
    } else if (raw == char.class || !isKnown(raw)) {
      throw new IllegalArgumentException(
          where
              + type.getTypeName()
              + " cannot be written as JSON: a result is made of records, simple types, Optional,"
              + " collections, Map<String, …>, arrays and RawJson");
    } else {
      checkArguments(type, raw, where);
    }
  }

  private void checkComponents(Type type, Class<?> raw) {
    var bindings =
        type instanceof ParameterizedType generic
            ? Types.bindings(generic, List.of(generic.getActualTypeArguments()))
            : Map.<TypeVariable<?>, Type>of();
    // its names are looked at, too
    for (var component : RecordModel.of(raw).components()) {
      check(
          Types.resolve(component.type(), bindings), raw.getName() + "." + component.name() + ": ");
    }
  }

  private void checkArguments(Type type, Class<?> raw, String where) {
    if (!(type instanceof ParameterizedType generic)) {
      return;
    }
    var arguments = generic.getActualTypeArguments();
    if (Map.class.isAssignableFrom(raw) && arguments.length == 2) {
      var key = Types.rawType(arguments[0]);
      if (!key.isAssignableFrom(String.class)) {
        throw new IllegalArgumentException(
            where + type.getTypeName() + " cannot be written as JSON: names are strings");
      }
      check(arguments[1], where);
    } else if (Collection.class.isAssignableFrom(raw) || raw == Optional.class) {
      for (var argument : arguments) {
        check(argument, where);
      }
    }
  }

  private static boolean isKnown(Class<?> raw) {
    if (raw.isPrimitive()) {
      return true;
    }
    var open = raw.isInterface() && !raw.getName().startsWith("java.");
    return open
        || KNOWN.stream()
            .anyMatch(known -> known.isAssignableFrom(raw) || raw.isAssignableFrom(known));
  }
}
