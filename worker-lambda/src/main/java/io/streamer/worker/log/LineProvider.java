package io.streamer.worker.log;

import io.streamer.shared.log.LogSettings;
import io.streamer.shared.settings.Environment;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.Logger;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.helpers.NOPMDCAdapter;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/**
 * Writes each line to standard output, which Lambda brings to the function's log, as the settings
 * of the process say. SLF4J makes it.
 */
public final class LineProvider implements SLF4JServiceProvider {
  private final Map<String, Logger> loggers = new ConcurrentHashMap<>();
  private final IMarkerFactory markers = new BasicMarkerFactory();
  private final MDCAdapter context = new NOPMDCAdapter();
  private @Nullable LogSettings settings;

  @Override
  public void initialize() {
    settings = FunctionLog.settings(Environment.ofProcess());
  }

  @Override
  public ILoggerFactory getLoggerFactory() {
    var log = settings;
    if (log == null) {
      throw new IllegalStateException("not initialized");
    }
    // the runtime may put another in its place
    return name ->
        loggers.computeIfAbsent(
            name, it -> new LineLogger(it, log, line -> System.out.println(line)));
  }

  @Override
  public IMarkerFactory getMarkerFactory() {
    return markers;
  }

  @Override
  public MDCAdapter getMDCAdapter() {
    return context;
  }

  @Override
  public String getRequestedApiVersion() {
    return "2.0.99";
  }
}
