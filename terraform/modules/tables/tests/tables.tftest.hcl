mock_provider "aws" {
  source          = "../../testing/aws"
  override_during = plan
}

run "tables_are_those_of_the_file" {
  command = plan

  assert {
    condition     = toset(keys(aws_dynamodb_table.this)) == toset(keys(jsondecode(file("tables.json"))))
    error_message = "each table of tables.json is there, and no other"
  }

  assert {
    condition = alltrue([
      for name, table in jsondecode(file("tables.json")) :
      aws_dynamodb_table.this[name].hash_key == table.hash_key
      && aws_dynamodb_table.this[name].range_key == table.range_key
    ])
    error_message = "keys are those of tables.json"
  }

  assert {
    condition = alltrue([
      for name, table in jsondecode(file("tables.json")) :
      toset([for index in aws_dynamodb_table.this[name].global_secondary_index : "${index.name} ${index.hash_key} ${index.range_key}"])
      == toset([for index, key in table.indexes : "${index} ${key.hash_key} ${key.range_key}"])
    ])
    error_message = "indexes are those of tables.json"
  }

  assert {
    condition = alltrue([
      for name, table in jsondecode(file("tables.json")) :
      toset([for attribute in aws_dynamodb_table.this[name].attribute : "${attribute.name} ${attribute.type}"])
      == toset([for attribute, type in table.attributes : "${attribute} ${type}"])
    ])
    error_message = "only the attributes of keys are declared, with their types"
  }

  assert {
    condition     = alltrue(flatten([for table in aws_dynamodb_table.this : [for index in table.global_secondary_index : index.projection_type == "KEYS_ONLY"]]))
    error_message = "indexes hold keys alone: more costs with every write"
  }

  assert {
    condition     = alltrue([for table in aws_dynamodb_table.this : table.ttl[0].attribute_name == "expiresAt" && table.ttl[0].enabled])
    error_message = "every table forgets by expiresAt"
  }

  assert {
    condition     = aws_dynamodb_table.this["jobs"].stream_enabled && aws_dynamodb_table.this["jobs"].stream_view_type == "NEW_IMAGE"
    error_message = "the stream of jobs has the new image, which the filter reads"
  }

  assert {
    condition     = length([for table in aws_dynamodb_table.this : table.name if table.stream_enabled]) == 1
    error_message = "no other table has a stream"
  }

  assert {
    condition     = alltrue([for table in aws_dynamodb_table.this : table.billing_mode == "PAY_PER_REQUEST"])
    error_message = "tables are paid by request"
  }

  assert {
    condition     = alltrue([for table in aws_dynamodb_table.this : table.deletion_protection_enabled])
    error_message = "tables are protected unless somebody says otherwise"
  }

  assert {
    condition     = toset([for name, table in aws_dynamodb_table.this : name if table.point_in_time_recovery[0].enabled]) == toset(["jobs", "job_data", "tenants"])
    error_message = "what cannot be made again can be brought back"
  }

  assert {
    condition     = aws_dynamodb_table.this["job_data"].name == "streamer-job_data"
    error_message = "names are the prefix, a dash and the short name"
  }
}

run "a_bucket_keeps_nothing_for_ever" {
  command = plan

  assert {
    condition     = one(aws_s3_bucket_lifecycle_configuration.files[0].rule[*].expiration)[0].days == 8
    error_message = "files go a day after their jobs"
  }

  assert {
    condition     = one(aws_s3_bucket_lifecycle_configuration.files[0].rule[*].abort_incomplete_multipart_upload)[0].days_after_initiation == 1
    error_message = "parts of uploads that never ended go, too"
  }

  assert {
    condition = (
      aws_s3_bucket_public_access_block.files[0].block_public_acls
      && aws_s3_bucket_public_access_block.files[0].block_public_policy
      && aws_s3_bucket_public_access_block.files[0].ignore_public_acls
      && aws_s3_bucket_public_access_block.files[0].restrict_public_buckets
    )
    error_message = "nothing in the bucket is public"
  }

  assert {
    condition     = jsondecode(aws_s3_bucket_policy.files[0].policy).Statement[0].Effect == "Deny" && jsondecode(aws_s3_bucket_policy.files[0].policy).Statement[0].Condition.Bool["aws:SecureTransport"] == "false"
    error_message = "nobody reads or writes without TLS"
  }

  assert {
    condition     = !aws_s3_bucket.files[0].force_destroy
    error_message = "a bucket with files is not deleted"
  }

  assert {
    condition     = length(aws_s3_bucket_cors_configuration.files) == 0
    error_message = "no page reads files unless it is named"
  }
}

run "without_a_bucket_there_is_none" {
  command = plan

  variables {
    bucket = false
  }

  assert {
    condition     = length(aws_s3_bucket.files) == 0 && output.bucket == null
    error_message = "no bucket"
  }
}

run "bounds_are_of_tables_and_indexes" {
  command = plan

  variables {
    max_read_request_units  = 4000
    max_write_request_units = 1000
  }

  assert {
    condition     = alltrue([for table in aws_dynamodb_table.this : table.on_demand_throughput[0].max_write_request_units == 1000 && table.on_demand_throughput[0].max_read_request_units == 4000])
    error_message = "each table has the bounds"
  }

  assert {
    condition     = alltrue(flatten([for table in aws_dynamodb_table.this : [for index in table.global_secondary_index : index.on_demand_throughput[0].max_write_request_units == 1000]]))
    error_message = "each index has them, too: it throttles its table otherwise"
  }
}

run "a_key_of_ones_own_is_everywhere" {
  command = plan

  variables {
    kms_key_arn = "arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555"
  }

  assert {
    condition     = alltrue([for table in aws_dynamodb_table.this : table.server_side_encryption[0].kms_key_arn == var.kms_key_arn])
    error_message = "tables use it"
  }

  assert {
    condition     = one(one(aws_s3_bucket_server_side_encryption_configuration.files[0].rule[*]).apply_server_side_encryption_by_default).kms_master_key_id == var.kms_key_arn
    error_message = "the bucket uses it"
  }
}

run "a_page_is_named_with_its_scheme_and_without_a_star" {
  command = plan

  variables {
    cors_origins = ["*"]
  }

  expect_failures = [var.cors_origins]
}

run "a_bound_that_stops_the_heartbeats_is_refused" {
  command = plan

  variables {
    max_write_request_units = 5
  }

  expect_failures = [var.max_write_request_units]
}

run "a_name_has_to_fit_buckets_and_balancers" {
  command = plan

  variables {
    name = "Streamer_Prod"
  }

  expect_failures = [var.name]
}
