package io.streamer.shared.trace;

import java.util.Optional;

/** What there is in place of spans while nothing is traced: the one of it. */
final class NoSpan implements Span {
  private static final Scope NOTHING = () -> {};

  @Override
  public Optional<String> traceparent(Optional<String> given) {
    return given.filter(text -> Traceparent.parse(text) != null);
  }

  @Override
  public Span child(SpanName name, String action) {
    return this;
  }

  @Override
  public void put(SpanAttribute attribute, String value) {}

  @Override
  public void failed(String type) {}

  @Override
  public Scope current() {
    return NOTHING;
  }

  @Override
  public void end() {}
}
