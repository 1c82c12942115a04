/*
 * Who made a change: a table of the calls of AWS's API that change networks, one row for
 * what a call does to one kind of object. A call made a change where it is of that row,
 * names the object and, for a rule of a list, that rule, and came between the two
 * snapshots. A call that failed did nothing.
 */
#include "timeline/calls.h"

#include <string.h>

#include <vpcwhy/error.h>

/* Most events named beside one change. */
#define EVENTS_MAX 8

enum {
    ADDS = VW_CALL_ADDS,
    REMOVES = VW_CALL_REMOVES,
    ALTERS = VW_CALL_ALTERS,
    ANY = ADDS | REMOVES | ALTERS,
};

/* What the call must name. */
enum {
    OBJECT = 1,      /* the object that changed */
    ELEMENT = 2,     /* the element of its list */
    VALUE = 4,       /* what the field is set to */
    ASSOCIATION = 8, /* the association that was there before */
    INSTANCE = 16    /* the instance of an interface */
};

struct call {
    const char *name;
    int kind;
    const char *field; /* NULL: the object itself comes or goes, or any field of it */
    unsigned effects;
    unsigned names;
    const char *parameter; /* that the request must have, in small letters; or NULL */
};

#define ROUTES VW_OBJECT_ROUTE_TABLE, "route"
#define RULES_IN VW_OBJECT_SECURITY_GROUP, "inbound rule"
#define RULES_OUT VW_OBJECT_SECURITY_GROUP, "outbound rule"
#define ENTRIES_IN VW_OBJECT_NETWORK_ACL, "inbound entry"
#define ENTRIES_OUT VW_OBJECT_NETWORK_ACL, "outbound entry"
#define TRANSIT_ROUTES VW_OBJECT_TRANSIT_TABLE, "route"
#define TABLE_OF_SUBNET VW_OBJECT_SUBNET, "associated route table"
#define ACL_OF_SUBNET VW_OBJECT_SUBNET, "associated network ACL"
#define GROUPS_OF_INTERFACE VW_OBJECT_INTERFACE, "security group"
#define CHECK_OF_INTERFACE VW_OBJECT_INTERFACE, "source/destination check"

static const struct call calls[] = {
    {"CreateRoute", ROUTES, ADDS | ALTERS, OBJECT | ELEMENT, NULL},
    {"DeleteRoute", ROUTES, REMOVES, OBJECT | ELEMENT, NULL},
    {"ReplaceRoute", ROUTES, ALTERS, OBJECT | ELEMENT, NULL},
    {"EnableVgwRoutePropagation", ROUTES, ADDS, OBJECT, NULL},
    {"DisableVgwRoutePropagation", ROUTES, REMOVES, OBJECT, NULL},
    {"AssociateRouteTable", TABLE_OF_SUBNET, ALTERS, OBJECT | VALUE, NULL},
    {"ReplaceRouteTableAssociation", TABLE_OF_SUBNET, ALTERS, ASSOCIATION | VALUE, NULL},
    {"DisassociateRouteTable", TABLE_OF_SUBNET, ALTERS, ASSOCIATION, NULL},
    {"ReplaceRouteTableAssociation", VW_OBJECT_ROUTE_TABLE, "main table of its VPC",
     ALTERS, OBJECT, NULL},
    {"AuthorizeSecurityGroupIngress", RULES_IN, ADDS, OBJECT | ELEMENT, NULL},
    {"RevokeSecurityGroupIngress", RULES_IN, REMOVES, OBJECT | ELEMENT, NULL},
    {"ModifySecurityGroupRules", RULES_IN, ADDS | REMOVES, OBJECT | ELEMENT, NULL},
    {"AuthorizeSecurityGroupEgress", RULES_OUT, ADDS, OBJECT | ELEMENT, NULL},
    {"RevokeSecurityGroupEgress", RULES_OUT, REMOVES, OBJECT | ELEMENT, NULL},
    {"ModifySecurityGroupRules", RULES_OUT, ADDS | REMOVES, OBJECT | ELEMENT, NULL},
    {"CreateNetworkAclEntry", ENTRIES_IN, ADDS | ALTERS, OBJECT | ELEMENT, NULL},
    {"DeleteNetworkAclEntry", ENTRIES_IN, REMOVES, OBJECT | ELEMENT, NULL},
    {"ReplaceNetworkAclEntry", ENTRIES_IN, ALTERS, OBJECT | ELEMENT, NULL},
    {"CreateNetworkAclEntry", ENTRIES_OUT, ADDS | ALTERS, OBJECT | ELEMENT, NULL},
    {"DeleteNetworkAclEntry", ENTRIES_OUT, REMOVES, OBJECT | ELEMENT, NULL},
    {"ReplaceNetworkAclEntry", ENTRIES_OUT, ALTERS, OBJECT | ELEMENT, NULL},
    {"ReplaceNetworkAclAssociation", ACL_OF_SUBNET, ALTERS, ASSOCIATION | VALUE, NULL},
    {"CreateVpcPeeringConnection", VW_OBJECT_PEERING, NULL, ADDS | ALTERS, OBJECT, NULL},
    {"AcceptVpcPeeringConnection", VW_OBJECT_PEERING, NULL, ADDS | ALTERS, OBJECT, NULL},
    {"RejectVpcPeeringConnection", VW_OBJECT_PEERING, NULL, ANY, OBJECT, NULL},
    {"DeleteVpcPeeringConnection", VW_OBJECT_PEERING, NULL, REMOVES | ALTERS, OBJECT,
     NULL},
    {"AttachInternetGateway", VW_OBJECT_INTERNET_GATEWAY, "attached VPC", ALTERS,
     OBJECT | VALUE, NULL},
    {"DetachInternetGateway", VW_OBJECT_INTERNET_GATEWAY, "attached VPC", ALTERS, OBJECT,
     NULL},
    {"AttachVpnGateway", VW_OBJECT_VPN_GATEWAY, "attached VPC", ALTERS, OBJECT | VALUE,
     NULL},
    {"DetachVpnGateway", VW_OBJECT_VPN_GATEWAY, "attached VPC", ALTERS, OBJECT, NULL},
    {"ModifyNetworkInterfaceAttribute", GROUPS_OF_INTERFACE, ADDS, OBJECT | ELEMENT,
     "has groupset"},
    {"ModifyNetworkInterfaceAttribute", GROUPS_OF_INTERFACE, REMOVES, OBJECT,
     "has groupset"},
    {"ModifyInstanceAttribute", GROUPS_OF_INTERFACE, ADDS, INSTANCE | ELEMENT,
     "has groupset"},
    {"ModifyInstanceAttribute", GROUPS_OF_INTERFACE, REMOVES, INSTANCE, "has groupset"},
    {"ModifyNetworkInterfaceAttribute", CHECK_OF_INTERFACE, ALTERS, OBJECT,
     "has sourcedestcheck"},
    {"ModifyInstanceAttribute", CHECK_OF_INTERFACE, ALTERS, INSTANCE,
     "has sourcedestcheck"},
    {"AttachNetworkInterface", VW_OBJECT_INTERFACE, "instance", ALTERS, OBJECT, NULL},
    {"AssignPrivateIpAddresses", VW_OBJECT_INTERFACE, "address", ADDS, OBJECT, NULL},
    {"UnassignPrivateIpAddresses", VW_OBJECT_INTERFACE, "address", REMOVES,
     OBJECT | ELEMENT, NULL},
    {"AssignIpv6Addresses", VW_OBJECT_INTERFACE, "address", ADDS, OBJECT, NULL},
    {"UnassignIpv6Addresses", VW_OBJECT_INTERFACE, "address", REMOVES, OBJECT, NULL},
    {"AssociateAddress", VW_OBJECT_ELASTIC_ADDRESS, "network interface", ALTERS, OBJECT,
     NULL},
    {"CreateTransitGatewayRoute", TRANSIT_ROUTES, ADDS | ALTERS, OBJECT | ELEMENT, NULL},
    {"DeleteTransitGatewayRoute", TRANSIT_ROUTES, REMOVES, OBJECT | ELEMENT, NULL},
    {"ReplaceTransitGatewayRoute", TRANSIT_ROUTES, ALTERS, OBJECT | ELEMENT, NULL},
    {"CreateTransitGatewayPrefixListReference", TRANSIT_ROUTES, ADDS, OBJECT | ELEMENT,
     NULL},
    {"DeleteTransitGatewayPrefixListReference", TRANSIT_ROUTES, REMOVES, OBJECT | ELEMENT,
     NULL},
    {"EnableTransitGatewayRouteTablePropagation", VW_OBJECT_TRANSIT_TABLE,
     "propagating attachment", ADDS, OBJECT | ELEMENT, NULL},
    {"DisableTransitGatewayRouteTablePropagation", VW_OBJECT_TRANSIT_TABLE,
     "propagating attachment", REMOVES, OBJECT | ELEMENT, NULL},
    {"AssociateTransitGatewayRouteTable", VW_OBJECT_TRANSIT_ATTACHMENT,
     "associated route table", ALTERS, OBJECT | VALUE, NULL},
    {"DisassociateTransitGatewayRouteTable", VW_OBJECT_TRANSIT_ATTACHMENT,
     "associated route table", ALTERS, OBJECT, NULL},
    {"ModifyTransitGatewayVpcAttachment", VW_OBJECT_TRANSIT_ATTACHMENT, NULL, ANY, OBJECT,
     NULL},
    {"CreateTransitGatewayVpcAttachment", VW_OBJECT_TRANSIT_ATTACHMENT, NULL, ADDS,
     OBJECT, NULL},
    {"AcceptTransitGatewayVpcAttachment", VW_OBJECT_TRANSIT_ATTACHMENT, "state", ALTERS,
     OBJECT, NULL},
    {"DeleteTransitGatewayVpcAttachment", VW_OBJECT_TRANSIT_ATTACHMENT, NULL,
     REMOVES | ALTERS, OBJECT, NULL},
    {"CreateTransitGatewayPeeringAttachment", VW_OBJECT_TRANSIT_ATTACHMENT, NULL, ADDS,
     OBJECT, NULL},
    {"AcceptTransitGatewayPeeringAttachment", VW_OBJECT_TRANSIT_ATTACHMENT, "state",
     ALTERS, OBJECT, NULL},
    {"DeleteTransitGatewayPeeringAttachment", VW_OBJECT_TRANSIT_ATTACHMENT, NULL,
     REMOVES | ALTERS, OBJECT, NULL},
    {"CreateVpnConnectionRoute", VW_OBJECT_VPN_CONNECTION, "static route", ADDS,
     OBJECT | ELEMENT, NULL},
    {"DeleteVpnConnectionRoute", VW_OBJECT_VPN_CONNECTION, "static route", REMOVES,
     OBJECT | ELEMENT, NULL},
    {"ModifyManagedPrefixList", VW_OBJECT_PREFIX_LIST, "entry", ADDS | REMOVES,
     OBJECT | ELEMENT, NULL},
    {"AssociateVpcCidrBlock", VW_OBJECT_VPC, "CIDR", ADDS, OBJECT, NULL},
    {"ModifyVpcBlockPublicAccessOptions", VW_OBJECT_KINDS, "Block Public Access option",
     ANY, 0, NULL},
    {"CreateVpcBlockPublicAccessExclusion", VW_OBJECT_KINDS,
     "Block Public Access exclusion", ADDS, ELEMENT, NULL},
    {"StartInstances", VW_OBJECT_INSTANCE, "state", ALTERS, OBJECT, NULL},
    {"StopInstances", VW_OBJECT_INSTANCE, "state", ALTERS, OBJECT, NULL},
    {"RebootInstances", VW_OBJECT_INSTANCE, "state", ALTERS, OBJECT, NULL},
    {"TerminateInstances", VW_OBJECT_INSTANCE, NULL, REMOVES | ALTERS, OBJECT, NULL},
    {"RunInstances", VW_OBJECT_INSTANCE, NULL, ADDS, OBJECT, NULL},
    {"RunInstances", VW_OBJECT_INTERFACE, NULL, ADDS, OBJECT, NULL},
    {"ModifyVpcEndpoint", VW_OBJECT_VPC_ENDPOINT, NULL, ANY, OBJECT, NULL},
    {"DeleteVpcEndpoints", VW_OBJECT_VPC_ENDPOINT, NULL, REMOVES | ALTERS, OBJECT, NULL},
    {"CreateNatGateway", VW_OBJECT_NAT_GATEWAY, NULL, ADDS, OBJECT, NULL},
    {"DeleteNatGateway", VW_OBJECT_NAT_GATEWAY, NULL, REMOVES | ALTERS, OBJECT, NULL},
    {"RegisterTargets", VW_OBJECT_TARGET_GROUP, "target", ADDS, OBJECT | ELEMENT, NULL},
    {"DeregisterTargets", VW_OBJECT_TARGET_GROUP, "target", REMOVES, OBJECT | ELEMENT,
     NULL},
    {"ModifyTargetGroupAttributes", VW_OBJECT_TARGET_GROUP, NULL, ALTERS, OBJECT, NULL},
    {"ModifyListener", VW_OBJECT_LISTENER, NULL, ANY, OBJECT, NULL},
    {"SetSecurityGroups", VW_OBJECT_LOAD_BALANCER, "security group", ADDS | REMOVES,
     OBJECT, NULL},
    {"SetSubnets", VW_OBJECT_LOAD_BALANCER, "zone", ANY, OBJECT, NULL},
    {"ModifyLoadBalancerAttributes", VW_OBJECT_LOAD_BALANCER, NULL, ALTERS, OBJECT, NULL},
    {"UpdateRuleGroup", VW_OBJECT_RULE_GROUP, NULL, ANY, OBJECT, NULL},
    {"UpdateFirewallPolicy", VW_OBJECT_FIREWALL_POLICY, NULL, ANY, OBJECT, NULL},
    {"AssociateFirewallPolicy", VW_OBJECT_FIREWALL, "policy", ALTERS, OBJECT, NULL},
};

/* ---- what a difference wants an event to name ---- */

static const void *holder_in(const struct vw_snapshot *snapshot, int kind, uint32_t index)
{
    if (kind == VW_OBJECT_KINDS)
        return snapshot->world;
    return index == VW_NONE
               ? NULL
               : vw_world_object(snapshot->world, (enum vw_object_kind)kind, index);
}

static bool names_id(const struct vw_trail_event *event, const char *id)
{
    char buffer[VW_FACT_TEXT];

    return id && vw_trail_has(event, vw_fact_id(id, buffer));
}

bool vw_call_names_object(const struct vw_wanted *wanted,
                          const struct vw_trail_event *event)
{
    const struct vw_difference *difference = wanted->difference;
    const struct vw_object *object =
        holder_in(wanted->before, difference->kind, difference->before);

    if (!object)
        object = holder_in(wanted->after, difference->kind, difference->after);
    if (!object)
        return false;
    if (names_id(event, object->id))
        return true;
    /* Calls may name a group of the default VPC by its name. */
    return difference->kind == VW_OBJECT_SECURITY_GROUP &&
           names_id(event, ((const struct vw_security_group *)object)->group_name);
}

static const char *id_of(const struct vw_snapshot *snapshot, enum vw_object_kind kind,
                         uint32_t index)
{
    return index == VW_NONE ? NULL : vw_world_object(snapshot->world, kind, index)->id;
}

static bool names_value(const struct vw_wanted *wanted,
                        const struct vw_trail_event *event)
{
    const struct vw_difference *difference = wanted->difference;
    const unsigned char *holder =
        holder_in(wanted->after, difference->kind, difference->after);
    uint32_t index;

    if (!holder || difference->field->type != VW_MEMBER_REFERENCE)
        return false;
    memcpy(&index, holder + difference->field->offset, sizeof index);
    return names_id(event, id_of(wanted->after, difference->field->refers, index));
}

static bool names_association(const struct vw_wanted *wanted,
                              const struct vw_trail_event *event)
{
    const struct vw_subnet *subnet =
        holder_in(wanted->before, VW_OBJECT_SUBNET, wanted->difference->before);

    return subnet && (wanted->difference->field->refers == VW_OBJECT_ROUTE_TABLE
                          ? names_id(event, subnet->route_table_association)
                          : names_id(event, subnet->network_acl_association));
}

static bool names_instance(const struct vw_wanted *wanted,
                           const struct vw_trail_event *event)
{
    const struct vw_interface *interface =
        holder_in(wanted->before, VW_OBJECT_INTERFACE, wanted->difference->before);

    return interface && names_id(event, id_of(wanted->before, VW_OBJECT_INSTANCE,
                                              interface->instance));
}

/* ---- elements ---- */

static bool names_destination(const struct vw_snapshot *snapshot,
                              struct vw_prefix destination, uint32_t prefix_list,
                              const struct vw_trail_event *event)
{
    char prefix[VW_PREFIX_TEXT], buffer[VW_FACT_TEXT];
    const char *text = destination.address.family == VW_FAMILY_NONE
                           ? id_of(snapshot, VW_OBJECT_PREFIX_LIST, prefix_list)
                           : vw_prefix_format(destination, prefix);

    return text && vw_trail_has(event, vw_fact_route(text, buffer));
}

static bool names_rule(const struct vw_wanted *wanted, const struct vw_snapshot *snapshot,
                       const struct vw_group_rule *rule,
                       const struct vw_trail_event *event)
{
    bool egress = strcmp(wanted->difference->field->name, "outbound rule") == 0;
    char prefix[VW_PREFIX_TEXT], buffer[VW_FACT_TEXT];
    const char *peer = NULL;

    if (names_id(event, rule->rule_id))
        return true;
    switch (rule->peer_kind) {
    case VW_PEER_PREFIX:
        peer = vw_prefix_format(rule->prefix, prefix);
        break;
    case VW_PEER_PREFIX_LIST:
        peer = id_of(snapshot, VW_OBJECT_PREFIX_LIST, rule->prefix_list);
        break;
    case VW_PEER_GROUP:
        peer = id_of(snapshot, VW_OBJECT_SECURITY_GROUP, rule->group);
        break;
    }
    return peer && vw_trail_has(event, vw_fact_rule(egress, rule->protocol, rule->from,
                                                    rule->to, peer, buffer));
}

/* Whether all keys of an element that has no words of its own are named; numbers are
 * not looked for. */
static bool names_keys(const struct vw_snapshot *snapshot, const struct vw_shape *shape,
                       const unsigned char *element, const struct vw_trail_event *event)
{
    char text[VW_PREFIX_TEXT];
    struct vw_prefix prefix;
    const char *string;
    uint32_t index;
    bool named = true;

    for (size_t i = 0; i < shape->count && named; i++) {
        const struct vw_member *field = &shape->fields[i];

        if (field->role != VW_MEMBER_KEY)
            continue;
        if (field->type == VW_MEMBER_REFERENCE) {
            memcpy(&index, element + field->offset, sizeof index);
            named = names_id(event, id_of(snapshot, field->refers, index));
        } else if (field->type == VW_MEMBER_TEXT) {
            memcpy(&string, element + field->offset, sizeof string);
            named = names_id(event, string);
        } else if (field->type == VW_MEMBER_PREFIX) {
            memcpy(&prefix, element + field->offset, sizeof prefix);
            named = names_id(event, vw_prefix_format(prefix, text)) ||
                    names_id(event, vw_address_format(prefix.address, text));
        }
    }
    return named;
}

static bool names_element(const struct vw_wanted *wanted,
                          const struct vw_trail_event *event)
{
    const struct vw_difference *difference = wanted->difference;
    const struct vw_snapshot *snapshot = difference->is ? wanted->after : wanted->before;
    const void *element =
        difference->is ? difference->element_after : difference->element_before;
    const struct vw_transit_route *transit;
    const struct vw_route *route;
    char buffer[VW_FACT_TEXT];

    if (!element)
        return false;
    switch (difference->field->shape->element) {
    case VW_ELEMENT_PLAIN:
        return names_keys(snapshot, difference->field->shape, element, event);
    case VW_ELEMENT_ROUTE:
        route = element;
        return names_destination(snapshot, route->destination, route->prefix_list, event);
    case VW_ELEMENT_GROUP_RULE:
        return names_rule(wanted, snapshot, element, event);
    case VW_ELEMENT_ACL_ENTRY:
        return vw_trail_has(
            event, vw_fact_entry(strcmp(difference->field->name, "outbound entry") == 0,
                                 ((const struct vw_acl_entry *)element)->number, buffer));
    case VW_ELEMENT_TRANSIT_ROUTE:
        transit = element;
        return names_destination(snapshot, transit->destination, transit->prefix_list,
                                 event);
    }
    return false;
}

/* ---- matching ---- */

static bool fits(const struct call *call, const struct vw_wanted *wanted)
{
    const struct vw_difference *difference = wanted->difference;

    if (call->kind != difference->kind || (call->effects & wanted->effect) == 0)
        return false;
    return !call->field ||
           (difference->field && strcmp(call->field, difference->field->name) == 0);
}

/* "CreateX" and "DeleteX" of any kind, of objects that come or go. */
static bool makes_object(const struct vw_wanted *wanted,
                         const struct vw_trail_event *event)
{
    const char *name = event->shown.name;

    if (wanted->difference->what != VW_DIFFERENCE_OBJECT)
        return false;
    return (wanted->effect == ADDS && strncmp(name, "Create", 6) == 0) ||
           (wanted->effect == REMOVES && strncmp(name, "Delete", 6) == 0);
}

bool vw_call_made(const struct vw_wanted *wanted, const struct vw_trail_event *event)
{
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        const struct call *call = &calls[i];

        if (strcmp(call->name, event->shown.name) != 0 || !fits(call, wanted))
            continue;
        if ((!(call->names & OBJECT) || vw_call_names_object(wanted, event)) &&
            (!(call->names & ELEMENT) || names_element(wanted, event)) &&
            (!(call->names & VALUE) || names_value(wanted, event)) &&
            (!(call->names & ASSOCIATION) || names_association(wanted, event)) &&
            (!(call->names & INSTANCE) || names_instance(wanted, event)) &&
            (!call->parameter || vw_trail_has(event, call->parameter)))
            return true;
    }
    return makes_object(wanted, event) && vw_call_names_object(wanted, event);
}

static unsigned effect_of(const struct vw_difference *difference)
{
    if (difference->was && difference->is)
        return ALTERS;
    return difference->is ? ADDS : REMOVES;
}

/* CloudTrail gives whole seconds, and a snapshot takes its time. */
static bool is_between(const struct vw_wanted *wanted, const struct vw_trail_event *event)
{
    return event->shown.time > wanted->before->shown.time - VW_SECOND &&
           event->shown.time <= wanted->after->shown.time;
}

static int match(struct vw_timeline *timeline, const struct vw_wanted *wanted,
                 struct vw_timeline_change *change)
{
    const struct vw_timeline_event *found[EVENTS_MAX], **list;
    size_t count = 0;

    /* The last ones made it what it is. */
    for (size_t i = timeline->trail.events.count; i > 0 && count < EVENTS_MAX; i--) {
        const struct vw_trail_event *event = timeline->trail.events.items[i - 1];

        if (!event->shown.error && is_between(wanted, event) &&
            vw_call_made(wanted, event))
            found[count++] = &event->shown;
    }
    if (count == 0)
        return 0;
    list = vw_arena_array(&timeline->arena, count, sizeof(void *));
    if (!list)
        return VW_ERROR_NO_MEMORY;
    for (size_t i = 0; i < count; i++)
        list[i] = found[count - 1 - i];
    change->events = list;
    change->event_count = count;
    return 0;
}

int vw_timeline_match_events(struct vw_timeline *timeline,
                             const struct vw_snapshot *before,
                             const struct vw_snapshot *after,
                             const struct vw_differences *differences,
                             struct vw_timeline_change *changes)
{
    int error = 0;

    for (size_t i = 0; i < differences->count && !error; i++) {
        const struct vw_wanted wanted = {before, after, &differences->items[i],
                                         effect_of(&differences->items[i])};

        if (wanted.difference->what != VW_DIFFERENCE_KIND && !wanted.difference->follows)
            error = match(timeline, &wanted, &changes[i]);
    }
    return error;
}
