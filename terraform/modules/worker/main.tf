# Handlers, times and the filter stand in functions.json, which the tests of the Java code write.
locals {
  functions = jsondecode(file("${path.module}/functions.json"))
  mapping   = local.functions.stream.mapping
  region    = data.aws_region.current.id

  push_settings = length(var.api_endpoints) == 0 ? {} : {
    STREAMER_API_ENDPOINTS = join(",", [for name, url in var.api_endpoints : "${name}=${url}"])
  }

  job_environment = merge(
    var.environment,
    var.settings,
    {
      STREAMER_TABLE_PREFIX      = var.table_prefix
      STREAMER_METRICS_NAMESPACE = var.metrics_namespace
      # Lambda has no reference to a secret as ECS has: the code fetches what an ARN names
      STREAMER_INTERNAL_SECRET = coalesce(var.internal_secret_arn, join(",", var.internal_secrets))
    },
    local.push_settings,
    var.bucket == null ? {} : { STREAMER_BUCKET = var.bucket.name }
  )
}

data "aws_region" "current" {}

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

# Made here, with a time to live, and not by Lambda: the roles may not make any.
resource "aws_cloudwatch_log_group" "this" {
  #checkov:skip=CKV_AWS_338:how long it stays is a variable; a year of debug lines is no aim

  for_each = local.functions

  name              = "/aws/lambda/${var.name}-${each.key}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.log_kms_key_arn
}

# What could not be started, and what the stream could not hand on. The jobs' rows are what counts:
# they are started again from there, and these queues say that something is wrong.
resource "aws_sqs_queue" "failed" {
  for_each = local.functions

  name                      = "${var.name}-${each.key}-failed"
  message_retention_seconds = 1209600
  # one or the other: SQS knows no key of its own beside one that is named
  sqs_managed_sse_enabled = var.kms_key_arn == null ? true : null
  kms_master_key_id       = var.kms_key_arn
}

resource "aws_lambda_function" "job" {
  #checkov:skip=CKV_AWS_50:traces go by OpenTelemetry and are linked to X-Ray's ids
  #checkov:skip=CKV_AWS_116:a failed start goes to a queue by the alias's destination, which tells more than a dead-letter queue
  #checkov:skip=CKV_AWS_173:secrets are named by their ARN; Lambda encrypts the rest with its own key
  #checkov:skip=CKV_AWS_272:one workflow builds and deploys the package; signing is the account's to demand

  function_name                  = "${var.name}-job"
  description                    = "Runs one job"
  role                           = aws_iam_role.this["job"].arn
  runtime                        = var.lambda_runtime
  handler                        = local.functions.job.handler
  architectures                  = [var.architecture]
  filename                       = var.package
  source_code_hash               = filebase64sha256(var.package)
  publish                        = true
  memory_size                    = var.job_memory
  timeout                        = coalesce(var.job_timeout, local.functions.job.timeout)
  reserved_concurrent_executions = var.job_concurrency
  # else its network interfaces hold the group for up to 45 minutes when all is destroyed
  replace_security_groups_on_destroy = true

  vpc_config {
    subnet_ids         = var.subnet_ids
    security_group_ids = [var.security_group_id]
  }

  environment {
    variables = local.job_environment
  }

  # the function's own lines are JSON already and go on as they are; "JSON" would put Lambda's filter
  # by level between, which takes the metrics' lines for INFO
  logging_config {
    log_format = "Text"
    log_group  = aws_cloudwatch_log_group.this["job"].name
  }

  dynamic "snap_start" {
    for_each = var.snap_start ? [1] : []

    content {
      apply_on = "PublishedVersions"
    }
  }

  depends_on = [aws_iam_role_policy.this]
}

resource "aws_lambda_function" "stream" {
  #checkov:skip=CKV_AWS_50:traces go by OpenTelemetry and are linked to X-Ray's ids
  #checkov:skip=CKV_AWS_115:a bound would hold up its shards; the mapping bounds it already
  #checkov:skip=CKV_AWS_116:the mapping sends what it gives up on to a queue
  #checkov:skip=CKV_AWS_117:it needs nothing in the VPC
  #checkov:skip=CKV_AWS_173:it has no secret; Lambda encrypts what it has with its own key
  #checkov:skip=CKV_AWS_272:one workflow builds and deploys the package; signing is the account's to demand

  function_name    = "${var.name}-stream"
  description      = "Starts a job function for each job that asks for one"
  role             = aws_iam_role.this["stream"].arn
  runtime          = var.lambda_runtime
  handler          = local.functions.stream.handler
  architectures    = [var.architecture]
  filename         = var.package
  source_code_hash = filebase64sha256(var.package)
  publish          = true
  memory_size      = 512
  timeout          = local.functions.stream.timeout

  environment {
    variables = merge(
      { for name, value in var.settings : name => value if can(regex("^(OTEL|STREAMER_LOG)_", name)) },
      { STREAMER_JOB_FUNCTION = aws_lambda_alias.job.arn }
    )
  }

  logging_config {
    log_format = "Text"
    log_group  = aws_cloudwatch_log_group.this["stream"].name
  }

  depends_on = [aws_iam_role_policy.this]
}

resource "aws_lambda_alias" "job" {
  name             = "live"
  description      = "What the stream function starts"
  function_name    = aws_lambda_function.job.function_name
  function_version = aws_lambda_function.job.version
}

resource "aws_lambda_alias" "stream" {
  name             = "live"
  description      = "What the stream starts"
  function_name    = aws_lambda_function.stream.function_name
  function_version = aws_lambda_function.stream.version
}

# A start that Lambda could not make within a minute is made anew from the job's row: what it still
# held then would come on top.
resource "aws_lambda_function_event_invoke_config" "job" {
  function_name                = aws_lambda_function.job.function_name
  qualifier                    = aws_lambda_alias.job.name
  maximum_retry_attempts       = local.functions.job.maximum_retry_attempts
  maximum_event_age_in_seconds = local.functions.job.maximum_event_age_in_seconds

  destination_config {
    on_failure {
      destination = aws_sqs_queue.failed["job"].arn
    }
  }
}

resource "aws_lambda_event_source_mapping" "jobs" {
  event_source_arn                   = var.jobs_stream_arn
  function_name                      = aws_lambda_alias.stream.arn
  starting_position                  = local.mapping.starting_position
  batch_size                         = local.mapping.batch_size
  maximum_batching_window_in_seconds = local.mapping.maximum_batching_window_in_seconds
  parallelization_factor             = local.mapping.parallelization_factor
  function_response_types            = local.mapping.function_response_types
  # without bounds one bad record holds its shard for a day
  maximum_retry_attempts         = local.mapping.maximum_retry_attempts
  maximum_record_age_in_seconds  = local.mapping.maximum_record_age_in_seconds
  bisect_batch_on_function_error = local.mapping.bisect_batch_on_function_error

  filter_criteria {
    dynamic "filter" {
      for_each = local.mapping.filters

      content {
        pattern = filter.value
      }
    }
  }

  destination_config {
    on_failure {
      destination_arn = aws_sqs_queue.failed["stream"].arn
    }
  }

  metrics_config {
    metrics = ["EventCount"]
  }

  depends_on = [aws_iam_role_policy.this]
}
