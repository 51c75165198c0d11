package io.streamer.soak.bench.micro;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** JMH's benchmarks: each runs for a moment, or is measured with {@code -Dstreamer.jmh=true}. */
class MicroBenchmarksTest {
  @Test
  void eachBenchmarkRuns() throws Exception {
    // of whatever else on this machine measures, too
    System.setProperty("jmh.ignoreLock", "true");
    var options =
        new OptionsBuilder()
            .include("\\.micro\\.")
            .mode(Mode.AverageTime)
            .timeUnit(TimeUnit.NANOSECONDS)
            .shouldFailOnError(true);
    var ran =
        new Runner((Boolean.getBoolean("streamer.jmh") ? measured(options) : once(options)).build())
            .run();

    assertThat(ran)
        .extracting(one -> one.getParams().getBenchmark().replaceFirst(".*\\.micro\\.", ""))
        .containsExactly(
            "CodecBenchmark.readRequest",
            "CodecBenchmark.writeProgress",
            "CodecBenchmark.writeResponse",
            "RouterBenchmark.answerOnVertx");
    assertThat(ran).allSatisfy(one -> assertThat(one.getPrimaryResult().getScore()).isPositive());
  }

  private static ChainedOptionsBuilder once(ChainedOptionsBuilder options) {
    return options
        .forks(0)
        .warmupIterations(0)
        .measurementIterations(1)
        .measurementTime(TimeValue.milliseconds(10))
        .verbosity(VerboseMode.SILENT);
  }

  /** In JVMs of their own, with the gateway's collector and all of the JVM's compilers. */
  private static ChainedOptionsBuilder measured(ChainedOptionsBuilder options) {
    return options
        .forks(3)
        .jvmArgs("-XX:+UseSerialGC", "--sun-misc-unsafe-memory-access=allow")
        .warmupIterations(3)
        .warmupTime(TimeValue.seconds(1))
        .measurementIterations(5)
        .measurementTime(TimeValue.seconds(1))
        .addProfiler(GCProfiler.class)
        .resultFormat(ResultFormatType.TEXT)
        .result(Path.of("target", "jmh.txt").toString());
  }
}
