package io.streamer.shared.payload;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.streamer.handler.Invalid;
import io.streamer.handler.RawJson;
import io.streamer.shared.log.Seldom;
import io.streamer.shared.protocol.FieldError;
import io.streamer.shared.protocol.WireText;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Reads one payload in one pass. A field that does not fit is noted and stepped over, so that the
 * client learns about all of them at once; a value with an error in it comes out as null and goes
 * nowhere.
 */
final class Binder {
  static final int MAX_ERRORS = 32;

  // names are the client's and may be as long as its message: 32 times that would be the answer
  private static final int MAX_POINTER = 1024;
  private static final int MAX_MESSAGE = 500;

  private static final Seldom SELDOM =
      new Seldom(LoggerFactory.getLogger(Binder.class), InstantSource.system());

  private final String text;
  private final List<FieldError> errors = new ArrayList<>();
  private int wrongs;
  private boolean ours;

  Binder(String text) {
    this.text = text;
  }

  Object bind(Shape shape) throws InvalidPayload {
    var value = parse(json -> new Reader(json).root(shape));
    if (wrongs > 0 || value == null) {
      throw new InvalidPayload(errors);
    }
    return value;
  }

  /** Reads what the writer wrote: null may stand for any value. */
  @Nullable Object restore(Shape shape) throws InvalidPayload {
    ours = true;
    var value = parse(json -> new Reader(json).element(shape));
    if (wrongs > 0) {
      throw new InvalidPayload(errors);
    }
    return value;
  }

  /** Reads null. */
  @Nullable Object nothing() throws InvalidPayload {
    var other = parse(json -> json.currentToken() == JsonToken.VALUE_NULL ? null : json.getText());
    if (other != null) {
      throw invalid("must be null");
    }
    return null;
  }

  /** Looks at every token and keeps none. */
  void skip() throws InvalidPayload {
    parse(JsonParser::skipChildren);
  }

  /** Reads the one value of the text, from its first token to its last. */
  @FunctionalInterface
  private interface Whole {
    @Nullable Object read(JsonParser json) throws IOException;
  }

  private @Nullable Object parse(Whole whole) throws InvalidPayload {
    try (var json = Payloads.parser(text)) {
      if (json.nextToken() == null) {
        throw invalid("is not JSON");
      }
      var value = whole.read(json);
      if (json.nextToken() != null) {
        throw invalid("is more than one JSON value");
      }
      return value;
    } catch (StreamConstraintsException _) {
      throw invalid("is nested more than " + Payloads.MAX_DEPTH + " levels deep");
    } catch (IOException _) {
      throw invalid("is not JSON");
    }
  }

  private static InvalidPayload invalid(String message) {
    return new InvalidPayload(List.of(new FieldError("", message)));
  }

  /** Each method starts at a value's first token and ends at its last. */
  private final class Reader {
    private final JsonParser json;

    Reader(JsonParser json) {
      this.json = json;
    }

    @Nullable Object root(Shape shape) throws IOException {
      if (json.currentToken() == JsonToken.VALUE_NULL) {
        // a request without a payload
        if (shape instanceof RecordShape fields && fields.size() == 0) {
          return create(fields, new Object[0], new String[0]);
        }
        if (shape == Shape.Any.UNTYPED) {
          return wrong("must not be null");
        }
      }
      return value(shape);
    }

    private @Nullable Object value(Shape shape) throws IOException {
      return switch (shape) {
        case Shape.Scalar scalar -> scalar(ours ? scalar.restoring() : scalar.reading());
        case Shape.Choice choice -> scalar(_ -> constant(choice));
        case Shape.Any.RAW -> raw();
        case Shape.Any.UNTYPED -> untyped();
        case Shape.Maybe maybe ->
            json.currentToken() == JsonToken.VALUE_NULL
                ? Optional.empty()
                : Optional.ofNullable(value(maybe.of()));
        case Shape.Items items -> items(items);
        case Shape.Entries entries -> entries(entries);
        case RecordShape fields -> members(fields);
      };
    }

    private @Nullable Object scalar(Shape.Reading reading) throws IOException {
      var value = reading.read(json);
      return value instanceof Shape.Wrong wrong ? wrong(wrong.message()) : value;
    }

    private Object constant(Shape.Choice choice) throws IOException {
      var constant =
          json.currentToken() == JsonToken.VALUE_STRING
              ? choice.constants().get(json.getText())
              : null;
      return constant == null ? new Shape.Wrong(choice.expected()) : constant;
    }

    private RawJson raw() throws IOException {
      long start = json.currentTokenLocation().getCharOffset();
      json.skipChildren();
      // a text's end is only looked for when somebody asks
      json.finishToken();
      long end = json.currentLocation().getCharOffset();
      return RawJson.of(text.substring((int) start, (int) end));
    }

    private @Nullable Object untyped() throws IOException {
      return switch (json.currentToken()) {
        case VALUE_NULL -> null;
        case VALUE_TRUE -> true;
        case VALUE_FALSE -> false;
        case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> scalar(Scalars::untypedNumber);
        case START_ARRAY ->
            items(new Shape.Items(Shape.Any.UNTYPED, Collections::unmodifiableList));
        case START_OBJECT -> entries(new Shape.Entries(Shape.Any.UNTYPED));
        case null, default -> scalar(Scalars::text);
      };
    }

    private @Nullable Object items(Shape.Items shape) throws IOException {
      if (json.currentToken() != JsonToken.START_ARRAY) {
        return wrong("must be an array");
      }
      int before = wrongs;
      var items = new ArrayList<Object>();
      while (json.nextToken() != JsonToken.END_ARRAY) {
        items.add(element(shape.of()));
      }
      return wrongs > before ? null : shape.collect().apply(items);
    }

    private @Nullable Object entries(Shape.Entries shape) throws IOException {
      if (json.currentToken() != JsonToken.START_OBJECT) {
        return wrong("must be an object");
      }
      var entries = new LinkedHashMap<String, Object>();
      while (json.nextToken() != JsonToken.END_OBJECT) {
        var name = json.currentName();
        json.nextToken();
        if (entries.containsKey(name)) {
          wrong("is given twice");
        } else if (!WireText.isWhole(name)) {
          wrong("has half a surrogate pair in its name");
        } else {
          entries.put(name, element(shape.of()));
        }
      }
      return Collections.unmodifiableMap(entries);
    }

    private @Nullable Object element(Shape shape) throws IOException {
      if (json.currentToken() != JsonToken.VALUE_NULL || shape.takesNull()) {
        return value(shape);
      }
      return ours && !Shape.isPrimitive(shape) ? null : wrong("must not be null");
    }

    private @Nullable Object members(RecordShape shape) throws IOException {
      if (json.currentToken() != JsonToken.START_OBJECT) {
        return wrong("must be an object");
      }
      int before = wrongs;
      var values = new @Nullable Object[shape.size()];
      var names = new @Nullable String[shape.size()];
      Set<String> unknown = new HashSet<>();
      while (json.nextToken() != JsonToken.END_OBJECT) {
        var name = json.currentName();
        json.nextToken();
        int index = shape.model().indexOf(name);
        if (index < 0) {
          if (!unknown.add(name)) {
            wrong("is given twice");
          }
          json.skipChildren();
        } else if (names[index] != null) {
          wrong(
              "is given twice"
                  + (name.equals(names[index]) ? "" : ": as " + names[index] + " too"));
        } else {
          names[index] = name;
          values[index] = member(shape, index);
        }
      }
      fillMissing(shape, values, names);
      return wrongs > before ? null : create(shape, values, names);
    }

    private @Nullable Object member(RecordShape within, int index) throws IOException {
      var shape = within.shape(index);
      if (json.currentToken() != JsonToken.VALUE_NULL
          || shape.takesNull()
          || Shape.isPrimitive(shape)) {
        return value(shape);
      }
      return needs(within, index) ? wrong("must not be null") : null;
    }

    private void fillMissing(
        RecordShape shape, @Nullable Object[] values, @Nullable String[] names) {
      for (int i = 0; i < values.length; i++) {
        if (names[i] == null) {
          if (shape.shape(i) instanceof Shape.Maybe) {
            values[i] = Optional.empty();
          } else if (needs(shape, i)) {
            note(FieldError.token(shape.name(i)), "is missing");
          }
        }
      }
    }

    /** What the writer wrote may be null wherever Java has a place for it. */
    private boolean needs(RecordShape within, int index) {
      return ours ? Shape.isPrimitive(within.shape(index)) : within.required(index);
    }

    private @Nullable Object create(
        RecordShape shape, @Nullable Object[] values, @Nullable String[] names) {
      try {
        return shape.model().create(values);
      } catch (Invalid invalid) {
        note(path(invalid.field(), shape, names), invalid.getMessage());
      } catch (Error error) {
        throw error;
      } catch (Throwable thrown) {
        // what a constructor says in other exceptions was not written for clients
        SELDOM.warn(
            "the constructor of a request threw",
            shape.model().type().getName() + ": " + Seldom.of(thrown));
        note("", "is not valid");
      }
      return null;
    }

    /** The field's pointer below the record, its first name as the client wrote it. */
    private static String path(String field, RecordShape shape, @Nullable String[] names) {
      if (field.isEmpty()) {
        return "";
      }
      var path = new StringBuilder();
      for (var part : field.split("/", -1)) {
        int index = path.isEmpty() ? shape.model().indexOf(part) : -1;
        var sent = index < 0 ? part : names[index];
        path.append(FieldError.token(sent == null ? shape.name(index) : sent));
      }
      return path.toString();
    }

    private @Nullable Object wrong(String message) throws IOException {
      note("", message);
      json.skipChildren();
      return null;
    }

    /** Notes an error below the value that the parser is at the start or past the end of. */
    private void note(String below, String message) {
      wrongs++;
      if (errors.size() < MAX_ERRORS) {
        var pointer = json.getParsingContext().pathAsPointer() + below;
        errors.add(new FieldError(shortened(pointer), WireText.cut(message, MAX_MESSAGE)));
      }
    }

    /** The pointer, or that of the nearest value around it which is short enough. */
    private static String shortened(String pointer) {
      return pointer.length() <= MAX_POINTER
          ? pointer
          : pointer.substring(0, Math.max(0, pointer.lastIndexOf('/', MAX_POINTER)));
    }
  }
}
