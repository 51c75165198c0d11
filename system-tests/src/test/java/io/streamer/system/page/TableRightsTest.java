package io.streamer.system.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.cli.letters.Letters;
import io.streamer.gateway.Gateway;
import io.streamer.shared.dynamo.RequestJson;
import io.streamer.shared.table.Item;
import io.streamer.shared.table.StoreRequest;
import io.streamer.shared.table.Value;
import io.streamer.worker.JobFunction;
import io.streamer.worker.StreamFunction;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * A role may do to a table what its process asks of it, and no more; -Dstreamer.rewrite=true writes
 * the files that the roles are made of.
 */
class TableRightsTest {
  private static final Path MODULES = Path.of("../terraform/modules");
  private static final Path LETTERS = Path.of("../docs/dead-letters.md");

  private static final TableRights WORKER = new TableRights(JobFunction.class);

  private static final Item KEY = Item.of("id", "1");

  /** One request of each kind that is one call. */
  private static final List<StoreRequest> EACH =
      List.of(
          new StoreRequest.Get("t", KEY, true),
          new StoreRequest.Put("t", KEY, List.of()),
          new StoreRequest.Update("t", KEY, Map.of("a", Value.of(1)), Set.of(), List.of()),
          new StoreRequest.Delete("t", KEY),
          new StoreRequest.Query("t", "i", "a", Value.of("v"), 1, Optional.empty()),
          new StoreRequest.Range(
              "t",
              Optional.empty(),
              "a",
              Value.of("v"),
              "s",
              Value.of("1"),
              Value.of("2"),
              1,
              Optional.empty(),
              true),
          new StoreRequest.Scan("t", Optional.empty()),
          new StoreRequest.Batch("t", List.of(KEY), Duration.ZERO),
          new StoreRequest.Writes("t", List.of(KEY), List.of()));

  private static void keeps(String file, JsonObject rights) throws IOException {
    var path = MODULES.resolve(file);
    var expected = rights.encodePrettily() + "\n";
    if (Boolean.getBoolean("streamer.rewrite")) {
      Files.writeString(path, expected);
    }
    assertThat(path)
        .as("%s is made by this test with -Dstreamer.rewrite=true", file)
        .hasContent(expected);
  }

  @Test
  void theGatewayMayDoWhatItAsksFor() throws IOException {
    keeps("gateway/rights.json", new TableRights(Gateway.class).all());
  }

  @Test
  void theJobFunctionMayDoWhatItAsksFor() throws IOException {
    keeps("worker/rights.json", WORKER.all());
  }

  @Test
  void theStreamFunctionAsksForNothing() {
    assertThat(WORKER.of(StreamFunction.class))
        .isEqualTo(
            new JsonObject().put("tables", new JsonObject()).put("indexes", new JsonObject()));
  }

  @Test
  void theRolesAreMadeOfTheFiles() throws IOException {
    for (var module : List.of("gateway", "worker")) {
      var role = Files.readString(MODULES.resolve(module).resolve("iam.tf"));

      assertThat(role)
          .containsPattern(
              "rights +=  *jsondecode\\(file\\(\"\\$\\{path\\.module\\}/rights\\.json\"\\)\\)")
          .contains("for name, actions in local.rights.tables")
          .contains("for table, names in local.rights.indexes");
      // a right to items stands nowhere else
      assertThat(role).doesNotContainPattern("dynamodb:\\w*(Item|Scan)");
    }
  }

  @Test
  void thePageOfDeadLettersNamesTheRightsOfItsCommand() throws IOException {
    var page = Files.readString(LETTERS);
    var rights = new TableRights(Letters.class).of(Letters.class);

    assertThat(rights.getJsonObject("indexes").getMap())
        .isEqualTo(Map.of("jobs", new JsonArray(List.of("dead"))));
    for (var table : rights.getJsonObject("tables").fieldNames()) {
      var actions =
          rights.getJsonObject("tables").getJsonArray(table).stream()
              .map(action -> "`" + action.toString().substring("dynamodb:".length()) + "`")
              .toList();

      assertThat(page).contains("on `" + table + "`: " + String.join(", ", actions));
    }
  }

  @Test
  void anActionIsCalledAsTheRequestIs() {
    var kinds =
        Arrays.stream(StoreRequest.class.getPermittedSubclasses()).map(Class::getSimpleName);

    assertThat(kinds.filter(kind -> !kind.equals("Queries")))
        .containsExactlyInAnyOrderElementsOf(TableRights.ACTIONS.keySet());
    assertThat(EACH)
        .hasSameSizeAs(TableRights.ACTIONS.keySet())
        .allSatisfy(request ->
            assertThat(TableRights.ACTIONS.get(request.getClass().getSimpleName()))
                .isEqualTo(RequestJson.of(request).operation()));
  }
}
