mock_provider "aws" {
  source          = "../../testing/aws"
  override_during = plan
}

variables {
  # any file will do for a plan
  package           = "versions.tf"
  subnet_ids        = ["subnet-3", "subnet-4"]
  security_group_id = "sg-4"
  tables = {
    jobs          = { name = "streamer-jobs", arn = "arn:aws:dynamodb:eu-west-1:123456789012:table/streamer-jobs", index_arns = [] }
    job_data      = { name = "streamer-job_data", arn = "arn:aws:dynamodb:eu-west-1:123456789012:table/streamer-job_data", index_arns = [] }
    connections   = { name = "streamer-connections", arn = "arn:aws:dynamodb:eu-west-1:123456789012:table/streamer-connections", index_arns = [] }
    subscriptions = { name = "streamer-subscriptions", arn = "arn:aws:dynamodb:eu-west-1:123456789012:table/streamer-subscriptions", index_arns = [] }
    nodes         = { name = "streamer-nodes", arn = "arn:aws:dynamodb:eu-west-1:123456789012:table/streamer-nodes", index_arns = [] }
  }
  jobs_stream_arn     = "arn:aws:dynamodb:eu-west-1:123456789012:table/streamer-jobs/stream/2026-01-01T00:00:00.000"
  bucket              = { name = "files", arn = "arn:aws:s3:::files" }
  internal_secret_arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:streamer/internal-AbCdEf"
  api_endpoints       = { main = "https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com/live" }
  api_execution_arns  = ["arn:aws:execute-api:eu-west-1:123456789012:a1b2c3d4e5/live"]
}

run "functions_are_those_of_the_file" {
  command = plan

  assert {
    condition     = aws_lambda_function.job.handler == "io.streamer.worker.JobFunction" && aws_lambda_function.stream.handler == "io.streamer.worker.StreamFunction"
    error_message = "one package, two handlers"
  }

  assert {
    condition     = aws_lambda_function.job.timeout == 900 && aws_lambda_function.stream.timeout == 60
    error_message = "as long as Lambda lets a job run, and not long for the stream"
  }

  assert {
    condition     = aws_lambda_function.job.architectures == tolist(["arm64"]) && aws_lambda_function.job.memory_size == 512
    error_message = "the cheap kind"
  }

  assert {
    condition     = aws_lambda_function.job.publish && aws_lambda_function.stream.publish
    error_message = "an alias needs a version"
  }

  assert {
    condition     = length(aws_lambda_function.job.snap_start) == 0
    error_message = "no snapshot unless it is asked for"
  }
}

run "only_the_job_function_is_in_the_vpc" {
  command = plan

  assert {
    condition     = toset(aws_lambda_function.job.vpc_config[0].subnet_ids) == toset(["subnet-3", "subnet-4"]) && toset(aws_lambda_function.job.vpc_config[0].security_group_ids) == toset(["sg-4"])
    error_message = "it reaches the tasks' internal port"
  }

  assert {
    condition     = length(aws_lambda_function.stream.vpc_config) == 0
    error_message = "the stream function would need an endpoint for Lambda"
  }

  assert {
    condition     = aws_lambda_function.job.replace_security_groups_on_destroy
    error_message = "a teardown does not wait for interfaces"
  }
}

run "starts_are_not_kept_by_lambda" {
  command = plan

  assert {
    condition     = aws_lambda_function_event_invoke_config.job.maximum_event_age_in_seconds == 60 && aws_lambda_function_event_invoke_config.job.maximum_retry_attempts == 0
    error_message = "a start that is late is made anew from the job's row"
  }

  assert {
    condition     = aws_lambda_function_event_invoke_config.job.qualifier == aws_lambda_alias.job.name
    error_message = "the bounds hold for the alias, which is what is started"
  }

  assert {
    condition     = aws_lambda_function_event_invoke_config.job.destination_config[0].on_failure[0].destination == aws_sqs_queue.failed["job"].arn
    error_message = "what was dropped is seen"
  }

  assert {
    condition     = aws_lambda_function.stream.environment[0].variables["STREAMER_JOB_FUNCTION"] == aws_lambda_alias.job.arn
    error_message = "the stream function starts the alias"
  }
}

run "the_stream_is_not_held_up" {
  command = plan

  assert {
    condition     = one(aws_lambda_event_source_mapping.jobs.filter_criteria[0].filter[*]).pattern == "{\"dynamodb\":{\"NewImage\":{\"start\":{\"S\":[\"1\"]}}}}"
    error_message = "only jobs that ask for a worker come through"
  }

  assert {
    condition     = aws_lambda_event_source_mapping.jobs.maximum_retry_attempts == 10 && aws_lambda_event_source_mapping.jobs.maximum_record_age_in_seconds == 600 && aws_lambda_event_source_mapping.jobs.bisect_batch_on_function_error
    error_message = "a bad record is put aside"
  }

  assert {
    condition     = aws_lambda_event_source_mapping.jobs.parallelization_factor == 10 && aws_lambda_event_source_mapping.jobs.batch_size == 25
    error_message = "a shard starts more than one batch at once"
  }

  assert {
    condition     = toset(aws_lambda_event_source_mapping.jobs.function_response_types) == toset(["ReportBatchItemFailures"])
    error_message = "only what failed comes again"
  }

  assert {
    condition     = aws_lambda_event_source_mapping.jobs.starting_position == "TRIM_HORIZON"
    error_message = "nothing is left out at the start"
  }

  assert {
    condition     = aws_lambda_event_source_mapping.jobs.destination_config[0].on_failure[0].destination_arn == aws_sqs_queue.failed["stream"].arn
    error_message = "what was put aside is seen"
  }
}

run "the_environment_is_that_of_the_gateway" {
  command = plan

  assert {
    condition = toset(keys(nonsensitive(aws_lambda_function.job.environment[0].variables))) == toset([
      "STREAMER_API_ENDPOINTS", "STREAMER_BUCKET", "STREAMER_INTERNAL_SECRET", "STREAMER_METRICS_NAMESPACE", "STREAMER_TABLE_PREFIX"
    ])
    error_message = "what the job function reads, and nothing that it refuses"
  }

  assert {
    condition     = alltrue([for name in keys(nonsensitive(aws_lambda_function.job.environment[0].variables)) : strcontains(file("../../../docs/reference/settings.md"), "`${name}`")])
    error_message = "a worker does not start with a setting that it does not know"
  }

  assert {
    condition     = toset(keys(aws_lambda_function.stream.environment[0].variables)) == toset(["STREAMER_JOB_FUNCTION"])
    error_message = "the stream function knows no secret"
  }
}

run "the_logs_settings_are_both_functions" {
  command = plan

  variables {
    settings = { STREAMER_LOG_LEVEL = "DEBUG", STREAMER_JOB_RETENTION = "3d" }
  }

  assert {
    condition     = toset(keys(aws_lambda_function.stream.environment[0].variables)) == toset(["STREAMER_JOB_FUNCTION", "STREAMER_LOG_LEVEL"])
    error_message = "the stream function has what is said of the log, and not what is said of jobs"
  }
}

run "files_are_below_two_folders" {
  command = plan

  assert {
    condition     = one([for statement in jsondecode(aws_iam_role_policy.this["job"].policy).Statement : statement if statement.Sid == "Files"]).Resource == ["arn:aws:s3:::files/files/*", "arn:aws:s3:::files/results/*"]
    error_message = "nothing else in the bucket is a worker's"
  }
}

run "the_secret_is_named_and_not_told" {
  command = plan

  assert {
    condition     = nonsensitive(aws_lambda_function.job.environment[0].variables["STREAMER_INTERNAL_SECRET"]) == var.internal_secret_arn
    error_message = "the configuration has the secret's name alone"
  }

  assert {
    condition     = one([for statement in jsondecode(aws_iam_role_policy.this["job"].policy).Statement : statement if statement.Sid == "InternalSecret"]).Resource == [var.internal_secret_arn]
    error_message = "the job function may read this secret, and no other"
  }

  assert {
    condition     = length([for statement in jsondecode(aws_iam_role_policy.this["stream"].policy).Statement : statement if contains(statement.Action, "secretsmanager:GetSecretValue")]) == 0
    error_message = "the stream function reads none"
  }
}

run "without_a_way_to_secrets_manager_it_is_told" {
  command = plan

  variables {
    internal_secret_arn = null
    internal_secrets    = ["internal-secret-internal-secret-32"]
  }

  assert {
    condition     = nonsensitive(aws_lambda_function.job.environment[0].variables["STREAMER_INTERNAL_SECRET"]) == "internal-secret-internal-secret-32"
    error_message = "the configuration has the secret"
  }

  assert {
    condition     = length([for statement in jsondecode(aws_iam_role_policy.this["job"].policy).Statement : statement if contains(statement.Action, "secretsmanager:GetSecretValue")]) == 0
    error_message = "there is nothing to read"
  }
}

run "a_secret_is_named_or_told" {
  command = plan

  variables {
    internal_secrets = ["internal-secret-internal-secret-32"]
  }

  expect_failures = [var.internal_secrets]
}

run "one_of_both_is_needed" {
  command = plan

  variables {
    internal_secret_arn = null
  }

  expect_failures = [var.internal_secrets]
}

run "a_parameter_is_no_secret" {
  command = plan

  variables {
    internal_secret_arn = "arn:aws:ssm:eu-west-1:123456789012:parameter/internal"
  }

  expect_failures = [var.internal_secret_arn]
}

run "rights_are_narrow" {
  command = plan

  assert {
    condition     = toset([for statement in jsondecode(aws_iam_role_policy.this["job"].policy).Statement : statement.Sid if contains(statement.Resource, "*") && statement.Effect == "Allow"]) == toset(["Interfaces"])
    error_message = "* stands for network interfaces, and for nothing else"
  }

  assert {
    condition     = toset([for statement in jsondecode(aws_iam_role_policy.this["stream"].policy).Statement : statement.Sid if contains(statement.Resource, "*")]) == toset(["Streams"])
    error_message = "* stands for the list of streams, and for nothing else"
  }

  assert {
    condition     = alltrue(flatten([for policy in aws_iam_role_policy.this : [for statement in jsondecode(policy.policy).Statement : [for action in statement.Action : !strcontains(action, "*")]]]))
    error_message = "no action has a *"
  }

  assert {
    condition     = one([for statement in jsondecode(aws_iam_role_policy.this["job"].policy).Statement : statement if statement.Sid == "NoInterfacesForHandlers"]).Condition.ArnEquals["lambda:SourceFunctionArn"] == ["arn:aws:lambda:eu-west-1:123456789012:function:streamer-job"]
    error_message = "handlers make no network interfaces"
  }

  assert {
    condition     = one([for statement in jsondecode(aws_iam_role_policy.this["stream"].policy).Statement : statement if statement.Sid == "Start"]).Resource == ["arn:aws:lambda:eu-west-1:123456789012:function:streamer-job:live"]
    error_message = "the stream function starts one alias"
  }

  assert {
    condition     = length([for statement in jsondecode(aws_iam_role_policy.this["job"].policy).Statement : statement if try(contains(statement.Resource, "arn:aws:dynamodb:eu-west-1:123456789012:table/streamer-connections"), false)]) == 0
    error_message = "the job function has nothing to do with connections' rows"
  }

  assert {
    condition     = one([for statement in jsondecode(aws_iam_role_policy.this["job"].policy).Statement : statement if statement.Sid == "TableJobData"]).Action == ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"]
    error_message = "a payload that a late attempt reads is kept longer"
  }

  assert {
    condition     = alltrue(flatten([for policy in aws_iam_role_policy.this : [for statement in jsondecode(policy.policy).Statement : !contains(statement.Action, "logs:CreateLogGroup")]]))
    error_message = "a log without an end would come back"
  }
}

run "what_failed_is_kept_for_two_weeks" {
  command = plan

  assert {
    condition     = alltrue([for queue in aws_sqs_queue.failed : queue.message_retention_seconds == 1209600 && queue.sqs_managed_sse_enabled])
    error_message = "longer than a holiday, and encrypted"
  }

  assert {
    condition     = alltrue([for group in aws_cloudwatch_log_group.this : group.retention_in_days == 30])
    error_message = "logs end"
  }
}

run "handlers_get_rights_and_variables" {
  command = plan

  variables {
    environment        = { SHOP_TABLE = "shop" }
    handler_statements = [{ Effect = "Allow", Action = ["dynamodb:GetItem"], Resource = ["arn:aws:dynamodb:eu-west-1:123456789012:table/shop"] }]
  }

  assert {
    condition     = nonsensitive(aws_lambda_function.job.environment[0].variables["SHOP_TABLE"]) == "shop"
    error_message = "variables reach the job function"
  }

  assert {
    condition     = length([for statement in jsondecode(aws_iam_role_policy.this["job"].policy).Statement : statement if try(contains(statement.Resource, "arn:aws:dynamodb:eu-west-1:123456789012:table/shop"), false)]) == 1
    error_message = "rights reach its role"
  }
}

run "without_a_package_there_is_nothing_to_deploy" {
  command = plan

  variables {
    package = "no-such-file.zip"
  }

  expect_failures = [var.package]
}

run "every_action_is_too_much" {
  command = plan

  variables {
    handler_statements = [{ Effect = "Allow", Action = ["*"], Resource = ["*"] }]
  }

  expect_failures = [var.handler_statements]
}

run "outside_of_the_vpc_is_refused" {
  command = plan

  variables {
    subnet_ids = []
  }

  expect_failures = [var.subnet_ids]
}

run "a_collector_of_traces_is_both_functions" {
  command = plan

  variables {
    settings = { OTEL_EXPORTER_OTLP_ENDPOINT = "http://collector.internal:4318", STREAMER_LEASE = "30s" }
  }

  assert {
    condition     = nonsensitive(aws_lambda_function.job.environment[0].variables["OTEL_EXPORTER_OTLP_ENDPOINT"]) == "http://collector.internal:4318"
    error_message = "the job function sends its spans there"
  }

  assert {
    condition     = toset(keys(aws_lambda_function.stream.environment[0].variables)) == toset(["OTEL_EXPORTER_OTLP_ENDPOINT", "STREAMER_JOB_FUNCTION"])
    error_message = "and the stream function, which takes no other of these settings"
  }
}

run "a_setting_of_another_variable_is_refused" {
  command = plan

  variables {
    settings = { STREAMER_BUCKET = "other" }
  }

  expect_failures = [var.settings]
}

run "a_key_of_ones_own_is_the_logs" {
  command = plan

  variables {
    log_kms_key_arn = "arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555"
  }

  assert {
    condition     = alltrue([for group in aws_cloudwatch_log_group.this : group.kms_key_id == var.log_kms_key_arn])
    error_message = "the log uses it"
  }
}

run "without_one_the_log_is_aws_s" {
  command = plan

  assert {
    condition     = alltrue([for group in aws_cloudwatch_log_group.this : group.kms_key_id == null])
    error_message = "a key that nobody named costs nothing"
  }
}

run "an_alias_is_no_key_of_logs" {
  command = plan

  variables {
    log_kms_key_arn = "arn:aws:kms:eu-west-1:123456789012:alias/logs"
  }

  expect_failures = [var.log_kms_key_arn]
}

run "a_key_of_ones_own_is_the_queues" {
  command = plan

  variables {
    kms_key_arn = "arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555"
  }

  assert {
    condition     = alltrue([for queue in aws_sqs_queue.failed : queue.kms_master_key_id == var.kms_key_arn && queue.sqs_managed_sse_enabled != true])
    error_message = "queues use it, and not SQS's beside it"
  }

  assert {
    condition = alltrue([
      for policy in aws_iam_role_policy.this :
      one([for statement in jsondecode(policy.policy).Statement : statement if statement.Sid == "QueueKey"]) == {
        Sid       = "QueueKey"
        Effect    = "Allow"
        Action    = ["kms:Decrypt", "kms:GenerateDataKey"]
        Resource  = [var.kms_key_arn]
        Condition = { StringEquals = { "kms:ViaService" = "sqs.eu-west-1.amazonaws.com" } }
      }
    ])
    error_message = "both functions may send to a queue with it, and do nothing else there"
  }
}

run "without_one_the_queues_are_aws_s" {
  command = plan

  assert {
    condition     = alltrue([for queue in aws_sqs_queue.failed : queue.kms_master_key_id == null && queue.sqs_managed_sse_enabled])
    error_message = "a key that nobody named costs nothing"
  }

  assert {
    condition     = alltrue(flatten([for policy in aws_iam_role_policy.this : [for statement in jsondecode(policy.policy).Statement : !anytrue([for action in statement.Action : startswith(action, "kms:")])]]))
    error_message = "no right to a key that is not there"
  }
}

run "an_alias_is_no_key" {
  command = plan

  variables {
    kms_key_arn = "arn:aws:kms:eu-west-1:123456789012:alias/streamer"
  }

  expect_failures = [var.kms_key_arn]
}
