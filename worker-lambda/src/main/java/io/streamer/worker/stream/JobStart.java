package io.streamer.worker.stream;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonToken;
import io.streamer.shared.job.JobId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the stream function sends to the job function.
 *
 * @param epoch the one the job was queued with
 * @param action the job's; empty if its row does not say
 * @param traceparent what the run is traced below, if it is traced
 */
public record JobStart(JobId id, long epoch, String action, Optional<String> traceparent) {
  private static final JsonFactory JSON = new JsonFactory();

  /** One in no trace. */
  public JobStart(JobId id, long epoch) {
    this(id, epoch, "", Optional.empty());
  }

  /** The same, below another span. */
  public JobStart below(Optional<String> span) {
    return new JobStart(id, epoch, action, span);
  }

  public byte[] write() {
    var bytes = new ByteArrayOutputStream();
    try (var json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeStringField("jobId", id.value());
      json.writeNumberField("epoch", epoch);
      if (traceparent.isPresent()) {
        json.writeStringField("traceparent", traceparent.get());
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return bytes.toByteArray();
  }

  /**
   * The start that an event asks for.
   *
   * @throws IOException if it is not a job's start
   */
  public static JobStart read(InputStream input) throws IOException {
    @Nullable String id = null;
    @Nullable String traceparent = null;
    long epoch = -1;
    try (var json = JSON.createParser(input)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException("a job's start is an object");
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        var name = json.currentName();
        var token = json.nextToken();
        if (name.equals("jobId") && token == JsonToken.VALUE_STRING) {
          id = json.getText();
        } else if (name.equals("epoch") && token == JsonToken.VALUE_NUMBER_INT) {
          epoch = json.getLongValue();
        } else if (name.equals("traceparent") && token == JsonToken.VALUE_STRING) {
          traceparent = json.getText();
        } else {
          json.skipChildren();
        }
      }
    }
    if (id == null || !new JobId(id).wellFormed() || epoch < 0) {
      throw new IOException("a job's start names jobId and epoch");
    }
    return new JobStart(new JobId(id), epoch, "", Optional.ofNullable(traceparent));
  }
}
