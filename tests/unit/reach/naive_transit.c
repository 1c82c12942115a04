/* Transit gateways; see naive.h. */
#include <string.h>

#include "reach/naive.h"

static const struct vw_transit_attachment *attachment_of(const struct naive *s,
                                                         uint32_t index)
{
    return vw_world_transit_attachment(s->world, index);
}

static bool is_available(const struct vw_transit_attachment *attachment)
{
    return strcmp(attachment->state, "available") == 0;
}

static uint32_t find(const struct naive *s, uint32_t gateway)
{
    uint32_t i;

    for (i = 0; i < vw_world_count(s->world, VW_OBJECT_TRANSIT_ATTACHMENT); i++)
        if (attachment_of(s, i)->gateway == gateway &&
            attachment_of(s, i)->attachment_kind == VW_ATTACHMENT_VPC &&
            attachment_of(s, i)->vpc == s->vpc && is_available(attachment_of(s, i)))
            return i;
    return VW_NONE;
}

/* The attachment's subnet in the zone of `subnet`. */
static uint32_t in_zone(const struct naive *s,
                        const struct vw_transit_attachment *attachment, uint32_t subnet)
{
    size_t i;

    for (i = 0; i < attachment->subnet_count; i++)
        if (strcmp(vw_world_subnet(s->world, attachment->subnets[i])->zone_id,
                   vw_world_subnet(s->world, subnet)->zone_id) == 0)
            return attachment->subnets[i];
    return VW_NONE;
}

/* Static before propagated for equal prefixes. */
static const struct vw_transit_route *look_up(const struct naive *s, uint32_t table)
{
    const struct vw_transit_table *object = vw_world_transit_table(s->world, table);
    const struct vw_transit_route *best = NULL;
    size_t i;

    for (i = 0; i < object->route_count; i++) {
        const struct vw_transit_route *route = &object->routes[i];
        if (!vw_prefix_contains(route->destination, s->packet.destination))
            continue;
        if (!best || route->destination.length > best->destination.length ||
            (route->destination.length == best->destination.length && best->propagated &&
             !route->propagated))
            best = route;
    }
    return best;
}

/* What one way comes to is the answer if all come to it. */
static unsigned out_by_any(struct naive s, const struct vw_transit_attachment *to)
{
    unsigned first = 0, bits;
    size_t i;

    for (i = 0; i < to->subnet_count; i++) {
        s.subnet = to->subnets[i];
        bits = naive_send(s) & ~(unsigned)NAIVE_OPEN;
        if (i > 0 && bits != first)
            return NAIVE_UNKNOWN | NAIVE_OPEN;
        first = bits;
    }
    return first | NAIVE_OPEN;
}

static unsigned out(struct naive s, const struct vw_transit_attachment *from,
                    const struct vw_transit_attachment *to)
{
    uint32_t same = VW_NONE;

    if (s.packet.source.family == VW_FAMILY_IPV6 && !to->ipv6)
        return NAIVE_BLOCKED;
    if (!from->security_group_referencing || !to->security_group_referencing ||
        !vw_world_transit_gateway(s.world, to->gateway)->security_group_referencing)
        s.identity = false;
    if (s.zone_of != VW_NONE && !to->appliance_mode)
        same = in_zone(&s, to, s.zone_of);
    s.vpc = to->vpc;
    if (!s.reply)
        s.from_internet = false;
    if (same == VW_NONE)
        return out_by_any(s, to);
    s.subnet = same;
    return naive_send(s);
}

/* In by attachment `by`, to where its table says. */
unsigned naive_transit_pass(struct naive s, uint32_t by)
{
    const struct vw_transit_attachment *from = attachment_of(&s, by), *to;
    const struct vw_transit_route *route;

    if (s.hops++ > NAIVE_HOPS || from->table == VW_NONE)
        return NAIVE_BLOCKED;
    route = look_up(&s, from->table);
    if (!route || route->blackhole || route->attachment_count == 0)
        return NAIVE_BLOCKED;
    to = attachment_of(&s, route->attachments[0]);
    if (!is_available(to))
        return NAIVE_BLOCKED;
    /* Once more than there are subnets to leave by: it goes round in circles. */
    if (to->attachment_kind == VW_ATTACHMENT_VPC)
        return s.left[route->attachments[0]]++ > to->subnet_count ? NAIVE_BLOCKED
                                                                  : out(s, from, to);
    if (to->attachment_kind != VW_ATTACHMENT_PEERING)
        return naive_leave_by_attachment(s, route->attachments[0]);
    if (!is_available(attachment_of(&s, to->peer)))
        return NAIVE_BLOCKED;
    s.identity = false;
    s.zone_of = VW_NONE;
    return naive_transit_pass(s, to->peer);
}

unsigned naive_transit(struct naive s, uint32_t gateway)
{
    const struct vw_transit_attachment *attachment;
    uint32_t index = find(&s, gateway);

    if (strcmp(vw_world_transit_gateway(s.world, gateway)->state, "available") != 0 ||
        index == VW_NONE)
        return NAIVE_BLOCKED;
    attachment = attachment_of(&s, index);
    if (s.packet.source.family == VW_FAMILY_IPV6 && !attachment->ipv6)
        return NAIVE_BLOCKED;
    s.zone_of = in_zone(&s, attachment, s.subnet);
    if (s.zone_of == VW_NONE)
        return NAIVE_BLOCKED;
    if (!naive_acl(&s, s.zone_of, false))
        return NAIVE_BLOCKED;
    return naive_transit_pass(s, index);
}
