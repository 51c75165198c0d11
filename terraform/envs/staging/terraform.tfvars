region = "eu-west-1"
name   = "streamer-staging"
zones  = ["eu-west-1a", "eu-west-1b"]
nat    = "single"
image  = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/streamer-gateway:0.1.0"

task = {
  cpu              = 512
  memory           = 1024
  min              = 2
  max              = 4
  max_connections  = 10000
  sockets_per_task = 6000
}

job = {
  memory      = 512
  concurrency = 50
}

direct = {
  name            = "direct.staging.example.com"
  certificate_arn = "arn:aws:acm:eu-west-1:123456789012:certificate/00000000-0000-0000-0000-000000000000"
  zone_id         = "Z0000000000000000000"
}

throttling = {
  rate  = 500
  burst = 1000
}

tokens = {
  jwks_url = "https://issuer.example.com/.well-known/jwks.json"
  issuer   = "https://issuer.example.com"
  audience = "streamer-staging"
}

deletion_protection     = true
max_write_request_units = 2000
log_retention_days      = 14
monthly_budget_usd      = 250
