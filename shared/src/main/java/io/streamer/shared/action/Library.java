package io.streamer.shared.action;

import io.streamer.shared.settings.SettingsException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Properties;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Which library a jar is: as Maven noted it inside, else by the jar's name.
 *
 * @param file the jar's name, without its folder
 * @param group empty if the jar does not say
 * @param version empty if neither the jar nor its name says
 */
public record Library(String file, String group, String artifact, String version) {
  private static final Pattern NOTE =
      Pattern.compile("META-INF/maven/[^/]+/[^/]+/pom\\.properties");
  private static final Pattern NAME = Pattern.compile("(.+?)-(\\d.*)\\.jar");

  /**
   * Looks into a jar.
   *
   * @throws SettingsException if it cannot be read
   */
  public static Library of(Path jar) {
    var file = jar.getFileName().toString();
    try (var zip = new ZipFile(jar.toFile())) {
      var notes = zip.stream().filter(entry -> NOTE.matcher(entry.getName()).matches()).toList();
      // a jar with several has other libraries packed into it
      return notes.size() == 1 ? noted(file, zip, notes.getFirst()) : named(file);
    } catch (IOException | IllegalArgumentException e) {
      throw new SettingsException("the jar " + jar + " cannot be read: " + e.getMessage());
    }
  }

  private static Library noted(String file, ZipFile zip, ZipEntry note) throws IOException {
    var properties = new Properties();
    try (var input = zip.getInputStream(note)) {
      properties.load(input);
    }
    return new Library(
        file,
        properties.getProperty("groupId", ""),
        properties.getProperty("artifactId", named(file).artifact()),
        properties.getProperty("version", ""));
  }

  private static Library named(String file) {
    var match = NAME.matcher(file);
    return match.matches()
        ? new Library(file, "", match.group(1), match.group(2))
        : new Library(file, "", file.replaceFirst("\\.jar$", ""), "");
  }

  /** Whether both are the same library, in whatever versions. */
  public boolean sameAs(Library other) {
    return artifact.equals(other.artifact)
        && (group.equals(other.group) || group.isEmpty() || other.group.isEmpty());
  }

  /** Whether both are the same library and cannot be on one class path. */
  public boolean clashesWith(Library other) {
    return sameAs(other) && !version.equals(other.version);
  }
}
