locals {
  private = var.api_door == "private"
  public  = var.api_door == "public"
  region  = data.aws_region.current.id
  account = data.aws_caller_identity.current.account_id
}

data "aws_caller_identity" "current" {}

data "aws_region" "current" {}

data "aws_partition" "current" {}

resource "aws_ecs_cluster" "this" {
  #checkov:skip=CKV_AWS_65:container insights cost by the metric: container_insights turns them on

  name = var.name

  setting {
    name  = "containerInsights"
    value = var.container_insights
  }
}

resource "aws_ecs_cluster_capacity_providers" "this" {
  cluster_name       = aws_ecs_cluster.this.name
  capacity_providers = ["FARGATE", "FARGATE_SPOT"]
}

resource "aws_cloudwatch_log_group" "this" {
  #checkov:skip=CKV_AWS_338:how long it stays is a variable; a year of debug lines is no aim

  name              = "/streamer/${var.name}/gateway"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.log_kms_key_arn
}

resource "aws_ecs_service" "this" {
  #checkov:skip=CKV_AWS_333:public addresses in direct-only alone, which has no NAT; the group lets in the balancers, other tasks and the job function

  name            = "gateway"
  cluster         = aws_ecs_cluster.this.id
  task_definition = aws_ecs_task_definition.this.arn
  desired_count   = var.tasks.min

  deployment_minimum_healthy_percent = 100
  deployment_maximum_percent         = 200
  health_check_grace_period_seconds  = 60
  # it moves tasks by itself, and with them all their clients
  availability_zone_rebalancing = "DISABLED"
  # the image has no shell
  enable_execute_command = false
  propagate_tags         = "SERVICE"

  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }

  capacity_provider_strategy {
    capacity_provider = "FARGATE"
    base              = var.tasks.min
    weight            = 100 - var.spot_share
  }

  dynamic "capacity_provider_strategy" {
    for_each = var.spot_share > 0 ? [var.spot_share] : []

    content {
      capacity_provider = "FARGATE_SPOT"
      weight            = capacity_provider_strategy.value
    }
  }

  network_configuration {
    subnets          = var.task_subnet_ids
    security_groups  = [var.security_group_ids.gateway]
    assign_public_ip = var.assign_public_ip
  }

  load_balancer {
    target_group_arn = aws_lb_target_group.direct.arn
    container_name   = "gateway"
    container_port   = var.ports.direct
  }

  dynamic "load_balancer" {
    for_each = concat(aws_lb_target_group.integration_private[*].arn, aws_lb_target_group.integration_public[*].arn)

    content {
      target_group_arn = load_balancer.value
      container_name   = "gateway"
      container_port   = var.ports.integration
    }
  }

  lifecycle {
    ignore_changes = [desired_count]
  }

  # a target group without a listener has no load balancer, and ECS refuses it
  depends_on = [
    aws_ecs_cluster_capacity_providers.this,
    aws_iam_role_policy.execution,
    aws_iam_role_policy.task,
    aws_lb_listener.https,
    aws_lb_listener.integration,
    aws_lb_listener_rule.integration,
    aws_secretsmanager_secret_version.integration,
    aws_secretsmanager_secret_version.internal,
  ]
}
