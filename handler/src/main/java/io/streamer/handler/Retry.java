package io.streamer.handler;

import java.lang.annotation.Documented;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * How long a job waits before its next attempt. Durations are a number with {@code ms}, {@code s},
 * {@code m} or {@code h}.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({})
public @interface Retry {

  /** How the wait grows. */
  Backoff backoff() default Backoff.EXPONENTIAL;

  /** The wait after the first attempt, or what it grows by. */
  String base() default "1s";

  /** The longest wait. */
  String cap() default "5m";

  /** How waits grow from one attempt to the next. */
  enum Backoff {
    /** Always the base. */
    FIXED,
    /** The base, twice the base, three times the base. */
    LINEAR,
    /**
     * Anything from nothing to the base, then to twice, four times, eight times the base: full
     * jitter, so that jobs which failed together do not come back together.
     */
    EXPONENTIAL
  }
}
