package io.streamer.emulator.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BatchAnswerTest {
  private static final List<String> BATCH = List.of("11", "12", "13");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "{}",
        "[]",
        "\"\"",
        "{\"batchItemFailures\":[]}",
        "{\"batchItemFailures\":null}",
        "{\"other\":1}"
      })
  void theseMeanThatAllIsDone(String result) {
    assertThat(read(result)).isEqualTo(new BatchAnswer.AllDone());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"batchItemFailures\":[{\"itemIdentifier\":\"11\"}]}|0",
        "{\"batchItemFailures\":[{\"itemIdentifier\":\"12\"}]}|1",
        "{\"batchItemFailures\":[{\"itemIdentifier\":\"13\"},{\"itemIdentifier\":\"12\"}]}|1",
        "{\"batchItemFailures\":[{\"itemIdentifier\":\"13\"}]}|2"
      })
  void theLowestNumberReportedIsWhereItGoesOn(String result, int index) {
    assertThat(read(result)).isEqualTo(new BatchAnswer.DoneBefore(index));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"batchItemFailures\":[{\"itemIdentifier\":\"14\"}]}",
        "{\"batchItemFailures\":[{\"itemIdentifier\":\"13\"},{\"itemIdentifier\":\"14\"}]}",
        "{\"batchItemFailures\":[{\"itemIdentifier\":13}]}",
        "{\"batchItemFailures\":[{\"itemIdentifier\":\"\"}]}",
        "{\"batchItemFailures\":[{\"itemIdentifier\":null}]}",
        "{\"batchItemFailures\":[{\"foo\":\"13\"}]}",
        "{\"batchItemFailures\":[\"13\"]}",
        "{\"batchItemFailures\":[null]}",
        "{\"batchItemFailures\":\"13\"}",
        "[1]",
        "\"done\"",
        "true",
        "{"
      })
  void theseFailTheWholeBatch(String result) {
    assertThat(read(result)).isEqualTo(new BatchAnswer.DoneBefore(0));
  }

  private static BatchAnswer read(String result) {
    return BatchAnswer.read(result.getBytes(StandardCharsets.UTF_8), BATCH);
  }
}
