package io.streamer.shared.push;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonToken;
import io.streamer.shared.aws.HttpReply;
import io.streamer.shared.aws.ServerClock;
import java.io.IOException;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Set;

/** What came back over HTTP to a {@link PushCall}. */
public final class PushReply {
  /** What is looked at has some hundred bytes; whatever is beyond these is not read. */
  public static final int MOST_BYTES = 16 * 1024;

  private static final JsonFactory JSON = new JsonFactory();

  private static final Set<String> STALE_CREDENTIALS =
      Set.of("ExpiredTokenException", "ExpiredToken", "UnrecognizedClientException");

  private final HttpReply reply;

  /** What may help, once, where a signature is refused. Nothing was taken then. */
  public enum Remedy {
    NONE,
    /** To sign with others than the credentials that it was signed with, if there are others. */
    OTHER_CREDENTIALS,
    /** To sign for the time that it is there. */
    OTHER_TIME
  }

  /** Of an answer, of whose body up to {@link #MOST_BYTES} were read. */
  public PushReply(HttpReply reply) {
    this.reply = reply;
  }

  /**
   * What may help against its refusal.
   *
   * @param clock of the host; is set right if the answer shows that it is far off
   * @param signedBy what it said when the call was signed
   */
  public Remedy remedy(ServerClock clock, Clock signedBy) {
    var errorType = reply.errorType();
    if (errorType != null && STALE_CREDENTIALS.contains(bare(errorType))) {
      return Remedy.OTHER_CREDENTIALS;
    }
    // another call may have set the clock right since this one was signed
    boolean refused = reply.status() == 401 || reply.status() == 403;
    return refused && (clock.follow(reply.date()) || !clock.now().equals(signedBy))
        ? Remedy.OTHER_TIME
        : Remedy.NONE;
  }

  /** Without the address behind it. */
  private static String bare(String type) {
    int end = type.indexOf(':');
    return end < 0 ? type : type.substring(0, end);
  }

  /**
   * What it says.
   *
   * @param kind of the call that it answers
   * @throws UnansweredException if it cannot be read
   */
  public PushAnswer read(PushCall.Kind kind) {
    var answer = new PushAnswer(reply.status());
    if (kind == PushCall.Kind.GET && answer.isDone() && reply.body().length > 0) {
      try {
        check();
      } catch (IOException | DateTimeException e) {
        // not the cause's words: they have a part of what came
        throw new UnansweredException("its answer cannot be read", e);
      }
    }
    return answer;
  }

  /** That it tells of a connection: whatever else answers in a host's place knows of none. */
  private void check() throws IOException {
    try (var json = JSON.createParser(reply.body())) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException("no object");
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        var name = json.currentName();
        var value = json.nextToken();
        if (name.equals("lastActiveAt") && value != JsonToken.VALUE_NULL) {
          var _ = Instant.parse(json.getText());
        }
        json.skipChildren();
      }
    }
  }
}
