package io.streamer.system;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.streamer.shared.payload.JsonProblem;
import io.streamer.shared.settings.Durations;
import io.streamer.shared.table.TableDefinition;
import io.streamer.shared.table.Tables;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The arrows between the modules, as the architecture draws them. */
class ArchitectureTest {
  private static final String HANDLER = "io.streamer.handler..";
  private static final String SHARED = "io.streamer.shared..";
  private static final String GATEWAY = "io.streamer.gateway..";
  private static final String WORKER = "io.streamer.worker..";
  private static final String EMULATOR = "io.streamer.emulator..";
  private static final String LOCAL = "io.streamer.local..";
  private static final String DEMO = "io.streamer.demo..";
  private static final String CLI = "io.streamer.cli..";
  private static final String SOAK = "io.streamer.soak..";
  private static final String CLIENT = "io.streamer.client..";
  private static final String TEST_KIT = "io.streamer.test..";
  private static final String TEST_TOOLS = "io.streamer.testtools..";
  private static final String ALL = "io.streamer..";

  /** Tables, and how a length of time and a fault of JSON are written. */
  private static final Class<?>[] DATA = {
    Tables.class, TableDefinition.class, Durations.class, JsonProblem.class
  };

  private static final Pattern PACKAGE = Pattern.compile("(?m)^package ([\\w.]+);");
  private static final Pattern IMPORT =
      Pattern.compile("(?m)^import (?:static )?(io\\.streamer[a-z0-9.]*)\\.[A-Z]");

  private static JavaClasses production;

  @BeforeAll
  static void readTheClassPath() {
    production =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.streamer");
  }

  /** Without it, a module renamed or left off the class path would keep every rule. */
  @ParameterizedTest
  @ValueSource(strings = {HANDLER, SHARED, GATEWAY, EMULATOR, CLIENT})
  void theModuleIsOnTheClassPath(String module) {
    assertThat(production.that(resideInAPackage(module))).isNotEmpty();
  }

  @Test
  void everyClassBelongsToAModuleOfTheMap() {
    classes()
        .should()
        .resideInAnyPackage(
            HANDLER,
            SHARED,
            GATEWAY,
            WORKER,
            EMULATOR,
            LOCAL,
            DEMO,
            CLI,
            SOAK,
            CLIENT,
            TEST_KIT,
            TEST_TOOLS,
            "io.streamer.protocol..")
        .check(production);
  }

  @Test
  void handlersNeedNothingButJavaBase() {
    var allowed =
        Stream.concat(
            ModuleLayer.boot().findModule("java.base").orElseThrow().getPackages().stream(),
            Stream.of("org.jspecify.annotations", HANDLER));

    classes()
        .that()
        .resideInAPackage(HANDLER)
        .should()
        .onlyDependOnClassesThat(resideInAnyPackage(allowed.toArray(String[]::new)))
        .check(production);
  }

  @Test
  void sharedKnowsHandlersAndNeitherVertxNorLambda() {
    mayUseOfOurs(SHARED, HANDLER);
    mustNotUse(SHARED, "io.vertx..", "io.netty..", "com.amazonaws.services.lambda..");
  }

  @Test
  void theGatewayKnowsSharedAndHandlersAlone() {
    mayUseOfOurs(GATEWAY, SHARED, HANDLER);
    mustNotUse(GATEWAY, "com.amazonaws.services.lambda..");
  }

  @Test
  void theWorkerKnowsSharedAndHandlersAndNotVertx() {
    mayUseOfOurs(WORKER, SHARED, HANDLER);
    mustNotUse(WORKER, "io.vertx..", "io.netty..");
  }

  @Test
  void theClientKnowsNothingOfTheServer() {
    mayUseOfOurs(CLIENT);
    mustNotUse(CLIENT, "io.vertx..", "io.netty..", "software.amazon..");
  }

  /** Androids have no java.net.http, and the older ones no java.util.concurrent.Flow. */
  @Test
  void onlyItsDefaultTransportNeedsTheJdksHttpClient() {
    noClasses()
        .that()
        .resideInAPackage(CLIENT)
        .and()
        .haveNameNotMatching(".*\\.JdkTransport(\\$.*)?")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.net.http..", "java.lang.management..", "javax..")
        .check(production);
    noClasses()
        .that()
        .resideInAPackage(CLIENT)
        .and()
        .haveNameNotMatching(".*\\.(JdkTransport|EventPublisher)(\\$.*)?")
        .should()
        // a publisher is named by the method that gives it
        .dependOnClassesThat(nameMatching(".*\\.Flow\\$(Subscriber|Subscription|Processor)"))
        .check(production);
  }

  @Test
  void theDemoIsAHandlerJarLikeAnyOther() {
    mayUseOfOurs(DEMO, HANDLER);
  }

  @Test
  void theEmulatorKnowsOfOursNothingButData() {
    noClasses()
        .that()
        .resideInAPackage(EMULATOR)
        .should()
        .dependOnClassesThat(
            resideInAPackage(ALL)
                .and(not(resideInAPackage(EMULATOR)))
                .and(not(belongToAnyOf(DATA))))
        .check(production);
  }

  @Test
  void onlyWhatStandsAroundTheStageKnowsTheEmulator() {
    noClasses()
        .that()
        .resideOutsideOfPackages(EMULATOR, LOCAL, CLI, SOAK, TEST_KIT)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(EMULATOR)
        .check(production);
  }

  @Test
  void onlyTheCommandLineAndTheTestKitKnowTheLocalStage() {
    noClasses()
        .that()
        .resideOutsideOfPackages(LOCAL, CLI, SOAK, TEST_KIT)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(LOCAL)
        .check(production);
  }

  @Test
  void theLocalStageKnowsNoCommandLine() {
    mustNotUse(LOCAL, CLI, SOAK);
  }

  @Test
  void whatTestsShareIsForTestsAlone() {
    noClasses()
        .that()
        .resideOutsideOfPackage(TEST_TOOLS)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(TEST_TOOLS)
        .check(production);
  }

  @Test
  void whatComesFromClientsIsReadByNoParserWhoseTablesOutliveIt() {
    noClasses()
        .that()
        .resideInAPackage("io.streamer.shared.protocol..")
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("com.fasterxml.jackson.core.JsonParser")
        .check(production);
  }

  @Test
  void packagesFormNoCycle() {
    slices().matching("io.streamer.(**)").should().beFreeOfCycles().check(production);
  }

  /** A constant of another class leaves no trace in bytecode, but whoever reads needs both. */
  @Test
  void packagesFormNoCycleInTheirSourcesEither() throws IOException {
    var imports = new HashMap<String, Set<String>>();
    try (var files = Files.walk(LocalStage.home())) {
      for (var file : files.filter(it -> it.toString().contains("/src/main/java/")).toList()) {
        if (file.toString().endsWith(".java")) {
          var text = Files.readString(file);
          var own = PACKAGE.matcher(text);
          if (own.find()) {
            IMPORT
                .matcher(text)
                .results()
                .map(found -> found.group(1))
                .filter(used -> !used.equals(own.group(1)))
                .forEach(
                    used -> imports.computeIfAbsent(own.group(1), _ -> new TreeSet<>()).add(used));
          }
        }
      }
    }
    assertThat(imports).hasSizeGreaterThan(30);
    for (var from : imports.keySet()) {
      assertThat(reachable(from, imports)).as("what %s leads to", from).doesNotContain(from);
    }
  }

  private static Set<String> reachable(String from, Map<String, Set<String>> imports) {
    var found = new TreeSet<String>();
    var open = new ArrayDeque<>(imports.getOrDefault(from, Set.of()));
    while (!open.isEmpty()) {
      var next = open.pop();
      if (found.add(next)) {
        open.addAll(imports.getOrDefault(next, Set.of()));
      }
    }
    return found;
  }

  private static void mayUseOfOurs(String module, String... others) {
    var allowed = Stream.concat(Stream.of(module), Stream.of(others)).toArray(String[]::new);
    noClasses()
        .that()
        .resideInAPackage(module)
        .should()
        .dependOnClassesThat(resideInAPackage(ALL).and(not(resideInAnyPackage(allowed))))
        .allowEmptyShould(true)
        .check(production);
  }

  private static void mustNotUse(String module, String... packages) {
    noClasses()
        .that()
        .resideInAPackage(module)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(packages)
        .allowEmptyShould(true)
        .check(production);
  }
}
