package io.streamer.shared.push;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.streamer.shared.aws.JsonService;
import io.streamer.shared.log.Seldom;
import io.streamer.shared.settings.AwsSettings;
import io.streamer.shared.settings.SettingsException;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/**
 * The secrets of the internal API as they are now: those of the settings, and in place of one that
 * is an ARN what Secrets Manager has under it. It is read at the start, and again behind whoever
 * asks once it is five minutes old; while it cannot be read the last ones hold. Safe for all
 * threads.
 */
public final class InternalSecrets {
  static final Duration FRESH = Duration.ofMinutes(5);

  private static final String READ = "secretsmanager.GetSecretValue";
  private static final Pattern ARN =
      Pattern.compile("arn:aws[a-z-]*:secretsmanager:([a-z0-9-]+):[0-9]{12}:secret:[!-~]+");
  private static final Pattern SENDABLE = Pattern.compile("[!-~]+");
  private static final JsonFactory JSON = new JsonFactory();

  private final List<String> given;
  private final boolean fetched;
  private final AwsSettings aws;
  private final Executor behind;
  private final LongSupplier nanoTime;
  private final Seldom seldom =
      new Seldom(LoggerFactory.getLogger(InternalSecrets.class), InstantSource.system());
  private final AtomicLong readAt;
  private volatile List<String> current;

  private InternalSecrets(
      List<String> given, AwsSettings aws, Executor behind, LongSupplier nanoTime) {
    this.given = given;
    this.fetched = given.stream().anyMatch(InternalSecrets::isArn);
    this.aws = aws;
    this.behind = behind;
    this.nanoTime = nanoTime;
    this.readAt = new AtomicLong(nanoTime.getAsLong());
    try {
      this.current = read();
    } catch (IOException e) {
      throw new SettingsException(
          "the setting STREAMER_INTERNAL_SECRET names a secret that cannot be read: "
              + e.getMessage());
    }
  }

  /**
   * Reads them, blocking where one is an ARN.
   *
   * @throws SettingsException if one cannot be read
   */
  public static InternalSecrets of(PushSettings settings, AwsSettings aws) {
    return of(settings.secrets(), aws, Thread::startVirtualThread, System::nanoTime);
  }

  static InternalSecrets of(
      List<String> given, AwsSettings aws, Executor behind, LongSupplier nanoTime) {
    return new InternalSecrets(given, aws, behind, nanoTime);
  }

  /** All that are accepted. */
  public List<String> all() {
    if (fetched) {
      long now = nanoTime.getAsLong();
      long at = readAt.get();
      if (now - at >= FRESH.toNanos() && readAt.compareAndSet(at, now)) {
        behind.execute(this::refresh);
      }
    }
    return current;
  }

  /** The one to send; empty for none. */
  public String first() {
    var all = all();
    return all.isEmpty() ? "" : all.getFirst();
  }

  private void refresh() {
    try {
      current = read();
    } catch (IOException e) {
      seldom.warn(
          "the internal secret cannot be read, the one so far holds",
          String.valueOf(e.getMessage()));
    }
  }

  private List<String> read() throws IOException {
    var texts = new ArrayList<String>();
    for (var one : given) {
      if (isArn(one)) {
        var text = fetch(one);
        Stream.of(text.split(",", -1))
            .map(String::strip)
            .filter(part -> !part.isEmpty())
            .forEach(texts::add);
      } else {
        texts.add(one);
      }
    }
    if (texts.isEmpty() && !given.isEmpty()) {
      throw new IOException("it is empty");
    }
    if (!texts.stream().allMatch(text -> SENDABLE.matcher(text).matches())) {
      throw new IOException("it has characters that no header takes: visible ASCII alone is sent");
    }
    return List.copyOf(texts);
  }

  private static boolean isArn(String text) {
    return text.startsWith("arn:");
  }

  private String fetch(String arn) throws IOException {
    var match = ARN.matcher(arn);
    if (!match.matches()) {
      throw new IOException("\"" + arn + "\" is no ARN of Secrets Manager");
    }
    try (var manager = JsonService.in(match.group(1), "secretsmanager", aws.secrets(), aws)) {
      return text(manager.call(READ, "{\"SecretId\":\"" + quoted(arn) + "\"}"));
    }
  }

  private static String quoted(String arn) {
    return arn.replace("\\", "\\\\").replace("\"", "\\\"");
  }

  private static String text(String answer) throws IOException {
    try (var json = JSON.createParser(answer)) {
      if (json.nextToken() == JsonToken.START_OBJECT) {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
          var name = json.currentName();
          if (json.nextToken() == JsonToken.VALUE_STRING && name.equals("SecretString")) {
            return json.getText();
          }
          json.skipChildren();
        }
      }
    } catch (JsonProcessingException _) {
      // what it says may be of the secret
    }
    throw new IOException("Secrets Manager's answer has no SecretString");
  }

  /** Without the secrets, which must reach no log. */
  @Override
  public String toString() {
    return "InternalSecrets[" + given.size() + "]";
  }
}
