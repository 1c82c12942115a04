"""What stands between two hosts, as the AWS API describes it: more subnets and hosts of a
site's VPC, NAT gateways, transit gateways, load balancers.

Each function adds to a World of aws_world.py. Output that is not one list of EC2's
describe calls goes to world.more: file name -> (service, operation, output).
"""

from aws_world import (
    ACCOUNT, EVERYWHERE, REGION, SITE_1, local_routes, name_tag, network_interface,
    reservation, route, subnet)

NAT = "nat-0e5b7d9c1a3f86241"
NAT_PRIVATE, NAT_PUBLIC = "10.1.10.200", "13.126.41.77"
GATEWAY = "tgw-0d9b5f7e1c3a86240"
TRANSIT_TABLE = "tgw-rtb-0a3e7c9f5b1d86240"
ATTACHMENTS = {1: "tgw-attach-0b9d7f5a1c3e86241", 2: "tgw-attach-0c1f9b7d5e3a86242"}
CREATED = "2025-01-17T12:52:40+00:00"
BALANCING = f"arn:aws:elasticloadbalancing:{REGION}:{ACCOUNT}"
BALANCER = "net/web/5f3b9d7c1e8a2640"
BALANCER_ENI = "eni-0b7d5f9e3c1a86240"

# Hosts of VPC 1 in a subnet of its own: one without public address, one with.
PRIVATE_1 = SITE_1.but(
    subnet="subnet-0a7e1c9f5b3d86241", subnet_cidr="10.1.20.0/24",
    public_table="rtb-0b5d3f9a7c1e86241", table_assoc="rtbassoc-0c9f7b5d1e3a86241",
    acl_assoc="aclassoc-0b3f9d7e5c1a86241", eni="eni-0d5b9f7c3e1a86241",
    instance="i-0c7e5b9d1f3a86241", private="10.1.20.30", mac="02:1d:c5:97:3e:60",
    attachment="eni-attach-0e3b9f7d5c1a86241", reservation="r-0b9d5f7e3c1a86241",
    volume="vol-0f5b7d9c3e1a86241")
EXPOSED_1 = PRIVATE_1.but(
    eni="eni-0a1c7e9f5b3d86241", instance="i-0e3d9b7f5c1a86241", private="10.1.20.31",
    public="65.2.140.9", mac="02:8b:40:f2:d6:1c", allocation="eipalloc-0d7b5f9c3e1a86241",
    eip_assoc="eipassoc-0a9f7d5b3e1c86241", attachment="eni-attach-0c5b7f9d1e3a86241",
    reservation="r-0e7c5b9f1d3a86241", volume="vol-0a5d7b9f3c1e86241")
# The same VPC in the other zone.
OTHER_ZONE_1 = PRIVATE_1.but(
    zone="b", subnet="subnet-0c3e9b7f5d1a86241", subnet_cidr="10.1.30.0/24",
    public_table="rtb-0d9f5b7e3c1a86241", table_assoc="rtbassoc-0e5d9b7f3c1a86241",
    acl_assoc="aclassoc-0d5b9f7c3e1a86241", eni="eni-0f9d7b5e3c1a86241",
    instance="i-0b5f9d7e3c1a86241", private="10.1.30.40", mac="02:e6:73:0b:a9:24",
    attachment="eni-attach-0d9b7f5c3e1a86241", reservation="r-0c5f9b7d3e1a86241",
    volume="vol-0c9b5d7f3e1a86241")


# ---- subnets and hosts ---------------------------------------------------------------

def add_subnet(world, site, name, *routes):
    """A subnet of the site's VPC with a route table of its own and the VPC's ACL."""
    made = subnet(site, False)
    made.update(MapPublicIpOnLaunch=False, Tags=name_tag(name))
    world.files["subnets"].append(made)
    world.files["route-tables"].append({
        "Associations": [{
            "Main": False, "RouteTableAssociationId": site.table_assoc,
            "RouteTableId": site.public_table, "SubnetId": site.subnet,
            "AssociationState": {"State": "associated"}}],
        "PropagatingVgws": [], "RouteTableId": site.public_table,
        "Routes": local_routes(site, False) + list(routes), "Tags": name_tag(name),
        "VpcId": site.vpc, "OwnerId": ACCOUNT})
    world.acl(site)["Associations"].append({
        "NetworkAclAssociationId": site.acl_assoc, "NetworkAclId": site.acl,
        "SubnetId": site.subnet})


def without_public(interface):
    for holder in (interface, *interface["PrivateIpAddresses"]):
        holder.pop("Association", None)


def add_host(world, site, name, public=False):
    interface, held = network_interface(site, False), reservation(site, False)
    instance = held["Instances"][0]
    instance["Tags"] = name_tag(name)
    if not public:
        without_public(interface)
        without_public(instance["NetworkInterfaces"][0])
        instance.pop("PublicIpAddress", None)
        instance["PublicDnsName"] = ""
    world.files["network-interfaces"].append(interface)
    world.files["instances"].append(held)


def service_interface(site, eni, address, kind, description, owner):
    """An interface that AWS made for a service: no groups, no instance."""
    host = "ip-" + address.replace(".", "-") + f".{REGION}.compute.internal"
    return {
        "Attachment": {
            "AttachmentId": "ela-attach-" + eni[4:], "DeleteOnTermination": False,
            "DeviceIndex": 1, "InstanceOwnerId": owner, "Status": "attached"},
        "AvailabilityZone": REGION + site.zone, "Description": description, "Groups": [],
        "InterfaceType": kind, "Ipv6Addresses": [], "MacAddress": "02:9f:3d:61:c8:" + eni[-2:],
        "NetworkInterfaceId": eni, "OwnerId": ACCOUNT, "PrivateDnsName": host,
        "PrivateIpAddress": address,
        "PrivateIpAddresses": [{"Primary": True, "PrivateDnsName": host,
                                "PrivateIpAddress": address}],
        "RequesterId": owner, "RequesterManaged": True, "SourceDestCheck": False,
        "Status": "in-use", "SubnetId": site.subnet, "TagSet": [], "VpcId": site.vpc}


# ---- NAT gateway -----------------------------------------------------------------------

def add_nat_gateway(world, state="available"):
    """A public one in VPC 1's public subnet."""
    eni, allocation = "eni-0e9c5b7d3f1a86241", "eipalloc-0f7d9b5c3e1a86241"
    interface = service_interface(SITE_1, eni, NAT_PRIVATE, "nat_gateway",
                                  f"Interface for NAT Gateway {NAT}", "amazon-aws")
    public = {"AllocationId": allocation, "AssociationId": "eipassoc-0b9d7f5c3e1a86241",
              "IpOwnerId": ACCOUNT, "PublicIp": NAT_PUBLIC,
              "PublicDnsName": "ec2-" + NAT_PUBLIC.replace(".", "-")
                               + f".{REGION}.compute.amazonaws.com"}
    interface["Association"] = public
    interface["PrivateIpAddresses"][0]["Association"] = dict(public)
    world.files["network-interfaces"].append(interface)
    gateway = {
        "CreateTime": CREATED, "NatGatewayId": NAT, "State": state,
        "NatGatewayAddresses": [{"AllocationId": allocation, "NetworkInterfaceId": eni,
                                 "PrivateIp": NAT_PRIVATE, "PublicIp": NAT_PUBLIC}],
        "SubnetId": SITE_1.subnet, "VpcId": SITE_1.vpc, "Tags": name_tag("nat-1"),
        "ConnectivityType": "public"}
    world.more["nat-gateways"] = ("ec2", "DescribeNatGateways", {"NatGateways": [gateway]})
    return gateway


# ---- transit gateway -------------------------------------------------------------------

def transit_route(destination, site_number=None, kind="propagated"):
    made = {"DestinationCidrBlock": destination, "Type": kind,
            "State": "active" if site_number else "blackhole"}
    if site_number:
        made["TransitGatewayAttachments"] = [{
            "ResourceId": f"vpc-{site_number}", "ResourceType": "vpc",
            "TransitGatewayAttachmentId": ATTACHMENTS[site_number]}]
    return made


class Transit:
    """A transit gateway with one route table that joins VPC 1 and VPC 2."""

    def __init__(self, world, sites):
        self.gateway = {
            "TransitGatewayId": GATEWAY, "State": "available", "OwnerId": ACCOUNT,
            "TransitGatewayArn": f"arn:aws:ec2:{REGION}:{ACCOUNT}:transit-gateway/{GATEWAY}",
            "Description": "", "CreationTime": CREATED, "Tags": name_tag("hub"),
            "Options": {
                "AmazonSideAsn": 64512, "AutoAcceptSharedAttachments": "disable",
                "DefaultRouteTableAssociation": "enable",
                "AssociationDefaultRouteTableId": TRANSIT_TABLE,
                "DefaultRouteTablePropagation": "enable",
                "PropagationDefaultRouteTableId": TRANSIT_TABLE,
                "VpnEcmpSupport": "enable", "DnsSupport": "enable",
                "MulticastSupport": "disable"}}
        self.table = {
            "TransitGatewayRouteTableId": TRANSIT_TABLE, "TransitGatewayId": GATEWAY,
            "State": "available", "DefaultAssociationRouteTable": True,
            "DefaultPropagationRouteTable": True, "CreationTime": CREATED, "Tags": []}
        self.attachments = {site.number: self.attachment(site) for site in sites}
        self.vpc_attachments = {site.number: self.vpc_attachment(site) for site in sites}
        self.routes = [transit_route(site.cidr, site.number) for site in sites]
        for item in self.routes:
            self.name_resource(item, sites)
        for site in sites:
            world.table(site)["Routes"].insert(
                1, route("10.0.0.0/8", TransitGatewayId=GATEWAY))
        self.write(world)

    @staticmethod
    def name_resource(item, sites):
        for end in item.get("TransitGatewayAttachments", ()):
            end["ResourceId"] = next(site.vpc for site in sites
                                     if ATTACHMENTS[site.number]
                                     == end["TransitGatewayAttachmentId"])

    @staticmethod
    def attachment(site):
        return {
            "TransitGatewayAttachmentId": ATTACHMENTS[site.number],
            "TransitGatewayId": GATEWAY, "TransitGatewayOwnerId": ACCOUNT,
            "ResourceOwnerId": ACCOUNT, "ResourceType": "vpc", "ResourceId": site.vpc,
            "State": "available", "CreationTime": CREATED,
            "Association": {"TransitGatewayRouteTableId": TRANSIT_TABLE,
                            "State": "associated"},
            "Tags": name_tag(f"hub-to-vpc-{site.number}")}

    @staticmethod
    def vpc_attachment(site):
        return {
            "TransitGatewayAttachmentId": ATTACHMENTS[site.number],
            "TransitGatewayId": GATEWAY, "VpcId": site.vpc, "VpcOwnerId": ACCOUNT,
            "State": "available", "SubnetIds": [site.subnet], "CreationTime": CREATED,
            "Options": {"DnsSupport": "enable", "Ipv6Support": "disable",
                        "ApplianceModeSupport": "disable"},
            "Tags": name_tag(f"hub-to-vpc-{site.number}")}

    def write(self, world):
        """Shares its parts with the world: what changes them later changes both."""
        for name, operation, key, items in (
                ("transit-gateways", "DescribeTransitGateways", "TransitGateways",
                 [self.gateway]),
                ("transit-gateway-attachments", "DescribeTransitGatewayAttachments",
                 "TransitGatewayAttachments", list(self.attachments.values())),
                ("transit-gateway-vpc-attachments", "DescribeTransitGatewayVpcAttachments",
                 "TransitGatewayVpcAttachments", list(self.vpc_attachments.values())),
                ("transit-gateway-route-tables", "DescribeTransitGatewayRouteTables",
                 "TransitGatewayRouteTables", [self.table])):
            world.more[name] = ("ec2", operation, {key: items})
        world.more["transit-gateway-routes." + TRANSIT_TABLE] = (
            "ec2", "SearchTransitGatewayRoutes",
            {"Routes": self.routes, "AdditionalRoutesAvailable": False})


# ---- load balancer ---------------------------------------------------------------------

def target_group(number, port, kind="instance"):
    name = f"web-{port}"
    return {
        "TargetGroupArn": f"{BALANCING}:targetgroup/{name}/7c1e5b9d3f8a264{number}",
        "TargetGroupName": name, "Protocol": "TCP", "Port": port, "VpcId": SITE_1.vpc,
        "HealthCheckProtocol": "TCP", "HealthCheckPort": "traffic-port",
        "HealthCheckEnabled": True, "HealthCheckIntervalSeconds": 30,
        "HealthCheckTimeoutSeconds": 10, "HealthyThresholdCount": 5,
        "UnhealthyThresholdCount": 2, "LoadBalancerArns": [f"{BALANCING}:loadbalancer/{BALANCER}"],
        "TargetType": kind, "IpAddressType": "ipv4"}


def listener(number, port, group):
    action = {"Type": "forward", "TargetGroupArn": group["TargetGroupArn"], "Order": 1,
              "ForwardConfig": {"TargetGroups": [{"TargetGroupArn": group["TargetGroupArn"]}]}}
    return {
        "ListenerArn": f"{BALANCING}:listener/{BALANCER}/9d3f7b5c1e8a264{number}",
        "LoadBalancerArn": f"{BALANCING}:loadbalancer/{BALANCER}", "Port": port,
        "Protocol": "TCP", "DefaultActions": [action]}


def add_balancer(world, nodes, groups):
    """An internal network load balancer without groups of its own. `nodes`: site and
    address in each enabled zone; `groups`: port -> ids of the registered instances."""
    arn, name = f"{BALANCING}:loadbalancer/{BALANCER}", BALANCER.replace("/", ".")
    for number, (site, address) in enumerate(nodes):
        world.files["network-interfaces"].append(service_interface(
            site, BALANCER_ENI[:-1] + str(number), address, "network_load_balancer",
            "ELB " + BALANCER, "amazon-elb"))
    balancer = {
        "LoadBalancerArn": arn, "CreatedTime": CREATED, "LoadBalancerName": "web",
        "DNSName": f"web-5f3b9d7c1e8a2640.elb.{REGION}.amazonaws.com",
        "CanonicalHostedZoneId": "ZVDDRBQ08TROA", "Scheme": "internal",
        "VpcId": SITE_1.vpc, "State": {"Code": "active"}, "Type": "network",
        "AvailabilityZones": [{"ZoneName": REGION + site.zone, "SubnetId": site.subnet,
                               "LoadBalancerAddresses": []} for site, _ in nodes],
        "IpAddressType": "ipv4"}
    made = [target_group(number, port) for number, port in enumerate(groups)]
    world.more["load-balancers"] = ("elbv2", "DescribeLoadBalancers",
                                    {"LoadBalancers": [balancer]})
    world.more["listeners"] = ("elbv2", "DescribeListeners", {"Listeners": [
        listener(number, port, made[number]) for number, port in enumerate(groups)]})
    world.more["target-groups"] = ("elbv2", "DescribeTargetGroups", {"TargetGroups": made})
    world.more["load-balancer-attributes." + name] = (
        "elbv2", "DescribeLoadBalancerAttributes", {"Attributes": [
            {"Key": "load_balancing.cross_zone.enabled", "Value": "false"}]})
    for group, (port, instances) in zip(made, groups.items()):
        end = ".".join(group["TargetGroupArn"].split("/")[-2:])
        world.more["target-group-attributes." + end] = (
            "elbv2", "DescribeTargetGroupAttributes", {"Attributes": [
                {"Key": "preserve_client_ip.enabled", "Value": "true"}]})
        world.more["target-health." + end] = ("elbv2", "DescribeTargetHealth", {
            "TargetHealthDescriptions": [
                {"Target": {"Id": instance, "Port": port}, "HealthCheckPort": str(port),
                 "TargetHealth": {"State": "healthy"}} for instance in instances]})
    return balancer


def default_route(**target):
    return route(EVERYWHERE, **target)
