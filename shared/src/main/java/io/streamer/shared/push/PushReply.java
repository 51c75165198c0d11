package io.streamer.shared.push;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonToken;
import io.streamer.shared.aws.ServerClock;
import java.io.IOException;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What came back over HTTP to a {@link PushCall}. */
public final class PushReply {
  /** What is looked at has some hundred bytes; whatever is beyond these is not kept. */
  public static final int MOST_BYTES = 16 * 1024;

  private static final JsonFactory JSON = new JsonFactory();

  private static final Set<String> STALE_CREDENTIALS =
      Set.of("ExpiredTokenException", "ExpiredToken", "UnrecognizedClientException");

  private final int status;
  private final @Nullable String errorType;
  private final @Nullable String date;
  private final byte[] body;

  /** What may help, once, where a signature is refused. Nothing was taken then. */
  public enum Remedy {
    NONE,
    /** To sign with others than the credentials that it was signed with, if there are others. */
    OTHER_CREDENTIALS,
    /** To sign for the time that it is there. */
    OTHER_TIME
  }

  /**
   * Of an answer.
   *
   * @param errorType the header {@code x-amzn-ErrorType}
   * @param date the header {@code Date}: what time it is there
   * @param body not copied; up to {@link #MOST_BYTES} of it
   */
  public PushReply(int status, @Nullable String errorType, @Nullable String date, byte[] body) {
    this.status = status;
    this.errorType = errorType;
    this.date = date;
    this.body = body;
  }

  /**
   * What may help against its refusal.
   *
   * @param clock of the host; is set right if the answer shows that it is far off
   * @param signedBy what it said when the call was signed
   */
  public Remedy remedy(ServerClock clock, Clock signedBy) {
    if (errorType != null && STALE_CREDENTIALS.contains(bare(errorType))) {
      return Remedy.OTHER_CREDENTIALS;
    }
    // another call may have set the clock right since this one was signed
    boolean refused = status == 401 || status == 403;
    return refused && (clock.follow(date) || !clock.now().equals(signedBy))
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
    var bare = new PushAnswer(status, Optional.empty());
    if (kind != PushCall.Kind.GET || !bare.isDone() || body.length == 0) {
      return bare;
    }
    try {
      return new PushAnswer(status, lastActiveAt());
    } catch (IOException | DateTimeException e) {
      // not the cause's words: they have a part of what came
      throw new UnansweredException("its answer cannot be read", e);
    }
  }

  private Optional<Instant> lastActiveAt() throws IOException {
    var found = Optional.<Instant>empty();
    try (var json = JSON.createParser(body)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException("no object");
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        var name = json.currentName();
        var value = json.nextToken();
        if (name.equals("lastActiveAt") && value != JsonToken.VALUE_NULL) {
          found = Optional.of(Instant.parse(json.getText()));
        }
        json.skipChildren();
      }
    }
    return found;
  }
}
