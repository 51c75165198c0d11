package io.streamer.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class DynamoDbLocalTest {
  @Test
  @EnabledOnOs(OS.LINUX)
  void itListensOnTheLoopbackAddressAlone() throws Exception {
    try (var dynamo = DynamoDbLocal.start(Amazon.JARS, Optional.empty())) {
      var listening = "0A";
      var port = HexFormat.of().withUpperCase().toHexDigits((short) dynamo.uri().getPort());
      var addresses =
          List.of("/proc/net/tcp", "/proc/net/tcp6").stream()
              .flatMap(table -> lines(Path.of(table)).stream())
              .map(line -> line.strip().split("\\s+"))
              .filter(row -> row[3].equals(listening) && row[1].endsWith(":" + port))
              .map(row -> row[1].substring(0, row[1].indexOf(':')))
              .toList();
      assertThat(addresses).hasSize(1);
      assertThat(addresses.getFirst()).isIn("0100007F", "0000000000000000FFFF00000100007F");
    }
  }

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

  private static List<String> lines(Path table) {
    try {
      var all = Files.readAllLines(table);
      return all.subList(1, all.size());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
