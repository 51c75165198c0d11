# Direct clients alone, without NAT and internal load balancer: tasks have public addresses that nobody
# is let in by. Workers reach tables, files and tasks; handlers that call others need a NAT.
locals {
  name = "streamer-example"
}

data "aws_availability_zones" "here" {
  #checkov:skip=CKV_AWS_394:an example takes the first zones of a region

  state = "available"
}

module "tables" {
  source = "../../modules/tables"

  name                 = local.name
  deletion_protection  = false
  force_destroy_bucket = true
}

module "network" {
  source = "../../modules/network"

  name             = local.name
  zones            = slice(data.aws_availability_zones.here.names, 0, 2)
  nat              = "none"
  integration_from = "none"
}

module "gateway" {
  source = "../../modules/gateway"

  name                = local.name
  image               = var.image
  vpc_id              = module.network.vpc_id
  public_subnet_ids   = module.network.public_subnet_ids
  trusted_proxies     = module.network.public_cidrs
  task_subnet_ids     = module.network.public_subnet_ids
  assign_public_ip    = true
  security_group_ids  = module.network.security_group_ids
  ports               = module.network.ports
  tables              = module.tables.tables
  table_prefix        = module.tables.prefix
  bucket              = module.tables.bucket
  certificate_arn     = var.certificate_arn
  api_door            = "none"
  internal_secrets    = [var.internal_secret]
  tokens              = { keys = var.keys }
  settings            = { STREAMER_DEMO = "true" }
  deletion_protection = false
}

module "worker" {
  source = "../../modules/worker"

  name              = local.name
  package           = var.package
  lambda_runtime    = var.lambda_runtime
  subnet_ids        = module.network.private_subnet_ids
  security_group_id = module.network.security_group_ids.job
  tables            = module.tables.tables
  table_prefix      = module.tables.prefix
  jobs_stream_arn   = module.tables.jobs_stream_arn
  bucket            = module.tables.bucket
  internal_secrets  = [var.internal_secret]
  settings          = { STREAMER_DEMO = "true" }

}
