#!/usr/bin/env python3
"""Writes fixtures/config-snapshot: the incident's network as AWS Config records it.

config/snapshot.json   the network of ping-before-peering, with what a recorder keeps beside it:
                       an older item of a security group, a peering that was deleted, a volume
later/history.json     what of it is another in ping-after-peering, recorded later, in the form
                       of get-resource-config-history: configurations are texts

Usage: make_config.py [--check]     --check: compare, write nothing
"""
import json
import sys
from pathlib import Path

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
ACCOUNT, REGION = "466742534146", "ap-south-1"
BEFORE, OLDER, LATER = "2025-01-17T13:40:02.113Z", "2025-01-17T12:40:00.000Z", "2025-01-17T14:01:09.527Z"

# File, key at its top, type of the item, key of its id.
TYPES = [
    ("vpcs", "Vpcs", "AWS::EC2::VPC", "vpcId"),
    ("subnets", "Subnets", "AWS::EC2::Subnet", "subnetId"),
    ("route-tables", "RouteTables", "AWS::EC2::RouteTable", "routeTableId"),
    ("security-groups", "SecurityGroups", "AWS::EC2::SecurityGroup", "groupId"),
    ("network-acls", "NetworkAcls", "AWS::EC2::NetworkAcl", "networkAclId"),
    ("network-interfaces", "NetworkInterfaces", "AWS::EC2::NetworkInterface", "networkInterfaceId"),
    ("instances", "Reservations", "AWS::EC2::Instance", "instanceId"),
    ("internet-gateways", "InternetGateways", "AWS::EC2::InternetGateway", "internetGatewayId"),
    ("vpc-peering-connections", "VpcPeeringConnections", "AWS::EC2::VPCPeeringConnection",
     "vpcPeeringConnectionId"),
    ("addresses", "Addresses", "AWS::EC2::EIP", "allocationId"),
    ("flow-logs", "FlowLogs", "AWS::EC2::FlowLog", "flowLogId"),
]


def recorded(value):
    """What the AWS CLI prints, as AWS Config writes it."""
    if isinstance(value, list):
        return [recorded(item) for item in value]
    if not isinstance(value, dict):
        return value
    out = {key[0].lower() + key[1:]: recorded(item) for key, item in value.items()}
    if "cidrIp" not in out and "ipRanges" in out:
        out["ipv4Ranges"] = out["ipRanges"]
        out["ipRanges"] = [item["cidrIp"] for item in out["ipv4Ranges"]]
    return out


def objects(scenario):
    """Type and id of each object, and its configuration."""
    found = {}
    for file, key, kind, name in TYPES:
        elements = json.loads((FIXTURES / scenario / "exports" / f"{file}.json").read_text())[key]
        if key == "Reservations":
            elements = [instance for element in elements for instance in element["Instances"]]
        for element in map(recorded, elements):
            if isinstance(element.get("state"), str):
                element["state"] = {"value": element["state"]}
            found[kind, element[name]] = element
    return found


def item(kind, name, configuration, time, status="OK"):
    tags = (configuration or {}).get("tags", (configuration or {}).get("tagSet", []))
    return {"configurationItemVersion": "1.3", "configurationItemCaptureTime": time,
            "configurationStateId": 1737121202113, "awsAccountId": ACCOUNT,
            "configurationItemStatus": status, "resourceType": kind, "resourceId": name,
            "resourceName": None, "ARN": f"arn:aws:ec2:{REGION}:{ACCOUNT}:{name}",
            "awsRegion": REGION, "tags": {tag["key"]: tag["value"] for tag in tags},
            "relationships": [], "configuration": configuration, "supplementaryConfiguration": {}}


def snapshot(before):
    items = [item(*key, value, BEFORE) for key, value in before.items()]
    group = next(key for key in before if key[0].endswith("SecurityGroup"))
    items.insert(0, item(*group, {**before[group], "ipPermissions": [], "ipPermissionsEgress": []},
                         OLDER))
    items.append(item("AWS::EC2::VPCPeeringConnection", "pcx-0a9d3f5b7c1e82460", None, OLDER,
                      "ResourceDeleted"))
    items.append(item("AWS::EC2::Volume", "vol-0a3f7d1b9e5c26841", {"size": 8}, BEFORE))
    return {"fileVersion": "1.0", "configSnapshotId": "16da64e4-cb65-4846-b061-e6c3ba43cb96",
            "configurationItems": items}


def history(before, after):
    items = []
    for key, value in after.items():
        if before.get(key) != value:
            items.append(item(*key, value, LATER))
            items[-1]["configuration"] = json.dumps(value, separators=(",", ":"))
    items += [item(*key, None, LATER, "ResourceDeleted") for key in before if key not in after]
    return {"configurationItems": items}


def main(arguments):
    before, after = objects("ping-before-peering"), objects("ping-after-peering")
    failed = False
    for name, value in (("config/snapshot", snapshot(before)),
                        ("later/history", history(before, after))):
        path = FIXTURES / "config-snapshot" / f"{name}.json"
        text = json.dumps(value, indent=1) + "\n"
        if arguments != ["--check"]:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != text:
            print(f"{path}: is not what make_config.py makes")
            failed = True
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
