/*
 * Whether a packet can come to the interface that recorded it. Only where the sender is
 * an interface of the export, and only where the walk is certain of every hop before: a
 * load balancer that keeps the client's address, or a hop that is not exported, may have
 * brought what the walk loses.
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

/* Targets of load balancers see clients that never addressed them. */
static bool is_target(const struct vw_world *world, uint32_t index)
{
    const struct vw_interface *interface = vw_world_interface(world, index);
    uint32_t i;
    size_t j, k;

    for (i = 0; i < vw_world_count(world, VW_OBJECT_TARGET_GROUP); i++) {
        const struct vw_target_group *group = vw_world_target_group(world, i);

        for (j = 0; j < group->target_count; j++) {
            const struct vw_target *target = &group->targets[j];

            if (target->instance != VW_NONE && target->instance == interface->instance)
                return true;
            for (k = 0; k < interface->address_count; k++)
                if (vw_prefix_contains(interface->addresses[k].prefix, target->address))
                    return true;
        }
    }
    return false;
}

static bool is_host(const struct vw_world *world, uint32_t index)
{
    const struct vw_interface *interface = vw_world_interface(world, index);

    return interface->role == VW_ROLE_HOST && interface->source_dest_check;
}

/* What loses the request before B, or the reply before A; NULL where that is not certain. */
static const struct vw_mark *loss(const struct vw_packet *packet, bool is_reply)
{
    struct vw_story story = vw_story_read(packet);

    if (is_reply)
        return story.reply_open       ? NULL
               : story.reply_rejected ? story.reply_rejected
                                      : story.reply_lost;
    if (story.open)
        return NULL;
    return story.out_rejected ? story.out_rejected : story.lost;
}

int vw_replay_walk(struct vw_replayer *replayer, const struct vw_sighting *sighting,
                   bool is_reply, const struct vw_mark **ret_mark)
{
    bool egress = sighting->direction == VW_FLOW_DIRECTION_EGRESS;
    uint32_t from = egress != is_reply ? sighting->interface : sighting->peer;
    uint32_t to = egress != is_reply ? sighting->peer : sighting->interface;
    struct vw_box box = vw_replay_passing(sighting, false).box;
    const struct vw_packets *done = &replayer->answer.walk.done;
    size_t i;
    int error;

    *ret_mark = NULL;
    if (is_reply)
        box = turned(box);
    error =
        vw_vantage_walk(replayer->world, from, to, &box, !is_reply, &replayer->answer);
    for (i = 0; i < done->count && !error; i++) {
        *ret_mark = loss(&done->items[i], is_reply);
        if (!*ret_mark)
            break;
    }
    return error;
}

int vw_replay_lost(struct vw_replayer *replayer, const struct vw_sighting *sighting,
                   bool is_reply, const struct vw_mark **ret_mark)
{
    const struct vw_world *world = replayer->world;
    int error;

    *ret_mark = NULL;
    if (sighting->direction != VW_FLOW_DIRECTION_INGRESS || sighting->peer == VW_NONE ||
        sighting->peer == sighting->interface || !is_host(world, sighting->peer) ||
        !is_host(world, sighting->interface))
        return 0;
    error = vw_replay_walk(replayer, sighting, is_reply, ret_mark);
    if (!error && *ret_mark && is_target(world, sighting->interface))
        *ret_mark = NULL;
    return error;
}
