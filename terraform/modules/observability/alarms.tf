# What goes off when stands in alarms.json, which a test plays on recorded data. Each alarm is a heading of docs/runbooks.md.
locals {
  file  = jsondecode(file("${path.module}/alarms.json"))
  slo   = local.file.slo
  table = local.file.tables

  # what an alarm's `of` stands for
  dimensions = merge(
    {
      job             = { FunctionName = var.worker.functions.job }
      stream          = { FunctionName = var.worker.functions.stream }
      "job-failed"    = { QueueName = var.worker.failed_queues.job }
      "stream-failed" = { QueueName = var.worker.failed_queues.stream }
      tasks           = { Service = "gateway" }
      service         = { ClusterName = var.gateway.cluster_name, ServiceName = var.gateway.service_name }
    },
    var.api == null ? {} : { api = { ApiId = var.api.id, Stage = var.api.stage } }
  )

  plain = {
    for name, alarm in local.file.alarms : name => merge(alarm, {
      namespace  = alarm.namespace == "APP" ? var.metrics_namespace : alarm.namespace
      threshold  = name == "job-starts-many" ? var.max_starts_per_minute : alarm.threshold
      dimensions = merge(local.dimensions[alarm.of], try({ outcome = alarm.outcome }, {}))
    }) if contains(keys(local.dimensions), alarm.of)
  }

  of_balancers = merge([
    for balancer in var.gateway.balancers : {
      for name, alarm in local.file.alarms : "${balancer.name}-${name}" => merge(alarm, {
        namespace  = balancer.namespace
        dimensions = { LoadBalancer = balancer.balancer, TargetGroup = balancer.target_group }
      }) if alarm.of == "balancer" && contains(["BALANCER", balancer.namespace], alarm.namespace)
    }
  ]...)

  alarms = merge(local.plain, local.of_balancers)

  # for each objective and rate, a long window and a short one: both have to burn, so that it ends soon when it is over
  burns = merge(flatten([
    for objective, target in local.slo.objectives : [
      for rate, burn in local.slo.burns : [
        for window in ["long", "short"] : {
          "${objective}-${rate}-${window}" = {
            target    = target
            minutes   = window == "long" ? burn.long_minutes : burn.short_minutes
            threshold = burn.rate * (1 - target.objective)
          }
        }
      ]
    ]
  ])...)

  burning = merge([
    for objective, target in local.slo.objectives : {
      for rate, burn in local.slo.burns : "${objective}-burn-${rate}" => {
        what = "${target.what} are fewer than ${target.objective * 100} %: ${burn.what}"
        both = ["${objective}-${rate}-long", "${objective}-${rate}-short"]
      }
    }
  ]...)

  # of a table and each of its indexes
  throttles = {
    for name, table in var.tables : name => concat(
      [for metric in local.table.metrics : {
        id = "t${lower(substr(metric, 0, 1))}", metric = metric, dimensions = { TableName = table.name }
      }],
      flatten([for position, index in table.indexes : [for metric in local.table.metrics : {
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
  datapoints_to_alarm = each.value.points
  threshold           = each.value.threshold
  comparison_operator = try(each.value.below, false) ? "LessThanThreshold" : "GreaterThanThreshold"
  treat_missing_data  = try(each.value.silence, false) ? "breaching" : "notBreaching"
  alarm_actions       = [aws_sns_topic.alarms.arn]
  ok_actions          = [aws_sns_topic.alarms.arn]
}

# One window of a burn rate; alone it tells nobody.
resource "aws_cloudwatch_metric_alarm" "window" {
  for_each = local.burns

  alarm_name          = "${var.name}-window-${each.key}"
  alarm_description   = "A window of an objective's burn rate"
  evaluation_periods  = 1
  datapoints_to_alarm = 1
  threshold           = each.value.threshold
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"

  metric_query {
    id          = "ratio"
    expression  = local.slo.expression
    label       = "share that failed"
    return_data = true
  }

  dynamic "metric_query" {
    for_each = { good = each.value.target.good, bad = each.value.target.bad }

    content {
      id         = metric_query.key
      expression = join(" + ", [for outcome in metric_query.value : "FILL(${outcome}, 0)"])
    }
  }

  dynamic "metric_query" {
    for_each = toset(concat(each.value.target.good, each.value.target.bad))

    content {
      id = metric_query.key

      metric {
        namespace   = var.metrics_namespace
        metric_name = each.value.target.metric
        dimensions  = { Service = each.value.target.service, (each.value.target.label) = metric_query.key }
        stat        = "Sum"
        period      = each.value.minutes * 60
      }
    }
  }
}

resource "aws_cloudwatch_composite_alarm" "burning" {
  for_each = local.burning

  alarm_name        = "${var.name}-${each.key}"
  alarm_description = each.value.what
  alarm_rule        = join(" AND ", [for window in each.value.both : "ALARM(\"${aws_cloudwatch_metric_alarm.window[window].alarm_name}\")"])
  alarm_actions     = [aws_sns_topic.alarms.arn]
  ok_actions        = [aws_sns_topic.alarms.arn]
}

resource "aws_cloudwatch_metric_alarm" "throttled" {
  for_each = local.throttles

  alarm_name          = "${var.name}-table-throttled-${each.key}"
  alarm_description   = local.table.what
  evaluation_periods  = local.table.periods
  datapoints_to_alarm = local.table.points
  threshold           = local.table.threshold
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alarms.arn]
  ok_actions          = [aws_sns_topic.alarms.arn]

  metric_query {
    id          = "all"
    expression  = local.table.expression
    label       = "throttled"
    return_data = true
  }

  dynamic "metric_query" {
    for_each = { for query in each.value : query.id => query }

    content {
      id = metric_query.key

      metric {
        namespace   = local.table.namespace
        metric_name = metric_query.value.metric
        dimensions  = metric_query.value.dimensions
        stat        = local.table.statistic
        period      = local.table.minutes * 60
      }
    }
  }
}
