output "direct_url" {
  description = "Where direct clients connect."
  value       = module.gateway.url
}

output "api_url" {
  description = "Where clients connect through API Gateway."
  value       = module.api.url
}

output "dashboard" {
  description = "The dashboard's name."
  value       = module.observability.dashboard_name
}

output "alarm_topic_arn" {
  description = "Where alarms go."
  value       = module.observability.topic_arn
}
