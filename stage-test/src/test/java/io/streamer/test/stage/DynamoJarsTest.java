package io.streamer.test.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DynamoJarsTest {
  @TempDir Path folder;

  @Test
  void aRepositoryGoesBeforeTheClassPath() throws Exception {
    var jars = Files.createDirectories(folder.resolve("local/dynamodb-local/target/jars"));
    var dynamo = Files.createFile(jars.resolve("DynamoDBLocal-2.6.1.jar"));
    var other = Files.createFile(jars.resolve("b.jar"));
    Files.createFile(jars.resolve("notes.txt"));

    assertThat(DynamoJars.find(Optional.of(folder), "/m2/DynamoDBLocal-2.5.0.jar"))
        .containsExactly(dynamo, other);
  }

  @Test
  void everyJarOfAClassPathWithDynamoDbLocalIsTakenButLogback() {
    var path =
        String.join(
            File.pathSeparator,
            "/x/classes",
            "/m2/logback-classic-1.jar",
            "/m2/a.jar",
            "/m2/DynamoDBLocal-2.jar");

    assertThat(DynamoJars.find(Optional.empty(), path))
        .isEqualTo(List.of(Path.of("/m2/a.jar"), Path.of("/m2/DynamoDBLocal-2.jar")));
  }

  @Test
  void withoutItTheErrorTellsWhatToAdd() {
    assertThatIllegalStateException()
        .isThrownBy(() -> DynamoJars.find(Optional.empty(), "/m2/a.jar"))
        .withMessageContaining("com.amazonaws:DynamoDBLocal")
        .withMessageContaining("STREAMER_HOME");
    assertThatIllegalStateException()
        .isThrownBy(() -> DynamoJars.find(Optional.of(folder), ""))
        .withMessageContaining("./streamer dev");
    assertThatIllegalStateException()
        .isThrownBy(() -> DynamoJars.inFolder(folder))
        .withMessageContaining("DynamoDBLocal-*.jar");
  }
}
