output "direct_url" {
  description = "Where direct clients connect, once a record leads there."
  value       = module.gateway.url
}
