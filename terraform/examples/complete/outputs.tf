output "direct_url" {
  description = "Where direct clients connect, once a record leads there."
  value       = module.gateway.url
}

output "api_url" {
  description = "Where clients connect through API Gateway."
  value       = module.api.url
}

output "names" {
  description = "What the parts are called, for examples/proof."
  value = {
    api_id        = module.api.api_id
    cluster       = module.gateway.cluster_name
    service       = module.gateway.service_name
    nodes_table   = module.tables.tables["nodes"].name
    job_log_group = module.worker.log_group_names["job"]
  }
}
