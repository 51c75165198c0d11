package io.streamer.cli.door;

import io.streamer.cli.option.HelpOption;
import io.streamer.cli.terminal.TextColumns;
import io.streamer.shared.settings.Nearest;
import io.streamer.shared.settings.SettingsException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./streamer actions}. */
@Command(
    name = "actions",
    description = {
      "Lists the actions of the running ./streamer dev.",
      "With ACTION: what its payload may have, and a request to copy.",
      "Elsewhere than on a terminal: a line of JSON for each, with the payload's JSON Schema."
    },
    footerHeading = "%nExample:%n",
    footer = "  ./streamer actions generate_report")
public final class Actions implements Callable<Integer> {
  private final Path home;
  private final boolean terminal;

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin HelpOption help = new HelpOption();

  @Parameters(paramLabel = "ACTION", arity = "0..1", description = "One of them.")
  private Optional<String> name = Optional.empty();

  /**
   * The command.
   *
   * @param terminal whether its output is a terminal
   */
  public Actions(Path home, boolean terminal) {
    this.home = home;
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    var command = spec.commandLine();
    var all =
        DevFeed.find(home)
            .orElseThrow(
                () -> new SettingsException("no stage runs here: start one with ./streamer dev"))
            .described();
    var wanted =
        all.stream().filter(one -> name.map(one.getString("name")::equals).orElse(true)).toList();
    if (name.isPresent() && wanted.isEmpty()) {
      var names = all.stream().map(one -> one.getString("name")).toList();
      throw new ParameterException(
          command,
          "no action is called " + name.get() + Nearest.question(Nearest.of(name.get(), names)));
    }
    var out = command.getOut();
    if (!terminal) {
      wanted.forEach(one -> out.println(one.encode()));
    } else if (name.isPresent()) {
      describe(out, wanted.getFirst());
    } else {
      wanted.forEach(one -> out.println(word(one, "name") + "  " + kind(one)));
    }
    out.flush();
    return ExitCode.OK;
  }

  private static void describe(PrintWriter out, JsonObject action) {
    var payload = new PayloadSchema(action.getJsonObject("schema", new JsonObject()));
    out.println(word(action, "name") + "  " + kind(action) + needs(action));
    var members = payload.members();
    if (members.isEmpty()) {
      out.println("  payload  " + payload.type());
    }
    int names = width(members.stream().map(PayloadSchema.Member::name).toList());
    int types = width(members.stream().map(PayloadSchema.Member::type).toList());
    for (var member : members) {
      var line =
          "  "
              + TextColumns.pad(member.name(), names)
              + "  "
              + TextColumns.pad(member.type(), types)
              + "  "
              + (member.required() ? "required" : "optional")
              + "  "
              + member.description();
      out.println(line.stripTrailing());
    }
    out.println("try");
    out.println(
        "  ./streamer request "
            + word(action, "name")
            + payload
                .example()
                .map(json -> " --payload '" + json.replace("'", "'\\''") + "'")
                .orElse(members.isEmpty() ? "" : " --payload JSON")
            + (word(action, "kind").equals("sync") ? "" : " --follow"));
  }

  private static int width(List<String> words) {
    return words.stream().mapToInt(TextColumns::width).max().orElse(0);
  }

  private static String kind(JsonObject action) {
    return switch (word(action, "kind")) {
      case "sync" -> "answered on the spot";
      case "job" -> "a job";
      case "either" -> "on the spot or a job, by the request";
      default -> "runs on Vert.x";
    };
  }

  private static String needs(JsonObject action) {
    var needs = new ArrayList<String>();
    action.getJsonArray("needs", new JsonArray()).forEach(one -> needs.add(String.valueOf(one)));
    return needs.isEmpty() ? "" : ", needs " + String.join(", ", needs);
  }

  private static String word(JsonObject json, String name) {
    return PayloadSchema.plain(json.getString(name, ""));
  }
}
