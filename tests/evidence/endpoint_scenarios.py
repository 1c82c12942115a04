"""Scenarios with what AWS runs inside a VPC: endpoints, firewalls, functions.

Each starts from `peered_world` of aws_world.py, as those of make_exports.py do. Outputs
that are one object, not a list, go to `world.more`: file name -> (service, operation,
value).
"""

from aws_world import (
    ACCOUNT, EVERYWHERE, REGION, SITE_1, entry, name_tag, network_interface, peered_world,
    permission, route)

S3_LIST = "pl-78a54011"
GATEWAY = "vpce-0a7d3f9c5e1b86241"
INTERFACE = "vpce-0c5e9b1d7f3a28641"
INSPECTION = "vpce-0e1f7b5d9c3a64281"
ENDPOINT_ENI = "eni-0b9d5f3e7c1a68241"
FUNCTION_ENI = "eni-0d3c7a1f9e5b28641"
INSPECTION_SUBNET = "subnet-0a5f1d9e7b3c64281"
INSPECTION_TABLE = "rtb-0c1b7f5d3e9a86241"
INSPECTION_ACL = "acl-0e7c3a9f5d1b28641"
FIREWALL = f"arn:aws:network-firewall:{REGION}:{ACCOUNT}:"


def endpoint(endpoint_id, kind, service, **more):
    return {
        "VpcEndpointId": endpoint_id, "VpcEndpointType": kind, "VpcId": SITE_1.vpc,
        "ServiceName": service, "State": "available", "PolicyDocument": "",
        "RouteTableIds": [], "SubnetIds": [], "Groups": [], "PrivateDnsEnabled": False,
        "RequesterManaged": False, "NetworkInterfaceIds": [], "DnsEntries": [],
        "CreationTimestamp": "2025-01-17T13:05:42.118000+00:00", "Tags": [],
        "OwnerId": ACCOUNT, **more}


def requested_interface(eni, address, kind, description, requester, subnet=SITE_1.subnet):
    """An interface that AWS made in VPC 1, without public address."""
    made = network_interface(SITE_1, False)
    host = "ip-" + address.replace(".", "-") + f".{REGION}.compute.internal"
    del made["Association"]
    made.update(
        NetworkInterfaceId=eni, InterfaceType=kind, Description=description,
        MacAddress="02:9b:4e:d7:31:68", PrivateIpAddress=address, PrivateDnsName=host,
        PrivateIpAddresses=[{"Primary": True, "PrivateDnsName": host,
                             "PrivateIpAddress": address}],
        RequesterId=requester, RequesterManaged=True, SourceDestCheck=True,
        SubnetId=subnet,
        Attachment={"AttachmentId": "ela-attach-0" + eni[5:], "DeleteOnTermination": False,
                    "DeviceIndex": 1, "InstanceOwnerId": "amazon-aws",
                    "Status": "attached"})
    return made


def vpc_endpoint_gateway():
    """VPC 1 reaches S3 by a gateway endpoint; its default route is gone."""
    world = peered_world()
    service = f"com.amazonaws.{REGION}.s3"
    world.files["prefix-lists"] = [
        {"Cidrs": ["3.5.208.0/22", "52.219.64.0/22"], "PrefixListId": S3_LIST,
         "PrefixListName": service}]
    world.files["vpc-endpoints"] = [
        endpoint(GATEWAY, "Gateway", service, RouteTableIds=[SITE_1.public_table])]
    world.table(SITE_1)["Routes"][-1] = route(S3_LIST, GatewayId=GATEWAY)
    return world


def vpc_endpoint_interface():
    """An interface endpoint of Amazon SNS, whose group admits everything of VPC 1."""
    world = peered_world()
    world.files["vpc-endpoints"] = [
        endpoint(INTERFACE, "Interface", f"com.amazonaws.{REGION}.sns",
                 SubnetIds=[SITE_1.subnet], NetworkInterfaceIds=[ENDPOINT_ENI],
                 PrivateDnsEnabled=True)]
    world.files["network-interfaces"].append(requested_interface(
        ENDPOINT_ENI, "10.1.10.77", "vpc_endpoint", f"VPC Endpoint Interface {INTERFACE}",
        "727180483921"))
    world.group(SITE_1)["IpPermissions"].append(permission("-1", v4=(SITE_1.cidr,)))
    return world


def inspected_world():
    """What VPC 1 sends to the internet goes through an endpoint in a subnet of its own."""
    world = peered_world()
    subnet = dict(world.find("subnets", "SubnetId", SITE_1.subnet))
    subnet.update(
        SubnetId=INSPECTION_SUBNET, CidrBlock="10.1.20.0/28", MapPublicIpOnLaunch=False,
        AvailableIpAddressCount=10, Tags=name_tag("inspection-1"),
        SubnetArn=f"arn:aws:ec2:{REGION}:{ACCOUNT}:subnet/{INSPECTION_SUBNET}")
    world.files["subnets"].append(subnet)
    table = dict(world.table(SITE_1))
    table.update(
        RouteTableId=INSPECTION_TABLE, Tags=name_tag("inspection-1"),
        Routes=[route(SITE_1.cidr, origin="CreateRouteTable", GatewayId="local"),
                route(EVERYWHERE, GatewayId=SITE_1.igw)],
        Associations=[{
            "Main": False, "RouteTableAssociationId": "rtbassoc-0f9b5d1e7c3a64281",
            "RouteTableId": INSPECTION_TABLE, "SubnetId": INSPECTION_SUBNET,
            "AssociationState": {"State": "associated"}}])
    world.files["route-tables"].append(table)
    world.table(SITE_1)["Routes"][-1] = route(EVERYWHERE, GatewayId=INSPECTION)
    world.acl(SITE_1)["Associations"].append({
        "NetworkAclAssociationId": "aclassoc-0b5d1f7e9c3a64281",
        "NetworkAclId": SITE_1.acl, "SubnetId": INSPECTION_SUBNET})
    return world


def gateway_load_balancer_endpoint():
    """The inspection subnet's network ACL lets in https only."""
    world = inspected_world()
    world.files["vpc-endpoints"] = [endpoint(
        INSPECTION, "GatewayLoadBalancer",
        f"com.amazonaws.vpce.{REGION}.vpce-svc-0d9f5b1e7c3a64281",
        SubnetIds=[INSPECTION_SUBNET])]
    world.acl(SITE_1)["Associations"].pop()
    world.files["network-acls"].append({
        "Associations": [{
            "NetworkAclAssociationId": "aclassoc-0b5d1f7e9c3a64281",
            "NetworkAclId": INSPECTION_ACL, "SubnetId": INSPECTION_SUBNET}],
        "Entries": [
            entry(100, "allow", True), entry(32767, "deny", True),
            entry(100, "allow", False, "6", ports=(443, 443)),
            entry(32767, "deny", False)],
        "IsDefault": False, "NetworkAclId": INSPECTION_ACL,
        "Tags": name_tag("inspection-1"), "VpcId": SITE_1.vpc, "OwnerId": ACCOUNT})
    return world


def stateless_rule(priority, action, ports):
    return {"RuleDefinition": {
        "MatchAttributes": {
            "Sources": [{"AddressDefinition": SITE_1.cidr}],
            "Destinations": [{"AddressDefinition": EVERYWHERE}],
            "DestinationPorts": [{"FromPort": first, "ToPort": last}
                                 for first, last in ports],
            "Protocols": [6]},
        "Actions": [action]}, "Priority": priority}


def network_firewall():
    """Stateless rules drop mail and telnet, pass https, and hand on the rest."""
    world = inspected_world()
    world.files["vpc-endpoints"] = [endpoint(
        INSPECTION, "GatewayLoadBalancer",
        f"com.amazonaws.vpce.{REGION}.vpce-svc-0b3a7f1d9e5c28641",
        SubnetIds=[INSPECTION_SUBNET], RequesterManaged=True)]
    mapping = {"SubnetId": INSPECTION_SUBNET}
    policy, rules = FIREWALL + "firewall-policy/outbound", \
        FIREWALL + "stateless-rulegroup/no-mail"
    attachment = {"SubnetId": INSPECTION_SUBNET, "EndpointId": INSPECTION,
                  "Status": "READY"}
    world.more["firewall.outbound"] = ("network-firewall", "DescribeFirewall", {
        "UpdateToken": "6f1d0c52-94f5-4c1e-8d0a-2f4f0f0c9a37",
        "Firewall": {
            "FirewallName": "outbound", "FirewallArn": FIREWALL + "firewall/outbound",
            "FirewallPolicyArn": policy, "VpcId": SITE_1.vpc,
            "SubnetMappings": [mapping], "DeleteProtection": False,
            "SubnetChangeProtection": False, "FirewallPolicyChangeProtection": False,
            "FirewallId": "0a2f6c1e-7b35-4d0f-9c88-5e1d7a3b9f24", "Tags": []},
        "FirewallStatus": {
            "Status": "READY", "ConfigurationSyncStateSummary": "IN_SYNC",
            "SyncStates": {REGION + "a": {"Attachment": attachment}}}})
    world.more["firewall-policy.outbound"] = (
        "network-firewall", "DescribeFirewallPolicy", {
            "UpdateToken": "0b7e5c1a-3d9f-4e62-a8f4-7c2d1b9e6a53",
            "FirewallPolicyResponse": {
                "FirewallPolicyName": "outbound", "FirewallPolicyArn": policy,
                "FirewallPolicyId": "3c9e7a5f-1d2b-4f80-b6e4-8a1f5d7c2e90",
                "FirewallPolicyStatus": "ACTIVE", "Tags": []},
            "FirewallPolicy": {
                "StatelessRuleGroupReferences": [{"ResourceArn": rules, "Priority": 10}],
                "StatelessDefaultActions": ["aws:forward_to_sfe"],
                "StatelessFragmentDefaultActions": ["aws:forward_to_sfe"],
                "StatefulRuleGroupReferences": [{
                    "ResourceArn": FIREWALL + "stateful-rulegroup/domains"}]}})
    world.more["rule-group.no-mail"] = ("network-firewall", "DescribeRuleGroup", {
        "UpdateToken": "9d3f1b7e-5c2a-4a86-8e0d-1f7b5d9c3a64",
        "RuleGroup": {"RulesSource": {"StatelessRulesAndCustomActions": {
            "StatelessRules": [
                stateless_rule(20, "aws:pass", [(443, 443)]),
                stateless_rule(10, "aws:drop", [(23, 23), (25, 25)])],
            "CustomActions": []}}},
        "RuleGroupResponse": {
            "RuleGroupArn": rules, "RuleGroupName": "no-mail",
            "RuleGroupId": "5f1d9c3a-7b2e-4d64-9a80-3e5c7f1b9d28", "Type": "STATELESS",
            "Capacity": 100, "RuleGroupStatus": "ACTIVE", "Tags": []}})
    return world


def instance_metadata():
    """The metadata service of instance 1 is switched off."""
    world = peered_world()
    world.instance(SITE_1)["MetadataOptions"]["HttpEndpoint"] = "disabled"
    return world


def lambda_interface():
    """A function in VPC 1; its group admits what it likes."""
    world = peered_world()
    world.files["network-interfaces"].append(requested_interface(
        FUNCTION_ENI, "10.1.10.88", "lambda", "AWS Lambda VPC ENI-report-5b1d9f7e",
        "AROAWZ3LEXAMPLE5Q7D2:466742534146"))
    return world


SCENARIOS = (vpc_endpoint_gateway, vpc_endpoint_interface, gateway_load_balancer_endpoint,
             network_firewall, instance_metadata, lambda_interface)
