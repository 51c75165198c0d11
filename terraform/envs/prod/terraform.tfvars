region = "eu-west-1"
name   = "streamer-prod"
zones  = ["eu-west-1a", "eu-west-1b", "eu-west-1c"]
nat    = "per_zone"
image  = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/streamer-gateway:0.1.0"

task = {
  cpu              = 1024
  memory           = 2048
  min              = 3
  max              = 20
  max_connections  = 20000
  sockets_per_task = 12000
}

job = {
  memory      = 512
  concurrency = 500
}

direct = {
  name            = "direct.prod.example.com"
  certificate_arn = "arn:aws:acm:eu-west-1:123456789012:certificate/00000000-0000-0000-0000-000000000000"
  zone_id         = "Z0000000000000000000"
}

throttling = {
  rate  = 5000
  burst = 5000
}

tokens = {
  jwks_url = "https://issuer.example.com/.well-known/jwks.json"
  issuer   = "https://issuer.example.com"
  audience = "streamer-prod"
}

deletion_protection     = true
max_write_request_units = 20000
log_retention_days      = 90
monthly_budget_usd      = 2000
