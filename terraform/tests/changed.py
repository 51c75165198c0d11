"""Names what a second plan would change; fails if it is anything but what moto does not keep."""
import json
import sys

# moto's own gaps, by type of resource: attributes that it gives back otherwise than it got them
FORGOTTEN = {
    "aws_ecs_service": {
        "availability_zone_rebalancing", "capacity_provider_strategy", "deployment_controller",
        "health_check_grace_period_seconds", "iam_role", "id", "launch_type", "platform_version", "tags", "triggers",
    },
    "aws_lambda_alias": {"function_version"},
    "aws_lambda_event_source_mapping": {"function_name"},
    "aws_lambda_function": {"logging_config", "qualified_arn", "qualified_invoke_arn", "version"},
    "aws_vpc_security_group_egress_rule": {"description"},
    "aws_vpc_security_group_ingress_rule": {"description"},
}


def differing(change):
    before, after = change["before"] or {}, change["after"] or {}
    known = {key for key, value in after.items() if before.get(key) != value}
    return known | {key for key, unknown in change["after_unknown"].items() if unknown is True}


bad = 0
for resource in json.load(sys.stdin).get("resource_changes", []):
    change = resource["change"]
    if change["actions"] in (["no-op"], ["read"]):
        continue
    wrong = differing(change) - FORGOTTEN.get(resource["type"], set())
    print(f"  {'/'.join(change['actions'])} {resource['address']}: {', '.join(sorted(wrong)) or 'as moto forgets'}")
    bad += bool(wrong)
sys.exit(1 if bad else 0)
