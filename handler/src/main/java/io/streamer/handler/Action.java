package io.streamer.handler;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Names the action that a {@link Handler} serves and says how it behaves. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Action {

  /** The action's name on the wire: {@code [A-Za-z0-9._-]{1,64}}. */
  String value();

  /**
   * How long a run is expected to take, as a number with {@code ms}, {@code s}, {@code m} or {@code
   * h}. Up to the gateway's threshold (5 s unless set) it is answered on the spot; above it, queued
   * as a job. {@link Handlers.Added#expecting} decides by the request instead.
   */
  String expected() default "0s";

  /**
   * How long one run may take before its handler is interrupted. For a job that goes on from a
   * checkpoint in another invocation it counts anew.
   */
  String timeout() default "5m";

  /**
   * How often a job may be tried, the first attempt included: 1 to 100. A refusal, a payload that
   * breaks a rule and a result that cannot be written are final; whatever else a handler throws, a
   * timeout and a lost worker may pass.
   */
  int attempts() default 3;

  /** How long a job waits between two attempts. */
  Retry retry() default @Retry;

  /** Permissions the caller's token must all carry. */
  String[] needs() default {};

  /**
   * Runs of this action that one gateway answers on the spot at one time, counted from the
   * handler's start. Beyond it four times as many calls wait (16 at least, 1,024 at most), and
   * connections take turns; what does not fit, or has waited for the gateway's threshold or for
   * half of {@link #timeout}, is told to come back. Jobs are not limited by it.
   */
  int concurrency() default 256;

  /** The most progress frames a second that one job sends: 1 to 100. */
  int progressPerSecond() default 10;
}
