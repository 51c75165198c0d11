variable "region" {
  description = "AWS's region."
  type        = string
  default     = "eu-west-1"
}

variable "image" {
  description = "The gateway's image, such as the demo's."
  type        = string
}

variable "package" {
  description = "Path of worker.zip."
  type        = string
  default     = "../../../dist/worker.zip"
}

variable "lambda_runtime" {
  description = "Lambda's managed runtime."
  type        = string
  default     = "java25"
}

variable "certificate_arn" {
  description = "The direct door's certificate in ACM."
  type        = string
}

variable "keys" {
  description = "The text of a JWKS with the public key of your tokens."
  type        = string
}

variable "internal_secret" {
  description = "STREAMER_INTERNAL_SECRET, 32 letters or more. Give it as TF_VAR_internal_secret."
  type        = string
  sensitive   = true
}
