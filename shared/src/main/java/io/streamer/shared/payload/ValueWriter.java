package io.streamer.shared.payload;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import io.streamer.handler.RawJson;
import io.streamer.shared.protocol.ExactBytes;
import io.streamer.shared.protocol.WireText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Writes one value. */
final class ValueWriter {
  private final JsonFactory factory;
  private final ExactBytes out = new ExactBytes();

  ValueWriter(JsonFactory factory) {
    this.factory = factory;
  }

  RawJson write(@Nullable Object value) {
    try (var json = factory.createGenerator(out)) {
      write(json, value);
    } catch (JsonProcessingException e) {
      throw new Unwritable(e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return RawJson.of(out.bytes());
  }

  private void write(JsonGenerator json, @Nullable Object value) throws IOException {
    switch (value) {
      case null -> json.writeNull();
      case CharSequence text -> json.writeString(WireText.whole(text.toString()));
      case Boolean truth -> json.writeBoolean(truth);
      case Integer number -> json.writeNumber(number);
      case Long number -> json.writeNumber(number);
      case Short number -> json.writeNumber(number);
      case Byte number -> json.writeNumber(number);
      case Double number -> json.writeNumber(requireFinite(number, number));
      case Float number -> json.writeNumber(requireFinite(number, number));
      case BigDecimal number -> json.writeNumber(number);
      case BigInteger number -> json.writeNumber(number);
      case Enum<?> constant -> json.writeString(RecordModel.snakeCase(constant.name()));
      case Instant _, LocalDate _, Duration _, UUID _, URI _ -> json.writeString(value.toString());
      case RawJson raw -> writeRaw(json, raw);
      case Optional<?> maybe -> write(json, maybe.orElse(null));
      case Collection<?> items -> {
        json.writeStartArray();
        for (var item : items) {
          write(json, item);
        }
        json.writeEndArray();
      }
      case Map<?, ?> entries -> writeEntries(json, entries);
      case Record members -> writeMembers(json, members);
      default -> writeArray(json, value);
    }
  }

  private static <N> N requireFinite(double number, N value) {
    if (!Double.isFinite(number)) {
      throw new Unwritable(value + " cannot be written as JSON");
    }
    return value;
  }

  private void writeRaw(JsonGenerator json, RawJson raw) throws IOException {
    Payloads.requireWritable(raw);
    // the generator writes the comma or colon, the value goes past it as it is
    json.writeRawValue("");
    json.flush();
    out.writeBytes(raw.utf8());
  }

  private void writeEntries(JsonGenerator json, Map<?, ?> entries) throws IOException {
    json.writeStartObject();
    for (var entry : entries.entrySet()) {
      if (!(entry.getKey() instanceof String name)) {
        throw new Unwritable("a map's keys must be strings to be written as JSON");
      }
      json.writeFieldName(WireText.whole(name));
      write(json, entry.getValue());
    }
    json.writeEndObject();
  }

  private void writeMembers(JsonGenerator json, Record members) throws IOException {
    json.writeStartObject();
    for (var component : RecordModel.of(members.getClass()).components()) {
      var value = read(component, members);
      if (value != null && !Optional.empty().equals(value)) {
        json.writeFieldName(component.name());
        write(json, value);
      }
    }
    json.writeEndObject();
  }

  private static @Nullable Object read(RecordModel.Component component, Record members) {
    try {
      return (Object) component.accessor().get().invokeExact((Object) members);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("reading " + component.name(), e);
    }
  }

  private void writeArray(JsonGenerator json, Object value) throws IOException {
    if (!value.getClass().isArray()) {
      throw new Unwritable(value.getClass().getName() + " cannot be written as JSON: use a record");
    }
    json.writeStartArray();
    for (int i = 0; i < Array.getLength(value); i++) {
      write(json, Array.get(value, i));
    }
    json.writeEndArray();
  }
}
