package io.streamer.system;

import org.junit.jupiter.api.extension.RegisterExtension;

class ConnectionCallsOnLocalStackTest extends ConnectionCallsContract {
  @RegisterExtension
  static final TablesOfTheClass TABLES = new TablesOfTheClass(LocalTables::onLocalStack);

  ConnectionCallsOnLocalStackTest() {
    super(TABLES.get());
  }
}
