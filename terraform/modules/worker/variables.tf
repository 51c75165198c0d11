variable "name" {
  description = "First part of every resource's name."
  type        = string
  default     = "streamer"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,19}$", var.name))
    error_message = "name is 2 to 20 of a-z, 0-9 and -, and begins with a letter."
  }
}

variable "package" {
  description = "Path of `worker.zip`, as `./streamer build` makes it."
  type        = string

  validation {
    condition     = fileexists(var.package)
    error_message = "There is no file at package: make it with ./streamer build."
  }
}

variable "lambda_runtime" {
  description = "Lambda's managed runtime. The code needs Java 25."
  type        = string
  default     = "java25"

  validation {
    condition     = can(regex("^java[0-9]+$", var.lambda_runtime))
    error_message = "lambda_runtime is one of Lambda's Java runtimes."
  }
}

variable "architecture" {
  description = "What the functions run on: `arm64`, which costs a fifth less, or `x86_64`."
  type        = string
  default     = "arm64"

  validation {
    condition     = contains(["arm64", "x86_64"], var.architecture)
    error_message = "architecture is arm64 or x86_64."
  }
}

variable "job_memory" {
  description = "The job function's memory in MB, and with it its share of a CPU (1,769 MB are one)."
  type        = number
  default     = 512

  validation {
    condition     = var.job_memory >= 256 && var.job_memory <= 10240
    error_message = "job_memory is 256 to 10240."
  }
}

variable "job_timeout" {
  description = "Seconds that one invocation of the job function may take, of which 10 are kept back for its end; null for those of functions.json, which is as long as Lambda lets it."
  type        = number
  default     = null

  validation {
    condition     = var.job_timeout == null || try(var.job_timeout >= 30 && var.job_timeout <= 900, false)
    error_message = "job_timeout is 30 to 900."
  }
}

variable "job_concurrency" {
  description = "How many jobs run at once at most, taken from the account's own bound (1,000, or 10 in new accounts); -1 for no bound. Jobs beyond it wait, and are looked at again every few minutes, which costs writes."
  type        = number
  default     = -1

  validation {
    condition     = var.job_concurrency == -1 || (var.job_concurrency >= 1 && floor(var.job_concurrency) == var.job_concurrency)
    error_message = "job_concurrency is -1 or a whole number from 1."
  }
}

variable "snap_start" {
  description = "Whether Lambda starts the job function from a snapshot. Measure first: shortly after a deployment it is slower. A function that fails at its start leaves `terraform apply` hanging."
  type        = bool
  default     = false
}

variable "subnet_ids" {
  description = "Private subnets of the job function. Pushes through API Gateway, and handlers that call others, need a NAT there."
  type        = list(string)

  validation {
    condition     = length(var.subnet_ids) >= 1
    error_message = "subnet_ids are needed: outside of the VPC the job function cannot reach direct clients."
  }
}

variable "security_group_id" {
  description = "The network module's group `job`."
  type        = string
}

variable "tables" {
  description = "The tables module's output of that name."
  type = map(object({
    name       = string
    arn        = string
    index_arns = list(string)
  }))
}

variable "table_prefix" {
  description = "`STREAMER_TABLE_PREFIX`."
  type        = string
  default     = "streamer"
}

variable "jobs_stream_arn" {
  description = "The tables module's output of that name."
  type        = string
}

variable "bucket" {
  description = "The bucket for files and large results; null for none."
  type        = object({ name = string, arn = string })
  default     = null
}

variable "kms_key_arn" {
  description = "The key of tables and bucket, if it is one of yours: it is that of the queues, too."
  type        = string
  default     = null

  validation {
    condition     = var.kms_key_arn == null || can(regex("^arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/", var.kms_key_arn))
    error_message = "kms_key_arn is the ARN of a key, not of an alias."
  }
}

variable "internal_secret_arn" {
  description = "`STREAMER_INTERNAL_SECRET` by its name: the gateway module's output of that name. The job function fetches it at its start and every five minutes, and needs a way to Secrets Manager: a NAT, or an interface endpoint."
  type        = string
  default     = null

  validation {
    condition     = var.internal_secret_arn == null || can(regex("^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[!-~]+$", var.internal_secret_arn))
    error_message = "internal_secret_arn is the ARN of a secret in Secrets Manager."
  }
}

variable "internal_secrets" {
  description = "`STREAMER_INTERNAL_SECRET` itself, in place of its ARN, for functions that reach nothing but the VPC. Lambda keeps it in the function's configuration, readable with lambda:GetFunctionConfiguration and in terraform's state."
  type        = list(string)
  default     = []
  sensitive   = true

  validation {
    condition     = length(var.internal_secrets) <= 2 && alltrue([for secret in var.internal_secrets : can(regex("^[A-Za-z0-9._~+/=-]{32,256}$", secret))])
    error_message = "internal_secrets are up to two, each 32 to 256 letters, digits and ._~+/=-."
  }

  validation {
    condition     = (var.internal_secret_arn == null) != (length(var.internal_secrets) == 0)
    error_message = "Either internal_secret_arn or internal_secrets, and not both."
  }
}

variable "api_endpoints" {
  description = "`STREAMER_API_ENDPOINTS`, as the gateway has it."
  type        = map(string)
  default     = {}
}

variable "api_execution_arns" {
  description = "The stages' ARNs."
  type        = list(string)
  default     = []
}

variable "metrics_namespace" {
  description = "`STREAMER_METRICS_NAMESPACE`, as the gateway has it. Metrics come from the log: the role needs no right for them."
  type        = string
  default     = "Streamer"

  validation {
    condition     = can(regex("^[A-Za-z0-9._/#-]{1,255}$", var.metrics_namespace)) && !startswith(var.metrics_namespace, "AWS/")
    error_message = "metrics_namespace is 1 to 255 letters, digits and ._/#-, and does not begin with AWS/."
  }
}

variable "settings" {
  description = "Further STREAMER_ settings of the job function, such as `STREAMER_JOB_RETENTION`: those that the gateway has, too, have to be the same. `OTEL_EXPORTER_OTLP_ENDPOINT` and the two of the log are for both functions."
  type        = map(string)
  default     = {}

  validation {
    condition     = alltrue([for name, value in var.settings : name == "OTEL_EXPORTER_OTLP_ENDPOINT" || startswith(name, "STREAMER_") && !can(regex("_SECRET$|^STREAMER_(TABLE_PREFIX|API_ENDPOINTS|BUCKET|METRICS_NAMESPACE|JOB_FUNCTION)$", name))])
    error_message = "settings are OTEL_EXPORTER_OTLP_ENDPOINT and STREAMER_… ones that no other variable makes, and no secrets."
  }
}

variable "environment" {
  description = "Variables that your handlers read. Not for secrets: they stand in the function's configuration."
  type        = map(string)
  default     = {}

  validation {
    condition     = alltrue([for name, value in var.environment : !startswith(name, "STREAMER_") && !startswith(name, "AWS_")])
    error_message = "environment takes no STREAMER_ and no AWS_ names."
  }
}

variable "handler_statements" {
  description = "IAM statements of what your handlers call, each with Effect, Action and Resource."
  type = list(object({
    Effect   = string
    Action   = list(string)
    Resource = list(string)
  }))
  default = []

  validation {
    condition     = alltrue([for statement in var.handler_statements : contains(["Allow", "Deny"], statement.Effect) && !contains(statement.Action, "*")])
    error_message = "each of handler_statements has the Effect Allow or Deny, and no Action *."
  }
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
  description = "A key of yours for the logs; null for AWS's, which costs nothing. Its policy has to let logs.<region>.amazonaws.com use it, or the log cannot be made: [how](../../README.md#keys). It may be the same key as others."
  type        = string
  default     = null

  validation {
    condition     = var.log_kms_key_arn == null || can(regex("^arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/", var.log_kms_key_arn))
    error_message = "log_kms_key_arn is the ARN of a key, not of an alias."
  }
}
