package io.streamer.shared.payload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.streamer.handler.RawJson;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What may be written, what is refused, and what of it is read again. */
class WritablesTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "{\"a\":1",
        "{\"a\":1}}",
        "{\"a\":1},\"seq\":7",
        "1}",
        "1 2",
        "[1,]",
        "NaN",
        "'a'",
        "// a\n1",
        "\ufeff{}",
        "{\"a\":\u0001}",
        "<html>"
      })
  void whatGoesOutUnreadIsJson(String text) {
    var raw = RawJson.of(text);
    assertThatExceptionOfType(Unwritable.class).isThrownBy(() -> Payloads.write(raw));
    assertThatExceptionOfType(Unwritable.class).isThrownBy(() -> Payloads.result(raw));
    assertThatExceptionOfType(Unwritable.class)
        .isThrownBy(() -> Payloads.write(Map.of("in", List.of(Optional.of(raw)))));
  }

  @Test
  void whatGoesOutUnreadIsUtf8() {
    for (var bytes :
        List.of(
            new byte[] {'"', (byte) 0xc0, (byte) 0x80, '"'},
            new byte[] {'"', (byte) 0xed, (byte) 0xa0, (byte) 0x80, '"'},
            "{}".getBytes(StandardCharsets.UTF_16),
            "{}".getBytes(StandardCharsets.UTF_16LE))) {
      assertThatExceptionOfType(Unwritable.class)
          .isThrownBy(() -> Payloads.write(RawJson.of(bytes)));
    }
  }

  record Everything(
      Void nothing,
      CharSequence text,
      Number number,
      Comparable<?> some,
      List<int[][]> matrices,
      Map<String, ? extends Collection<Optional<Square>>> map,
      Everything again,
      Set<State> states,
      Sealed sealed,
      Open open,
      Object any) {}

  sealed interface Sealed permits Square, State {}

  record Square(int side) implements Sealed {}

  enum State implements Sealed {
    ON
  }

  interface Open {}

  record Generic<T>(List<T> items) {}

  record OfDates(Generic<LocalDateTime> dates) {}

  sealed interface Half permits Square2, Pojo {}

  record Square2(int side) implements Half {}

  static final class Pojo implements Half {
    int side;
  }

  record Letter(char letter) {}

  record Numbered(Map<Integer, String> byNumber) {}

  record Alike(int userId, int user_id) {}

  @Test
  void aTypeWhoseValuesAreKnownIsWritable() {
    for (var type :
        List.of(Everything.class, Object.class, Void.class, int.class, RawJson.class, List.class)) {
      Payloads.requireWritable(type);
    }
  }

  @Test
  void aTypeThatHasNoJsonIsRefusedWithItsComponent() {
    assertUnknown(Pojo.class, "Pojo");
    assertUnknown(OfDates.class, "Generic.items: ", "java.time.LocalDateTime");
    assertUnknown(Half.class, "Pojo");
    assertUnknown(Letter.class, "Letter.letter: char");
    assertUnknown(Numbered.class, "Numbered.by_number: ", "names are strings");
    assertUnknown(Alike.class, "Alike", "user_id");
    assertUnknown(Date[].class, "java.util.Date");
    assertUnknown(Stream.class, "java.util.stream.Stream");
    assertUnknown(AtomicInteger.class, "AtomicInteger");
    assertUnknown(OptionalInt.class, "OptionalInt");
    assertUnknown(Thread.class, "java.lang.Thread");
  }

  private static void assertUnknown(Class<?> type, String... parts) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Payloads.requireWritable(type))
        .withMessageContainingAll(parts);
  }

  record Dated(LocalDate until, Instant at, List<String> names, Object any) {}

  @Test
  void whatIsWrittenIsRestoredWhateverItIs() throws Exception {
    var value =
        new Dated(LocalDate.MAX, Instant.MIN, Arrays.asList("a", null), Map.of("x", List.of(1L)));
    assertThat(Payloads.restore(Payloads.write(value), Dated.class)).isEqualTo(value);
    for (var each : List.of(Instant.MAX, LocalDate.MIN, 5, "a", State.ON)) {
      assertThat(Payloads.restore(Payloads.write(each), each.getClass())).isEqualTo(each);
    }
    for (var type : List.of(Dated.class, String.class, Integer.class, Void.class, Object.class)) {
      assertThat(Payloads.restore(Payloads.write(null), type)).isNull();
    }
    assertThatExceptionOfType(InvalidPayload.class)
        .isThrownBy(() -> Payloads.restore(RawJson.of("1"), Void.class));
    assertThatExceptionOfType(InvalidPayload.class)
        .isThrownBy(() -> Payloads.restore(RawJson.NULL, int.class));
  }
}
