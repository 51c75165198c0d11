output "vpc_id" {
  description = "The VPC, made or given."
  value       = local.vpc_id
}

output "public_subnet_ids" {
  description = "Subnets of the public load balancer."
  value       = local.made ? [for zone in var.zones : aws_subnet.public[zone].id] : var.existing.public_subnet_ids
}

output "public_cidrs" {
  description = "Networks of the public load balancer; null in a VPC that was given."
  value       = local.made ? [for zone in var.zones : aws_subnet.public[zone].cidr_block] : null
}

output "private_subnet_ids" {
  description = "Subnets of tasks and of the job function."
  value       = local.made ? [for zone in var.zones : aws_subnet.private[zone].id] : var.existing.private_subnet_ids
}

output "security_group_ids" {
  description = "The groups `alb`, `nlb`, `gateway` and `job`."
  value       = local.group_ids
}

output "ports" {
  description = "The gateway's ports, as the rules have them."
  value       = var.ports
}
