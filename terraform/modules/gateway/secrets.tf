resource "aws_secretsmanager_secret" "internal" {
  #checkov:skip=CKV2_AWS_57:it changes in steps: add, deploy, take away (docs/upgrade.md)

  name_prefix             = "${var.name}/internal-"
  description             = "STREAMER_INTERNAL_SECRET: tasks and workers to each other"
  kms_key_id              = var.kms_key_arn
  recovery_window_in_days = var.deletion_protection ? 30 : 0
}

resource "aws_secretsmanager_secret_version" "internal" {
  secret_id                = aws_secretsmanager_secret.internal.id
  secret_string_wo         = join(",", var.internal_secrets)
  secret_string_wo_version = var.secret_revision
}

resource "aws_secretsmanager_secret" "integration" {
  #checkov:skip=CKV2_AWS_57:it changes in steps: add, deploy, take away (docs/upgrade.md)

  count = var.api_door == "none" ? 0 : 1

  name_prefix             = "${var.name}/integration-"
  description             = "STREAMER_INTEGRATION_SECRET: API Gateway to the tasks"
  kms_key_id              = var.kms_key_arn
  recovery_window_in_days = var.deletion_protection ? 30 : 0
}

resource "aws_secretsmanager_secret_version" "integration" {
  count = var.api_door == "none" ? 0 : 1

  secret_id                = aws_secretsmanager_secret.integration[0].id
  secret_string_wo         = join(",", var.integration_secrets)
  secret_string_wo_version = var.secret_revision
}
