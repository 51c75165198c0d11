package io.streamer.system;

import org.junit.jupiter.api.extension.RegisterExtension;

class JobCallsTest extends JobCallsContract {
  @RegisterExtension
  static final TablesOfTheClass TABLES = new TablesOfTheClass(LocalTables::onDynamoDbLocal);

  JobCallsTest() {
    super(TABLES.get());
  }
}
