package io.streamer.system;

import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Makes the tables before the first test of a class, and takes them away after its last. */
final class TablesOfTheClass implements BeforeAllCallback, AfterAllCallback {
  private final Supplier<LocalTables> place;
  private @Nullable LocalTables tables;

  TablesOfTheClass(Supplier<LocalTables> place) {
    this.place = place;
  }

  LocalTables get() {
    return Objects.requireNonNull(tables);
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    tables = place.get();
    tables.create();
  }

  @Override
  public void afterAll(ExtensionContext context) {
    // null where the place is not to be had, and the tests were skipped
    if (tables != null) {
      tables.close();
    }
  }
}
