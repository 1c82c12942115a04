#!/usr/bin/env python3
"""Derives the keys that AWS exports may hold from the service models of python3-botocore.

Writes two files, sorted and committed, so that neither a build nor a test needs botocore:

tests/schema/aws_keys.tsv   path<TAB>type. Every key that stands at the top of the output
                            of the calls below, and everything below the keys that the
                            loader reads. A path that two calls print differently has one
                            row for each type.
src/load/aws_keys.h         one VW_AWS_KEY row for each top-level list (of EC2 also each
                            object), sorted by key, with the command that prints it.

newer_keys.tsv (path, type, command of a top-level key) adds what AWS brought after the
model that Debian ships; --newer FOLDER writes it again from the type declarations of the
package @aws-sdk/client-ec2 (FOLDER holds its dist-types/models).

Usage: derive_aws_keys.py [--check] [--newer FOLDER]     --check: compare, write nothing
"""

import argparse
import os
import re
import sys

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

import service_model  # noqa: E402

KEYS = os.path.join(HERE, "aws_keys.tsv")
NEWER = os.path.join(HERE, "newer_keys.tsv")
HEADER = os.path.join(HERE, "..", "..", "src", "load", "aws_keys.h")

# Services whose output people add to an export. Of a key that several print, the first in
# this order names the command. EC2 with all its calls; of the others what lists things.
SERVICES = [
    "ec2", "elbv2", "elb", "logs", "iam", "network-firewall", "directconnect", "rds",
    "lambda", "ecs", "eks", "opensearch", "es", "elasticache", "route53resolver", "ram",
    "networkmanager"]
VERBS = ("Describe", "Get", "Search", "List")
LISTING_VERBS = ("Describe", "List")

# Calls whose output the loader reads: all that is below their keys is listed.
READ = {"ec2": [
    "DescribeVpcs", "DescribeSubnets", "DescribeRouteTables", "DescribeSecurityGroups",
    "DescribeSecurityGroupRules", "DescribeNetworkAcls", "DescribeNetworkInterfaces",
    "DescribeInstances", "DescribeVpcPeeringConnections", "DescribeInternetGateways",
    "DescribeEgressOnlyInternetGateways", "DescribeAddresses", "DescribePrefixLists",
    "DescribeManagedPrefixLists", "GetManagedPrefixListEntries", "DescribeFlowLogs",
    "DescribeNatGateways", "DescribeTransitGateways", "DescribeTransitGatewayAttachments",
    "DescribeTransitGatewayVpcAttachments", "DescribeTransitGatewayPeeringAttachments",
    "DescribeTransitGatewayRouteTables", "SearchTransitGatewayRoutes",
    "GetTransitGatewayRouteTableAssociations", "GetTransitGatewayRouteTablePropagations",
    "DescribeVpcEndpoints", "DescribeVpnGateways", "DescribeVpnConnections",
    "DescribeCustomerGateways", "DescribeAvailabilityZones", "DescribeRegions",
    "DescribeVpcBlockPublicAccessOptions", "DescribeVpcBlockPublicAccessExclusions"],
    "elbv2": [
    "DescribeLoadBalancers", "DescribeListeners", "DescribeTargetGroups",
    "DescribeTargetHealth", "DescribeLoadBalancerAttributes",
    "DescribeTargetGroupAttributes"],
    "network-firewall": [
    "DescribeFirewall", "DescribeFirewallPolicy", "DescribeRuleGroup"]}

# Keys of several calls of one service, where the shortest name is not the usual call.
USUAL = {
    "Associations": ("ec2", "GetTransitGatewayRouteTableAssociations"),
    "Attributes": ("elbv2", "DescribeLoadBalancerAttributes"),
    "PrefixLists": ("ec2", "DescribeManagedPrefixLists"),
    "Entries": ("ec2", "GetManagedPrefixListEntries"),
    "Rules": ("elbv2", "DescribeRules"),
    "Routes": ("ec2", "SearchTransitGatewayRoutes"),
    "TransitGatewayRouteTablePropagations":
        ("ec2", "GetTransitGatewayRouteTablePropagations"),
}
TYPES_WITH_CONTENT = ("list", "structure", "map")


def kebab(name):
    """DescribeDBInstances becomes describe-db-instances, as botocore does it."""
    name = re.sub(r"(.)([A-Z][a-z]+)", r"\1-\2", name)
    return re.sub(r"([a-z0-9])([A-Z])", r"\1-\2", name).lower()


def command(service, operation):
    return f"aws {service} {kebab(operation)}"


def calls_of(service, model):
    verbs = VERBS if service == "ec2" else LISTING_VERBS
    return [operation for operation in model["operations"] if operation.startswith(verbs)]


def closeness(key, operation):
    """Smaller is a more usual call for a key: describe-<key> itself, describe, short."""
    return (operation[len("Describe"):].lower() != key.lower(),
            not operation.startswith("Describe"), len(operation), operation)


def collect(models):
    """All (path, type) rows, and the command for each top-level key with content."""
    rows, commands = set(), {}
    for service, model in models.items():
        calls = {}
        for operation in calls_of(service, model):
            for key, shape in service_model.output_members(model, operation):
                kind = model["shapes"][shape]["type"]
                rows.add((key, kind))
                if kind == "list" or (service == "ec2" and kind in TYPES_WITH_CONTENT):
                    calls.setdefault(key, []).append(operation)
                if operation in READ.get(service, ()):
                    rows.update(service_model.walk(model, shape, key))
        for key, operations in calls.items():
            if key not in commands:
                commands[key] = command(
                    service, min(operations, key=lambda op, k=key: closeness(k, op)))
    for key, (service, operation) in USUAL.items():
        commands[key] = command(service, operation)
    return rows, commands


def read_newer():
    with open(NEWER, encoding="utf-8") as file:
        return [line.rstrip("\n").split("\t") for line in file if not line.startswith("#")]


# ---- newer keys from type declarations -----------------------------------------------

def declarations(folder):
    """Interface name -> [(member, type)] of every .d.ts in a folder."""
    found = {}
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name), encoding="utf-8") as file:
            text = re.sub(r"/\*.*?\*/", "", file.read(), flags=re.S)
        bodies = re.findall(r"export interface (\w+)[^{]*\{(.*?)\n\}", text, re.S)
        for head, body in bodies:
            found[head] = [(key, kind.replace(" | undefined", "").strip())
                           for key, kind in re.findall(r"(\w+)\??: ([^;]+);", body)]
    return found


def declared(found, kind, path, open_kinds=()):
    """Yields (path, type) as service_model.walk does, from declarations."""
    if kind.endswith("[]"):
        yield path, "list"
        yield from declared(found, kind[:-2].strip("()"), path + "[]", open_kinds)
    elif kind in found:
        yield path, "structure"
        if kind not in open_kinds:
            for key, inner in found[kind]:
                yield from declared(found, inner, f"{path}.{key}", open_kinds + (kind,))
    else:
        yield path, {"boolean": "boolean", "number": "integer", "Date": "timestamp"}.get(
            kind, "string")


def write_newer(folder, rows):
    found = declarations(folder)
    known = {path for path, _ in rows}
    newer = {}
    for head, members in found.items():
        operation = re.sub(r"(Result|Response)$", "", head)
        if operation == head or not operation.startswith(VERBS):
            continue
        for key, kind in members:
            below = list(declared(found, kind, key))
            for path, name in below if operation in READ["ec2"] else below[:1]:
                if path not in known:
                    top = "." not in path and "[" not in path
                    call = command("ec2", operation) if top else ""
                    newer.setdefault((path, name), call)
    with open(NEWER, "w", encoding="utf-8") as file:
        file.write("# Keys that AWS added after python3-botocore's model; made by "
                   "derive_aws_keys.py --newer\n")
        for (path, name), call in sorted(newer.items()):
            file.write(f"{path}\t{name}\t{call}".rstrip("\t") + "\n")


# ---- output --------------------------------------------------------------------------

def keys_text(rows):
    return "".join(f"{path}\t{kind}\n" for path, kind in sorted(rows))


def header_text(commands):
    lines = ["/*",
             " * The keys that AWS CLI calls print at the top of their output, with the command",
             " * that prints each: what a file of an export may hold. Sorted by key in byte",
             " * order. Made by tests/schema/derive_aws_keys.py; do not edit.",
             " *",
             " * Define VW_AWS_KEY(key, command), include this file, and undefine it again.",
             " */",
             "/* clang-format off */"]
    for key, call in sorted(commands.items()):
        lines.append(f'VW_AWS_KEY("{key}", "{call}")')
    return "\n".join(lines + ["/* clang-format on */", ""])


def put(path, text, check):
    """Writes a file, or with check says whether it already holds the text."""
    if not check:
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return True
    with open(path, encoding="utf-8") as file:
        same = file.read() == text
    if not same:
        print(f"{os.path.relpath(path)}: out of date, run derive_aws_keys.py")
    return same


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--newer", metavar="FOLDER")
    arguments = parser.parse_args()
    models = {service: service_model.load(service) for service in SERVICES
              if os.path.isdir(os.path.join(service_model.BOTOCORE, service))}
    rows, commands = collect(models)
    if arguments.newer:
        write_newer(arguments.newer, rows)
    for path, kind, *call in read_newer():
        rows.add((path, kind))
        if call and kind in TYPES_WITH_CONTENT:
            commands.setdefault(path, call[0])
    same = [put(KEYS, keys_text(rows), arguments.check),
            put(HEADER, header_text(commands), arguments.check)]
    return 0 if all(same) else 1


if __name__ == "__main__":
    sys.exit(main())
