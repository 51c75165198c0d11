# The same in dev, staging and prod: they differ in terraform.tfvars alone, and a check compares them.
module "tables" {
  source = "../../modules/tables"

  name                    = var.name
  deletion_protection     = var.deletion_protection
  force_destroy_bucket    = !var.deletion_protection
  point_in_time_recovery  = var.deletion_protection
  max_write_request_units = var.max_write_request_units
  kms_key_arn             = var.kms_key_arn
}

module "network" {
  source = "../../modules/network"

  name  = var.name
  zones = var.zones
  nat   = var.nat
}

module "gateway" {
  source = "../../modules/gateway"

  name                = var.name
  image               = var.image
  cpu                 = var.task.cpu
  memory              = var.task.memory
  tasks               = { min = var.task.min, max = var.task.max }
  max_connections     = var.task.max_connections
  sockets_per_task    = var.task.sockets_per_task
  vpc_id              = module.network.vpc_id
  public_subnet_ids   = module.network.public_subnet_ids
  trusted_proxies     = module.network.public_cidrs
  task_subnet_ids     = module.network.private_subnet_ids
  security_group_ids  = module.network.security_group_ids
  ports               = module.network.ports
  tables              = module.tables.tables
  table_prefix        = module.tables.prefix
  bucket              = module.tables.bucket
  kms_key_arn         = var.kms_key_arn
  certificate_arn     = var.direct.certificate_arn
  domain              = { name = var.direct.name, zone_id = var.direct.zone_id }
  api_endpoints       = module.api.endpoints
  api_execution_arns  = [module.api.execution_arn]
  internal_secrets    = var.internal_secrets
  integration_secrets = var.integration_secrets
  secret_revision     = var.secret_revision
  tokens              = var.tokens
  settings            = merge(var.settings, var.gateway_settings)
  log_retention_days  = var.log_retention_days
  log_kms_key_arn     = var.log_kms_key_arn
  deletion_protection = var.deletion_protection
}

module "api" {
  source = "../../modules/api"

  name               = var.name
  target             = module.gateway.integration_load_balancer
  integration_secret = var.integration_secrets[0]
  throttling         = var.throttling
  domain             = var.api_domain
  log_retention_days = var.log_retention_days
  log_kms_key_arn    = var.log_kms_key_arn
}

module "worker" {
  source = "../../modules/worker"

  name              = var.name
  package           = var.package
  lambda_runtime    = var.lambda_runtime
  job_memory        = var.job.memory
  job_concurrency   = var.job.concurrency
  subnet_ids        = module.network.private_subnet_ids
  security_group_id = module.network.security_group_ids.job
  tables            = module.tables.tables
  table_prefix      = module.tables.prefix
  jobs_stream_arn   = module.tables.jobs_stream_arn
  bucket            = module.tables.bucket
  kms_key_arn       = var.kms_key_arn
  # fetched by its name: in a function's configuration many could read it
  internal_secret_arn = module.gateway.internal_secret_arn
  api_endpoints       = module.api.endpoints
  api_execution_arns  = [module.api.execution_arn]
  settings            = var.settings
  log_retention_days  = var.log_retention_days
  log_kms_key_arn     = var.log_kms_key_arn
}

module "observability" {
  source = "../../modules/observability"

  name               = var.name
  emails             = var.emails
  metrics_namespace  = module.gateway.metrics_namespace
  monthly_budget_usd = var.monthly_budget_usd
  tables             = module.tables.tables

  gateway = {
    cluster_name   = module.gateway.cluster_name
    service_name   = module.gateway.service_name
    log_group_name = module.gateway.log_group_name
    balancers      = module.gateway.balancers
  }

  worker = {
    functions       = module.worker.functions
    failed_queues   = module.worker.failed_queues
    log_group_names = module.worker.log_group_names
  }

  api = {
    id    = module.api.api_id
    stage = module.api.stage
  }
}
