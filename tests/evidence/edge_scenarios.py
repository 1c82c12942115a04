"""Scenarios at the edge of a VPC: route tables of gateways, virtual private gateways and VPN
connections, VPN attachments of transit gateways, Block Public Access with exclusions.

Each function makes one export, like those of make_exports.py; `raw` holds files of calls that
are newer than the model of python3-botocore, or of another service.
"""

from aws_world import (
    ACCOUNT, EVERYWHERE, REGION, SITE_1, SITE_2, World, name_tag, network_acl,
    network_interface, reservation, route, security_groups, subnet)

VGW = "vgw-0a4c8e2f6b1d93751"
VPN = "vpn-0d7b3f9e5a1c28641"
TGW = "tgw-0c5e9a3d7f1b86241"
TGW_TABLE = "tgw-rtb-0e1f7c5a9d3b28641"
TGW_VPC = "tgw-attach-0a9d5e1c7f3b86241"
TGW_VPC_2 = "tgw-attach-0b3f7a9e5c1d28642"
TGW_VPN = "tgw-attach-0f1b9c7e5d3a28643"
EDGE_TABLE = "rtb-0b6d2f8e4a1c93751"
OFFICE = "192.168.0.0/16"

# An appliance in a subnet of its own, in VPC 1.
APPLIANCE = SITE_1.but(
    number=4, subnet="subnet-0b1d9f7c5e3a86244", subnet_cidr="10.1.20.0/24",
    public_table="rtb-0f5a1c9e7d3b28644", acl="acl-0d9b7f5c1e3a28644",
    group="sg-0c1e9d7b5f3a86244", default_group="sg-0a7c5e9f1d3b28644",
    eni="eni-0d1f9b7c5e3a86244", instance="i-0e9a7c1f5d3b28644", private="10.1.20.7",
    public="13.126.52.11", mac="02:1d:8e:40:b7:5c", attachment="eni-attach-0c9e1a7f5d3b86244",
    acl_assoc="aclassoc-0b7d9e1c5f3a28644", table_assoc="rtbassoc-0e7c9a1d5f3b28644",
    reservation="r-0b9d7f1c5e3a28644", volume="vol-0c7e9a1f5d3b86244")


def add_appliance(world):
    """Groups and table come with it; the VPC and its main table are there already."""
    files = world.files
    files["subnets"].append(subnet(APPLIANCE, False))
    files["security-groups"].append(security_groups(APPLIANCE, False)[0])
    files["network-acls"].append(network_acl(APPLIANCE, False))
    files["network-interfaces"].append(network_interface(APPLIANCE, False))
    files["instances"].append(reservation(APPLIANCE, False))
    files["network-interfaces"][-1]["SourceDestCheck"] = False
    files["instances"][-1]["Instances"][0]["SourceDestCheck"] = False
    files["instances"][-1]["Instances"][0]["NetworkInterfaces"][0]["SourceDestCheck"] = False
    files["security-groups"][-1]["IpPermissions"] = [
        {"IpProtocol": "-1", "IpRanges": [{"CidrIp": EVERYWHERE}], "Ipv6Ranges": [],
         "PrefixListIds": [], "UserIdGroupPairs": []}]
    files["route-tables"].append({
        "Associations": [{
            "Main": False, "RouteTableAssociationId": APPLIANCE.table_assoc,
            "RouteTableId": APPLIANCE.public_table, "SubnetId": APPLIANCE.subnet,
            "AssociationState": {"State": "associated"}}],
        "PropagatingVgws": [], "RouteTableId": APPLIANCE.public_table,
        "Routes": [route(SITE_1.cidr, origin="CreateRouteTable", GatewayId="local"),
                   route(EVERYWHERE, GatewayId=SITE_1.igw)],
        "Tags": name_tag("appliance"), "VpcId": SITE_1.vpc, "OwnerId": ACCOUNT})


def gateway_table(gateway):
    return {
        "Associations": [{
            "Main": False, "RouteTableAssociationId": "rtbassoc-0c1f7e9a5d3b28645",
            "RouteTableId": EDGE_TABLE, "GatewayId": gateway,
            "AssociationState": {"State": "associated"}}],
        "PropagatingVgws": [], "RouteTableId": EDGE_TABLE,
        "Routes": [route(SITE_1.subnet_cidr, NetworkInterfaceId=APPLIANCE.eni,
                         InstanceId=APPLIANCE.instance, InstanceOwnerId=ACCOUNT),
                   route(SITE_1.cidr, origin="CreateRouteTable", GatewayId="local")],
        "Tags": name_tag("inbound"), "VpcId": SITE_1.vpc, "OwnerId": ACCOUNT}


def gateway_route_table():
    """What comes in for public-1 passes the appliance, and so does what goes out."""
    world = World([SITE_1])
    add_appliance(world)
    world.files["route-tables"].append(gateway_table(SITE_1.igw))
    world.table(SITE_1)["Routes"][1] = route(
        EVERYWHERE, NetworkInterfaceId=APPLIANCE.eni, InstanceId=APPLIANCE.instance,
        InstanceOwnerId=ACCOUNT)
    return world


def gateway_route_table_one_way():
    """public-1 still sends straight to the internet gateway."""
    world = gateway_route_table()
    world.table(SITE_1)["Routes"][1] = route(EVERYWHERE, GatewayId=SITE_1.igw)
    return world


def gateway_route_table_no_public_ip():
    world = gateway_route_table()
    interface = world.files["network-interfaces"][-1]
    inside = world.files["instances"][-1]["Instances"][0]
    for item in (interface, interface["PrivateIpAddresses"][0],
                 inside["NetworkInterfaces"][0],
                 inside["NetworkInterfaces"][0]["PrivateIpAddresses"][0]):
        del item["Association"]
    del inside["PublicIpAddress"]
    inside["PublicDnsName"] = ""
    return world


# ---- virtual private gateways ----------------------------------------------------------

def tunnel(address, status):
    return {"AcceptedRouteCount": 0, "LastStatusChange": "2025-01-17T12:58:44+00:00",
            "OutsideIpAddress": address, "Status": status, "StatusMessage": ""}


def vpn_connection(routes, statuses=("UP", "DOWN"), **end):
    return {
        "CustomerGatewayId": "cgw-0b5d9f1e7a3c28641", "Category": "VPN",
        "State": "available", "Type": "ipsec.1", "VpnConnectionId": VPN,
        "Options": {"EnableAcceleration": False, "StaticRoutesOnly": bool(routes),
                    "LocalIpv4NetworkCidr": EVERYWHERE,
                    "RemoteIpv4NetworkCidr": EVERYWHERE, "TunnelInsideIpVersion": "ipv4"},
        "Routes": [{"DestinationCidrBlock": cidr, "State": "available"} for cidr in routes],
        "Tags": name_tag("office"),
        "VgwTelemetry": [tunnel("13.234.17.20", statuses[0]),
                         tunnel("65.2.88.143", statuses[1])], **end}


def vpn_gateway():
    """VPC 1 has a VPN connection with a static route to the office; VPC 2 has none."""
    world = World([SITE_1, SITE_2])
    world.files["vpn-gateways"] = [{
        "State": "available", "Type": "ipsec.1", "VpnGatewayId": VGW, "AmazonSideAsn": 64512,
        "VpcAttachments": [{"State": "attached", "VpcId": SITE_1.vpc}],
        "Tags": name_tag("vgw-1")}]
    world.files["vpn-connections"] = [vpn_connection(["192.168.0.0/17"], VpnGatewayId=VGW)]
    world.raw["direct-connect-gateways"] = {"directConnectGateways": []}
    world.table(SITE_1)["Routes"].insert(1, route(OFFICE, GatewayId=VGW))
    return world


def vpn_gateway_down():
    world = vpn_gateway()
    world.files["vpn-connections"] = [
        vpn_connection(["192.168.0.0/17"], ("DOWN", "DOWN"), VpnGatewayId=VGW)]
    return world


def vpn_gateway_alone():
    """The VPN connection was deleted, the gateway and the route were not."""
    world = vpn_gateway()
    world.files["vpn-connections"][0]["State"] = "deleted"
    return world


# ---- a VPN connection of a transit gateway ----------------------------------------------

def attachment(made, kind, resource, name):
    return {
        "TransitGatewayAttachmentId": made, "TransitGatewayId": TGW,
        "TransitGatewayOwnerId": ACCOUNT, "ResourceOwnerId": ACCOUNT, "ResourceType": kind,
        "ResourceId": resource, "State": "available",
        "Association": {"TransitGatewayRouteTableId": TGW_TABLE, "State": "associated"},
        "CreationTime": "2025-01-17T12:52:30+00:00", "Tags": name_tag(name)}


def vpc_attachment(made, site, name):
    return {
        "TransitGatewayAttachmentId": made, "TransitGatewayId": TGW, "VpcId": site.vpc,
        "VpcOwnerId": ACCOUNT, "State": "available", "SubnetIds": [site.subnet],
        "CreationTime": "2025-01-17T12:52:30+00:00",
        "Options": {"DnsSupport": "enable", "Ipv6Support": "disable",
                    "ApplianceModeSupport": "disable"}, "Tags": name_tag(name)}


def transit_route(cidr, made, kind, resource):
    return {"DestinationCidrBlock": cidr, "Type": "static", "State": "active",
            "TransitGatewayAttachments": [{
                "ResourceId": resource, "TransitGatewayAttachmentId": made,
                "ResourceType": kind}]}


def transit_vpn():
    """Both VPCs and the office meet at a transit gateway."""
    world = World([SITE_1, SITE_2])
    files = world.files
    files["vpn-connections"] = [vpn_connection([], TransitGatewayId=TGW)]
    files["transit-gateways"] = [{
        "TransitGatewayId": TGW, "State": "available", "OwnerId": ACCOUNT,
        "TransitGatewayArn": f"arn:aws:ec2:{REGION}:{ACCOUNT}:transit-gateway/{TGW}",
        "Description": "", "CreationTime": "2025-01-17T12:51:02+00:00",
        "Options": {"AmazonSideAsn": 64513, "DnsSupport": "enable"},
        "Tags": name_tag("tgw")}]
    files["transit-gateway-attachments"] = [
        attachment(TGW_VPC, "vpc", SITE_1.vpc, "vpc-1"),
        attachment(TGW_VPC_2, "vpc", SITE_2.vpc, "vpc-2"),
        attachment(TGW_VPN, "vpn", VPN, "office")]
    files["transit-gateway-vpc-attachments"] = [
        vpc_attachment(TGW_VPC, SITE_1, "vpc-1"),
        vpc_attachment(TGW_VPC_2, SITE_2, "vpc-2")]
    files["transit-gateway-route-tables"] = [{
        "TransitGatewayRouteTableId": TGW_TABLE, "TransitGatewayId": TGW,
        "State": "available", "DefaultAssociationRouteTable": True,
        "DefaultPropagationRouteTable": True,
        "CreationTime": "2025-01-17T12:51:40+00:00", "Tags": name_tag("tgw-main")}]
    world.raw[f"transit-gateway-routes.{TGW_TABLE}"] = {
        "Routes": [transit_route(SITE_1.cidr, TGW_VPC, "vpc", SITE_1.vpc),
                   transit_route(SITE_2.cidr, TGW_VPC_2, "vpc", SITE_2.vpc),
                   transit_route(OFFICE, TGW_VPN, "vpn", VPN)],
        "AdditionalRoutesAvailable": False}
    for site, peer in ((SITE_1, SITE_2), (SITE_2, SITE_1)):
        routes = world.table(site)["Routes"]
        routes.insert(1, route(peer.cidr, TransitGatewayId=TGW))
        routes.insert(1, route(OFFICE, TransitGatewayId=TGW))
    return world


def transit_vpn_down():
    world = transit_vpn()
    world.files["vpn-connections"] = [
        vpn_connection([], ("DOWN", "DOWN"), TransitGatewayId=TGW)]
    return world


def transit_to_vpn_gateway():
    """VPC 2 would use VPC 1's virtual private gateway: from edge to edge."""
    world = transit_vpn()
    gateway = vpn_gateway()
    for name in ("vpn-gateways", "vpn-connections"):
        world.files[name] = gateway.files[name]
    world.raw["direct-connect-gateways"] = {"directConnectGateways": []}
    world.files["transit-gateway-attachments"].pop()
    routes = world.raw[f"transit-gateway-routes.{TGW_TABLE}"]["Routes"]
    routes[2] = transit_route(OFFICE, TGW_VPC, "vpc", SITE_1.vpc)
    world.table(SITE_1)["Routes"][1] = route(OFFICE, GatewayId=VGW)
    return world


# ---- Block Public Access ----------------------------------------------------------------

def block_public_access():
    """The account blocks; public-1 is excluded, public-2 for egress only."""
    world = World([SITE_1, SITE_2])

    def exclusion(site, mode):
        return {"ExclusionId": f"vpcbpa-exclude-0{site.number}c7e5a9d1f3b2864",
                "InternetGatewayExclusionMode": mode,
                "ResourceArn": f"arn:aws:ec2:{REGION}:{ACCOUNT}:subnet/{site.subnet}",
                "State": "create-complete",
                "CreationTimestamp": "2025-01-17T12:49:03.517000+00:00",
                "LastUpdateTimestamp": "2025-01-17T12:51:19.204000+00:00", "Tags": []}

    world.raw["vpc-block-public-access-options"] = {"VpcBlockPublicAccessOptions": {
        "AwsAccountId": ACCOUNT, "AwsRegion": REGION, "State": "update-complete",
        "InternetGatewayBlockMode": "block-bidirectional",
        "LastUpdateTimestamp": "2025-01-17T12:48:10.119000+00:00", "ManagedBy": "account",
        "ExclusionsAllowed": "allowed"}}
    world.raw["vpc-block-public-access-exclusions"] = {"VpcBlockPublicAccessExclusions": [
        exclusion(SITE_1, "allow-bidirectional"), exclusion(SITE_2, "allow-egress")]}
    return world


def block_public_access_half_exported():
    """describe-vpc-block-public-access-exclusions was forgotten."""
    world = block_public_access()
    del world.raw["vpc-block-public-access-exclusions"]
    return world


SCENARIOS = (
    gateway_route_table, gateway_route_table_one_way, gateway_route_table_no_public_ip,
    vpn_gateway, vpn_gateway_down, vpn_gateway_alone, transit_vpn, transit_vpn_down,
    transit_to_vpn_gateway, block_public_access, block_public_access_half_exported)
