variable "name" {
  description = "First part of every table's name, and of the bucket's. It is `STREAMER_TABLE_PREFIX`."
  type        = string
  default     = "streamer"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,19}$", var.name))
    error_message = "name is 2 to 20 of a-z, 0-9 and -, and begins with a letter."
  }
}

variable "deletion_protection" {
  description = "Whether DynamoDB refuses to delete the tables."
  type        = bool
  default     = true
}

variable "point_in_time_recovery" {
  description = "Whether jobs, job_data and tenants can be brought back to any second of the last 35 days. The other tables hold what is true of this moment only."
  type        = bool
  default     = true
}

variable "kms_key_arn" {
  description = "A key of your own for tables and bucket; without it the keys are AWS's, which cost nothing."
  type        = string
  default     = null

  validation {
    condition     = var.kms_key_arn == null || can(regex("^arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/", var.kms_key_arn))
    error_message = "kms_key_arn is the ARN of a key, not of an alias."
  }
}

variable "max_read_request_units" {
  description = "Reads a second at which each table and index throttles instead of costing more; null for no bound."
  type        = number
  default     = null

  validation {
    condition     = var.max_read_request_units == null || try(var.max_read_request_units >= 100, false)
    error_message = "max_read_request_units is 100 or more: less stops the looks for due jobs."
  }
}

variable "max_write_request_units" {
  description = "Writes a second at which each table and index throttles instead of costing more; null for no bound. A small job takes 8 in all."
  type        = number
  default     = null

  validation {
    condition     = var.max_write_request_units == null || try(var.max_write_request_units >= 100, false)
    error_message = "max_write_request_units is 100 or more: less stops the tasks' heartbeats under load."
  }
}

variable "bucket" {
  description = "Whether there is a bucket for files and for large results."
  type        = bool
  default     = true
}

variable "file_retention_days" {
  description = "Days until a file goes. More than STREAMER_JOB_RETENTION, or results are gone before their jobs."
  type        = number
  default     = 8

  validation {
    condition     = var.file_retention_days >= 1 && floor(var.file_retention_days) == var.file_retention_days
    error_message = "file_retention_days is a whole number from 1."
  }
}

variable "force_destroy_bucket" {
  description = "Whether `terraform destroy` deletes the bucket with the files in it."
  type        = bool
  default     = false
}

variable "cors_origins" {
  description = "Origins of browser pages that fetch files by their signed URLs, such as https://app.example.com; none for no CORS."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for origin in var.cors_origins : can(regex("^https?://[^/*]+$", origin))])
    error_message = "each of cors_origins is a scheme and a host without a path or a *."
  }
}
