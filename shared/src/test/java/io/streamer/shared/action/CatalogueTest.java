package io.streamer.shared.action;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.streamer.handler.Action;
import io.streamer.handler.Caller;
import io.streamer.handler.Config;
import io.streamer.handler.Failure;
import io.streamer.handler.Handler;
import io.streamer.handler.HandlerModule;
import io.streamer.handler.Handlers;
import io.streamer.handler.Interceptor;
import io.streamer.handler.RawJson;
import io.streamer.handler.Run;
import io.streamer.shared.payload.InvalidPayload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class CatalogueTest {
  private static final Config NO_CONFIG = _ -> Optional.empty();
  private static final Caller CALLER = NoRun.CALLER;

  private record Ask(int number) {}

  private record Answer(int doubled) {}

  private abstract static class Layer<A, B> implements Handler<B, A> {}

  @Action(
      value = "double",
      expected = "2s",
      timeout = "30m",
      attempts = 5,
      needs = {"a:b", "c"},
      concurrency = 7,
      progressPerSecond = 100)
  private static final class Doubling extends Layer<Answer, Ask> implements AutoCloseable {
    private boolean closed;

    @Override
    public Answer handle(Ask request, Run run) {
      return new Answer(request.number() * 2);
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  @Action("double")
  private static final class AlsoDoubling implements Handler<RawJson, RawJson> {
    @Override
    public RawJson handle(RawJson request, Run run) {
      return request;
    }
  }

  @Action("plain")
  private static final class Plain implements Handler<List<Ask>, Integer> {
    @Override
    public Integer handle(List<Ask> request, Run run) {
      return request.size();
    }
  }

  @Test
  void anActionIsDescribedByItsAnnotation() {
    var definition = only(handlers -> handlers.add(Doubling.class, Doubling::new));
    assertThat(definition.action()).isEqualTo("double");
    assertThat(definition.expected()).isEqualTo(Duration.ofSeconds(2));
    assertThat(definition.timeout()).isEqualTo(Duration.ofMinutes(30));
    assertThat(definition.attempts()).isEqualTo(5);
    assertThat(definition.needs()).containsExactly("a:b", "c");
    assertThat(definition.concurrency()).isEqualTo(7);
    assertThat(definition.progressPerSecond()).isEqualTo(100);
    assertThat(definition.handlerClass()).isEqualTo(Doubling.class.getName());
  }

  @Test
  void theRequestTypeIsFoundThroughSuperclasses() throws Exception {
    var definition = only(handlers -> handlers.add(Doubling.class, Doubling::new));
    var request = definition.bind(RawJson.of("{\"number\":21}"));
    assertThat(request).isEqualTo(new Ask(21));
    assertThat(definition.call(request, new NoRun())).hasToString("{\"doubled\":42}");
    assertThatExceptionOfType(InvalidPayload.class)
        .isThrownBy(() -> definition.bind(RawJson.of("{}")));
  }

  @Test
  void genericRequestsAndPlainResultsWork() throws Exception {
    var definition = only(handlers -> handlers.add(Plain.class, Plain::new));
    var request = definition.bind(RawJson.of("[{\"number\":1},{\"number\":2}]"));
    assertThat(definition.call(request, new NoRun())).hasToString("{\"value\":2}");
  }

  @Test
  void actionsAreFoundByNameInTheOrderOfRegistration() {
    try (var catalogue =
        Catalogue.of(
            List.of(
                (handlers, _) -> handlers.add(Plain.class, Plain::new),
                (handlers, _) -> handlers.add(Doubling.class, Doubling::new)),
            NO_CONFIG)) {
      assertThat(catalogue.definitions())
          .extracting(Definition::action)
          .containsExactly("plain", "double");
      assertThat(catalogue.find("double")).isPresent();
      assertThat(catalogue.find("Double")).isEmpty();
    }
  }

  @Test
  void twoHandlersOfOneActionAreRefusedByName() {
    assertRefused(
        handlers -> {
          handlers.add(Doubling.class, Doubling::new);
          handlers.add(AlsoDoubling.class, AlsoDoubling::new);
        },
        Doubling.class.getName(),
        AlsoDoubling.class.getName(),
        "served twice");
  }

  @Test
  void oneBeneathGivesWayAndIsBackWhenTheOtherIsGone() {
    HandlerModule beneath =
        (handlers, _) -> {
          handlers.add(Doubling.class, Doubling::new);
          handlers.add(Plain.class, Plain::new);
        };
    HandlerModule mine = (handlers, _) -> handlers.add(AlsoDoubling.class, AlsoDoubling::new);
    var first = Catalogue.of(List.of(beneath), NO_CONFIG);
    var second = first.with(List.of(beneath), List.of(mine), NO_CONFIG);
    var third = second.with(List.of(beneath), List.of(), NO_CONFIG);

    assertThat(served(first)).isEqualTo(Doubling.class.getName());
    assertThat(served(second)).isEqualTo(AlsoDoubling.class.getName());
    assertThat(served(third)).isEqualTo(Doubling.class.getName());
    assertThat(second.find("plain")).isEqualTo(first.find("plain"));
    HandlerModule another = (handlers, _) -> handlers.add(Doubling.class, Doubling::new);
    assertThatIllegalStateException()
        .isThrownBy(() -> second.with(List.of(beneath), List.of(mine, another), NO_CONFIG))
        .withMessageContaining("served twice");
  }

  private static String served(Catalogue catalogue) {
    return catalogue.find("double").orElseThrow().handlerClass();
  }

  private static final class Unnamed implements Handler<RawJson, RawJson> {
    @Override
    public RawJson handle(RawJson request, Run run) {
      return request;
    }
  }

  @Action("sp ace")
  private static final class Misnamed extends Echoing {}

  @Action(value = "a", expected = "soon")
  private static final class Soon extends Echoing {}

  @Action(value = "a", timeout = "0s")
  private static final class NoTime extends Echoing {}

  @Action(value = "a", timeout = "2d")
  private static final class Endless extends Echoing {}

  @Action(value = "a", attempts = 0)
  private static final class NoAttempts extends Echoing {}

  @Action(value = "a", concurrency = 0)
  private static final class Nobody extends Echoing {}

  @Action(value = "a", progressPerSecond = 101)
  private static final class Chatty extends Echoing {}

  @Action(value = "a", needs = "")
  private static final class Needless extends Echoing {}

  @Action("a")
  private static final class Strange implements Handler<Thread, RawJson> {
    @Override
    public RawJson handle(Thread request, Run run) {
      return RawJson.NULL;
    }
  }

  private abstract static class Echoing implements Handler<RawJson, RawJson> {
    @Override
    public RawJson handle(RawJson request, Run run) {
      return request;
    }
  }

  @Action("a")
  private static final class Open<T> implements Handler<T, RawJson> {
    @Override
    public RawJson handle(T request, Run run) {
      return RawJson.NULL;
    }
  }

  @Test
  void wrongDeclarationsAreRefusedByClassAndReason() {
    assertRefused(h -> h.add(Unnamed.class, Unnamed::new), Unnamed.class.getName(), "no @Action");
    assertRefused(h -> h.add(Misnamed.class, Misnamed::new), "sp ace", "A-Za-z0-9");
    assertRefused(h -> h.add(Soon.class, Soon::new), Soon.class.getName(), "soon");
    assertRefused(h -> h.add(NoTime.class, NoTime::new), NoTime.class.getName(), "timeout");
    assertRefused(h -> h.add(Endless.class, Endless::new), "timeout is 1ms to 24h, not 2d");
    assertRefused(h -> h.add(NoAttempts.class, NoAttempts::new), "attempts is 1 to 100, not 0");
    assertRefused(h -> h.add(Nobody.class, Nobody::new), "concurrency is 1 to 100000, not 0");
    assertRefused(h -> h.add(Chatty.class, Chatty::new), "progressPerSecond is 1 to 100, not 101");
    assertRefused(h -> h.add(Needless.class, Needless::new), "permission");
    assertRefused(h -> h.add(Strange.class, Strange::new), "java.lang.Thread");
  }

  @Test
  @SuppressWarnings({"unchecked", "rawtypes"})
  void aHandlerWithOpenTypesIsRefused() {
    assertRefused(h -> h.add((Class) Open.class, Open::new), Open.class.getName(), "Handler<…>");
  }

  @Test
  void nullsAreRefused() {
    assertRefused(h -> h.add(Plain.class, null), "null", Plain.class.getName());
    assertRefused(h -> h.intercept(null), "null instead of an interceptor");
    assertRefused(h -> h.add(Plain.class, Plain::new).expecting(null), "null", "estimate");
  }

  @Test
  void nothingIsAddedAfterTheStart() {
    var kept = new AtomicReference<Handlers>();
    only(handlers -> {
      kept.set(handlers);
      handlers.add(Plain.class, Plain::new);
    });
    assertThatIllegalStateException()
        .isThrownBy(() -> kept.get().add(Doubling.class, Doubling::new));
  }

  @Test
  void anEstimateTakesTheExpectationsPlace() {
    var plain = only(handlers -> handlers.add(Doubling.class, Doubling::new));
    assertThat(plain.answersWithin(Duration.ofSeconds(2))).isTrue();
    assertThat(plain.answersWithin(Duration.ofSeconds(1))).isFalse();
    assertThat(plain.estimate(new Ask(9))).isEqualTo(Duration.ofSeconds(2));

    var estimated =
        only(handlers ->
            handlers
                .add(Doubling.class, Doubling::new)
                .expecting(ask -> Duration.ofSeconds(ask.number())));
    assertThat(estimated.answersWithin(Duration.ofSeconds(1))).isTrue();
    assertThat(estimated.estimate(new Ask(9))).isEqualTo(Duration.ofSeconds(9));
  }

  @Test
  void oneInstanceIsMadeAtTheFirstNeed() throws Exception {
    var made = new AtomicInteger();
    var definition =
        only(handlers ->
            handlers.add(
                Plain.class,
                () -> {
                  made.incrementAndGet();
                  return new Plain();
                }));
    assertThat(made).hasValue(0);
    definition.call(List.of(), new NoRun());
    definition.open();
    assertThat(made).hasValue(1);
  }

  @Test
  void aHandlerThatCannotBeMadeFailsAloneAndMayBeTriedAgain() throws Exception {
    var made = new AtomicInteger();
    try (var catalogue =
        Catalogue.of(
            List.of((handlers, _) -> {
              handlers.add(
                  Plain.class,
                  () -> {
                    if (made.incrementAndGet() == 1) {
                      throw new UnsatisfiedLinkError("no bank today");
                    }
                    return new Plain();
                  });
              handlers.add(Doubling.class, Doubling::new);
            }),
            NO_CONFIG)) {
      var plain = catalogue.find("plain").orElseThrow();
      assertThatIllegalStateException()
          .isThrownBy(plain::open)
          .withMessageContainingAll(
              "plain", Plain.class.getName(), "test-classes", "no bank today");
      catalogue.find("double").orElseThrow().open();
      assertThat(plain.call(List.of(), new NoRun())).hasToString("{\"value\":0}");
    }
  }

  @Test
  void interceptorsWrapTheHandlerTheFirstOutermost() throws Exception {
    var log = new ArrayList<String>();
    var definition =
        only(handlers -> {
          handlers.intercept(new Logging("outer", log));
          handlers.add(Plain.class, Plain::new);
          handlers.intercept(new Logging("inner", log));
        });
    definition.accept(CALLER);
    definition.call(List.of(), new NoRun());
    assertThat(log)
        .containsExactly(
            "outer accepts u for plain",
            "inner accepts u for plain",
            "outer before",
            "inner before",
            "inner after 0",
            "outer after 0");
  }

  @Test
  void anInterceptorTurnsACallerAway() {
    var definition =
        only(handlers -> {
          handlers.add(Plain.class, Plain::new);
          handlers.intercept(
              new Interceptor() {
                @Override
                public void accept(String action, Caller caller) {
                  throw Failure.forbidden("not you");
                }
              });
        });
    assertThatExceptionOfType(Failure.class)
        .isThrownBy(() -> definition.accept(CALLER))
        .withMessage("not you");
  }

  @Test
  void closingTheCatalogueClosesWhatWasMade() {
    var made = new Doubling();
    var catalogue =
        Catalogue.of(List.of((handlers, _) -> handlers.add(Doubling.class, () -> made)), NO_CONFIG);
    catalogue.close();
    assertThat(made.closed).isFalse();

    var used =
        Catalogue.of(List.of((handlers, _) -> handlers.add(Doubling.class, () -> made)), NO_CONFIG);
    used.find("double").orElseThrow().open();
    used.close();
    assertThat(made.closed).isTrue();
    assertThatIllegalStateException().isThrownBy(() -> used.find("double").orElseThrow().open());
  }

  /** A registration of one module, for its only handler. */
  private interface Registering {
    void register(Handlers handlers);
  }

  private static Definition only(Registering registering) {
    return Catalogue.of(List.of(module(registering)), NO_CONFIG).definitions().iterator().next();
  }

  private static void assertRefused(Registering registering, String... parts) {
    assertThatIllegalStateException()
        .isThrownBy(() -> Catalogue.of(List.of(module(registering)), NO_CONFIG))
        .withMessageContainingAll(parts);
  }

  private static HandlerModule module(Registering registering) {
    return (handlers, _) -> registering.register(handlers);
  }

  private record Logging(String name, List<String> log) implements Interceptor {
    @Override
    public void accept(String action, Caller caller) {
      log.add(name + " accepts " + caller.user() + " for " + action);
    }

    @Override
    public Object run(String action, Run run, Next next) throws Exception {
      log.add(name + " before");
      var result = next.proceed();
      log.add(name + " after " + result);
      return result;
    }
  }
}
