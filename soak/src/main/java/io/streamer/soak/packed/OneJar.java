package io.streamer.soak.packed;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Many jars as one: a JVM that starts opens each jar of its class path and reads its manifest.
 * Licences and notices go into a folder of each jar's name, where jars differ in them.
 */
public final class OneJar {
  private static final String MANIFEST =
      Stream.of("Manifest-Version: 1.0", "Multi-Release: true", "", "").collect(joining("\r\n"));

  /** A module's name and what it wants counts for a module path alone. */
  private static final Pattern LEFT_OUT =
      Pattern.compile("META-INF/MANIFEST\\.MF|(META-INF/versions/\\d+/)?module-info\\.class");

  private static final Pattern LEGAL = Pattern.compile("META-INF/[^/]*(LICENSE|NOTICE)[^/]*");
  private static final String VERSIONS = "META-INF/versions/";

  /** A zip cannot say less than 1980; a time zone could make it so. */
  private static final LocalDateTime TIME = LocalDateTime.of(1980, 2, 1, 0, 0);

  private final ZipOutputStream out;
  private final Map<String, Long> sums = new HashMap<>();

  private OneJar(ZipOutputStream out) {
    this.out = out;
  }

  /**
   * Writes one for an image, in its build.
   *
   * @param arguments the folder of the jars, and the file to be made
   * @throws IOException as {@link #write} does
   */
  public static void main(String[] arguments) throws IOException {
    try (var files = Files.list(Path.of(arguments[0]))) {
      write(files.sorted().toList(), Path.of(arguments[1]));
    }
  }

  /**
   * Writes one; the same jars give the same bytes.
   *
   * @throws IOException if two jars have a file of one name that is not the same, or one is signed
   */
  public static void write(List<Path> jars, Path target) throws IOException {
    try (var out = new ZipOutputStream(Files.newOutputStream(target))) {
      var one = new OneJar(out);
      one.put(JarFile.MANIFEST_NAME, MANIFEST.getBytes(StandardCharsets.UTF_8));
      for (var jar : jars) {
        one.add(jar);
      }
    }
  }

  private void add(Path jar) throws IOException {
    try (var file = new JarFile(jar.toFile())) {
      for (var entry : file.stream().toList()) {
        if (!entry.isDirectory() && !isLeftOut(file, entry.getName())) {
          add(jar, file, entry);
        }
      }
    }
  }

  private static boolean isLeftOut(JarFile jar, String name) {
    return LEFT_OUT.matcher(name).matches() || (name.startsWith(VERSIONS) && !jar.isMultiRelease());
  }

  private void add(Path jar, ZipFile file, ZipEntry entry) throws IOException {
    var name = entry.getName();
    if (name.startsWith("META-INF/") && name.endsWith(".SF")) {
      throw new IOException(jar + " is signed, which holds for a jar of its own alone");
    }
    var there = sums.get(name);
    if (there != null && there == entry.getCrc()) {
      return;
    }
    if (there != null && !LEGAL.matcher(name).matches()) {
      throw new IOException(jar + " has another " + name + " than a jar before it");
    }
    try (var bytes = file.getInputStream(entry)) {
      var own = name.replaceFirst("/", "/" + jar.getFileName() + "/");
      put(there == null ? name : own, bytes.readAllBytes());
    }
    sums.putIfAbsent(name, entry.getCrc());
  }

  private void put(String name, byte[] bytes) throws IOException {
    var entry = new ZipEntry(name);
    entry.setTimeLocal(TIME);
    out.putNextEntry(entry);
    out.write(bytes);
    out.closeEntry();
  }
}
