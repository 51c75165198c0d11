variable "region" {
  description = "AWS's region."
  type        = string

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "region is one such as eu-west-1."
  }
}

variable "name" {
  description = "First part of every resource's name, and of the tables'."
  type        = string
}

variable "zones" {
  description = "Availability zones."
  type        = list(string)
}

variable "nat" {
  description = "`single`, or `per_zone` so that no zone depends on another."
  type        = string
}

variable "image" {
  description = "The gateway's image with your handlers."
  type        = string
}

variable "package" {
  description = "Path of worker.zip, as ./streamer build makes it."
  type        = string
  default     = "../../../dist/worker.zip"
}

variable "lambda_runtime" {
  description = "Lambda's managed runtime."
  type        = string
  default     = "java25"
}

variable "task" {
  description = "Size and number of the tasks."
  type = object({
    cpu              = number
    memory           = number
    min              = number
    max              = number
    max_connections  = number
    sockets_per_task = number
  })
}

variable "job" {
  description = "The job function's memory in MB, and how many run at once at most (-1 for no bound)."
  type = object({
    memory      = number
    concurrency = number
  })
}

variable "direct" {
  description = "The direct door's name, certificate and Route 53 zone."
  type = object({
    name            = string
    certificate_arn = string
    zone_id         = string
  })
}

variable "api_domain" {
  description = "A name of its own for the API, with certificate and zone; null for API Gateway's."
  type = object({
    name            = string
    certificate_arn = string
    zone_id         = optional(string)
  })
  default = null
}

variable "throttling" {
  description = "Messages and handshakes a second through API Gateway, and how many at once."
  type = object({
    rate  = number
    burst = number
  })
}

variable "tokens" {
  description = "Whose tokens are believed."
  type = object({
    jwks_url   = optional(string)
    keys       = optional(string)
    issuer     = optional(string)
    audience   = optional(string)
    algorithms = optional(list(string))
    issuers    = optional(string)
  })
}

variable "internal_secrets" {
  description = "STREAMER_INTERNAL_SECRET: the first is sent, all are accepted. Give it as TF_VAR_internal_secrets."
  type        = list(string)
  sensitive   = true
}

variable "integration_secrets" {
  description = "STREAMER_INTEGRATION_SECRET: the first is what the API carries, all are accepted. Give it as TF_VAR_integration_secrets."
  type        = list(string)
  sensitive   = true
}

variable "secret_revision" {
  description = "Add one whenever a secret changes."
  type        = number
  default     = 1
}

variable "settings" {
  description = "Further settings of gateway and job function alike."
  type        = map(string)
  default     = {}
}

variable "gateway_settings" {
  description = "Further settings of the gateway alone."
  type        = map(string)
  default     = {}
}

variable "deletion_protection" {
  description = "Whether tables, balancers, secrets and files are kept from a careless destroy."
  type        = bool
}

variable "max_write_request_units" {
  description = "Writes a second at which each table and index throttles instead of costing more; null for no bound."
  type        = number
  default     = null
}

variable "kms_key_arn" {
  description = "A key of your own for tables, bucket, secrets and queues; null for AWS's."
  type        = string
  default     = null

  validation {
    condition     = var.kms_key_arn == null || can(regex("^arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/", var.kms_key_arn))
    error_message = "kms_key_arn is the ARN of a key, not of an alias."
  }
}

variable "log_kms_key_arn" {
  description = "A key of your own for logs, which may be the same; null for AWS's. Its policy has to let logs.<region>.amazonaws.com use it, or no log can be made: terraform/README.md says how."
  type        = string
  default     = null

  validation {
    condition     = var.log_kms_key_arn == null || can(regex("^arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/", var.log_kms_key_arn))
    error_message = "log_kms_key_arn is the ARN of a key, not of an alias."
  }
}

variable "log_retention_days" {
  description = "Days that logs are kept."
  type        = number
}

variable "emails" {
  description = "Who is told of alarms."
  type        = list(string)
  default     = []
}

variable "monthly_budget_usd" {
  description = "Dollars a month to be told at; null for no budget."
  type        = number
  default     = null
}
