package io.streamer.soak.packed;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OneJarTest {
  private static final String MANIFEST = "Manifest-Version: 1.0\r\n\r\n";
  private static final String MULTI_RELEASE =
      "Manifest-Version: 1.0\r\nMulti-Release: true\r\n\r\n";

  @TempDir Path folder;

  @Test
  void whatTheJarsHoldIsInOne() throws IOException {
    var one = jar("one", MANIFEST, Map.of("a/A.class", "A", "META-INF/services/s", "a.A"));
    var two = jar("two", MANIFEST, Map.of("b/B.class", "B", "module-info.class", "m"));
    assertThat(merged(one, two))
        .isEqualTo(
            Map.of(
                "META-INF/MANIFEST.MF", MULTI_RELEASE,
                "a/A.class", "A",
                "META-INF/services/s", "a.A",
                "b/B.class", "B"));
  }

  @Test
  void classesOfLaterJavaAreTakenFromJarsThatSaySo() throws IOException {
    var said = jar("said", MULTI_RELEASE, Map.of("META-INF/versions/17/a/A.class", "A"));
    var unsaid = jar("unsaid", MANIFEST, Map.of("META-INF/versions/17/b/B.class", "B"));
    assertThat(merged(said, unsaid))
        .containsOnlyKeys("META-INF/MANIFEST.MF", "META-INF/versions/17/a/A.class");
  }

  @Test
  void eachLicenceAndNoticeThatDiffersIsKept() throws IOException {
    var one = jar("one", MANIFEST, Map.of("META-INF/LICENSE", "free", "META-INF/NOTICE", "1"));
    var two = jar("two", MANIFEST, Map.of("META-INF/LICENSE", "free", "META-INF/NOTICE", "2"));
    assertThat(merged(one, two))
        .isEqualTo(
            Map.of(
                "META-INF/MANIFEST.MF", MULTI_RELEASE,
                "META-INF/LICENSE", "free",
                "META-INF/NOTICE", "1",
                "META-INF/two.jar/NOTICE", "2"));
  }

  @Test
  void twoClassesOfOneNameAreNotMerged() throws IOException {
    var one = jar("one", MANIFEST, Map.of("a/A.class", "A"));
    var two = jar("two", MANIFEST, Map.of("a/A.class", "another"));
    assertThat(merged(one, one)).containsEntry("a/A.class", "A");
    assertThatThrownBy(() -> merged(one, two))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("two.jar has another a/A.class");
  }

  @Test
  void aSignedJarIsNotMerged() throws IOException {
    var signed = jar("signed", MANIFEST, Map.of("META-INF/KEY.SF", "of its manifest"));
    assertThatThrownBy(() -> merged(signed))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("signed.jar is signed");
  }

  @Test
  void theSameJarsGiveTheSameBytes() throws IOException {
    var one = jar("one", MANIFEST, Map.of("a/A.class", "A"));
    OneJar.main(new String[] {folder.toString(), folder.resolve("first").toString()});
    OneJar.write(List.of(one), folder.resolve("second"));
    assertThat(folder.resolve("second")).hasSameBinaryContentAs(folder.resolve("first"));
    try (var jar = new JarFile(folder.resolve("first").toFile())) {
      assertThat(jar.stream())
          .extracting(ZipEntry::getTimeLocal)
          .containsOnly(LocalDateTime.of(1980, 2, 1, 0, 0));
    }
  }

  private Path jar(String name, String manifest, Map<String, String> files) throws IOException {
    var jar = folder.resolve(name + ".jar");
    try (var out = new JarOutputStream(Files.newOutputStream(jar))) {
      put(out, JarFile.MANIFEST_NAME, manifest);
      for (var file : files.entrySet()) {
        put(out, file.getKey(), file.getValue());
      }
    }
    return jar;
  }

  private static void put(JarOutputStream out, String name, String text) throws IOException {
    out.putNextEntry(new ZipEntry(name));
    out.write(text.getBytes(UTF_8));
    out.closeEntry();
  }

  private Map<String, String> merged(Path... jars) throws IOException {
    var target = folder.resolve("merged");
    OneJar.write(List.of(jars), target);
    var files = new LinkedHashMap<String, String>();
    try (var jar = new JarFile(target.toFile())) {
      for (var entry : jar.stream().toList()) {
        try (var bytes = jar.getInputStream(entry)) {
          files.put(entry.getName(), new String(bytes.readAllBytes(), UTF_8));
        }
      }
    }
    return files;
  }
}
