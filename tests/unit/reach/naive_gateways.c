/* Internet and egress-only gateways, peerings, NAT gateways and middleboxes; see naive.h. */
#include <string.h>

#include "reach/naive.h"

/* ---- internet ---- */

/* `block-ingress` lets NAT gateways reach the internet, and their replies in. */
static bool internet_is_off(const struct naive *s, uint32_t vpc, bool nat)
{
    enum vw_block_mode mode = vw_world_vpc(s->world, vpc)->block_public_access;

    return nat ? mode == VW_BLOCK_BIDIRECTIONAL : mode > VW_BLOCK_OFF;
}

static bool egress_is_off(const struct naive *s, uint32_t vpc)
{
    return vw_world_vpc(s->world, vpc)->block_public_access == VW_BLOCK_BIDIRECTIONAL;
}

static uint32_t gateway_of(const struct naive *s, uint32_t vpc)
{
    uint32_t i;

    for (i = 0; i < vw_world_count(s->world, VW_OBJECT_INTERNET_GATEWAY); i++)
        if (vw_world_internet_gateway(s->world, i)->vpc == vpc)
            return i;
    return VW_NONE;
}

static bool is_loose(const struct naive *s, struct vw_address address)
{
    uint32_t i;

    for (i = 0; i < vw_world_count(s->world, VW_OBJECT_ELASTIC_ADDRESS); i++)
        if (vw_address_equal(vw_world_elastic_address(s->world, i)->address, address))
            return true;
    return false;
}

/* Who has the address on the internet; *ret_inside is what the gateway makes of it. */
static uint32_t public_owner(const struct naive *s, struct vw_address address,
                             struct vw_address *ret_inside)
{
    uint32_t i, owner = VW_NONE;
    size_t j;

    *ret_inside = address;
    if (address.family == VW_FAMILY_IPV6)
        for (i = 0; i < vw_world_count(s->world, VW_OBJECT_VPC) && owner == VW_NONE; i++)
            owner = naive_owner(s, i, address, NULL);
    for (i = 0; i < vw_world_count(s->world, VW_OBJECT_INTERFACE); i++) {
        const struct vw_interface *interface = naive_interface(s, i);
        for (j = 0; j < interface->address_count; j++) {
            if (!vw_address_equal(interface->addresses[j].public_address, address))
                continue;
            *ret_inside = interface->addresses[j].prefix.address;
            return i;
        }
    }
    return owner;
}

/* The regional NAT gateway whose address it is: it has no interface. */
static uint32_t regional_of(const struct naive *s, struct vw_address address)
{
    uint32_t i;
    size_t j;

    for (i = 0; i < vw_world_count(s->world, VW_OBJECT_NAT_GATEWAY); i++) {
        const struct vw_nat_gateway *gateway = vw_world_nat_gateway(s->world, i);
        for (j = 0; gateway->is_regional && j < gateway->address_count; j++)
            if (vw_address_equal(gateway->addresses[j].public_address, address))
                return i;
    }
    return VW_NONE;
}

static bool is_nobody(const struct naive *s, struct vw_address address)
{
    uint32_t i;

    for (i = 0; i < vw_world_count(s->world, VW_OBJECT_VPC); i++)
        if (naive_in_vpc(s, i, address))
            return true;
    return is_loose(s, address);
}

unsigned naive_enter(struct naive s)
{
    struct vw_address inside;
    uint32_t owner = public_owner(&s, s.packet.destination, &inside);
    uint32_t regional = regional_of(&s, s.packet.destination), vpc, gateway;
    bool egress_only = s.reply && s.by_egress_only;

    s.identity = false;
    s.table = VW_NONE;
    if (regional != VW_NONE &&
        strcmp(vw_world_nat_gateway(s.world, regional)->state, "available") != 0)
        return NAIVE_UNKNOWN; /* what answers there now is not in the export */
    if (regional != VW_NONE) {
        s.vpc = vw_world_nat_gateway(s.world, regional)->vpc;
        s.subnet = VW_NONE;
        if (gateway_of(&s, s.vpc) == VW_NONE || internet_is_off(&s, s.vpc, true))
            return NAIVE_BLOCKED;
        return naive_nat_back(s, regional);
    }
    if (owner == VW_NONE && is_nobody(&s, s.packet.destination))
        return NAIVE_BLOCKED;
    if (owner == VW_NONE) {
        s.vpc = s.subnet = VW_NONE;
        return naive_hand_outside(s);
    }
    vpc = naive_interface(&s, owner)->vpc;
    if (egress_only
            ? egress_is_off(&s, vpc)
            : gateway_of(&s, vpc) == VW_NONE ||
                  internet_is_off(
                      &s, vpc, naive_interface(&s, owner)->role == VW_ROLE_NAT_GATEWAY))
        return NAIVE_BLOCKED;
    s.from_internet = s.from_internet || !s.reply;
    s.packet.destination = inside;
    s.vpc = vpc;
    gateway = gateway_of(&s, vpc);
    if (!egress_only &&
        naive_is_redirected(&s, vw_world_internet_gateway(s.world, gateway)->object.id))
        return naive_redirect(s, &vw_world_internet_gateway(s.world, gateway)->object);
    return naive_hand(s, owner, false);
}

/* The public address of the source, or the source itself where it is public. */
static bool public_source(const struct naive *s, struct vw_address *ret)
{
    const struct vw_interface *interface;
    uint32_t owner;
    size_t entry;

    *ret = s->packet.source;
    if (s->packet.source.family == VW_FAMILY_IPV6 ||
        regional_of(s, s->packet.source) != VW_NONE)
        return vw_address_is_public(s->packet.source);
    owner = naive_owner(s, s->vpc, s->packet.source, &entry);
    if (owner == VW_NONE)
        return false;
    interface = naive_interface(s, owner);
    *ret = interface->addresses[entry].public_address;
    return ret->family != VW_FAMILY_NONE;
}

static bool is_sent_by_nat(const struct naive *s)
{
    return regional_of(s, s->packet.source) != VW_NONE ||
           (s->sender != VW_NONE &&
            naive_interface(s, s->sender)->role == VW_ROLE_NAT_GATEWAY);
}

unsigned naive_leave_by_gateway(struct naive s, uint32_t gateway)
{
    struct vw_address source;

    if (vw_world_internet_gateway(s.world, gateway)->vpc != s.vpc ||
        internet_is_off(&s, s.vpc, is_sent_by_nat(&s)) ||
        !vw_address_is_public(s.packet.destination) || (s.reply && !s.from_internet) ||
        naive_goes_round(&s, vw_world_internet_gateway(s.world, gateway)->object.id))
        return NAIVE_BLOCKED;
    s.left_by = NAIVE_INTERNET;
    if (!public_source(&s, &source))
        return s.forwarded ? NAIVE_UNKNOWN : NAIVE_BLOCKED;
    s.packet.source = source;
    return naive_enter(s);
}

unsigned naive_leave_by_egress_only(struct naive s, uint32_t gateway)
{
    if (vw_world_egress_only_gateway(s.world, gateway)->vpc != s.vpc ||
        egress_is_off(&s, s.vpc) || s.reply ||
        s.packet.destination.family != VW_FAMILY_IPV6 ||
        !vw_address_is_public(s.packet.destination))
        return NAIVE_BLOCKED;
    s.by_egress_only = true;
    s.left_by = NAIVE_INTERNET;
    return naive_enter(s);
}

/* ---- peerings ---- */

/* A load balancer may show its targets in a peered VPC the client's address. */
static bool is_sent_by_balancer(const struct naive *s)
{
    return s->sender != VW_NONE &&
           naive_interface(s, s->sender)->role == VW_ROLE_LOAD_BALANCER;
}

/* No transit: only what the VPC itself sends is carried. */
unsigned naive_peering(struct naive s, uint32_t index)
{
    const struct vw_peering *peering = vw_world_peering(s.world, index);

    if (strcmp(peering->state, "active") != 0 ||
        !(naive_in_vpc(&s, s.vpc, s.packet.source) || is_sent_by_balancer(&s)))
        return NAIVE_BLOCKED;
    if (peering->requester.vpc == s.vpc)
        s.vpc = peering->accepter.vpc;
    else if (peering->accepter.vpc == s.vpc)
        s.vpc = peering->requester.vpc;
    else
        return NAIVE_BLOCKED;
    if (strcmp(peering->requester.region, peering->accepter.region) != 0)
        s.identity = false;
    if (!s.reply)
        s.from_internet = false;
    return naive_in_vpc(&s, s.vpc, s.packet.destination) ? naive_deliver(s, false)
                                                         : NAIVE_BLOCKED;
}

/* ---- NAT gateways ---- */

static const struct vw_nat_address *nat_address(const struct naive *s,
                                                const struct vw_nat_gateway *gateway)
{
    size_t i;

    for (i = 0; i < gateway->address_count; i++)
        if (!gateway->is_regional ||
            strcmp(gateway->addresses[i].zone,
                   vw_world_subnet(s->world, s->subnet)->zone) == 0)
            return &gateway->addresses[i];
    return NULL;
}

static bool has_crossed(const struct naive *s, uint32_t gateway)
{
    size_t i;

    for (i = 0; i < s->crossing_count; i++)
        if (s->crossings[i].kind == NAIVE_NAT && s->crossings[i].index == gateway)
            return true;
    return false;
}

unsigned naive_nat_out(struct naive s, uint32_t index)
{
    const struct vw_nat_gateway *gateway = vw_world_nat_gateway(s.world, index);
    int protocol = s.packet.protocol;
    const struct vw_nat_address *address;
    struct naive_crossing *crossing;

    if (strcmp(gateway->state, "available") != 0 || gateway->vpc != s.vpc || s.reply ||
        has_crossed(&s, index) || s.packet.source.family == VW_FAMILY_IPV6 ||
        (protocol != 6 && protocol != 17 && protocol != 1))
        return NAIVE_BLOCKED;
    address = nat_address(&s, gateway);
    if (!address)
        return NAIVE_BLOCKED;
    if (!gateway->is_regional && s.subnet != gateway->subnet &&
        !naive_acl(&s, gateway->subnet, false))
        return NAIVE_BLOCKED;
    s.subnet = gateway->subnet;
    crossing = naive_cross(&s, address->interface);
    crossing->kind = NAIVE_NAT;
    crossing->index = index;
    crossing->changes_source = true;
    s.packet.source =
        gateway->is_regional ? address->public_address : address->private_address;
    s.table = gateway->is_regional ? gateway->route_table : VW_NONE;
    s.sender = address->interface;
    s.identity = s.forwarded = false;
    return naive_send_any_port(s);
}

/* Nothing unsolicited enters. */
unsigned naive_nat_back(struct naive s, uint32_t index)
{
    const struct vw_nat_gateway *gateway = vw_world_nat_gateway(s.world, index);
    size_t i;

    for (i = s.crossing_count; s.reply && i > 0; i--) {
        const struct naive_crossing *crossing = &s.crossings[i - 1];
        if (crossing->kind != NAIVE_NAT || crossing->index != index)
            continue;
        s.sender = crossing->interface;
        s.subnet = gateway->subnet;
        s.table = gateway->is_regional ? gateway->route_table : VW_NONE;
        naive_undo(&s, crossing);
        return naive_send(s);
    }
    return NAIVE_BLOCKED;
}

/* ---- middleboxes ---- */

unsigned naive_box(struct naive s, uint32_t index)
{
    const struct vw_interface *interface = naive_interface(&s, index);
    bool crossed = naive_crossed(&s, index) != NULL;

    if (interface->vpc != s.vpc || s.sender == index || (crossed && !s.reply))
        return NAIVE_BLOCKED;
    if (s.subnet != interface->subnet && !naive_acl(&s, interface->subnet, false))
        return NAIVE_BLOCKED;
    if (!naive_groups(&s, index, false) || !naive_alive(&s, index) ||
        interface->source_dest_check)
        return NAIVE_BLOCKED;
    if (vw_world_instance(s.world, interface->instance)->interface_count > 1)
        return NAIVE_UNKNOWN;
    s.subnet = interface->subnet;
    if (!s.reply)
        naive_cross(&s, index)->kind = NAIVE_BOX;
    s.sender = index;
    s.identity = false;
    s.forwarded = true;
    return naive_groups(&s, index, true) ? naive_send(s) : NAIVE_BLOCKED;
}
