/*
 * Whether a packet can come to the interface that recorded it, told by a walk from its
 * sender. It proves something only where the walk is certain of every hop before, and
 * where nothing else could have brought the packet: not at the target of a load balancer,
 * which may keep the client's address, and from outside the export only where the
 * interface has a public address to be reached by.
 */
#include "crosscheck/replay.h"

#include "base/address.h"
#include "reach/predict.h"

static struct vw_box turned(struct vw_box box)
{
    struct vw_box back = box;

    back.source = box.destination;
    back.destination = box.source;
    if (vw_protocol_has_ports(box.protocol)) {
        back.source_ports = box.ports;
        back.ports = box.source_ports;
    }
    return back;
}

static bool is_host(const struct vw_world *world, uint32_t index)
{
    const struct vw_interface *interface = vw_world_interface(world, index);

    return interface->role == VW_ROLE_HOST && interface->source_dest_check;
}

/* By which address the internet reaches the interface; false where by none. */
static bool public_address(const struct vw_interface *interface, enum vw_family family,
                           struct vw_address own, struct vw_address *ret)
{
    size_t i;

    if (family == VW_FAMILY_IPV6) {
        *ret = own;
        return vw_address_is_public(own);
    }
    for (i = 0; i < interface->address_count; i++) {
        *ret = interface->addresses[i].public_address;
        if (ret->family == family)
            return true;
    }
    return false;
}

/* What loses the request before B, or the reply before A; NULL where that is not certain.
 * A reply proves that there was a way for the request too. */
static const struct vw_mark *loss(const struct vw_packet *packet, bool is_reply)
{
    struct vw_story story = vw_story_read(packet);

    if (story.open || (is_reply && story.reply_open))
        return NULL;
    if (!is_reply && story.in_rejected &&
        story.in_rejected->reason == VW_REASON_VPC_BLOCK_PUBLIC_ACCESS_ENABLED)
        return story.in_rejected;
    if (!is_reply)
        return story.out_rejected ? story.out_rejected : story.lost;
    if (story.lost)
        return story.lost;
    return story.reply_rejected ? story.reply_rejected : story.reply_lost;
}

int vw_replay_walk(struct vw_replayer *replayer, const struct vw_sighting *sighting,
                   bool is_reply, const struct vw_mark **ret_mark)
{
    const struct vw_world *world = replayer->facts->world;
    bool egress = sighting->direction == VW_FLOW_DIRECTION_EGRESS;
    uint32_t from = egress != is_reply ? sighting->interface : sighting->peer;
    uint32_t to = egress != is_reply ? sighting->peer : sighting->interface;
    struct vw_box box = vw_replay_passing(sighting, false).box;
    const struct vw_packets *done = &replayer->answer.walk.done;
    struct vw_address address;
    size_t i;
    int error;

    *ret_mark = NULL;
    if (is_reply)
        box = turned(box);
    if (from == VW_NONE && to != VW_NONE &&
        public_address(vw_world_interface(world, to), box.source.first.family,
                       box.destination.first, &address))
        box.destination = vw_range_single(address);
    error = vw_vantage_walk(world, from, to, &box, !is_reply, &replayer->answer);
    for (i = 0; i < done->count && !error; i++) {
        *ret_mark = loss(&done->items[i], is_reply);
        if (!*ret_mark)
            break;
    }
    return error;
}

static bool proves(const struct vw_replayer *replayer, const struct vw_sighting *sighting,
                   bool is_reply)
{
    const struct vw_world *world = replayer->facts->world;
    struct vw_address address;

    if (sighting->direction != VW_FLOW_DIRECTION_INGRESS ||
        sighting->peer == sighting->interface || !is_host(world, sighting->interface) ||
        !vw_interface_owns(vw_world_interface(world, sighting->interface),
                           sighting->destination))
        return false;
    if (sighting->peer != VW_NONE)
        return is_host(world, sighting->peer);
    return vw_address_is_public(sighting->source) &&
           (is_reply ||
            public_address(vw_world_interface(world, sighting->interface),
                           sighting->source.family, sighting->destination, &address));
}

int vw_replay_lost(struct vw_replayer *replayer, const struct vw_sighting *sighting,
                   bool is_reply, const struct vw_mark **ret_mark)
{
    int error;

    *ret_mark = NULL;
    if (!proves(replayer, sighting, is_reply))
        return 0;
    error = vw_replay_walk(replayer, sighting, is_reply, ret_mark);
    if (!error && *ret_mark && replayer->facts->is_target[sighting->interface])
        *ret_mark = NULL;
    return error;
}

bool vw_replay_met(const struct vw_replayer *replayer, enum vw_step_kind kind,
                   enum vw_reason reason, const struct vw_mark **ret_mark)
{
    const struct vw_packets *done = &replayer->answer.walk.done;
    const struct vw_mark *mark;
    size_t i;

    for (i = 0; i < done->count; i++) {
        for (mark = done->items[i].last; mark; mark = mark->previous) {
            if (mark->kind != kind || (reason && mark->reason != reason))
                continue;
            if (ret_mark)
                *ret_mark = mark;
            return true;
        }
    }
    return false;
}
