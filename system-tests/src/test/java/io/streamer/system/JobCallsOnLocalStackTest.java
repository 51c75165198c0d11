package io.streamer.system;

import org.junit.jupiter.api.extension.RegisterExtension;

class JobCallsOnLocalStackTest extends JobCallsContract {
  @RegisterExtension
  static final TablesOfTheClass TABLES = new TablesOfTheClass(LocalTables::onLocalStack);

  JobCallsOnLocalStackTest() {
    super(TABLES.get());
  }
}
