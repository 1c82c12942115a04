/* The tables of fields of NAT gateways, endpoints and load balancers. */
#include "load/records_services.h"

#include "load/field_rows.h"

static const char *const connectivities[] = {"public", "private", NULL};
static const char *const modes[] = {"zonal", "regional", NULL};
static const char *const schemes[] = {"internet-facing", "internal", NULL};
static const char *const target_types[] = {"instance", "ip", "lambda", "alb", NULL};

ID_SCHEMA(subnet_text_schema, "subnet", "");
ID_SCHEMA(interface_text_schema, "network interface", "");
ID_SCHEMA(group_text_schema, "security group", "");
ID_SCHEMA(target_group_schema, "target group", "TargetGroupArn");

/* ---- NAT gateways ---- */

static const struct vw_field nat_address_fields[] = {
    ROW(vw_nat_address_record, "NetworkInterfaceId", TEXT, interface, OPTIONAL),
    ROW(vw_nat_address_record, "PrivateIp", ADDRESS, private_address, OPTIONAL),
    ROW(vw_nat_address_record, "PublicIp", ADDRESS, public_address, OPTIONAL),
    ROW(vw_nat_address_record, "IsPrimary", FLAG, primary, OPTIONAL),
    ROW(vw_nat_address_record, "Status", TEXT, status, OPTIONAL),
    ROW(vw_nat_address_record, "AvailabilityZone", TEXT, zone, MINOR),
    ROW(vw_nat_address_record, "AvailabilityZoneId", TEXT, zone_id, MINOR),
};
static const struct vw_schema nat_address_schema =
    SCHEMA("address of a NAT gateway", vw_nat_address_record, nat_address_fields, NULL);

static const struct vw_field nat_fields[] = {
    ROW(vw_nat_record, "NatGatewayId", TEXT, id, REQUIRED),
    ROW(vw_nat_record, "Tags", NAME, name, MINOR),
    ROW(vw_nat_record, "State", TEXT, state, OPTIONAL),
    ROW(vw_nat_record, "VpcId", TEXT, vpc, OPTIONAL),
    ROW(vw_nat_record, "SubnetId", TEXT, subnet, OPTIONAL),
    ROW(vw_nat_record, "RouteTableId", TEXT, route_table, OPTIONAL),
    ROW(vw_nat_record, "ConnectivityType", WORD, connectivity, ONE_OF(connectivities)),
    ROW(vw_nat_record, "AvailabilityMode", WORD, mode, ONE_OF(modes)),
    ROW(vw_nat_record, "NatGatewayAddresses", LIST, addresses, OF(nat_address_schema)),
};
const struct vw_schema vw_nat_schema =
    SCHEMA("NAT gateway", vw_nat_record, nat_fields, NULL);

/* ---- VPC endpoints ---- */

static const struct vw_field endpoint_fields[] = {
    ROW(vw_endpoint_record, "VpcEndpointId", TEXT, id, REQUIRED),
    ROW(vw_endpoint_record, "OwnerId", TEXT, account, OPTIONAL),
    ROW(vw_endpoint_record, "Tags", NAME, name, MINOR),
    ROW(vw_endpoint_record, "VpcEndpointType", TEXT, type, OPTIONAL),
    ROW(vw_endpoint_record, "ServiceName", TEXT, service, OPTIONAL),
    ROW(vw_endpoint_record, "State", TEXT, state, OPTIONAL),
    ROW(vw_endpoint_record, "VpcId", TEXT, vpc, OPTIONAL),
    ROW(vw_endpoint_record, "SubnetIds", LIST, subnets, OF(subnet_text_schema)),
    ROW(vw_endpoint_record, "NetworkInterfaceIds", LIST, interfaces,
        OF(interface_text_schema)),
};
const struct vw_schema vw_endpoint_schema =
    SCHEMA("VPC endpoint", vw_endpoint_record, endpoint_fields, NULL);

/* ---- load balancers ---- */

static const struct vw_field zone_fields[] = {
    ROW(vw_balancer_zone_record, "ZoneName", TEXT, zone, OPTIONAL),
    ROW(vw_balancer_zone_record, "SubnetId", TEXT, subnet, OPTIONAL),
};
static const struct vw_schema zone_schema =
    SCHEMA("zone", vw_balancer_zone_record, zone_fields, NULL);

static const struct vw_field balancer_fields[] = {
    ROW(vw_balancer_record, "LoadBalancerArn", TEXT, id, REQUIRED),
    ROW(vw_balancer_record, "LoadBalancerName", TEXT, name, MINOR),
    ROW(vw_balancer_record, "Type", TEXT, type, OPTIONAL),
    ROW(vw_balancer_record, "Scheme", WORD, scheme, ONE_OF(schemes)),
    ROW(vw_balancer_record, "State.Code", TEXT, state, OPTIONAL),
    ROW(vw_balancer_record, "VpcId", TEXT, vpc, OPTIONAL),
    ROW(vw_balancer_record, "AvailabilityZones", LIST, zones, OF(zone_schema)),
    ROW(vw_balancer_record, "SecurityGroups", LIST, groups, OF(group_text_schema)),
};
const struct vw_schema vw_balancer_schema =
    SCHEMA("load balancer", vw_balancer_record, balancer_fields, NULL);

static const struct vw_field action_fields[] = {
    ROW(vw_action_record, "Type", TEXT, type, OPTIONAL),
    ROW(vw_action_record, "TargetGroupArn", TEXT, group, OPTIONAL),
    ROW(vw_action_record, "ForwardConfig.TargetGroups", LIST, groups,
        OF(target_group_schema)),
};
static const struct vw_schema action_schema =
    SCHEMA("action", vw_action_record, action_fields, NULL);

static const struct vw_field listener_fields[] = {
    ROW(vw_listener_record, "ListenerArn", TEXT, id, REQUIRED),
    ROW(vw_listener_record, "LoadBalancerArn", TEXT, balancer, REQUIRED),
    ROW(vw_listener_record, "Protocol", TEXT, protocol, OPTIONAL),
    ROW(vw_listener_record, "Port", NUMBER, port, BETWEEN(0, 65535)),
    ROW(vw_listener_record, "DefaultActions", LIST, actions, OF(action_schema)),
};
const struct vw_schema vw_listener_schema =
    SCHEMA("listener", vw_listener_record, listener_fields, NULL);

/* {"LoadBalancerArn": ..., "Listeners": [...]}: the listeners are read one by one. */
static const struct vw_field listener_list_fields[] = {
    ROW(vw_balancer_part_record, "LoadBalancerArn", TEXT, id, REQUIRED),
};
const struct vw_schema vw_listener_list_schema =
    SCHEMA("list of listeners", vw_balancer_part_record, listener_list_fields, NULL);

static const struct vw_field listener_rule_fields[] = {
    ROW(vw_listener_rule_record, "RuleArn", TEXT, id, REQUIRED),
    ROW(vw_listener_rule_record, "Actions", LIST, actions, OF(action_schema)),
};
const struct vw_schema vw_listener_rule_schema =
    SCHEMA("listener rule", vw_listener_rule_record, listener_rule_fields, NULL);

/* ---- target groups ---- */

static const struct vw_field target_group_fields[] = {
    ROW(vw_target_group_record, "TargetGroupArn", TEXT, id, REQUIRED),
    ROW(vw_target_group_record, "TargetGroupName", TEXT, name, MINOR),
    ROW(vw_target_group_record, "TargetType", WORD, type, ONE_OF(target_types)),
    ROW(vw_target_group_record, "Protocol", TEXT, protocol, OPTIONAL),
    ROW(vw_target_group_record, "Port", NUMBER, port, BETWEEN(0, 65535)),
    ROW(vw_target_group_record, "VpcId", TEXT, vpc, OPTIONAL),
};
const struct vw_schema vw_target_group_schema =
    SCHEMA("target group", vw_target_group_record, target_group_fields, NULL);

static const struct vw_field health_fields[] = {
    ROW(vw_health_record, "Target.Id", TEXT, id, REQUIRED),
    ROW(vw_health_record, "Target.Port", NUMBER, port, BETWEEN(0, 65535)),
    ROW(vw_health_record, "Target.AvailabilityZone", TEXT, zone, OPTIONAL),
    ROW(vw_health_record, "TargetHealth.State", TEXT, health, OPTIONAL),
};
static const struct vw_schema health_schema =
    SCHEMA("target", vw_health_record, health_fields, NULL);

static const struct vw_field target_health_fields[] = {
    ROW(vw_balancer_part_record, "TargetGroupArn", TEXT, id, REQUIRED),
    ROW(vw_balancer_part_record, "TargetHealthDescriptions", LIST, items,
        OF(health_schema)),
};
const struct vw_schema vw_target_health_schema =
    SCHEMA("target health", vw_balancer_part_record, target_health_fields, NULL);

/* ---- attributes ---- */

static const struct vw_field attribute_fields[] = {
    ROW(vw_attribute_record, "Key", TEXT, key, OPTIONAL),
    ROW(vw_attribute_record, "Value", TEXT, value, OPTIONAL),
};
static const struct vw_schema attribute_schema =
    SCHEMA("attribute", vw_attribute_record, attribute_fields, NULL);

static const struct vw_field balancer_attributes_fields[] = {
    ROW(vw_balancer_part_record, "LoadBalancerArn", TEXT, id, REQUIRED),
    ROW(vw_balancer_part_record, "Attributes", LIST, items, OF(attribute_schema)),
};
const struct vw_schema vw_balancer_attributes_schema =
    SCHEMA("list of load balancer attributes", vw_balancer_part_record,
           balancer_attributes_fields, NULL);

static const struct vw_field group_attributes_fields[] = {
    ROW(vw_balancer_part_record, "TargetGroupArn", TEXT, id, REQUIRED),
    ROW(vw_balancer_part_record, "Attributes", LIST, items, OF(attribute_schema)),
};
const struct vw_schema vw_group_attributes_schema =
    SCHEMA("list of target group attributes", vw_balancer_part_record,
           group_attributes_fields, NULL);
