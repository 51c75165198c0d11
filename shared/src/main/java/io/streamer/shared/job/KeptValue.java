package io.streamer.shared.job;

import io.streamer.handler.RawJson;
import io.streamer.shared.payload.InvalidPayload;
import io.streamer.shared.payload.Payloads;
import io.streamer.shared.payload.Unwritable;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * What a job keeps of itself for later attempts. It is read again before it is stored, and what was
 * read is what the handler goes on with: so the first attempt has what the later ones will have.
 *
 * @param what to call it in messages
 * @param type what it is read as
 */
public record KeptValue<T extends @Nullable Object>(String what, Class<T> type) {
  private static final String CHECKPOINT = "a checkpoint";
  private static final int MOST_BYTES = 256 << 10;

  /**
   * A value of a type that can be read again.
   *
   * @throws IllegalArgumentException if it cannot
   */
  public KeptValue {
    try {
      Payloads.requireRestorable(type);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(what + ": " + e.getMessage(), e);
    }
  }

  /**
   * A checkpoint as it is stored. It must be readable as what it is, and as one of the types that
   * the handler asks for: a later run will.
   *
   * @throws IllegalArgumentException if it is too large
   * @throws Unwritable if it cannot be written, or not be read again
   */
  public static RawJson checkpoint(@Nullable Object value, Collection<Class<?>> asked) {
    var json = new KeptValue<>(CHECKPOINT, own(value)).write(value);
    @Nullable Unwritable refused = null;
    for (var type : asked) {
      try {
        new KeptValue<>(CHECKPOINT, type).requireReadable(json);
        return json;
      } catch (Unwritable e) {
        refused = e;
      }
    }
    if (refused != null) {
      throw refused;
    }
    return json;
  }

  /** The value's class, if it can be asked for. */
  private static Class<?> own(@Nullable Object value) {
    var type =
        switch (value) {
          case null -> Void.class;
          case Enum<?> constant -> constant.getDeclaringClass();
          case Object other -> other.getClass();
        };
    try {
      Payloads.requireRestorable(type);
      return type;
    } catch (IllegalArgumentException _) {
      return Object.class;
    }
  }

  /**
   * The value as it is stored.
   *
   * @throws IllegalArgumentException if it is too large
   * @throws Unwritable if it cannot be written, or not be read again
   */
  public RawJson write(@Nullable Object value) {
    var json = Payloads.write(value);
    if (json.utf8().length > MOST_BYTES) {
      throw new IllegalArgumentException(what + " has up to " + (MOST_BYTES >> 10) + " KB as JSON");
    }
    requireReadable(json);
    return json;
  }

  private void requireReadable(RawJson json) {
    try {
      Payloads.restore(json, type);
    } catch (InvalidPayload e) {
      throw new Unwritable(
          what + " could not be read again as " + type.getSimpleName() + ": " + e.getMessage(), e);
    }
  }

  /**
   * The value that was stored.
   *
   * @throws IllegalStateException if it is no such value
   */
  // the binder makes what the type says, and T may be nullable
  @SuppressWarnings({"unchecked", "NullAway"})
  public T read(RawJson json) {
    try {
      return (T) Payloads.restore(json, type);
    } catch (InvalidPayload e) {
      throw new IllegalStateException(
          what + " was stored and is no " + type.getSimpleName() + ": " + e.getMessage(), e);
    }
  }
}
