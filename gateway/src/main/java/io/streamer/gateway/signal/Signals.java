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
import io.streamer.shared.settings.AwsSettings;
import io.streamer.shared.signal.Metric;
import java.lang.management.ManagementFactory;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a task's metrics go: to whoever asks for the page, the JVM's own among them, and to
 * CloudWatch if there is a namespace for them, a chosen few (each costs by the month).
 */
public final class Signals implements AutoCloseable {
  private final PrometheusMeterRegistry page =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final CompositeMeterRegistry all = new CompositeMeterRegistry();
  private final JvmGcMetrics collections = new JvmGcMetrics();
  private final @Nullable CloudWatch cloudWatch;
  private final Meters meters = new Meters(all);
  private final LoopLag.Longest lag = new LoopLag.Longest();

  /**
   * Starts to measure.
   *
   * @param namespace of CloudWatch; nothing is sent there without one
   */
  public Signals(Optional<String> namespace, AwsSettings aws) {
    all.add(page);
    cloudWatch = namespace.map(name -> CloudWatch.open(name, aws)).orElse(null);
    if (cloudWatch != null) {
      all.add(cloudWatch.registry());
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
    all.close();
    page.close();
  }
}
