package io.streamer.shared.protocol;

import io.streamer.handler.RawJson;
import io.streamer.shared.protocol.ClientFrame.Kind;
import io.streamer.shared.protocol.ClientFrame.Options;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads one frame in one pass: the envelope's few fields, wherever they stand, and the place of the
 * payload. Members may come in any order, so rules that need the type are checked at the end.
 */
final class FrameReader {
  /** How deep a frame may nest: a payload's 500 levels below the envelope. */
  private static final int MAX_DEPTH = 501;

  private static final String TOO_DEEP = "is nested more than 500 deep";
  private static final String ACTION = "[A-Za-z0-9._-]{1,64}";
  private static final int MAX_ACTION = 64;
  private static final Set<String> NOT_BUILT = Set.of("publish", "auth");
  private static final Set<Kind> ALL_FRAMES = Set.of(Kind.values());
  private static final Set<String> NAME_A_JOB =
      Set.of("status", "cancel", "subscribe", "unsubscribe");

  /** What a frame of a type has besides its type and id; anything else counts as unknown. */
  private static final Map<String, Set<Field>> FIELDS =
      Map.of(
          "request",
          EnumSet.of(
              Field.REQUEST_ID,
              Field.ACTION,
              Field.PAYLOAD,
              Field.METADATA,
              Field.TRACEPARENT,
              Field.OPTIONS),
          "status",
          EnumSet.of(Field.JOB_ID, Field.REQUEST_ID),
          "cancel",
          EnumSet.of(Field.JOB_ID, Field.REQUEST_ID),
          "subscribe",
          EnumSet.of(Field.JOB_ID, Field.REQUEST_ID, Field.FRAMES, Field.AFTER_SEQ, Field.CHANNEL),
          "unsubscribe",
          EnumSet.of(Field.JOB_ID, Field.REQUEST_ID, Field.CHANNEL),
          "hello",
          EnumSet.of(Field.LAST_SEQ));

  private final byte[] utf8;
  private final JsonScanner json;
  private final FieldReader fields;
  private final Seen seen = new Seen();

  /** What is wrong with a field's value, which counts only if the type has that field. */
  private final List<Wrong> wrong = new ArrayList<>(0);

  private record Wrong(Field field, List<FieldError> errors) {}

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
  private Set<Kind> frames = ALL_FRAMES;
  private @Nullable Long afterSeq;
  private boolean hasChannel;

  FrameReader(byte[] utf8) {
    this.utf8 = utf8;
    this.json = new JsonScanner(utf8);
    this.fields = new FieldReader(json);
  }

  Decoded read() {
    try {
      if (json.peek() != '{') {
        json.skip();
        if (!json.atEnd()) {
          return malformed("", "is not JSON");
        }
        return malformed("", tooDeep() ? TOO_DEEP : "is not an object");
      }
      json.enter();
      while (json.nextMember()) {
        readMember();
      }
      if (!json.atEnd()) {
        return malformed("", "has text after its end");
      }
    } catch (NotJson _) {
      // how far it got says nothing: the id may be another text's
      id = null;
      requestId = null;
      return malformed("", "is not JSON");
    }
    return frame();
  }

  private boolean tooDeep() {
    return json.takeDeepest() > MAX_DEPTH;
  }

  private void readMember() throws NotJson {
    var field = Field.of(json);
    var name = field == null ? json.text() : field.toString();
    if (!seen.add(field, json)) {
      fields.error(FieldError.token(name), "stands twice");
      json.skip();
    } else if (field == null) {
      json.skip();
    } else if (field == Field.PAYLOAD) {
      int from = json.at();
      payload = RawJson.of(Arrays.copyOfRange(utf8, from, json.skip()));
    } else if (!json.skipNull()) {
      readValue(field);
    }
    if (tooDeep()) {
      fields.error(FieldError.token(name), TOO_DEEP);
    }
  }

  private void readValue(Field field) throws NotJson {
    var other = fields.take();
    read(field);
    if (!fields.errors().isEmpty()) {
      wrong.add(new Wrong(field, fields.take()));
    }
    fields.errors(other);
  }

  private boolean has(Field field) {
    return field == Field.TYPE
        || field == Field.ID
        || FIELDS.getOrDefault(type, Set.of()).contains(field);
  }

  private void read(Field field) throws NotJson {
    switch (field) {
      case TYPE -> {
        var text = fields.text("/type");
        // what no type can be has no fields that could be wrong, too
        type = text == null ? "" : text;
      }
      case ID -> id = fields.identifier("/id");
      case REQUEST_ID -> requestId = fields.identifier("/request_id");
      case JOB_ID -> jobId = fields.identifier("/job_id");
      case ACTION -> {
        hasAction = true;
        var text = json.string();
        action = text != null && isAction(text) ? text : null;
      }
      case METADATA -> metadata = fields.metadata();
      case OPTIONS -> options = fields.options();
      case TRACEPARENT -> traceparent = fields.text("/traceparent");
      case LAST_SEQ -> lastSeq = fields.lastSeq();
      case FRAMES -> frames = fields.frames();
      case AFTER_SEQ -> afterSeq = fields.seq("/after_seq");
      case CHANNEL -> {
        hasChannel = true;
        json.skip();
      }
      case PAYLOAD, PRIORITY, DELAY_MS, DEADLINE_MS, ON_DISCONNECT, SEQ -> json.skip();
    }
  }

  private static boolean isAction(String text) {
    for (int i = 0; i < text.length(); i++) {
      char letter = text.charAt(i);
      boolean plain =
          (letter >= 'a' && letter <= 'z')
              || (letter >= 'A' && letter <= 'Z')
              || (letter >= '0' && letter <= '9')
              || letter == '.'
              || letter == '_'
              || letter == '-';
      if (!plain) {
        return false;
      }
    }
    return !text.isEmpty() && text.length() <= MAX_ACTION;
  }

  private Decoded frame() {
    for (var value : wrong) {
      if (has(value.field())) {
        fields.errors(value.errors());
      }
    }
    if (type.equals("request") && requestId != null) {
      if (id != null && !id.equals(requestId)) {
        fields.error("/request_id", "is another name for id and differs from it");
      }
      id = id == null ? requestId : id;
    }
    if (type.equals("request") && action == null) {
      fields.error("/action", hasAction ? "must match " + ACTION : "is missing");
    }
    if (type.endsWith("subscribe")) {
      if (hasChannel) {
        fields.error("/channel", "is not served by this version");
      }
    }
    if (NAME_A_JOB.contains(type) && jobId == null && requestId == null && id == null) {
      if (fields.errors().isEmpty()) {
        fields.error("", "names no job: give job_id or request_id");
      }
    }
    if (!fields.errors().isEmpty()) {
      return new Decoded.Malformed(echoable(), Problem.invalid(fields.errors()));
    }
    var request = jobId == null && requestId == null ? id : requestId;
    return switch (type) {
      case "request" ->
          action == null
              ? malformed("/action", "is missing")
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
              "/type", NOT_BUILT.contains(type) ? "is not served by this version" : "is unknown");
    };
  }

  private Decoded malformed(String pointer, String message) {
    return new Decoded.Malformed(echoable(), Problem.invalid(pointer, message));
  }

  private @Nullable String echoable() {
    return id != null ? id : type.equals("request") ? requestId : null;
  }
}
