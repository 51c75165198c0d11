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
}
