package io.streamer.emulator.dynamo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamer.emulator.aws.Amazon;
import io.streamer.emulator.aws.LocalAws;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DynamoDbLocalTest {
  @Test
  void aDataFolderKeepsItemsOverARestart(@TempDir Path folder) {
    var data = Optional.of(folder.resolve("made/by/start"));
    try (var dynamo = DynamoDbLocal.start(Amazon.JARS, data);
        var client = LocalAws.dynamo(dynamo.uri())) {
      Amazon.createTable(client, "kept");
      Amazon.put(client, "kept", "a", Map.of());
    }
    try (var dynamo = DynamoDbLocal.start(Amazon.JARS, data);
        var client = LocalAws.dynamo(dynamo.uri())) {
      assertThat(client.scan(r -> r.tableName("kept")).items())
          .containsExactly(Map.of("id", Amazon.s("a")));
    }
  }

  @Test
  void twoServersInMemoryShareNothing() {
    try (var one = DynamoDbLocal.start(Amazon.JARS, Optional.empty());
        var two = DynamoDbLocal.start(Amazon.JARS, Optional.empty());
        var first = LocalAws.dynamo(one.uri());
        var second = LocalAws.dynamo(two.uri())) {
      Amazon.createTable(first, "mine");
      assertThat(second.listTables().tableNames()).isEmpty();
      assertThat(first.listTables().tableNames()).containsExactly("mine");
    }
  }

  @Test
  void theRecordsOfAShardHaveAnIndex() {
    try (var dynamo = DynamoDbLocal.start(Amazon.JARS, Optional.empty())) {
      assertThatThrownBy(() -> dynamo.run("CREATE INDEX records_of_shard ON us (ShardID)"))
          .isInstanceOf(InvocationTargetException.class)
          .rootCause()
          .hasMessageContaining("already exists");
    }
  }

  @Test
  void theContextClassLoaderIsGivenBack() {
    var before = Thread.currentThread().getContextClassLoader();
    DynamoDbLocal.start(Amazon.JARS, Optional.empty()).close();
    assertThat(Thread.currentThread().getContextClassLoader()).isSameAs(before);
  }

  @Test
  void missingJarsAreNamedTogetherWithTheRemedy(@TempDir Path folder) {
    assertThatThrownBy(() -> DynamoDbLocal.start(folder.resolve("none"), Optional.empty()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(folder.resolve("none").toString())
        .hasMessageContaining("./streamer dev");
  }
}
