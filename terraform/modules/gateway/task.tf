locals {
  stop_timeout = max(60, var.shutdown_grace_seconds + 15)

  token_settings = {
    STREAMER_TOKEN_JWKS_URL   = var.tokens.jwks_url
    STREAMER_TOKEN_KEYS       = var.tokens.keys
    STREAMER_TOKEN_ISSUER     = var.tokens.issuer
    STREAMER_TOKEN_AUDIENCE   = var.tokens.audience
    STREAMER_TOKEN_ALGORITHMS = var.tokens.algorithms == null ? null : join(",", var.tokens.algorithms)
    STREAMER_TOKEN_ISSUERS    = var.tokens.issuers
  }

  environment = merge(
    var.settings,
    { for name, value in local.token_settings : name => value if value != null },
    {
      STREAMER_PORT              = tostring(var.ports.direct)
      STREAMER_INTERNAL_PORT     = tostring(var.ports.internal)
      STREAMER_TABLE_PREFIX      = var.table_prefix
      STREAMER_MAX_CONNECTIONS   = tostring(var.max_connections)
      STREAMER_SHUTDOWN_GRACE    = "${var.shutdown_grace_seconds}s"
      STREAMER_METRICS_NAMESPACE = var.metrics_namespace
    },
    var.trusted_proxies == null ? {} : { STREAMER_TRUSTED_PROXIES = join(",", var.trusted_proxies) },
    var.bucket == null ? {} : { STREAMER_BUCKET = var.bucket.name },
    var.api_door == "none" ? {} : {
      STREAMER_INTEGRATION_PORT = tostring(var.ports.integration)
      STREAMER_API_ENDPOINTS    = join(",", [for name, url in var.api_endpoints : "${name}=${url}"])
    }
  )

  # ECS reads them when a task starts, with the execution role
  secrets = merge(
    { STREAMER_INTERNAL_SECRET = aws_secretsmanager_secret.internal.arn },
    var.api_door == "none" ? {} : { STREAMER_INTEGRATION_SECRET = aws_secretsmanager_secret.integration[0].arn }
  )

  container = {
    name                   = "gateway"
    image                  = var.image
    essential              = true
    user                   = "65532"
    readonlyRootFilesystem = true
    # ECS's own limit is 30 s, which would kill a task that still lets its clients leave
    stopTimeout = local.stop_timeout
    ulimits     = [{ name = "nofile", softLimit = 131072, hardLimit = 131072 }]
    linuxParameters = {
      initProcessEnabled = false
      capabilities       = { drop = ["ALL"] }
      tmpfs              = [{ containerPath = "/tmp", size = 64 }]
    }
    portMappings = [
      for port in concat([var.ports.direct, var.ports.internal], var.api_door == "none" ? [] : [var.ports.integration]) :
      { containerPort = port, hostPort = port, protocol = "tcp" }
    ]
    environment = [for name in sort(keys(local.environment)) : { name = name, value = local.environment[name] }]
    secrets     = [for name in sort(keys(local.secrets)) : { name = name, valueFrom = local.secrets[name] }]
    # a changed secret alone would start no task
    dockerLabels = { "streamer.secret-revision" = tostring(var.secret_revision) }
    logConfiguration = {
      logDriver = "awslogs"
      options = {
        awslogs-group         = aws_cloudwatch_log_group.this.name
        awslogs-region        = local.region
        awslogs-stream-prefix = "gateway"
        # a log that is slow must not hold up the event loops
        mode            = "non-blocking"
        max-buffer-size = "4m"
      }
    }
  }
}

resource "aws_ecs_task_definition" "this" {
  family                   = "${var.name}-gateway"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = var.cpu
  memory                   = var.memory
  execution_role_arn       = aws_iam_role.execution.arn
  task_role_arn            = aws_iam_role.task.arn
  container_definitions    = jsonencode([local.container])

  runtime_platform {
    cpu_architecture        = var.architecture
    operating_system_family = "LINUX"
  }
}
