package io.streamer.emulator.dynamo;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.emulator.aws.Amazon;
import io.streamer.emulator.lambda.LambdaEndpoint;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(value = OS.LINUX, disabledReason = "the kernel's table of sockets is read")
class LoopbackTest {
  private static final List<String> LOOPBACK =
      List.of("0100007F", "0000000000000000FFFF00000100007F");

  @Test
  void nothingListensOnAnotherAddress() throws IOException {
    var vertx = Vertx.vertx();
    try (var dynamo = DynamoDbLocal.start(Amazon.JARS, Optional.empty())) {
      var proxy = DynamoProxy.start(vertx, dynamo.uri()).await();
      var lambda = LambdaEndpoint.start(vertx).await();
      for (var uri : List.of(dynamo.uri(), proxy.uri(), lambda.uri())) {
        assertThat(listening(uri)).hasSize(1).isSubsetOf(LOOPBACK);
      }
    } finally {
      vertx.close().await();
    }
  }

  /** The addresses this port listens on, in hexadecimal as the kernel writes them. */
  private static List<String> listening(URI uri) throws IOException {
    var listen = "0A";
    var port = ":" + HexFormat.of().withUpperCase().toHexDigits((short) uri.getPort());
    var addresses = new ArrayList<String>();
    for (var table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
      for (var line : Files.readAllLines(Path.of(table))) {
        var row = line.strip().split("\\s+", -1);
        if (row[3].equals(listen) && row[1].endsWith(port)) {
          addresses.add(row[1].substring(0, row[1].length() - port.length()));
        }
      }
    }
    return addresses;
  }
}
