package io.streamer.handler;

import java.util.Optional;

/** The settings of a handler jar: the process's environment. */
@FunctionalInterface
public interface Config {

  /** The setting's value, if it is there and not blank. */
  Optional<String> find(String name);

  /**
   * The setting's value.
   *
   * @throws IllegalStateException naming the setting, if it is missing
   */
  default String get(String name) {
    return find(name)
        .orElseThrow(() -> new IllegalStateException("the setting " + name + " is missing"));
  }

  /** Whether the setting is {@code true}. */
  default boolean flag(String name) {
    return find(name).filter("true"::equalsIgnoreCase).isPresent();
  }
}
