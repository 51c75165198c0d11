package io.streamer.shared.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AbridgedTest {
  private static final int MOST = 30_000;

  private static String printed(Throwable thrown) {
    var text = new StringWriter();
    Abridged.of(thrown).printStackTrace(new PrintWriter(text));
    return text.toString();
  }

  /** Says something different of itself. */
  @SuppressWarnings("OverrideThrowableToString")
  private static final class Talker extends RuntimeException {
    @Override
    public String toString() {
      return "said".repeat(50_000);
    }
  }

  /** Fails when it is asked. */
  private static final class Sulker extends RuntimeException {
    @Override
    public String getMessage() {
      throw new IllegalStateException("not today");
    }

    @Override
    public synchronized Throwable getCause() {
      throw new IllegalStateException("nor any other day");
    }
  }

  private static int down(int n) {
    return n == 0 ? Integer.parseInt("x".repeat(120_000)) : down(n - 1) + 1;
  }

  @Test
  void whatIsWithinBoundsIsLoggedAsItIs() {
    var cause = new IllegalArgumentException("the row is gone");
    var thrown = new IllegalStateException("no, nothing", cause);

    assertThat(Abridged.of(thrown)).isSameAs(thrown);
    assertThat(Abridged.line(thrown)).isEqualTo("java.lang.IllegalStateException: no, nothing");
    assertThat(Abridged.line(new RuntimeException())).isEqualTo("java.lang.RuntimeException");
  }

  @Test
  void aLongMessageIsCutWhereverItStands() {
    var cause = new NumberFormatException("9".repeat(120_000));

    for (var thrown :
        new Throwable[] {cause, new RuntimeException(cause), new RuntimeException("no", cause)}) {
      assertThat(printed(thrown))
          .hasSizeLessThan(MOST)
          .contains("java.lang.NumberFormatException: 999", "more)", "AbridgedTest");
      assertThat(Abridged.line(thrown)).hasSizeLessThan(300);
    }
  }

  @Test
  void whatElseMayBeLongIsCutToo() {
    var suppressing = new RuntimeException("no");
    suppressing.addSuppressed(new RuntimeException("s".repeat(120_000)));
    Throwable chain = new RuntimeException("the first");
    for (int i = 0; i < 1_000; i++) {
      chain = new RuntimeException("by", chain);
    }
    var circle = new RuntimeException("a");
    circle.initCause(new RuntimeException("b", circle));

    for (var thrown : new Throwable[] {suppressing, chain, circle, new Talker(), new Sulker()}) {
      assertThat(printed(thrown)).hasSizeLessThan(MOST).contains("AbridgedTest");
    }
    try {
      down(2_000);
    } catch (NumberFormatException e) {
      assertThat(printed(e)).hasSizeLessThan(MOST).contains("NumberFormatException");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"\n", "\r", "\u001b[2J", "\u0000", "\u2028", "\u2029", "\u0085", "\u202e"})
  void nothingBeginsALineOrTurnsOne(String character) {
    var text = Abridged.line(new RuntimeException("a" + character + "b"));

    assertThat(text).startsWith("java.lang.RuntimeException: a ").doesNotContain(character);
    assertThat(Abridged.of(new RuntimeException("a" + character + "b")).getMessage())
        .doesNotContain(character);
  }

  @Test
  void aPairIsNotCutInHalf() {
    assertThat(Abridged.text("a".repeat(199) + "😀" + "b")).startsWith("a".repeat(199) + "… (3");
    assertThat(Abridged.text("ü😀")).isEqualTo("ü😀");
  }
}
