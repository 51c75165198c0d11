locals {
  host = trimprefix(aws_apigatewayv2_api.this.api_endpoint, "wss://")
  # on a name of its own the stage is not part of the address
  address = var.domain == null ? "${local.host}/${var.stage}" : var.domain.name
}

output "url" {
  description = "Where clients connect."
  value       = "wss://${local.address}"
}

output "endpoints" {
  description = "`STREAMER_API_ENDPOINTS`, for gateway and worker: the API's name and where its `@connections` are."
  value       = { (var.api_name) = "https://${local.address}" }
}

output "execution_arn" {
  description = "The stage's ARN, for the right to push. It has the API's id and the stage, also where there is a domain."
  value       = "${aws_apigatewayv2_api.this.execution_arn}/${var.stage}"
}

output "api_id" {
  description = "The API's id."
  value       = aws_apigatewayv2_api.this.id
}

output "stage" {
  description = "The stage's name."
  value       = var.stage
}

output "log_group_name" {
  description = "The access log."
  value       = aws_cloudwatch_log_group.access.name
}
