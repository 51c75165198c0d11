#!/bin/sh
# Applies an example to moto, plans it again, which must find nothing to change but what moto forgets, and destroys it.
# No account is needed.
# usage: terraform/tests/moto.sh [DIR]   DIR below terraform/; examples/direct-only without one
# It needs moto's server (pip install 'moto[server]'). Where the registry is not reached, TF_PLUGIN_DIR names a folder
# with a provider of an older version, TF_PLUGIN_VERSION (5.100.0).
# moto knows no WebSocket APIs and no tags of scaling targets, runs no function and no task, and looks at no right.
set -eu
root=$(CDPATH='' cd "$(dirname "$0")/.." && pwd -P)
folder=${1:-examples/direct-only}
port=${MOTO_PORT:-5555}

command -v moto_server >/dev/null || {
  echo "moto: there is no moto_server on the PATH (pip install 'moto[server]')" >&2
  exit 69
}

work=$(mktemp -d)
moto_server -H 127.0.0.1 -p "$port" >"$work/moto.log" 2>&1 &
server=$!
trap 'kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT
trap 'exit 1' INT TERM

cp -R "$root" "$work/terraform"
find "$work/terraform" -name .terraform -type d -prune -exec rm -rf {} +
if [ -n "${TF_PLUGIN_DIR:-}" ]; then
  find "$work/terraform" -name '*.tf' -exec sed -i "s/\"~> 6.30\"/\"${TF_PLUGIN_VERSION:-5.100.0}\"/" {} +
fi
rm "$work/terraform/modules/gateway/scaling.tf"
# moto's functions are all in a VPC that is not there, whose default group would be looked for
sed -i '/replace_security_groups_on_destroy/d' "$work/terraform/modules/worker/main.tf"

cat >"$work/terraform/$folder/moto_override.tf" <<'HCL'
provider "aws" {
  access_key                  = "moto"
  secret_key                  = "moto"
  s3_use_path_style           = true
  skip_credentials_validation = true
  skip_metadata_api_check     = true
}
HCL
cat >"$work/values.auto.tfvars.json" <<'JSON'
{
  "image": "123456789012.dkr.ecr.eu-west-1.amazonaws.com/streamer-gateway-demo:0.1.0",
  "package": "versions.tf",
  "keys": "{\"keys\":[]}",
  "internal_secret": "internal-secret-internal-secret-32",
  "lambda_runtime": "java21"
}
JSON

until python3 -c "import socket; socket.create_connection(('127.0.0.1', $port), 1)" 2>/dev/null; do
  kill -0 "$server" || { cat "$work/moto.log" >&2; exit 1; }
  sleep 0.2
done

export AWS_ENDPOINT_URL="http://127.0.0.1:$port" AWS_REGION=eu-west-1 AWS_EC2_METADATA_DISABLED=true
export CHECKPOINT_DISABLE=1 TF_IN_AUTOMATION=1
if [ -n "${TF_CLI_CONFIG_FILE:-}" ] && [ ! -f "$TF_CLI_CONFIG_FILE" ]; then
  unset TF_CLI_CONFIG_FILE
fi

# what the example asks for and a person would have made
certificate=$(python3 - <<'PYTHON'
import boto3, os
acm = boto3.client("acm", region_name="eu-west-1", aws_access_key_id="moto", aws_secret_access_key="moto",
                   endpoint_url=os.environ["AWS_ENDPOINT_URL"])
print(acm.request_certificate(DomainName="direct.example.com")["CertificateArn"])
PYTHON
)
export TF_VAR_certificate_arn="$certificate"

cd "$work/terraform/$folder"
terraform init -no-color -input=false ${TF_PLUGIN_DIR:+-plugin-dir="$TF_PLUGIN_DIR"} >/dev/null

step() {
  name=$1
  shift
  from=$(date +%s)
  "$@" >"$work/$name.log" 2>&1 || { tail -60 "$work/$name.log" >&2; exit 1; }
  echo "$name: $(($(date +%s) - from)) s, $(grep -E '^(Apply|Destroy) complete|^No changes' "$work/$name.log" | head -1)"
}

values=-var-file="$work/values.auto.tfvars.json"
step apply terraform apply -no-color -input=false -auto-approve "$values"
step again terraform plan -no-color -input=false -out="$work/plan" "$values"
terraform show -json "$work/plan" | python3 "$root/tests/changed.py"
step destroy terraform destroy -no-color -input=false -auto-approve "$values"
