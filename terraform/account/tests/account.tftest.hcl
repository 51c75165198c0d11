mock_provider "aws" {
  source          = "../testing/aws"
  override_during = plan
}

variables {
  region = "eu-west-1"
}

run "logs_have_a_role_and_images_a_place" {
  command = plan

  assert {
    condition     = aws_api_gateway_account.this.cloudwatch_role_arn == aws_iam_role.api_logs.arn
    error_message = "API Gateway may write logs"
  }

  assert {
    condition     = jsondecode(aws_iam_role.api_logs.assume_role_policy).Statement[0].Condition.StringEquals["aws:SourceAccount"] == "123456789012"
    error_message = "for this account alone"
  }

  assert {
    condition     = aws_ecr_repository.gateway[0].image_tag_mutability == "IMMUTABLE" && aws_ecr_repository.gateway[0].image_scanning_configuration[0].scan_on_push
    error_message = "a tag means one image for ever"
  }
}

run "a_repository_that_is_there_is_used" {
  command = plan

  variables {
    repository = null
  }

  assert {
    condition     = length(aws_ecr_repository.gateway) == 0 && output.repository_url == null
    error_message = "none is made"
  }
}
