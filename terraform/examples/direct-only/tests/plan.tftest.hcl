mock_provider "aws" {
  source          = "../../testing/aws"
  override_during = plan
}

variables {
  image           = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/streamer-gateway-demo:0.1.0"
  package         = "versions.tf"
  certificate_arn = "arn:aws:acm:eu-west-1:123456789012:certificate/00000000-0000-0000-0000-000000000000"
  keys            = "{\"keys\":[]}"
  internal_secret = "internal-secret-internal-secret-32"


}

run "it_fits" {
  command = plan

  assert {
    condition     = output.direct_url == "wss://lb-1.eu-west-1.elb.amazonaws.com/ws"
    error_message = "direct clients find the balancer"
  }
}
