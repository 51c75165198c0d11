package io.streamer.system;

import io.streamer.local.stage.Stage;
import io.streamer.local.stage.StageOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/** One stage for all tests of a JVM, on a free port, with the demo and {@link TestActions}. */
public final class LocalStage implements BeforeAllCallback {
  private static volatile Stage shared;

  @Override
  public void beforeAll(ExtensionContext context) {
    context
        .getRoot()
        .getStore(Namespace.create(LocalStage.class))
        .computeIfAbsent(
            Stage.class,
            _ -> {
              // whoever comes by loopback may say for whom
              shared = start(Map.of("STREAMER_TRUSTED_PROXIES", "127.0.0.1"));
              return shared;
            });
  }

  static Stage stage() {
    return shared;
  }

  /** Another stage, for tests that need settings of their own; the caller closes it. */
  static Stage start(Map<String, String> settings) {
    return Stage.start(options().settings(settings));
  }

  static StageOptions options() {
    return StageOptions.at(home());
  }

  /** The repository. */
  static Path home() {
    var folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve("system-tests/pom.xml"))) {
      folder = folder.getParent();
    }
    return folder;
  }
}
