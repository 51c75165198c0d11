variable "name" {
  description = "First part of every resource's name."
  type        = string
  default     = "streamer"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,19}$", var.name))
    error_message = "name is 2 to 20 of a-z, 0-9 and -, and begins with a letter."
  }
}

variable "emails" {
  description = "Who is told of alarms by mail; each has to confirm once. Others can subscribe to the topic."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for email in var.emails : can(regex("^[^@\\s]+@[^@\\s]+$", email))])
    error_message = "emails are addresses."
  }
}

variable "topic_kms_key_arn" {
  description = "A key of yours for the topic. Its policy has to let cloudwatch.amazonaws.com use it (kms:Decrypt, kms:GenerateDataKey), or no alarm arrives."
  type        = string
  default     = null
}

variable "metrics_namespace" {
  description = "`STREAMER_METRICS_NAMESPACE`."
  type        = string
  default     = "Streamer"
}

variable "gateway" {
  description = "The gateway module's cluster, service, log and balancers."
  type = object({
    cluster_name   = string
    service_name   = string
    log_group_name = string
    balancers = list(object({
      name         = string
      namespace    = string
      balancer     = string
      target_group = string
    }))
  })
}

variable "worker" {
  description = "The worker module's functions, failure queues and logs."
  type = object({
    functions       = object({ job = string, stream = string })
    failed_queues   = object({ job = string, stream = string })
    log_group_names = object({ job = string, stream = string })
  })
}

variable "api" {
  description = "The API's id and stage; null without that door."
  type        = object({ id = string, stage = string })
  default     = null
}

variable "tables" {
  description = "The tables module's output of that name."
  type = map(object({
    name    = string
    indexes = list(string)
  }))
}

variable "max_starts_per_minute" {
  description = "Invocations of the job function in a minute beyond which something starts it in a circle. Lambda's own guard does not see circles through DynamoDB."
  type        = number
  default     = 6000

  validation {
    condition     = var.max_starts_per_minute >= 1
    error_message = "max_starts_per_minute is 1 or more."
  }
}

variable "monthly_budget_usd" {
  description = "Dollars a month at which (80 % spent, 100 % foreseen) the topic is told; null for no budget."
  type        = number
  default     = null

  validation {
    condition     = var.monthly_budget_usd == null || try(var.monthly_budget_usd > 0, false)
    error_message = "monthly_budget_usd is more than 0."
  }
}

variable "budget_tag" {
  description = "A tag to budget by, such as `user:Deployment$streamer-prod`, once it is active for cost allocation; null for the whole account."
  type        = string
  default     = null

  validation {
    condition     = var.budget_tag == null || can(regex("^user:[^$]+\\$.+$", var.budget_tag))
    error_message = "budget_tag is user:KEY$VALUE."
  }
}
