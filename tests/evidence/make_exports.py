#!/usr/bin/env python3
"""Writes fixtures/<scenario>/exports: the incident's world, and one fault at a time.

A scenario's function below says exactly what is wrong in it: it takes one of the two
worlds of aws_world.py and changes one thing. Keys come out in the order in which the AWS
CLI prints them (python3-botocore's model); a key that AWS does not have is an error.

Usage: make_exports.py [--check] [SCENARIO...]      all scenarios when none is named;
                                                    --check compares, writes nothing
"""

import json
import os
import sys

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "schema"))

import edge_scenarios  # noqa: E402
import endpoint_scenarios  # noqa: E402
import service_model  # noqa: E402
import service_scenarios  # noqa: E402
from aws_world import (  # noqa: E402
    ACCOUNT, CALLS, LONG_FORMAT, OPTIONAL, PEERING, REGION, SITE_1, SITE_2,
    SITE_2_FIRST, SITE_3, entry, first_world, name_tag, peered_world, permission, route,
    terminated)

FIXTURES = os.path.join(HERE, "..", "..", "fixtures")
NEWER = service_model.newer_keys()
LIST = "pl-0c9f7d5b3e1a28641"


# ---- the four pings of the incident --------------------------------------------------

def ping_before_peering():
    return first_world()


def ping_public_address():
    return first_world()


def ping_route_one_way():
    """Only VPC 1 has the route; the instance that 10.2.7.89 replaced is still listed."""
    world = peered_world()
    del world.table(SITE_2)["Routes"][1]
    world.files["instances"].append(terminated(SITE_2_FIRST))
    return world


def ping_after_peering():
    return peered_world()


# ---- one fault each ------------------------------------------------------------------

def group_without_icmp():
    world = peered_world()
    del world.group(SITE_2)["IpPermissions"][1]
    return world


def group_icmp_8_8():
    """Type 8, code 8: meant as "echo request", lets no ping through."""
    world = peered_world()
    world.group(SITE_2)["IpPermissions"][1] = permission("icmp", 8, 8)
    return world


def network_acl_echo_only():
    """Echo request in and out, but the reply (type 0) is not let out."""
    world = peered_world()
    echo = {"protocol": "1", "icmp": (8, -1)}
    world.replace_acl(SITE_2, [
        entry(100, "allow", True, **echo),
        entry(110, "allow", True, "6", ports=(1024, 65535)),
        entry(32767, "deny", True),
        entry(100, "allow", False, **echo),
        entry(110, "allow", False, "6", ports=(22, 22)),
        entry(32767, "deny", False)], name="ping-and-ssh")
    world.files["flow-logs"][1]["LogFormat"] = LONG_FORMAT
    return world


def web_world(more_ingress):
    """https allowed by group; VPC 1's subnet takes in services, plus more_ingress."""
    world = peered_world()
    world.group(SITE_2)["IpPermissions"].append(permission("tcp", 443, 443))
    world.replace_acl(SITE_1, [
        entry(100, "allow", True),
        entry(32767, "deny", True),
        entry(100, "allow", False, "6", ports=(22, 22)),
        entry(110, "allow", False, "6", ports=(443, 443)),
        entry(120, "allow", False, "1", icmp=(-1, -1)),
        *more_ingress,
        entry(32767, "deny", False)], name="services")
    return world


def network_acl_no_ephemeral_ports():
    return web_world([])


def network_acl_half_ephemeral():
    """The range of Windows, not of Linux: source ports below 49152 lose their replies."""
    return web_world([entry(130, "allow", False, "6", ports=(49152, 65535))])


def network_acl_unsorted():
    """Rule 100 denies ICMP, but stands behind rule 200 in the file."""
    world = peered_world()
    world.replace_acl(SITE_2, [
        entry(200, "allow", False),
        entry(32767, "deny", False),
        entry(100, "deny", False, "1", icmp=(-1, -1)),
        entry(100, "allow", True),
        entry(32767, "deny", True)], name="no-ping")
    return world


def route_blackhole():
    """The peering was deleted; its routes stay behind."""
    world = peered_world()
    world.files["vpc-peering-connections"][0]["Status"] = {
        "Code": "deleted", "Message": f"Deleted by {ACCOUNT}"}
    for site in (SITE_1, SITE_2):
        world.table(site)["Routes"][1]["State"] = "blackhole"
    return world


def route_wrong_main_table():
    """VPC 2's subnet lost its association: the main table serves it now."""
    world = peered_world()
    world.table(SITE_2)["Associations"] = []
    return world


def peering_pending():
    """AWS shows little of the far side until it accepts, and blackholes the routes."""
    world = peered_world()
    connection = world.files["vpc-peering-connections"][0]
    connection["Status"] = {"Code": "pending-acceptance",
                            "Message": f"Pending Acceptance by {ACCOUNT}"}
    connection["ExpirationTime"] = "2025-01-24T13:41:26+00:00"
    connection["AccepterVpcInfo"] = {"OwnerId": ACCOUNT, "VpcId": SITE_2.vpc,
                                     "Region": REGION}
    for site in (SITE_1, SITE_2):
        world.table(site)["Routes"][1]["State"] = "blackhole"
    return world


def addresses_overlap():
    """VPC 3 has VPC 2's prefix and a host of the same address; VPC 2 alone is peered."""
    world = peered_world()
    world.add(SITE_3)
    return world


def instance_stopped():
    world = peered_world()
    instance = world.instance(SITE_2)
    instance["State"] = {"Code": 80, "Name": "stopped"}
    instance["StateTransitionReason"] = "User initiated (2025-01-17 13:58:02 GMT)"
    instance["StateReason"] = {
        "Code": "Client.UserInitiatedShutdown",
        "Message": "Client.UserInitiatedShutdown: User initiated shutdown"}
    return world


def no_such_host():
    """Nothing is wrong but the address in the question."""
    return peered_world()


def ipv6_peering():
    return peered_world(v6=True)


def ipv6_egress_only():
    """VPC 1's IPv6 default goes to an egress-only gateway: out yes, in no."""
    world = peered_world(v6=True)
    routes = world.table(SITE_1)["Routes"]
    routes[-1] = route("::/0", EgressOnlyInternetGatewayId=SITE_1.eigw)
    world.files["egress-only-internet-gateways"].append({
        "Attachments": [{"State": "attached", "VpcId": SITE_1.vpc}],
        "EgressOnlyInternetGatewayId": SITE_1.eigw, "Tags": name_tag("eigw-1")})
    return world


def group_reference():
    """Instance 2 admits members of instance 1's group, named across the peering."""
    world = peered_world()
    pair = {"GroupId": SITE_1.group, "PeeringStatus": "active", "UserId": ACCOUNT,
            "VpcId": SITE_1.vpc, "VpcPeeringConnectionId": PEERING}
    world.group(SITE_2)["IpPermissions"] = [
        permission("tcp", 22, 22, v4=(), groups=[pair]),
        permission("icmp", -1, -1, v4=(), groups=[dict(pair)])]
    return world


def aws_prefix_list(number, list_id, service, family="IPv4"):
    return {"PrefixListId": list_id, "AddressFamily": family, "State": "create-complete",
            "PrefixListArn": f"arn:aws:ec2:{REGION}:aws:prefix-list/{list_id}",
            "PrefixListName": f"com.amazonaws.{REGION}.{service}", "Version": number,
            "Tags": [], "OwnerId": "AWS"}


def prefix_list():
    """Instance 2 admits a prefix list of the customer's; its entries are another file."""
    world = peered_world()
    source = [{"PrefixListId": LIST}]
    world.group(SITE_2)["IpPermissions"] = [
        permission("tcp", 22, 22, v4=(), lists=source),
        permission("icmp", -1, -1, v4=(), lists=source)]
    world.files["prefix-lists"] = [
        {"Cidrs": ["3.5.208.0/22", "3.5.212.0/23", "52.219.62.0/23", "52.219.64.0/22"],
         "PrefixListId": "pl-78a54011", "PrefixListName": f"com.amazonaws.{REGION}.s3"},
        {"Cidrs": ["52.94.10.0/24", "13.235.76.0/22"],
         "PrefixListId": "pl-66a7420f",
         "PrefixListName": f"com.amazonaws.{REGION}.dynamodb"}]
    world.files["managed-prefix-lists"] = [
        {"PrefixListId": LIST, "AddressFamily": "IPv4", "State": "create-complete",
         "PrefixListArn": f"arn:aws:ec2:{REGION}:{ACCOUNT}:prefix-list/{LIST}",
         "PrefixListName": "peers", "MaxEntries": 10, "Version": 1, "Tags": [],
         "OwnerId": ACCOUNT},
        aws_prefix_list(1, "pl-78a54011", "s3"),
        aws_prefix_list(1, "pl-66a7420f", "dynamodb")]
    world.entries[LIST] = [
        {"Cidr": "10.1.10.0/24", "Description": "public subnet of VPC 1"},
        {"Cidr": "10.9.0.0/16", "Description": "office"}]
    return world


SCENARIOS = {make.__name__.replace("_", "-"): make for make in (
    ping_before_peering, ping_public_address, ping_route_one_way, ping_after_peering,
    group_without_icmp, group_icmp_8_8, network_acl_echo_only,
    network_acl_no_ephemeral_ports, network_acl_half_ephemeral, network_acl_unsorted,
    route_blackhole, route_wrong_main_table, peering_pending, addresses_overlap,
    instance_stopped, no_such_host, ipv6_peering, ipv6_egress_only, group_reference,
    prefix_list, *edge_scenarios.SCENARIOS, *service_scenarios.SCENARIOS,
    *endpoint_scenarios.SCENARIOS)}


# ---- writing -------------------------------------------------------------------------

def ordered(models, service, operation, output):
    """What a call prints, its keys in the model's order."""
    shapes = dict(service_model.output_members(models[service], operation))
    return {key: service_model.in_order(models[service], shapes[key], output[key], key, NEWER)
            for key in shapes if key in output}


def files_of(models, world):
    """File name and text of everything a world's export holds."""
    made = {}
    for name, operation, key in CALLS:
        if world.files[name] or name not in OPTIONAL:
            made[name] = ordered(models, "ec2", operation, {key: world.files[name]})
    for list_id, entries in world.entries.items():
        made["managed-prefix-list-entries." + list_id] = ordered(
            models, "ec2", "GetManagedPrefixListEntries", {"Entries": entries})
    for name, (service, operation, output) in world.more.items():
        made[name] = ordered(models, service, operation, output)
    made.update(world.raw)
    return {name + ".json": json.dumps(value, indent=4) + "\n"
            for name, value in made.items()}


def write(folder, files):
    os.makedirs(folder, exist_ok=True)
    for name, text in files.items():
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            file.write(text)


def differences(folder, files):
    there = set(os.listdir(folder)) if os.path.isdir(folder) else set()
    for name in sorted(there ^ set(files)):
        yield f"{folder}/{name}: {'not made here' if name in there else 'missing'}"
    for name in sorted(there & set(files)):
        with open(os.path.join(folder, name), encoding="utf-8") as file:
            if file.read() != files[name]:
                yield f"{folder}/{name}: differs"


def main(arguments):
    check = "--check" in arguments
    names = [name for name in arguments if name != "--check"] or SCENARIOS
    models = {service: service_model.load(service)
              for service in ("ec2", "elbv2", "network-firewall")}
    wrong = []
    for name in names:
        folder = os.path.normpath(os.path.join(FIXTURES, name, "exports"))
        files = files_of(models, SCENARIOS[name]())
        if check:
            wrong += differences(folder, files)
        else:
            write(folder, files)
    print("\n".join(wrong), end="\n" if wrong else "")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
