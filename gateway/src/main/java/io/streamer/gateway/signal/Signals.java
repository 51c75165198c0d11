package io.streamer.gateway.signal;

import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.streamer.gateway.signal.SignalSettings.Transport;
import io.streamer.shared.settings.AwsSettings;
import io.streamer.shared.signal.Metric;
import java.lang.management.ManagementFactory;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where a task's metrics go: to whoever asks for the page, the JVM's own among them, and to
 * CloudWatch if there is a namespace for them, a chosen few (each costs by the month), in one way
 * or the other.
 */
public final class Signals implements AutoCloseable {
  private final PrometheusMeterRegistry page =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final CompositeMeterRegistry all = new CompositeMeterRegistry();
  private final JvmGcMetrics collections = new JvmGcMetrics();
  private final @Nullable CloudWatch cloudWatch;
  private final @Nullable MetricLines lines;
  private final Meters meters = new Meters(all);
  private final LoopLag.Longest lag = new LoopLag.Longest();

  /**
   * Starts to measure.
   *
   * @param output takes each line of metrics, if they go that way, and has to bring it to the log
   *     as it is
   */
  public Signals(SignalSettings settings, AwsSettings aws, Consumer<String> output) {
    all.add(page);
    cloudWatch = settings.namespace(Transport.API).map(it -> CloudWatch.open(it, aws)).orElse(null);
    if (cloudWatch != null) {
      all.add(cloudWatch.registry());
    }
    lines = settings.namespace(Transport.LOG).map(it -> MetricLines.open(it, output)).orElse(null);
    if (lines != null) {
      all.add(lines);
    }
    new JvmMemoryMetrics().bindTo(page);
    new JvmThreadMetrics().bindTo(page);
    new ProcessorMetrics().bindTo(page);
    new UptimeMetrics().bindTo(page);
    new FileDescriptorMetrics().bindTo(page);
    collections.bindTo(page);
    var memory = ManagementFactory.getMemoryMXBean();
    meters.gauge(Metric.HEAP, () -> memory.getHeapMemoryUsage().getUsed());
    meters.gauge(Metric.LOOP_LAG, lag::seconds);
  }

  public Meters meters() {
    return meters;
  }

  /** To be told how late each loop is. */
  public LoopLag.Longest lag() {
    return lag;
  }

  /** All metrics in Prometheus's text format, version 0.0.4. */
  public String page() {
    return page.scrape();
  }

  /** Sends what is left, for at most a few seconds. */
  @Override
  public void close() {
    collections.close();
    if (cloudWatch != null) {
      cloudWatch.close();
    }
    if (lines != null) {
      lines.close();
    }
    all.close();
    page.close();
  }
}
