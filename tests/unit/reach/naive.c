/* The way of a packet; see naive.h. */
#include <string.h>

#include "reach/naive.h"

struct naive_crossing *naive_cross(struct naive *s, uint32_t interface)
{
    struct naive_crossing *crossing = &s->crossings[s->crossing_count++];

    memset(s->left, 0, sizeof s->left);
    *crossing = (struct naive_crossing){.index = VW_NONE,
                                        .interface = interface,
                                        .subnet = s->subnet,
                                        .from_internet = s->from_internet,
                                        .before = s->packet};
    return crossing;
}

static bool has_ports(const struct naive *s)
{
    return s->packet.protocol == 6 || s->packet.protocol == 17;
}

void naive_undo(struct naive *s, const struct naive_crossing *crossing)
{
    size_t until = (size_t)(crossing - s->crossings);

    memset(s->left, 0, sizeof s->left);
    while (s->crossing_count > until) {
        const struct naive_crossing *newest = &s->crossings[--s->crossing_count];
        s->from_internet = newest->from_internet;
        if (newest->changes_source) {
            s->packet.destination = newest->before.source;
            if (has_ports(s))
                s->packet.port = newest->before.source_port;
        }
        if (newest->changes_destination) {
            s->packet.source = newest->before.destination;
            if (has_ports(s))
                s->packet.source_port = newest->before.port;
        }
    }
}

/* Rules begin and end at a few ports: one of every piece between them is enough. */
unsigned naive_send_any_port(struct naive s)
{
    static const uint16_t ports[] = {1024,  1025,  32767, 32768, 32769, 40000,
                                     40001, 49151, 49152, 49153, 65535};
    unsigned bits = 0;
    size_t i;

    if (!has_ports(&s))
        return naive_send(s);
    for (i = 0; i < sizeof ports / sizeof *ports; i++) {
        s.packet.source_port = ports[i];
        bits |= naive_send(s);
    }
    return bits;
}

/* ---- arrival and reply ---- */

/* An echo request is answered by an echo reply, nothing else of ICMP by anything. */
static bool turn_icmp(struct naive_packet *packet)
{
    uint16_t request = packet->protocol == 58 ? 128 : 8;

    if (packet->source_port != request || packet->port != 0)
        return false;
    packet->source_port = packet->protocol == 58 ? 129 : 0;
    return true;
}

/* The reply of somebody outside enters where the request left. */
static unsigned come_back(struct naive s)
{
    switch (s.left_by) {
    case NAIVE_ENDPOINT:
        return naive_endpoint_back(s, s.left_index);
    case NAIVE_VPN:
        return naive_enter_by_vpn(s, s.left_index);
    case NAIVE_ATTACHMENT:
        return naive_enter_by_attachment(s, s.left_index);
    case NAIVE_INTERNET:
        break;
    }
    return naive_enter(s);
}

static unsigned turn(struct naive s)
{
    struct naive_packet before = s.packet;

    if (s.one_way)
        return NAIVE_PASSES;
    if (!has_ports(&s)) {
        if (!turn_icmp(&s.packet))
            return NAIVE_PASSES;
    } else {
        s.packet.source_port = before.port;
        s.packet.port = before.source_port;
    }
    s.packet.source = before.destination;
    s.packet.destination = before.source;
    s.reply = s.just_turned = true;
    s.identity = s.b != VW_NONE;
    s.forwarded = false;
    s.sender = s.b;
    s.table = s.zone_of = VW_NONE;
    s.hops = 0;
    memset(s.left, 0, sizeof s.left);
    if (s.b == VW_NONE)
        return come_back(s);
    s.vpc = naive_interface(&s, s.b)->vpc;
    s.subnet = naive_interface(&s, s.b)->subnet;
    return naive_send(s);
}

unsigned naive_arrive(struct naive s, uint32_t interface)
{
    if (!s.reply) {
        s.b = interface;
        return turn(s);
    }
    return interface == s.a ? NAIVE_PASSES : NAIVE_BLOCKED;
}

unsigned naive_hand_outside(struct naive s)
{
    return naive_arrive(s, VW_NONE);
}

/* ---- delivery ---- */

unsigned naive_hand(struct naive s, uint32_t index, bool past_acl)
{
    const struct vw_interface *interface = naive_interface(&s, index);

    if (s.reply && index != s.a && !naive_crossed(&s, index))
        return NAIVE_BLOCKED;
    s.subnet = interface->subnet;
    s.vpc = interface->vpc;
    if (!past_acl && !naive_acl(&s, s.subnet, false))
        return NAIVE_BLOCKED;
    if (interface->role == VW_ROLE_NAT_GATEWAY)
        return naive_nat_back(s, interface->service);
    if (interface->role == VW_ROLE_LOAD_BALANCER) {
        if (interface->group_count > 0 && !naive_groups(&s, index, false))
            return NAIVE_BLOCKED;
        return naive_balance(s, index);
    }
    if (!naive_groups(&s, index, false) || !(s.reply || naive_alive(&s, index)))
        return NAIVE_BLOCKED;
    if (interface->role == VW_ROLE_VPC_ENDPOINT && !s.reply)
        return naive_serve(s, index);
    return naive_arrive(s, index);
}

unsigned naive_deliver(struct naive s, bool past_acl)
{
    uint32_t owner = naive_owner(&s, s.vpc, s.packet.destination, NULL);
    const struct vw_vpc *vpc = vw_world_vpc(s.world, s.vpc);

    if (owner != VW_NONE)
        return naive_hand(s, owner, past_acl);
    /* The VPC's own DNS server is not modelled. */
    if (!s.reply && s.packet.port == 53 && has_ports(&s) &&
        vw_address_equal(s.packet.destination, vw_address_add(vpc->cidrs[0].address, 2)))
        return NAIVE_UNKNOWN;
    return NAIVE_BLOCKED;
}

static unsigned follow(struct naive s, const struct vw_route *route)
{
    s.table = VW_NONE;
    switch (route->target_kind) {
    case VW_TARGET_LOCAL:
        return naive_in_vpc(&s, s.vpc, s.packet.destination) ? naive_deliver(s, false)
                                                             : NAIVE_BLOCKED;
    case VW_TARGET_INTERNET_GATEWAY:
        return naive_leave_by_gateway(s, route->target);
    case VW_TARGET_EGRESS_ONLY_GATEWAY:
        return naive_leave_by_egress_only(s, route->target);
    case VW_TARGET_PEERING:
        return naive_peering(s, route->target);
    case VW_TARGET_NAT_GATEWAY:
        return naive_nat_out(s, route->target);
    case VW_TARGET_TRANSIT_GATEWAY:
        return naive_transit(s, route->target);
    case VW_TARGET_INTERFACE:
        return naive_box(s, route->target);
    case VW_TARGET_VPN_GATEWAY:
        return naive_leave_by_vpn(s, route->target);
    case VW_TARGET_ENDPOINT:
        return naive_endpoint(s, route->target);
    case VW_TARGET_INSTANCE:
    case VW_TARGET_CARRIER_GATEWAY:
    case VW_TARGET_LOCAL_GATEWAY:
    case VW_TARGET_CORE_NETWORK:
    case VW_TARGET_OTHER:
        break;
    }
    return NAIVE_UNKNOWN;
}

/* The reply of a target to a client whose address it was shown goes to the balancer. */
static const struct naive_crossing *taker(const struct naive *s)
{
    const struct naive_crossing *newest;

    if (!s->reply || !s->just_turned || s->crossing_count == 0)
        return NULL;
    newest = &s->crossings[s->crossing_count - 1];
    return newest->takes_replies ? newest : NULL;
}

static unsigned send_to_taker(struct naive s, const struct naive_crossing *crossing)
{
    if (s.subnet != crossing->subnet &&
        (!naive_acl(&s, s.subnet, true) || !naive_acl(&s, crossing->subnet, false)))
        return NAIVE_BLOCKED;
    return naive_balance_back(s, crossing->interface);
}

static unsigned send(struct naive s)
{
    const struct naive_crossing *crossing = taker(&s);
    const struct vw_route *route;
    bool tie;

    s.just_turned = false;
    if (s.hops++ > NAIVE_HOPS)
        return NAIVE_BLOCKED;
    if (crossing)
        return send_to_taker(s, crossing);
    if (s.subnet != VW_NONE && naive_in_subnet(&s, s.subnet, s.packet.destination))
        return naive_deliver(s, true);
    if (s.subnet != VW_NONE && !naive_acl(&s, s.subnet, true))
        return NAIVE_BLOCKED;
    route = naive_route(&s, &tie);
    if (tie)
        return NAIVE_UNKNOWN;
    if (!route || route->state == VW_ROUTE_BLACKHOLE)
        return NAIVE_BLOCKED;
    return follow(s, route);
}

unsigned naive_send(struct naive s)
{
    s.sent_by_endpoint = VW_NONE;
    return send(s);
}

unsigned naive_send_inspected(struct naive s, uint32_t endpoint)
{
    s.sent_by_endpoint = endpoint;
    return send(s);
}

/* ---- the question ---- */

static bool is_inside(const struct naive *s, uint32_t sender)
{
    const struct vw_interface *from = naive_interface(s, sender);
    uint32_t owner = naive_owner(s, from->vpc, s->packet.destination, NULL);

    return owner == sender || (owner != VW_NONE && from->instance != VW_NONE &&
                               naive_interface(s, owner)->instance == from->instance);
}

/* The sender's own VPC answers DNS itself, whatever groups and ACLs say. */
static bool is_own_resolver(const struct naive *s, uint32_t sender)
{
    const struct vw_vpc *vpc = vw_world_vpc(s->world, naive_interface(s, sender)->vpc);

    return has_ports(s) && s->packet.port == 53 &&
           vw_address_equal(s->packet.destination,
                            vw_address_add(vpc->cidrs[0].address, 2));
}

unsigned naive_ask(const struct vw_world *world, const struct naive_packet *packet,
                   uint32_t sender, bool one_way)
{
    struct naive s = {.world = world,
                      .packet = *packet,
                      .one_way = one_way,
                      .a = sender,
                      .b = VW_NONE,
                      .sender = sender,
                      .vpc = VW_NONE,
                      .subnet = VW_NONE,
                      .table = VW_NONE,
                      .zone_of = VW_NONE,
                      .left_index = VW_NONE,
                      .came_by = VW_NONE,
                      .sent_by_endpoint = VW_NONE,
                      .identity = true};
    const struct vw_customer_network *network = naive_network(&s, packet->source);

    enum naive_way how;
    uint32_t way;

    if (sender == VW_NONE && network) {
        way = naive_way_of(&s, network, &how);
        return how == NAIVE_VPN ? naive_enter_by_vpn(s, way)
                                : naive_enter_by_attachment(s, way);
    }
    if (sender == VW_NONE)
        return naive_enter(s);
    if (!naive_alive(&s, sender))
        return NAIVE_BLOCKED;
    if (is_inside(&s, sender) || is_own_resolver(&s, sender))
        return NAIVE_PASSES;
    s.vpc = naive_interface(&s, sender)->vpc;
    s.subnet = naive_interface(&s, sender)->subnet;
    return naive_groups(&s, sender, true) ? naive_send(s) : NAIVE_BLOCKED;
}
