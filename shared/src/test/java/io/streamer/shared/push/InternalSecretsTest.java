package io.streamer.shared.push;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.streamer.shared.settings.AwsSettings;
import io.streamer.shared.settings.Environment;
import io.streamer.shared.settings.SettingsException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Secrets by name, with Secrets Manager on loopback. */
class InternalSecretsTest {
  private static final String ARN =
      "arn:aws:secretsmanager:eu-central-1:123456789012:secret:streamer/internal-AbCdEf";
  private static final long FIVE_MINUTES = InternalSecrets.FRESH.toNanos();

  private final Queue<String> answers = new ConcurrentLinkedQueue<>();
  private final Queue<String> bodies = new ConcurrentLinkedQueue<>();
  private final Queue<Map<String, List<String>>> headers = new ConcurrentLinkedQueue<>();
  private final Queue<Runnable> behind = new ArrayDeque<>();
  // close to where nanoTime turns over
  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1_000);
  private HttpServer server;

  @BeforeEach
  void open() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          bodies.add(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
          headers.add(Map.copyOf(exchange.getRequestHeaders()));
          var answer = answers.poll();
          var bytes = String.valueOf(answer).getBytes(UTF_8);
          exchange.sendResponseHeaders(answer == null ? 500 : 200, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void close() {
    server.stop(0);
  }

  private InternalSecrets of(String... given) {
    var aws =
        AwsSettings.read(
            new Environment(
                Map.of(
                    "AWS_REGION", "eu-west-1",
                    "AWS_ACCESS_KEY_ID", "id",
                    "AWS_SECRET_ACCESS_KEY", "key",
                    "AWS_ENDPOINT_URL_SECRETS_MANAGER",
                        "http://127.0.0.1:" + server.getAddress().getPort())));
    return InternalSecrets.of(List.of(given), aws, behind::add, now::get);
  }

  private void has(String text) {
    answers.add(
        "{\"ARN\":\"" + ARN + "\",\"VersionStages\":[\"a\"],\"SecretString\":\"" + text + "\"}");
  }

  @Test
  void textsAreTakenAsTheyStandAndNobodyIsAsked() {
    assertThat(of("new", "old").all()).containsExactly("new", "old");
    assertThat(of("new", "old").first()).isEqualTo("new");
    assertThat(of().all()).isEmpty();
    assertThat(of().first()).isEmpty();
    assertThat(bodies).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"two\\nlines", "a tab\\there", "k\u00e4se", "with spaces"})
  void whatNoHeaderTakesIsRefusedAndNotShown(String text) {
    has(text);
    assertThatThrownBy(() -> of(ARN))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("no header takes")
        .hasMessageNotContaining(text.substring(0, 3));
  }

  @Test
  void whatIsNamedIsReadWhereItIs() {
    has("new, old");
    var secrets = of(ARN);

    assertThat(secrets.all()).containsExactly("new", "old");
    assertThat(secrets.first()).isEqualTo("new");
    assertThat(bodies).containsExactly("{\"SecretId\":\"" + ARN + "\"}");
    assertThat(headers.element().get("X-amz-target"))
        .containsExactly("secretsmanager.GetSecretValue");
    assertThat(headers.element().get("Authorization").getFirst())
        .contains("/eu-central-1/secretsmanager/aws4_request");
    assertThat(secrets.toString()).doesNotContain("new", "old");
  }

  @Test
  void aNameAmongTextsKeepsItsPlace() {
    has("named");
    assertThat(of("first", ARN, "last").all()).containsExactly("first", "named", "last");
  }

  @Test
  void itIsReadAgainBehindWhoeverAsksWhenItIsOld() {
    has("new");
    var secrets = of(ARN);
    now.addAndGet(FIVE_MINUTES - 1);
    assertThat(secrets.first()).isEqualTo("new");
    assertThat(behind).isEmpty();

    now.addAndGet(1);
    // whoever asks meanwhile has the one so far, and nobody reads it twice
    assertThat(secrets.first()).isEqualTo("new");
    assertThat(secrets.first()).isEqualTo("new");
    assertThat(behind).hasSize(1);
    has("newer,new");
    behind.remove().run();
    assertThat(secrets.all()).containsExactly("newer", "new");

    now.addAndGet(FIVE_MINUTES);
    assertThat(secrets.all()).hasSize(2);
    behind.remove().run();
    // there was no answer
    assertThat(secrets.all()).containsExactly("newer", "new");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{}",
        "{\"SecretString\":7}",
        "{\"SecretBinary\":\"bm90IHRleHQ=\"}",
        "{\"SecretString\":\"\"}",
        "{\"SecretString\":\" , \"}",
        "{\"SecretString\":\"hush"
      })
  void withoutItThereIsNoStart(String answer) {
    answers.add(answer);
    assertThatThrownBy(() -> of(ARN))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("STREAMER_INTERNAL_SECRET")
        .hasMessageNotContaining("hush");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "arn:aws:ssm:eu-west-1:123456789012:parameter/internal",
        "arn:aws:secretsmanager:eu-west-1:123:secret:x",
        "arn:"
      })
  void whatIsNoNameOfASecretIsToldSo(String arn) {
    assertThatThrownBy(() -> of(arn))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("\"" + arn + "\" is no ARN of Secrets Manager");
    assertThat(bodies).isEmpty();
  }

  @Test
  void aRefusalIsToldToo() {
    assertThatThrownBy(() -> of(ARN))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("secretsmanager answered 500");
  }
}
