package io.streamer.shared.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The scanner takes what a strict decoder and a JSON parser of other people take, and no more. */
class JsonScannerTest {
  private static final JsonFactory OTHER =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(Integer.MAX_VALUE)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .build())
          .build();

  @Test
  void whatIsJsonIsTaken() {
    var texts = new RandomJson(1);
    for (int i = 0; i < 20_000; i++) {
      var text = texts.value();
      assertThat(isJson(text.getBytes(UTF_8))).as(text).isTrue();
    }
  }

  @Test
  void whatIsNearlyJsonIsTakenOrRefusedAsByAnyOtherParser() {
    var texts = new RandomJson(2);
    int taken = 0;
    int refused = 0;
    for (int i = 0; i < 100_000; i++) {
      byte[] bytes = texts.nearly(texts.value());
      var expected = isJsonToOthers(bytes);
      assertThat(isJson(bytes)).as(new String(bytes, UTF_8)).isEqualTo(expected);
      taken += expected ? 1 : 0;
      refused += expected ? 0 : 1;
    }
    // both happen often enough to say something
    assertThat(taken).isGreaterThan(5_000);
    assertThat(refused).isGreaterThan(20_000);
  }

  @Test
  void aTextThatIsCutOffIsRefusedWhereverItIsCut() {
    var text = "{\"a\":[true,false,null,-1.5e+3,\"ñ漢🚀\\u00e9\\n\"],\"b\":{\"c\":{}}}";
    byte[] bytes = text.getBytes(UTF_8);
    for (int length = 0; length < bytes.length; length++) {
      assertThat(isJson(java.util.Arrays.copyOf(bytes, length))).as("%d bytes", length).isFalse();
    }
    assertThat(isJson(bytes)).isTrue();
  }

  @Test
  void aPayloadIsFoundByteForByteAmongAllOtherFields() {
    var texts = new RandomJson(3);
    for (int i = 0; i < 20_000; i++) {
      var text = texts.frame();
      var read = WireCodec.read(text.getBytes(UTF_8));
      var frame = assertInstanceOf(Decoded.Frame.class, read, () -> text + ": " + read).frame();
      assertThat(((ClientFrame.Request) frame).payload().toString())
          .as(text)
          .isEqualTo(payloadToOthers(text).orElseThrow());
    }
  }

  @Test
  void aFrameThatIsNearlyJsonIsTakenOrRefusedAsByAnyOtherParser() {
    var texts = new RandomJson(4);
    for (int i = 0; i < 50_000; i++) {
      byte[] bytes = texts.nearly(texts.frame());
      var text = new String(bytes, UTF_8);
      var isJson =
          switch (WireCodec.read(bytes)) {
            case Decoded.Frame(ClientFrame.Request request) -> {
              assertThat(request.payload().toString())
                  .as(text)
                  .isEqualTo(payloadToOthers(text).orElse("null"));
              yield true;
            }
            case Decoded.Malformed(_, var problem) ->
                !problem.message().equals("the frame is not JSON")
                    && !problem.message().equals("the frame has text after its end");
            case Decoded _ -> true;
          };
      assertThat(isJson).as(text).isEqualTo(isJsonToOthers(bytes));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 63, 64, 65, 127, 128, 129, 130, 500, 40_000})
  void bracketsMatchAtEveryDepth(int depth) {
    var open = new StringBuilder();
    var close = new StringBuilder();
    var kinds = new java.util.Random(depth);
    for (int i = 0; i < depth; i++) {
      var object = kinds.nextBoolean();
      open.append(object ? "{\"a\":" : "[1,");
      close.insert(0, object ? '}' : ']');
    }
    assertThat(isJson((open + "0" + close).getBytes(UTF_8))).isTrue();
    for (int i = 0; i < depth; i += 1 + depth / 70) {
      var wrong = new StringBuilder(close);
      wrong.setCharAt(i, close.charAt(i) == '}' ? ']' : '}');
      assertThat(isJson((open + "0" + wrong).getBytes(UTF_8))).as("bracket %d", i).isFalse();
    }
  }

  @Test
  void everyByteOfAStringIsLookedAtWhereverItStands() {
    for (int before = 0; before < 20; before++) {
      for (int sign = 0; sign < 256; sign++) {
        byte[] bytes = ("[\"" + "x".repeat(before) + "?" + "y".repeat(11) + "\"]").getBytes(UTF_8);
        bytes[2 + before] = (byte) sign;
        assertThat(isJson(bytes))
            .as("byte %d behind %d", sign, before)
            .isEqualTo(isJsonToOthers(bytes));
      }
    }
  }

  @Test
  void aByteOrderMarkIsNoPartOfTheText() {
    var read = WireCodec.read("\uFEFF{\"action\":\"echo\",\"payload\":[1]}".getBytes(UTF_8));
    var frame = assertInstanceOf(Decoded.Frame.class, read).frame();
    assertThat(((ClientFrame.Request) frame).payload().toString()).isEqualTo("[1]");
  }

  @Test
  void whatIsNoJsonIsToldWithoutAStackTrace() {
    assertThatThrownBy(() -> new JsonScanner("x".getBytes(UTF_8)).skip())
        .isInstanceOf(NotJson.class)
        .satisfies(thrown -> assertThat(thrown.getStackTrace()).isEmpty());
  }

  private static boolean isJson(byte[] utf8) {
    try {
      var scanner = new JsonScanner(utf8);
      scanner.skip();
      return scanner.atEnd();
    } catch (NotJson _) {
      return false;
    }
  }

  /** By the JDK's strict decoder and Jackson's parser of characters. */
  private static boolean isJsonToOthers(byte[] utf8) {
    String text;
    try {
      text = UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
    } catch (CharacterCodingException _) {
      return false;
    }
    try (var json = OTHER.createParser(new StringReader(forOthers(text)))) {
      if (json.nextToken() == null) {
        return false;
      }
      json.skipChildren();
      json.finishToken();
      return json.nextToken() == null;
    } catch (IOException _) {
      return false;
    }
  }

  /**
   * Without escaped halves of pairs, which are JSON (RFC 8259, 8.2): Jackson takes none in names.
   */
  private static String forOthers(String text) {
    return text.replaceAll("\\\\u[dD][89a-fA-F][0-9a-fA-F]{2}", "\\\\u0041");
  }

  private static Optional<String> payloadToOthers(String text) {
    try (var json = OTHER.createParser(new StringReader(forOthers(text)))) {
      json.nextToken();
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        var name = json.currentName();
        json.nextToken();
        int from = (int) json.currentTokenLocation().getCharOffset();
        json.skipChildren();
        json.finishToken();
        if (name.equals("payload")) {
          return Optional.of(text.substring(from, (int) json.currentLocation().getCharOffset()));
        }
      }
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(text, e);
    }
  }
}
