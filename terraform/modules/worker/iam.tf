locals {
  assume = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })

  # made of names, because the function needs its role first
  function_arn = "arn:${data.aws_partition.current.partition}:lambda:${local.region}:${data.aws_caller_identity.current.account_id}:function:${var.name}"

  # what the worker's code calls, and no more: a test of the Java code reads it there
  rights  = jsondecode(file("${path.module}/rights.json"))
  indexes = flatten([for table, names in local.rights.indexes : [for name in names : "${var.tables[table].arn}/index/${name}"]])

  # AWS knows no resources for these
  interface_actions = [
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:UnassignPrivateIpAddresses",
  ]

  job_statements = concat(
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
        Sid      = "Interfaces"
        Effect   = "Allow"
        Action   = local.interface_actions
        Resource = ["*"]
      },
      {
        # for Lambda itself, before the function runs; not for the code in it
        Sid       = "NoInterfacesForHandlers"
        Effect    = "Deny"
        Action    = local.interface_actions
        Resource  = ["*"]
        Condition = { ArnEquals = { "lambda:SourceFunctionArn" = ["${local.function_arn}-job"] } }
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
      Resource = flatten([for arn in var.api_execution_arns : [for method in ["POST", "DELETE"] : "${arn}/${method}/@connections/*"]])
    }],
    var.internal_secret_arn == null ? [] : [{
      Sid      = "InternalSecret"
      Effect   = "Allow"
      Action   = ["secretsmanager:GetSecretValue"]
      Resource = [var.internal_secret_arn]
    }],
    var.internal_secret_arn == null || var.kms_key_arn == null ? [] : [{
      Sid       = "SecretKey"
      Effect    = "Allow"
      Action    = ["kms:Decrypt"]
      Resource  = [var.kms_key_arn]
      Condition = { StringEquals = { "kms:ViaService" = "secretsmanager.${local.region}.amazonaws.com" } }
    }],
    var.kms_key_arn == null ? [] : [{
      Sid       = "TableKey"
      Effect    = "Allow"
      Action    = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey", "kms:ReEncryptFrom", "kms:ReEncryptTo"]
      Resource  = [var.kms_key_arn]
      Condition = { StringEquals = { "kms:ViaService" = ["dynamodb.${local.region}.amazonaws.com", "s3.${local.region}.amazonaws.com"] } }
    }],
    var.handler_statements
  )

  stream_statements = concat(
    [
      {
        Sid      = "Stream"
        Effect   = "Allow"
        Action   = ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"]
        Resource = [var.jobs_stream_arn]
      },
      {
        # the action knows no resources
        Sid      = "Streams"
        Effect   = "Allow"
        Action   = ["dynamodb:ListStreams"]
        Resource = ["*"]
      },
      {
        Sid      = "Start"
        Effect   = "Allow"
        Action   = ["lambda:InvokeFunction"]
        Resource = ["${local.function_arn}-job:live"]
      },
    ],
    var.kms_key_arn == null ? [] : [{
      Sid       = "TableKey"
      Effect    = "Allow"
      Action    = ["kms:Decrypt"]
      Resource  = [var.kms_key_arn]
      Condition = { StringEquals = { "kms:ViaService" = "dynamodb.${local.region}.amazonaws.com" } }
    }]
  )

  statements = { job = local.job_statements, stream = local.stream_statements }
}

resource "aws_iam_role" "this" {
  for_each = local.functions

  name               = "${var.name}-${each.key}-${local.region}"
  description        = "What the ${each.key} function may do"
  assume_role_policy = local.assume
}

resource "aws_iam_role_policy" "this" {
  for_each = local.functions

  name = each.key
  role = aws_iam_role.this[each.key].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [
        {
          Sid      = "Logs"
          Effect   = "Allow"
          Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
          Resource = ["${aws_cloudwatch_log_group.this[each.key].arn}:*"]
        },
        {
          Sid      = "Failed"
          Effect   = "Allow"
          Action   = ["sqs:SendMessage"]
          Resource = [aws_sqs_queue.failed[each.key].arn]
        },
      ],
      var.kms_key_arn == null ? [] : [{
        Sid       = "QueueKey"
        Effect    = "Allow"
        Action    = ["kms:Decrypt", "kms:GenerateDataKey"]
        Resource  = [var.kms_key_arn]
        Condition = { StringEquals = { "kms:ViaService" = "sqs.${local.region}.amazonaws.com" } }
      }],
      local.statements[each.key]
    )
  })
}
