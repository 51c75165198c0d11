locals {
  assume = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "ecs-tasks.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = {
        StringEquals = { "aws:SourceAccount" = local.account }
        ArnLike      = { "aws:SourceArn" = "arn:${data.aws_partition.current.partition}:ecs:${local.region}:${local.account}:*" }
      }
    }]
  })

  # what the gateway's code calls, and no more: a test of the Java code reads it there
  rights  = jsondecode(file("${path.module}/rights.json"))
  indexes = flatten([for table, names in local.rights.indexes : [for name in names : "${var.tables[table].arn}/index/${name}"]])

  repository = try(regex("^(\\d{12})\\.dkr\\.ecr\\.([a-z0-9-]+)\\.[a-z.]+/([^:@]+)", var.image), null)

  task_statements = concat(
    [for name, actions in local.rights.tables : {
      Sid      = "Table${replace(title(replace(name, "_", " ")), " ", "")}"
      Effect   = "Allow"
      Action   = actions
      Resource = [var.tables[name].arn]
    }],
    length(local.indexes) == 0 ? [] : [{
      Sid      = "Indexes"
      Effect   = "Allow"
      Action   = ["dynamodb:Query"]
      Resource = local.indexes
    }],
    [
      {
        # the action knows no resources: the condition takes their place
        Sid       = "Metrics"
        Effect    = "Allow"
        Action    = ["cloudwatch:PutMetricData"]
        Resource  = ["*"]
        Condition = { StringEquals = { "cloudwatch:namespace" = var.metrics_namespace } }
      },
      {
        # whether this task is to stop, which a task's own metadata does not say
        Sid       = "OwnState"
        Effect    = "Allow"
        Action    = ["ecs:DescribeTasks"]
        Resource  = ["arn:${data.aws_partition.current.partition}:ecs:${local.region}:${local.account}:task/${var.name}/*"]
        Condition = { ArnEquals = { "ecs:cluster" = aws_ecs_cluster.this.arn } }
      },
    ],
    var.bucket == null ? [] : [{
      Sid      = "Files"
      Effect   = "Allow"
      Action   = ["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"]
      Resource = ["${var.bucket.arn}/files/*", "${var.bucket.arn}/results/*"]
    }],
    length(var.api_execution_arns) == 0 ? [] : [{
      Sid      = "Connections"
      Effect   = "Allow"
      Action   = ["execute-api:ManageConnections"]
      Resource = flatten([for arn in var.api_execution_arns : [for method in ["POST", "GET", "DELETE"] : "${arn}/${method}/@connections/*"]])
    }],
    var.kms_key_arn == null ? [] : [{
      Sid       = "TableKey"
      Effect    = "Allow"
      Action    = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey", "kms:ReEncryptFrom", "kms:ReEncryptTo"]
      Resource  = [var.kms_key_arn]
      Condition = { StringEquals = { "kms:ViaService" = ["dynamodb.${local.region}.amazonaws.com", "s3.${local.region}.amazonaws.com"] } }
    }]
  )

  execution_statements = concat(
    [
      {
        Sid      = "Logs"
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = ["${aws_cloudwatch_log_group.this.arn}:*"]
      },
      {
        Sid      = "Secrets"
        Effect   = "Allow"
        Action   = ["secretsmanager:GetSecretValue"]
        Resource = values(local.secrets)
      },
    ],
    local.repository == null ? [] : [
      {
        # the action knows no resources
        Sid      = "RegistryToken"
        Effect   = "Allow"
        Action   = ["ecr:GetAuthorizationToken"]
        Resource = ["*"]
      },
      {
        Sid      = "Image"
        Effect   = "Allow"
        Action   = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
        Resource = ["arn:${data.aws_partition.current.partition}:ecr:${local.repository[1]}:${local.repository[0]}:repository/${local.repository[2]}"]
      },
    ],
    var.kms_key_arn == null ? [] : [{
      Sid       = "SecretsKey"
      Effect    = "Allow"
      Action    = ["kms:Decrypt"]
      Resource  = [var.kms_key_arn]
      Condition = { StringEquals = { "kms:ViaService" = "secretsmanager.${local.region}.amazonaws.com" } }
    }]
  )
}

resource "aws_iam_role" "task" {
  name               = "${var.name}-gateway-task-${local.region}"
  description        = "What a gateway task may do"
  assume_role_policy = local.assume
}

resource "aws_iam_role_policy" "task" {
  name   = "gateway"
  role   = aws_iam_role.task.id
  policy = jsonencode({ Version = "2012-10-17", Statement = local.task_statements })
}

resource "aws_iam_role" "execution" {
  name               = "${var.name}-gateway-start-${local.region}"
  description        = "What ECS may do to start a gateway task"
  assume_role_policy = local.assume
}

resource "aws_iam_role_policy" "execution" {
  name   = "start"
  role   = aws_iam_role.execution.id
  policy = jsonencode({ Version = "2012-10-17", Statement = local.execution_statements })
}
