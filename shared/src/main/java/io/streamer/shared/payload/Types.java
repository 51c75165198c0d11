package io.streamer.shared.payload;

import java.lang.reflect.Array;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Generic types with their variables put in. */
public final class Types {
  private Types() {}

  /** A parameterized type with value equality, whoever made it. */
  record Parameterized(Class<?> raw, List<Type> arguments) implements ParameterizedType {
    @Override
    public Type[] getActualTypeArguments() {
      return arguments.toArray(Type[]::new);
    }

    @Override
    public Class<?> getRawType() {
      return raw;
    }

    @Override
    public @Nullable Type getOwnerType() {
      return raw.getDeclaringClass();
    }

    @Override
    public String toString() {
      return raw.getName()
          + arguments.stream().map(Type::getTypeName).collect(Collectors.joining(", ", "<", ">"));
    }
  }

  /**
   * What a class gives for the parameters of a generic class or interface that it extends.
   *
   * @throws IllegalArgumentException if it leaves one of them open
   */
  public static List<Type> arguments(Class<?> type, Class<?> generic) {
    var found = find(type, generic, Map.of());
    if (found == null) {
      throw new IllegalArgumentException(
          type.getName() + " does not say what its " + generic.getSimpleName() + "<…> stands for");
    }
    return found;
  }

  private static @Nullable List<Type> find(
      Type type, Class<?> generic, Map<TypeVariable<?>, Type> bindings) {
    if (type instanceof ParameterizedType parameterized) {
      var arguments = new ArrayList<Type>();
      for (var argument : parameterized.getActualTypeArguments()) {
        if (isOpen(argument, bindings)) {
          return null;
        }
        arguments.add(resolve(argument, bindings));
      }
      if (parameterized.getRawType() == generic) {
        return List.copyOf(arguments);
      }
      return above(
          (Class<?>) parameterized.getRawType(), generic, bindings(parameterized, arguments));
    }
    return type instanceof Class<?> plain ? above(plain, generic, Map.of()) : null;
  }

  private static @Nullable List<Type> above(
      Class<?> type, Class<?> generic, Map<TypeVariable<?>, Type> bindings) {
    if (!generic.isAssignableFrom(type)) {
      return null;
    }
    for (var parent : type.getGenericInterfaces()) {
      var found = find(parent, generic, bindings);
      if (found != null) {
        return found;
      }
    }
    var parent = type.getGenericSuperclass();
    return parent == null ? null : find(parent, generic, bindings);
  }

  /** Whether a variable stands in the type that nothing is known about. */
  private static boolean isOpen(Type type, Map<TypeVariable<?>, Type> bindings) {
    return switch (type) {
      case TypeVariable<?> variable -> !bindings.containsKey(variable);
      case ParameterizedType parameterized ->
          List.of(parameterized.getActualTypeArguments()).stream()
              .anyMatch(argument -> isOpen(argument, bindings));
      case GenericArrayType array -> isOpen(array.getGenericComponentType(), bindings);
      default -> false;
    };
  }

  static Map<TypeVariable<?>, Type> bindings(ParameterizedType type, List<Type> arguments) {
    var variables = ((Class<?>) type.getRawType()).getTypeParameters();
    var bindings = new HashMap<TypeVariable<?>, Type>();
    for (int i = 0; i < variables.length; i++) {
      bindings.put(variables[i], arguments.get(i));
    }
    return bindings;
  }

  /** The type with variables replaced, wildcards by their upper bound. */
  static Type resolve(Type type, Map<TypeVariable<?>, Type> bindings) {
    return switch (type) {
      case TypeVariable<?> variable -> {
        var bound = bindings.get(variable);
        yield bound != null ? bound : rawType(variable.getBounds()[0]);
      }
      case WildcardType wildcard -> resolve(wildcard.getUpperBounds()[0], bindings);
      case ParameterizedType parameterized -> {
        var arguments = new ArrayList<Type>();
        for (var argument : parameterized.getActualTypeArguments()) {
          arguments.add(resolve(argument, bindings));
        }
        yield new Parameterized((Class<?>) parameterized.getRawType(), List.copyOf(arguments));
      }
      case GenericArrayType array -> {
        var component = resolve(array.getGenericComponentType(), bindings);
        yield component instanceof Class<?> plain ? plain.arrayType() : new ArrayOf(component);
      }
      default -> type;
    };
  }

  /** A generic array type with value equality. */
  record ArrayOf(Type component) implements GenericArrayType {
    @Override
    public Type getGenericComponentType() {
      return component;
    }
  }

  static Class<?> rawType(Type type) {
    return switch (type) {
      case Class<?> plain -> plain;
      case ParameterizedType parameterized -> (Class<?>) parameterized.getRawType();
      case GenericArrayType array ->
          Array.newInstance(rawType(array.getGenericComponentType()), 0).getClass();
      case WildcardType wildcard -> rawType(wildcard.getUpperBounds()[0]);
      case TypeVariable<?> variable -> rawType(variable.getBounds()[0]);
      default -> throw new IllegalArgumentException("unknown kind of type " + type.getTypeName());
    };
  }
}
