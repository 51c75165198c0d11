package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamer.cli.build.Distribution;
import io.streamer.cli.build.Refused;
import io.streamer.shared.settings.SettingsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipFile;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code ./streamer build} makes of a folder of jars, and what it refuses. */
class BuildTest {
  private static final String SERVICE = "META-INF/services/io.streamer.handler.HandlerModule";

  @TempDir Path folder;
  private Path handlers;
  private Path dist;

  @BeforeEach
  void layOut() throws IOException {
    handlers = Files.createDirectory(folder.resolve("handlers"));
    dist = folder.resolve("dist");
  }

  @Test
  void theWorkersZipHasItsJarsAndNoneOfTheGateways() throws Exception {
    shop("shop-1.0.jar", "new Object()");
    make();

    var jars = jarsOf(dist.resolve("worker.zip"));
    assertThat(jars)
        .allMatch(name -> name.matches("lib/[^/]+\\.jar"))
        .contains("lib/shop-1.0.jar")
        .anyMatch(name -> name.startsWith("lib/streamer-worker-"))
        .noneMatch(name -> name.matches("lib/(netty|vertx|logback|DynamoDBLocal|streamer-demo).*"))
        .noneMatch(name -> name.contains("runtime-interface-client"));
    assertThat(dist.resolve("gateway/handlers")).isDirectoryContaining("glob:**/shop-1.0.jar");
    assertThat(dist.resolve("gateway/lib")).isDirectoryContaining("glob:**/streamer-gateway-*");
    assertThat(dist.toFile().list()).containsExactlyInAnyOrder("worker.zip", "gateway");
  }

  @Test
  void theDemoBringsItsLibraries() throws Exception {
    new Distribution(LocalStage.home(), _ -> {}).make(Optional.empty(), true, dist, Map.of());

    assertThat(jarsOf(dist.resolve("worker.zip")))
        .anyMatch(name -> name.startsWith("lib/streamer-demo-"))
        .anyMatch(name -> name.startsWith("lib/pdfbox-3"))
        .anyMatch(name -> name.startsWith("lib/fontbox-"))
        .anyMatch(name -> name.startsWith("lib/fastexcel-"))
        .anyMatch(name -> name.startsWith("lib/fastcsv-"));
    assertThat(dist.resolve("gateway/handlers")).isDirectoryContaining("glob:**/pdfbox-3*.jar");
  }

  @Test
  void theSameJarsGiveTheSameBytes() throws Exception {
    shop("shop-1.0.jar", "new Object()");
    make();
    var first = Files.readAllBytes(dist.resolve("worker.zip"));
    make();

    assertThat(dist.resolve("worker.zip")).hasBinaryContent(first);
  }

  @Test
  void aLibraryOfOursInTheSameVersionIsTakenOnce() throws Exception {
    shop("shop-1.0.jar", "new Object()");
    var own = jarsOf(worker()).stream().filter(n -> n.startsWith("lib/slf4j-api-")).findFirst();
    extract(own.orElseThrow(), handlers.resolve("logging.jar"));
    make();

    assertThat(jarsOf(dist.resolve("worker.zip")))
        .contains(own.orElseThrow())
        .doesNotContain("lib/logging.jar");
  }

  @Test
  void anEmptyFolderIsRefused() {
    assertRefused().hasMessageContaining("no jar in " + handlers);
  }

  @Test
  void aFolderThatIsNotThereIsRefused() throws IOException {
    Files.delete(handlers);
    assertThatThrownBy(this::make)
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("" + handlers);
  }

  @Test
  void jarsThatNameNoModuleAreRefusedWithWhatToAdd() throws IOException {
    new CompiledJar().source("shop.Buy", buy("new Object()")).write(handlers.resolve("shop.jar"));
    assertRefused().hasMessageContaining("shop.jar").hasMessageContaining(SERVICE);
  }

  @Test
  void aJarWhoseHandlersNobodyRegistersIsRefused() throws IOException {
    shop("shop.jar", "new Object()");
    new CompiledJar()
        .source("bar.Buy", buy("new Object()").replace("package shop", "package bar"))
        .write(handlers.resolve("forgotten.jar"));
    assertRefused()
        .hasMessageContaining("forgotten.jar")
        .hasMessageContaining("bar.Buy")
        .hasMessageContaining(SERVICE);
  }

  @Test
  void twoVersionsOfALibraryAreRefused() throws IOException {
    shop("shop.jar", "new Object()");
    new CompiledJar().file("a.txt", "1").write(handlers.resolve("prices-1.0.jar"));
    new CompiledJar().file("a.txt", "2").write(handlers.resolve("prices-1.1.jar"));

    assertThatThrownBy(this::make)
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("prices-1.0.jar")
        .hasMessageContaining("prices-1.1.jar");
  }

  @Test
  void anotherVersionOfALibraryOfOursIsRefused() throws IOException {
    shop("shop.jar", "new Object()");
    new CompiledJar()
        .file(
            "META-INF/maven/com.fasterxml.jackson.core/jackson-core/pom.properties",
            "groupId=com.fasterxml.jackson.core\nartifactId=jackson-core\nversion=2.15.0\n")
        .write(handlers.resolve("json.jar"));

    assertRefused().hasMessageContaining("json.jar").hasMessageContaining("jackson-core-2.");
  }

  @Test
  void aJarWithOtherClassesOfOursPackedIntoItIsRefused() throws IOException {
    shop("shop.jar", "new Object()");
    new CompiledJar()
        .source("org.slf4j.Logger", "package org.slf4j; public interface Logger {}")
        .write(handlers.resolve("all.jar"));

    assertRefused()
        .hasMessageContaining("all.jar")
        .hasMessageContaining("org/slf4j/Logger.class")
        .hasMessageContaining("slf4j-api-");
  }

  @Test
  void aClassThatIsMissingIsToldWithTheJarThatWantsIt() throws IOException {
    var library =
        new CompiledJar()
            .source("prices.List", "package prices; public class List {}")
            .write(folder.resolve("prices.jar"));
    write("shop.jar", buy("new Object()").replace("/*fields*/", "prices.List list;"), library);

    assertRefused().hasMessageContaining("prices").hasMessageContaining("shop.jar");

    Files.copy(library, handlers.resolve("prices.jar"));
    assertThat(thrownByMake()).isNull();
  }

  @Test
  void aModuleThatIsNotThereIsToldWithItsJar() throws IOException {
    new CompiledJar().module("shop.Nothing").write(handlers.resolve("shop.jar"));
    assertRefused().hasMessageContaining("shop.jar").hasMessageContaining("shop.Nothing");
  }

  @Test
  void noHandlerIsMade() throws IOException {
    shop("shop.jar", "fail()");
    assertThat(thrownByMake()).isNull();
  }

  @Test
  void aFolderOfSomebodyElseIsNotReplaced() throws IOException {
    shop("shop.jar", "new Object()");
    var foreign = Files.createDirectories(dist.resolve("gateway"));
    Files.writeString(foreign.resolve("notes"), "mine");

    assertRefused().hasMessageContaining("--output");
    assertThat(foreign.resolve("notes")).exists();
    assertThat(dist.toFile().list()).containsExactly("gateway");
  }

  private void shop(String jar, String made) throws IOException {
    write(jar, buy(made));
  }

  private void write(String jar, String buy, Path... others) throws IOException {
    new CompiledJar()
        .module("shop.Shop")
        .source("shop.Buy", buy)
        .source(
            "shop.Shop",
            """
            package shop;
            import io.streamer.handler.*;
            public final class Shop implements HandlerModule {
              public void register(Handlers handlers, Config config) {
                handlers.add(Buy.class, Buy::new);
              }
            }
            """)
        .write(handlers.resolve(jar), others);
  }

  private static String buy(String made) {
    return """
    package shop;
    import io.streamer.handler.*;
    @Action("buy")
    public final class Buy implements Handler<Buy.Order, String> {
      public record Order(String what) {}
      /*fields*/
      private final Object made = %s;
      public String handle(Order order, Run run) { return order.what() + made; }
      static Object fail() { throw new IllegalStateException("made"); }
    }
    """
        .formatted(made);
  }

  private List<Distribution.Artefact> make() throws IOException {
    return new Distribution(LocalStage.home(), _ -> {})
        .make(Optional.of(handlers), false, dist, Map.of());
  }

  private Throwable thrownByMake() {
    try {
      make();
      return null;
    } catch (Exception e) {
      return e;
    }
  }

  private AbstractThrowableAssert<?, ? extends Throwable> assertRefused() {
    return assertThatThrownBy(this::make).isInstanceOf(Refused.class);
  }

  private static Path worker() {
    return Path.of(System.getProperty("streamer.worker.zip"));
  }

  private static List<String> jarsOf(Path zip) throws IOException {
    try (var file = new ZipFile(zip.toFile())) {
      var names = new ArrayList<String>();
      file.stream().filter(e -> !e.isDirectory()).forEach(e -> names.add(e.getName()));
      return names;
    }
  }

  private static void extract(String name, Path target) throws IOException {
    try (var file = new ZipFile(worker().toFile());
        var input = file.getInputStream(file.getEntry(name))) {
      Files.copy(input, target);
    }
  }
}
