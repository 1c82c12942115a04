/*
 * Ways between which AWS chooses; see fork.h. Two packets of one fork that stand for the
 * same part of the question are two ways of it: where both fare alike that is the answer,
 * where they do not nobody can say.
 */
#include "reach/fork.h"

#include "reach/explain.h"
#include "reach/pieces.h"

static int explain_open(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    return vw_explain_sentence(explainer,
                               "in which Availability Zone %s%s delivers is for AWS to "
                               "choose, and not every way passes: %s stops one",
                               mark->object->id, vw_explain_name(explainer, mark->object),
                               mark->other ? mark->other->id : "something");
}

void vw_fork_begin(struct vw_walk *walk, struct vw_packet *packet,
                   const struct vw_object *object)
{
    if (packet->fork != 0)
        return;
    packet->fork = ++walk->forks;
    packet->fork_at = object;
    packet->fork_direction = packet->direction;
}

int vw_fork_add(struct vw_walk *walk, const struct vw_packet *packet)
{
    if (walk->waiting.count >= VW_PIECES_MAX)
        return VW_ERROR_LIMIT;
    return vw_array_push(&walk->waiting, *packet);
}

/* The first thing that stops a blocked packet. */
static const struct vw_object *stopper_of(const struct vw_packet *packet)
{
    const struct vw_object *found = NULL;
    const struct vw_mark *mark;

    for (mark = packet->last; mark; mark = mark->previous)
        if (vw_mark_stops(mark))
            found = mark->object;
    return found;
}

/* One of two ways passes, or may: which is taken is open. The one that is not blocked
 * stands for both. */
static int make_unknown(struct vw_walk *walk, struct vw_packet *kept,
                        const struct vw_packet *other)
{
    const struct vw_packet *blocked = kept->blocked ? kept : other;
    const struct vw_object *stopper = stopper_of(blocked);
    struct vw_packet open = kept->blocked ? *other : *kept;
    struct vw_mark *mark;

    open.asked = kept->asked;
    mark = vw_walk_mark(walk, &open, VW_STEP_TRANSIT_ATTACHMENT, VW_DECISION_UNKNOWN,
                        VW_REASON_VW_ZONE_NOT_KNOWN, open.fork_at, explain_open);
    if (!mark)
        return VW_ERROR_NO_MEMORY;
    mark->stage = VW_STAGE_TRANSIT;
    mark->direction = open.fork_direction;
    mark->other = stopper;
    *kept = open;
    return 0;
}

/* Settles `packet` against the settled ones from `first` on, and adds what is left of it. */
static int settle_one(struct vw_walk *walk, struct vw_packets *settled, size_t first,
                      struct vw_packet packet)
{
    struct vw_box parts[VW_BOX_PARTS];
    size_t i, j, count;

    for (i = first; i < settled->count; i++) {
        struct vw_packet *kept = &settled->items[i];
        struct vw_packet rest = packet;
        int error = 0;

        if (kept->fork != packet.fork || !vw_box_overlaps(&kept->asked, &packet.asked))
            continue;
        count = vw_box_split(&packet.asked, &kept->asked, parts);
        for (j = 0; j < count && !error; j++) {
            rest.asked = parts[j];
            error = settle_one(walk, settled, i + 1, rest);
        }
        if (error)
            return error;
        kept = &settled->items[i];
        if (vw_packet_verdict(kept) == vw_packet_verdict(&packet))
            return 0;
        rest = *kept;
        count = vw_box_split(&kept->asked, &packet.asked, parts);
        error = make_unknown(walk, kept, &packet);
        for (j = 0; j < count && !error; j++) {
            rest.asked = parts[j];
            error = vw_array_push(settled, rest);
        }
        return error;
    }
    return vw_array_push(settled, packet);
}

int vw_fork_settle(struct vw_walk *walk)
{
    struct vw_packets settled = {0};
    size_t i;
    int error = 0;

    if (walk->forks == 0)
        return 0;
    for (i = 0; i < walk->done.count && !error; i++)
        error = walk->done.items[i].fork == 0
                    ? vw_array_push(&settled, walk->done.items[i])
                    : settle_one(walk, &settled, 0, walk->done.items[i]);
    if (error) {
        vw_array_free(&settled);
        return error;
    }
    vw_array_free(&walk->done);
    walk->done = settled;
    return 0;
}
