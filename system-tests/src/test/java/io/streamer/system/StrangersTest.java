package io.streamer.system;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LocalStage.class)
class StrangersTest {
  private static final String TOKEN = Tokens.fresh();

  /** Every input several times, broken off and waited for, at every port. */
  @Test
  void strangersCostALineOfEachKindWithoutAStackOrAToken() throws Exception {
    var stage = LocalStage.stage();
    var ports =
        List.of(
            stage.direct().getPort(),
            stage.gateway().port(),
            stage.apiGateway().getPort(),
            stage.gateway().internalPort());
    var inputs = inputs();
    try (var log = new LogLines()) {
      for (int port : ports) {
        for (var input : inputs.values()) {
          breakOff(port, input);
          say(port, input);
          say(port, input);
        }
      }
      // a machine with much to do may keep the tables from answering in time, whoever is there
      var told = log.events().stream().filter(line -> !aboutTables(line)).toList();
      assertThat(told)
          .isNotEmpty()
          .allSatisfy(line -> {
            assertThat(line.getThrowableProxy() == null ? "" : stack(line.getThrowableProxy()))
                .as("%s", line)
                .isEmpty();
            assertThat(line.getLevel()).as("%s", line).isEqualTo(Level.INFO);
            assertThat(line.getFormattedMessage()).doesNotContain(TOKEN, TOKEN.substring(20, 60));
          });
      // a kind is told by each logger once a minute, and the test may see two of them
      assertThat(told.stream().map(StrangersTest::kind).collect(groupingBy(it -> it)))
          .allSatisfy((kind, lines) -> assertThat(lines).as(kind).hasSizeLessThanOrEqualTo(8));
      assertThat(told.size()).isLessThan(inputs.size());
    }
  }

  private static boolean aboutTables(ILoggingEvent line) {
    return line.getThrowableProxy() == null
        && line.getFormattedMessage().contains("the tables cannot be used now");
  }

  private static String stack(IThrowableProxy thrown) {
    return ThrowableProxyUtil.asString(thrown).lines().limit(12).collect(joining("\n"));
  }

  private static String kind(ILoggingEvent line) {
    return line.getLoggerName() + " " + line.getFormattedMessage().split(":", 2)[0];
  }

  private static void breakOff(int port, byte[] input) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoLinger(true, 0);
      socket.getOutputStream().write(input);
    }
  }

  /** Says it and hangs up: the port has dealt with it once it hangs up, too. */
  private static void say(int port, byte[] input) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(input);
      socket.shutdownOutput();
      socket.getInputStream().readAllBytes();
    } catch (SocketException _) {
      // it hung up before all was said
    }
  }

  private static java.util.Map<String, byte[]> inputs() {
    var all = new java.util.LinkedHashMap<String, byte[]>();
    put(all, "half head", "GET /ws HTTP/1.1\r\nHost: x\r\nAuth");
    put(all, "%zz", "GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n");
    put(all, "%zz ws", upgrade("/%zz"));
    put(all, "%zz query", upgrade("/ws?token=%zz"));
    put(all, "%zz dev", upgrade("/dev?token=%zz&x=%"));
    put(all, "%00", "GET /%00 HTTP/1.1\r\nHost: x\r\n\r\n");
    put(all, "%", "GET /% HTTP/1.1\r\nHost: x\r\n\r\n");
    put(all, "//", "GET //%2e%2e/%c0%ae HTTP/1.1\r\nHost: x\r\n\r\n");
    put(all, "no slash", "GET ws HTTP/1.1\r\nHost: x\r\n\r\n");
    put(all, "absolute", "GET http://[::1/ws HTTP/1.1\r\nHost: x\r\n\r\n");
    put(all, "*", "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n");
    put(all, "connect", "CONNECT a:443 HTTP/1.1\r\nHost: x\r\n\r\n");
    put(all, "odd method", "FOO\u00e9 / HTTP/1.1\r\nHost: x\r\n\r\n");
    put(
        all,
        "bad host",
        "GET /ws HTTP/1.1\r\nHost: [::::1]:99999\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nAuthorization: Bearer "
            + TOKEN
            + "\r\n\r\n");
    put(all, "no host", "GET /ws HTTP/1.1\r\n\r\n");
    put(all, "http/9", "GET /ws HTTP/9.9\r\nHost: x\r\n\r\n");
    put(all, "no version", "GET /ws\r\n\r\n");
    put(all, "token in line", TOKEN + "\r\n\r\n");
    put(all, "tls", "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003abcdefgh");
    put(all, "zeros", "\0\0\0\0\0\0\0\0\r\n\r\n");
    put(
        all,
        "big header",
        "GET /ws HTTP/1.1\r\nHost: x\r\nAuthorization: " + TOKEN + "x".repeat(40_000) + "\r\n\r\n");
    put(all, "big line", "GET /" + "x".repeat(40_000) + " HTTP/1.1\r\nHost: x\r\n\r\n");
    put(
        all,
        "bad header",
        "GET /ws HTTP/1.1\r\nHost: x\r\nAuthorization\u0001: " + TOKEN + "\r\n\r\n");
    put(
        all,
        "two lengths",
        "POST /ws HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab");
    put(all, "odd length", "POST /ws HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\nab");
    put(
        all,
        "bad chunk",
        "POST /ws HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nab");
    put(all, "half body", "POST /ws HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nab");
    put(
        all,
        "half body mgmt",
        "POST /dev/@connections/L0SM9cOFvHcCIhw= HTTP/1.1\r\nHost: x\r\nAuthorization: AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/execute-api/aws4_request, SignedHeaders=host, Signature=aa\r\nContent-Length: 100\r\n\r\nab");
    put(
        all,
        "mgmt %zz",
        "POST /dev/@connections/%zz HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
    put(
        all,
        "integration",
        "POST /apigateway/connect HTTP/1.1\r\nHost: x\r\nX-Streamer-Integration: nope\r\nContent-Length: 10\r\n\r\nab");
    put(all, "h2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    put(all, "h2 garbage", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nGARBAGEGARBAGEGARBAGE");
    put(
        all,
        "h2c upgrade",
        "GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: zzz\r\n\r\n");
    put(
        all,
        "h2c upgrade ok",
        "GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQBAAAAAAIAAAAA\r\n\r\n");
    put(all, "upgrade", upgrade("/ws"));
    put(all, "upgrade no token", upgrade("/ws").replaceAll("Authorization: [^\r]*\r\n", ""));
    put(all, "upgrade bad token", upgrade("/ws").replace("Bearer ", "Bearer x"));
    put(all, "upgrade no key", upgrade("/ws").replaceAll("Sec-WebSocket-Key: [^\r]*\r\n", ""));
    put(all, "upgrade v8", upgrade("/ws").replace("Version: 13", "Version: 8"));
    put(all, "upgrade v7", upgrade("/ws").replace("Version: 13", "Version: 7"));
    put(
        all,
        "upgrade no version",
        upgrade("/ws").replaceAll("Sec-WebSocket-Version: [^\r]*\r\n", ""));
    put(all, "upgrade no connection", upgrade("/ws").replaceAll("Connection: [^\r]*\r\n", ""));
    put(
        all,
        "upgrade body",
        upgrade("/ws").replace("\r\n\r\n", "\r\nContent-Length: 9000\r\n\r\n") + "x".repeat(9000));
    put(
        all,
        "upgrade half body",
        upgrade("/ws").replace("\r\n\r\n", "\r\nContent-Length: 9000\r\n\r\n") + "x");
    put(
        all,
        "upgrade chunk",
        upgrade("/ws").replace("\r\n\r\n", "\r\nTransfer-Encoding: chunked\r\n\r\n") + "zz");
    put(all, "upgrade post", upgrade("/ws").replace("GET", "POST"));
    put(all, "upgrade http/1.0", upgrade("/ws").replace("HTTP/1.1", "HTTP/1.0"));
    for (var path : List.of("/ws", "/dev")) {
      for (int i = 0; i < frames().size(); i++) {
        var head = upgrade(path).getBytes(ISO_8859_1);
        var frame = frames().get(i);
        var both = java.util.Arrays.copyOf(head, head.length + frame.length);
        System.arraycopy(frame, 0, both, head.length, frame.length);
        all.put("frame " + path + " " + i, both);
      }
    }
    return all;
  }

  private static List<byte[]> frames() {
    var all = new ArrayList<byte[]>();
    for (int[] bytes :
        new int[][] {
          {0x83, 0x80, 0, 0, 0, 0},
          {0x81, 0x01, 'a'},
          {0x80, 0x80, 0, 0, 0, 0},
          {0xf1, 0x80, 0, 0, 0, 0},
          {0x89, 0xfe, 0, 126, 0, 0, 0, 0},
          {0x88, 0x82, 0, 0, 0, 0, 0x03, 0xed},
          {0x88, 0x81, 0, 0, 0, 0, 0x03},
          {0x81, 0x81, 0, 0, 0, 0, 0xff},
          {0x81, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0},
          {0x81, 0xff, 0, 0, 0, 0, 0x7f, 0xff, 0xff, 0xff, 0, 0, 0, 0},
          {0x82, 0x81, 0, 0, 0, 0, 1},
          {0x09, 0x80, 0, 0, 0, 0},
        }) {
      var frame = new byte[bytes.length];
      IntStream.range(0, bytes.length).forEach(i -> frame[i] = (byte) bytes[i]);
      all.add(frame);
    }
    return all;
  }

  private static String upgrade(String target) {
    return String.join(
        "\r\n",
        "GET " + target + " HTTP/1.1",
        "Host: x",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "Authorization: Bearer " + TOKEN,
        "",
        "");
  }

  private static void put(java.util.Map<String, byte[]> all, String name, String text) {
    all.put(name, text.getBytes(ISO_8859_1));
  }
}
