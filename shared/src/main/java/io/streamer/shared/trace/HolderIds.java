package io.streamer.shared.trace;

import io.opentelemetry.sdk.trace.IdGenerator;
import io.streamer.shared.job.Digest;
import io.streamer.shared.job.Job;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Where ids come from. Those of traces begin with the time in seconds, as X-Ray wants it; those of
 * runs follow from the job and the epoch.
 */
final class HolderIds implements IdGenerator {
  /** An odd number whose multiples spread over all bits. */
  private static final long SPREAD = 0x9E37_79B9_7F4A_7C15L;

  private static final int SPAN_BYTES = 8;

  private final ThreadLocal<@Nullable String> next = new ThreadLocal<>();

  /** The span of whoever holds, or held, the job at an epoch. */
  static String of(Job job, long epoch) {
    var id = new Digest().add(job.run()).add(Long.toString(epoch)).hex(SPAN_BYTES);
    // the one id that is none
    return id.chars().allMatch(c -> c == '0') ? "0000000000000001" : id;
  }

  /** The next span that this thread begins has this id. */
  void next(String id) {
    next.set(id);
  }

  @Override
  public String generateSpanId() {
    var id = next.get();
    if (id == null) {
      return spanId();
    }
    next.remove();
    return id;
  }

  /** Any id of a span. */
  static String spanId() {
    var fresh = random();
    return HexFormat.of().toHexDigits(fresh == 0 ? 1 : fresh);
  }

  @Override
  public String generateTraceId() {
    var hex = HexFormat.of();
    var seconds = (int) (System.currentTimeMillis() / 1_000);
    return hex.toHexDigits(seconds) + hex.toHexDigits((int) random()) + hex.toHexDigits(random());
  }

  /** With the time in it: a function's snapshot that is restored often would repeat itself. */
  private static long random() {
    return ThreadLocalRandom.current().nextLong() + SPREAD * System.nanoTime();
  }
}
