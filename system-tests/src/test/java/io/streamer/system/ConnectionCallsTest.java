package io.streamer.system;

import org.junit.jupiter.api.extension.RegisterExtension;

class ConnectionCallsTest extends ConnectionCallsContract {
  @RegisterExtension
  static final TablesOfTheClass TABLES = new TablesOfTheClass(LocalTables::onDynamoDbLocal);

  ConnectionCallsTest() {
    super(TABLES.get());
  }
}
