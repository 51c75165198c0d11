package io.streamer.system;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The native part of the runtime client. Each process would unpack it to the same place under /tmp,
 * and one that loads it while another writes it dies; these share one that nobody writes.
 */
final class NativeRuntime {
  private static final String PROPERTY =
      "com.amazonaws.services.lambda.runtime.api.client.runtimeapi.NativeClient.JNI";
  private static final Path LIBRARY = unpacked();

  private NativeRuntime() {}

  /** For the command line of a JVM that runs the client. */
  static String option() {
    return "-D" + PROPERTY + "=" + LIBRARY;
  }

  private static Path unpacked() {
    var arch = System.getProperty("os.arch").equals("aarch64") ? "aarch_64" : "x86_64";
    var name = "/jni/libaws-lambda-jni.linux-" + arch + ".so";
    try (var in = NativeRuntime.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new FileNotFoundException(name);
      }
      var library = Files.createTempFile("runtime-client", ".so");
      library.toFile().deleteOnExit();
      Files.write(library, in.readAllBytes());
      return library;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
