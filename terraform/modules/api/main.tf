# What each route sends along stands in mappings.json, which the tests of the Java code write.
locals {
  mappings = jsondecode(file("${path.module}/mappings.json"))
  routes   = local.mappings.routes

  # constants stand in quotes
  parameters = {
    for key, route in local.routes : key => merge(route.request_parameters, {
      (local.mappings.secret) = "'${var.integration_secret}'"
      (local.mappings.api)    = "'${var.api_name}'"
    })
  }

  # the others have nobody to answer to
  answered = ["$default"]
}

resource "aws_apigatewayv2_api" "this" {
  name          = var.name
  protocol_type = "WEBSOCKET"
  # a field that no client sends, so that $default takes every message
  route_selection_expression = "$request.body.streamerRoute"
}

# Links of the second version carry no WebSocket APIs.
resource "aws_api_gateway_vpc_link" "this" {
  count = var.private ? 1 : 0

  name        = var.name
  target_arns = [var.target.arn]
}

resource "aws_apigatewayv2_integration" "this" {
  for_each = local.routes

  api_id               = aws_apigatewayv2_api.this.id
  integration_type     = "HTTP_PROXY"
  integration_method   = "POST"
  integration_uri      = "${var.target.url}${each.value.path}"
  connection_type      = var.private ? "VPC_LINK" : "INTERNET"
  connection_id        = var.private ? aws_api_gateway_vpc_link.this[0].id : null
  timeout_milliseconds = 29000
  request_parameters   = local.parameters[each.key]
}

resource "aws_apigatewayv2_route" "this" {
  #checkov:skip=CKV_AWS_309:the gateway checks the handshake's token, behind $connect

  for_each = local.routes

  api_id             = aws_apigatewayv2_api.this.id
  route_key          = each.key
  target             = "integrations/${aws_apigatewayv2_integration.this[each.key].id}"
  authorization_type = "NONE"
  # with the route response below: what the task answers goes back over the socket
  route_response_selection_expression = contains(local.answered, each.key) ? "$default" : null

  dynamic "request_parameter" {
    for_each = toset(each.value.route_parameters)

    content {
      request_parameter_key = request_parameter.key
      required              = false
    }
  }
}

resource "aws_apigatewayv2_route_response" "this" {
  for_each = toset(local.answered)

  api_id             = aws_apigatewayv2_api.this.id
  route_id           = aws_apigatewayv2_route.this[each.key].id
  route_response_key = "$default"
}

# A deployment is a copy of all routes as they are then: whatever changes makes a new one.
resource "aws_apigatewayv2_deployment" "this" {
  api_id = aws_apigatewayv2_api.this.id

  triggers = {
    redeploy = nonsensitive(sha256(jsonencode([
      local.routes,
      local.parameters,
      var.target,
      var.private,
      [for integration in aws_apigatewayv2_integration.this : integration.id],
      [for response in aws_apigatewayv2_route_response.this : response.id],
    ])))
  }

  lifecycle {
    create_before_destroy = true
  }

  depends_on = [aws_apigatewayv2_integration.this, aws_apigatewayv2_route.this, aws_apigatewayv2_route_response.this]
}

resource "aws_cloudwatch_log_group" "access" {
  #checkov:skip=CKV_AWS_338:how long it stays is a variable; a year of debug lines is no aim

  name              = "/streamer/${var.name}/api"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.log_kms_key_arn
}

resource "aws_apigatewayv2_stage" "this" {
  #checkov:skip=CKV2_AWS_51:clients have tokens, no certificates

  api_id        = aws_apigatewayv2_api.this.id
  name          = var.stage
  deployment_id = aws_apigatewayv2_deployment.this.id

  default_route_settings {
    throttling_rate_limit    = var.throttling.rate
    throttling_burst_limit   = var.throttling.burst
    detailed_metrics_enabled = var.detailed_metrics
    # a trace would hold tokens and payloads
    data_trace_enabled = false
    logging_level      = "ERROR"
  }

  # without the query: a token may stand in it
  access_log_settings {
    destination_arn = aws_cloudwatch_log_group.access.arn
    format = jsonencode({
      requestId    = "$context.requestId"
      connectionId = "$context.connectionId"
      eventType    = "$context.eventType"
      status       = "$context.status"
      error        = "$context.error.message"
      integration  = "$context.integrationErrorMessage"
      latencyMs    = "$context.integrationLatency"
      sourceIp     = "$context.identity.sourceIp"
      requestTime  = "$context.requestTimeEpoch"
    })
  }
}

resource "aws_apigatewayv2_domain_name" "this" {
  count = var.domain == null ? 0 : 1

  domain_name = var.domain.name

  domain_name_configuration {
    certificate_arn = var.domain.certificate_arn
    endpoint_type   = "REGIONAL"
    security_policy = "TLS_1_2"
  }
}

resource "aws_apigatewayv2_api_mapping" "this" {
  count = var.domain == null ? 0 : 1

  api_id      = aws_apigatewayv2_api.this.id
  domain_name = aws_apigatewayv2_domain_name.this[0].id
  stage       = aws_apigatewayv2_stage.this.id
}

resource "aws_route53_record" "this" {
  count = try(var.domain.zone_id, null) == null ? 0 : 1

  zone_id = var.domain.zone_id
  name    = var.domain.name
  type    = "A"

  alias {
    name                   = aws_apigatewayv2_domain_name.this[0].domain_name_configuration[0].target_domain_name
    zone_id                = aws_apigatewayv2_domain_name.this[0].domain_name_configuration[0].hosted_zone_id
    evaluate_target_health = false
  }
}
