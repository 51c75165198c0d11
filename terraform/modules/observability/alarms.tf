# Each alarm is a heading of docs/runbooks.md.
locals {
  job    = { FunctionName = var.worker.functions.job }
  stream = { FunctionName = var.worker.functions.stream }
  tasks  = { Service = "gateway" }

  # above, unless `below`; a missing value is well, unless `silence` is what is looked for
  lambda_alarms = {
    job-starts-dropped = {
      what      = "Lambda gave up starting jobs; they are started again from their rows a minute later"
      namespace = "AWS/Lambda", metric = "AsyncEventsDropped", dimensions = local.job
      statistic = "Sum", threshold = 0, minutes = 1, periods = 5, of = 2
    }
    job-starts-late = {
      what      = "Jobs wait for a free worker"
      namespace = "AWS/Lambda", metric = "AsyncEventAge", dimensions = local.job
      statistic = "Maximum", threshold = 30000, minutes = 1, periods = 5, of = 3
    }
    job-throttled = {
      what      = "The job function's concurrency is used up"
      namespace = "AWS/Lambda", metric = "Throttles", dimensions = local.job
      statistic = "Sum", threshold = 0, minutes = 1, periods = 5, of = 3
    }
    job-errors = {
      what      = "Worker processes end badly: killed, out of time or memory, or a wrong setting"
      namespace = "AWS/Lambda", metric = "Errors", dimensions = local.job
      statistic = "Sum", threshold = 0, minutes = 5, periods = 3, of = 2
    }
    job-starts-many = {
      what      = "So many starts that something may start jobs in a circle"
      namespace = "AWS/Lambda", metric = "Invocations", dimensions = local.job
      statistic = "Sum", threshold = var.max_starts_per_minute, minutes = 1, periods = 5, of = 5
    }
    stream-late = {
      what      = "The stream of the jobs table is behind: new jobs start late"
      namespace = "AWS/Lambda", metric = "IteratorAge", dimensions = local.stream
      statistic = "Maximum", threshold = 60000, minutes = 1, periods = 5, of = 2
    }
    stream-errors = {
      what      = "The stream function fails"
      namespace = "AWS/Lambda", metric = "Errors", dimensions = local.stream
      statistic = "Sum", threshold = 0, minutes = 5, periods = 3, of = 2
    }
  }

  queue_alarms = {
    for name, queue in var.worker.failed_queues : "${name}-failed" => {
      what      = name == "job" ? "Starts of jobs failed and were put aside" : "Records of the stream were put aside"
      namespace = "AWS/SQS", metric = "ApproximateNumberOfMessagesVisible", dimensions = { QueueName = queue }
      statistic = "Maximum", threshold = 0, minutes = 1, periods = 1, of = 1
    }
  }

  balancer_alarms = merge([
    for balancer in var.gateway.balancers : merge(
      {
        "${balancer.name}-unhealthy" = {
          what       = "Tasks do not answer /health; ECS replaces them"
          namespace  = balancer.namespace, metric = "UnHealthyHostCount"
          dimensions = { LoadBalancer = balancer.balancer, TargetGroup = balancer.target_group }
          statistic  = "Maximum", threshold = 0, minutes = 1, periods = 5, of = 3
        }
      },
      balancer.namespace != "AWS/ApplicationELB" ? {} : {
        "${balancer.name}-5xx" = {
          what       = "Tasks answer handshakes with errors of their own"
          namespace  = balancer.namespace, metric = "HTTPCode_Target_5XX_Count"
          dimensions = { LoadBalancer = balancer.balancer, TargetGroup = balancer.target_group }
          statistic  = "Sum", threshold = 10, minutes = 1, periods = 5, of = 3
        }
      }
    )
  ]...)

  api_alarms = var.api == null ? {} : {
    for key, metric in { api-integration-errors = "IntegrationError", api-execution-errors = "ExecutionError" } : key => {
      what                                      = metric == "IntegrationError" ? "Tasks answer API Gateway with errors or too late" : "API Gateway could not call the tasks"
      namespace                                 = "AWS/ApiGateway", metric = metric, dimensions = { ApiId = var.api.id, Stage = var.api.stage }
      statistic                                 = "Sum", threshold = 10, minutes = 1, periods = 5, of = 3
    }
  }

  gateway_alarms = {
    gateway-silent = {
      what      = "No task sends metrics: none runs, or none may send"
      namespace = var.metrics_namespace, metric = "streamer.sockets.value", dimensions = local.tasks
      statistic = "SampleCount", threshold = 1, minutes = 1, periods = 5, of = 5, below = true, silence = true
    }
    gateway-unavailable = {
      what      = "Handshakes are refused by our fault"
      namespace = var.metrics_namespace, metric = "streamer.handshakes.count", dimensions = merge(local.tasks, { outcome = "unavailable" })
      statistic = "Sum", threshold = 10, minutes = 1, periods = 5, of = 3
    }
    gateway-loop-late = {
      what      = "An event loop is held up: a handler blocks it, or the task has too little CPU"
      namespace = var.metrics_namespace, metric = "streamer.loop.lag.value", dimensions = local.tasks
      statistic = "Maximum", threshold = 0.5, minutes = 1, periods = 5, of = 3
    }
    gateway-store-away = {
      what      = "DynamoDB does not answer tasks in time, or throttles them"
      namespace = var.metrics_namespace, metric = "streamer.store.calls.count", dimensions = merge(local.tasks, { outcome = "unavailable" })
      statistic = "Sum", threshold = 10, minutes = 1, periods = 5, of = 3
    }
    jobs-overdue = {
      what      = "Jobs that are due are left lying"
      namespace = var.metrics_namespace, metric = "streamer.due.age.value", dimensions = local.tasks
      statistic = "Maximum", threshold = 60, minutes = 1, periods = 5, of = 3
    }
    gateway-cpu = {
      what      = "Tasks are short of CPU, and scaling does not help"
      namespace = "AWS/ECS", metric = "CPUUtilization", dimensions = { ClusterName = var.gateway.cluster_name, ServiceName = var.gateway.service_name }
      statistic = "Average", threshold = 85, minutes = 5, periods = 3, of = 3
    }
    gateway-memory = {
      what      = "Tasks are short of memory"
      namespace = "AWS/ECS", metric = "MemoryUtilization", dimensions = { ClusterName = var.gateway.cluster_name, ServiceName = var.gateway.service_name }
      statistic = "Maximum", threshold = 92, minutes = 5, periods = 3, of = 3
    }
  }

  alarms = merge(local.lambda_alarms, local.queue_alarms, local.balancer_alarms, local.api_alarms, local.gateway_alarms)

  # of a table and each of its indexes
  throttles = {
    for name, table in var.tables : name => concat(
      [for metric in ["ReadThrottleEvents", "WriteThrottleEvents"] : {
        id = "t${lower(substr(metric, 0, 1))}", metric = metric, dimensions = { TableName = table.name }
      }],
      flatten([for position, index in table.indexes : [for metric in ["ReadThrottleEvents", "WriteThrottleEvents"] : {
        id = "i${position}${lower(substr(metric, 0, 1))}", metric = metric, dimensions = { TableName = table.name, GlobalSecondaryIndexName = index }
      }]])
    )
  }
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = local.alarms

  alarm_name          = "${var.name}-${each.key}"
  alarm_description   = each.value.what
  namespace           = each.value.namespace
  metric_name         = each.value.metric
  dimensions          = each.value.dimensions
  statistic           = each.value.statistic
  period              = each.value.minutes * 60
  evaluation_periods  = each.value.periods
  datapoints_to_alarm = each.value.of
  threshold           = each.value.threshold
  comparison_operator = try(each.value.below, false) ? "LessThanThreshold" : "GreaterThanThreshold"
  treat_missing_data  = try(each.value.silence, false) ? "breaching" : "notBreaching"
  alarm_actions       = [aws_sns_topic.alarms.arn]
  ok_actions          = [aws_sns_topic.alarms.arn]
}

resource "aws_cloudwatch_metric_alarm" "throttled" {
  for_each = local.throttles

  alarm_name          = "${var.name}-table-throttled-${each.key}"
  alarm_description   = "DynamoDB throttles the table or one of its indexes"
  evaluation_periods  = 5
  datapoints_to_alarm = 3
  threshold           = 0
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alarms.arn]
  ok_actions          = [aws_sns_topic.alarms.arn]

  metric_query {
    id          = "all"
    expression  = "SUM(FILL(METRICS(), 0))"
    label       = "throttled"
    return_data = true
  }

  dynamic "metric_query" {
    for_each = { for query in each.value : query.id => query }

    content {
      id = metric_query.key

      metric {
        namespace   = "AWS/DynamoDB"
        metric_name = metric_query.value.metric
        dimensions  = metric_query.value.dimensions
        stat        = "Sum"
        period      = 60
      }
    }
  }
}
