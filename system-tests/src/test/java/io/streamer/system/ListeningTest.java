package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;

/** A developer's machine offers nothing to its network. */
@ExtendWith(LocalStage.class)
@EnabledOnOs(OS.LINUX)
class ListeningTest {
  private static final String LISTENING = "0A";

  /** 127.0.0.1, as the kernel prints it: by word, in the machine's byte order. */
  private static final Set<String> LOOPBACK =
      Set.of("0100007F", "00000000000000000000000001000000", "0000000000000000FFFF00000100007F");

  private record Listener(String address, int port) {}

  @Test
  void everyListeningSocketIsOnLoopback() throws IOException {
    var listeners = listeners();
    assertThat(listeners)
        .as("the direct door and DynamoDB are among them")
        .extracting(Listener::port)
        .contains(LocalStage.stage().direct().getPort(), LocalStage.stage().dynamo().getPort());
    assertThat(listeners).allMatch(listener -> LOOPBACK.contains(listener.address()));
  }

  private static List<Listener> listeners() throws IOException {
    var own = ownSockets();
    var listeners = new ArrayList<Listener>();
    for (var table : List.of("/proc/self/net/tcp", "/proc/self/net/tcp6")) {
      var file = Path.of(table);
      if (!Files.exists(file)) {
        continue;
      }
      for (var line : Files.readAllLines(file)) {
        var columns = line.strip().split("\\s+", -1);
        if (columns[3].equals(LISTENING) && own.contains("socket:[" + columns[9] + "]")) {
          var local = columns[1].split(":", -1);
          listeners.add(new Listener(local[0], Integer.parseInt(local[1], 16)));
        }
      }
    }
    return listeners;
  }

  private static Set<String> ownSockets() throws IOException {
    var sockets = new HashSet<String>();
    try (var descriptors = Files.list(Path.of("/proc/self/fd"))) {
      for (var descriptor : descriptors.toList()) {
        try {
          sockets.add(Files.readSymbolicLink(descriptor).toString());
        } catch (NoSuchFileException _) {
          // closed since it was listed
        }
      }
    }
    return sockets;
  }
}
