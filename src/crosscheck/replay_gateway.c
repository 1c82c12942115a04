/*
 * A record of a transit gateway's flow log: what it lost of a flow, against what the route
 * tables of the export do with it. Such a record has no action, and no group or network ACL
 * made it, so only the way to the gateway and through it counts: the packet is walked from
 * the interface that has its source address, whatever the filters there say. What was lost
 * for its size or its TTL no export tells.
 */
#include "crosscheck/replay_reading.h"

#include <string.h>

bool vw_replay_is_gateway(const struct vw_observation *row)
{
    size_t i;

    if (row->vantage && strncmp(row->vantage, "tgw-", 4) == 0)
        return true;
    for (i = 0; i < VW_LOST_COUNT; i++)
        if (row->lost[i] != VW_UNRECORDED)
            return true;
    return false;
}

/* What the walk says of the gateway, the last of each. */
struct passage {
    const struct vw_mark *passes, *stops, *open;
};

static bool is_gateway_step(enum vw_step_kind kind)
{
    return kind == VW_STEP_TRANSIT_GATEWAY || kind == VW_STEP_TRANSIT_TABLE ||
           kind == VW_STEP_TRANSIT_ATTACHMENT;
}

static struct passage read_passage(const struct vw_packet *packet)
{
    struct passage passage = {NULL, NULL, NULL};
    const struct vw_mark *mark;

    for (mark = packet->last; mark; mark = mark->previous) {
        const struct vw_mark **place;

        if (!is_gateway_step(mark->kind))
            continue;
        place = mark->decision == VW_DECISION_UNKNOWN ? &passage.open
                : mark->decision == VW_DECISION_DROP || mark->decision == VW_DECISION_DENY
                    ? &passage.stops
                    : &passage.passes;
        /* The table tells more than the gateway and the attachments around it. */
        if (!*place || mark->kind == VW_STEP_TRANSIT_TABLE)
            *place = mark;
    }
    return passage;
}

static bool is_lost(const struct vw_observation *row, enum vw_lost what)
{
    return row->lost[what] > 0;
}

static void read_row(struct vw_judging *it, const struct passage *passage)
{
    bool lost = is_lost(it->row, VW_LOST_NO_ROUTE) || is_lost(it->row, VW_LOST_BLACKHOLE);
    bool by_size =
        is_lost(it->row, VW_LOST_MTU_EXCEEDED) || is_lost(it->row, VW_LOST_TTL_EXPIRED);

    if (passage->stops && lost)
        vw_read_as(it, VW_READING_AS_EXPORTED, passage->stops);
    else if (passage->stops)
        vw_read_as(it, VW_READING_GATEWAY_CARRIED, passage->stops);
    else if (passage->open)
        vw_read_as(it, VW_READING_NOT_EXPORTED, passage->open);
    else if (!passage->passes)
        vw_read_as(it, VW_READING_GATEWAY_OTHER_WAY, NULL);
    else if (lost)
        vw_read_as(it, VW_READING_GATEWAY_LOST, passage->passes);
    else
        vw_read_as(it, by_size ? VW_READING_GATEWAY_SIZE : VW_READING_AS_EXPORTED,
                   passage->passes);
}

int vw_replay_judge_gateway(struct vw_judging *it)
{
    struct vw_replayer *replayer = it->replayer;
    const struct vw_world *world = replayer->facts->world;
    const struct vw_packets *done = &replayer->answer.walk.done;
    struct vw_sighting sent = *it->sighting;
    struct vw_box box;
    int error;

    if (sent.row.protocol < 0 ||
        (vw_protocol_has_ports(sent.row.protocol) &&
         (sent.row.source_port < 0 || sent.row.destination_port < 0)) ||
        sent.source.family == VW_FAMILY_NONE ||
        sent.destination.family == VW_FAMILY_NONE) {
        vw_read_as(it, VW_READING_NO_VANTAGE, NULL);
        return 0;
    }
    sent.interface = vw_replay_owner(world, VW_NONE, sent.source);
    sent.peer = vw_replay_owner(world, VW_NONE, sent.destination);
    sent.direction = VW_FLOW_DIRECTION_EGRESS;
    if (sent.interface == VW_NONE) {
        vw_read_as(it, VW_READING_NO_SENDER, NULL);
        return 0;
    }
    box = vw_replay_passing(&sent, false).box;
    error =
        vw_vantage_walk(world, sent.interface, sent.peer, &box, true, &replayer->answer);
    if (!error && done->count > 0) {
        struct passage passage = read_passage(&done->items[0]);

        read_row(it, &passage);
    }
    return error;
}
