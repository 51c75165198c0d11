package io.streamer.worker;

import static java.util.stream.Collectors.toUnmodifiableSet;
import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.Context;
import com.sun.net.httpserver.HttpServer;
import io.streamer.shared.job.JobId;
import io.streamer.shared.settings.Environment;
import io.streamer.shared.settings.Transport;
import io.streamer.worker.stream.JobStart;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The function against a server that speaks Lambda's invoke call. */
@ParameterizedClass
@EnumSource
@Timeout(60)
class StreamFunctionTest {
  private static final String NOTHING = "{\"batchItemFailures\":[]}";

  /** It has an id; the function asks for nothing else. */
  private static final Context CONTEXT =
      (Context)
          Proxy.newProxyInstance(
              Context.class.getClassLoader(),
              new Class<?>[] {Context.class},
              (_, method, _) -> method.getName().equals("getAwsRequestId") ? "i-1" : null);

  @Parameter private Transport transport;

  private final List<String> invoked = new CopyOnWriteArrayList<>();
  private final Set<String> called = ConcurrentHashMap.newKeySet();
  private final AtomicInteger asked = new AtomicInteger();
  private final AtomicInteger atOnce = new AtomicInteger();
  private final AtomicInteger mostAtOnce = new AtomicInteger();
  private volatile Set<String> refused = Set.of();

  /** So many have to be there before the first is answered. */
  private volatile CountDownLatch meet = new CountDownLatch(0);

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private HttpServer lambda;
  private StreamFunction function;

  @BeforeEach
  void start() throws IOException {
    lambda = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    lambda.createContext(
        "/2015-03-31/functions/",
        exchange -> {
          var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          var type = exchange.getRequestHeaders().getFirst("X-Amz-Invocation-Type");
          asked.incrementAndGet();
          called.add(exchange.getRequestURI().getPath());
          mostAtOnce.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
          awaitOthers();
          var refuse = refused.stream().anyMatch(body::contains);
          if (!refuse) {
            invoked.add(type + " " + body);
          }
          atOnce.decrementAndGet();
          // a status that is not tried again
          exchange.sendResponseHeaders(refuse ? 403 : 202, -1);
          exchange.close();
        });
    lambda.setExecutor(threads);
    lambda.start();
    function = function("jobs-fn");
  }

  private StreamFunction function(String jobFunction) {
    return new StreamFunction(
        new Environment(
            Map.of(
                "STREAMER_JOB_FUNCTION",
                jobFunction,
                "STREAMER_INVOKE_TRANSPORT",
                transport.name().toLowerCase(Locale.ROOT),
                "AWS_ENDPOINT_URL_LAMBDA",
                "http://127.0.0.1:" + lambda.getAddress().getPort(),
                "AWS_ACCESS_KEY_ID",
                "local",
                "AWS_SECRET_ACCESS_KEY",
                "local")));
  }

  @AfterEach
  void stop() {
    function.close();
    lambda.stop(0);
    threads.close();
  }

  private void awaitOthers() {
    meet.countDown();
    try {
      meet.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void eachJobThatAsksIsInvokedAsynchronously() throws IOException {
    var answer = handle(started(1, 0), changed(2), removed(3), started(4, 7));

    assertThat(answer).isEqualTo(NOTHING);
    assertThat(invoked)
        .containsExactlyInAnyOrder(
            "Event {\"jobId\":\"" + id(1) + "\",\"epoch\":0}",
            "Event {\"jobId\":\"" + id(4) + "\",\"epoch\":7}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jobs-fn",
        "jobs-fn:live",
        "arn:aws:lambda:eu-west-1:123456789012:function:jobs-fn:live"
      })
  void theJobFunctionIsNamedByItsNameOrItsAlias(String name) throws IOException {
    function.close();
    function = function(name);

    assertThat(handle(started(1, 0))).isEqualTo(NOTHING);
    assertThat(called).containsExactly("/2015-03-31/functions/" + name + "/invocations");
  }

  @Test
  void aBatchIsInvokedSideBySide() throws Exception {
    var lanes = 32;
    meet = new CountDownLatch(lanes);

    assertThat(handle(manyStarted(2 * lanes))).isEqualTo(NOTHING);
    assertThat(mostAtOnce.get()).isEqualTo(lanes);
    assertThat(invoked).hasSize(2 * lanes);
  }

  @Test
  void theFirstInTheirOrderOfThoseThatFailIsReported() throws Exception {
    for (int seed = 0; seed < 20; seed++) {
      var random = new Random(seed);
      var failing =
          IntStream.range(0, 3).mapToObj(_ -> 1 + random.nextInt(60)).collect(toUnmodifiableSet());
      refused = failing.stream().map(StreamFunctionTest::id).collect(toUnmodifiableSet());
      invoked.clear();

      var first = Collections.min(failing);
      assertThat(handle(manyStarted(60))).as("seed " + seed).isEqualTo(failed(first));
      for (int before = 1; before < first; before++) {
        assertThat(invoked).contains("Event {\"jobId\":\"" + id(before) + "\",\"epoch\":0}");
      }
    }
  }

  @Test
  void whileNothingCanBeInvokedABatchIsNotTriedToItsEnd() throws Exception {
    refused = Set.of("Id");

    assertThat(handle(manyStarted(500))).isEqualTo(failed(1));
    assertThat(asked.get()).isLessThan(500);
  }

  @Test
  void allThatFailOfABatchAreOneLineOfTheLog() throws Exception {
    refused = Set.of("Id");
    var out = System.out;
    var written = new ByteArrayOutputStream();
    System.setOut(new PrintStream(written, true, StandardCharsets.UTF_8));
    try {
      assertThat(handle(manyStarted(500))).isEqualTo(failed(1));
    } finally {
      System.setOut(out);
    }
    assertThat(written.toString(StandardCharsets.UTF_8).lines())
        .singleElement(as(InstanceOfAssertFactories.STRING))
        .matches(".*record 1 and \\d+ behind it could not be handed on: .*403.*");
  }

  @Test
  void aJobThatAsksSeveralTimesIsInvokedOnce() throws IOException {
    assertThat(handle(started(1, 0), started(1, 0), started(1, 1))).isEqualTo(NOTHING);
    assertThat(invoked)
        .containsExactlyInAnyOrder(
            "Event {\"jobId\":\"" + id(1) + "\",\"epoch\":0}",
            "Event {\"jobId\":\"" + id(1) + "\",\"epoch\":1}");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void whatCannotBeReadIsSkippedAndHoldsNothingUp(int broken) throws IOException {
    var records = manyStarted(3);
    for (var unreadable :
        List.of(
            records[broken - 1].replace("{\"N\":\"0\"}", "{\"N\":0}"),
            records[broken - 1].replace("{\"N\":\"0\"}", "{\"S\":\"0\"}"),
            records[broken - 1].replace(id(broken), "short"))) {
      invoked.clear();
      records[broken - 1] = unreadable;

      assertThat(handle(records)).isEqualTo(NOTHING);
      assertThat(invoked).hasSize(2).noneMatch(call -> call.contains(id(broken)));
    }
  }

  @Test
  void whatFailsBehindASkippedOneIsReported() throws IOException {
    refused = Set.of(id(3));

    assertThat(handle(started(1, 0), started(2, 0).replace(id(2), "short"), started(3, 0)))
        .isEqualTo(failed(3));
    assertThat(invoked).hasSize(1);
  }

  @Test
  void whatIsNoBatchFailsAsAWhole() {
    assertThatThrownBy(() ->
            function.handleRequest(
                new ByteArrayInputStream(new byte[0]), new ByteArrayOutputStream(), CONTEXT))
        .isInstanceOf(IOException.class);
  }

  @Test
  void aStartSurvivesItsWayToTheJobFunction() throws IOException {
    var start = new JobStart(new JobId(id(1)), 3);
    assertThat(JobStart.read(new ByteArrayInputStream(start.write()))).isEqualTo(start);
    for (var broken :
        List.of("", "[]", "{}", "{\"jobId\":\"x\",\"epoch\":0}", "{\"jobId\":\"" + id(1) + "\"}")) {
      assertThatThrownBy(() ->
              JobStart.read(new ByteArrayInputStream(broken.getBytes(StandardCharsets.UTF_8))))
          .as(broken)
          .isInstanceOf(IOException.class);
    }
  }

  private String handle(String... records) throws IOException {
    var event = "{\"Records\":[" + String.join(",", records) + "]}";
    var output = new ByteArrayOutputStream();
    function.handleRequest(
        new ByteArrayInputStream(event.getBytes(StandardCharsets.UTF_8)), output, CONTEXT);
    return output.toString(StandardCharsets.UTF_8);
  }

  private static String[] manyStarted(int count) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(number -> started(number, 0))
        .toArray(String[]::new);
  }

  private static String failed(int number) {
    return "{\"batchItemFailures\":[{\"itemIdentifier\":\"" + number + "\"}]}";
  }

  private static String started(int number, long epoch) {
    return record(
        "INSERT",
        number,
        ",\"NewImage\":{\"jobId\":{\"S\":\"%s\"},\"start\":{\"S\":\"1\"},\"status\":{\"S\":\"QUEUED\"},\"epoch\":{\"N\":\"%d\"}}"
            .formatted(id(number), epoch));
  }

  private static String changed(int number) {
    return record(
        "MODIFY",
        number,
        ",\"NewImage\":{\"jobId\":{\"S\":\"%s\"},\"status\":{\"S\":\"RUNNING\"},\"epoch\":{\"N\":\"1\"}}"
            .formatted(id(number)));
  }

  private static String removed(int number) {
    return record("REMOVE", number, "");
  }

  private static String record(String event, int number, String image) {
    return "{\"eventName\":\"%s\",\"dynamodb\":{\"Keys\":{\"jobId\":{\"S\":\"%s\"}}%s,\"SequenceNumber\":\"%d\"}}"
        .formatted(event, id(number), image, number);
  }

  private static String id(int number) {
    return JobId.of("t", "u", "r-" + number).value();
  }
}
