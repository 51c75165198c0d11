output "tables" {
  description = "Each table by its short name: its name, its ARN and those of its indexes."
  value = {
    for name, table in aws_dynamodb_table.this : name => {
      name       = table.name
      arn        = table.arn
      index_arns = [for index in keys(local.tables[name].indexes) : "${table.arn}/index/${index}"]
      indexes    = keys(local.tables[name].indexes)
    }
  }
}

output "prefix" {
  description = "`STREAMER_TABLE_PREFIX`."
  value       = var.name
}

output "jobs_stream_arn" {
  description = "The stream that starts workers."
  value       = aws_dynamodb_table.this["jobs"].stream_arn
}

output "bucket" {
  description = "The bucket's name and ARN; null if there is none."
  value       = var.bucket ? { name = aws_s3_bucket.files[0].bucket, arn = aws_s3_bucket.files[0].arn } : null
}

output "kms_key_arn" {
  description = "The key of tables and bucket, as it was given."
  value       = var.kms_key_arn
}
