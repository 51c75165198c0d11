package etl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamer.test.Outcome;
import io.streamer.test.TestRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoadTest {
  @TempDir Path folder;

  private TestRun<Load.Request> load;

  @BeforeEach
  void make() {
    load = TestRun.of(new Load(new Warehouse(folder, Duration.ZERO)));
  }

  @Test
  void goodRowsAreLoadedAndOthersComeBackWithTheirReasons() throws Exception {
    var csv =
        Orders.good(200)
            + "o-201,yesterday,tea,250\n"
            + "o-202,2026-01-31,tea,0\n"
            + "o-203,2026-01-31,\"green, of the first harvest\",900\n";
    var result = load.run(new Load.Request(csv)).completed().as(Load.Result.class);

    assertEquals(201, result.loaded());
    assertEquals(2, result.refused());
    assertEquals(200 * 250 + 900, result.cents());
    assertEquals(201, loaded().size());
    assertTrue(load.files().get("refused.txt").text().startsWith("line 202: day is no date"));
  }

  @Test
  void aJobThatIsCutShortLoadsEachRowOnce() throws Exception {
    assertInstanceOf(
        Outcome.Crashed.class,
        load.crashAfterCheckpoint(2).run(new Load.Request(Orders.good(450))));
    assertEquals(200, loaded().size());

    assertEquals(450, load.next().completed().as(Load.Result.class).loaded());
    assertEquals(450, loaded().size());
    assertEquals(
        List.of(1, 2, 3, 4, 5),
        load.events().stream().map(event -> event.as(Load.Part.class).number()).toList());
  }

  @Test
  void aFileOfSomethingElseIsRefused() throws Exception {
    var wrong = Orders.good(4) + "a,b,c,d\n".repeat(4);
    var refused = assertInstanceOf(Outcome.Refused.class, load.run(new Load.Request(wrong)));
    assertEquals("TOO_MANY_REFUSED", refused.reason());

    assertInstanceOf(Outcome.Invalid.class, load.runJson("{\"csv\":\"name,age\\n\"}"));
  }

  @Test
  void aCheckNamesTheFirstProblems() throws Exception {
    var csv = Orders.good(1) + "o-2,2026-01-31,tea\n";
    var report =
        TestRun.of(new Check()).run(new Check.Request(csv)).completed().as(Check.Report.class);

    assertEquals(new Check.Report(2, 1, List.of(new Check.Problem(3, "has 3 fields"))), report);
  }

  /** Every row of every part. */
  private List<String> loaded() throws IOException {
    try (var files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).flatMap(LoadTest::rows).toList();
    }
  }

  private static Stream<String> rows(Path part) {
    try {
      return Files.readAllLines(part).stream().skip(1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
