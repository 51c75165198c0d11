mock_provider "aws" {
  source          = "../../testing/aws"
  override_during = plan
}

variables {
  image             = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/streamer-gateway:1.0.0"
  vpc_id            = "vpc-0123456789abcdef0"
  public_subnet_ids = ["subnet-1", "subnet-2"]
  task_subnet_ids   = ["subnet-3", "subnet-4"]
  security_group_ids = {
    alb     = "sg-1"
    nlb     = "sg-2"
    gateway = "sg-3"
  }
  tables = {
    jobs          = { name = "streamer-jobs", arn = "arn:aws:dynamodb:eu-west-1:123456789012:table/streamer-jobs", index_arns = ["arn:aws:dynamodb:eu-west-1:123456789012:table/streamer-jobs/index/due"] }
    job_data      = { name = "streamer-job_data", arn = "arn:aws:dynamodb:eu-west-1:123456789012:table/streamer-job_data", index_arns = [] }
    connections   = { name = "streamer-connections", arn = "arn:aws:dynamodb:eu-west-1:123456789012:table/streamer-connections", index_arns = ["arn:aws:dynamodb:eu-west-1:123456789012:table/streamer-connections/index/ofUser"] }
    subscriptions = { name = "streamer-subscriptions", arn = "arn:aws:dynamodb:eu-west-1:123456789012:table/streamer-subscriptions", index_arns = [] }
    nodes         = { name = "streamer-nodes", arn = "arn:aws:dynamodb:eu-west-1:123456789012:table/streamer-nodes", index_arns = [] }
    tenants       = { name = "streamer-tenants", arn = "arn:aws:dynamodb:eu-west-1:123456789012:table/streamer-tenants", index_arns = [] }
  }
  bucket              = { name = "files", arn = "arn:aws:s3:::files" }
  certificate_arn     = "arn:aws:acm:eu-west-1:123456789012:certificate/11111111-2222-3333-4444-555555555555"
  api_endpoints       = { main = "https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com/live" }
  api_execution_arns  = ["arn:aws:execute-api:eu-west-1:123456789012:a1b2c3d4e5/live"]
  internal_secrets    = ["internal-secret-internal-secret-32"]
  integration_secrets = ["integration-secret-integration-32"]
  tokens = {
    jwks_url = "https://issuer.example.com/jwks.json"
    issuer   = "https://issuer.example.com"
    audience = "streamer"
  }
}

run "balancers_ask_whether_the_process_runs" {
  command = plan

  assert {
    condition     = aws_lb_target_group.direct.health_check[0].path == "/health" && aws_lb_target_group.integration_private[0].health_check[0].path == "/health"
    error_message = "ECS replaces what a balancer calls unhealthy: neither group may ask /ready"
  }

  assert {
    condition     = aws_lb_target_group.integration_private[0].protocol == "TCP" && aws_lb_target_group.integration_private[0].health_check[0].protocol == "HTTP"
    error_message = "the internal balancer asks by HTTP"
  }

  assert {
    condition     = aws_lb_target_group.direct.target_type == "ip" && aws_lb_target_group.integration_private[0].target_type == "ip"
    error_message = "tasks on Fargate are addresses"
  }

  assert {
    condition     = tonumber(aws_lb_target_group.direct.deregistration_delay) == 60 && tonumber(aws_lb_target_group.integration_private[0].deregistration_delay) == 60
    error_message = "a task that leaves is not held for five minutes"
  }

  assert {
    condition     = !aws_lb_target_group.direct.stickiness[0].enabled && aws_lb_target_group.direct.load_balancing_algorithm_type == "least_outstanding_requests" && aws_lb_target_group.direct.protocol_version == "HTTP1"
    error_message = "new sockets go to the task with the fewest"
  }

  assert {
    condition     = aws_lb_target_group.direct.port == 8081 && aws_lb_target_group.integration_private[0].port == 8083
    error_message = "each door has its port"
  }
}

run "the_service_stands_behind_both" {
  command = plan

  assert {
    condition     = toset([for balancer in aws_ecs_service.this.load_balancer : balancer.container_port]) == toset([8081, 8083])
    error_message = "two target groups"
  }

  assert {
    condition     = aws_ecs_service.this.deployment_circuit_breaker[0].enable && aws_ecs_service.this.deployment_circuit_breaker[0].rollback
    error_message = "a bad image is rolled back"
  }

  assert {
    condition     = aws_ecs_service.this.deployment_minimum_healthy_percent == 100 && aws_ecs_service.this.deployment_maximum_percent == 200
    error_message = "new tasks come before old ones go"
  }

  assert {
    condition     = aws_ecs_service.this.health_check_grace_period_seconds == 60
    error_message = "a start is not taken for a failure"
  }

  assert {
    condition     = aws_ecs_service.this.availability_zone_rebalancing == "DISABLED"
    error_message = "nothing moves sockets by itself"
  }

  assert {
    condition     = !aws_ecs_service.this.network_configuration[0].assign_public_ip && !aws_ecs_service.this.enable_execute_command
    error_message = "tasks have no public address and no shell"
  }

  assert {
    condition     = aws_ecs_service.this.desired_count == 2
    error_message = "two tasks, unless somebody says otherwise"
  }
}

run "the_container_is_shut_and_has_time" {
  command = plan

  assert {
    condition     = jsondecode(aws_ecs_task_definition.this.container_definitions)[0].stopTimeout >= var.shutdown_grace_seconds + 15
    error_message = "a task that stops is not killed before its grace is over"
  }

  assert {
    condition     = jsondecode(aws_ecs_task_definition.this.container_definitions)[0].readonlyRootFilesystem && jsondecode(aws_ecs_task_definition.this.container_definitions)[0].user == "65532"
    error_message = "read-only, and not root"
  }

  assert {
    condition     = jsondecode(aws_ecs_task_definition.this.container_definitions)[0].linuxParameters.tmpfs[0].containerPath == "/tmp"
    error_message = "what is temporary has a place"
  }

  assert {
    condition     = jsondecode(aws_ecs_task_definition.this.container_definitions)[0].linuxParameters.capabilities.drop == ["ALL"]
    error_message = "it can do nothing that it need not"
  }

  assert {
    condition     = jsondecode(aws_ecs_task_definition.this.container_definitions)[0].ulimits[0].hardLimit == 131072
    error_message = "a socket is a file: there are enough"
  }

  assert {
    condition     = !contains(keys(jsondecode(aws_ecs_task_definition.this.container_definitions)[0]), "healthCheck")
    error_message = "no check starts a JVM every ten seconds"
  }

  assert {
    condition     = jsondecode(aws_ecs_task_definition.this.container_definitions)[0].logConfiguration.options.mode == "non-blocking"
    error_message = "a slow log holds nobody up"
  }

  assert {
    condition     = toset([for secret in jsondecode(aws_ecs_task_definition.this.container_definitions)[0].secrets : secret.name]) == toset(["STREAMER_INTERNAL_SECRET", "STREAMER_INTEGRATION_SECRET"])
    error_message = "secrets come from Secrets Manager"
  }

  assert {
    condition     = alltrue([for variable in jsondecode(aws_ecs_task_definition.this.container_definitions)[0].environment : !endswith(variable.name, "_SECRET")])
    error_message = "no secret stands in the environment"
  }

  assert {
    condition = alltrue([
      for variable in concat(jsondecode(aws_ecs_task_definition.this.container_definitions)[0].environment, jsondecode(aws_ecs_task_definition.this.container_definitions)[0].secrets) :
      strcontains(file("../../../docs/reference/settings.md"), "`${variable.name}`")
    ])
    error_message = "a gateway does not start with a setting that it does not know"
  }

  assert {
    condition     = { for variable in jsondecode(aws_ecs_task_definition.this.container_definitions)[0].environment : variable.name => variable.value }["STREAMER_API_ENDPOINTS"] == "main=https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com/live"
    error_message = "the gateway knows where the API's connections are"
  }

  assert {
    condition     = { for variable in jsondecode(aws_ecs_task_definition.this.container_definitions)[0].environment : variable.name => variable.value }["STREAMER_INTEGRATION_PORT"] == "8083"
    error_message = "API Gateway's calls have a port of their own"
  }

  assert {
    condition     = aws_ecs_task_definition.this.network_mode == "awsvpc" && aws_ecs_task_definition.this.runtime_platform[0].cpu_architecture == "ARM64"
    error_message = "Fargate on ARM"
  }
}

run "a_longer_grace_takes_a_longer_stop" {
  command = plan

  variables {
    shutdown_grace_seconds = 100
  }

  assert {
    condition     = jsondecode(aws_ecs_task_definition.this.container_definitions)[0].stopTimeout == 115
    error_message = "15 s more than the grace"
  }
}

run "the_link_is_let_in" {
  command = plan

  assert {
    condition     = aws_lb.integration[0].enforce_security_group_inbound_rules_on_private_link_traffic == "off"
    error_message = "with on, every call of the VPC link fails with 500"
  }

  assert {
    condition     = toset(aws_lb.integration[0].security_groups) == toset(["sg-2"])
    error_message = "a balancer made without a group never gets one"
  }

  assert {
    condition     = aws_lb.integration[0].internal && aws_lb.integration[0].enable_cross_zone_load_balancing && aws_lb.integration[0].load_balancer_type == "network"
    error_message = "internal, and over all zones"
  }

  assert {
    condition     = aws_lb_listener.integration[0].port == 80 && aws_lb_listener.integration[0].protocol == "TCP"
    error_message = "the port of the integrations' address"
  }
}

run "clients_get_tls_and_no_integrations" {
  command = plan

  assert {
    condition     = aws_lb_listener.https.protocol == "HTTPS" && startswith(aws_lb_listener.https.ssl_policy, "ELBSecurityPolicy-TLS13")
    error_message = "TLS"
  }

  assert {
    condition     = aws_lb_listener.http.default_action[0].type == "redirect" && aws_lb_listener.http.default_action[0].redirect[0].protocol == "HTTPS"
    error_message = "http leads to https"
  }

  assert {
    condition     = aws_lb_listener_rule.integration.action[0].type == "fixed-response" && aws_lb_listener_rule.integration.action[0].fixed_response[0].status_code == "403"
    error_message = "API Gateway's paths are closed to clients"
  }

  assert {
    condition     = aws_lb.direct.drop_invalid_header_fields && aws_lb.direct.idle_timeout == 120
    error_message = "longer than the time between pings"
  }

  assert {
    condition     = aws_lb.direct.enable_deletion_protection && aws_lb.integration[0].enable_deletion_protection
    error_message = "balancers are protected unless somebody says otherwise"
  }
}

run "rights_are_narrow" {
  command = plan

  assert {
    condition = toset([
      for statement in concat(jsondecode(aws_iam_role_policy.task.policy).Statement, jsondecode(aws_iam_role_policy.execution.policy).Statement) :
      statement.Sid if contains(statement.Resource, "*")
    ]) == toset(["Metrics", "RegistryToken"])
    error_message = "* stands where AWS knows no resources, and nowhere else"
  }

  assert {
    condition     = alltrue([for statement in concat(jsondecode(aws_iam_role_policy.task.policy).Statement, jsondecode(aws_iam_role_policy.execution.policy).Statement) : alltrue([for action in statement.Action : !strcontains(action, "*")])])
    error_message = "no action has a *"
  }

  assert {
    condition     = one([for statement in jsondecode(aws_iam_role_policy.task.policy).Statement : statement if statement.Sid == "Metrics"]).Condition.StringEquals["cloudwatch:namespace"] == "Streamer"
    error_message = "metrics go to one namespace"
  }

  assert {
    condition     = alltrue([for statement in jsondecode(aws_iam_role_policy.task.policy).Statement : !contains(flatten([statement.Resource]), "arn:aws:dynamodb:eu-west-1:123456789012:table/streamer-tenants")])
    error_message = "no right to a table that the code does not touch"
  }

  assert {
    condition     = one([for statement in jsondecode(aws_iam_role_policy.task.policy).Statement : statement if statement.Sid == "TableNodes"]).Action == ["dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Scan"]
    error_message = "nodes are scanned, and nothing else is"
  }

  assert {
    condition     = contains(one([for statement in jsondecode(aws_iam_role_policy.task.policy).Statement : statement if statement.Sid == "TableConnections"]).Action, "dynamodb:BatchWriteItem") && length([for statement in jsondecode(aws_iam_role_policy.task.policy).Statement : statement if contains(statement.Action, "dynamodb:BatchWriteItem")]) == 1
    error_message = "connections are written in batches, and nothing else is"
  }

  assert {
    condition     = toset(one([for statement in jsondecode(aws_iam_role_policy.task.policy).Statement : statement if statement.Sid == "Indexes"]).Resource) == toset([for index in ["connections/index/ofTenant", "connections/index/ofUser", "jobs/index/due", "subscriptions/index/byConnection"] : "arn:aws:dynamodb:eu-west-1:123456789012:table/streamer-${index}"])
    error_message = "the indexes that the code asks, and no others"
  }

  assert {
    condition     = toset(one([for statement in jsondecode(aws_iam_role_policy.task.policy).Statement : statement if statement.Sid == "Connections"]).Resource) == toset([for method in ["POST", "GET", "DELETE"] : "arn:aws:execute-api:eu-west-1:123456789012:a1b2c3d4e5/live/${method}/@connections/*"])
    error_message = "pushes go to the one stage"
  }

  assert {
    condition     = one([for statement in jsondecode(aws_iam_role_policy.task.policy).Statement : statement if statement.Sid == "Files"]).Resource == ["arn:aws:s3:::files/files/*", "arn:aws:s3:::files/results/*"]
    error_message = "files and results alone, of all that may be in the bucket"
  }

  assert {
    condition     = one([for statement in jsondecode(aws_iam_role_policy.execution.policy).Statement : statement if statement.Sid == "Image"]).Resource == ["arn:aws:ecr:eu-west-1:123456789012:repository/streamer-gateway"]
    error_message = "the image comes from one repository"
  }

  assert {
    condition     = length([for statement in jsondecode(aws_iam_role_policy.execution.policy).Statement : statement if contains(statement.Action, "logs:CreateLogGroup")]) == 0
    error_message = "a log without an end would come back"
  }

  assert {
    condition     = jsondecode(aws_iam_role.task.assume_role_policy).Statement[0].Condition.StringEquals["aws:SourceAccount"] == "123456789012"
    error_message = "only this account's tasks take the role"
  }
}

run "scaling_follows_sockets_and_shrinks_slowly" {
  command = plan

  assert {
    condition     = aws_appautoscaling_policy.sockets.target_tracking_scaling_policy_configuration[0].customized_metric_specification[0].metric_name == "streamer.sockets.value" && aws_appautoscaling_policy.sockets.target_tracking_scaling_policy_configuration[0].customized_metric_specification[0].statistic == "Average"
    error_message = "the average is one task's"
  }

  assert {
    condition     = aws_appautoscaling_policy.sockets.target_tracking_scaling_policy_configuration[0].scale_in_cooldown == 900 && aws_appautoscaling_policy.cpu.target_tracking_scaling_policy_configuration[0].scale_in_cooldown == 900
    error_message = "each step in ends sockets"
  }

  assert {
    condition     = aws_appautoscaling_target.this.min_capacity == 2 && aws_appautoscaling_target.this.max_capacity == 10
    error_message = "between tasks.min and tasks.max"
  }
}

run "secrets_are_written_and_not_kept" {
  command = plan

  assert {
    condition     = aws_secretsmanager_secret_version.internal.secret_string == null && aws_secretsmanager_secret_version.integration[0].secret_string == null
    error_message = "values are not in the state"
  }

  assert {
    condition     = aws_secretsmanager_secret_version.internal.secret_string_wo_version == 1
    error_message = "a change is seen by its revision"
  }
}

run "an_api_over_the_internet" {
  command = plan

  variables {
    api_door = "public"
  }

  assert {
    condition     = length(aws_lb.integration) == 0 && aws_lb_listener_rule.integration.action[0].type == "forward"
    error_message = "the public balancer forwards the integrations"
  }

  assert {
    condition     = aws_lb_target_group.integration_public[0].health_check[0].path == "/health" && aws_lb_target_group.integration_public[0].port == 8083
    error_message = "to the port that is theirs"
  }
}

run "direct_clients_alone" {
  command = plan

  variables {
    api_door            = "none"
    api_endpoints       = {}
    api_execution_arns  = []
    integration_secrets = []
  }

  assert {
    condition     = length(aws_lb.integration) == 0 && length(aws_ecs_service.this.load_balancer) == 1
    error_message = "one balancer"
  }

  assert {
    condition     = [for secret in jsondecode(aws_ecs_task_definition.this.container_definitions)[0].secrets : secret.name] == ["STREAMER_INTERNAL_SECRET"]
    error_message = "one secret"
  }

  assert {
    condition     = alltrue([for variable in jsondecode(aws_ecs_task_definition.this.container_definitions)[0].environment : !contains(["STREAMER_API_ENDPOINTS", "STREAMER_INTEGRATION_PORT"], variable.name)])
    error_message = "no setting of a door that is shut"
  }

  assert {
    condition     = length([for statement in jsondecode(aws_iam_role_policy.task.policy).Statement : statement if statement.Sid == "Connections"]) == 0
    error_message = "no right to push through an API"
  }
}

run "half_of_an_api_is_refused" {
  command = plan

  variables {
    integration_secrets = []
    api_endpoints       = {}
  }

  expect_failures = [var.api_door]
}

run "a_pair_that_fargate_does_not_have_is_refused" {
  command = plan

  variables {
    cpu    = 1024
    memory = 1024
  }

  expect_failures = [var.memory]
}

run "more_sockets_than_memory_are_refused" {
  command = plan

  variables {
    max_connections = 40000
  }

  expect_failures = [var.max_connections]
}

run "the_latest_image_is_refused" {
  command = plan

  variables {
    image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/streamer-gateway:latest"
  }

  expect_failures = [var.image]
}

run "two_sources_of_keys_are_refused" {
  command = plan

  variables {
    tokens = {
      jwks_url = "https://issuer.example.com/jwks.json"
      issuer   = "https://issuer.example.com"
      audience = "streamer"
      keys     = "{\"keys\":[]}"
    }
  }

  expect_failures = [var.tokens]
}

run "a_short_secret_is_refused" {
  command = plan

  variables {
    internal_secrets = ["short"]
  }

  expect_failures = [var.internal_secrets]
}

run "a_secret_among_the_settings_is_refused" {
  command = plan

  variables {
    settings = { STREAMER_INTERNAL_SECRET = "internal-secret-internal-secret-32" }
  }

  expect_failures = [var.settings]
}

run "a_grace_that_ecs_does_not_wait_for_is_refused" {
  command = plan

  variables {
    shutdown_grace_seconds = 110
  }

  expect_failures = [var.shutdown_grace_seconds]
}

run "a_key_of_ones_own_is_the_logs" {
  command = plan

  variables {
    log_kms_key_arn = "arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555"
  }

  assert {
    condition     = aws_cloudwatch_log_group.this.kms_key_id == var.log_kms_key_arn
    error_message = "the log uses it"
  }
}

run "without_one_the_log_is_aws_s" {
  command = plan

  assert {
    condition     = aws_cloudwatch_log_group.this.kms_key_id == null
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

run "an_alias_is_no_key" {
  command = plan

  variables {
    kms_key_arn = "arn:aws:kms:eu-west-1:123456789012:alias/streamer"
  }

  expect_failures = [var.kms_key_arn]
}
