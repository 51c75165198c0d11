variable "name" {
  description = "First part of every resource's name."
  type        = string
  default     = "streamer"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,19}$", var.name))
    error_message = "name is 2 to 20 of a-z, 0-9 and -, and begins with a letter."
  }
}

variable "existing" {
  description = "A VPC that is there already, with its subnets in two or more zones. `private_route_table_ids` get gateway endpoints for DynamoDB and S3; leave it empty if the VPC has them."
  type = object({
    vpc_id                  = string
    public_subnet_ids       = list(string)
    private_subnet_ids      = list(string)
    private_route_table_ids = optional(list(string), [])
  })
  default = null

  validation {
    condition     = var.existing == null || try(length(var.existing.public_subnet_ids) >= 2 && length(var.existing.private_subnet_ids) >= 2, false)
    error_message = "existing needs two public and two private subnets: a load balancer stands in two zones."
  }
}

variable "cidr" {
  description = "The new VPC's addresses; not read with `existing`."
  type        = string
  default     = "10.40.0.0/16"

  validation {
    condition     = can(cidrsubnet(var.cidr, 8, 255)) && try(tonumber(split("/", var.cidr)[1]) <= 20, false)
    error_message = "cidr is an IPv4 block of /20 or larger, such as 10.40.0.0/16."
  }
}

variable "zones" {
  description = "Availability zones of the new VPC, such as eu-west-1a; not read with `existing`."
  type        = list(string)
  default     = []

  validation {
    condition     = length(var.zones) == 0 || (length(var.zones) >= 2 && length(var.zones) <= 4 && length(distinct(var.zones)) == length(var.zones))
    error_message = "zones are 2 to 4 different ones."
  }

  validation {
    condition     = var.existing != null || length(var.zones) > 0
    error_message = "zones are needed for a new VPC."
  }
}

variable "nat" {
  description = "How private subnets reach the internet: `none`, `single` (one zone's failure cuts pushes through API Gateway off) or `per_zone`. Not read with `existing`."
  type        = string
  default     = "single"

  validation {
    condition     = contains(["none", "single", "per_zone"], var.nat)
    error_message = "nat is none, single or per_zone."
  }
}

variable "client_cidrs" {
  description = "From where clients may reach the public load balancer."
  type        = list(string)
  default     = ["0.0.0.0/0"]

  validation {
    condition     = length(var.client_cidrs) > 0 && alltrue([for cidr in var.client_cidrs : can(cidrhost(cidr, 0))])
    error_message = "client_cidrs are one or more IPv4 blocks."
  }
}

variable "ports" {
  description = "The gateway's ports: `direct` (STREAMER_PORT), `internal` (STREAMER_INTERNAL_PORT) and `integration` (STREAMER_INTEGRATION_PORT)."
  type = object({
    direct      = optional(number, 8081)
    internal    = optional(number, 8082)
    integration = optional(number, 8083)
  })
  default = {}

  validation {
    condition     = length(distinct([var.ports.direct, var.ports.internal, var.ports.integration])) == 3 && alltrue([for port in [var.ports.direct, var.ports.internal, var.ports.integration] : port >= 1024 && port <= 65535])
    error_message = "ports are three different ones from 1024: the gateway does not run as root."
  }
}

variable "integration_from" {
  description = "The load balancer that API Gateway's calls come through: `nlb` (VPC link), `alb` (internet) or `none`."
  type        = string
  default     = "nlb"

  validation {
    condition     = contains(["nlb", "alb", "none"], var.integration_from)
    error_message = "integration_from is nlb, alb or none."
  }
}
