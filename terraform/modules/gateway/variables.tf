variable "name" {
  description = "First part of every resource's name."
  type        = string
  default     = "streamer"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,19}$", var.name))
    error_message = "name is 2 to 20 of a-z, 0-9 and -, and begins with a letter."
  }
}

variable "image" {
  description = "The gateway's image with your handlers, best by its digest: `…/streamer-gateway@sha256:…`."
  type        = string

  validation {
    condition     = can(regex("^[^\\s:@]+(:[0-9]+/[^\\s:@]+)?(:[\\w.-]+|@sha256:[0-9a-f]{64})$", var.image)) && !endswith(var.image, ":latest")
    error_message = "image has a tag other than latest, or a digest: a rollback needs to know what ran."
  }
}

variable "architecture" {
  description = "What the image is built for: `ARM64` or `X86_64`."
  type        = string
  default     = "ARM64"

  validation {
    condition     = contains(["ARM64", "X86_64"], var.architecture)
    error_message = "architecture is ARM64 or X86_64."
  }
}

variable "cpu" {
  description = "A task's CPU, in 1/1024."
  type        = number
  default     = 512

  validation {
    condition     = contains([256, 512, 1024, 2048, 4096], var.cpu)
    error_message = "cpu is 256, 512, 1024, 2048 or 4096."
  }
}

variable "memory" {
  description = "A task's memory in MB. More than half is the heap; a socket takes 16 KB of it."
  type        = number
  default     = 1024

  validation {
    condition = contains({
      256  = [512, 1024, 2048]
      512  = range(1024, 4097, 1024)
      1024 = range(2048, 8193, 1024)
      2048 = range(4096, 16385, 1024)
      4096 = range(8192, 30721, 1024)
    }[var.cpu], var.memory)
    error_message = "Fargate has no such pair of cpu and memory: 256 takes 512 to 2048; else memory is 2 to 8 times cpu, in steps of 1024 (4096 takes 30720 at most)."
  }
}

variable "tasks" {
  description = "How many tasks run at least and at most."
  type = object({
    min = optional(number, 2)
    max = optional(number, 10)
  })
  default = {}

  validation {
    condition     = var.tasks.min >= 1 && var.tasks.max >= var.tasks.min
    error_message = "tasks.min is 1 or more, and tasks.max not less."
  }
}

variable "sockets_per_task" {
  description = "The average of sockets per task that scaling aims at."
  type        = number
  default     = 6000

  validation {
    condition     = var.sockets_per_task >= 10 && var.sockets_per_task <= 0.8 * var.max_connections
    error_message = "sockets_per_task is 10 up to 80 % of max_connections: a task that fills up refuses clients before another one is there."
  }
}

variable "max_connections" {
  description = "`STREAMER_MAX_CONNECTIONS`: sockets that one task takes. 10,000 for each GB of memory leave room for messages."
  type        = number
  default     = 10000

  validation {
    condition     = var.max_connections >= 100 && var.max_connections <= 50000
    error_message = "max_connections is 100 to 50000."
  }

  validation {
    condition     = var.max_connections <= var.memory / 1024 * 20000
    error_message = "max_connections is more than the memory can hold: 20,000 for each GB at most."
  }
}

variable "spot_share" {
  description = "Percentage of the tasks beyond `tasks.min` that run on Fargate Spot, which may be taken back with two minutes' notice."
  type        = number
  default     = 0

  validation {
    condition     = var.spot_share >= 0 && var.spot_share <= 33
    error_message = "spot_share is 0 to 33: when Spot is taken back, the others take its clients."
  }
}

variable "vpc_id" {
  description = "The VPC."
  type        = string
}

variable "public_subnet_ids" {
  description = "Subnets of the public load balancer, in two or more zones."
  type        = list(string)

  validation {
    condition     = length(var.public_subnet_ids) >= 2
    error_message = "A load balancer stands in two zones or more."
  }
}

variable "task_subnet_ids" {
  description = "Subnets of the tasks and of the internal load balancer: private ones with a NAT, or public ones with `assign_public_ip`."
  type        = list(string)

  validation {
    condition     = length(var.task_subnet_ids) >= 2
    error_message = "Tasks stand in two zones or more."
  }
}

variable "assign_public_ip" {
  description = "Whether tasks have public addresses, which they need in public subnets to reach the registry and issuers. The security group lets nobody in by them."
  type        = bool
  default     = false
}

variable "security_group_ids" {
  description = "The network module's groups."
  type = object({
    alb     = string
    nlb     = optional(string)
    gateway = string
  })
}

variable "ports" {
  description = "The gateway's ports, as the network module's rules have them."
  type = object({
    direct      = optional(number, 8081)
    internal    = optional(number, 8082)
    integration = optional(number, 8083)
  })
  default = {}
}

variable "tables" {
  description = "The tables module's output of that name."
  type = map(object({
    name       = string
    arn        = string
    index_arns = list(string)
  }))
}

variable "bucket" {
  description = "The bucket for files and large results; null for none."
  type        = object({ name = string, arn = string })
  default     = null
}

variable "kms_key_arn" {
  description = "The key of tables, bucket and secrets, if it is one of yours."
  type        = string
  default     = null

  validation {
    condition     = var.kms_key_arn == null || can(regex("^arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/", var.kms_key_arn))
    error_message = "kms_key_arn is the ARN of a key, not of an alias."
  }
}

variable "certificate_arn" {
  description = "The public load balancer's certificate in ACM, of this region."
  type        = string

  validation {
    condition     = can(regex("^arn:[a-z-]+:acm:[a-z0-9-]+:[0-9]{12}:certificate/", var.certificate_arn))
    error_message = "certificate_arn is the ARN of a certificate in ACM."
  }
}

variable "domain" {
  description = "The direct door's name and its Route 53 zone; null if you make the record."
  type        = object({ name = string, zone_id = string })
  default     = null

  validation {
    condition     = var.domain == null || can(regex("^[a-z0-9-]+(\\.[a-z0-9-]+)+$", var.domain.name))
    error_message = "domain.name is a host's name without a scheme."
  }
}

variable "api_door" {
  description = "How API Gateway reaches the tasks: `private` (internal load balancer and VPC link), `public` (the public load balancer: the integration secret is all that keeps others off) or `none`."
  type        = string
  default     = "private"

  validation {
    condition     = contains(["private", "public", "none"], var.api_door)
    error_message = "api_door is private, public or none."
  }

  validation {
    condition     = (var.api_door == "none") == (length(var.api_endpoints) == 0 && length(var.integration_secrets) == 0)
    error_message = "api_door is none, or api_endpoints and integration_secrets are given: the gateway does not start with half of it."
  }
}

variable "api_endpoints" {
  description = "`STREAMER_API_ENDPOINTS`: where the `@connections` of each API are, by the API's name."
  type        = map(string)
  default     = {}

  validation {
    condition     = alltrue([for name, url in var.api_endpoints : can(regex("^[a-z0-9-]{1,32}$", name))])
    error_message = "an API's name is 1 to 32 of a-z, 0-9 and -."
  }
}

variable "api_execution_arns" {
  description = "The stages' ARNs, `arn:aws:execute-api:REGION:ACCOUNT:API/STAGE`."
  type        = list(string)
  default     = []
}

variable "internal_secrets" {
  description = "`STREAMER_INTERNAL_SECRET`: the first is sent, all are accepted."
  type        = list(string)
  sensitive   = true

  validation {
    condition     = length(var.internal_secrets) >= 1 && length(var.internal_secrets) <= 2 && alltrue([for secret in var.internal_secrets : can(regex("^[A-Za-z0-9._~+/=-]{32,256}$", secret))])
    error_message = "internal_secrets are one or two, each 32 to 256 letters, digits and ._~+/=-."
  }
}

variable "integration_secrets" {
  description = "`STREAMER_INTEGRATION_SECRET`: the first is what the API carries, all are accepted."
  type        = list(string)
  default     = []
  sensitive   = true

  validation {
    condition     = length(var.integration_secrets) <= 2 && alltrue([for secret in var.integration_secrets : can(regex("^[A-Za-z0-9._~+/=-]{32,256}$", secret))])
    error_message = "integration_secrets are up to two, each 32 to 256 letters, digits and ._~+/=-."
  }
}

variable "secret_revision" {
  description = "Add one whenever a secret changes: the values are written without being kept in the state, so that terraform cannot see it. It rolls the tasks, which read secrets at their start only."
  type        = number
  default     = 1

  validation {
    condition     = var.secret_revision >= 1 && floor(var.secret_revision) == var.secret_revision
    error_message = "secret_revision is a whole number from 1."
  }
}

variable "tokens" {
  description = "Whose tokens are believed: one issuer by `jwks_url`, `issuer` and `audience`; one by `keys`, the text of a JWKS or PEM; or `issuers`, the text of a document of several."
  type = object({
    jwks_url   = optional(string)
    keys       = optional(string)
    issuer     = optional(string)
    audience   = optional(string)
    algorithms = optional(list(string))
    issuers    = optional(string)
  })

  validation {
    condition     = length([for source in [var.tokens.jwks_url, var.tokens.keys, var.tokens.issuers] : source if source != null]) == 1
    error_message = "tokens takes exactly one of jwks_url, keys and issuers."
  }

  validation {
    condition     = var.tokens.jwks_url == null || (var.tokens.issuer != null && var.tokens.audience != null)
    error_message = "tokens.jwks_url needs tokens.issuer and tokens.audience: a provider's keys sign for all its customers."
  }

  validation {
    condition     = var.tokens.issuers == null || (var.tokens.issuer == null && var.tokens.audience == null && var.tokens.algorithms == null)
    error_message = "tokens.issuers says for each issuer what issuer, audience and algorithms say for one: give either."
  }
}

variable "metrics_namespace" {
  description = "`STREAMER_METRICS_NAMESPACE`: scaling by sockets needs it."
  type        = string
  default     = "Streamer"

  validation {
    condition     = can(regex("^[A-Za-z0-9._/#-]{1,255}$", var.metrics_namespace)) && !startswith(var.metrics_namespace, "AWS/")
    error_message = "metrics_namespace is 1 to 255 letters, digits and ._/#-, and does not begin with AWS/."
  }
}

variable "trusted_proxies" {
  description = "`STREAMER_TRUSTED_PROXIES`: the networks of the public load balancer, which says where clients come from; without them it is the load balancer itself. The network module's output `public_cidrs`."
  type        = list(string)
  default     = null

  validation {
    condition     = var.trusted_proxies == null || try(alltrue([for cidr in var.trusted_proxies : can(cidrhost(cidr, 0))]), false)
    error_message = "trusted_proxies are networks such as 10.40.0.0/24."
  }
}

variable "shutdown_grace_seconds" {
  description = "`STREAMER_SHUTDOWN_GRACE`. ECS kills a task 15 s after it."
  type        = number
  default     = 25

  validation {
    condition     = var.shutdown_grace_seconds >= 1 && var.shutdown_grace_seconds <= 105
    error_message = "shutdown_grace_seconds is 1 to 105: ECS waits 120 s at most."
  }
}

variable "settings" {
  description = "Further settings of the gateway, such as `{ STREAMER_JOB_RETENTION = \"3d\" }`. What workers need, too, goes to both modules."
  type        = map(string)
  default     = {}

  validation {
    condition     = alltrue([for name, value in var.settings : name == "OTEL_EXPORTER_OTLP_ENDPOINT" || startswith(name, "STREAMER_") && !can(regex("_SECRET$|_PORT$|^STREAMER_TOKEN_|^STREAMER_(TABLE_PREFIX|API_ENDPOINTS|BUCKET|MAX_CONNECTIONS|SHUTDOWN_GRACE|METRICS_NAMESPACE|INTERNAL_ADDRESS|TRUSTED_PROXIES|HOST|INTERNAL_HOST)$", name))])
    error_message = "settings are OTEL_EXPORTER_OTLP_ENDPOINT and STREAMER_… ones that no other variable makes, and no secrets."
  }
}

variable "table_prefix" {
  description = "`STREAMER_TABLE_PREFIX`."
  type        = string
  default     = "streamer"
}

variable "log_retention_days" {
  description = "Days that logs are kept."
  type        = number
  default     = 30

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1827, 3653], var.log_retention_days)
    error_message = "CloudWatch keeps logs for 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1827 or 3653 days."
  }
}

variable "log_kms_key_arn" {
  description = "A key of yours for the log; null for AWS's, which costs nothing. Its policy has to let logs.<region>.amazonaws.com use it, or the log cannot be made: [how](../../README.md#keys). It may be the same key as others."
  type        = string
  default     = null

  validation {
    condition     = var.log_kms_key_arn == null || can(regex("^arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/", var.log_kms_key_arn))
    error_message = "log_kms_key_arn is the ARN of a key, not of an alias."
  }
}

variable "container_insights" {
  description = "ECS's metrics of tasks: `enabled`, `enhanced` or `disabled`. They cost by the metric."
  type        = string
  default     = "disabled"

  validation {
    condition     = contains(["enabled", "enhanced", "disabled"], var.container_insights)
    error_message = "container_insights is enabled, enhanced or disabled."
  }
}

variable "deletion_protection" {
  description = "Whether the load balancers refuse to be deleted, and secrets can be brought back for 30 days."
  type        = bool
  default     = true
}
