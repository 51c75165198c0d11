mock_provider "aws" {
  source          = "../../testing/aws"
  override_during = plan
}

variables {
  target = {
    arn = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/net/lb/0123456789abcdef"
    url = "http://lb-1.elb.eu-west-1.amazonaws.com:80"
  }
  integration_secret = "integration-secret-integration-32"
}

run "routes_are_those_of_the_file" {
  command = plan

  assert {
    condition     = toset([for route in aws_apigatewayv2_route.this : route.route_key]) == toset(["$connect", "$default", "$disconnect"])
    error_message = "three routes"
  }

  assert {
    condition = alltrue([
      for key, route in jsondecode(file("mappings.json")).routes :
      nonsensitive(aws_apigatewayv2_integration.this[key].request_parameters) == tomap(merge(route.request_parameters, {
        "integration.request.header.X-Streamer-Integration" = "'integration-secret-integration-32'"
        "integration.request.header.X-Streamer-Api"         = "'main'"
      }))
    ])
    error_message = "mappings are those of mappings.json"
  }

  assert {
    condition     = nonsensitive(aws_apigatewayv2_integration.this["$default"].request_parameters["integration.request.header.X-Streamer-Integration"]) == "'integration-secret-integration-32'"
    error_message = "the secret is sent as a constant"
  }

  assert {
    condition = alltrue([
      for key, route in jsondecode(file("mappings.json")).routes :
      toset([for parameter in aws_apigatewayv2_route.this[key].request_parameter : parameter.request_parameter_key]) == toset(route.route_parameters)
    ])
    error_message = "what a mapping reads of a request is declared by the route"
  }

  assert {
    condition     = alltrue(flatten([for route in aws_apigatewayv2_route.this : [for parameter in route.request_parameter : !parameter.required]]))
    error_message = "nothing of it is required: a token may come in any of three ways"
  }

  assert {
    condition = alltrue([
      for key, route in jsondecode(file("mappings.json")).routes :
      aws_apigatewayv2_integration.this[key].integration_uri == "http://lb-1.elb.eu-west-1.amazonaws.com:80${route.path}"
    ])
    error_message = "each route has its path"
  }

  assert {
    condition     = aws_apigatewayv2_api.this.route_selection_expression == "$request.body.streamerRoute" && aws_apigatewayv2_api.this.protocol_type == "WEBSOCKET"
    error_message = "no message chooses a route"
  }
}

run "answers_go_back_on_the_default_route_alone" {
  command = plan

  assert {
    condition     = keys(aws_apigatewayv2_route_response.this) == ["$default"] && aws_apigatewayv2_route_response.this["$default"].route_response_key == "$default"
    error_message = "one route response"
  }

  assert {
    condition     = [for key, route in aws_apigatewayv2_route.this : key if route.route_response_selection_expression == "$default"] == ["$default"]
    error_message = "and the expression that selects it"
  }
}

run "integrations_are_proxies_through_the_link" {
  command = plan

  assert {
    condition     = alltrue([for integration in aws_apigatewayv2_integration.this : integration.integration_type == "HTTP_PROXY" && integration.integration_method == "POST" && integration.connection_type == "VPC_LINK"])
    error_message = "POST through the link"
  }

  assert {
    condition     = alltrue([for integration in aws_apigatewayv2_integration.this : integration.connection_id == aws_api_gateway_vpc_link.this[0].id && integration.timeout_milliseconds == 29000])
    error_message = "the link of the first version, with all the time there is"
  }

  assert {
    condition     = alltrue([for integration in aws_apigatewayv2_integration.this : integration.content_handling_strategy == null && integration.template_selection_expression == null])
    error_message = "nothing is encoded anew"
  }
}

run "the_stage_lets_frames_through_and_keeps_quiet" {
  command = plan

  assert {
    condition     = aws_apigatewayv2_stage.this.default_route_settings[0].throttling_rate_limit > 0 && aws_apigatewayv2_stage.this.default_route_settings[0].throttling_burst_limit > 0
    error_message = "without both, every frame is refused"
  }

  assert {
    condition     = !aws_apigatewayv2_stage.this.default_route_settings[0].data_trace_enabled && aws_apigatewayv2_stage.this.default_route_settings[0].logging_level == "ERROR"
    error_message = "tokens and payloads reach no log"
  }

  assert {
    condition     = !aws_apigatewayv2_stage.this.default_route_settings[0].detailed_metrics_enabled
    error_message = "metrics that nothing looks at are not paid for"
  }

  assert {
    condition     = aws_apigatewayv2_stage.this.deployment_id == aws_apigatewayv2_deployment.this.id && aws_apigatewayv2_stage.this.auto_deploy == null
    error_message = "a stage without a deployment serves nothing"
  }

  assert {
    condition     = !strcontains(lower(aws_apigatewayv2_stage.this.access_log_settings[0].format), "querystring") && !strcontains(lower(aws_apigatewayv2_stage.this.access_log_settings[0].format), "authorization")
    error_message = "tokens reach no access log"
  }

  assert {
    condition     = length(aws_apigatewayv2_deployment.this.triggers) > 0
    error_message = "a change is deployed"
  }
}

run "addresses_have_the_stage" {
  command = plan

  assert {
    condition     = output.url == "wss://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com/live" && output.endpoints == { main = "https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com/live" }
    error_message = "clients and pushes find the stage"
  }
}

run "on_a_name_of_its_own_they_do_not" {
  command = plan

  variables {
    domain = {
      name            = "ws.example.com"
      certificate_arn = "arn:aws:acm:eu-west-1:123456789012:certificate/11111111-2222-3333-4444-555555555555"
    }
  }

  assert {
    condition     = output.url == "wss://ws.example.com" && output.endpoints == { main = "https://ws.example.com" }
    error_message = "the name stands for the stage"
  }

  assert {
    condition     = endswith(output.execution_arn, ":a1b2c3d4e5/live")
    error_message = "rights are by API and stage all the same"
  }

  assert {
    condition     = aws_apigatewayv2_domain_name.this[0].domain_name_configuration[0].security_policy == "TLS_1_2" && length(aws_route53_record.this) == 0
    error_message = "TLS 1.2, and the record is yours"
  }
}

run "over_the_internet" {
  command = plan

  variables {
    private = false
    target  = { url = "https://direct.example.com" }
  }

  assert {
    condition     = length(aws_api_gateway_vpc_link.this) == 0 && alltrue([for integration in aws_apigatewayv2_integration.this : integration.connection_type == "INTERNET"])
    error_message = "no link"
  }
}

run "a_secret_in_the_clear_is_refused" {
  command = plan

  variables {
    private = false
    target  = { url = "http://direct.example.com" }
  }

  expect_failures = [var.target]
}

run "a_link_needs_a_balancer" {
  command = plan

  variables {
    target = { url = "http://lb-1.elb.eu-west-1.amazonaws.com:80" }
  }

  expect_failures = [var.target]
}

run "no_throttling_is_refused" {
  command = plan

  variables {
    throttling = { rate = 0, burst = 10 }
  }

  expect_failures = [var.throttling]
}

run "a_secret_that_no_constant_can_hold_is_refused" {
  command = plan

  variables {
    integration_secret = "has'quotes'has'quotes'has'quotes'has"
  }

  expect_failures = [var.integration_secret]
}

run "a_key_of_ones_own_is_the_logs" {
  command = plan

  variables {
    log_kms_key_arn = "arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555"
  }

  assert {
    condition     = aws_cloudwatch_log_group.access.kms_key_id == var.log_kms_key_arn
    error_message = "the log uses it"
  }
}

run "without_one_the_log_is_aws_s" {
  command = plan

  assert {
    condition     = aws_cloudwatch_log_group.access.kms_key_id == null
    error_message = "a key that nobody named costs nothing"
  }
}

run "an_alias_is_no_key_of_logs" {
  command = plan

  variables {
    log_kms_key_arn = "arn:aws:kms:eu-west-1:123456789012:alias/logs"
  }

  expect_failures = [var.log_kms_key_arn]
}
