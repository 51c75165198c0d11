package io.streamer.shared.protocol;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.streamer.handler.RawJson;
import io.streamer.shared.protocol.ClientFrame.Kind;
import io.streamer.shared.protocol.ClientFrame.Options;
import java.io.IOException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads one frame in one pass: the envelope's few fields, wherever they stand, and the place of the
 * payload. Members may come in any order, so rules that need the type are checked at the end.
 */
final class FrameReader {
  private static final int MAX_ID = 128;
  private static final Pattern ACTION = Pattern.compile("[A-Za-z0-9._-]{1,64}");
  private static final Set<String> NOT_BUILT = Set.of("publish", "auth");
  private static final Set<String> NAME_A_JOB =
      Set.of("status", "cancel", "subscribe", "unsubscribe");

  private final byte[] utf8;
  private final FieldReader fields = new FieldReader();
  private final Set<String> seen = new HashSet<>();
  private @Nullable String member;

  private String type = "request";
  private @Nullable String id;
  private @Nullable String requestId;
  private @Nullable String jobId;
  private @Nullable String action;
  private boolean hasAction;
  private @Nullable RawJson payload;
  private Map<String, String> metadata = Map.of();
  private Map<String, Long> lastSeq = Map.of();
  private @Nullable String traceparent;
  private Options options = Options.NONE;
  private Set<Kind> frames = EnumSet.allOf(Kind.class);
  private @Nullable Long afterSeq;
  private boolean hasChannel;

  FrameReader(byte[] utf8) {
    this.utf8 = utf8;
  }

  Decoded read() {
    if (!isUtf8()) {
      return malformed(new FieldError("", "is not JSON"));
    }
    try (var json = WireCodec.parser(utf8)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        if (json.currentToken() == null) {
          return malformed(new FieldError("", "is not JSON"));
        }
        skipValue(json);
        return malformed(new FieldError("", atEnd(json) ? "is not an object" : "is not JSON"));
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        readMember(json);
      }
      member = null;
      if (!atEnd(json)) {
        return malformed(new FieldError("", "has text after its end"));
      }
    } catch (StreamConstraintsException _) {
      var where = member == null ? "" : FieldError.token(member);
      return malformed(new FieldError(where, "is nested more than 500 deep"));
    } catch (IOException _) {
      // not the parser's words: they tell where our code stands, not what the client can do
      id = null;
      requestId = null;
      return malformed(new FieldError("", "is not JSON"));
    }
    return frame();
  }

  /** The parser would guess UTF-16 and UTF-32 by these, and then count characters, not bytes. */
  private boolean isUtf8() {
    for (int i = 0; i < Math.min(4, utf8.length); i++) {
      if (utf8[i] == 0 || utf8[i] == (byte) 0xFE || utf8[i] == (byte) 0xFF) {
        return false;
      }
    }
    return true;
  }

  private static boolean atEnd(JsonParser json) throws IOException {
    return json.nextToken() == null;
  }

  static void skipValue(JsonParser json) throws IOException {
    json.skipChildren();
    json.finishToken();
  }

  private void readMember(JsonParser json) throws IOException {
    var name = json.currentName();
    member = name;
    var token = json.nextToken();
    if (!seen.add(name)) {
      error(FieldError.token(name), "stands twice");
      skipValue(json);
      return;
    }
    switch (name) {
      case "type" -> {
        var text = string(json, "/type");
        type = text == null ? type : text;
      }
      case "id" -> id = identifier(json, "/id");
      case "request_id" -> requestId = identifier(json, "/request_id");
      case "job_id" -> jobId = identifier(json, "/job_id");
      case "action" -> {
        hasAction = true;
        var text = text(json);
        action = text != null && ACTION.matcher(text).matches() ? text : null;
      }
      case "payload" -> payload = raw(json);
      case "metadata" -> metadata = fields.metadata(json, token);
      case "options" -> options = fields.options(json, token);
      case "traceparent" -> traceparent = string(json, "/traceparent");
      case "last_seq" -> lastSeq = fields.lastSeq(json, token);
      case "frames" -> frames = fields.frames(json, token);
      case "after_seq" -> afterSeq = fields.afterSeq(json, token);
      case "channel" -> {
        hasChannel = true;
        skipValue(json);
      }
      default -> skipValue(json);
    }
  }

  private Decoded frame() {
    if (type.equals("request") && requestId != null) {
      if (id != null && !id.equals(requestId)) {
        error("/request_id", "is another name for id and differs from it");
      }
      id = id == null ? requestId : id;
    }
    if (type.equals("request") && action == null) {
      error("/action", hasAction ? "must match " + ACTION.pattern() : "is missing");
    }
    if (type.endsWith("subscribe")) {
      if (hasChannel) {
        error("/channel", "is not served by this version");
      }
    }
    if (NAME_A_JOB.contains(type) && jobId == null && requestId == null && id == null) {
      if (fields.errors().isEmpty()) {
        error("", "names no job: give job_id or request_id");
      }
    }
    if (!fields.errors().isEmpty()) {
      return new Decoded.Malformed(echoable(), Problem.invalid(fields.errors()));
    }
    var request = jobId == null && requestId == null ? id : requestId;
    return switch (type) {
      case "request" ->
          action == null
              ? malformed(new FieldError("/action", "is missing"))
              : new Decoded.Frame(
                  new ClientFrame.Request(
                      id,
                      action,
                      payload == null ? RawJson.NULL : payload,
                      metadata,
                      traceparent,
                      options));
      case "status" -> new Decoded.Frame(new ClientFrame.Status(id, jobId, request));
      case "cancel" -> new Decoded.Frame(new ClientFrame.Cancel(id, jobId, request));
      case "subscribe" ->
          new Decoded.Frame(new ClientFrame.Subscribe(id, jobId, request, frames, afterSeq));
      case "unsubscribe" -> new Decoded.Frame(new ClientFrame.Unsubscribe(id, jobId, request));
      case "hello" -> new Decoded.Frame(new ClientFrame.Hello(id, lastSeq));
      case "ping" -> new Decoded.Frame(new ClientFrame.Ping(id));
      case "pong" -> new Decoded.Frame(new ClientFrame.Pong(id));
      default ->
          malformed(
              new FieldError(
                  "/type",
                  NOT_BUILT.contains(type) ? "is not served by this version" : "is unknown"));
    };
  }

  private Decoded malformed(FieldError error) {
    return new Decoded.Malformed(echoable(), Problem.invalid(List.of(error)));
  }

  private @Nullable String echoable() {
    return id != null ? id : type.equals("request") ? requestId : null;
  }

  private void error(String pointer, String message) {
    fields.error(pointer, message);
  }

  /** The current value if it is a string; anything else is passed over. */
  static @Nullable String text(JsonParser json) throws IOException {
    if (json.currentToken() == JsonToken.VALUE_STRING) {
      return json.getText();
    }
    skipValue(json);
    return null;
  }

  private @Nullable String string(JsonParser json, String pointer) throws IOException {
    var text = text(json);
    if (text == null) {
      error(pointer, "must be a string");
    }
    return text;
  }

  private @Nullable String identifier(JsonParser json, String pointer) throws IOException {
    var text = text(json);
    if (text == null) {
      error(pointer, "must be a string");
    } else if (text.isEmpty() || text.codePointCount(0, text.length()) > MAX_ID) {
      error(pointer, "must have 1 to " + MAX_ID + " characters");
      text = null;
    }
    return text;
  }

  private RawJson raw(JsonParser json) throws IOException {
    int from = (int) json.currentTokenLocation().getByteOffset();
    skipValue(json);
    int to = (int) json.currentLocation().getByteOffset();
    return RawJson.of(Arrays.copyOfRange(utf8, from, to));
  }
}
