package io.streamer.shared.action;

import io.streamer.handler.Action;
import io.streamer.handler.Retry;
import io.streamer.shared.payload.Payloads;
import io.streamer.shared.payload.Types;
import io.streamer.shared.settings.Durations;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What a class says about its action by {@link Action} and its type arguments, checked.
 *
 * @param request the type that payloads are bound to
 */
public record Declared(
    String action,
    Duration expected,
    Duration timeout,
    int attempts,
    RetryPolicy retry,
    int concurrency,
    int progressPerSecond,
    List<String> needs,
    Class<?> type,
    Type request) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");
  private static final Pattern PERMISSION = Pattern.compile("\\S{1,128}");
  private static final Duration LONGEST = Duration.ofHours(24);
  private static final int MAX_ATTEMPTS = 100;
  private static final int MAX_CONCURRENCY = 100_000;
  private static final int MAX_PROGRESS = 100;

  /**
   * Reads a class.
   *
   * @param generic what it implements or extends, with the request as its first type argument and
   *     the result as its last
   * @throws IllegalArgumentException naming the class and what is wrong with it
   */
  public static Declared by(Class<?> type, Class<?> generic) {
    var action = type.getAnnotation(Action.class);
    if (action == null) {
      throw new IllegalArgumentException(type.getName() + " has no @Action");
    }
    try {
      require(NAME.matcher(action.value()).matches(), "its name is not " + NAME.pattern());
      var arguments = Types.arguments(type, generic);
      var request = arguments.getFirst();
      Payloads.requireBindable(request);
      Payloads.requireWritable(arguments.getLast());
      for (var permission : action.needs()) {
        require(PERMISSION.matcher(permission).matches(), "a permission is 1 to 128 characters");
      }
      return new Declared(
          action.value(),
          duration("expected", action.expected(), Duration.ZERO),
          duration("timeout", action.timeout(), Duration.ofMillis(1)),
          within("attempts", action.attempts(), MAX_ATTEMPTS),
          retry(action.retry()),
          within("concurrency", action.concurrency(), MAX_CONCURRENCY),
          within("progressPerSecond", action.progressPerSecond(), MAX_PROGRESS),
          List.of(action.needs()),
          type,
          request);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "the action \"%s\" of %s: %s".formatted(action.value(), type.getName(), e.getMessage()),
          e);
    }
  }

  private static RetryPolicy retry(Retry retry) {
    var base = duration("retry.base", retry.base(), Duration.ofMillis(1));
    var cap = duration("retry.cap", retry.cap(), Duration.ofMillis(1));
    require(cap.compareTo(base) >= 0, "retry.cap is no less than retry.base");
    return new RetryPolicy(retry.backoff(), base, cap);
  }

  private static Duration duration(String name, String text, Duration least) {
    var duration = Durations.parse(text);
    require(
        duration.compareTo(least) >= 0 && duration.compareTo(LONGEST) <= 0,
        name + " is " + least.toMillis() + "ms to " + LONGEST.toHours() + "h, not " + text);
    return duration;
  }

  private static int within(String name, int value, int most) {
    require(value >= 1 && value <= most, name + " is 1 to " + most + ", not " + value);
    return value;
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
