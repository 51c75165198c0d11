variable "region" {
  description = "AWS's region: apply once for each that has a deployment."
  type        = string
}

variable "repository" {
  description = "The image repository's name; null if you have one."
  type        = string
  default     = "streamer-gateway"
}
