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

variable "integration_secret" {
  description = "STREAMER_INTEGRATION_SECRET, 32 letters or more. Give it as TF_VAR_integration_secret."
  type        = string
  sensitive   = true
}

variable "vpc_id" {
  description = "The VPC that is there."
  type        = string
}

variable "public_subnet_ids" {
  description = "Its public subnets, in two or more zones."
  type        = list(string)
}

variable "private_subnet_ids" {
  description = "Its private subnets with a way out, in two or more zones."
  type        = list(string)
}

variable "private_route_table_ids" {
  description = "Their route tables, if there are no gateway endpoints for DynamoDB and S3 yet."
  type        = list(string)
  default     = []
}
