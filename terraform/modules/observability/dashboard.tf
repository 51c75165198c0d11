locals {
  region = data.aws_region.current.id

  graphs = concat(
    [
      { title = "Sockets", metrics = [
        [var.metrics_namespace, "streamer.sockets.value", "Service", "gateway", { stat = "Average", label = "a task's average" }],
        ["...", { stat = "Sum", label = "all" }],
      ] },
      { title = "Handshakes", metrics = [
        for outcome in ["opened", "refused", "unavailable"] :
        [var.metrics_namespace, "streamer.handshakes.count", "Service", "gateway", "outcome", outcome, { stat = "Sum", label = outcome }]
      ] },
      { title = "Answers on the spot", metrics = [
        for outcome in ["ok", "error", "unavailable"] :
        [var.metrics_namespace, "streamer.answers.count", "Service", "gateway", "outcome", outcome, { stat = "Sum", label = outcome }]
      ] },
      { title = "Time of an answer (seconds)", metrics = [
        [var.metrics_namespace, "streamer.answer.time.avg", "Service", "gateway", { stat = "Average", label = "average" }],
        [var.metrics_namespace, "streamer.answer.time.max", "Service", "gateway", { stat = "Maximum", label = "longest" }],
      ] },
      { title = "Pushes", metrics = [
        for outcome in ["delivered", "gone", "failed"] :
        [var.metrics_namespace, "streamer.pushes.count", "Service", "gateway", "outcome", outcome, { stat = "Sum", label = outcome }]
      ] },
      { title = "Jobs: from submit to claim and to end (ms, p99)", metrics = [
        [var.metrics_namespace, "streamer.job.start", "Service", "worker", { stat = "p99", label = "claim" }],
        [var.metrics_namespace, "streamer.job.first.progress", "Service", "worker", { stat = "p99", label = "first progress" }],
        [var.metrics_namespace, "streamer.job.time", "Service", "worker", { stat = "p99", label = "end" }],
      ] },
      { title = "Jobs: from end to their owners' connections (ms, p99)", metrics = [
        [var.metrics_namespace, "streamer.job.told", "Service", "worker", { stat = "p99", label = "told" }],
      ] },
      { title = "Jobs ended", metrics = [
        for status in ["succeeded", "failed", "cancelled"] :
        [var.metrics_namespace, "streamer.jobs.ended", "Service", "worker", "status", status, { stat = "Sum", label = status }]
      ] },
      { title = "Oldest due job (seconds) and loops' lag", metrics = [
        [var.metrics_namespace, "streamer.due.age.value", "Service", "gateway", { stat = "Maximum", label = "due" }],
        [var.metrics_namespace, "streamer.loop.lag.value", "Service", "gateway", { stat = "Maximum", label = "lag" }],
      ] },
      { title = "Job function", metrics = [
        for metric in ["Invocations", "Errors", "Throttles", "AsyncEventsDropped"] :
        ["AWS/Lambda", metric, "FunctionName", var.worker.functions.job, { stat = "Sum" }]
      ] },
      { title = "Stream: how far behind (ms)", metrics = [
        ["AWS/Lambda", "IteratorAge", "FunctionName", var.worker.functions.stream, { stat = "Maximum" }],
      ] },
      { title = "Tasks: CPU and memory (%)", metrics = [
        for metric in ["CPUUtilization", "MemoryUtilization"] :
        ["AWS/ECS", metric, "ClusterName", var.gateway.cluster_name, "ServiceName", var.gateway.service_name, { stat = "Average" }]
      ] },
      { title = "Tables: write units", metrics = [
        for name in sort(keys(var.tables)) :
        ["AWS/DynamoDB", "ConsumedWriteCapacityUnits", "TableName", var.tables[name].name, { stat = "Sum", label = name }]
      ] },
    ],
    var.api == null ? [] : [
      { title = "API Gateway", metrics = [
        for metric in ["ConnectCount", "MessageCount", "ClientError", "IntegrationError", "ExecutionError"] :
        ["AWS/ApiGateway", metric, "ApiId", var.api.id, "Stage", var.api.stage, { stat = "Sum" }]
      ] },
    ]
  )
}

resource "aws_cloudwatch_dashboard" "this" {
  dashboard_name = var.name

  dashboard_body = jsonencode({
    widgets = [
      for index, graph in local.graphs : {
        type   = "metric"
        x      = (index % 3) * 8
        y      = floor(index / 3) * 6
        width  = 8
        height = 6
        properties = {
          title   = graph.title
          metrics = graph.metrics
          region  = local.region
          period  = 60
          view    = "timeSeries"
        }
      }
    ]
  })
}

resource "aws_cloudwatch_query_definition" "this" {
  for_each = {
    "jobs-by-action" = {
      groups = [var.worker.log_group_names.job]
      query  = <<-QUERY
        fields @timestamp, action, job_id, `streamer.job.time`
        | filter ispresent(`streamer.job.time`)
        | stats count(*) as jobs, pct(`streamer.job.time`, 50) as p50, pct(`streamer.job.time`, 99) as p99 by action
      QUERY
    }
    "errors" = {
      groups = [var.gateway.log_group_name, var.worker.log_group_names.job, var.worker.log_group_names.stream]
      query  = <<-QUERY
        fields @timestamp, @log, @message
        | filter @message like /ERROR|WARN/
        | sort @timestamp desc
        | limit 200
      QUERY
    }
  }

  name            = "${var.name}/${each.key}"
  log_group_names = each.value.groups
  query_string    = each.value.query
}
