# The clients' door

resource "aws_lb" "direct" {
  #checkov:skip=CKV_AWS_91:access logs would hold the tokens that come in queries
  #checkov:skip=CKV_AWS_150:deletion protection is a variable, on but for dev
  #checkov:skip=CKV2_AWS_28:a WAF looks at a handshake only; limits are the gateway's own

  name                       = "${var.name}-direct"
  load_balancer_type         = "application"
  subnets                    = var.public_subnet_ids
  security_groups            = [var.security_group_ids.alb]
  enable_deletion_protection = var.deletion_protection
  drop_invalid_header_fields = true
  # the gateway pings after 25 s
  idle_timeout = 120
}

# Both groups ask /health, whether the process runs. ECS replaces tasks that any of its groups calls
# unhealthy: with /ready an outage of the tables would end every socket.
resource "aws_lb_target_group" "direct" {
  name_prefix                   = "direct"
  vpc_id                        = var.vpc_id
  target_type                   = "ip"
  port                          = var.ports.direct
  protocol                      = "HTTP"
  protocol_version              = "HTTP1"
  load_balancing_algorithm_type = "least_outstanding_requests"
  deregistration_delay          = 60

  stickiness {
    enabled = false
    type    = "lb_cookie"
  }

  health_check {
    path                = "/health"
    matcher             = "200"
    interval            = 10
    timeout             = 5
    healthy_threshold   = 2
    unhealthy_threshold = 3
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_lb_listener" "https" {
  load_balancer_arn = aws_lb.direct.arn
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  certificate_arn   = var.certificate_arn

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.direct.arn
  }
}

resource "aws_lb_listener" "http" {
  load_balancer_arn = aws_lb.direct.arn
  port              = 80
  protocol          = "HTTP"

  default_action {
    type = "redirect"

    redirect {
      protocol    = "HTTPS"
      port        = "443"
      status_code = "HTTP_301"
    }
  }
}

# Clients have no business with API Gateway's paths. The port is what keeps them off; this rule
# answers before a task does.
resource "aws_lb_listener_rule" "integration" {
  listener_arn = aws_lb_listener.https.arn
  priority     = 10

  condition {
    path_pattern {
      values = ["*/apigateway/*"]
    }
  }

  action {
    type             = local.public ? "forward" : "fixed-response"
    target_group_arn = one(aws_lb_target_group.integration_public[*].arn)

    dynamic "fixed_response" {
      for_each = local.public ? [] : [1]

      content {
        content_type = "text/plain"
        message_body = "forbidden"
        status_code  = "403"
      }
    }
  }
}

resource "aws_lb_target_group" "integration_public" {
  #checkov:skip=CKV_AWS_378:inside of the VPC only; TLS ends at the balancer

  count = local.public ? 1 : 0

  name_prefix          = "api-"
  vpc_id               = var.vpc_id
  target_type          = "ip"
  port                 = var.ports.integration
  protocol             = "HTTP"
  protocol_version     = "HTTP1"
  deregistration_delay = 60

  health_check {
    path                = "/health"
    matcher             = "200"
    interval            = 10
    timeout             = 5
    healthy_threshold   = 2
    unhealthy_threshold = 3
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_route53_record" "direct" {
  for_each = var.domain == null ? toset([]) : toset(["A"])

  zone_id = var.domain.zone_id
  name    = var.domain.name
  type    = each.key

  alias {
    name                   = aws_lb.direct.dns_name
    zone_id                = aws_lb.direct.zone_id
    evaluate_target_health = false
  }
}

# API Gateway's door

resource "aws_lb" "integration" {
  #checkov:skip=CKV_AWS_91:it speaks TCP and has access logs of TLS listeners alone
  #checkov:skip=CKV_AWS_150:deletion protection is a variable, on but for dev
  #checkov:skip=CKV2_AWS_20:it speaks TCP: there is nothing to redirect

  count = local.private ? 1 : 0

  name                             = "${var.name}-api"
  load_balancer_type               = "network"
  internal                         = true
  subnets                          = var.task_subnet_ids
  enable_cross_zone_load_balancing = true
  enable_deletion_protection       = var.deletion_protection
  # none at its creation would mean none for ever; and "on" would refuse the VPC link's own traffic
  security_groups                                              = [var.security_group_ids.nlb]
  enforce_security_group_inbound_rules_on_private_link_traffic = "off"
}

resource "aws_lb_target_group" "integration_private" {
  count = local.private ? 1 : 0

  name_prefix          = "api-"
  vpc_id               = var.vpc_id
  target_type          = "ip"
  port                 = var.ports.integration
  protocol             = "TCP"
  deregistration_delay = 60
  preserve_client_ip   = false

  health_check {
    protocol            = "HTTP"
    path                = "/health"
    matcher             = "200"
    interval            = 10
    timeout             = 5
    healthy_threshold   = 2
    unhealthy_threshold = 3
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_lb_listener" "integration" {
  count = local.private ? 1 : 0

  load_balancer_arn = aws_lb.integration[0].arn
  port              = 80
  protocol          = "TCP"

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.integration_private[0].arn
  }
}
