"""Names what a second plan would change; fails if it is anything but what moto does not keep."""
import json
import sys

# moto's own gaps, by type of resource: why, and the attributes that it gives back otherwise than it got them
FORGOTTEN = {
    "aws_ecs_service": (
        "moto keeps few members of a service, some of which only a new one can change",
        {
            "availability_zone_rebalancing", "capacity_provider_strategy", "deployment_controller",
            "health_check_grace_period_seconds", "iam_role", "id", "launch_type", "platform_version", "tags", "triggers",
        },
    ),
    "aws_lambda_alias": ("follows the function, which is to have a new version", {"function_version"}),
    "aws_lambda_event_source_mapping": ("moto answers the function without its alias", {"function_name"}),
    "aws_lambda_function": (
        "moto does not answer how a function logs; changing that makes a new version",
        {"logging_config", "qualified_arn", "qualified_invoke_arn", "version"},
    ),
    "aws_vpc_security_group_egress_rule": ("moto does not answer the description of a rule between groups", {"description"}),
    "aws_vpc_security_group_ingress_rule": ("moto does not answer the description of a rule between groups", {"description"}),
}


def differing(change):
    before, after = change["before"] or {}, change["after"] or {}
    known = {key for key, value in after.items() if before.get(key) != value}
    return known | {key for key, unknown in change["after_unknown"].items() if unknown is True}


bad = 0
seen = {}
for resource in json.load(sys.stdin).get("resource_changes", []):
    change = resource["change"]
    if change["actions"] in (["no-op"], ["read"]):
        continue
    attributes = differing(change)
    why, forgotten = FORGOTTEN.get(resource["type"], ("", set()))
    seen.setdefault(resource["type"], set()).update(attributes)
    wrong = attributes - forgotten
    what = ", ".join(sorted(wrong)) or f"{', '.join(sorted(attributes))}: {why}"
    print(f"  {'/'.join(change['actions'])} {resource['address']}: {what}")
    bad += bool(wrong)
for kind, (_, forgotten) in FORGOTTEN.items():
    kept = forgotten - seen.get(kind, set())
    if kept:
        print(f"  moto keeps {', '.join(sorted(kept))} of {kind}, or the provider no longer asks: they may leave the list")
sys.exit(1 if bad else 0)
