package io.streamer.emulator.fault;

import io.streamer.shared.settings.Durations;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** One rule of a plan's file: what its fields mean at its place. */
final class RuleFields {
  /**
   * A field's value.
   *
   * @param text as it stands there, without quotes
   * @param quoted whether it is a JSON string
   */
  record Value(int line, String text, boolean quoted) {}

  private static final List<String> PLACES =
      List.of("dynamodb", "stream", "invoke", "push", "socket", "disconnect", "worker", "gateway");

  private final String file;
  private final int line;
  private final Map<String, Value> left;

  RuleFields(String file, int line, Map<String, Value> values) {
    this.file = file;
    this.line = line;
    this.left = new LinkedHashMap<>(values);
  }

  FaultRule rule() {
    var at = needed("at", "a rule says where it acts: \"at\" is one of " + PLACES);
    var fault = needed("do", "a rule says what goes wrong: \"do\"");
    var when = when();
    var rule = rule(at, fault, when);
    left.forEach((name, value) -> {
      throw problem(value, "unknown field \"" + name + "\" in a rule at " + at.text());
    });
    return rule;
  }

  private FaultRule rule(Value at, Value fault, When when) {
    return switch (at.text()) {
      case "dynamodb" ->
          FaultRule.store(
              new FaultRule.Requests(operation(StoreCall.OPERATIONS), text("table"), from()),
              when,
              fault(
                  fault,
                  at,
                  Map.of(
                      "throttle", Fault.Throttle::new,
                      "fail", Fault.Fail::new,
                      "pause", () -> time("pause", Fault.Pause::new),
                      "delay", this::delay,
                      "lose_answer", Fault.LoseAnswer::new)));
      case "stream" ->
          FaultRule.stream(
              when,
              fault(
                  fault,
                  at,
                  Map.of(
                      "drop", Fault.Drop::new,
                      "delay", this::delay,
                      "duplicate", Fault.Duplicate::new,
                      "reorder", Fault.Reorder::new,
                      "split", Fault.Split::new,
                      "lose_answer", Fault.LoseAnswer::new)));
      case "invoke" ->
          new FaultRule.Invoke(
              text("function"),
              when,
              fault(
                  fault,
                  at,
                  Map.of(
                      "lose", Fault.Lose::new,
                      "delay", this::delay,
                      "duplicate", Fault.Duplicate::new,
                      "throttle", Fault.Throttle::new,
                      "fail", Fault.Fail::new)));
      case "push" ->
          new FaultRule.Push(
              door(),
              from(),
              when,
              fault(
                  fault,
                  at,
                  Map.of(
                      "status",
                      this::status,
                      "delay",
                      this::delay,
                      "lose_answer",
                      Fault.LoseAnswer::new,
                      "cut",
                      Fault.Cut::new)));
      case "socket" ->
          new FaultRule.Socket(door(), when, fault(fault, at, Map.of("cut", Fault.Cut::new)));
      case "disconnect" ->
          FaultRule.disconnect(
              when,
              fault(
                  fault,
                  at,
                  Map.of(
                      "drop", Fault.Drop::new,
                      "delay", this::delay,
                      "duplicate", Fault.Duplicate::new)));
      case "worker" ->
          new FaultRule.Worker(
              writes(), when, fault(fault, at, Map.of("kill", () -> new Fault.Kill(moment()))));
      case "gateway" ->
          new FaultRule.Gateway(
              writes(), when, fault(fault, at, Map.of("kill", () -> new Fault.Kill(moment()))));
      default ->
          throw problem(at, "unknown place \"" + at.text() + "\"; \"at\" is one of " + PLACES);
    };
  }

  private <F extends Fault> F fault(
      Value word, Value at, Map<String, Supplier<? extends F>> known) {
    var make = known.get(word.text());
    if (make == null) {
      throw problem(
          word,
          "unknown fault \""
              + word.text()
              + "\"; "
              + at.text()
              + " knows "
              + known.keySet().stream().sorted().collect(Collectors.joining(", ")));
    }
    return make.get();
  }

  private When when() {
    return new When(
        number("chance", Double::parseDouble, When::chance).orElse(1.0),
        number("every", Integer::parseInt, When::every).orElse(1),
        number("nth", Integer::parseInt, RuleFields::counted).orElse(0),
        number("times", Integer::parseInt, When::first).orElse(Integer.MAX_VALUE),
        duration("after", after -> When.ALWAYS.within(after, When.LONGEST)).orElse(Duration.ZERO),
        duration("for", length -> When.ALWAYS.within(Duration.ZERO, length)));
  }

  /** The model's 0 stands for a rule without it. */
  private static When counted(int nth) {
    if (nth < 1) {
      throw new IllegalArgumentException("nth is 1 or more");
    }
    return When.nth(nth);
  }

  private FaultRule.Requests writes() {
    return new FaultRule.Requests(operation(StoreCall.WRITES), text("table"), Optional.empty());
  }

  private Optional<String> operation(List<String> words) {
    return choice("operation", words);
  }

  private Optional<Role> from() {
    return choice("from", List.of("gateway", "worker", "any"))
        .filter(word -> !word.equals("any"))
        .map(word -> Role.valueOf(word.toUpperCase(Locale.ROOT)));
  }

  private Optional<Door> door() {
    return choice("door", Arrays.stream(Door.values()).map(Door::word).toList())
        .map(word -> Door.valueOf(word.toUpperCase(Locale.ROOT)));
  }

  private WriteMoment moment() {
    return choice("moment", List.of("before", "behind"))
        .map(word -> WriteMoment.valueOf(word.toUpperCase(Locale.ROOT)))
        .orElse(WriteMoment.BEHIND);
  }

  private Fault.Status status() {
    return number("status", Integer::parseInt, Fault.Status::new)
        .map(Fault.Status::new)
        .orElseThrow(() -> problem("a status is needed, such as \"status\": 410"));
  }

  private Fault.Delay delay() {
    return time("delay", Fault.Delay::new);
  }

  private <F extends Fault> F time(String fault, Function<Duration, F> make) {
    return duration("time", make)
        .map(make)
        .orElseThrow(() -> problem(fault + " needs a time, such as \"time\": \"2s\""));
  }

  private Value needed(String name, String otherwise) {
    var value = left.remove(name);
    if (value == null) {
      throw problem(otherwise);
    }
    return value;
  }

  private Optional<String> text(String name) {
    return taken(name, true, "a text").map(Value::text);
  }

  private Optional<String> choice(String name, List<String> words) {
    var value = taken(name, true, "one of " + words);
    value
        .filter(it -> !words.contains(it.text()))
        .ifPresent(it -> {
          throw problem(it, name + " is one of " + words + ", not \"" + it.text() + "\"");
        });
    return value.map(Value::text);
  }

  private Optional<Duration> duration(String name, Function<Duration, ?> rule) {
    return taken(name, true, "a text such as \"2s\"")
        .map(value -> checked(value, () -> Durations.parse(value.text()), rule));
  }

  private <N extends Number> Optional<N> number(
      String name, Function<String, N> parse, Function<N, ?> rule) {
    return taken(name, false, "a number")
        .map(value ->
            checked(
                value,
                () -> {
                  try {
                    return parse.apply(value.text());
                  } catch (NumberFormatException _) {
                    throw problem(value, name + " is no such number: " + value.text());
                  }
                },
                rule));
  }

  private Optional<Value> taken(String name, boolean quoted, String rule) {
    var value = Optional.ofNullable(left.remove(name));
    value
        .filter(it -> it.quoted() != quoted)
        .ifPresent(it -> {
          throw problem(it, name + " is " + rule);
        });
    return value;
  }

  /**
   * A value by itself; what the model refuses is told with the value's line.
   *
   * @param rule the part of the model that it is for
   */
  private <T> T checked(Value at, Supplier<T> read, Function<T, ?> rule) {
    try {
      var value = read.get();
      var _ = rule.apply(value);
      return value;
    } catch (IllegalArgumentException e) {
      throw problem(at, String.valueOf(e.getMessage()));
    }
  }

  private PlanException problem(String text) {
    return new PlanException(file, line, text);
  }

  private PlanException problem(Value at, String text) {
    return new PlanException(file, at.line(), text);
  }
}
