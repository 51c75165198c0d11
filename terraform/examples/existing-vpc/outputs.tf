output "direct_url" {
  description = "Where direct clients connect, once a record leads there."
  value       = module.gateway.url
}

output "api_url" {
  description = "Where clients connect through API Gateway."
  value       = module.api.url
}
