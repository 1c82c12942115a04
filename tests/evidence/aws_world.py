"""The objects of the incident's network, as the AWS API describes them.

A `Site` is one VPC with one public subnet and one instance. The functions below give one
object each; a `World` holds all of them by the name of the file they are exported to. The
two worlds every scenario starts from are at the end: `first_world` (instance 2 is
10.2.2.61, nothing joins the VPCs) and `peered_world` (instance 2 is 10.2.7.89, peering
active, a route on each side).
"""

ACCOUNT = "466742534146"
REGION = "ap-south-1"
PEERING = "pcx-06d2f7a9c41b8e350"
EVERYWHERE = "0.0.0.0/0"

# File name, operation, key: one file per call, as an export script would save them.
CALLS = [
    ("vpcs", "DescribeVpcs", "Vpcs"),
    ("subnets", "DescribeSubnets", "Subnets"),
    ("route-tables", "DescribeRouteTables", "RouteTables"),
    ("security-groups", "DescribeSecurityGroups", "SecurityGroups"),
    ("network-acls", "DescribeNetworkAcls", "NetworkAcls"),
    ("network-interfaces", "DescribeNetworkInterfaces", "NetworkInterfaces"),
    ("instances", "DescribeInstances", "Reservations"),
    ("vpc-peering-connections", "DescribeVpcPeeringConnections", "VpcPeeringConnections"),
    ("internet-gateways", "DescribeInternetGateways", "InternetGateways"),
    ("egress-only-internet-gateways", "DescribeEgressOnlyInternetGateways",
     "EgressOnlyInternetGateways"),
    ("addresses", "DescribeAddresses", "Addresses"),
    ("prefix-lists", "DescribePrefixLists", "PrefixLists"),
    ("managed-prefix-lists", "DescribeManagedPrefixLists", "PrefixLists"),
    ("flow-logs", "DescribeFlowLogs", "FlowLogs"),
    ("vpn-gateways", "DescribeVpnGateways", "VpnGateways"),
    ("vpn-connections", "DescribeVpnConnections", "VpnConnections"),
    ("transit-gateways", "DescribeTransitGateways", "TransitGateways"),
    ("transit-gateway-attachments", "DescribeTransitGatewayAttachments",
     "TransitGatewayAttachments"),
    ("transit-gateway-vpc-attachments", "DescribeTransitGatewayVpcAttachments",
     "TransitGatewayVpcAttachments"),
    ("transit-gateway-route-tables", "DescribeTransitGatewayRouteTables",
     "TransitGatewayRouteTables"),
    ("vpc-endpoints", "DescribeVpcEndpoints", "VpcEndpoints"),
]
OPTIONAL = {"egress-only-internet-gateways", "prefix-lists", "managed-prefix-lists",
            "vpn-gateways", "vpn-connections", "transit-gateways",
            "transit-gateway-attachments", "transit-gateway-vpc-attachments",
            "transit-gateway-route-tables", "vpc-endpoints"}

DEFAULT_FORMAT = ("${version} ${account-id} ${interface-id} ${srcaddr} ${dstaddr} "
                  "${srcport} ${dstport} ${protocol} ${packets} ${bytes} ${start} ${end} "
                  "${action} ${log-status}")
# What the destination's flow log holds in network-acl-echo-only.
LONG_FORMAT = ("${version} ${account-id} ${vpc-id} ${subnet-id} ${instance-id} "
               "${interface-id} ${flow-direction} ${srcaddr} ${dstaddr} ${srcport} "
               "${dstport} ${protocol} ${pkt-srcaddr} ${pkt-dstaddr} ${tcp-flags} "
               "${packets} ${bytes} ${start} ${end} ${action} ${log-status}")


class Site:
    """One VPC with one public subnet and one instance: its ids and addresses."""

    def __init__(self, number, **ids):
        self.number = number
        self.__dict__.update(ids)

    def but(self, **ids):
        """The same site with some ids replaced."""
        return Site(**{**self.__dict__, **ids})

    @property
    def v4_host(self):
        return "ip-" + self.private.replace(".", "-") + f".{REGION}.compute.internal"

    @property
    def public_host(self):
        return "ec2-" + self.public.replace(".", "-") + f".{REGION}.compute.amazonaws.com"


SITE_1 = Site(
    1, vpc="vpc-0a61c3e5f2b94d7e1", cidr="10.1.0.0/16",
    subnet="subnet-04be1f7a92c6d3051", subnet_cidr="10.1.10.0/24",
    main="rtb-0c8a5d1e37f2b9641", public_table="rtb-07e3b2f61a9d4c581",
    igw="igw-0d94e7b3c2a1f6851", acl="acl-0b5f2d8c6e1a39741",
    group="sg-0e7d3a91c5b2f4861", default_group="sg-05a9c1e7f3d2b8641",
    eni="eni-08a2435a5f43c260e", instance="i-0f1d6b8e2c4a97351", private="10.1.10.14",
    public="13.233.84.197", mac="02:5e:1a:7c:43:9d", zone="a", allocation=None,
    launched="2025-01-17T12:41:07+00:00", attached="2025-01-17T12:41:08+00:00",
    vpc_assoc="vpc-cidr-assoc-0c2e9d7f5a1b84631",
    acl_assoc="aclassoc-0e5c7a1d9b3f28641", main_assoc="rtbassoc-0a7f1c4e9d2b53861",
    table_assoc="rtbassoc-05d8b3e6f1a294c71", attachment="eni-attach-0b8e2f4d6a1c93571",
    eip_assoc=None, reservation="r-0d5b9e3a7c1f24681", volume="vol-0a3f7d1b9e5c26841",
    v6_vpc="2406:da1a:5b2:7a00::/56", v6_subnet="2406:da1a:5b2:7a0a::/64",
    v6="2406:da1a:5b2:7a0a:8d31:4f60:2b9e:c714", eigw="eigw-0f6b2d9a4e1c87351")

SITE_2_FIRST = Site(
    2, vpc="vpc-0b72d4f6a3c85e8f2", cidr="10.2.0.0/16",
    subnet="subnet-0c1d7e5b3f9a86422", subnet_cidr="10.2.2.0/24",
    main="rtb-02f6c9b4e8a1d7352", public_table="rtb-0d1a8e6c5b3f79242",
    igw="igw-03b8f5d1e6c9a7422", acl="acl-0f4a7c2e9b6d15832",
    group="sg-0a3c8f6e1d7b92542", default_group="sg-0d2b7f9c4a6e18352",
    eni="eni-0c6e1b9f4d7a38252", instance="i-0b7e4c1f9a2d68352", private="10.2.2.61",
    public="65.0.181.42", mac="02:b4:36:e8:0f:71", zone="b",
    allocation="eipalloc-09c4e7a1f5b3d8262", launched="2025-01-17T12:46:32+00:00",
    attached="2025-01-17T12:46:33+00:00", vpc_assoc="vpc-cidr-assoc-0f8b3c6e1d9a75242",
    acl_assoc="aclassoc-01a6d8f4c2e9b7352", main_assoc="rtbassoc-0e2c9f7b4a6d18352",
    table_assoc="rtbassoc-0b9d1f5e7c3a86242", attachment="eni-attach-0d7c3a9e1f5b82462",
    eip_assoc="eipassoc-0a8f2e6c4d1b97352", reservation="r-0c2a6f8e4b1d97352",
    volume="vol-0e9b5c7d1a3f68242", v6_vpc="2406:da1a:8c4:1f00::/56",
    v6_subnet="2406:da1a:8c4:1f02::/64", v6="2406:da1a:8c4:1f02:e27a:91c3:5d08:64bf",
    eigw=None)

SITE_2 = SITE_2_FIRST.but(
    subnet="subnet-0e8f2a6d4c1b97352", subnet_cidr="10.2.7.0/24",
    eni="eni-0f3a9d7c5e1b64282", instance="i-0d5a8c2f7e1b93462", private="10.2.7.89",
    mac="02:c9:7d:12:a6:5b", launched="2025-01-17T13:34:51+00:00",
    attached="2025-01-17T13:34:52+00:00", acl_assoc="aclassoc-0d3f8b6a1e7c92452",
    table_assoc="rtbassoc-0f7a2c9e5d1b38642", attachment="eni-attach-0a1e9f5d7c3b86242",
    eip_assoc="eipassoc-0c5d1b7f9e3a28642", reservation="r-0f9c3e7a1b5d28642",
    volume="vol-0b1d7f5a9c3e86242", v6_subnet="2406:da1a:8c4:1f07::/64",
    v6="2406:da1a:8c4:1f07:3be5:c09a:7f12:6d48")

SITE_3 = Site(
    3, vpc="vpc-0c83e5a7b4d96f903", cidr="10.2.0.0/16",
    subnet="subnet-0d9a3e7c5f1b86243", subnet_cidr="10.2.7.0/24",
    main="rtb-0e4b8d6f2a9c17353", public_table="rtb-09f1c7a5e3d2b8643",
    igw="igw-0c5e9a7d1f3b86243", acl="acl-0a9e5c7f1d3b28643",
    group="sg-0b8f4d2e6c1a97353", default_group="sg-0c7e1f9b5d3a28643",
    eni="eni-0e5c9b7d1a3f82463", instance="i-0a9f3c7e5d1b86243", private="10.2.7.89",
    public="43.205.116.88", mac="02:7f:e1:54:8b:c3", zone="a", allocation=None,
    launched="2025-01-17T11:18:40+00:00", attached="2025-01-17T11:18:41+00:00",
    vpc_assoc="vpc-cidr-assoc-0d5c9f7e1b3a28643",
    acl_assoc="aclassoc-0f1b7d5c9e3a86243", main_assoc="rtbassoc-0c3e9a7f5b1d28643",
    table_assoc="rtbassoc-0d1f7b9c5e3a86243", attachment="eni-attach-0f5d9c7e1b3a28643",
    eip_assoc=None, reservation="r-0a7e1c9f5b3d86243", volume="vol-0d9c5f7b1e3a28643",
    v6_vpc=None, v6_subnet=None, v6=None, eigw=None)


def name_tag(text):
    return [{"Key": "Name", "Value": text}]


# ---- one object each --------------------------------------------------------------

def vpc(site, v6):
    made = {
        "CidrBlock": site.cidr, "DhcpOptionsId": "dopt-05c3b7e1a9f2d8461",
        "State": "available",
        "VpcId": site.vpc, "OwnerId": ACCOUNT, "InstanceTenancy": "default",
        "CidrBlockAssociationSet": [{
            "AssociationId": site.vpc_assoc, "CidrBlock": site.cidr,
            "CidrBlockState": {"State": "associated"}}],
        "IsDefault": False, "Tags": name_tag(f"vpc-{site.number}")}
    if v6:
        made["Ipv6CidrBlockAssociationSet"] = [{
            "AssociationId": site.vpc_assoc[:-2] + "6" + site.vpc_assoc[-1],
            "Ipv6CidrBlock": site.v6_vpc, "Ipv6CidrBlockState": {"State": "associated"},
            "NetworkBorderGroup": REGION, "Ipv6Pool": "Amazon"}]
    return made


def subnet(site, v6):
    made = {
        "AvailabilityZone": REGION + site.zone,
        "AvailabilityZoneId": {"a": "aps1-az1", "b": "aps1-az3", "c": "aps1-az2"}[site.zone],
        "AvailableIpAddressCount": 250, "CidrBlock": site.subnet_cidr,
        "DefaultForAz": False,
        "MapPublicIpOnLaunch": site.allocation is None,
        "MapCustomerOwnedIpOnLaunch": False,
        "State": "available", "SubnetId": site.subnet, "VpcId": site.vpc,
        "OwnerId": ACCOUNT,
        "AssignIpv6AddressOnCreation": v6, "Ipv6CidrBlockAssociationSet": [],
        "Tags": name_tag(f"public-{site.number}"),
        "SubnetArn": f"arn:aws:ec2:{REGION}:{ACCOUNT}:subnet/{site.subnet}",
        "EnableDns64": False, "Ipv6Native": False,
        "PrivateDnsNameOptionsOnLaunch": {
            "HostnameType": "ip-name", "EnableResourceNameDnsARecord": False,
            "EnableResourceNameDnsAAAARecord": False}}
    if v6:
        made["Ipv6CidrBlockAssociationSet"] = [{
            "AssociationId": "subnet-cidr-assoc-" + site.subnet[7:],
            "Ipv6CidrBlock": site.v6_subnet,
            "Ipv6CidrBlockState": {"State": "associated"}}]
    return made


def route(destination, state="active", origin="CreateRoute", **target):
    if destination.startswith("pl-"):
        key = "DestinationPrefixListId"
    else:
        key = "DestinationIpv6CidrBlock" if ":" in destination else "DestinationCidrBlock"
    return {key: destination, "Origin": origin, "State": state, **target}


def local_routes(site, v6):
    made = [route(site.cidr, origin="CreateRouteTable", GatewayId="local")]
    if v6:
        made.append(route(site.v6_vpc, origin="CreateRouteTable", GatewayId="local"))
    return made


def route_tables(site, v6):
    main = {
        "Associations": [{
            "Main": True, "RouteTableAssociationId": site.main_assoc,
            "RouteTableId": site.main,
            "AssociationState": {"State": "associated"}}],
        "PropagatingVgws": [], "RouteTableId": site.main,
        "Routes": local_routes(site, v6),
        "Tags": [], "VpcId": site.vpc, "OwnerId": ACCOUNT}
    public = {
        "Associations": [{
            "Main": False, "RouteTableAssociationId": site.table_assoc,
            "RouteTableId": site.public_table, "SubnetId": site.subnet,
            "AssociationState": {"State": "associated"}}],
        "PropagatingVgws": [], "RouteTableId": site.public_table,
        "Routes": local_routes(site, v6) + [route(EVERYWHERE, GatewayId=site.igw)],
        "Tags": name_tag(f"public-{site.number}"), "VpcId": site.vpc, "OwnerId": ACCOUNT}
    if v6:
        public["Routes"].append(route("::/0", GatewayId=site.igw))
    return [main, public]


def permission(protocol, first=None, last=None, v4=(EVERYWHERE,), v6=(), lists=(),
               groups=()):
    made = {"IpProtocol": protocol, "IpRanges": [{"CidrIp": c} for c in v4],
            "Ipv6Ranges": [{"CidrIpv6": c} for c in v6], "PrefixListIds": list(lists),
            "UserIdGroupPairs": list(groups)}
    if first is not None:
        made.update(FromPort=first, ToPort=last)
    return made


def security_groups(site, v6):
    own = {
        "Description": "SSH and ping from anywhere",
        "GroupName": f"ssh-and-ping-{site.number}",
        "IpPermissions": [permission("tcp", 22, 22), permission("icmp", -1, -1)],
        "OwnerId": ACCOUNT, "GroupId": site.group,
        "IpPermissionsEgress": [permission("-1")],
        "Tags": name_tag(f"ssh-and-ping-{site.number}"), "VpcId": site.vpc}
    default = {
        "Description": "default VPC security group", "GroupName": "default",
        "IpPermissions": [permission("-1", v4=(), groups=[
            {"GroupId": site.default_group, "UserId": ACCOUNT}])],
        "OwnerId": ACCOUNT, "GroupId": site.default_group,
        "IpPermissionsEgress": [permission("-1")], "VpcId": site.vpc}
    if v6:
        own["IpPermissions"][0]["Ipv6Ranges"] = [{"CidrIpv6": "::/0"}]
        own["IpPermissions"].append(permission("icmpv6", -1, -1, v4=(), v6=("::/0",)))
        own["IpPermissionsEgress"][0]["Ipv6Ranges"] = [{"CidrIpv6": "::/0"}]
    return [own, default]


def entry(number, action, egress, protocol="-1", cidr=EVERYWHERE, ports=None, icmp=None):
    made = {"Ipv6CidrBlock" if ":" in cidr else "CidrBlock": cidr, "Egress": egress,
            "Protocol": protocol, "RuleAction": action, "RuleNumber": number}
    if ports:
        made["PortRange"] = {"From": ports[0], "To": ports[1]}
    if icmp:
        made["IcmpTypeCode"] = {"Type": icmp[0], "Code": icmp[1]}
    return made


def network_acl(site, v6):
    entries = []
    for egress in (True, False):
        entries.append(entry(100, "allow", egress))
        if v6:
            entries.append(entry(101, "allow", egress, cidr="::/0"))
        entries.append(entry(32767, "deny", egress))
        if v6:
            entries.append(entry(32768, "deny", egress, cidr="::/0"))
    return {
        "Associations": [{
            "NetworkAclAssociationId": site.acl_assoc, "NetworkAclId": site.acl,
            "SubnetId": site.subnet}],
        "Entries": entries, "IsDefault": True, "NetworkAclId": site.acl, "Tags": [],
        "VpcId": site.vpc, "OwnerId": ACCOUNT}


def association(site, in_instance):
    made = {"IpOwnerId": ACCOUNT if site.allocation else "amazon",
            "PublicDnsName": site.public_host, "PublicIp": site.public}
    if site.allocation and not in_instance:
        made.update(AllocationId=site.allocation, AssociationId=site.eip_assoc)
    return made


def group_names(site):
    return [{"GroupName": f"ssh-and-ping-{site.number}", "GroupId": site.group}]


def network_interface(site, v6):
    made = {
        "Association": association(site, False),
        "Attachment": {
            "AttachTime": site.attached, "AttachmentId": site.attachment,
            "DeleteOnTermination": True, "DeviceIndex": 0, "NetworkCardIndex": 0,
            "InstanceId": site.instance, "InstanceOwnerId": ACCOUNT,
            "Status": "attached"},
        "AvailabilityZone": REGION + site.zone, "Description": "",
        "Groups": group_names(site),
        "InterfaceType": "interface", "Ipv6Addresses": [], "MacAddress": site.mac,
        "NetworkInterfaceId": site.eni, "OwnerId": ACCOUNT,
        "PrivateDnsName": site.v4_host,
        "PrivateIpAddress": site.private,
        "PrivateIpAddresses": [{
            "Association": association(site, False), "Primary": True,
            "PrivateDnsName": site.v4_host, "PrivateIpAddress": site.private}],
        "RequesterManaged": False, "SourceDestCheck": True, "Status": "in-use",
        "SubnetId": site.subnet, "TagSet": [], "VpcId": site.vpc}
    if v6:
        made["Ipv6Addresses"] = [{"Ipv6Address": site.v6}]
        made["Ipv6Address"] = site.v6
    return made


def instance_interface(site, v6):
    return {
        "Association": association(site, True),
        "Attachment": {
            "AttachTime": site.attached, "AttachmentId": site.attachment,
            "DeleteOnTermination": True, "DeviceIndex": 0, "Status": "attached",
            "NetworkCardIndex": 0},
        "Description": "", "Groups": group_names(site),
        "Ipv6Addresses": [{"Ipv6Address": site.v6}] if v6 else [], "MacAddress": site.mac,
        "NetworkInterfaceId": site.eni, "OwnerId": ACCOUNT,
        "PrivateDnsName": site.v4_host,
        "PrivateIpAddress": site.private,
        "PrivateIpAddresses": [{
            "Association": association(site, True), "Primary": True,
            "PrivateDnsName": site.v4_host, "PrivateIpAddress": site.private}],
        "SourceDestCheck": True, "Status": "in-use", "SubnetId": site.subnet,
        "VpcId": site.vpc, "InterfaceType": "interface"}


def reservation(site, v6):
    instance = {
        "AmiLaunchIndex": 0, "ImageId": "ami-0d2614eafc1b0e4d2",
        "InstanceId": site.instance,
        "InstanceType": "t3.micro", "KeyName": "peering-lab", "LaunchTime": site.launched,
        "Monitoring": {"State": "disabled"},
        "Placement": {"AvailabilityZone": REGION + site.zone, "GroupName": "",
                      "Tenancy": "default"},
        "PrivateDnsName": site.v4_host, "PrivateIpAddress": site.private,
        "ProductCodes": [],
        "PublicDnsName": site.public_host, "PublicIpAddress": site.public,
        "State": {"Code": 16, "Name": "running"}, "StateTransitionReason": "",
        "SubnetId": site.subnet, "VpcId": site.vpc, "Architecture": "x86_64",
        "BlockDeviceMappings": [{
            "DeviceName": "/dev/xvda",
            "Ebs": {"AttachTime": site.attached, "DeleteOnTermination": True,
                    "Status": "attached", "VolumeId": site.volume}}],
        "ClientToken": "", "EbsOptimized": True, "EnaSupport": True, "Hypervisor": "xen",
        "NetworkInterfaces": [instance_interface(site, v6)],
        "RootDeviceName": "/dev/xvda",
        "RootDeviceType": "ebs", "SecurityGroups": group_names(site),
        "SourceDestCheck": True,
        "Tags": name_tag(f"instance-{site.number}"), "VirtualizationType": "hvm",
        "CpuOptions": {"CoreCount": 1, "ThreadsPerCore": 2},
        "CapacityReservationSpecification": {"CapacityReservationPreference": "open"},
        "HibernationOptions": {"Configured": False},
        "MetadataOptions": {
            "State": "applied", "HttpTokens": "required", "HttpPutResponseHopLimit": 2,
            "HttpEndpoint": "enabled", "HttpProtocolIpv6": "disabled",
            "InstanceMetadataTags": "disabled"},
        "EnclaveOptions": {"Enabled": False}, "BootMode": "uefi-preferred",
        "PlatformDetails": "Linux/UNIX", "UsageOperation": "RunInstances",
        "UsageOperationUpdateTime": site.launched,
        "PrivateDnsNameOptions": {
            "HostnameType": "ip-name", "EnableResourceNameDnsARecord": False,
            "EnableResourceNameDnsAAAARecord": False},
        "MaintenanceOptions": {"AutoRecovery": "default"}}
    if v6:
        instance["Ipv6Address"] = site.v6
    return {"Groups": [], "Instances": [instance], "OwnerId": ACCOUNT,
            "ReservationId": site.reservation}


def terminated(site):
    """What describe-instances still shows of a terminated instance for about an hour."""
    made = reservation(site, False)
    instance = made["Instances"][0]
    for gone in ("PrivateIpAddress", "PublicIpAddress", "SubnetId", "VpcId"):
        del instance[gone]
    instance.update(
        PrivateDnsName="", PublicDnsName="", State={"Code": 48, "Name": "terminated"},
        StateTransitionReason="User initiated (2025-01-17 13:33:20 GMT)",
        StateReason={"Code": "Client.UserInitiatedShutdown",
                     "Message": "Client.UserInitiatedShutdown: User initiated shutdown"},
        NetworkInterfaces=[], SecurityGroups=[], BlockDeviceMappings=[])
    del instance["SourceDestCheck"]
    return made


def internet_gateway(site):
    return {"Attachments": [{"State": "available", "VpcId": site.vpc}],
            "InternetGatewayId": site.igw, "OwnerId": ACCOUNT,
            "Tags": name_tag(f"igw-{site.number}")}


def address(site):
    return {
        "InstanceId": site.instance, "PublicIp": site.public,
        "AllocationId": site.allocation,
        "AssociationId": site.eip_assoc, "Domain": "vpc", "NetworkInterfaceId": site.eni,
        "NetworkInterfaceOwnerId": ACCOUNT, "PrivateIpAddress": site.private,
        "PublicIpv4Pool": "amazon", "NetworkBorderGroup": REGION}


def peering_side(site, v6):
    made = {"CidrBlock": site.cidr, "CidrBlockSet": [{"CidrBlock": site.cidr}],
            "OwnerId": ACCOUNT,
            "PeeringOptions": {"AllowDnsResolutionFromRemoteVpc": False,
                               "AllowEgressFromLocalClassicLinkToRemoteVpc": False,
                               "AllowEgressFromLocalVpcToRemoteClassicLink": False},
            "VpcId": site.vpc, "Region": REGION}
    if v6:
        made["Ipv6CidrBlockSet"] = [{"Ipv6CidrBlock": site.v6_vpc}]
    return made


def peering(first, second, v6):
    return {
        "AccepterVpcInfo": peering_side(second, v6),
        "RequesterVpcInfo": peering_side(first, v6),
        "Status": {"Code": "active", "Message": "Active"},
        "Tags": name_tag("vpc-1-to-vpc-2"),
        "VpcPeeringConnectionId": PEERING}


def flow_log(site, number, to_s3=False, log_format=DEFAULT_FORMAT):
    made = {
        "CreationTime": "2025-01-17T13:02:11.482000+00:00",
        "DeliverLogsStatus": "SUCCESS",
        "FlowLogId": f"fl-0{number}c7e5a9d1f3b286{site.number}",
        "FlowLogStatus": "ACTIVE",
        "ResourceId": site.subnet, "TrafficType": "ALL", "LogFormat": log_format,
        "Tags": name_tag(f"public-{site.number}-all"), "MaxAggregationInterval": 60}
    if to_s3:
        made.update(
            LogDestinationType="s3", LogDestination="arn:aws:s3:::peering-lab-flow-logs",
            DestinationOptions={"FileFormat": "plain-text",
                                "HiveCompatiblePartitions": False,
                                "PerHourPartition": False})
    else:
        made.update(
            DeliverLogsPermissionArn=f"arn:aws:iam::{ACCOUNT}:role/vpc-flow-logs",
            LogGroupName="vpc-flow-logs", LogDestinationType="cloud-watch-logs",
            LogDestination=f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:vpc-flow-logs")
    return made


# ---- worlds ---------------------------------------------------------------------------

class World:
    """All objects of one export, by the name of the file they go to."""

    def __init__(self, sites, v6=False):
        self.sites = sites
        self.v6 = v6
        self.entries = {}
        self.raw = {}  # files written as they are
        self.more = {}  # file name -> (service, operation, output): see aws_services.py
        self.files = {name: [] for name, _, _ in CALLS}
        for site in sites:
            self.add(site)

    def add(self, site):
        files, v6 = self.files, self.v6
        files["vpcs"].append(vpc(site, v6))
        files["subnets"].append(subnet(site, v6))
        files["route-tables"] += route_tables(site, v6)
        files["security-groups"] += security_groups(site, v6)
        files["network-acls"].append(network_acl(site, v6))
        files["network-interfaces"].append(network_interface(site, v6))
        files["instances"].append(reservation(site, v6))
        files["internet-gateways"].append(internet_gateway(site))
        if site.allocation:
            files["addresses"].append(address(site))

    def find(self, name, key, value):
        return next(item for item in self.files[name] if item[key] == value)

    def table(self, site):
        return self.find("route-tables", "RouteTableId", site.public_table)

    def group(self, site):
        return self.find("security-groups", "GroupId", site.group)

    def acl(self, site):
        return self.find("network-acls", "NetworkAclId", site.acl)

    def instance(self, site):
        return self.find("instances", "ReservationId", site.reservation)["Instances"][0]

    def add_peering_route(self, site, peer, state="active"):
        """Routes are printed longest prefix first: the peering before the default."""
        routes = self.table(site)["Routes"]
        routes.insert(1, route(peer.cidr, state, VpcPeeringConnectionId=PEERING))
        if self.v6:
            routes.insert(3, route(peer.v6_vpc, state, VpcPeeringConnectionId=PEERING))

    def replace_acl(self, site, entries, acl="acl-09d7b5e3c1f2a8641", name="custom"):
        """Gives the site's subnet a network ACL of its own, not the VPC's default."""
        self.acl(site)["Associations"] = []
        self.files["network-acls"].append({
            "Associations": [{
                "NetworkAclAssociationId": site.acl_assoc, "NetworkAclId": acl,
                "SubnetId": site.subnet}],
            "Entries": entries, "IsDefault": False, "NetworkAclId": acl,
            "Tags": name_tag(name), "VpcId": site.vpc, "OwnerId": ACCOUNT})


def first_world():
    world = World([SITE_1, SITE_2_FIRST])
    world.files["flow-logs"].append(flow_log(SITE_1, "2"))
    return world


def peered_world(v6=False):
    world = World([SITE_1, SITE_2], v6)
    world.files["vpc-peering-connections"].append(peering(SITE_1, SITE_2, v6))
    world.add_peering_route(SITE_1, SITE_2)
    world.add_peering_route(SITE_2, SITE_1)
    world.files["flow-logs"] += [flow_log(SITE_1, "2"), flow_log(SITE_2, "9", to_s3=True)]
    return world
