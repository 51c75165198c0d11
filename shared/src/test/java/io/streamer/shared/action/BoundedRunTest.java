package io.streamer.shared.action;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.streamer.handler.Caller;
import io.streamer.handler.Failure;
import io.streamer.handler.FileWriter;
import io.streamer.handler.StoredFile;
import io.streamer.shared.job.Reports;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The bounds of what a handler may say, wherever it runs. */
class BoundedRunTest {
  private static final Caller ADA = new Caller("acme", "ada", Set.of());
  private static final StoredFile STORED =
      new StoredFile("https://files.example/a.csv", 3, Instant.EPOCH);

  private final Notes run = new Notes();

  private static final class Notes extends BoundedRun {
    private final List<Reports.Report> reports = new ArrayList<>();
    private final List<String> files = new ArrayList<>();

    Notes() {
      super("r-1", 2, ADA, Instant.EPOCH, Map.of("region", "eu"));
    }

    @Override
    protected void reported(double percentage, String message) {
      reports.add(new Reports.Report(percentage, message));
    }

    @Override
    protected StoredFile store(String name, String contentType, FileWriter writer) {
      files.add(name);
      return STORED;
    }
  }

  @Test
  void theFactsOfTheRequestAreTold() {
    assertThat(run.id()).isEqualTo("r-1");
    assertThat(run.attempt()).isEqualTo(2);
    assertThat(run.caller()).isEqualTo(ADA);
    assertThat(run.deadline()).isEqualTo(Instant.EPOCH);
    assertThat(run.metadata()).containsExactly(entry("region", "eu"));
  }

  @Test
  void annotationsKeepTheOrderOfTheirFirstUseAndTheNewestValue() {
    run.annotate("b", "1");
    run.annotate("a", "2");
    run.annotate("b", "3");

    assertThat(run.annotations()).containsExactly(entry("b", "3"), entry("a", "2"));
  }

  @Test
  void anAnnotationIsCutToItsBounds() {
    run.annotate("k".repeat(65), "v".repeat(257));
    run.annotate("", "v");
    run.annotate(null, "v");
    run.annotate("nothing", null);

    assertThat(run.annotations())
        .containsExactly(entry("k".repeat(64), "v".repeat(256)), entry("nothing", ""));
  }

  @Test
  void the17thAnnotationIsLeftOutAndAnOldOneMayStillChange() {
    for (int i = 0; i < 17; i++) {
      run.annotate("k" + i, "v");
    }
    run.annotate("k0", "new");
    assertThat(run.annotations()).hasSize(16).containsEntry("k0", "new").doesNotContainKey("k16");
  }

  @Test
  void halfACharacterOfAHandlerIsReplaced() throws Exception {
    run.annotate("🚀".substring(0, 1), "🚀".substring(1));
    run.annotate("k".repeat(63) + "🚀", "v".repeat(255) + "🚀");
    run.progress(1, "to the 🚀".substring(0, 8));
    run.file("🚀".substring(1) + ".txt", "text/plain", _ -> {});

    assertThat(run.annotations())
        .containsExactly(entry("?", "?"), entry("k".repeat(63), "v".repeat(255)));
    assertThat(run.reports).containsExactly(new Reports.Report(1, "to the ?"));
    assertThat(run.files).containsExactly("?.txt");
  }

  @ParameterizedTest
  @CsvSource({"-1, 0", "0, 0", "33.5, 33.5", "100, 100", "100.5, 100", "Infinity, 100"})
  void aPercentageOutOfRangeCountsAsTheNearestBound(double said, double counted) {
    run.progress(said, "m");
    assertThat(run.reports).containsExactly(new Reports.Report(counted, "m"));
  }

  @Test
  void whatIsNoNumberIsNoPercentage() {
    run.progress(Double.NaN, "m");
    run.part(1).progress(0.0 / 0, "m");
    assertThat(run.reports).isEmpty();
    run.progress(1, null);
    assertThat(run.reports).containsExactly(new Reports.Report(1, ""));
  }

  @Test
  void aLongMessageIsCutAndNeverWithinACharacter() {
    run.progress(1, "x".repeat(200));
    run.progress(1, "x".repeat(201));
    run.progress(1, "x".repeat(199) + "🚀");
    run.progress(1, "x".repeat(198) + "🚀!");

    assertThat(run.reports)
        .extracting(Reports.Report::message)
        .containsExactly("x".repeat(200), "x".repeat(200), "x".repeat(199), "x".repeat(198) + "🚀");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.csv", "..a", "ein Bericht.pdf", "漢字.txt"})
  void aFileMayHaveAnyNameThatIsNoPath(String name) throws Exception {
    assertThat(run.file(name, "text/csv; charset=utf-8", _ -> {})).isEqualTo(STORED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "a/b", "a\\b", "a\nb"})
  void aPathIsNoFileName(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> run.file(name, "text/csv", _ -> {}))
        .withMessageContaining("name");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "csv", "text/", "text/csv\r\nX-Other: 1", "text/csv; q=1"})
  void aContentTypeThatCouldNotBeServedIsRefused(String contentType) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> run.file("a.csv", contentType, _ -> {}))
        .withMessageContaining("content type");
  }

  @Test
  void aRunWrites100Files() throws Exception {
    for (int i = 0; i < 100; i++) {
      run.file(i + ".csv", "text/csv", _ -> {});
    }
    assertThatThrownBy(() -> run.file("100.csv", "text/csv", _ -> {}))
        .isInstanceOfSatisfying(
            Failure.class, it -> assertThat(it.reason()).isEqualTo("TOO_MANY_FILES"));
  }
}
