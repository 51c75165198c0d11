package io.streamer.cli.dev;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.emulator.fault.Faults;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FaultsFileTest {
  private final Faults faults = Faults.none();
  private final List<String> lines = new ArrayList<>();
  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.ofEpochSecond(100));

  @TempDir Path folder;

  @Test
  void whatGoesWrongIsToldWithItsSeed() throws IOException {
    var file = begun("{\"seed\": 7, \"rules\": [{\"at\": \"invoke\", \"do\": \"lose\"}]}");
    assertThat(faults.plan().seed()).isEqualTo(7);
    faults.invoke("streamer-job");
    assertThat(lines)
        .containsExactly("faults: seed 7, 1 rules of " + file, "fault: invoke lose: streamer-job");
  }

  @Test
  void aFloodIsToldByItsNumber() throws IOException {
    begun("{\"rules\": [{\"at\": \"invoke\", \"do\": \"lose\"}]}");
    for (int i = 0; i < 25; i++) {
      faults.invoke("job");
    }
    assertThat(lines).hasSize(11);
    now.set(now.get().plusSeconds(1));
    faults.invoke("job");
    assertThat(lines).hasSize(13).element(11).isEqualTo("fault: and 15 more in a second");
  }

  @Test
  void aSavedFileCountsAtOnceUnlessItIsWrong() throws IOException {
    var path = folder.resolve("faults.json");
    var file = begin(path, "{\"seed\": 1, \"rules\": []}");
    file.look(faults);
    assertThat(lines).hasSize(1);

    save(path, "{\"seed\": 2, \"rules\": [{\"at\": \"socket\", \"do\": \"cut\"}]}", 5);
    file.look(faults);
    assertThat(faults.plan().seed()).isEqualTo(2);
    assertThat(lines.getLast()).isEqualTo("faults: seed 2, 1 rules of " + path);

    save(path, "{\"seed\": 3, \"rules\": [{}]}", 6);
    file.look(faults);
    assertThat(faults.plan().seed()).isEqualTo(2);
    assertThat(lines.getLast())
        .startsWith("faults: faults.json:1: a rule says where it acts")
        .endsWith("the rules stay as they were");

    // whoever saves it again wants to hear of it
    int told = lines.size();
    save(path, "{\"seed\": 4, \"rules\": [{}]}", 7);
    file.look(faults);
    file.look(faults);
    assertThat(lines).hasSize(told + 1);

    Files.delete(path);
    file.look(faults);
    assertThat(lines.getLast()).contains("cannot read");
    file.look(faults);
    assertThat(lines).hasSize(told + 2);
  }

  private Path begun(String text) throws IOException {
    var path = folder.resolve("faults.json");
    begin(path, text);
    return path;
  }

  private FaultsFile begin(Path path, String text) throws IOException {
    save(path, text, 1);
    var file = new FaultsFile(path, lines::add, now::get);
    file.begin(faults);
    return file;
  }

  private static void save(Path path, String text, long second) throws IOException {
    Files.writeString(path, text);
    // two savings may fall into one tick of the file system's clock
    Files.setLastModifiedTime(path, FileTime.from(Instant.ofEpochSecond(second)));
  }
}
