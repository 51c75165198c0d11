region = "eu-west-1"
name   = "streamer-dev"
zones  = ["eu-west-1a", "eu-west-1b"]
nat    = "single"
image  = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/streamer-gateway:0.1.0"

task = {
  cpu              = 256
  memory           = 512
  min              = 1
  max              = 2
  max_connections  = 1000
  sockets_per_task = 500
}

job = {
  memory      = 512
  concurrency = 10
}

direct = {
  name            = "direct.dev.example.com"
  certificate_arn = "arn:aws:acm:eu-west-1:123456789012:certificate/00000000-0000-0000-0000-000000000000"
  zone_id         = "Z0000000000000000000"
}

throttling = {
  rate  = 100
  burst = 200
}

tokens = {
  jwks_url = "https://issuer.example.com/.well-known/jwks.json"
  issuer   = "https://issuer.example.com"
  audience = "streamer-dev"
}

# fewer looks for due jobs, which are paid for also when there are none
gateway_settings = {
  STREAMER_DUE_EVERY = "5s"
}

deletion_protection     = false
max_write_request_units = 500
log_retention_days      = 7
monthly_budget_usd      = 100
