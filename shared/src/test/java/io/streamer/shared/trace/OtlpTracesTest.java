package io.streamer.shared.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.trace.SpanId;
import io.streamer.shared.job.JobStatus;
import io.streamer.shared.store.Jobs;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OtlpTracesTest {
  private static final String PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

  private static Traces open(URI endpoint, double ratio) {
    return Traces.of(new TraceSettings(Optional.of(endpoint), Map.of(), ratio), "streamer-gateway");
  }

  private static String traceparent(Span span) {
    return span.traceparent(Optional.empty()).orElseThrow();
  }

  @Test
  void aCollectorThatNeverAnswersHoldsUpNobody() throws Exception {
    // accepts by its backlog, and reads nothing
    try (var mute = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var traces = open(URI.create("http://127.0.0.1:" + mute.getLocalPort()), 1)) {
      for (int i = 0; i < 20_000; i++) {
        var span = traces.request("echo", PARENT);
        span.child(SpanName.HANDLE, "echo").end();
        span.end();
      }
      traces.flush();
    }
  }

  @Test
  void aRunsIdFollowsFromItsJobAndItsEpoch() {
    var job = Jobs.job(JobStatus.RUNNING);
    try (var traces = open(URI.create("http://127.0.0.1:1"), 1)) {
      var once = traceparent(traces.run(job, Optional.of(PARENT), Optional.empty()));
      assertThat(once)
          .isEqualTo(traceparent(traces.run(job, Optional.of(PARENT), Optional.empty())));
      assertThat(once.substring(36, 52))
          .isEqualTo(HolderIds.of(job, job.epoch()))
          .isNotEqualTo(HolderIds.of(job, job.epoch() - 1));
      assertThat(SpanId.isValid(HolderIds.of(job, 0))).isTrue();
      // and no other span has it
      var child = traces.run(job, Optional.of(PARENT), Optional.empty()).child(SpanName.PUSH, "a");
      assertThat(traceparent(child)).isNotEqualTo(once).contains(once.substring(3, 35));
    }
  }

  @Test
  void withoutAParentAJobsSpanIsNone() {
    try (var traces = open(URI.create("http://127.0.0.1:1"), 1)) {
      assertThat(traces.of(SpanName.DISPATCH, "a", Optional.empty())).isSameAs(Span.NONE);
      assertThat(traces.of(SpanName.DISPATCH, "a", Optional.of("x"))).isSameAs(Span.NONE);
    }
  }

  @Test
  void aTraceOfItsOwnBeginsWithTheTimeAsXRayWantsIt() {
    try (var traces = open(URI.create("http://127.0.0.1:1"), 1)) {
      var before = System.currentTimeMillis() / 1_000;
      var trace = traceparent(traces.request("echo", null)).substring(3, 35);
      assertThat(Long.parseLong(trace.substring(0, 8), 16))
          .isBetween(before, System.currentTimeMillis() / 1_000);
      assertThat(traceparent(traces.request("echo", null)).substring(3, 35)).isNotEqualTo(trace);
    }
  }

  @Test
  void theClientsFlagCountsAndNotTheRatio() {
    try (var none = open(URI.create("http://127.0.0.1:1"), 0)) {
      assertThat(traceparent(none.request("echo", null))).endsWith("-00");
      assertThat(traceparent(none.request("echo", PARENT))).endsWith("-01");
    }
    try (var all = open(URI.create("http://127.0.0.1:1"), 1)) {
      assertThat(traceparent(all.request("echo", null))).endsWith("-01");
      assertThat(traceparent(all.request("echo", PARENT.replaceAll("01$", "00")))).endsWith("-00");
    }
  }

  @Test
  void theRatioIsThatOfTheTracesThatBeginHere() {
    try (var some = open(URI.create("http://127.0.0.1:1"), 0.1)) {
      long recorded =
          IntStream.range(0, 5_000)
              .mapToObj(_ -> some.request("echo", null))
              .filter(span -> traceparent(span).endsWith("-01"))
              .count();
      // eight standard deviations
      assertThat(recorded).isBetween(330L, 670L);
    }
  }

  @Test
  void whatIsNotRecordedIsHandedOnToAHandlersOwnSpans() {
    try (var none = open(URI.create("http://127.0.0.1:1"), 0)) {
      var span = none.request("echo", null);
      assertThat(span.child(SpanName.HANDLE, "echo")).isSameAs(span);
      try (var _ = span.current()) {
        var context = io.opentelemetry.api.trace.Span.current().getSpanContext();
        assertThat(context.isValid()).isTrue();
        assertThat(context.isSampled()).isFalse();
        assertThat(traceparent(span)).contains(context.getTraceId(), context.getSpanId());
        assertThat(traceparent(span)).isEqualTo(traceparent(span));
        assertThat(traceparent(none.request("echo", null))).isNotEqualTo(traceparent(span));
      }
    }
  }

  @Test
  void lambdasHeaderNamesASpanOfXRay() {
    var context =
        XrayHeader.context(
            "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1;Lineage=x");
    assertThat(context.getTraceId()).isEqualTo("5759e988bd862e3fe1be46a994272793");
    assertThat(context.getSpanId()).isEqualTo("53995c3f42cd8ad8");
    assertThat(context.isSampled()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Root",
        "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1",
        "Root=1-5759e988bd862e3fe1be46a9942727931;Parent=53995c3f42cd8ad8",
        "Root=2-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8",
        "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8adz",
        "Root=1-00000000-000000000000000000000000;Parent=53995c3f42cd8ad8"
      })
  void anotherHeaderNamesNone(String header) {
    assertThat(XrayHeader.context(header)).isNull();
  }
}
