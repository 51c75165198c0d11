package io.streamer.shared.trace;

import java.util.Optional;

/** Something that takes time, in one trace. Safe for many threads. */
public interface Span {

  /** In no trace, and neither has anything below it. */
  Span NONE = new NoSpan();

  /**
   * What names it to whoever goes on from here.
   *
   * @param given what to hand on while nothing is traced here: the client's own, if it is well
   *     formed
   */
  Optional<String> traceparent(Optional<String> given);

  /** Begins one below it. */
  Span child(SpanName name, String action);

  /** Says something more about it; behind its end it has no effect. */
  void put(SpanAttribute attribute, String value);

  /**
   * It has failed.
   *
   * @param type see {@link SpanAttribute#ERROR}
   */
  void failed(String type);

  /**
   * Makes it OpenTelemetry's current one on this thread, so that a user's own spans are below it.
   *
   * @return to be closed on this thread
   */
  Scope current();

  /** Ends it; only the first call counts. */
  void end();

  /** For how long it is the current one. */
  interface Scope extends AutoCloseable {
    @Override
    void close();
  }
}
