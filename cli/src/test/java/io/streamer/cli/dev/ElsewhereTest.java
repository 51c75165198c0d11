package io.streamer.cli.dev;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ElsewhereTest {
  @TempDir Path home;

  @ParameterizedTest
  @CsvSource({
    // its sources, or what was built of them: the project
    "shop/pom.xml, shop/src/main/java, shop",
    "shop/pom.xml, shop/target, shop",
    "shop/pom.xml, shop/src, shop",
    // a folder above
    "shop/pom.xml, ., shop",
    "all/shop/Greet.java, all, all/shop",
    "all/target/handlers/shop.jar, all, all/target/handlers",
    // Gradle's jars, which may be still to come
    "shop/build.gradle.kts, shop, shop/build/handlers",
    "shop/build.gradle, shop, shop/build/handlers"
  })
  void theOneThatIsMeantIsNamed(Path there, Path named, Path meant) throws IOException {
    file(there);
    Files.createDirectories(home.resolve(named));

    assertThat(Elsewhere.than(home.resolve(named)).map(Path::normalize))
        .contains(home.resolve(meant).normalize());
  }

  @Test
  void theNearestOfSeveral() throws IOException {
    file(Path.of("a/deep/Deep.java"));
    file(Path.of("z/Near.java"));

    assertThat(Elsewhere.than(home)).contains(home.resolve("z"));
  }

  @ParameterizedTest
  @CsvSource({
    // a project's folder for other things
    "shop/pom.xml, shop/empty",
    // too far down
    "a/b/c/d/Far.java, a/..",
    "a/README.md, a"
  })
  void noneWhereNoneIsMeant(Path there, Path named) throws IOException {
    file(there);
    Files.createDirectories(home.resolve(named));

    assertThat(Elsewhere.than(home.resolve(named))).isEqualTo(Optional.empty());
  }

  private void file(Path path) throws IOException {
    var file = home.resolve(path);
    Files.createDirectories(file.getParent());
    Files.createFile(file);
  }
}
