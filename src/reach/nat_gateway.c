/*
 * What AWS says (VPC User Guide, "NAT gateways", "Regional NAT gateways", "NAT gateway
 * basics"): a NAT gateway carries TCP, UDP and ICMP of its own VPC's traffic out under its
 * own address, with a source port of 1024-65535, and lets in nothing but the replies. It
 * stands in a subnet, whose network ACL applies on every leg and whose route table sends
 * on what it carries; a regional one stands in none and has a route table of its own. It
 * has no security groups.
 *
 * What we do: take the packet in at the gateway's subnet, replace the source, and go on
 * from that subnet. The request is remembered, so that its reply, which is addressed to
 * the gateway, goes back to the sender. What else is addressed to it is dropped, and so is
 * a reply that a route sends to it: the gateway does not know that connection.
 */
#include "reach/explain.h"
#include "reach/hop.h"
#include "reach/route_table.h"

#include <string.h>

static int explain_state(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    const struct vw_nat_gateway *gateway = (const struct vw_nat_gateway *)mark->object;
    int error = vw_explain_fact(explainer, "state", gateway->state);

    if (error)
        return error;
    return vw_explain_sentence(explainer, "%s%s is %s, not available", mark->object->id,
                               vw_explain_name(explainer, mark->object),
                               gateway->state ? gateway->state : "in an unknown state");
}

static int explain_elsewhere(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    return vw_explain_sentence(explainer, "%s is not a NAT gateway of %s",
                               mark->object->id, mark->other->id);
}

static int explain_reply(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    return vw_explain_sentence(explainer,
                               "the route sends the reply to %s%s, which did not carry "
                               "the request: it drops the reply",
                               mark->object->id,
                               vw_explain_name(explainer, mark->object));
}

static int explain_protocol(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    char traffic[VW_TRAFFIC_TEXT];

    return vw_explain_sentence(
        explainer, "%s%s carries TCP, UDP and ICMP over IPv4 only, and this is %s%s",
        mark->object->id, vw_explain_name(explainer, mark->object),
        vw_box_traffic(&mark->box, traffic),
        mark->box.source.first.family == VW_FAMILY_IPV6 ? " over IPv6" : "");
}

static int explain_nat64(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    return vw_explain_sentence(
        explainer, "%s%s translates %s to IPv4 (NAT64), which is not modelled",
        mark->object->id, vw_explain_name(explainer, mark->object),
        vw_explain_destination(explainer, mark));
}

static int explain_loop(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    return vw_explain_sentence(explainer,
                               "the packet comes back to %s%s, which has carried it "
                               "already: a routing loop",
                               mark->object->id,
                               vw_explain_name(explainer, mark->object));
}

static int explain_zone(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    return vw_explain_sentence(
        explainer, "%s%s has no address in the Availability Zone of %s", mark->object->id,
        vw_explain_name(explainer, mark->object), mark->other->id);
}

static int explain_no_address(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    return vw_explain_sentence(explainer, "the addresses of %s are not in the export",
                               mark->object->id);
}

static int explain_unsolicited(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    return vw_explain_sentence(explainer,
                               "%s is an address of the NAT gateway %s%s, which takes in "
                               "nothing but replies to what it carried out",
                               vw_explain_destination(explainer, mark), mark->object->id,
                               vw_explain_name(explainer, mark->object));
}

static int explain_translated(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    char address[VW_ADDRESS_TEXT];
    bool out = mark->direction == VW_FORWARD;
    const char *before = out ? vw_explain_source(explainer, mark)
                             : vw_explain_destination(explainer, mark);
    int error = vw_explain_rule(explainer, "%s becomes %s", before,
                                vw_address_format(mark->address, address));

    if (error)
        return error;
    return vw_explain_sentence(explainer, "%s%s translates %s to %s%s", mark->object->id,
                               vw_explain_name(explainer, mark->object), before,
                               vw_address_format(mark->address, address),
                               out ? "" : ", who sent the request");
}

static const struct vw_object *vpc_of(const struct vw_walk *walk,
                                      const struct vw_packet *packet)
{
    return &vw_world_vpc(walk->world, packet->vpc)->object;
}

static int drop(struct vw_walk *walk, struct vw_packet *packet,
                const struct vw_nat_gateway *gateway, enum vw_reason reason,
                const struct vw_object *other, vw_explain_function *explain)
{
    struct vw_stop stop = {VW_STEP_NAT_GATEWAY, reason, &gateway->object, other, explain};

    return vw_walk_drop(walk, packet, &stop);
}

static bool same_zone(const struct vw_nat_address *address,
                      const struct vw_subnet *subnet)
{
    if (address->zone_id && subnet->zone_id)
        return strcmp(address->zone_id, subnet->zone_id) == 0;
    return address->zone && subnet->zone && strcmp(address->zone, subnet->zone) == 0;
}

/* The address that the gateway gives the packet; NULL where it has none. */
static const struct vw_nat_address *choose_address(const struct vw_walk *walk,
                                                   const struct vw_packet *packet,
                                                   const struct vw_nat_gateway *gateway)
{
    size_t i;

    for (i = 0; i < gateway->address_count; i++) {
        const struct vw_nat_address *address = &gateway->addresses[i];
        if (!address->usable)
            continue;
        if (!gateway->is_regional || packet->subnet == VW_NONE ||
            same_zone(address, vw_world_subnet(walk->world, packet->subnet)))
            return address;
    }
    return NULL;
}

/* 64:ff9b::/96, behind which NAT64 finds IPv4. */
static struct vw_address_range nat64_range(void)
{
    return vw_prefix_range(vw_prefix_of(
        (struct vw_address){UINT64_C(0x0064ff9b00000000), 0, VW_FAMILY_IPV6}, 96));
}

static int take_ipv6(struct vw_walk *walk, struct vw_packet *packet,
                     const struct vw_nat_gateway *gateway)
{
    struct vw_stop stop = {VW_STEP_NAT_GATEWAY, VW_REASON_UNSUPPORTED_COMPONENT,
                           &gateway->object, NULL, explain_nat64};
    int error;

    if (!vw_range_overlaps(nat64_range(), packet->wire.destination))
        return drop(walk, packet, gateway, VW_REASON_PROTOCOL_RESTRICTION, NULL,
                    explain_protocol);
    error = vw_walk_narrow_destination(walk, packet, nat64_range());
    return error ? error : vw_walk_unknown(walk, packet, &stop, -1);
}

static int without_address(struct vw_walk *walk, struct vw_packet *packet,
                           const struct vw_nat_gateway *gateway)
{
    struct vw_stop stop = {VW_STEP_NAT_GATEWAY, VW_REASON_UNKNOWN_RESOURCE,
                           &gateway->object, NULL, explain_no_address};

    if (gateway->is_regional && gateway->address_count > 0)
        return drop(walk, packet, gateway, VW_REASON_REGIONAL_NGW_ROUTE_AZ_RESTRICTION,
                    &vw_world_subnet(walk->world, packet->subnet)->object, explain_zone);
    return vw_walk_unknown(walk, packet, &stop, VW_OBJECT_NAT_GATEWAY);
}

int vw_nat_gateway_take(struct vw_walk *walk, struct vw_packet *packet,
                        const struct vw_route *route)
{
    const struct vw_nat_gateway *gateway =
        vw_world_nat_gateway(walk->world, route->target);
    struct vw_hop hop = {VW_HOP_NAT_GATEWAY, route->target, false};
    int protocol = packet->wire.protocol;
    const struct vw_nat_address *address;

    if (!gateway->object.exported)
        return vw_walk_missing(walk, packet, VW_STEP_NAT_GATEWAY, &gateway->object);
    if (!gateway->state || strcmp(gateway->state, "available") != 0)
        return drop(walk, packet, gateway, VW_REASON_BAD_STATE, NULL, explain_state);
    if (gateway->vpc != packet->vpc)
        return drop(walk, packet, gateway, VW_REASON_BAD_STATE_ATTACHMENT,
                    vpc_of(walk, packet), explain_elsewhere);
    if (packet->direction == VW_RETURN)
        return drop(walk, packet, gateway, VW_REASON_VW_REPLY_LEFT_BY_NAT, NULL,
                    explain_reply);
    if (packet->wire.source.first.family == VW_FAMILY_IPV6)
        return take_ipv6(walk, packet, gateway);
    if (!vw_protocol_has_ports(protocol) && protocol != VW_ICMP)
        return drop(walk, packet, gateway, VW_REASON_PROTOCOL_RESTRICTION, NULL,
                    explain_protocol);
    if (vw_crossing_of(packet, VW_HOP_NAT_GATEWAY, route->target))
        return drop(walk, packet, gateway, VW_REASON_VW_ROUTING_LOOP, NULL, explain_loop);
    address = choose_address(walk, packet, gateway);
    if (!address)
        return without_address(walk, packet, gateway);
    if (gateway->is_regional) {
        packet->hop = hop;
        packet->stage = VW_STAGE_HOP;
    } else {
        vw_hop_enter(packet, hop, address->interface, gateway->subnet);
    }
    return 0;
}

static int mark_translated(struct vw_walk *walk, struct vw_packet *packet,
                           const struct vw_nat_gateway *gateway, struct vw_address to)
{
    struct vw_mark *mark =
        vw_walk_mark(walk, packet, VW_STEP_NAT_GATEWAY, VW_DECISION_TRANSLATE,
                     VW_REASON_NONE, &gateway->object, explain_translated);

    if (!mark)
        return VW_ERROR_NO_MEMORY;
    mark->address = to;
    return 0;
}

/* Out, under the gateway's address. */
static int carry_out(struct vw_walk *walk, struct vw_packet *packet,
                     const struct vw_nat_gateway *gateway)
{
    const struct vw_nat_address *address = choose_address(walk, packet, gateway);
    struct vw_address to =
        gateway->is_regional ? address->public_address : address->private_address;
    struct vw_crossing *crossing;
    int error = mark_translated(walk, packet, gateway, to);

    if (!error)
        error = vw_crossing_add(walk, packet, address->interface, &crossing);
    if (error)
        return error;
    crossing->changes_source = true;
    packet->wire.source = vw_range_single(to);
    packet->translated.source = true;
    if (vw_protocol_has_ports(packet->wire.protocol)) {
        packet->wire.source_ports = (struct vw_port_range){1024, 65535};
        packet->translated.source_ports = true;
    }
    packet->identity = false;
    packet->unsure_source = false;
    packet->forwarded = false;
    vw_hop_leave(packet, address->interface, VW_STAGE_SAME_SUBNET);
    if (gateway->is_regional) {
        packet->subnet = VW_NONE;
        packet->route_table = gateway->route_table;
        packet->stage = VW_STAGE_ROUTE;
    }
    return 0;
}

/* A reply comes back to who sent the request. */
static int carry_back(struct vw_walk *walk, struct vw_packet *packet,
                      const struct vw_nat_gateway *gateway,
                      const struct vw_crossing *crossing)
{
    int error = mark_translated(walk, packet, gateway, crossing->wire.source.first);

    if (error)
        return error;
    vw_crossing_undo(packet, crossing);
    vw_hop_leave(packet, crossing->interface, VW_STAGE_SAME_SUBNET);
    if (gateway->is_regional) {
        packet->subnet = VW_NONE;
        packet->route_table = gateway->route_table;
        packet->stage = VW_STAGE_ROUTE;
    }
    return 0;
}

int vw_nat_gateway_pass(struct vw_walk *walk, struct vw_packet *packet)
{
    const struct vw_nat_gateway *gateway =
        vw_world_nat_gateway(walk->world, packet->hop.index);
    const struct vw_crossing *crossing =
        vw_crossing_of(packet, VW_HOP_NAT_GATEWAY, packet->hop.index);

    if (!packet->hop.addressed)
        return carry_out(walk, packet, gateway);
    if (packet->direction == VW_RETURN && crossing)
        return carry_back(walk, packet, gateway, crossing);
    packet->outside = true;
    packet->stage = VW_STAGE_DONE;
    return vw_walk_mark(walk, packet, VW_STEP_NAT_GATEWAY, VW_DECISION_DROP,
                        VW_REASON_VW_NAT_UNSOLICITED, &gateway->object,
                        explain_unsolicited)
               ? 0
               : VW_ERROR_NO_MEMORY;
}

/* ---- regional gateways seen from the internet ---- */

/* An address of a regional NAT gateway, which no interface has. */
static const struct vw_nat_address *regional_address(const struct vw_nat_gateway *gateway,
                                                     struct vw_address_range range)
{
    size_t i;

    for (i = 0; gateway->is_regional && i < gateway->address_count; i++)
        if (gateway->addresses[i].usable &&
            vw_range_contains(range, gateway->addresses[i].public_address))
            return &gateway->addresses[i];
    return NULL;
}

/* In through the internet gateway of its VPC. */
static int enter_regional(struct vw_walk *walk, struct vw_packet *packet, uint32_t index)
{
    const struct vw_nat_gateway *gateway = vw_world_nat_gateway(walk->world, index);
    const struct vw_object *entry;
    int error;

    packet->vpc = gateway->vpc;
    packet->subnet = packet->receiver = packet->route_table = VW_NONE;
    packet->same_subnet = packet->identity = false;
    packet->hop = (struct vw_hop){VW_HOP_NAT_GATEWAY, index, true};
    packet->stage = VW_STAGE_HOP;
    error = vw_internet_find_entry(walk, packet, vw_world_vpc(walk->world, packet->vpc),
                                   &entry);
    return error ? error : vw_block_public_access(walk, packet, true);
}

int vw_nat_gateway_meet_regional(struct vw_walk *walk, struct vw_packet *packet,
                                 bool *ret_met)
{
    uint32_t i;

    for (i = 0; i < vw_world_count(walk->world, VW_OBJECT_NAT_GATEWAY); i++) {
        const struct vw_nat_gateway *gateway = vw_world_nat_gateway(walk->world, i);
        const struct vw_nat_address *address =
            regional_address(gateway, packet->wire.destination);
        int error;

        if (!address || !gateway->object.exported || !gateway->state ||
            strcmp(gateway->state, "available") != 0)
            continue;
        *ret_met = true;
        error = vw_walk_narrow_destination(walk, packet,
                                           vw_range_single(address->public_address));
        return error ? error : enter_regional(walk, packet, i);
    }
    return 0;
}
