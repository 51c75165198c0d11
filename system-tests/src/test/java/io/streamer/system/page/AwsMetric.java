package io.streamer.system.page;

import java.util.List;
import java.util.Map;

/**
 * A metric of AWS's own, by the list of each service's metrics in its guide.
 *
 * @param dimensions of one of its series
 */
record AwsMetric(String unit, List<String> dimensions) {
  private static final Map<String, List<String>> DIMENSIONS =
      Map.of(
          "AWS/Lambda", List.of("FunctionName"),
          "AWS/SQS", List.of("QueueName"),
          "AWS/ECS", List.of("ClusterName", "ServiceName"),
          "AWS/ApplicationELB", List.of("LoadBalancer", "TargetGroup"),
          "AWS/NetworkELB", List.of("LoadBalancer", "TargetGroup"),
          "AWS/ApiGateway", List.of("ApiId", "Stage"),
          "AWS/DynamoDB", List.of("TableName"));

  private static final Map<String, Map<String, String>> UNITS =
      Map.of(
          "AWS/Lambda",
          Map.of(
              "AsyncEventsDropped", "count",
              "AsyncEventAge", "milliseconds",
              "Throttles", "count",
              "Errors", "count",
              "Invocations", "count",
              "IteratorAge", "milliseconds"),
          "AWS/SQS",
          Map.of("ApproximateNumberOfMessagesVisible", "count"),
          "AWS/ECS",
          Map.of("CPUUtilization", "percent", "MemoryUtilization", "percent"),
          "AWS/ApplicationELB",
          Map.of("UnHealthyHostCount", "count", "HTTPCode_Target_5XX_Count", "count"),
          "AWS/NetworkELB",
          Map.of("UnHealthyHostCount", "count"),
          // those of WebSocket APIs
          "AWS/ApiGateway",
          Map.of("IntegrationError", "count", "ExecutionError", "count"),
          "AWS/DynamoDB",
          Map.of("ReadThrottleEvents", "count", "WriteThrottleEvents", "count"));

  /** The metric of a name; fails if there is none. */
  static AwsMetric of(String namespace, String name) {
    var unit = UNITS.getOrDefault(namespace, Map.of()).get(name);
    if (unit == null) {
      throw new IllegalArgumentException(namespace + " has no " + name + " that we know");
    }
    return new AwsMetric(unit, DIMENSIONS.getOrDefault(namespace, List.of()));
  }
}
