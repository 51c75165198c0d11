package io.streamer.test.stage;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Finds what a build has mixed of libraries whose parts must be of one version. */
final class MixedVersions {
  /** What must be of one version, by its name; the file's name gives artifact and version. */
  private static final Map<String, Pattern> LIBRARIES =
      new TreeMap<>(
          Map.of(
              "Netty",
              Pattern.compile(
                  "(netty-(?!tcnative|nio-client)[a-z0-9-]+?)-(\\d+(?:\\.\\w+)*)(?:-[\\w-]+)?\\.jar"),
              "the AWS SDK",
              Pattern.compile(
                  "(sdk-core|aws-core|auth|regions|profiles|aws-json-protocol|protocol-core"
                      + "|http-client-spi|identity-spi|json-utils|dynamodb|lambda|s3)"
                      + "-(2\\.\\d+\\.\\d+)\\.jar")));

  private MixedVersions() {}

  /**
   * Looks at a class path.
   *
   * @throws IllegalStateException naming versions and artifacts, and what to do
   */
  static void refuse(List<String> entries) {
    LIBRARIES.forEach((library, file) -> {
      var versions = versions(entries, file);
      if (versions.size() > 1) {
        throw new IllegalStateException(
            "the tests' class path mixes versions of "
                + library
                + ", which do not run together: "
                + versions.entrySet().stream()
                    .map(it -> it.getKey() + " (" + String.join(", ", it.getValue()) + ")")
                    .collect(Collectors.joining(" and "))
                + "; import io.streamer:streamer-bom in the project's dependencyManagement, before"
                + " other BOMs");
      }
    });
  }

  private static Map<String, Set<String>> versions(List<String> entries, Pattern file) {
    var versions = new TreeMap<String, Set<String>>();
    for (var entry : entries) {
      var jar = file.matcher(entry.substring(entry.replace('\\', '/').lastIndexOf('/') + 1));
      if (jar.matches()) {
        versions.computeIfAbsent(jar.group(2), _ -> new TreeSet<>()).add(jar.group(1));
      }
    }
    return versions;
  }
}
