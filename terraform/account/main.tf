# Once for each account and region, and not once for each deployment: API Gateway's role for logs
# belongs to the account, and images are promoted from one deployment to the next.
data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

resource "aws_iam_role" "api_logs" {
  name        = "streamer-api-gateway-logs-${var.region}"
  description = "API Gateway writes logs with it"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "apigateway.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = { StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id } }
    }]
  })
}

# AWS's own policy for this role: API Gateway makes groups under names of its own, and refuses a role
# that may not.
resource "aws_iam_role_policy_attachment" "api_logs" {
  role       = aws_iam_role.api_logs.name
  policy_arn = "arn:${data.aws_partition.current.partition}:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs"
}

resource "aws_api_gateway_account" "this" {
  cloudwatch_role_arn = aws_iam_role.api_logs.arn

  depends_on = [aws_iam_role_policy_attachment.api_logs]
}

resource "aws_ecr_repository" "gateway" {
  #checkov:skip=CKV_AWS_136:AWS's own key unless there is one of yours; the images hold no secret

  count = var.repository == null ? 0 : 1

  name                 = var.repository
  image_tag_mutability = "IMMUTABLE"

  image_scanning_configuration {
    scan_on_push = true
  }
}

resource "aws_ecr_lifecycle_policy" "gateway" {
  count = var.repository == null ? 0 : 1

  repository = aws_ecr_repository.gateway[0].name

  policy = jsonencode({
    rules = [
      {
        rulePriority = 1
        description  = "untagged ones go after two weeks"
        selection    = { tagStatus = "untagged", countType = "sinceImagePushed", countUnit = "days", countNumber = 14 }
        action       = { type = "expire" }
      },
      {
        rulePriority = 2
        description  = "the last 50 stay"
        selection    = { tagStatus = "any", countType = "imageCountMoreThan", countNumber = 50 }
        action       = { type = "expire" }
      },
    ]
  })
}
