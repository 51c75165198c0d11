variable "name" {
  description = "First part of every resource's name."
  type        = string
  default     = "streamer"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,19}$", var.name))
    error_message = "name is 2 to 20 of a-z, 0-9 and -, and begins with a letter."
  }
}

variable "api_name" {
  description = "What `STREAMER_API_ENDPOINTS` calls this API. Connections carry it: do not change it while there are any."
  type        = string
  default     = "main"

  validation {
    condition     = can(regex("^[a-z0-9-]{1,32}$", var.api_name))
    error_message = "api_name is 1 to 32 of a-z, 0-9 and -."
  }
}

variable "stage" {
  description = "The stage's name: the last part of the URL, unless there is a domain."
  type        = string
  default     = "live"

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,128}$", var.stage))
    error_message = "stage is 1 to 128 letters, digits, _ and -."
  }
}

variable "private" {
  description = "Whether calls go through a VPC link; else over the internet to `target.url`."
  type        = bool
  default     = true
}

variable "target" {
  description = "Where the tasks are: with `private` the internal load balancer's ARN and its http address, else the public one's https address alone."
  type = object({
    arn = optional(string)
    url = string
  })

  validation {
    condition     = can(regex("^https?://[^/]+$", var.target.url))
    error_message = "target.url is a scheme, a host and perhaps a port, without a path."
  }

  validation {
    condition     = var.private ? var.target.arn != null : startswith(var.target.url, "https://")
    error_message = "With private, target.arn is needed; without it, target.url begins with https://: the secret must not travel in the clear."
  }
}

variable "integration_secret" {
  description = "The first of `STREAMER_INTEGRATION_SECRET`. API Gateway keeps it as part of the integrations, readable with apigateway:GET and in terraform's state."
  type        = string
  sensitive   = true

  validation {
    condition     = can(regex("^[A-Za-z0-9._~+/=-]{32,256}$", var.integration_secret))
    error_message = "integration_secret is 32 to 256 letters, digits and ._~+/=-."
  }
}

variable "throttling" {
  description = "Messages and handshakes a second, and how many at once. Both are always sent: without them API Gateway takes 0 and refuses every frame."
  type = object({
    rate  = optional(number, 1000)
    burst = optional(number, 2000)
  })
  default = {}

  validation {
    condition     = var.throttling.rate > 0 && var.throttling.burst > 0
    error_message = "throttling.rate and throttling.burst are more than 0."
  }
}

variable "domain" {
  description = "A name of its own for this API, which no other API can share: its certificate in ACM of this region, and its Route 53 zone (null if you make the record)."
  type = object({
    name            = string
    certificate_arn = string
    zone_id         = optional(string)
  })
  default = null

  validation {
    condition     = var.domain == null || can(regex("^[a-z0-9-]+(\\.[a-z0-9-]+)+$", var.domain.name))
    error_message = "domain.name is a host's name without a scheme."
  }
}

variable "detailed_metrics" {
  description = "Whether API Gateway counts each route by itself, too. They cost by the metric, and no alarm or graph of these modules looks at them."
  type        = bool
  default     = false
}

variable "log_retention_days" {
  description = "Days that access logs are kept."
  type        = number
  default     = 30

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1827, 3653], var.log_retention_days)
    error_message = "CloudWatch keeps logs for 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1827 or 3653 days."
  }
}

variable "log_kms_key_arn" {
  description = "A key of yours for the access log; null for AWS's, which costs nothing. Its policy has to let logs.<region>.amazonaws.com use it, or the log cannot be made: [how](../../README.md#keys). It may be the same key as others."
  type        = string
  default     = null

  validation {
    condition     = var.log_kms_key_arn == null || can(regex("^arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/", var.log_kms_key_arn))
    error_message = "log_kms_key_arn is the ARN of a key, not of an alias."
  }
}
