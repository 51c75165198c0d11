package io.streamer.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** A gateway in this process, with the client that it is tried on, by a clock of their own. */
final class Server implements Transport {
  static final String JOB = "Yc3kqQ0mXh7vR1bT5nLd8pWs2_A";
  private static final ObjectMapper MAPPER = new ObjectMapper();

  final ManualLoop loop = new ManualLoop();
  final List<ServerSocket> sockets = new ArrayList<>();
  final List<ConnectionState> states = new ArrayList<>();

  /** Milliseconds that it was going to wait, each time. */
  final List<Long> waits = new ArrayList<>();

  final List<String> logged = new ArrayList<>();
  double random = 1;
  boolean welcomes = true;
  boolean pongs = true;

  /** Whether a socket sends a text in several frames. */
  boolean splits = true;

  String greeting =
      "{'recovered':true,'jobs':[],'heartbeat_ms':25000,'max_age_ms':7200000,"
          + "'max_message_bytes':131072}";

  /** What becomes of a socket that asks to come in. */
  Consumer<ServerSocket> arrived = ServerSocket::accept;

  /** What becomes of a fetch. */
  Consumer<Fetch> fetched = fetch -> fetch.answer().complete(new Fetched(404, new byte[0]));

  record Fetch(URI url, long most, CompletableFuture<Fetched> answer) {}

  static JsonNode json(String text) {
    try {
      return MAPPER.readTree(text.replace('\'', '"'));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  /** The nth number of an epoch. */
  static long seq(int n, int epoch) {
    return epoch * 1_000_000_000L + n;
  }

  static long seq(int n) {
    return seq(n, 1);
  }

  @Override
  public Socket open(URI url, String token, SocketListener on) {
    var socket = new ServerSocket(this, url, token, on);
    sockets.add(socket);
    arrived.accept(socket);
    return socket;
  }

  @Override
  public CompletableFuture<Fetched> fetch(URI url, long mostBytes) {
    var answer = new CompletableFuture<Fetched>();
    fetched.accept(new Fetch(url, mostBytes, answer));
    return answer;
  }

  StreamerClient client(UnaryOperator<StreamerClient.Builder> options) {
    var builder =
        StreamerClient.builder("wss://api.example.com/ws")
            .token("T")
            .transport(this)
            .log((level, message) -> logged.add(message));
    var client =
        options
            .apply(builder)
            .build(new StreamerClient.Threads(loop, Runnable::run, Runnable::run, () -> random));
    var unused =
        client.onState(state -> {
          states.add(state);
          if (state instanceof ConnectionState.Waiting waiting) {
            waits.add(Duration.between(loop.now(), waiting.next()).toMillis());
          }
        });
    return client;
  }

  StreamerClient connected(UnaryOperator<StreamerClient.Builder> options) {
    var client = client(options);
    client.connect();
    loop.settle();
    return client;
  }

  StreamerClient connected() {
    return connected(builder -> builder);
  }

  /** A client whose tokens are asked for. */
  StreamerClient connectedByTokens() {
    return connected(builder -> builder.token(() -> "T"));
  }

  ServerSocket last() {
    return sockets.get(sockets.size() - 1);
  }

  /** The names of the states up to now. */
  List<String> stateNames() {
    return states.stream().map(state -> state.getClass().getSimpleName()).toList();
  }

  /** A job that is acknowledged. */
  Job running(StreamerClient client, RequestOptions options) {
    var job = client.request("report", json("{'a':1}"), options);
    loop.settle();
    last().give(ack(job, JOB));
    loop.settle();
    return job;
  }

  Job running(StreamerClient client) {
    return running(client, new RequestOptions());
  }

  /** Cuts the line; the next one waits for the test's welcome. */
  void cut() {
    welcomes = false;
    last().end(1006, "");
    nextLine();
  }

  void nextLine() {
    int before = sockets.size();
    while (sockets.size() == before) {
      loop.pass(100);
    }
  }

  void give(String frame) {
    last().give(frame);
    loop.settle();
  }

  static String ack(Job job, String jobId) {
    return "{'type':'acknowledgment','request_id':'%s','job_id':'%s','status':'queued'}"
        .formatted(job.requestId().orElseThrow(), jobId);
  }

  static String progress(long seq, int percentage) {
    return frame(
        "progress", seq, "'percentage':%d,'message':'at %1$d','attempt':1".formatted(percentage));
  }

  static String event(long seq, String data) {
    return frame("event", seq, "'name':'row','data':'" + data + "'");
  }

  static String rewind(long seq, long after) {
    return frame("rewind", seq, "'after_seq':" + after);
  }

  static String complete(long seq) {
    return frame("complete", seq, "'success':true,'result':{'ok':true}");
  }

  static String failed(long seq, String code) {
    return frame(
        "error", seq, "'error':{'code':'%s','message':'no','retryable':false}".formatted(code));
  }

  static String frame(String type, long seq, String more) {
    return "{'type':'%s','request_id':'r','job_id':'%s','seq':%d,%s}"
        .formatted(type, JOB, seq, more);
  }

  static String snapshot(String status, long seq, int percentage) {
    return "{'job_id':'%s','request_id':'r','action':'report','status':'%s','percentage':%d,'message':'early','seq':%d,'attempt':1,'created_at':1732151990.5}"
        .formatted(JOB, status, percentage, seq);
  }

  static String running(long seq) {
    return snapshot("running", seq, 10);
  }

  /** An answer to a subscribe, or a job of a welcome. */
  static String attached(String snapshot, String... events) {
    return "{'snapshot':%s,'events':[%s]}".formatted(snapshot, String.join(",", events));
  }

  static String welcomeWith(String... attached) {
    return "{'jobs':[" + String.join(",", attached) + "]}";
  }
}
