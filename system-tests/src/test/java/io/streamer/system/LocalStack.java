package io.streamer.system;

import org.testcontainers.localstack.LocalStackContainer;
import org.testcontainers.utility.DockerImageName;

/** Another cloud in a container, only where its image is: it weighs more than a gigabyte. */
final class LocalStack {
  // the last one that asks for no token
  private static final String IMAGE = "localstack/localstack:4.14.0";

  private LocalStack() {}

  /** Skips the tests where there is no engine or no image; the caller closes what it gets. */
  static LocalStackContainer start() {
    // first, because without an engine Testcontainers throws
    Docker.assumeImage(IMAGE);
    var container =
        new LocalStackContainer(DockerImageName.parse(IMAGE))
            .withImagePullPolicy(_ -> false)
            // the other provider makes a table's stream of a part that it downloads
            .withEnv("PROVIDER_OVERRIDE_DYNAMODB", "v2");
    container.start();
    return container;
  }
}
