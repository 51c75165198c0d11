output "repository_url" {
  description = "Where the gateway's image goes; null without a repository."
  value       = one(aws_ecr_repository.gateway[*].repository_url)
}
