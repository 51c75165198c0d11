mock_provider "aws" {
  source          = "../../testing/aws"
  override_during = plan
}

variables {
  gateway = {
    cluster_name   = "streamer"
    service_name   = "gateway"
    log_group_name = "/streamer/streamer/gateway"
    balancers = [
      { name = "direct", namespace = "AWS/ApplicationELB", balancer = "app/a/1", target_group = "targetgroup/a/1" },
      { name = "api", namespace = "AWS/NetworkELB", balancer = "net/b/2", target_group = "targetgroup/b/2" },
    ]
  }
  worker = {
    functions       = { job = "streamer-job", stream = "streamer-stream" }
    failed_queues   = { job = "streamer-job-failed", stream = "streamer-stream-failed" }
    log_group_names = { job = "/aws/lambda/streamer-job", stream = "/aws/lambda/streamer-stream" }
  }
  api = { id = "a1b2c3d4e5", stage = "live" }
  tables = {
    jobs  = { name = "streamer-jobs", indexes = ["due", "lane", "dead"] }
    nodes = { name = "streamer-nodes", indexes = [] }
  }
}

run "what_matters_has_an_alarm" {
  command = plan

  assert {
    condition = toset(keys(aws_cloudwatch_metric_alarm.this)) == toset([
      "job-starts-dropped", "job-starts-late", "job-throttled", "job-errors", "job-starts-many",
      "stream-late", "stream-errors", "job-failed", "stream-failed",
      "direct-unhealthy", "direct-5xx", "api-unhealthy",
      "api-integration-errors", "api-execution-errors",
      "gateway-silent", "gateway-unavailable", "gateway-loop-late", "gateway-store-away", "jobs-overdue",
      "gateway-cpu", "gateway-memory",
    ])
    error_message = "each is there, and no other"
  }

  assert {
    condition     = alltrue([for alarm in concat(values(aws_cloudwatch_metric_alarm.this), values(aws_cloudwatch_metric_alarm.throttled)) : toset(alarm.alarm_actions) == toset([aws_sns_topic.alarms.arn])])
    error_message = "each tells somebody"
  }

  assert {
    condition     = alltrue([for alarm in aws_cloudwatch_metric_alarm.this : length(alarm.alarm_description) > 10])
    error_message = "each says what is wrong"
  }

  assert {
    condition     = alltrue([for name in concat(keys(aws_cloudwatch_metric_alarm.this), ["table-throttled"]) : strcontains(file("../../../docs/runbooks.md"), "`${name}`")])
    error_message = "each has its place in docs/runbooks.md"
  }

  assert {
    condition     = alltrue([for alarm in aws_cloudwatch_metric_alarm.this : alarm.datapoints_to_alarm <= alarm.evaluation_periods])
    error_message = "each can go off"
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.this["stream-late"].threshold == 60000 && aws_cloudwatch_metric_alarm.this["stream-late"].metric_name == "IteratorAge"
    error_message = "the stream is a minute behind"
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.this["gateway-silent"].treat_missing_data == "breaching"
    error_message = "silence is what this one looks for"
  }

  assert {
    condition     = alltrue([for name in ["job-failed", "stream-failed"] : aws_cloudwatch_metric_alarm.this[name].threshold == 0])
    error_message = "one message is enough"
  }
}

# AlarmsTest plays alarms.json: what is made of it has to be the same.
run "alarms_are_made_as_they_are_played" {
  command = plan

  assert {
    condition = alltrue([for key, made in aws_cloudwatch_metric_alarm.this : anytrue([
      for name, alarm in jsondecode(file("./alarms.json")).alarms :
      contains([name, "direct-${name}", "api-${name}"], key)
      && made.metric_name == alarm.metric
      && made.statistic == alarm.statistic
      && made.period == alarm.minutes * 60
      && made.evaluation_periods == alarm.periods
      && made.datapoints_to_alarm == alarm.points
      && made.threshold == coalesce(alarm.threshold, var.max_starts_per_minute)
      && made.comparison_operator == (try(alarm.below, false) ? "LessThanThreshold" : "GreaterThanThreshold")
      && made.treat_missing_data == (try(alarm.silence, false) ? "breaching" : "notBreaching")
      && made.unit == null
    ])])
    error_message = "each as the file has it"
  }

  assert {
    condition = alltrue([for made in values(aws_cloudwatch_metric_alarm.this) :
      made.namespace != "Streamer" || jsonencode(made.dimensions) == jsonencode(merge(
        { Service = "gateway" },
        endswith(made.metric_name, ".count") ? { outcome = "unavailable" } : {}
      ))
    ])
    error_message = "the series that all tasks write into"
  }

  assert {
    condition = alltrue([for made in values(aws_cloudwatch_metric_alarm.throttled) :
      made.evaluation_periods == 5 && made.datapoints_to_alarm == 3 && made.threshold == 0
      && made.comparison_operator == "GreaterThanThreshold" && made.treat_missing_data == "notBreaching"
    ])
    error_message = "three minutes of five in which a table was throttled"
  }

  assert {
    condition = toset(flatten([for query in aws_cloudwatch_metric_alarm.throttled["jobs"].metric_query : [
      for metric in query.metric : "${metric.namespace} ${metric.metric_name} ${metric.stat} ${metric.period} ${join("/", values(metric.dimensions))}"
      ]])) == toset(flatten([for metric in ["ReadThrottleEvents", "WriteThrottleEvents"] : [
      for of in ["streamer-jobs", "due/streamer-jobs", "lane/streamer-jobs", "dead/streamer-jobs"] : "AWS/DynamoDB ${metric} Sum 60 ${of}"
    ]]))
    error_message = "the table and each index"
  }
}

run "objectives_burn_by_two_windows" {
  command = plan

  assert {
    condition     = toset(keys(aws_cloudwatch_composite_alarm.burning)) == toset(["handshakes-burn-fast", "handshakes-burn-slow", "answers-burn-fast", "answers-burn-slow", "told-burn-fast", "told-burn-slow"])
    error_message = "each objective, fast and slow"
  }

  assert {
    condition     = aws_cloudwatch_composite_alarm.burning["answers-burn-fast"].alarm_rule == "ALARM(\"streamer-window-answers-fast-long\") AND ALARM(\"streamer-window-answers-fast-short\")"
    error_message = "both windows have to burn"
  }

  assert {
    condition     = alltrue([for alarm in aws_cloudwatch_composite_alarm.burning : toset(alarm.alarm_actions) == toset([aws_sns_topic.alarms.arn])])
    error_message = "each tells somebody"
  }

  assert {
    condition     = alltrue([for window in aws_cloudwatch_metric_alarm.window : window.alarm_actions == null])
    error_message = "a window alone tells nobody"
  }

  assert {
    condition     = abs(aws_cloudwatch_metric_alarm.window["answers-fast-long"].threshold - 0.0144) < 0.000001 && abs(aws_cloudwatch_metric_alarm.window["handshakes-slow-short"].threshold - 0.006) < 0.000001
    error_message = "14.4 and 6 times what 99.9 % allow"
  }

  assert {
    condition     = toset(flatten([for query in aws_cloudwatch_metric_alarm.window["answers-slow-long"].metric_query : [for metric in query.metric : metric.period]])) == toset([21600])
    error_message = "six hours"
  }

  assert {
    condition     = toset(flatten([for query in aws_cloudwatch_metric_alarm.window["told-fast-short"].metric_query : [for metric in query.metric : "${metric.metric_name} ${metric.dimensions["Service"]} ${metric.dimensions["told"]}"]])) == toset(["streamer.jobs.told worker in_time", "streamer.jobs.told worker late"])
    error_message = "workers count who was told"
  }

  assert {
    condition     = length([for query in aws_cloudwatch_metric_alarm.window["answers-fast-long"].metric_query : query if query.return_data == true]) == 1
    error_message = "an alarm has one value"
  }

  assert {
    condition     = alltrue([for name in keys(aws_cloudwatch_composite_alarm.burning) : strcontains(file("../../../docs/runbooks.md"), "`${name}`")])
    error_message = "each has its place in docs/runbooks.md"
  }
}

run "tables_are_watched_with_their_indexes" {
  command = plan

  assert {
    condition     = toset(keys(aws_cloudwatch_metric_alarm.throttled)) == toset(["jobs", "nodes"])
    error_message = "each table"
  }

  assert {
    condition     = length(aws_cloudwatch_metric_alarm.throttled["jobs"].metric_query) == 9 && length(aws_cloudwatch_metric_alarm.throttled["nodes"].metric_query) == 3
    error_message = "reads and writes of the table and of each index"
  }
}

run "without_an_api_it_has_no_alarms" {
  command = plan

  variables {
    api = null
  }

  assert {
    condition     = alltrue([for name in keys(aws_cloudwatch_metric_alarm.this) : !endswith(name, "-execution-errors")])
    error_message = "no alarm that never can go off"
  }

  assert {
    condition     = length(jsondecode(aws_cloudwatch_dashboard.this.dashboard_body).widgets) == 13
    error_message = "no graph that stays empty"
  }
}

run "the_dashboard_shows_what_is_there" {
  command = plan

  assert {
    condition     = length(jsondecode(aws_cloudwatch_dashboard.this.dashboard_body).widgets) == 14
    error_message = "all graphs"
  }

  assert {
    condition     = length(distinct([for widget in jsondecode(aws_cloudwatch_dashboard.this.dashboard_body).widgets : "${widget.x} ${widget.y}"])) == 14
    error_message = "none over another"
  }
}

run "a_budget_tells_before_and_after" {
  command = plan

  variables {
    monthly_budget_usd = 300
    budget_tag         = "user:Deployment$streamer-prod"
    emails             = ["ops@example.com"]
  }

  assert {
    condition     = length(aws_budgets_budget.this[0].notification) == 2 && aws_budgets_budget.this[0].limit_amount == "300"
    error_message = "at 80 % spent and 100 % foreseen"
  }

  assert {
    condition     = aws_sns_topic_subscription.emails["ops@example.com"].protocol == "email"
    error_message = "somebody gets mail"
  }
}

run "only_this_account_writes_to_the_topic" {
  command = plan

  assert {
    condition     = jsondecode(aws_sns_topic_policy.alarms.policy).Statement[0].Condition.StringEquals["aws:SourceAccount"] == "123456789012"
    error_message = "no other account's alarms"
  }

  assert {
    condition     = length(aws_budgets_budget.this) == 0
    error_message = "no budget unless there is a number"
  }
}

run "a_budget_of_nothing_is_refused" {
  command = plan

  variables {
    monthly_budget_usd = 0
  }

  expect_failures = [var.monthly_budget_usd]
}

run "a_tag_without_its_value_is_refused" {
  command = plan

  variables {
    budget_tag = "Deployment"
  }

  expect_failures = [var.budget_tag]
}
