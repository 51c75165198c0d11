package io.streamer.shared.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TablesTest {
  @Test
  void everyTableCarriesThePrefix() {
    var tables = new Tables("blue");
    assertThat(Tables.definitions().stream().map(tables::name))
        .containsExactly(
            "blue-jobs",
            "blue-job_data",
            "blue-connections",
            "blue-subscriptions",
            "blue-nodes",
            "blue-tenants")
        .containsExactly(
            tables.jobs(),
            tables.jobData(),
            tables.connections(),
            tables.subscriptions(),
            tables.nodes(),
            tables.tenants());
  }

  @Test
  void aPrefixThatNoTableMayHaveIsRefused() {
    assertThatThrownBy(() -> new Tables("")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Tables("a b")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void onlyJobsStream() {
    assertThat(Tables.definitions().stream().filter(TableDefinition::stream))
        .extracting(TableDefinition::name)
        .containsExactly("jobs");
  }
}
