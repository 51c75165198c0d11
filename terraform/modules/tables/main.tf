# What the tables look like stands in tables.json, which the tests of the Java code write.
locals {
  tables = jsondecode(file("${path.module}/tables.json"))

  recoverable = ["jobs", "job_data", "tenants"]
  bounded     = var.max_read_request_units != null || var.max_write_request_units != null
  bucket_name = "${var.name}-files-${data.aws_caller_identity.current.account_id}-${data.aws_region.current.id}"
}

data "aws_caller_identity" "current" {}

data "aws_region" "current" {}

resource "aws_dynamodb_table" "this" {
  #checkov:skip=CKV_AWS_28:point-in-time recovery of jobs and their data is a variable; rows of nodes and connections are worth nothing

  for_each = local.tables

  name                        = "${var.name}-${each.key}"
  billing_mode                = "PAY_PER_REQUEST"
  hash_key                    = each.value.hash_key
  range_key                   = each.value.range_key
  deletion_protection_enabled = var.deletion_protection
  stream_enabled              = each.value.stream
  stream_view_type            = each.value.stream ? "NEW_IMAGE" : null

  dynamic "attribute" {
    for_each = each.value.attributes

    content {
      name = attribute.key
      type = attribute.value
    }
  }

  dynamic "global_secondary_index" {
    for_each = each.value.indexes

    content {
      name            = global_secondary_index.key
      hash_key        = global_secondary_index.value.hash_key
      range_key       = global_secondary_index.value.range_key
      projection_type = "KEYS_ONLY"

      dynamic "on_demand_throughput" {
        for_each = local.bounded ? [1] : []

        content {
          max_read_request_units  = var.max_read_request_units
          max_write_request_units = var.max_write_request_units
        }
      }
    }
  }

  ttl {
    attribute_name = each.value.ttl
    enabled        = true
  }

  point_in_time_recovery {
    enabled = var.point_in_time_recovery && contains(local.recoverable, each.key)
  }

  dynamic "on_demand_throughput" {
    for_each = local.bounded ? [1] : []

    content {
      max_read_request_units  = var.max_read_request_units
      max_write_request_units = var.max_write_request_units
    }
  }

  # the block without a key means AWS's managed key, which costs; no block means AWS's own
  dynamic "server_side_encryption" {
    for_each = var.kms_key_arn == null ? [] : [var.kms_key_arn]

    content {
      enabled     = true
      kms_key_arn = server_side_encryption.value
    }
  }
}

resource "aws_s3_bucket" "files" {
  #checkov:skip=CKV_AWS_18:files go after file_retention_days and are read by signed URLs; logs of that are the account's affair
  #checkov:skip=CKV_AWS_21:each object has a key of its own with 128 random bits and is written once; clients get URLs to read it, none to write
  #checkov:skip=CKV_AWS_144:what it holds lives for days
  #checkov:skip=CKV2_AWS_62:nobody waits for an event of it

  count = var.bucket ? 1 : 0

  bucket        = local.bucket_name
  force_destroy = var.force_destroy_bucket
}

resource "aws_s3_bucket_public_access_block" "files" {
  count = var.bucket ? 1 : 0

  bucket                  = aws_s3_bucket.files[0].id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "files" {
  count = var.bucket ? 1 : 0

  bucket = aws_s3_bucket.files[0].id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "files" {
  count = var.bucket ? 1 : 0

  bucket = aws_s3_bucket.files[0].id

  rule {
    bucket_key_enabled = var.kms_key_arn != null

    apply_server_side_encryption_by_default {
      sse_algorithm     = var.kms_key_arn == null ? "AES256" : "aws:kms"
      kms_master_key_id = var.kms_key_arn
    }
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "files" {
  count = var.bucket ? 1 : 0

  bucket = aws_s3_bucket.files[0].id

  rule {
    id     = "expire"
    status = "Enabled"

    filter {}

    expiration {
      days = var.file_retention_days
    }

    # a worker that died while it wrote leaves parts, which cost and which nobody sees
    abort_incomplete_multipart_upload {
      days_after_initiation = 1
    }
  }
}

resource "aws_s3_bucket_cors_configuration" "files" {
  count = var.bucket && length(var.cors_origins) > 0 ? 1 : 0

  bucket = aws_s3_bucket.files[0].id

  cors_rule {
    allowed_methods = ["GET", "HEAD"]
    allowed_origins = var.cors_origins
    allowed_headers = ["*"]
    max_age_seconds = 3600
  }
}

resource "aws_s3_bucket_policy" "files" {
  count = var.bucket ? 1 : 0

  bucket = aws_s3_bucket.files[0].id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "TlsOnly"
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = [aws_s3_bucket.files[0].arn, "${aws_s3_bucket.files[0].arn}/*"]
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })

  # both change the bucket's policy: one at a time
  depends_on = [aws_s3_bucket_public_access_block.files]
}
