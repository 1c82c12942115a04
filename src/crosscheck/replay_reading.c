/* What a record can be read as; see replay_judge.c for when. */
#include "crosscheck/replay_reading.h"

#include "base/time.h"
#include "crosscheck/cross.h"

/* The index of an interface that the flow is about, or VW_NONE. */
static uint32_t interface_of(const struct vw_judging *it, const struct vw_object *object)
{
    const struct vw_world *world = it->replayer->facts->world;
    const struct vw_sighting *sighting = it->sighting;
    uint32_t index;

    if (&vw_world_interface(world, sighting->interface)->object == object)
        return sighting->interface;
    if (sighting->peer != VW_NONE &&
        &vw_world_interface(world, sighting->peer)->object == object)
        return sighting->peer;
    return vw_world_find(world, VW_OBJECT_INTERFACE, object->id, &index) ? index
                                                                         : VW_NONE;
}

void vw_read_as(struct vw_judging *it, enum vw_reading reading,
                const struct vw_mark *mark)
{
    const struct vw_replay_facts *facts = it->replayer->facts;
    struct vw_decider *decider = it->decider;
    const struct vw_object *object = mark ? mark->object : NULL;

    decider->reading = (uint8_t)reading;
    if (!mark)
        return;
    /* Interfaces of the same groups are denied by the same lack of a rule. */
    if (object && object->kind == VW_OBJECT_INTERFACE &&
        mark->kind == VW_STEP_SECURITY_GROUP && mark->decision == VW_DECISION_DENY) {
        uint32_t index = interface_of(it, object);

        if (index != VW_NONE)
            object = &vw_world_interface(facts->world, facts->group_sets[index])->object;
    }
    decider->object = object;
    decider->rule = mark->rule;
    decider->reason = (uint16_t)mark->reason;
    decider->missing = mark->missing;
}

/* ---- what else was recorded of the conversation at this interface ---- */

/* Rows of the same interface: in the same direction, or in the other one. */
static bool was_recorded(const struct vw_judging *it, bool same_way,
                         enum vw_flow_action action)
{
    const struct vw_replay_exchange *conversation = it->conversation;
    size_t i;

    for (i = 0; i < conversation->count; i++) {
        const struct vw_sighting *other = &conversation->sightings[i];

        if (other->interface == it->sighting->interface && other->row.action == action &&
            (other->from_low == it->sighting->from_low) == same_way)
            return true;
    }
    return false;
}

/* A FIN or RST was accepted at this interface before the row ends. */
static bool was_closed(const struct vw_judging *it)
{
    const struct vw_replay_exchange *conversation = it->conversation;
    size_t i;

    for (i = 0; i < conversation->count; i++) {
        const struct vw_sighting *other = &conversation->sightings[i];
        const struct vw_observation *row = &other->row;

        if (other->interface == it->sighting->interface &&
            row->action == VW_FLOW_ACTION_ACCEPT && row->tcp_flags != VW_UNRECORDED &&
            (row->tcp_flags & (VW_TCP_FIN | VW_TCP_RST)) != 0 &&
            (row->first == VW_TIME_UNKNOWN || it->row->last == VW_TIME_UNKNOWN ||
             row->first <= it->row->last + VW_FLOW_LOG_SLACK))
            return true;
    }
    return false;
}

static int64_t tracking_time(int protocol)
{
    return (protocol == VW_TCP ? 432000 : protocol == VW_UDP ? 180 : 600) * VW_SECOND;
}

/* Whether the interface's log is whole for at least `before` ahead of the row. */
static bool log_reaches_back(const struct vw_judging *it, int64_t before)
{
    int64_t since = it->sighting->since;

    return it->row->first != VW_TIME_UNKNOWN && since != VW_TIME_UNKNOWN &&
           since < it->row->first - before;
}

/* ---- readings ---- */

/* ACCEPT where `mark` denies. */
void vw_read_accepted(struct vw_judging *it, const struct vw_mark *mark)
{
    vw_read_as(it,
               was_recorded(it, true, VW_FLOW_ACTION_REJECT) ? VW_READING_CHANGED
                                                             : VW_READING_ACCEPTED,
               mark);
}

void vw_read_accepted_by_group(struct vw_judging *it)
{
    const struct vw_observation *row = it->row;
    bool is_new =
        row->protocol == VW_TCP && row->tcp_flags != VW_UNRECORDED
            ? (row->tcp_flags & VW_TCP_SYN) != 0
            : log_reaches_back(it, tracking_time(row->protocol) + VW_FLOW_LOG_SLACK);

    if (it->role == VW_ROLE_OF_UNKNOWN)
        vw_read_as(it, VW_READING_EITHER_WAY, it->filters.group);
    else if (is_new)
        vw_read_accepted(it, it->filters.group);
    else
        vw_read_as(it, VW_READING_TRACKED, it->filters.group);
}

/* Whether a REJECT is of packets that open no connection, which groups reject where they
 * do not know it. */
static bool opens_nothing(const struct vw_judging *it)
{
    const struct vw_observation *row = it->row;
    bool has_flags = row->tcp_flags != VW_UNRECORDED;

    /* A reply to a request that this interface let pass is known to its groups; without
     * flags, one that was never accepted is no late packet of a connection. */
    if (it->role == VW_ROLE_OF_REPLY)
        return !was_recorded(it, false, VW_FLOW_ACTION_ACCEPT) ||
               (row->protocol == VW_TCP && has_flags && !(row->tcp_flags & VW_TCP_SYN));
    if (row->protocol != VW_TCP)
        return false;
    if (has_flags)
        return !(row->tcp_flags & VW_TCP_SYN);
    return row->packets < 2 && row->records < 2;
}

/* What let it pass as the export has it: the group's rule, else the entry of the ACL. */
const struct vw_mark *vw_admitting(const struct vw_judging *it)
{
    const struct vw_mark *group = it->filters.group;

    return group && group->decision == VW_DECISION_ALLOW ? group : it->filters.acl;
}

void vw_read_rejected(struct vw_judging *it)
{
    const struct vw_mark *mark = vw_admitting(it);
    bool mixed = was_recorded(it, true, VW_FLOW_ACTION_ACCEPT);

    if (mixed && it->row->protocol == VW_TCP && it->row->tcp_flags == VW_UNRECORDED)
        vw_read_as(it, VW_READING_MIXED, NULL);
    else if (opens_nothing(it))
        vw_read_as(it, was_closed(it) ? VW_READING_AFTER_CLOSE : VW_READING_NO_SYN, NULL);
    else
        vw_read_as(it, mixed ? VW_READING_CHANGED : VW_READING_REJECTED, mark);
}

enum vw_role vw_role_of(const struct vw_judging *it)
{
    enum vw_beginner beginner = it->conversation->beginner;

    if (beginner != VW_BEGINNER_UNKNOWN)
        return (beginner == VW_BEGINNER_LOW) == it->sighting->from_low
                   ? VW_ROLE_OF_REQUEST
                   : VW_ROLE_OF_REPLY;
    /* A reply passes only where its request did, which would have been recorded. */
    if (it->row->action == VW_FLOW_ACTION_ACCEPT &&
        !was_recorded(it, false, VW_FLOW_ACTION_ACCEPT) &&
        log_reaches_back(it, tracking_time(it->row->protocol) + VW_FLOW_LOG_SLACK))
        return VW_ROLE_OF_REQUEST;
    return VW_ROLE_OF_UNKNOWN;
}
