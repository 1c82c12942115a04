/*
 * What AWS says: nothing, as a network outside AWS is in no export. AWS carries packets to
 * a VPN connection or Direct Connect; what is behind it, its owner knows.
 *
 * What we do: a rules file declares such networks, each with its prefixes and, where there
 * are several ways, the one that leads there. What leaves AWS for a declared network has
 * arrived: that it is announced there and taken in is an assumption. What leaves for
 * anything else is unknown. A request from a declared network comes in by its way, and the
 * reply to one goes back there; a reply by another way meets routers and firewalls that
 * nobody has described, and is unknown.
 */
#include "reach/customer_network.h"
#include "reach/explain.h"

#include <string.h>

const struct vw_customer_network *vw_customer_network_of(const struct vw_world *world,
                                                         struct vw_address_range range,
                                                         struct vw_prefix *ret_prefix)
{
    const struct vw_customer_network *best = NULL;
    size_t i, j;

    for (i = 0; i < world->network_count; i++) {
        const struct vw_customer_network *network = &world->networks[i];

        for (j = 0; j < network->prefix_count; j++) {
            struct vw_prefix prefix = network->prefixes[j];

            if (!vw_range_overlaps(vw_prefix_range(prefix), range) ||
                (best && prefix.length <= ret_prefix->length))
                continue;
            best = network;
            *ret_prefix = prefix;
        }
    }
    return best;
}

const struct vw_customer_network *vw_customer_network_named(const struct vw_world *world,
                                                            const char *name)
{
    size_t i;

    for (i = 0; i < world->network_count; i++)
        if (strcmp(world->networks[i].name, name) == 0)
            return &world->networks[i];
    return NULL;
}

/* ---- out of AWS ---- */

static int explain_arrived(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    const struct vw_customer_network *network = mark->rule;
    int error = vw_explain_assumption(explainer,
                                      "%s is outside AWS, declared in a rules file: that "
                                      "it is announced behind %s, and "
                                      "everything beyond, was not checked",
                                      network->name, mark->other->id);

    explainer->step.source.file = network->source.file;
    explainer->step.source.pointer = network->source.pointer;
    if (error)
        return error;
    return vw_explain_sentence(explainer, "%s reaches the customer network %s by %s",
                               vw_explain_destination(explainer, mark), network->name,
                               mark->other->id);
}

static int explain_undeclared(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    return vw_explain_sentence(explainer,
                               "%s leaves AWS by %s, and what is behind that is not in "
                               "the export: an entry under `networks:` in a rules file "
                               "(--rules) settles it",
                               vw_explain_destination(explainer, mark), mark->other->id);
}

static int explain_other_way(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    return vw_explain_sentence(explainer,
                               "the reply leaves AWS by %s, by which the request did not "
                               "come in: whether it arrives is not in the export",
                               mark->object->id);
}

static int explain_lost(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    return vw_explain_sentence(explainer,
                               "the reply leaves AWS by %s, but the request came in "
                               "through an internet gateway, which alone could "
                               "translate it back",
                               mark->object->id);
}

/* Whether the request came in that way, or may have. */
static bool is_way_back(const struct vw_packet *packet, struct vw_passage way)
{
    if (packet->origin.index == VW_NONE)
        return packet->network != NULL;
    return packet->origin.kind == way.kind && packet->origin.index == way.index;
}

/* A reply that leaves by a way which the request did not come in by. */
static int leave_by_other_way(struct vw_walk *walk, struct vw_packet *packet,
                              const struct vw_object *carrier)
{
    struct vw_stop stop = {VW_STEP_CUSTOMER_NETWORK,
                           VW_REASON_VW_REPLY_LEFT_BY_OTHER_PATH, carrier, NULL,
                           explain_other_way};

    if (packet->a != VW_NONE || packet->network)
        return vw_walk_unknown(walk, packet, &stop, -1);
    stop.explain = explain_lost;
    return vw_walk_drop(walk, packet, &stop);
}

int vw_customer_network_arrive(struct vw_walk *walk, struct vw_packet *packet,
                               struct vw_passage way, const struct vw_object *carrier,
                               const struct vw_customer_network *network)
{
    struct vw_stop stop = {VW_STEP_CUSTOMER_NETWORK, VW_REASON_UNKNOWN_DESTINATION, NULL,
                           carrier, explain_undeclared};
    struct vw_mark *mark;

    packet->identity = false;
    if (packet->direction == VW_FORWARD)
        packet->request_exit = way;
    else if (!is_way_back(packet, way))
        return leave_by_other_way(walk, packet, carrier);
    if (!network) {
        stop.object = vw_vpn_way_object(walk->world, way);
        return vw_walk_unknown(walk, packet, &stop, -1);
    }
    mark = vw_walk_mark(walk, packet, VW_STEP_CUSTOMER_NETWORK, VW_DECISION_DELIVER,
                        VW_REASON_NONE, NULL, explain_arrived);
    if (!mark)
        return VW_ERROR_NO_MEMORY;
    mark->id = network->name;
    mark->other = carrier;
    mark->rule = network;
    packet->outside = true;
    packet->stage = VW_STAGE_ARRIVED;
    return 0;
}

/* ---- into AWS ---- */

static int explain_sent(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    const struct vw_customer_network *network = mark->rule;
    int error = vw_explain_assumption(
        explainer,
        "%s is outside AWS, declared in a rules file: that it sends %s by %s was not "
        "checked",
        network->name, vw_explain_destination(explainer, mark), mark->other->id);

    explainer->step.source.file = network->source.file;
    explainer->step.source.pointer = network->source.pointer;
    if (error)
        return error;
    return vw_explain_sentence(explainer, "the customer network %s sends it by %s",
                               network->name, mark->other->id);
}

/* All ways that could be meant, in words. */
static int explain_several(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    const struct vw_customer_network *network = mark->rule;
    struct vw_passage way = {VW_TARGET_LOCAL, VW_NONE};
    const char *list = "";

    while (vw_vpn_next_way(explainer->world, network->via, &way)) {
        list = vw_arena_printf(explainer->arena, "%s%s%s", list, *list ? ", " : "",
                               vw_vpn_way_object(explainer->world, way)->id);
        if (!list)
            return VW_ERROR_NO_MEMORY;
    }
    return vw_explain_sentence(explainer,
                               "by which way the customer network %s sends %s cannot be "
                               "said: %s; `via:` in the rules file settles it",
                               network->name, vw_explain_destination(explainer, mark),
                               list);
}

static int explain_no_way(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    const struct vw_customer_network *network = mark->rule;

    if (network->via)
        return vw_explain_sentence(explainer,
                                   "%s, by which the customer network %s is reached, is "
                                   "not in the export",
                                   network->via, network->name);
    return vw_explain_sentence(explainer,
                               "no virtual private gateway and no attachment of a VPN "
                               "connection or Direct Connect is in the export, by which "
                               "the customer network %s could be reached",
                               network->name);
}

/* The VPC that a way leads to alone, or VW_NONE: a transit gateway leads to many. */
static uint32_t vpc_of(const struct vw_world *world, struct vw_passage way)
{
    return way.kind == VW_TARGET_VPN_GATEWAY ? vw_world_vpn_gateway(world, way.index)->vpc
                                             : VW_NONE;
}

/* Narrows to destinations that lie on one side of every border of the VPCs that ways lead
 * to, so that the choice between ways holds for all. */
static int narrow_to_choice(struct vw_walk *walk, struct vw_packet *packet)
{
    struct vw_address_range range = packet->wire.destination;
    struct vw_passage way = {VW_TARGET_LOCAL, VW_NONE};
    size_t i;

    while (vw_vpn_next_way(walk->world, packet->network->via, &way)) {
        uint32_t vpc = vpc_of(walk->world, way);
        const struct vw_vpc *object =
            vpc == VW_NONE ? NULL : vw_world_vpc(walk->world, vpc);

        for (i = 0; object && i < object->cidr_count; i++)
            vw_range_cut(&range, vw_prefix_range(object->cidrs[i]));
    }
    return vw_walk_narrow_destination(walk, packet, range);
}

/* The ways that `via` leaves, and of these the ones that can lead to the destination:
 * *ret_way is the only one, or the first. */
static size_t count_ways(const struct vw_walk *walk, const struct vw_packet *packet,
                         struct vw_passage *ret_way)
{
    const struct vw_world *world = walk->world;
    struct vw_passage way = {VW_TARGET_LOCAL, VW_NONE}, first = way;
    size_t all = 0, leading = 0;

    while (vw_vpn_next_way(world, packet->network->via, &way)) {
        uint32_t vpc = vpc_of(world, way);

        if (all++ == 0)
            first = way;
        if (way.kind == VW_TARGET_VPN_GATEWAY &&
            (vpc == VW_NONE || !vw_vpc_contains(vw_world_vpc(world, vpc),
                                                packet->wire.destination.first, NULL)))
            continue;
        if (leading++ == 0)
            *ret_way = way;
    }
    if (leading == 0)
        *ret_way = first;
    return leading > 0 ? leading : (all > 0);
}

static int enter(struct vw_walk *walk, struct vw_packet *packet, struct vw_passage way)
{
    packet->identity = false;
    return way.kind == VW_TARGET_VPN_GATEWAY
               ? vw_vpn_gateway_enter(walk, packet, way.index)
               : vw_vpn_attachment_enter(walk, packet, way.index);
}

static int without_way(struct vw_walk *walk, struct vw_packet *packet, bool several)
{
    struct vw_mark *mark = vw_walk_mark(walk, packet, VW_STEP_CUSTOMER_NETWORK,
                                        VW_DECISION_UNKNOWN, VW_REASON_UNKNOWN_RESOURCE,
                                        NULL, several ? explain_several : explain_no_way);

    if (!mark)
        return VW_ERROR_NO_MEMORY;
    mark->id = packet->network->name;
    mark->rule = packet->network;
    if (!several)
        mark->missing = VW_OBJECT_VPN_GATEWAY;
    return vw_walk_jump(walk, packet);
}

int vw_customer_network_leave(struct vw_walk *walk, struct vw_packet *packet)
{
    struct vw_passage way;
    struct vw_mark *mark;
    size_t count;
    int error;

    if (packet->direction == VW_RETURN)
        return enter(walk, packet, packet->request_exit);
    error = narrow_to_choice(walk, packet);
    if (error)
        return error;
    count = count_ways(walk, packet, &way);
    if (count != 1)
        return without_way(walk, packet, count > 1);
    mark = vw_walk_mark(walk, packet, VW_STEP_CUSTOMER_NETWORK, VW_DECISION_FORWARD,
                        VW_REASON_NONE, NULL, explain_sent);
    if (!mark)
        return VW_ERROR_NO_MEMORY;
    mark->id = packet->network->name;
    mark->rule = packet->network;
    mark->other = vw_vpn_way_object(walk->world, way);
    packet->origin = way;
    return enter(walk, packet, way);
}
