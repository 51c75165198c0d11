mock_provider "aws" {
  source          = "../../testing/aws"
  override_during = plan
}

variables {
  zones = ["eu-west-1a", "eu-west-1b", "eu-west-1c"]
}

run "a_new_vpc_has_names_and_endpoints" {
  command = plan

  assert {
    condition     = aws_vpc.this[0].enable_dns_hostnames && aws_vpc.this[0].enable_dns_support
    error_message = "tasks have names"
  }

  assert {
    condition     = toset(keys(aws_vpc_endpoint.gateway)) == toset(["dynamodb", "s3"]) && alltrue([for endpoint in aws_vpc_endpoint.gateway : endpoint.vpc_endpoint_type == "Gateway"])
    error_message = "tables and files are reached without NAT"
  }

  assert {
    condition     = alltrue([for endpoint in aws_vpc_endpoint.gateway : length(endpoint.route_table_ids) > 0])
    error_message = "an endpoint is used by the routes that name it"
  }

  assert {
    condition     = length(distinct(concat([for subnet in aws_subnet.public : subnet.cidr_block], [for subnet in aws_subnet.private : subnet.cidr_block]))) == 6
    error_message = "subnets do not overlap"
  }

  assert {
    condition     = length(aws_nat_gateway.this) == 1 && length(aws_route.nat) == 3
    error_message = "one NAT serves all zones"
  }
}

run "a_nat_for_each_zone" {
  command = plan

  variables {
    nat = "per_zone"
  }

  assert {
    condition     = length(aws_nat_gateway.this) == 3 && length(aws_eip.nat) == 3
    error_message = "no zone depends on another"
  }
}

run "no_nat" {
  command = plan

  variables {
    nat = "none"
  }

  assert {
    condition     = length(aws_nat_gateway.this) == 0 && length(aws_route.nat) == 0
    error_message = "nothing is paid for"
  }
}

run "a_small_block_is_enough" {
  command = plan

  variables {
    cidr = "10.1.16.0/20"
  }

  assert {
    condition     = alltrue([for subnet in concat(values(aws_subnet.public), values(aws_subnet.private)) : endswith(subnet.cidr_block, "/24")])
    error_message = "16 subnets of 256 addresses"
  }
}

run "doors_open_to_balancers_alone" {
  command = plan

  assert {
    condition     = toset([for rule in aws_vpc_security_group_ingress_rule.clients : rule.from_port]) == toset([80, 443])
    error_message = "clients reach 80, which redirects, and 443"
  }

  assert {
    condition     = alltrue([for rule in aws_vpc_security_group_ingress_rule.between : rule.cidr_ipv4 == null])
    error_message = "tasks let in groups, and no addresses"
  }

  assert {
    condition     = toset([for rule in aws_vpc_security_group_ingress_rule.between : rule.from_port]) == toset([8081, 8082, 8083])
    error_message = "tasks are reached at their three ports"
  }

  assert {
    condition     = alltrue([for rule in concat(values(aws_vpc_security_group_ingress_rule.between), values(aws_vpc_security_group_ingress_rule.clients)) : rule.from_port == rule.to_port && rule.ip_protocol == "tcp"])
    error_message = "each rule is one port"
  }

  assert {
    condition = alltrue([
      for text in concat(
        [for rule in aws_vpc_security_group_ingress_rule.between : rule.description],
        [for rule in aws_vpc_security_group_egress_rule.https : rule.description],
        [for rule in aws_vpc_security_group_ingress_rule.clients : rule.description],
        [for group in aws_security_group.this : group.description],
      ) : can(regex("^[A-Za-z0-9 ._:/()#,@+=&;{}!$*-]+$", text))
    ])
    error_message = "EC2 refuses other characters in descriptions, such as an apostrophe"
  }

  assert {
    condition     = keys(aws_vpc_security_group_ingress_rule.between) == keys(aws_vpc_security_group_egress_rule.between)
    error_message = "who is let in is let out"
  }

  assert {
    condition     = local.between["internal-job"].port == 8082 && local.between["internal-gateway"].port == 8082 && local.between["integration"].from == "nlb"
    error_message = "workers and tasks reach the internal port, the internal balancer the integrations' port"
  }
}

run "integrations_over_the_internet_come_by_the_public_balancer" {
  command = plan

  variables {
    integration_from = "alb"
  }

  assert {
    condition     = local.between["integration"].from == "alb" && local.between["integration"].port == 8083
    error_message = "the public balancer reaches the integrations' port"
  }
}

run "without_an_api_nobody_reaches_its_port" {
  command = plan

  variables {
    integration_from = "none"
  }

  assert {
    condition     = !contains([for rule in aws_vpc_security_group_ingress_rule.between : rule.from_port], 8083)
    error_message = "the port is closed"
  }
}

run "a_vpc_that_is_there_is_used" {
  command = plan

  variables {
    zones = []
    existing = {
      vpc_id                  = "vpc-0123456789abcdef0"
      public_subnet_ids       = ["subnet-1", "subnet-2"]
      private_subnet_ids      = ["subnet-3", "subnet-4"]
      private_route_table_ids = ["rtb-1"]
    }
  }

  assert {
    condition     = length(aws_vpc.this) == 0 && length(aws_subnet.public) == 0 && length(aws_nat_gateway.this) == 0
    error_message = "nothing of it is made"
  }

  assert {
    condition     = output.vpc_id == "vpc-0123456789abcdef0" && length(aws_vpc_endpoint.gateway) == 2
    error_message = "it gets endpoints and groups"
  }
}

run "a_vpc_without_names_is_refused" {
  command = plan

  variables {
    zones = []
    existing = {
      vpc_id             = "vpc-0123456789abcdef0"
      public_subnet_ids  = ["subnet-1", "subnet-2"]
      private_subnet_ids = ["subnet-3", "subnet-4"]
    }
  }

  override_data {
    target = data.aws_vpc.existing[0]
    values = {
      id                   = "vpc-0123456789abcdef0"
      enable_dns_support   = true
      enable_dns_hostnames = false
    }
  }

  expect_failures = [data.aws_vpc.existing]
}

run "one_zone_is_refused" {
  command = plan

  variables {
    zones = ["eu-west-1a"]
  }

  expect_failures = [var.zones]
}

run "two_doors_on_one_port_are_refused" {
  command = plan

  variables {
    ports = { direct = 8081, internal = 8081 }
  }

  expect_failures = [var.ports]
}
