output "functions" {
  description = "The functions' names: `job` and `stream`."
  value       = { job = aws_lambda_function.job.function_name, stream = aws_lambda_function.stream.function_name }
}

output "alias" {
  description = "The alias of both functions that is in use."
  value       = aws_lambda_alias.job.name
}

output "job_alias_arn" {
  description = "What starts a job: `STREAMER_JOB_FUNCTION`."
  value       = aws_lambda_alias.job.arn
}

output "failed_queues" {
  description = "The queues of what could not be started (`job`) and not be handed on (`stream`), by name."
  value       = { for name, queue in aws_sqs_queue.failed : name => queue.name }
}

output "job_role_name" {
  description = "The job function's role, for rights of your handlers."
  value       = aws_iam_role.this["job"].name
}

output "log_group_names" {
  description = "The functions' logs."
  value       = { for name, group in aws_cloudwatch_log_group.this : name => group.name }
}
