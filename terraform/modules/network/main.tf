locals {
  made   = var.existing == null
  vpc_id = local.made ? aws_vpc.this[0].id : data.aws_vpc.existing[0].id
  zones  = local.made ? { for index, zone in var.zones : zone => index } : {}

  nat_zones = { none = [], single = slice(var.zones, 0, min(1, length(var.zones))), per_zone = var.zones }[var.nat]
  nats      = local.made ? toset(local.nat_zones) : toset([])

  route_table_ids = local.made ? [for zone in var.zones : aws_route_table.private[zone].id] : var.existing.private_route_table_ids
  bits            = 24 - tonumber(split("/", var.cidr)[1])
  newbits         = min(8, max(local.bits, 4))
}

data "aws_region" "current" {}

# Tasks and the job function reach each other by address, and a task learns its own from ECS. AWS's
# names inside the VPC (DynamoDB, S3, Secrets Manager) still need both DNS switches.
data "aws_vpc" "existing" {
  count = local.made ? 0 : 1

  id = var.existing.vpc_id

  lifecycle {
    postcondition {
      condition     = self.enable_dns_support && self.enable_dns_hostnames
      error_message = "The VPC needs enable_dns_support and enable_dns_hostnames."
    }
  }
}

resource "aws_vpc" "this" {
  #checkov:skip=CKV2_AWS_11:flow logs are the account's affair and cost by the byte

  count = local.made ? 1 : 0

  cidr_block           = var.cidr
  enable_dns_support   = true
  enable_dns_hostnames = true

  tags = { Name = var.name }
}

# Whoever forgets to name a group gets this one: it lets nothing through.
resource "aws_default_security_group" "this" {
  count = local.made ? 1 : 0

  vpc_id = aws_vpc.this[0].id
}

resource "aws_internet_gateway" "this" {
  count = local.made ? 1 : 0

  vpc_id = aws_vpc.this[0].id

  tags = { Name = var.name }
}

resource "aws_subnet" "public" {
  for_each = local.zones

  vpc_id            = aws_vpc.this[0].id
  availability_zone = each.key
  cidr_block        = cidrsubnet(var.cidr, local.newbits, each.value)

  tags = { Name = "${var.name}-public-${each.key}" }
}

resource "aws_subnet" "private" {
  for_each = local.zones

  vpc_id            = aws_vpc.this[0].id
  availability_zone = each.key
  cidr_block        = cidrsubnet(var.cidr, local.newbits, each.value + 8)

  tags = { Name = "${var.name}-private-${each.key}" }
}

resource "aws_route_table" "public" {
  count = local.made ? 1 : 0

  vpc_id = aws_vpc.this[0].id

  tags = { Name = "${var.name}-public" }
}

resource "aws_route" "internet" {
  count = local.made ? 1 : 0

  route_table_id         = aws_route_table.public[0].id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.this[0].id
}

resource "aws_route_table_association" "public" {
  for_each = local.zones

  subnet_id      = aws_subnet.public[each.key].id
  route_table_id = aws_route_table.public[0].id
}

resource "aws_eip" "nat" {
  for_each = local.nats

  domain = "vpc"

  tags = { Name = "${var.name}-nat-${each.key}" }
}

resource "aws_nat_gateway" "this" {
  for_each = local.nats

  allocation_id = aws_eip.nat[each.key].id
  subnet_id     = aws_subnet.public[each.key].id

  tags = { Name = "${var.name}-${each.key}" }

  depends_on = [aws_route.internet]
}

resource "aws_route_table" "private" {
  for_each = local.zones

  vpc_id = aws_vpc.this[0].id

  tags = { Name = "${var.name}-private-${each.key}" }
}

resource "aws_route" "nat" {
  for_each = var.nat == "none" ? {} : local.zones

  route_table_id         = aws_route_table.private[each.key].id
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = aws_nat_gateway.this[var.nat == "per_zone" ? each.key : var.zones[0]].id
}

resource "aws_route_table_association" "private" {
  for_each = local.zones

  subnet_id      = aws_subnet.private[each.key].id
  route_table_id = aws_route_table.private[each.key].id
}

# Free; without them NAT carries all calls to the tables at $0.045 a GB.
resource "aws_vpc_endpoint" "gateway" {
  for_each = local.made || try(length(var.existing.private_route_table_ids) > 0, false) ? toset(["dynamodb", "s3"]) : toset([])

  vpc_id            = local.vpc_id
  service_name      = "com.amazonaws.${data.aws_region.current.id}.${each.key}"
  vpc_endpoint_type = "Gateway"
  route_table_ids   = concat(local.route_table_ids, aws_route_table.public[*].id)

  tags = { Name = "${var.name}-${each.key}" }
}

locals {
  groups = {
    alb     = "clients to the public load balancer"
    nlb     = "API Gateway to the internal load balancer"
    gateway = "gateway tasks"
    job     = "the job function"
  }
  group_ids = { for name, group in aws_security_group.this : name => group.id }

  # API Gateway's calls come from inside PrivateLink: the group of its load balancer lets nothing in
  between = merge(
    {
      direct-alb       = { from = "alb", to = "gateway", port = var.ports.direct, what = "clients" }
      internal-job     = { from = "job", to = "gateway", port = var.ports.internal, what = "pushes of workers" }
      internal-gateway = { from = "gateway", to = "gateway", port = var.ports.internal, what = "pushes of other tasks" }
    },
    var.integration_from == "none" ? {} : {
      integration = { from = var.integration_from, to = "gateway", port = var.ports.integration, what = "integrations of API Gateway" }
    }
  )
}

resource "aws_security_group" "this" {
  #checkov:skip=CKV2_AWS_5:other modules attach them, which checkov does not follow

  for_each = local.groups

  name        = "${var.name}-${each.key}"
  description = "Streamer: ${each.value}"
  vpc_id      = local.vpc_id

  tags = { Name = "${var.name}-${each.key}" }
}

resource "aws_vpc_security_group_ingress_rule" "clients" {
  for_each = { for pair in setproduct(var.client_cidrs, [80, 443]) : "${pair[0]}-${pair[1]}" => { cidr = pair[0], port = pair[1] } }

  security_group_id = aws_security_group.this["alb"].id
  description       = each.value.port == 80 ? "only to be sent to https" : "clients"
  cidr_ipv4         = each.value.cidr
  ip_protocol       = "tcp"
  from_port         = each.value.port
  to_port           = each.value.port
}

resource "aws_vpc_security_group_ingress_rule" "between" {
  for_each = local.between

  security_group_id            = local.group_ids[each.value.to]
  referenced_security_group_id = local.group_ids[each.value.from]
  description                  = each.value.what
  ip_protocol                  = "tcp"
  from_port                    = each.value.port
  to_port                      = each.value.port
}

resource "aws_vpc_security_group_egress_rule" "between" {
  for_each = local.between

  security_group_id            = local.group_ids[each.value.from]
  referenced_security_group_id = local.group_ids[each.value.to]
  description                  = each.value.what
  ip_protocol                  = "tcp"
  from_port                    = each.value.port
  to_port                      = each.value.port
}

# AWS's services, issuers' keys, and what handlers fetch.
resource "aws_vpc_security_group_egress_rule" "https" {
  for_each = toset(["gateway", "job"])

  security_group_id = local.group_ids[each.key]
  description       = "https"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}
