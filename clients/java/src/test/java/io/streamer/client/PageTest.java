package io.streamer.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The page about the client names all that can be said and asked. */
class PageTest {
  private static final Path PAGE = Path.of("../../docs/client-java.md");

  @ParameterizedTest
  @MethodSource
  void everyCodeOfTheClientIsOnItsPage(String code) throws IOException {
    assertThat(Files.readString(PAGE)).contains("`" + code + "`");
  }

  static List<String> everyCodeOfTheClientIsOnItsPage() {
    return Stream.of(StreamerException.class.getFields())
        .filter(field -> Modifier.isStatic(field.getModifiers()))
        .map(java.lang.reflect.Field::getName)
        .toList();
  }

  @ParameterizedTest
  @MethodSource
  void everyOptionOfARequestIsOnItsPage(String option) throws IOException {
    assertThat(Files.readString(PAGE)).contains(option);
  }

  static List<String> everyOptionOfARequestIsOnItsPage() {
    return Stream.of(RequestOptions.class.getMethods())
        .filter(method -> RequestOptions.class.isAssignableFrom(method.getReturnType()))
        .map(java.lang.reflect.Method::getName)
        .distinct()
        .toList();
  }
}
