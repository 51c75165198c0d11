package io.streamer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InitTest {
  private static final Pattern DEPENDENCY =
      Pattern.compile(
          "<dependency>\\s*<groupId>([^<]+)</groupId>\\s*<artifactId>([^<]+)</artifactId>"
              + "(?:\\s*<version>([^<]+)</version>)?");
  private static final Pattern STREAMER =
      Pattern.compile("<streamer.version>([^<]+)</streamer.version>");

  private static final Path HOME = Path.of("..");
  private static final Pattern PLUGIN =
      Pattern.compile("<artifactId>([\\w-]+)</artifactId>\\s*<version>([\\d.]+)</version>");

  @TempDir Path folder;

  @Test
  void theTemplateIsCopiedWithTheNamesOfTheProject() throws IOException {
    var shop = folder.resolve("my shop");
    var ran = init("my-shop", "--package", "com.example.shop", "--dir", shop.toString());

    assertThat(ran.exitCode()).as(ran.err()).isZero();
    assertThat(ran.out()).contains(shop.toString());
    assertThat(shop.resolve("src/main/java/com/example/shop/Greet.java"))
        .content()
        .startsWith("package com.example.shop;");
    assertThat(
            shop.resolve("src/main/resources/META-INF/services/io.streamer.handler.HandlerModule"))
        .hasContent("com.example.shop.Actions");
    assertThat(shop.resolve(".gitignore")).exists();
    try (var files = Files.walk(shop)) {
      assertThat(files.filter(Files::isRegularFile))
          .allSatisfy(file ->
              assertThat(file).content().doesNotContain("@package@", "@name@", "@version@"));
    }
  }

  @Test
  void thePackageIsTheNameWithoutHyphens() throws IOException {
    init("my-shop", "--dir", folder.resolve("shop").toString());

    assertThat(folder.resolve("shop/src/test/java/myshop/GreetTest.java")).exists();
    assertThat(folder.resolve("shop/pom.xml"))
        .content()
        .contains("<artifactId>my-shop</artifactId>");
  }

  @Test
  void aFolderThatIsThereIsLeftAlone() throws IOException {
    Files.writeString(folder.resolve("notes"), "mine");
    var ran = init("shop", "--dir", folder.toString());

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err()).contains(folder.toString()).contains("--dir");
    assertThat(folder.toFile().list()).containsExactly("notes");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Shop", "1shop", "shop-", "../shop", "sh op", "shöp"})
  void aNameThatMavenOrAFolderCannotHaveIsRefused(String name) {
    assertRefused("hyphens", name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"com..shop", "com.class", "Shop", "com.example.", "java.shop", "io.streamer.x"})
  void aPackageThatIsNoneOrNotTheirsIsRefused(String name) {
    assertRefused("--package", "shop", "--package", name);
  }

  @Test
  void aNameThatIsAJavaWordNeedsAPackage() {
    assertRefused("--package", "switch");
  }

  /** They are in the cache of whoever has built Streamer, and are raised with its own. */
  @Test
  void theTemplateUsesThePluginsOfOurBuild() throws IOException {
    var ours = Files.readString(HOME.resolve("pom.xml"));
    var template = Files.readString(HOME.resolve("template/pom.xml"));
    var plugins =
        PLUGIN.matcher(template.substring(template.indexOf("<plugins>"))).results().toList();

    assertThat(plugins).hasSize(6);
    assertThat(plugins)
        .allSatisfy(plugin ->
            assertThat(PLUGIN.matcher(ours).results())
                .anySatisfy(
                    one -> assertThat(one.group()).isEqualToIgnoringWhitespace(plugin.group())));
    var junit = Pattern.compile("<junit.version>([\\d.]+)<").matcher(ours);
    assertThat(junit.find()).isTrue();
    assertThat(template).contains("<version>" + junit.group(1) + "</version>");
  }

  /** Each is what init makes, with dependencies of its own. */
  @ParameterizedTest
  @ValueSource(strings = {"quickstart", "ai", "etl", "reports", "database"})
  void anExampleIsMadeOfTheTemplate(String name) throws IOException {
    init(name, "--dir", folder.resolve("made").toString());
    var examples = HOME.resolve("examples");

    assertHoldsAllOf(folder.resolve("made/pom.xml"), examples.resolve(name).resolve("pom.xml"));
    assertThat(examples.resolve(name).resolve(".gitignore"))
        .hasSameTextualContentAs(folder.resolve("made/.gitignore"));
    assertThat(examples.resolve("pom.xml")).content().contains("<module>" + name + "</module>");
  }

  @ParameterizedTest
  @ValueSource(strings = {"spring", "kotlin"})
  void anotherKindOfProjectAddsToTheSamePom(String kind) throws IOException {
    init("shop", "--dir", folder.resolve("plain").toString());
    var ran = init("shop", "--" + kind, "--dir", folder.resolve("other").toString());

    assertThat(ran.exitCode()).as(ran.err()).isZero();
    assertThat(ran.out()).contains(" && mvn verify").contains("./streamer dev " + folder);
    assertHoldsAllOf(folder.resolve("plain/pom.xml"), folder.resolve("other/pom.xml"));
    try (var files = Files.walk(folder.resolve("other"))) {
      assertThat(files.filter(Files::isRegularFile))
          .noneMatch(file -> file.endsWith(".without"))
          .allSatisfy(file ->
              assertThat(file).content().doesNotContain("@package@", "@name@", "@version@"));
    }
  }

  @Test
  void aKotlinProjectHasNoJava() throws IOException {
    init("my-shop", "--kotlin", "--dir", folder.resolve("shop").toString());

    assertThat(folder.resolve("shop/src/main/kotlin/myshop/Greet.kt"))
        .content()
        .startsWith("package myshop\n");
    assertThat(folder.resolve("shop/src/test/kotlin/myshop/GreetStageTest.kt")).exists();
    assertThat(folder.resolve("shop/src/main/java")).doesNotExist();
  }

  @Test
  void aGradleProjectHasNoPomAndIsServedFromItsBuild() {
    var shop = folder.resolve("shop");
    var ran = init("shop", "--gradle", "--dir", shop.toString());

    assertThat(ran.out())
        .contains(" && gradle build")
        .contains("./streamer dev " + shop.resolve("build/handlers"));
    assertThat(shop.resolve("pom.xml")).doesNotExist();
    assertThat(shop.resolve("build.gradle.kts")).content().contains("group = \"shop\"");
    assertThat(shop.resolve("src/main/java/shop/Greet.java")).exists();
    assertThat(shop.resolve(".gitignore")).content().contains("build/");
  }

  /** Gradle itself is not run here. */
  @Test
  void aGradleProjectNeedsTheArtefactsThatAMavenProjectNeeds() throws IOException {
    init("shop", "--dir", folder.resolve("maven").toString());
    init("shop", "--gradle", "--dir", folder.resolve("gradle").toString());
    var pom = Files.readString(folder.resolve("maven/pom.xml"));
    var build = Files.readString(folder.resolve("gradle/build.gradle.kts"));

    var needed =
        DEPENDENCY
            .matcher(pom)
            .results()
            .map(found -> {
              var name = found.group(1) + ":" + found.group(2);
              // what stands at the place of a version elsewhere is the version of Streamer
              return found.group(3) == null || found.group(3).startsWith("$")
                  ? name
                  : name + ":" + found.group(3);
            })
            .toList();
    assertThat(needed).hasSizeGreaterThan(6).contains("io.streamer:streamer-handler");
    assertThat(needed).allSatisfy(one -> assertThat(build).contains("(\"" + one));
    var version = STREAMER.matcher(pom);
    assertThat(version.find()).isTrue();
    assertThat(build).contains("io.streamer:streamer-bom:" + version.group(1) + "\"");
  }

  @Test
  void aProjectIsOfOneKind() {
    var ran = init("shop", "--kotlin", "--spring", "--dir", folder.resolve("new").toString());

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err()).contains("--kotlin").contains("--spring");
  }

  @Test
  void nothingIsMadeInOurOwnRepository() {
    var root = HOME.toAbsolutePath().normalize();
    var within = init("shop", "--dir", root.resolve("shop").toString());
    assertThat(within.exitCode()).isEqualTo(2);
    assertThat(within.err()).contains("Streamer's own repository").contains("--dir");

    // the tests run in it
    var beside = new Init(HOME, "").place("some-shop");
    assertThat(beside).isEqualTo(root.resolveSibling("some-shop"));
  }

  @Test
  void aJdkThatMavenWouldNotTakeIsNamed() {
    for (var jdk : List.of("/opt/jdk 25", "")) {
      System.setProperty("streamer.jdk", jdk);
      try {
        var ran = init("shop", "--dir", folder.resolve("shop" + jdk.length()).toString());
        assertThat(ran.out())
            .contains(jdk.isEmpty() ? " && mvn verify" : " && JAVA_HOME='/opt/jdk 25' mvn verify");
      } finally {
        System.clearProperty("streamer.jdk");
      }
    }
  }

  /** A project has the versions with which its handlers run. */
  @Test
  void theBomHasTheVersionsOfOurBuild() throws IOException {
    var ours = Files.readString(HOME.resolve("pom.xml"));
    var bom = Files.readString(HOME.resolve("bom/pom.xml"));
    var versions =
        Pattern.compile("<([a-z-]+\\.version)>([^<]+)</").matcher(bom).results().toList();

    assertThat(versions).hasSizeGreaterThan(4);
    assertThat(versions).allSatisfy(version -> assertThat(ours).contains(version.group()));
    var dynamo = Files.readString(HOME.resolve("local/dynamodb-local/pom.xml"));
    var late = Pattern.compile("<artifactId>(pinpoint|cognito\\w+)</artifactId><version>[^<]+<");
    assertThat(late.matcher(dynamo).results()).hasSize(3);
    assertThat(late.matcher(dynamo).results())
        .allSatisfy(one -> assertThat(bom).contains(one.group()));
  }

  /** Whether each line of a POM is in another one, in its order. */
  private static void assertHoldsAllOf(Path one, Path other) throws IOException {
    var left = new ArrayList<>(Files.readAllLines(one));
    left.removeIf(line -> line.contains("<streamer.version>"));
    for (var line : Files.readAllLines(other)) {
      if (!left.isEmpty() && left.getFirst().equals(line)) {
        left.removeFirst();
      }
    }
    assertThat(left).as("lines that are not in " + other).isEmpty();
  }

  private void assertRefused(String reason, String... args) {
    var target = folder.resolve("new");
    var all = new ArrayList<>(List.of(args));
    all.addAll(List.of("--dir", target.toString()));
    var ran = init(all.toArray(String[]::new));
    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err()).contains(reason);
    assertThat(target).doesNotExist();
  }

  private static Ran init(String... args) {
    var all = new String[args.length + 1];
    all[0] = "init";
    System.arraycopy(args, 0, all, 1, args.length);
    return Ran.inScript(HOME, all);
  }
}
