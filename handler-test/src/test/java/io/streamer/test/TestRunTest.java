package io.streamer.test;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.streamer.handler.Action;
import io.streamer.handler.Failure;
import io.streamer.handler.Handler;
import io.streamer.handler.Invalid;
import io.streamer.handler.RawJson;
import io.streamer.handler.Run;
import io.streamer.handler.StoredFile;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class TestRunTest {

  record Order(String what, int itemCount) {
    Order {
      if (itemCount < 1) {
        throw new Invalid("itemCount", "is less than 1");
      }
    }
  }

  record Receipt(String id, String buyer, int itemCount) {}

  record Weighed(int grams) {}

  @Action(value = "order", timeout = "1m", needs = "shop:buy", attempts = 2)
  private static class Shop implements Handler<Order, Receipt> {
    @Override
    public Receipt handle(Order order, Run run) throws Exception {
      run.progress(40, "packing");
      run.progress(30, "x".repeat(300));
      run.progress(200, run.metadata().getOrDefault("note", "no note"));
      run.annotate("shelf", "7");
      return switch (order.what()) {
        case "gold" -> throw Failure.refused("SOLD_OUT", "no gold left");
        case "secret" -> throw Failure.forbidden("not for you");
        case "milk" -> throw Failure.tryAgain("LATE", "at attempt " + run.attempt());
        case "fire" -> throw new IOException("burnt");
        case "check" -> throw new AssertionError("by a fake");
        default -> new Receipt(run.id(), run.caller().user(), order.itemCount());
      };
    }
  }

  private final TestRun<Order> shop = TestRun.of(new Shop());

  record Pages(int count, boolean torn) {}

  @Action("print")
  private static final class Printer implements Handler<Pages, StoredFile> {
    @Override
    public StoredFile handle(Pages pages, Run run) throws Exception {
      StoredFile last = null;
      for (int page = 1; page <= pages.count(); page++) {
        var text = "page " + page;
        last =
            run.file(
                "p" + page + ".txt",
                "text/plain",
                out -> {
                  out.write(text.getBytes(UTF_8));
                  if (pages.torn()) {
                    throw new IOException("torn");
                  }
                });
      }
      return last;
    }
  }

  @Test
  void theFilesOfARunAreReadByName() throws Exception {
    var run = TestRun.of(new Printer());
    var last = run.run(new Pages(2, false)).completed().as(StoredFile.class);
    assertThat(run.files().keySet()).containsExactly("p1.txt", "p2.txt");
    assertThat(run.files().get("p1.txt").text()).isEqualTo("page 1");
    assertThat(run.files().get("p1.txt").contentType()).isEqualTo("text/plain");
    assertThat(last.sizeBytes()).isEqualTo(6);
    assertThat(last.url()).contains("p2.txt");
  }

  @Test
  void aFileWhoseWriterFailsIsNotKept() throws Exception {
    var run = TestRun.of(new Printer());
    assertThat(run.run(new Pages(1, true))).isInstanceOf(Outcome.Failed.class);
    assertThat(run.files()).isEmpty();
  }

  @Test
  void aRunHasAHundredFilesAndNoMore() throws Exception {
    var run = TestRun.of(new Printer());
    run.run(new Pages(100, false)).completed();
    assertThat(run.run(new Pages(101, false)))
        .isInstanceOfSatisfying(
            Outcome.Refused.class,
            refused -> assertThat(refused.reason()).isEqualTo("TOO_MANY_FILES"));
  }

  @Test
  void aFilesNameIsOneSegmentOfAPath() throws Exception {
    for (var name : List.of("", ".", "..", "a/b", "a\\b", "a\nb", "x".repeat(129))) {
      var run = TestRun.of(new Named());
      assertThat(run.run(name)).as(name).isInstanceOf(Outcome.Failed.class);
    }
    TestRun.of(new Named()).run("..a").completed();
  }

  @Action("named")
  private static final class Named implements Handler<String, StoredFile> {
    @Override
    public StoredFile handle(String name, Run run) throws Exception {
      return run.file(name, "text/plain", _ -> {});
    }
  }

  @Test
  void aRequestComesBackAsAResult() throws Exception {
    var completed = shop.id("r-1").caller("acme", "ann", "shop:buy").run(new Order("tea", 2));
    assertThat(completed.completed().as(Receipt.class)).isEqualTo(new Receipt("r-1", "ann", 2));
    assertThat(completed.completed().result())
        .hasToString("{\"id\":\"r-1\",\"buyer\":\"ann\",\"item_count\":2}");
  }

  @Test
  void aRequestMayBeJsonText() throws Exception {
    assertThat(
            shop.runJson("{\"what\":\"tea\",\"itemCount\":3,\"more\":1}")
                .completed()
                .as(Receipt.class))
        .isEqualTo(new Receipt("test-run", "test-user", 3));
  }

  @Test
  void anInvalidRequestNeverReachesTheHandler() throws Exception {
    assertThat(shop.runJson("{\"what\":7}"))
        .isEqualTo(
            new Outcome.Invalid(
                List.of(
                    new Outcome.Field("/what", "must be a string"),
                    new Outcome.Field("/item_count", "is missing"))));
    assertThat(shop.runJson("{\"what\":\"tea\",\"item_count\":0}"))
        .isEqualTo(
            new Outcome.Invalid(List.of(new Outcome.Field("/item_count", "is less than 1"))));
    assertThat(shop.progress()).isEmpty();
  }

  @Test
  void failuresAreOutcomes() throws Exception {
    assertThat(shop.run(new Order("gold", 1)))
        .isEqualTo(new Outcome.Refused("SOLD_OUT", "no gold left"));
    assertThat(shop.run(new Order("secret", 1))).isEqualTo(new Outcome.Forbidden("not for you"));
    assertThat(shop.attempt(2).run(new Order("milk", 1)))
        .isEqualTo(new Outcome.TryAgain("LATE", "at attempt 2"));
    assertThat(shop.run(new Order("fire", 1)))
        .isInstanceOfSatisfying(
            Outcome.Failed.class, failed -> assertThat(failed.exception()).hasMessage("burnt"));
  }

  @Test
  void anAssertionInAFakeFailsTheTest() {
    assertThatExceptionOfType(AssertionError.class)
        .isThrownBy(() -> shop.run(new Order("check", 1)))
        .withMessage("by a fake");
  }

  @Test
  void whatIsNotCompletedSaysWhatItIs() throws Exception {
    var refused = shop.run(new Order("gold", 1));
    assertThatExceptionOfType(AssertionError.class)
        .isThrownBy(refused::completed)
        .withMessageContaining("SOLD_OUT");
    var completed = shop.run(new Order("tea", 1)).completed();
    assertThatExceptionOfType(AssertionError.class)
        .isThrownBy(() -> completed.as(Weighed.class))
        .withMessageContaining("/grams is missing");
  }

  @Test
  void aCallerWithoutThePermissionIsTurnedAway() throws Exception {
    assertThat(shop.caller("acme", "ann").run(new Order("tea", 1)))
        .isEqualTo(new Outcome.Forbidden("the permission shop:buy is missing"));
    assertThat(shop.progress()).isEmpty();
  }

  @Test
  void reportsAndAnnotationsOfTheLastRunAreKept() throws Exception {
    shop.metadata("note", "wrapped").run(new Order("tea", 1));
    shop.run(new Order("tea", 1));
    assertThat(shop.progress())
        .containsExactly(
            new Report(40, "packing"), new Report(40, "x".repeat(200)), new Report(100, "wrapped"));
    assertThat(shop.annotations()).containsExactly(Map.entry("shelf", "7"));
  }

  @Action("annotate")
  private static final class Annotating implements Handler<List<String>, Integer> {
    @Override
    public Integer handle(List<String> keys, Run run) {
      keys.forEach(key -> run.annotate(key, "v"));
      return keys.size();
    }
  }

  @Test
  void annotationsAreBounded() throws Exception {
    var run = TestRun.of(new Annotating());
    var keys = new ArrayList<String>();
    for (int i = 0; i < 16; i++) {
      keys.add("k" + i);
    }
    keys.add("k0");
    assertThat(run.run(keys)).isInstanceOf(Outcome.Completed.class);
    keys.add("k16");
    run.run(keys).completed();
    assertThat(run.annotations()).hasSize(16).doesNotContainKey("k16");
  }

  @Action(value = "wait", expected = "1m")
  private static final class Waiting implements Handler<RawJson, RawJson> {
    @Override
    public RawJson handle(RawJson request, Run run) throws Exception {
      new CountDownLatch(1).await();
      return request;
    }
  }

  @Test
  void aHandlerIsInterruptedWhenItsTimeIsUp() throws Exception {
    var time = Duration.ofMillis(1);
    assertThat(TestRun.of(new Waiting()).timeout(time).runJson("1"))
        .isEqualTo(new Outcome.TimedOut(time, true));
  }

  @Action("deaf")
  private static final class Deaf implements Handler<RawJson, RawJson> {
    private volatile boolean over;

    @Override
    public RawJson handle(RawJson request, Run run) {
      while (!over) {
        LockSupport.parkNanos(1_000_000);
      }
      return request;
    }
  }

  @Test
  void aHandlerThatIgnoresItsInterruptIsToldApart() throws Exception {
    var deaf = new Deaf();
    var time = Duration.ofMillis(1);
    assertThat(TestRun.of(deaf, time).timeout(time).runJson("1"))
        .isEqualTo(new Outcome.TimedOut(time, false));
    deaf.over = true;
  }

  @Action("raw")
  private static final class Raw implements Handler<RawJson, RawJson> {
    @Override
    public RawJson handle(RawJson request, Run run) {
      return RawJson.of("{\"a\":" + request);
    }
  }

  @Test
  void aResultThatIsNoJsonIsFound() throws Exception {
    assertThat(TestRun.of(new Raw()).run(RawJson.of("1"))).isInstanceOf(Outcome.Failed.class);
  }

  @Test
  void aRequestThatIsNoJsonIsInvalid() throws Exception {
    assertThat(TestRun.of(new Raw()).runJson("{"))
        .isEqualTo(new Outcome.Invalid(List.of(new Outcome.Field("", "is not JSON"))));
  }

  @Test
  void theEstimateIsTheDeclaredOne() throws Exception {
    assertThat(TestRun.of(new Waiting()).estimate(RawJson.NULL)).isEqualTo(Duration.ofMinutes(1));
  }

  @Test
  void aSubclassOfAHandlerRunsAsItsAction() throws Exception {
    var overridden =
        new Shop() {
          @Override
          public Receipt handle(Order order, Run run) {
            return new Receipt("fake", "fake", 0);
          }
        };
    assertThat(TestRun.of(overridden).run(new Order("gold", 1)).completed().as(Receipt.class).id())
        .isEqualTo("fake");
  }

  @Test
  void whatProductionRefusesIsRefusedHere() {
    Handler<RawJson, RawJson> unnamed = (request, _) -> request;
    assertThatIllegalStateException()
        .isThrownBy(() -> TestRun.of(unnamed))
        .withMessageContaining("has no @Action");
    assertThatIllegalArgumentException().isThrownBy(() -> shop.attempt(3));
    assertThatIllegalArgumentException().isThrownBy(() -> shop.attempt(0));
  }
}
