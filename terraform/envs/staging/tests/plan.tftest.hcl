mock_provider "aws" {
  source          = "../../testing/aws"
  override_during = plan
}

variables {
  # any file will do for a plan
  package             = "versions.tf"
  internal_secrets    = ["internal-secret-internal-secret-32"]
  integration_secrets = ["integration-secret-integration-32"]
}

run "all_parts_fit" {
  command = plan

  assert {
    condition     = output.api_url == "wss://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com/live"
    error_message = "clients find the API"
  }

  assert {
    condition     = output.direct_url == "wss://${var.direct.name}/ws"
    error_message = "direct clients find the balancer"
  }

  assert {
    condition     = module.gateway.integration_load_balancer.url == "http://lb-1.eu-west-1.elb.amazonaws.com:80"
    error_message = "the API finds the tasks"
  }

  assert {
    condition     = length(module.observability.alarm_names) == 27
    error_message = "everything is watched"
  }

  assert {
    condition     = var.deletion_protection || endswith(var.name, "-dev")
    error_message = "only dev may be thrown away"
  }

  assert {
    condition     = var.nat == "per_zone" || !endswith(var.name, "-prod")
    error_message = "in prod no zone takes the others' pushes with it"
  }
}

run "keys_of_ones_own_reach_the_modules" {
  command = plan

  variables {
    kms_key_arn     = "arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555"
    log_kms_key_arn = "arn:aws:kms:eu-west-1:123456789012:key/66666666-7777-8888-9999-000000000000"
  }

  assert {
    condition     = module.tables.kms_key_arn == var.kms_key_arn
    error_message = "tables are encrypted with it"
  }
}

run "an_alias_is_no_key_of_logs" {
  command = plan

  variables {
    log_kms_key_arn = "arn:aws:kms:eu-west-1:123456789012:alias/logs"
  }

  expect_failures = [var.log_kms_key_arn]
}
