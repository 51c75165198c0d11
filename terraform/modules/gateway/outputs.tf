output "url" {
  description = "Where direct clients connect. Without `domain` the certificate does not fit this name: make a record for yours."
  value       = "wss://${var.domain == null ? aws_lb.direct.dns_name : var.domain.name}/ws"
}

output "public_dns_name" {
  description = "The public load balancer's own name, for a record of yours."
  value       = aws_lb.direct.dns_name
}

output "integration_load_balancer" {
  description = "What a VPC link leads to: ARN and address; null without it."
  value       = local.private ? { arn = aws_lb.integration[0].arn, url = "http://${aws_lb.integration[0].dns_name}:80" } : null
}

output "cluster_name" {
  description = "The ECS cluster."
  value       = aws_ecs_cluster.this.name
}

output "service_name" {
  description = "The ECS service."
  value       = aws_ecs_service.this.name
}

output "log_group_name" {
  description = "The tasks' log."
  value       = aws_cloudwatch_log_group.this.name
}

output "metrics_namespace" {
  description = "`STREAMER_METRICS_NAMESPACE`."
  value       = var.metrics_namespace
}

output "balancers" {
  description = "What CloudWatch calls the load balancers and target groups."
  value = concat(
    [{
      name         = "direct"
      namespace    = "AWS/ApplicationELB"
      balancer     = aws_lb.direct.arn_suffix
      target_group = aws_lb_target_group.direct.arn_suffix
    }],
    [for index, group in aws_lb_target_group.integration_private : {
      name         = "api"
      namespace    = "AWS/NetworkELB"
      balancer     = aws_lb.integration[index].arn_suffix
      target_group = group.arn_suffix
    }],
    [for group in aws_lb_target_group.integration_public : {
      name         = "api"
      namespace    = "AWS/ApplicationELB"
      balancer     = aws_lb.direct.arn_suffix
      target_group = group.arn_suffix
    }]
  )
}

output "internal_secret_arn" {
  description = "What the worker module takes, so that the secret stands in no function's configuration."
  value       = aws_secretsmanager_secret.internal.arn
  # whoever gets it may read it
  depends_on = [aws_secretsmanager_secret_version.internal]
}

output "secret_arns" {
  description = "The secrets' ARNs."
  value       = values(local.secrets)
}
