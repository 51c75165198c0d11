package io.streamer.soak.bench.worker;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import io.streamer.soak.packed.ImageFlags;
import io.streamer.soak.packed.OneJar;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipFile;

/**
 * The worker as its image has it: the jars of the zip that {@code ./streamer build} makes and those
 * of AWS's runtime client, which starts it, in one jar. The client's are those of this process's
 * class path.
 */
final class PackedWorker {
  private static final String CLIENT = "aws-lambda-java-runtime-interface-client-";
  private static final List<String> CLIENT_JARS = List.of(CLIENT, "aws-lambda-java-serialization-");
  private static final String NATIVE =
      "-Dcom.amazonaws.services.lambda.runtime.api.client.runtimeapi.NativeClient.JNI=";

  /** Of what is deployed, what the client itself is made of. */
  private static final List<String> ITS_OWN = List.of("aws-lambda-java-core-", "utils-lite-");

  private final List<Path> jars;
  private final List<Path> ofClient;
  private final Path library;

  private PackedWorker(List<Path> jars, List<Path> ofClient, Path library) {
    this.jars = jars;
    this.ofClient = ofClient;
    this.library = library;
  }

  /**
   * Lays one out.
   *
   * @param zip what is deployed
   * @param folder an empty one, for its files
   * @throws IOException if there is no such zip, or no runtime client for this machine
   */
  static PackedWorker unpack(Path zip, Path folder) throws IOException {
    if (Files.notExists(zip)) {
      throw new IOException(
          "there is no " + zip + "; ./streamer build makes it beside the gateway");
    }
    extract(zip, "lib/", folder);
    var client = client();
    try (var own = Files.list(folder.resolve("lib"))) {
      var all = Stream.concat(own.sorted(), client.stream()).toList();
      var one = folder.resolve("worker.jar");
      OneJar.write(all, one);
      return new PackedWorker(
          List.of(one),
          all.stream().filter(PackedWorker::isOfClient).toList(),
          library(client.getFirst(), folder));
    }
  }

  private static List<Path> client() throws IOException {
    var found = new ArrayList<Path>();
    for (var name : CLIENT_JARS) {
      found.add(
          Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
              .map(File::new)
              .filter(entry -> entry.getName().startsWith(name))
              .map(File::toPath)
              .findFirst()
              .orElseThrow(() -> new IOException("there is no " + name + "*.jar")));
    }
    return found;
  }

  /** What the client speaks to the runtime API with. */
  private static Path library(Path client, Path folder) throws IOException {
    var processor = System.getProperty("os.arch").equals("aarch64") ? "aarch_64" : "x86_64";
    var name = "jni/libaws-lambda-jni.linux-" + processor + ".so";
    extract(client, name, folder);
    return folder.resolve(name);
  }

  private static void extract(Path zip, String beginning, Path folder) throws IOException {
    try (var file = new ZipFile(zip.toFile())) {
      for (var entry : file.stream().filter(one -> !one.isDirectory()).toList()) {
        if (entry.getName().startsWith(beginning)) {
          var target = folder.resolve(entry.getName());
          Files.createDirectories(target.getParent());
          try (var input = file.getInputStream(entry)) {
            Files.copy(input, target, REPLACE_EXISTING);
          }
        }
      }
    }
  }

  /**
   * What starts a function, with the flags of the image, up to the function's name.
   *
   * @param home the repository, whose Dockerfile has the flags
   * @param more flags of the JVM
   * @param handlers what the class path ends with: an AOT cache may be of one that has none
   */
  List<String> command(Path home, List<String> more, List<Path> handlers) throws IOException {
    var command = new ArrayList<String>();
    command.add(java());
    command.addAll(flags(home));
    command.add(NATIVE + library);
    command.addAll(more);
    command.add("-cp");
    command.add(
        String.join(
            File.pathSeparator,
            Stream.concat(jars.stream(), handlers.stream()).map(Path::toString).toList()));
    command.add("com.amazonaws.services.lambda.runtime.api.client.AWSLambda");
    return command;
  }

  /** What starts a function, with the flags of the image. */
  List<String> start(Class<?> function, Path home, List<String> more, List<Path> handlers)
      throws IOException {
    var command = new ArrayList<>(command(home, more, handlers));
    command.add(function.getName());
    return command;
  }

  /** AWS's client without a worker. */
  PackedWorker clientAlone() {
    return new PackedWorker(ofClient, ofClient, library);
  }

  private static boolean isOfClient(Path jar) {
    return Stream.concat(CLIENT_JARS.stream(), ITS_OWN.stream())
        .anyMatch(jar.getFileName().toString()::startsWith);
  }

  /** What the image passes to its JVM, but for what says where its files are. */
  static List<String> flags(Path home) throws IOException {
    return ImageFlags.of(home, "worker").stream().filter(flag -> !flag.startsWith(NATIVE)).toList();
  }

  static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }
}
