package io.streamer.system;

import io.streamer.handler.Action;
import io.streamer.handler.Config;
import io.streamer.handler.Failure;
import io.streamer.handler.Handler;
import io.streamer.handler.HandlerModule;
import io.streamer.handler.Handlers;
import io.streamer.handler.Invalid;
import io.streamer.handler.RawJson;
import io.streamer.handler.Run;
import io.streamer.handler.StoredFile;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Actions whose timing the tests hold in their hands. */
public final class TestActions implements HandlerModule {
  private static final ConcurrentMap<String, CountDownLatch> GATES = new ConcurrentHashMap<>();
  private static final ConcurrentMap<String, AtomicInteger> RUNS = new ConcurrentHashMap<>();

  @Override
  public void register(Handlers handlers, Config config) {
    handlers.intercept(new InterceptorTest.Witness());
    handlers.add(Meet.class, Meet::new);
    handlers.add(Estimated.class, Estimated::new).expecting(r -> Duration.ofMillis(r.millis()));
    handlers.add(Gated.class, Gated::new);
    handlers.add(GatedJob.class, GatedJob::new);
    handlers.add(Open.class, Open::new);
    handlers.add(Guarded.class, Guarded::new);
    handlers.add(GuardedJob.class, GuardedJob::new);
    handlers.add(WhoAmI.class, WhoAmI::new);
    handlers.add(Ordered.class, Ordered::new);
    handlers.add(OrderedJob.class, OrderedJob::new);
    handlers.add(Broken.class, Broken::new);
    handlers.add(BrokenJob.class, BrokenJob::new);
    handlers.add(Refused.class, Refused::new);
    handlers.add(Filed.class, Filed::new);
    handlers.add(FiledJob.class, FiledJob::new);
    handlers.add(Sized.class, Sized::new);
    handlers.add(SizedJob.class, SizedJob::new);
    handlers.add(LastWords.class, LastWords::new);
    handlers.add(Busy.class, Busy::new);
    handlers.add(Course.class, Course::new);
    handlers.add(OddHandlersTest.Odd.class, OddHandlersTest.Odd::new);
    handlers.add(BurstTest.Narrow.class, BurstTest.Narrow::new);
    handlers.add(SecretsInLogsTest.Marked.class, SecretsInLogsTest.Marked::new);
    handlers.add(SecretsInLogsTest.MarkedJob.class, SecretsInLogsTest.MarkedJob::new);
  }

  /** Lets the handlers behind a gate go on, those still to come too. */
  static void open(String gate) {
    gate(gate).countDown();
  }

  /** How often a handler ran behind the gate, finished or not. */
  static int runs(String gate) {
    return RUNS.computeIfAbsent(gate, _ -> new AtomicInteger()).get();
  }

  static CountDownLatch gate(String name) {
    return GATES.computeIfAbsent(name, _ -> new CountDownLatch(1));
  }

  static void pass(CountDownLatch latch) throws InterruptedException {
    if (!latch.await(30, TimeUnit.SECONDS)) {
      throw new IllegalStateException("nobody came");
    }
  }

  /** Waits for others at a place. */
  @Action("test.meet")
  public static final class Meet implements Handler<Meet.Place, Meet.Met> {
    public record Place(String name, int people) {}

    public record Met(String name) {}

    private final ConcurrentMap<String, CountDownLatch> places = new ConcurrentHashMap<>();

    @Override
    public Met handle(Place place, Run run) throws Exception {
      var everybody = places.computeIfAbsent(place.name(), _ -> new CountDownLatch(place.people()));
      everybody.countDown();
      pass(everybody);
      return new Met(place.name());
    }
  }

  /** Takes as long as the request says, or so it says. */
  @Action("test.estimated")
  public static final class Estimated implements Handler<Estimated.Request, Map<String, Long>> {
    public record Request(long millis) {}

    @Override
    public Map<String, Long> handle(Request request, Run run) {
      return Map.of("millis", request.millis());
    }
  }

  public record Gate(String gate) {}

  private static Map<String, String> passGate(Gate request, Run run) throws InterruptedException {
    RUNS.computeIfAbsent(request.gate(), _ -> new AtomicInteger()).incrementAndGet();
    run.progress(10, "before the gate");
    pass(gate(request.gate()));
    run.annotate("passed", request.gate());
    run.progress(90, "behind the gate");
    return Map.of("gate", request.gate());
  }

  /** Expects to be quick and waits at a gate. */
  @Action("test.gated")
  public static final class Gated implements Handler<Gate, Map<String, String>> {
    @Override
    public Map<String, String> handle(Gate request, Run run) throws Exception {
      return passGate(request, run);
    }
  }

  /** Computes until its gate is open, and blocks nowhere. */
  @Action("test.busy")
  public static final class Busy implements Handler<Gate, Gate> {
    @Override
    public Gate handle(Gate request, Run run) {
      RUNS.computeIfAbsent(request.gate(), _ -> new AtomicInteger()).incrementAndGet();
      var gate = gate(request.gate());
      while (gate.getCount() > 0) {
        Thread.onSpinWait();
      }
      return request;
    }
  }

  /** Opens a gate in a process that is not the test's own. */
  @Action("test.open")
  public static final class Open implements Handler<Gate, Gate> {
    @Override
    public Gate handle(Gate request, Run run) {
      open(request.gate());
      return request;
    }
  }

  /** A job that waits at a gate. */
  @Action(value = "test.gated-job", expected = "1m", attempts = 1)
  public static final class GatedJob implements Handler<Gate, Map<String, String>> {
    @Override
    public Map<String, String> handle(Gate request, Run run) throws Exception {
      return passGate(request, run);
    }
  }

  @Action(value = "test.guarded", needs = "reports:write")
  public static final class Guarded implements Handler<Gate, Map<String, String>> {
    @Override
    public Map<String, String> handle(Gate request, Run run) throws Exception {
      return passGate(request, run);
    }
  }

  @Action(
      value = "test.guarded-job",
      expected = "1m",
      needs = {"reports:read", "reports:write"})
  public static final class GuardedJob implements Handler<Gate, Map<String, String>> {
    @Override
    public Map<String, String> handle(Gate request, Run run) throws Exception {
      return passGate(request, run);
    }
  }

  /** Says who asked. */
  @Action("test.whoami")
  public static final class WhoAmI implements Handler<Map<String, String>, WhoAmI.Me> {
    public record Me(
        String id,
        String tenant,
        String user,
        List<String> permissions,
        Map<String, String> metadata) {}

    @Override
    public Me handle(Map<String, String> nothing, Run run) {
      var caller = run.caller();
      return new Me(
          run.id(),
          caller.tenant(),
          caller.user(),
          caller.permissions().stream().sorted().toList(),
          run.metadata());
    }
  }

  /**
   * What a job says and keeps on its way.
   *
   * @param text any
   */
  public record Said(String text, int number) {}

  /** A job that does all that a job can: progress, a step, an event, a checkpoint. */
  @Action(value = "test.course", expected = "1m")
  public static final class Course implements Handler<Said, Said> {
    @Override
    public Said handle(Said request, Run run) throws Exception {
      run.progress(10, "begun");
      var _ = run.step("a/b#c%d", String.class, _ -> "done");
      run.emit("half", request.number());
      run.checkpoint(request);
      run.progress(60, "kept");
      return request;
    }
  }

  public record Order(String to, int count, List<Item> items) {
    public Order {
      if (count < 1) {
        throw new Invalid("count", "must be 1 or more");
      }
    }
  }

  public record Item(String name, double weight) {}

  @Action("test.ordered")
  public static final class Ordered implements Handler<Order, Order> {
    @Override
    public Order handle(Order order, Run run) {
      return order;
    }
  }

  @Action(value = "test.ordered-job", expected = "1m")
  public static final class OrderedJob implements Handler<Order, Order> {
    @Override
    public Order handle(Order order, Run run) {
      return order;
    }
  }

  @Action("test.broken")
  public static final class Broken implements Handler<Map<String, String>, String> {
    @Override
    public String handle(Map<String, String> nothing, Run run) {
      throw new IllegalStateException("the password is swordfish");
    }
  }

  @Action(value = "test.broken-job", expected = "1m", attempts = 1)
  public static final class BrokenJob implements Handler<Map<String, String>, String> {
    @Override
    public String handle(Map<String, String> nothing, Run run) {
      run.progress(50, "half");
      throw new IllegalStateException("the password is swordfish");
    }
  }

  /** A file to be written. */
  public record Page(String name, String type, String text, boolean fail) {}

  private static StoredFile write(Page page, Run run) throws Exception {
    return run.file(
        page.name(),
        page.type(),
        out -> {
          out.write(page.text().getBytes(StandardCharsets.UTF_8));
          if (page.fail()) {
            throw Failure.refused("TORN", "the page is torn");
          }
        });
  }

  @Action("test.filed")
  public static final class Filed implements Handler<Page, StoredFile> {
    @Override
    public StoredFile handle(Page page, Run run) throws Exception {
      return write(page, run);
    }
  }

  @Action(value = "test.filed-job", expected = "1m", attempts = 1)
  public static final class FiledJob implements Handler<Page, StoredFile> {
    @Override
    public StoredFile handle(Page page, Run run) throws Exception {
      return write(page, run);
    }
  }

  /**
   * A result to be given.
   *
   * @param bytes of its JSON, at least 10
   * @param gate to pass first, if there is one
   */
  public record Size(int bytes, String gate) {}

  private static RawJson sized(Size size) throws InterruptedException {
    if (!size.gate().isEmpty()) {
      RUNS.computeIfAbsent(size.gate(), _ -> new AtomicInteger()).incrementAndGet();
      pass(gate(size.gate()));
    }
    return RawJson.of("{\"x\":\"" + "y".repeat(size.bytes() - 8) + "\"}");
  }

  @Action("test.sized")
  public static final class Sized implements Handler<Size, RawJson> {
    @Override
    public RawJson handle(Size size, Run run) throws Exception {
      return sized(size);
    }
  }

  @Action(value = "test.sized-job", expected = "1m", attempts = 1)
  public static final class SizedJob implements Handler<Size, RawJson> {
    @Override
    public RawJson handle(Size size, Run run) throws Exception {
      return sized(size);
    }
  }

  /** Says how far it got, and fails at once. */
  @Action("test.last-words")
  public static final class LastWords implements Handler<Gate, String> {
    @Override
    public String handle(Gate gate, Run run) throws Exception {
      passGate(gate, run);
      run.progress(95, "last words");
      throw Failure.refused("CLOSED_TODAY", "we are closed today");
    }
  }

  @Action("test.refused")
  public static final class Refused implements Handler<Map<String, String>, String> {
    @Override
    public String handle(Map<String, String> nothing, Run run) {
      throw Failure.refused("CLOSED_TODAY", "we are closed today");
    }
  }
}
