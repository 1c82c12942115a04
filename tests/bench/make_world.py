#!/usr/bin/env python3
"""An export as large as wanted: make_world.py INTERFACES FOLDER

Writes what the AWS CLI prints for a network of so many interfaces: VPCs of up to 2,500
interfaces, peered in a ring and with their second neighbours, 16 subnets, two route tables, two network
ACLs and 50 security groups of 20 rules each; three of five interfaces belong to an instance.
The same bytes at every run.
"""
import json
import random
import sys
from pathlib import Path

ACCOUNT = "466742534146"
REGION = "ap-south-1"
PER_VPC = 2500
SUBNETS, GROUPS, RULES = 16, 50, 20


def number(kind, *parts):
    """A 17-digit id that says what it is of, such as eni-0 00 0003 0000000412."""
    return f"{kind}-0{parts[0]:06x}{parts[1] if len(parts) > 1 else 0:010x}"


def template(value):
    """The text of `value` as the CLI indents an element of a list, with {names} to fill in."""
    text = json.dumps(value, indent=4).replace("%", "%%").replace("<", "%(").replace(">", ")s")
    return "\n".join(" " * 8 + line for line in text.splitlines())


def write(folder, key, elements):
    with open(folder / f"{key}.json", "w", encoding="utf-8") as out:
        out.write(f'{{\n    "{key}": [')
        between = "\n"
        for element in elements:
            out.write(between)
            out.write(element)
            between = ",\n"
        out.write("\n    ]\n}\n")


def plain(value):
    text = json.dumps(value, indent=4)
    return "\n".join(" " * 8 + line for line in text.splitlines())


ATTACHMENT = {
    "AttachTime": "2025-01-17T12:41:08+00:00",
    "AttachmentId": "eni-attach-0<serial>",
    "DeleteOnTermination": True,
    "DeviceIndex": 0,
    "NetworkCardIndex": 0,
    "InstanceId": "<instance>",
    "InstanceOwnerId": ACCOUNT,
    "Status": "attached",
}
ADDRESS = {
    "Primary": True,
    "PrivateDnsName": "ip-<dashed>.ap-south-1.compute.internal",
    "PrivateIpAddress": "<address>",
}
ASSOCIATION = {
    "IpOwnerId": "amazon",
    "PublicDnsName": "ec2-<public_dashed>.ap-south-1.compute.amazonaws.com",
    "PublicIp": "<public>",
}
INTERFACE = {
    "Attachment": ATTACHMENT,
    "AvailabilityZone": "<zone>",
    "Description": "<description>",
    "Groups": [{"GroupName": "service-<group>", "GroupId": "<group_id>"},
               {"GroupName": "service-<other>", "GroupId": "<other_id>"}],
    "InterfaceType": "interface",
    "Ipv6Addresses": [],
    "MacAddress": "02:5e:<mac>",
    "NetworkInterfaceId": "<interface>",
    "OwnerId": ACCOUNT,
    "PrivateDnsName": "ip-<dashed>.ap-south-1.compute.internal",
    "PrivateIpAddress": "<address>",
    "PrivateIpAddresses": [ADDRESS],
    "RequesterManaged": False,
    "SourceDestCheck": True,
    "Status": "in-use",
    "SubnetId": "<subnet>",
    "TagSet": [],
    "VpcId": "<vpc>",
}
PUBLIC = {**INTERFACE, "Association": ASSOCIATION,
          "PrivateIpAddresses": [{"Association": ASSOCIATION, **ADDRESS}]}
SERVICE = {key: value for key, value in INTERFACE.items() if key != "Attachment"}
INSTANCE = {
    "Groups": [],
    "Instances": [{
        "AmiLaunchIndex": 0,
        "ImageId": "ami-0d2614eafc1b0e4d2",
        "InstanceId": "<instance>",
        "InstanceType": "m5.large",
        "LaunchTime": "2025-01-17T12:41:07+00:00",
        "Monitoring": {"State": "disabled"},
        "Placement": {"AvailabilityZone": "<zone>", "GroupName": "", "Tenancy": "default"},
        "PrivateDnsName": "ip-<dashed>.ap-south-1.compute.internal",
        "PrivateIpAddress": "<address>",
        "State": {"Code": 16, "Name": "running"},
        "SubnetId": "<subnet>",
        "VpcId": "<vpc>",
        "Architecture": "x86_64",
        "NetworkInterfaces": [{
            "Attachment": {key: ATTACHMENT[key] for key in
                           ("AttachTime", "AttachmentId", "DeviceIndex", "Status")},
            "Description": "<description>",
            "Groups": INTERFACE["Groups"],
            "MacAddress": "02:5e:<mac>",
            "NetworkInterfaceId": "<interface>",
            "OwnerId": ACCOUNT,
            "PrivateIpAddress": "<address>",
            "PrivateIpAddresses": [ADDRESS],
            "SourceDestCheck": True,
            "Status": "in-use",
            "SubnetId": "<subnet>",
            "VpcId": "<vpc>",
            "InterfaceType": "interface",
        }],
        "Tags": [{"Key": "Name", "Value": "host-<serial>"}],
    }],
    "OwnerId": ACCOUNT,
    "ReservationId": "r-0<serial>",
}


def facts(index, vpcs):
    """What the templates of interface `index` are filled with."""
    place, vpc = divmod(index, vpcs)
    subnet, host = place % SUBNETS, place // SUBNETS + 10
    address = (10, vpc, subnet * 16 + host // 256, host % 256)
    group, other = place % GROUPS, (place * 7 + 3) % GROUPS
    public = (52, 66, index // 256 % 256, index % 256)
    return {
        "serial": f"{index:016x}", "interface": number("eni", vpc, index),
        "instance": number("i", vpc, index), "zone": REGION + "abc"[subnet % 3],
        "description": f"interface {index} of a service",
        "group": group, "other": other, "group_id": number("sg", vpc, group),
        "other_id": number("sg", vpc, other), "subnet": number("subnet", vpc, subnet),
        "vpc": number("vpc", vpc), "address": "%d.%d.%d.%d" % address,
        "dashed": "%d-%d-%d-%d" % address, "public": "%d.%d.%d.%d" % public,
        "public_dashed": "%d-%d-%d-%d" % public,
        "mac": ":".join(f"{index >> shift & 255:02x}" for shift in (24, 16, 8, 0)),
    }


def interfaces(count, vpcs):
    kinds = {"host": template(INTERFACE), "public": template(PUBLIC),
             "service": template(SERVICE)}
    for index in range(count):
        kind = "service" if index % 5 > 2 else "public" if index % 20 == 0 else "host"
        yield kinds[kind] % facts(index, vpcs)


def instances(count, vpcs):
    text = template(INSTANCE)
    for index in range(count):
        if index % 5 <= 2:
            yield text % facts(index, vpcs)


def neighbours(vpc, vpcs):
    return sorted({(vpc + step) % vpcs for step in (-2, -1, 1, 2)} - {vpc})


def peering_id(a, b):
    return number("pcx", min(a, b), max(a, b))


def network(vpc, vpcs):
    """The VPC's elements other than hosts, by key."""
    common = {"VpcId": number("vpc", vpc), "OwnerId": ACCOUNT}
    yield "Vpcs", {**common, "CidrBlock": f"10.{vpc}.0.0/16", "State": "available"}
    yield "InternetGateways", {
        "InternetGatewayId": number("igw", vpc), "OwnerId": ACCOUNT,
        "Attachments": [{"State": "available", "VpcId": common["VpcId"]}]}
    for subnet in range(SUBNETS):
        yield "Subnets", {**common, "SubnetId": number("subnet", vpc, subnet),
                          "CidrBlock": f"10.{vpc}.{subnet * 16}.0/20",
                          "AvailabilityZone": REGION + "abc"[subnet % 3]}
    for half in range(2):
        routes = [{"DestinationCidrBlock": f"10.{vpc}.0.0/16", "GatewayId": "local",
                   "Origin": "CreateRouteTable", "State": "active"}]
        routes += [{"DestinationCidrBlock": f"10.{peer}.0.0/16", "Origin": "CreateRoute",
                    "VpcPeeringConnectionId": peering_id(vpc, peer), "State": "active"}
                   for peer in neighbours(vpc, vpcs)]
        if half == 0:
            routes.append({"DestinationCidrBlock": "0.0.0.0/0", "Origin": "CreateRoute",
                           "GatewayId": number("igw", vpc), "State": "active"})
        table = number("rtb", vpc, half)
        associations = [{"Main": True, "RouteTableId": table}] if half else [
            {"Main": False, "RouteTableId": table, "SubnetId": number("subnet", vpc, subnet)}
            for subnet in range(SUBNETS // 2)]
        yield "RouteTables", {**common, "RouteTableId": table, "Associations": associations,
                              "Routes": routes}
        entries = [{"CidrBlock": cidr, "Egress": egress, "Protocol": "-1",
                    "RuleAction": action, "RuleNumber": order}
                   for egress in (True, False)
                   for order, action, cidr in ((90, "deny", "10.250.0.0/16"),
                                               (100, "allow", "0.0.0.0/0"),
                                               (32767, "deny", "0.0.0.0/0"))]
        acl = number("acl", vpc, half)
        yield "NetworkAcls", {
            **common, "NetworkAclId": acl, "IsDefault": half == 1, "Entries": entries,
            "Associations": [{"NetworkAclId": acl, "SubnetId": number("subnet", vpc, subnet)}
                             for subnet in range(half, SUBNETS, 2)]}


def groups(vpc, vpcs, chance):
    everywhere = [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}],
                   "UserIdGroupPairs": []}]
    for group in range(GROUPS):
        permissions = []
        for rule in range(RULES):
            port = 1024 + rule * 64 + group
            permission = {"IpProtocol": chance.choice(("tcp", "tcp", "udp")), "FromPort": port,
                          "ToPort": port + chance.randrange(32), "IpRanges": [],
                          "UserIdGroupPairs": []}
            if rule % 4 == 3:
                permission["UserIdGroupPairs"] = [
                    {"GroupId": number("sg", vpc, chance.randrange(GROUPS)), "UserId": ACCOUNT}]
            else:
                peer = chance.choice([vpc] + neighbours(vpc, vpcs))
                permission["IpRanges"] = [
                    {"CidrIp": f"10.{peer}.{chance.randrange(16) * 16}.0/20"}]
            permissions.append(permission)
        yield {"Description": "a service", "GroupName": f"service-{group}",
               "GroupId": number("sg", vpc, group), "VpcId": number("vpc", vpc),
               "OwnerId": ACCOUNT, "IpPermissions": permissions,
               "IpPermissionsEgress": everywhere}


def peerings(vpcs):
    for a, b in sorted({(min(a, b), max(a, b)) for a in range(vpcs) for b in neighbours(a, vpcs)}):
        sides = {name: {"VpcId": number("vpc", vpc), "OwnerId": ACCOUNT, "Region": REGION,
                        "CidrBlock": f"10.{vpc}.0.0/16"}
                 for name, vpc in (("RequesterVpcInfo", a), ("AccepterVpcInfo", b))}
        yield {"VpcPeeringConnectionId": peering_id(a, b), "Status": {"Code": "active"}, **sides}


def main():
    count, folder = int(sys.argv[1]), Path(sys.argv[2])
    vpcs = max(4, -(-count // PER_VPC))
    chance = random.Random(20250117)
    folder.mkdir(parents=True, exist_ok=True)
    by_key = {}
    for vpc in range(vpcs):
        for key, element in network(vpc, vpcs):
            by_key.setdefault(key, []).append(plain(element))
        by_key.setdefault("SecurityGroups", []).extend(map(plain, groups(vpc, vpcs, chance)))
    by_key["VpcPeeringConnections"] = map(plain, peerings(vpcs))
    by_key["NetworkInterfaces"] = interfaces(count, vpcs)
    by_key["Reservations"] = instances(count, vpcs)
    for key, elements in by_key.items():
        write(folder, key, elements)


if __name__ == "__main__":
    main()
