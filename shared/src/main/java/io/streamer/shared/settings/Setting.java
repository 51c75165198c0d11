package io.streamer.shared.settings;

import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Every setting of every process; what is not in this list is refused at start. */
public enum Setting {
  HOST("STREAMER_HOST", "0.0.0.0", "address the direct door listens on"),
  PORT("STREAMER_PORT", "8081", "port of the direct door; 0 takes any free one"),
  INTERNAL_HOST("STREAMER_INTERNAL_HOST", "0.0.0.0", "address the internal API listens on"),
  INTERNAL_PORT("STREAMER_INTERNAL_PORT", "8082", "port of the internal API; 0 takes a free one"),
  INTERNAL_ADDRESS(
      "STREAMER_INTERNAL_ADDRESS",
      "on ECS the task's, else the host's own address",
      "host, or host:port, at which workers and other tasks reach the internal API"),
  INTERNAL_SECRET(
      "STREAMER_INTERNAL_SECRET",
      "",
      "comma list of secrets for the internal API: the first is sent, all are accepted; or the ARN"
          + " of one in Secrets Manager that has such a list, read again every five minutes"),
  NODE_ID("STREAMER_NODE_ID", "random", "name of this gateway task"),
  TABLE_PREFIX("STREAMER_TABLE_PREFIX", "streamer", "first part of every table's name"),
  STORE_TRANSPORT(
      "STREAMER_STORE_TRANSPORT",
      "lean",
      "how calls get to DynamoDB from gateway tasks and from the functions: `lean` over an HTTP client"
          + " of their own, signed by AWS's SDK; `sdk` by the SDK's client, which costs several"
          + " times the processor time"),
  PUSH_TRANSPORT(
      "STREAMER_PUSH_TRANSPORT",
      "lean",
      "how pushes get to API Gateway and to other tasks, from gateway tasks and from the functions:"
          + " `lean` or `sdk`, as with the calls to DynamoDB; through a proxy of the environment"
          + " (`HTTPS_PROXY`) only `sdk` gets"),
  INVOKE_TRANSPORT(
      "STREAMER_INVOKE_TRANSPORT",
      "lean",
      "how the stream's function invokes the one that runs jobs: `lean` or `sdk`, as with the calls to"
          + " DynamoDB; through a proxy of the environment (`HTTPS_PROXY`) only `sdk` gets"),
  TOKEN_KEYS(
      "STREAMER_TOKEN_KEYS",
      "",
      "comma list of PEM or JWKS files with public keys, or the text of one"),
  TOKEN_JWKS_URL("STREAMER_TOKEN_JWKS_URL", "", "the URL of a JWKS, in place of the keys"),
  TOKEN_ISSUER("STREAMER_TOKEN_ISSUER", "", "the iss a token must carry"),
  TOKEN_AUDIENCE("STREAMER_TOKEN_AUDIENCE", "", "the aud a token must carry"),
  TOKEN_ALGORITHMS(
      "STREAMER_TOKEN_ALGORITHMS", "RS256,ES256,EdDSA", "comma list of accepted algorithms"),
  PUBLISH_KEYS(
      "STREAMER_PUBLISH_KEYS",
      "",
      "a JWKS file, or its text, to serve at /.well-known/jwks.json of the direct door"),
  SYNC_THRESHOLD(
      "STREAMER_SYNC_THRESHOLD", "5s", "the longest estimate that is answered on the spot"),
  HANDLERS("STREAMER_HANDLERS", "", "folder of handler jars"),
  DEMO("STREAMER_DEMO", "false", "whether the demo actions are served"),
  MAX_MESSAGE_BYTES(
      "STREAMER_MAX_MESSAGE_BYTES",
      "131072",
      "the largest message taken from a client, and the largest answer on the spot"),
  MAX_MESSAGE_RATE(
      "STREAMER_MAX_MESSAGE_RATE",
      "10000",
      "frames a second that one direct socket may send, pings and pongs included, and ten seconds'"
          + " worth at once: more closes it with 4429"),
  MAX_CONNECTIONS(
      "STREAMER_MAX_CONNECTIONS",
      "one for each 16 KB of the heap, up to 50000",
      "sockets one task holds at most, with those about to open: more are refused with 503"),
  MAX_USER_CONNECTIONS(
      "STREAMER_MAX_USER_CONNECTIONS",
      "half of `STREAMER_MAX_CONNECTIONS`",
      "sockets one task holds at most of one user: more are refused with 429"),
  MAX_LOOP_LAG(
      "STREAMER_MAX_LOOP_LAG",
      "500ms",
      "how late an event loop may be with its work, on average over some two seconds: above it new"
          + " sockets are refused with 503"),
  TRUSTED_PROXIES(
      "STREAMER_TRUSTED_PROXIES",
      "",
      "comma list of the load balancers' networks, such as 10.0.0.0/16: their X-Forwarded-For is"
          + " where a direct client came from"),
  HEARTBEAT("STREAMER_HEARTBEAT", "25s", "time between the direct door's pings"),
  CONNECTION_TTL("STREAMER_CONNECTION_TTL", "24h", "life of a connection row without activity"),
  SHUTDOWN_GRACE("STREAMER_SHUTDOWN_GRACE", "25s", "time for requests in flight when stopping"),
  STOP_WATCH(
      "STREAMER_STOP_WATCH",
      "5s",
      "on ECS, time between two looks whether the task is about to be stopped, so that its clients"
          + " leave before the load balancers cut them off; 0s never looks"),
  JOB_FUNCTION(
      "STREAMER_JOB_FUNCTION",
      "",
      "the Lambda function that runs jobs, by its name or its alias's ARN: the stream function"
          + " needs it"),
  JOB_RETENTION("STREAMER_JOB_RETENTION", "7d", "life of a job's rows after its end"),
  LEASE("STREAMER_LEASE", "60s", "time after which a silent worker has lost its job"),
  NODE_BEAT(
      "STREAMER_NODE_BEAT",
      "10s",
      "time between a gateway task's heartbeats, up to 15s: three missed ones and others take"
          + " over"),
  DUE_EVERY("STREAMER_DUE_EVERY", "1s", "time between two looks for jobs that are due"),
  DISCONNECT_GRACE(
      "STREAMER_DISCONNECT_GRACE",
      "30s",
      "time to come back for the owner of a job with on_disconnect cancel"),
  SUBMIT_DUE("STREAMER_SUBMIT_DUE", "60s", "time after which an unfinished job is looked at"),
  API_ENDPOINTS(
      "STREAMER_API_ENDPOINTS",
      "",
      "comma list of name=URL: API Gateway stages in front of this gateway, where pushes go"),
  INTEGRATION_SECRET(
      "STREAMER_INTEGRATION_SECRET",
      "",
      "comma list of one or two secrets that API Gateway's integrations carry"),
  INTEGRATION_PORT(
      "STREAMER_INTEGRATION_PORT",
      "that of the direct door",
      "port that serves API Gateway's integrations alone, and the direct door's does not; 0 takes a"
          + " free one"),
  TOKEN_ISSUERS(
      "STREAMER_TOKEN_ISSUERS",
      "",
      "a JSON file, or its text, with the accepted issuers, each with its keys, audience and"
          + " algorithms"),
  BUCKET("STREAMER_BUCKET", "", "the S3 bucket for files and for large results"),
  INLINE_RESULT_BYTES(
      "STREAMER_INLINE_RESULT_BYTES",
      "102400",
      "the largest result of a job, as JSON, that is kept in the tables and sent in its frame, 1024"
          + " to 102400: a larger one goes to the bucket; less than 102400 needs one"),
  FILE_TTL("STREAMER_FILE_TTL", "1h", "how long a file's URL works, up to 7 days"),
  LOG_FORMAT(
      "STREAMER_LOG_FORMAT",
      "text",
      "how gateway and functions write their log: `text` or `json`, a line each; functions write"
          + " `json` without it"),
  LOG_LEVEL("STREAMER_LOG_LEVEL", "INFO", "what they write: `DEBUG`, `INFO`, `WARN` or `ERROR`"),
  METRICS_NAMESPACE(
      "STREAMER_METRICS_NAMESPACE",
      "",
      "the CloudWatch namespace of the metrics: without it nothing is sent there"),
  METRICS_TRANSPORT(
      "STREAMER_METRICS_TRANSPORT",
      "api",
      "how a gateway's metrics get to CloudWatch: `api` by calls of PutMetricData, `log` as lines of"
          + " its output in the embedded metric format, which CloudWatch Logs makes metrics of and"
          + " which needs `STREAMER_METRICS_NAMESPACE`; the functions' are always such lines"),
  TRACES_ENDPOINT(
      "OTEL_EXPORTER_OTLP_ENDPOINT",
      "",
      "address of an OpenTelemetry collector that takes OTLP over HTTP, such as"
          + " http://localhost:4318: without it nothing is traced"),
  TRACES_HEADERS(
      "OTEL_EXPORTER_OTLP_HEADERS",
      "",
      "comma list of name=value, the values percent-encoded: headers for that collector"),
  TRACES_RATIO(
      "STREAMER_TRACES_RATIO",
      "0.05",
      "part of the requests without a `traceparent` that are traced, 0 to 1, though one a second of"
          + " each task unless it is 0, and at most 1,000; those with one are traced as its flag"
          + " says");

  private final String variable;
  private final String fallback;
  private final String meaning;

  Setting(String variable, String fallback, String meaning) {
    this.variable = variable;
    this.fallback = fallback;
    this.meaning = meaning;
  }

  /** The environment variable. */
  public String variable() {
    return variable;
  }

  /** What applies without it, as text. */
  public String fallback() {
    return fallback;
  }

  public String meaning() {
    return meaning;
  }

  /** The environment variable, as messages name it. */
  @Override
  public String toString() {
    return variable;
  }

  /** The names of all settings. */
  public static Set<String> names() {
    return Arrays.stream(values())
        .map(Setting::variable)
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
