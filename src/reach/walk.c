/* The driver of the walk: a list of packets, each taken through its stages; see walk.h. */
#include "reach/walk.h"

#include "base/memory.h"
#include "reach/explain.h"

#include <string.h>

typedef int evaluator(struct vw_walk *walk, struct vw_packet *packet);

static evaluator *const evaluators[] = {
#define VW_X(name, function) [name] = function,
    VW_STAGE_LIST(VW_X)
#undef VW_X
};

/* A single packet stays one but where a component gives it a range of ports: the stage of
 * hops. Only of what can be cut is the state before the stage needed again. */
static void keep_for_cuts(struct vw_walk *walk, struct vw_packet *packet)
{
    packet->is_single = packet->stage != VW_STAGE_HOP &&
                        (packet->is_single || vw_box_is_single(&packet->wire));
    if (!packet->is_single)
        walk->before = *packet;
}

static int run_stage(struct vw_walk *walk, struct vw_packet *packet)
{
    enum vw_stage stage = packet->stage;
    struct vw_mark *mark, *last = packet->last;
    unsigned hops = packet->hops;
    uint32_t vpc = packet->vpc, subnet = packet->subnet;
    bool at_end = vw_hop_is_end(packet->hop.kind);
    int error;

    keep_for_cuts(walk, packet);
    error = evaluators[stage](walk, packet);
    for (mark = packet->last; mark != last; mark = mark->previous) {
        mark->stage = stage;
        mark->hops = hops;
        mark->vpc = vpc;
        mark->subnet = subnet;
        mark->at_end = at_end;
    }
    return error;
}

static int run_packet(struct vw_walk *walk, struct vw_packet *packet, unsigned stages)
{
    while (stages >> packet->stage & 1) {
        int error = run_stage(walk, packet);
        if (error)
            return error;
    }
    if (walk->done.count >= VW_PIECES_MAX)
        return VW_ERROR_LIMIT;
    return vw_array_push(&walk->done, *packet);
}

int vw_walk_run_within(struct vw_walk *walk, struct vw_packet *first, unsigned stages)
{
    int error = first ? run_packet(walk, first, stages) : 0;

    while (walk->waiting.count > 0 && !error) {
        struct vw_packet packet = walk->waiting.items[--walk->waiting.count];

        error = run_packet(walk, &packet, stages);
    }
    return error;
}

int vw_walk_run(struct vw_walk *walk)
{
    return vw_walk_run_within(walk, NULL, ~(1u << VW_STAGE_DONE));
}

/* The part of the question that the wire now stands for: what was translated is not what
 * was asked, so only the other fields can have become narrower. */
static void follow_wire(struct vw_packet *packet)
{
    const struct vw_box *wire = &packet->wire;
    const struct vw_translated *translated = &packet->translated;
    struct vw_box *asked = &packet->asked;
    bool forward = packet->direction == VW_FORWARD;

    if (!translated->source)
        *(forward ? &asked->source : &asked->destination) = wire->source;
    if (!translated->destination)
        *(forward ? &asked->destination : &asked->source) = wire->destination;
    if (!forward && !vw_protocol_has_ports(wire->protocol))
        return;
    if (!translated->source_ports)
        *(forward ? &asked->source_ports : &asked->ports) = wire->source_ports;
    if (!translated->ports)
        *(forward ? &asked->ports : &asked->source_ports) = wire->ports;
}

int vw_walk_cut(struct vw_walk *walk, struct vw_packet *packet,
                const struct vw_box *region)
{
    struct vw_box parts[VW_BOX_PARTS];
    struct vw_packet rest;
    size_t i, count;

    count = vw_box_split(&packet->wire, region, parts);
    if (count == 0)
        return 0;
    rest = walk->before;
    follow_wire(packet);
    for (i = 0; i < count; i++) {
        rest.wire = parts[i];
        follow_wire(&rest);
        if (walk->waiting.count >= VW_PIECES_MAX)
            return VW_ERROR_LIMIT;
        if (vw_array_push(&walk->waiting, rest))
            return VW_ERROR_NO_MEMORY;
    }
    return 0;
}

struct vw_mark *vw_walk_mark(struct vw_walk *walk, struct vw_packet *packet,
                             enum vw_step_kind kind, enum vw_decision decision,
                             enum vw_reason reason, const struct vw_object *object,
                             int (*explain)(struct vw_explainer *,
                                            const struct vw_mark *))
{
    struct vw_mark *mark = vw_arena_room(walk->arena, sizeof *mark);

    if (!mark)
        return NULL;
    /* Every member, one by one: to zero the whole first takes as long again. */
    mark->previous = packet->last;
    mark->stage = packet->stage;
    mark->kind = kind;
    mark->decision = decision;
    mark->reason = reason;
    mark->direction = packet->direction;
    mark->hops = 0;
    mark->vpc = mark->subnet = VW_NONE;
    mark->at_end = false;
    mark->hypothetical = packet->hypothetical || packet->request_lost;
    mark->certain = !packet->unsure_source || packet->direction == VW_FORWARD ||
                    decision == VW_DECISION_DENY;
    mark->object = object;
    mark->id = NULL;
    mark->other = NULL;
    mark->rule = NULL;
    mark->box = packet->wire;
    mark->address = (struct vw_address){0, 0, VW_FAMILY_NONE};
    mark->missing = -1;
    mark->explain = explain;
    packet->last = mark;
    if ((decision == VW_DECISION_DENY || decision == VW_DECISION_DROP) && mark->certain)
        packet->blocked = true;
    if (decision == VW_DECISION_UNKNOWN)
        packet->unknown = true;
    return mark;
}

/* The reply goes to where the request came from, whatever translated it. */
static bool known_receiver(const struct vw_packet *packet, uint32_t *ret_interface)
{
    if (packet->direction != VW_RETURN || packet->a == VW_NONE)
        return false;
    *ret_interface = packet->a;
    return true;
}

/* The one owner of the lowest owned address of the destinations; NULL where there is none
 * or the address exists in several VPCs. */
static const struct vw_owner *only_owner(const struct vw_walk *walk,
                                         const struct vw_packet *packet)
{
    const struct vw_owner *end, *owner, *next;

    if (walk->goal.vpc != VW_NONE && packet->direction == VW_FORWARD)
        return vw_owner_in_vpc(walk->world, walk->goal.vpc, packet->wire.destination);
    owner = vw_owner_anywhere(walk->world, packet->wire.destination, &end);
    if (!owner)
        return NULL;
    next = owner + 1;
    if (next < end && vw_range_overlaps(next->range, owner->range))
        return NULL;
    return owner;
}

static void forget_crossings(struct vw_packet *packet)
{
    const struct vw_crossing *first = packet->crossings;

    while (first && first->before)
        first = first->before;
    if (first)
        vw_crossing_undo(packet, first);
}

static void arrive_at(struct vw_walk *walk, struct vw_packet *packet, uint32_t interface)
{
    const struct vw_interface *to = vw_world_interface(walk->world, interface);
    uint32_t from = packet->vpc;

    packet->receiver = interface;
    packet->identity = packet->identity && packet->sender != VW_NONE &&
                       (from == to->vpc || packet->hypothetical);
    packet->vpc = to->vpc;
    packet->subnet = to->subnet;
    packet->same_subnet = false;
    packet->route_table = VW_NONE;
    packet->hop = vw_hop_at(walk->world, interface);
    packet->stage = VW_STAGE_ACL_IN;
}

/* No interface owns the destinations. If they lie in one VPC of the export, that nobody
 * would receive them there is a finding of its own; else the way ends. */
static int jump_to_nobody(struct vw_walk *walk, struct vw_packet *packet)
{
    struct vw_address destination = packet->wire.destination.first;
    struct vw_prefix cidr;
    uint32_t vpc = walk->goal.vpc;

    if (vpc == VW_NONE ||
        !vw_vpc_contains(vw_world_vpc(walk->world, vpc), destination, &cidr))
        vpc = vw_vpc_of_address(walk->world, destination, &cidr);
    if (packet->direction == VW_RETURN || vpc == VW_NONE) {
        packet->outside = true;
        packet->stage = VW_STAGE_ARRIVED;
        return 0;
    }
    packet->vpc = vpc;
    packet->subnet = VW_NONE;
    packet->stage = VW_STAGE_DELIVER;
    return vw_walk_narrow_destination(walk, packet, vw_prefix_range(cidr));
}

/* Narrows to destinations that a jump treats alike: of one owner, or of none and on one
 * side of every VPC's border. */
static int narrow_for_jump(struct vw_walk *walk, struct vw_packet *packet)
{
    const struct vw_world *world = walk->world;
    struct vw_address_range range = packet->wire.destination;
    const struct vw_owner *owner, *end;
    uint32_t i;
    size_t j;

    if (vw_range_is_single(range))
        return 0;
    owner = walk->goal.vpc != VW_NONE && packet->direction == VW_FORWARD
                ? vw_owner_in_vpc(world, walk->goal.vpc, range)
                : vw_owner_anywhere(world, range, &end);
    if (owner)
        vw_range_cut(&range, owner->range);
    owner = vw_owner_of_public(world, range);
    if (owner)
        vw_range_cut(&range, owner->range);
    for (i = 0; i < vw_world_count(world, VW_OBJECT_VPC); i++) {
        const struct vw_vpc *vpc = vw_world_vpc(world, i);
        for (j = 0; j < vpc->cidr_count; j++)
            vw_range_cut(&range, vw_prefix_range(vpc->cidrs[j]));
    }
    return vw_walk_narrow_destination(walk, packet, range);
}

int vw_walk_jump(struct vw_walk *walk, struct vw_packet *packet)
{
    const struct vw_owner *owner;
    uint32_t interface;
    int error;

    packet->hypothetical = true;
    packet->hop = (struct vw_hop){VW_HOP_NONE, VW_NONE, false};
    if (known_receiver(packet, &interface)) {
        forget_crossings(packet);
        arrive_at(walk, packet, interface);
        return 0;
    }
    error = narrow_for_jump(walk, packet);
    if (error)
        return error;
    owner = only_owner(walk, packet);
    if (!owner && packet->direction == VW_FORWARD &&
        vw_owner_of_public(walk->world, packet->wire.destination)) {
        packet->unsure_source = true;
        packet->stage = VW_STAGE_INTERNET;
        return 0;
    }
    if (!owner)
        return jump_to_nobody(walk, packet);
    error = vw_walk_narrow_destination(walk, packet, owner->range);
    if (!error)
        arrive_at(walk, packet, owner->interface);
    return error;
}

bool vw_identity_survives(const struct vw_world *world, uint32_t from, uint32_t to)
{
    const struct vw_peering_pair *pairs;
    size_t i, count;

    if (from == to)
        return true;
    pairs = vw_peerings_between(world, from, to, &count);
    for (i = 0; i < count; i++) {
        const struct vw_peering *peering = vw_world_peering(world, pairs[i].peering);
        const char *here = peering->requester.region, *there = peering->accepter.region;

        if (peering->state && strcmp(peering->state, "active") == 0 &&
            (!here || !there || strcmp(here, there) == 0))
            return true;
    }
    return false;
}

int vw_walk_drop(struct vw_walk *walk, struct vw_packet *packet,
                 const struct vw_stop *stop)
{
    struct vw_mark *mark = vw_walk_mark(walk, packet, stop->kind, VW_DECISION_DROP,
                                        stop->reason, stop->object, stop->explain);

    if (!mark)
        return VW_ERROR_NO_MEMORY;
    mark->other = stop->other;
    return vw_walk_jump(walk, packet);
}

int vw_walk_unknown(struct vw_walk *walk, struct vw_packet *packet,
                    const struct vw_stop *stop, int missing)
{
    struct vw_mark *mark = vw_walk_mark(walk, packet, stop->kind, VW_DECISION_UNKNOWN,
                                        stop->reason, stop->object, stop->explain);

    if (!mark)
        return VW_ERROR_NO_MEMORY;
    mark->other = stop->other;
    mark->missing = missing;
    packet->unsure_source = true;
    return vw_walk_jump(walk, packet);
}

int vw_walk_missing(struct vw_walk *walk, struct vw_packet *packet,
                    enum vw_step_kind kind, const struct vw_object *object)
{
    struct vw_stop stop = {kind, VW_REASON_UNKNOWN_RESOURCE, object, NULL,
                           vw_explain_missing};

    return vw_walk_unknown(walk, packet, &stop, (int)object->kind);
}
