/*
 * One recorded flow against what the groups and the network ACL of its interface decide.
 * A network ACL is stateless: what it decides does not depend on which end began. Groups
 * look at requests only, so where the two ends cannot be told apart a record that agrees
 * as a reply and not as a request stays undecided. An ACCEPT that groups deny proves a
 * rule only with a SYN, or where the log was whole for longer than tracking lasts; a
 * REJECT counts only of what opens a connection, for packets after a close are rejected
 * too.
 */
#include "crosscheck/replay.h"

#include <string.h>

#include "base/time.h"
#include "crosscheck/cross.h"
#include "reach/predict.h"

enum role { ROLE_UNKNOWN, ROLE_REQUEST, ROLE_REPLY };

struct judging {
    struct vw_replayer *replayer;
    const struct vw_conversation *conversation;
    const struct vw_sighting *sighting;
    const struct vw_observation *row;
    enum role role;
    struct vw_filters filters;
    struct vw_decider *decider;
};

static bool denies(const struct vw_mark *mark)
{
    return mark && mark->decision == VW_DECISION_DENY;
}

static bool is_open(const struct vw_mark *mark)
{
    return mark && mark->decision == VW_DECISION_UNKNOWN;
}

static void read_as(struct judging *it, enum vw_reading reading,
                    const struct vw_mark *mark)
{
    struct vw_decider *decider = it->decider;
    const struct vw_object *object = mark ? mark->object : NULL;

    decider->reading = reading;
    if (!mark)
        return;
    /* Interfaces of the same groups are denied by the same lack of a rule. */
    if (object && object->kind == VW_OBJECT_INTERFACE &&
        mark->kind == VW_STEP_SECURITY_GROUP && mark->decision == VW_DECISION_DENY) {
        uint32_t index;

        if (vw_world_find(it->replayer->world, VW_OBJECT_INTERFACE, object->id, &index))
            object =
                &vw_world_interface(it->replayer->world, it->replayer->group_sets[index])
                     ->object;
    }
    decider->object = object;
    decider->rule = mark->rule;
    decider->reason = mark->reason;
    decider->missing = mark->missing;
}

/* ---- what else was recorded of the conversation at this interface ---- */

/* Rows of the same interface: in the same direction, or in the other one. */
static bool was_recorded(const struct judging *it, bool same_way,
                         enum vw_flow_action action)
{
    const struct vw_conversation *conversation = it->conversation;
    size_t i;

    for (i = 0; i < conversation->count; i++) {
        const struct vw_sighting *other = &conversation->sightings[i];

        if (other->interface == it->sighting->interface && other->row->action == action &&
            (other->from_low == it->sighting->from_low) == same_way)
            return true;
    }
    return false;
}

/* A FIN or RST was accepted at this interface before the row ends. */
static bool was_closed(const struct judging *it)
{
    const struct vw_conversation *conversation = it->conversation;
    size_t i;

    for (i = 0; i < conversation->count; i++) {
        const struct vw_sighting *other = &conversation->sightings[i];
        const struct vw_observation *row = other->row;

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
static bool log_reaches_back(const struct judging *it, int64_t before)
{
    uint32_t number;
    int64_t since;

    if (it->row->first == VW_TIME_UNKNOWN ||
        !vw_map_get(it->replayer->reaches, it->row->vantage, &number))
        return false;
    since = it->replayer->since[number];
    return since != VW_TIME_UNKNOWN && since < it->row->first - before;
}

/* ---- readings ---- */

/* ACCEPT where `mark` denies. */
static void read_accepted(struct judging *it, const struct vw_mark *mark)
{
    read_as(it,
            was_recorded(it, true, VW_FLOW_ACTION_REJECT) ? VW_READING_CHANGED
                                                          : VW_READING_ACCEPTED,
            mark);
}

static void read_accepted_by_group(struct judging *it)
{
    const struct vw_observation *row = it->row;
    bool is_new =
        row->protocol == VW_TCP && row->tcp_flags != VW_UNRECORDED
            ? (row->tcp_flags & VW_TCP_SYN) != 0
            : log_reaches_back(it, tracking_time(row->protocol) + VW_FLOW_LOG_SLACK);

    if (it->role == ROLE_UNKNOWN)
        read_as(it, VW_READING_EITHER_WAY, it->filters.group);
    else if (is_new)
        read_accepted(it, it->filters.group);
    else
        read_as(it, VW_READING_TRACKED, it->filters.group);
}

/* Whether a REJECT is of packets that open no connection, which groups reject where they
 * do not know it. */
static bool opens_nothing(const struct judging *it)
{
    int32_t flags = it->row->tcp_flags;

    /* A reply to a request that this interface let pass is known to its groups. */
    if (it->role == ROLE_REPLY && was_recorded(it, false, VW_FLOW_ACTION_ACCEPT))
        return it->row->protocol == VW_TCP &&
               (flags == VW_UNRECORDED || !(flags & VW_TCP_SYN));
    if (it->role == ROLE_REPLY)
        return true;
    if (it->row->protocol != VW_TCP)
        return false;
    if (flags != VW_UNRECORDED)
        return !(flags & VW_TCP_SYN);
    return it->row->packets < 2 && it->row->records < 2;
}

/* What let it pass as the export has it: the group's rule, else the entry of the ACL. */
static const struct vw_mark *admitting(const struct judging *it)
{
    const struct vw_mark *group = it->filters.group;

    return group && group->decision == VW_DECISION_ALLOW ? group : it->filters.acl;
}

static void read_rejected(struct judging *it)
{
    const struct vw_mark *mark = admitting(it);

    if (it->row->reject_reason && strcmp(it->row->reject_reason, "EC") == 0)
        read_as(it, VW_READING_ENCRYPTION, NULL);
    else if (opens_nothing(it))
        read_as(it, was_closed(it) ? VW_READING_AFTER_CLOSE : VW_READING_NO_SYN, NULL);
    else if (was_recorded(it, true, VW_FLOW_ACTION_ACCEPT))
        read_as(it, VW_READING_CHANGED, mark);
    else
        read_as(it, VW_READING_REJECTED, mark);
    if (!it->decider->object)
        it->decider->eni = it->row->vantage;
}

/* REJECT where the filters allow: the way out may show why. */
static int judge_rejected(struct judging *it)
{
    struct vw_replayer *replayer = it->replayer;
    const struct vw_sighting *sighting = it->sighting;
    const struct vw_mark *mark;
    int error;

    read_rejected(it);
    if (it->decider->reading != VW_READING_REJECTED || it->role == ROLE_REPLY ||
        sighting->direction != VW_FLOW_DIRECTION_EGRESS)
        return 0;
    error = vw_replay_walk(replayer, sighting, false, &mark);
    if (!error && replayer->answer.walk.done.count > 0) {
        struct vw_story story = vw_story_read(&replayer->answer.walk.done.items[0]);

        if (story.no_route)
            read_as(it, VW_READING_NO_ROUTE, story.no_route);
    }
    return error;
}

static int judge_filters(struct judging *it)
{
    bool accepted = it->row->action == VW_FLOW_ACTION_ACCEPT;
    const struct vw_mark *group = it->filters.group, *acl = it->filters.acl;

    if (denies(acl) || (denies(group) && !accepted)) {
        if (accepted)
            read_accepted(it, acl);
    } else if (is_open(acl) || is_open(group)) {
        read_as(it, VW_READING_NOT_EXPORTED, is_open(acl) ? acl : group);
    } else if (denies(group)) {
        read_accepted_by_group(it);
    } else if (!accepted) {
        return judge_rejected(it);
    }
    return 0;
}

static int filter(struct judging *it, const struct vw_passing *passing)
{
    struct vw_replayer *replayer = it->replayer;
    int error;

    vw_arena_reset(&replayer->filter_arena);
    error = vw_vantage_filter(&replayer->filter, passing);
    if (!error)
        it->filters = vw_vantage_filters(&replayer->filter.done.items[0]);
    return error;
}

static int judge_plain(struct judging *it)
{
    struct vw_passing passing = vw_replay_passing(it->sighting, it->role == ROLE_REPLY);
    int error = filter(it, &passing);

    return error ? error : judge_filters(it);
}

/* ---- ICMP: no type is recorded, and nothing tells a request from its reply ---- */

static bool fits(const struct judging *it, const struct vw_filters *filters)
{
    bool accepted = it->row->action == VW_FLOW_ACTION_ACCEPT;

    return (denies(filters->acl) || denies(filters->group)) != accepted;
}

static bool is_unsure(const struct vw_filters *filters)
{
    return is_open(filters->acl) || is_open(filters->group);
}

/* Echo request and reply first; what neither explains another type may. */
static int judge_icmp(struct judging *it)
{
    struct vw_passing passing = vw_replay_passing(it->sighting, true);
    const struct vw_packets *done = &it->replayer->filter.done;
    bool other = false;
    int error = filter(it, &passing);
    size_t i;

    if (error ||
        (it->role != ROLE_REQUEST && !is_unsure(&it->filters) && fits(it, &it->filters)))
        return error;
    passing = vw_replay_passing(it->sighting, false);
    passing.box.source_ports = passing.box.ports = (struct vw_port_range){0, 255};
    error = vw_vantage_filter(&it->replayer->filter, &passing);
    for (i = 0; i < done->count && !error; i++) {
        struct vw_filters filters = vw_vantage_filters(&done->items[i]);
        other = other || (!is_unsure(&filters) && fits(it, &filters));
    }
    passing = vw_replay_passing(it->sighting, false);
    if (!error)
        error = filter(it, &passing);
    if (!error)
        error = judge_filters(it);
    if (!error && other &&
        vw_reading_result(it->decider->reading) == VW_REPLAY_CONTRADICTS)
        it->decider->reading = VW_READING_ICMP_TYPE;
    return error;
}

/* ---- all of it ---- */

static enum role role_of(const struct judging *it)
{
    enum vw_beginner beginner = it->conversation->beginner;

    if (beginner != VW_BEGINNER_UNKNOWN)
        return (beginner == VW_BEGINNER_LOW) == it->sighting->from_low ? ROLE_REQUEST
                                                                       : ROLE_REPLY;
    /* A reply passes only where its request did, which would have been recorded. */
    if (it->row->action == VW_FLOW_ACTION_ACCEPT &&
        !was_recorded(it, false, VW_FLOW_ACTION_ACCEPT) &&
        log_reaches_back(it, tracking_time(it->row->protocol) + VW_FLOW_LOG_SLACK))
        return ROLE_REQUEST;
    return ROLE_UNKNOWN;
}

/* Recorded as the filters say; but does the export bring it there? */
static int judge_arrival(struct judging *it)
{
    const struct vw_mark *mark;
    int error = vw_replay_lost(it->replayer, it->sighting, it->role == ROLE_REPLY, &mark);

    if (!error && mark && it->role == ROLE_UNKNOWN)
        error = vw_replay_lost(it->replayer, it->sighting, true, &mark);
    if (error || !mark)
        return error;
    if (mark->kind == VW_STEP_SECURITY_GROUP && it->row->protocol == VW_TCP &&
        (it->row->tcp_flags == VW_UNRECORDED || !(it->row->tcp_flags & VW_TCP_SYN)))
        read_as(it, VW_READING_TRACKED, mark);
    else
        read_as(it, VW_READING_ARRIVED, mark);
    return 0;
}

static bool can_be_judged(struct judging *it)
{
    if (!it->row->vantage)
        read_as(it, VW_READING_NO_VANTAGE, NULL);
    else if (it->sighting->interface == VW_NONE)
        read_as(it, VW_READING_NO_INTERFACE, NULL);
    else if (it->row->action == VW_FLOW_ACTION_SEEN)
        read_as(it, VW_READING_NO_ACTION, NULL);
    else if (it->sighting->direction == VW_FLOW_DIRECTION_UNKNOWN ||
             it->row->protocol < 0 ||
             (vw_protocol_has_ports(it->row->protocol) &&
              (it->row->source_port < 0 || it->row->destination_port < 0)))
        read_as(it, VW_READING_NO_DIRECTION, NULL);
    else
        return true;
    it->decider->eni = it->row->vantage;
    return false;
}

int vw_replay_judge(struct vw_replayer *replayer,
                    const struct vw_conversation *conversation,
                    const struct vw_sighting *sighting, struct vw_decider *ret)
{
    struct judging it = {.replayer = replayer,
                         .conversation = conversation,
                         .sighting = sighting,
                         .row = sighting->row,
                         .decider = ret};
    int error;

    *ret = (struct vw_decider){.reading = VW_READING_AS_EXPORTED,
                               .direction = sighting->direction,
                               .missing = -1};
    if (!can_be_judged(&it))
        return 0;
    it.role = role_of(&it);
    error = vw_protocol_is_icmp(it.row->protocol) ? judge_icmp(&it) : judge_plain(&it);
    if (!error && ret->reading == VW_READING_AS_EXPORTED)
        error = judge_arrival(&it);
    return error;
}
