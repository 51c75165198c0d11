package io.streamer.system;

import java.io.IOException;
import java.util.List;

/** The languages that have a client, each with the process that drives it. */
enum ClientLanguage {
  JAVASCRIPT {
    @Override
    ClientDriver driver() throws IOException {
      var project = NodeProject.built("js");
      return new ClientDriver(project.folder(), List.of("node", "conformance/driver.mjs"));
    }
  },
  PYTHON {
    @Override
    ClientDriver driver() throws IOException {
      var project = PythonProject.ready();
      return new ClientDriver(project.folder(), project.command("python", "conformance/driver.py"));
    }
  },
  JAVA {
    @Override
    ClientDriver driver() throws IOException {
      return new ClientDriver(LocalStage.home(), JavaClientDriver.command());
    }
  },
  /** The same over OkHttp, where there is no {@code java.net.http}, as on Android. */
  OKHTTP {
    @Override
    ClientDriver driver() throws IOException {
      return new ClientDriver(LocalStage.home(), JavaClientDriver.commandOverOkHttp());
    }

    @Override
    boolean splits() {
      return false;
    }
  },
  GO {
    @Override
    ClientDriver driver() throws IOException {
      var project = GoProject.ready();
      return new ClientDriver(project.folder(), List.of(project.driver()));
    }
  };

  /** Whether it sends a message in several frames. */
  boolean splits() {
    return true;
  }

  /** Builds the client and starts its driver; skips the test where the language is missing. */
  abstract ClientDriver driver() throws IOException;
}
