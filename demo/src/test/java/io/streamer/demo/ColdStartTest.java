package io.streamer.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.streamer.handler.Config;
import io.streamer.handler.HandlerModule;
import io.streamer.shared.action.Catalogue;
import java.io.File;
import java.lang.reflect.Proxy;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A process that starts must not read the libraries that a few of its jobs need. */
class ColdStartTest {
  private static final Pattern LIBRARIES =
      Pattern.compile(
          ".*[/\\\\](pdfbox|pdfbox-io|fontbox|fastexcel|opczip|fastcsv)-[^/\\\\]*\\.jar");

  @Test
  void allHandlersAreRegisteredAndMadeWithoutTheLibraries() throws Exception {
    try (var loader =
        new URLClassLoader(withoutLibraries(), ClassLoader.getPlatformClassLoader())) {
      assertThatExceptionOfType(ClassNotFoundException.class)
          .isThrownBy(() -> loader.loadClass("org.apache.pdfbox.pdmodel.PDDocument"));
      var config =
          Proxy.newProxyInstance(
              loader,
              new Class<?>[] {loader.loadClass(Config.class.getName())},
              (_, method, _) ->
                  method.getReturnType() == boolean.class ? (Object) true : Optional.of("true"));
      var module = loader.loadClass(Demo.class.getName()).getDeclaredConstructor().newInstance();
      var catalogue =
          loader
              .loadClass(Catalogue.class.getName())
              .getMethod("of", Iterable.class, loader.loadClass(Config.class.getName()))
              .invoke(null, List.of(module), config);
      var definitions =
          (Iterable<?>) catalogue.getClass().getMethod("definitions").invoke(catalogue);
      assertThat(module.getClass().getInterfaces()[0].getName())
          .isEqualTo(HandlerModule.class.getName());
      for (var definition : definitions) {
        definition.getClass().getMethod("open").invoke(definition);
      }
      assertThat(definitions).hasSize(7);
    }
  }

  private static URL[] withoutLibraries() throws Exception {
    var path = System.getProperty("java.class.path").split(File.pathSeparator);
    var kept = Arrays.stream(path).filter(part -> !LIBRARIES.matcher(part).matches()).toList();
    assertThat(kept).hasSize(path.length - 6);
    var urls = new URL[kept.size()];
    for (int i = 0; i < urls.length; i++) {
      urls[i] = new File(kept.get(i)).toURI().toURL();
    }
    return urls;
  }
}
