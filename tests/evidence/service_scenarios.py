"""The scenarios of what stands between two hosts; see make_exports.py. Each docstring
says what is wrong; several commands of a fixture ask about the same export."""

from aws_services import (
    EXPOSED_1, GATEWAY, NAT, OTHER_ZONE_1, PRIVATE_1, TRANSIT_TABLE, Transit,
    add_balancer, add_host, add_nat_gateway, add_subnet, default_route,
    service_interface, transit_route)
from aws_world import (
    ACCOUNT, PEERING, REGION, SITE_1, SITE_2, World, entry, local_routes,
    network_interface, peered_world, permission, route)

# A subnet of VPC 2 in a zone where no host is.
THIRD_ZONE_2 = SITE_2.but(
    zone="c", subnet="subnet-0b5d9f7e3c1a86242", subnet_cidr="10.2.9.0/28",
    public_table="rtb-0d7f9b5e3c1a86242", table_assoc="rtbassoc-0b9f7d5e3c1a86242",
    acl_assoc="aclassoc-0f9d7b5e3c1a86242")
REGIONAL_TABLE = "rtb-0f7b9d5e3c1a86240"


def nat_world(state="available"):
    world = World([SITE_1])
    add_nat_gateway(world, state)
    add_subnet(world, PRIVATE_1, "private-1", default_route(NatGatewayId=NAT))
    add_host(world, PRIVATE_1, "private-host")
    return world


def nat_gateway():
    """A second host of the private subnet has a public address: what comes in by it goes
    out by the NAT gateway and is lost."""
    world = nat_world()
    add_host(world, EXPOSED_1, "exposed-host", public=True)
    return world


def nat_gateway_failed():
    world = nat_world("failed")
    world.more["nat-gateways"][2]["NatGateways"][0].update(
        FailureCode="Gateway.NotAttached",
        FailureMessage=f"Network vpc {SITE_1.vpc} has no Internet gateway attached")
    return world


def nat_gateway_regional():
    """A regional one that has no address in the host's zone. It stands in no subnet and
    has no interface; its route table is its own."""
    world = nat_world()
    gateway = world.more["nat-gateways"][2]["NatGateways"][0]
    del gateway["SubnetId"]
    gateway.update(AvailabilityMode="regional", AutoProvisionZones="disabled",
                   AutoScalingIps="disabled", RouteTableId=REGIONAL_TABLE)
    address = gateway["NatGatewayAddresses"][0]
    del address["NetworkInterfaceId"], address["PrivateIp"]
    address.update(AvailabilityZone=REGION + "b", AvailabilityZoneId="aps1-az3",
                   Status="succeeded")
    world.files["network-interfaces"] = [
        item for item in world.files["network-interfaces"]
        if item["InterfaceType"] != "nat_gateway"]
    world.files["route-tables"].append({
        "Associations": [], "PropagatingVgws": [], "RouteTableId": REGIONAL_TABLE,
        "Routes": local_routes(SITE_1, False) + [default_route(GatewayId=SITE_1.igw)],
        "Tags": [], "VpcId": SITE_1.vpc, "OwnerId": ACCOUNT})
    return world


def nat_gateway_loop():
    """The NAT gateway's own subnet sends everything to the NAT gateway."""
    world = nat_world()
    world.table(SITE_1)["Routes"][1] = default_route(NatGatewayId=NAT)
    return world


def transit_world(v6=False):
    world = World([SITE_1, SITE_2], v6)
    return world, Transit(world, [SITE_1, SITE_2])


def transit_gateway():
    """Nothing is wrong but one static blackhole, and what no route covers."""
    world, transit = transit_world()
    transit.routes.append(transit_route("10.2.8.0/24", kind="static"))
    return world


def transit_gateway_other_zone():
    """The attachment of VPC 1 has a subnet in the other zone only."""
    world, transit = transit_world()
    add_subnet(world, OTHER_ZONE_1, "transit-1")
    transit.vpc_attachments[1]["SubnetIds"] = [OTHER_ZONE_1.subnet]
    return world


def transit_gateway_unassociated():
    world, transit = transit_world()
    del transit.attachments[1]["Association"]
    return world


def transit_gateway_deleting():
    """The attachment of VPC 2 is being deleted."""
    world, transit = transit_world()
    transit.attachments[2]["State"] = transit.vpc_attachments[2]["State"] = "deleting"
    return world


def transit_gateway_routes_missing():
    """The routes of the transit gateway route table were not exported."""
    world, _ = transit_world()
    del world.more["transit-gateway-routes." + TRANSIT_TABLE]
    return world


def transit_gateway_group_reference():
    """Instance 2 admits members of instance 1's group; referencing is off."""
    world, transit = transit_world()
    transit.gateway["Options"]["SecurityGroupReferencingSupport"] = "disable"
    for attachment in transit.vpc_attachments.values():
        attachment["Options"]["SecurityGroupReferencingSupport"] = "disable"
    world.group(SITE_2)["IpPermissions"] = [permission("icmp", -1, -1, v4=(), groups=[
        {"GroupId": SITE_1.group, "UserId": ACCOUNT, "VpcId": SITE_1.vpc}])]
    return world


def transit_gateway_ipv6():
    """Both VPCs send each other's IPv6 prefix to the gateway; no attachment carries it."""
    world, _ = transit_world(v6=True)
    for site, peer in ((SITE_1, SITE_2), (SITE_2, SITE_1)):
        world.table(site)["Routes"].insert(
            3, route(peer.v6_vpc, TransitGatewayId=GATEWAY))
    return world


def transit_gateway_zone_open():
    """VPC 2 is attached in zones b and c, instance 1 is in zone a: AWS chooses. The ACL of
    the subnet in zone c lets no ping out."""
    world, transit = transit_world()
    add_subnet(world, THIRD_ZONE_2, "transit-2")
    world.replace_acl(THIRD_ZONE_2, [
        entry(100, "allow", True, "6", ports=(0, 65535)), entry(32767, "deny", True),
        entry(100, "allow", False), entry(32767, "deny", False)], name="tcp-only")
    world.acl(SITE_2)["Associations"] = [{
        "NetworkAclAssociationId": SITE_2.acl_assoc, "NetworkAclId": SITE_2.acl,
        "SubnetId": SITE_2.subnet}]
    transit.vpc_attachments[2]["SubnetIds"].append(THIRD_ZONE_2.subnet)
    return world


def prefix_lists_tie():
    """Two prefix lists cover 10.2.0.0/16: one route leads to the peering, one to the
    internet gateway."""
    world, lists = peered_world(), ("pl-0b9d7f5e3c1a86240", "pl-0d5f9b7e3c1a86240")
    routes = world.table(SITE_1)["Routes"]
    routes[1:2] = [route(lists[0], VpcPeeringConnectionId=PEERING),
                   route(lists[1], GatewayId=SITE_1.igw)]
    world.files["managed-prefix-lists"] = [
        {"PrefixListId": list_id, "AddressFamily": "IPv4", "State": "create-complete",
         "PrefixListArn": f"arn:aws:ec2:{REGION}:{ACCOUNT}:prefix-list/{list_id}",
         "PrefixListName": name, "MaxEntries": 10, "Version": 1, "Tags": [],
         "OwnerId": ACCOUNT} for list_id, name in zip(lists, ("peers", "sites"))]
    for list_id in lists:
        world.entries[list_id] = [{"Cidr": "10.2.0.0/16", "Description": "VPC 2"}]
    return world


def middlebox_check():
    """The private subnet's way out is an instance whose source/destination check is on."""
    world = World([SITE_1])
    add_subnet(world, PRIVATE_1, "private-1", default_route(
        InstanceId=SITE_1.instance, InstanceOwnerId=ACCOUNT, NetworkInterfaceId=SITE_1.eni))
    add_host(world, PRIVATE_1, "private-host")
    return world


def load_balancer():
    """Zones a and b are enabled, cross-zone is off, the client's address is kept. Behind
    8080 nobody is registered, behind 8081 only who is in zone b, and the client of 8082
    is its only target."""
    world = World([SITE_1])
    for site, name in ((PRIVATE_1, "private-1"), (OTHER_ZONE_1, "private-2")):
        add_subnet(world, site, name)
        add_host(world, site, f"host-of-{name}")
    world.group(SITE_1)["IpPermissions"].append(permission("tcp", 8000, 8999))
    add_balancer(world, [(PRIVATE_1, "10.1.20.200"), (OTHER_ZONE_1, "10.1.30.200")], {
        8000: [PRIVATE_1.instance], 8080: [], 8081: [OTHER_ZONE_1.instance],
        8082: [SITE_1.instance]})
    return world


def load_balancer_other_zone():
    """Only zone a is enabled, and the only target is in zone b."""
    world = World([SITE_1])
    for site, name in ((PRIVATE_1, "private-1"), (OTHER_ZONE_1, "private-2")):
        add_subnet(world, site, name)
        add_host(world, site, f"host-of-{name}")
    world.group(SITE_1)["IpPermissions"].append(permission("tcp", 8000, 8999))
    add_balancer(world, [(PRIVATE_1, "10.1.20.200")], {8000: [OTHER_ZONE_1.instance]})
    return world


def load_balancer_classic():
    """A Classic Load Balancer: its interface is all that EC2 knows of it."""
    world = World([SITE_1])
    add_subnet(world, PRIVATE_1, "private-1")
    interface = service_interface(PRIVATE_1, "eni-0d7b9f5e3c1a86240", "10.1.20.210",
                                  "interface", "ELB shop", "amazon-elb")
    interface["Groups"] = network_interface(SITE_1, False)["Groups"]
    world.files["network-interfaces"].append(interface)
    return world


def internet_gateway():
    """A host of the public subnet has no public address."""
    world = World([SITE_1])
    add_host(world, PRIVATE_1.but(subnet=SITE_1.subnet, private="10.1.10.40"),
             "private-host")
    return world


def internet_gateway_detached():
    world = World([SITE_1])
    world.files["internet-gateways"][0]["Attachments"] = []
    return world


def group_without_rules():
    world = peered_world()
    world.group(SITE_2)["IpPermissions"] = []
    return world


def peering_beyond():
    """VPC 1 sends more to the peering than VPC 2 has, and a CIDR that it lost is local."""
    world = peered_world()
    world.table(SITE_1)["Routes"].insert(
        2, route("10.3.0.0/16", VpcPeeringConnectionId=PEERING))
    world.table(SITE_1)["Routes"].insert(
        1, route("10.9.0.0/16", origin="CreateRouteTable", GatewayId="local"))
    return world


def peering_other_account():
    """VPC 2 is of another account and was not exported; a rule names its group."""
    other, world = "210987654321", World([SITE_1])
    side = {"CidrBlock": SITE_2.cidr, "CidrBlockSet": [{"CidrBlock": SITE_2.cidr}],
            "OwnerId": other, "VpcId": SITE_2.vpc, "Region": REGION}
    whole = peered_world().files["vpc-peering-connections"][0]
    whole["AccepterVpcInfo"] = side
    world.files["vpc-peering-connections"].append(whole)
    world.add_peering_route(SITE_1, SITE_2)
    world.group(SITE_1)["IpPermissionsEgress"] = [permission("-1", v4=(), groups=[
        {"GroupId": SITE_2.group, "PeeringStatus": "active", "UserId": other,
         "VpcId": SITE_2.vpc, "VpcPeeringConnectionId": PEERING}])]
    return world


SCENARIOS = (
    nat_gateway, nat_gateway_failed, nat_gateway_regional, nat_gateway_loop,
    transit_gateway, transit_gateway_other_zone, transit_gateway_unassociated,
    transit_gateway_deleting, transit_gateway_routes_missing,
    transit_gateway_group_reference, transit_gateway_ipv6, transit_gateway_zone_open,
    prefix_lists_tie, middlebox_check, load_balancer, load_balancer_other_zone,
    load_balancer_classic, internet_gateway, internet_gateway_detached,
    group_without_rules, peering_beyond, peering_other_account)
