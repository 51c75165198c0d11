package io.streamer.worker.log;

import io.streamer.shared.log.LogSettings;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.KeyValuePair;
import org.slf4j.event.Level;
import org.slf4j.event.LoggingEvent;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;
import org.slf4j.helpers.NormalizedParameters;
import org.slf4j.spi.LoggingEventAware;

/** Has a line written for what is said, from a level on; on the thread that says it. */
final class LineLogger extends LegacyAbstractLogger implements LoggingEventAware {
  private static final long serialVersionUID = 1;

  private final transient LogSettings settings;
  private final transient Consumer<String> output;

  LineLogger(String name, LogSettings settings, Consumer<String> output) {
    this.name = name;
    this.settings = settings;
    this.output = output;
  }

  @Override
  public void log(LoggingEvent event) {
    // a throwable may be the last of the arguments
    var said = NormalizedParameters.normalize(event);
    write(
        event.getLevel(),
        said.getMessage(),
        said.getArguments(),
        said.getThrowable(),
        Objects.requireNonNullElse(event.getKeyValuePairs(), List.of()));
  }

  @Override
  protected void handleNormalizedLoggingCall(
      Level level,
      @Nullable Marker marker,
      @Nullable String message,
      Object @Nullable [] arguments,
      @Nullable Throwable thrown) {
    write(level, message, arguments, thrown, List.of());
  }

  private void write(
      Level level,
      @Nullable String message,
      Object @Nullable [] arguments,
      @Nullable Throwable thrown,
      List<KeyValuePair> fields) {
    var text = MessageFormatter.basicArrayFormat(message, arguments);
    var line =
        new LogLine(
            System.currentTimeMillis(),
            level,
            Thread.currentThread().getName(),
            getName(),
            Invocation.id(),
            String.valueOf(text),
            fields,
            thrown);
    output.accept(
        switch (settings.format()) {
          case JSON -> line.json();
          case TEXT -> line.text();
        });
  }

  @Override
  protected @Nullable String getFullyQualifiedCallerName() {
    return null;
  }

  private boolean isEnabled(Level level) {
    return level.toInt() >= settings.level().toInt();
  }

  @Override
  public boolean isTraceEnabled() {
    return isEnabled(Level.TRACE);
  }

  @Override
  public boolean isDebugEnabled() {
    return isEnabled(Level.DEBUG);
  }

  @Override
  public boolean isInfoEnabled() {
    return isEnabled(Level.INFO);
  }

  @Override
  public boolean isWarnEnabled() {
    return isEnabled(Level.WARN);
  }

  @Override
  public boolean isErrorEnabled() {
    return isEnabled(Level.ERROR);
  }
}
