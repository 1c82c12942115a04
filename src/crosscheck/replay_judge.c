/*
 * One recorded flow against what the groups and the network ACL of its interface decide.
 * A network ACL is stateless: what it decides does not depend on which end began. Groups
 * look at requests only, so where the two ends cannot be told apart a record that agrees
 * as a reply and not as a request stays undecided. An ACCEPT that groups deny proves a
 * rule only with a SYN, or where the log was whole for longer than tracking lasts; a
 * REJECT counts only of what opens a connection, for packets after a close are rejected
 * too.
 */
#include "crosscheck/replay_reading.h"

#include <string.h>

#include "base/address.h"
#include "reach/predict.h"

/* VPC Block Public Access and encryption controls say that it was they. */
static int judge_reason(struct vw_judging *it, bool *ret_judged)
{
    const char *reason = it->row->reject_reason;
    const struct vw_mark *mark;
    int error;

    *ret_judged = false;
    if (!reason || it->row->action != VW_FLOW_ACTION_REJECT)
        return 0;
    if (strcmp(reason, "EC") == 0) {
        *ret_judged = true;
        vw_read_as(it, VW_READING_ENCRYPTION, NULL);
    } else if (strcmp(reason, "BPA") == 0) {
        *ret_judged = true;
        error = vw_replay_walk(it->replayer, it->sighting, it->role == VW_ROLE_OF_REPLY,
                               &mark);
        if (error || vw_replay_met(it->replayer, VW_STEP_VPC,
                                   VW_REASON_VPC_BLOCK_PUBLIC_ACCESS_ENABLED, NULL))
            return error;
        vw_read_as(it, VW_READING_BLOCKED_PUBLIC, NULL);
        it->decider->object = &vw_world_vpc(it->replayer->facts->world,
                                            vw_world_interface(it->replayer->facts->world,
                                                               it->sighting->interface)
                                                ->vpc)
                                   ->object;
    }
    return 0;
}

/* What the walk from the interface says of the way out. */
static int walk_out(struct vw_judging *it, struct vw_story *ret)
{
    const struct vw_packets *done = &it->replayer->answer.walk.done;
    const struct vw_mark *mark;
    int error = vw_replay_walk(it->replayer, it->sighting, false, &mark);

    *ret = (struct vw_story){.sender_down = NULL};
    if (!error && done->count > 0)
        *ret = vw_story_read(&done->items[0]);
    return error;
}

static bool is_public_block(const struct vw_mark *mark)
{
    return mark && mark->reason == VW_REASON_VPC_BLOCK_PUBLIC_ACCESS_ENABLED;
}

/* REJECT where the filters allow: the way out may show why. */
static int judge_rejected(struct vw_judging *it)
{
    struct vw_story story;
    int error;

    vw_read_rejected(it);
    if (it->decider->reading != VW_READING_REJECTED || it->role == VW_ROLE_OF_REPLY ||
        it->sighting->direction != VW_FLOW_DIRECTION_EGRESS)
        return 0;
    error = walk_out(it, &story);
    if (error)
        return error;
    if (story.no_route)
        vw_read_as(it, VW_READING_NO_ROUTE, story.no_route);
    else if (is_public_block(story.out_rejected))
        vw_read_as(it, VW_READING_AS_EXPORTED, story.out_rejected);
    return 0;
}

/* ACCEPT of what leaves the VPC, where Block Public Access is on. */
static int judge_public(struct vw_judging *it)
{
    const struct vw_world *world = it->replayer->facts->world;
    const struct vw_sighting *sighting = it->sighting;
    uint32_t vpc = vw_world_interface(world, sighting->interface)->vpc;
    struct vw_story story;
    int error;

    if (!it->replayer->facts->blocks_public || it->role == VW_ROLE_OF_REPLY ||
        sighting->direction != VW_FLOW_DIRECTION_EGRESS ||
        vw_vpc_contains(vw_world_vpc(world, vpc), sighting->destination, NULL))
        return 0;
    error = walk_out(it, &story);
    if (!error && is_public_block(story.out_rejected))
        vw_read_accepted(it, story.out_rejected);
    return error;
}

/* Whether a hop in the interface's own subnet may have handed it over, past the ACL. */
static bool may_bypass_acl(const struct vw_judging *it)
{
    const struct vw_replay_facts *facts = it->replayer->facts;
    uint32_t subnet = vw_world_interface(facts->world, it->sighting->interface)->subnet;

    return it->sighting->direction == VW_FLOW_DIRECTION_INGRESS &&
           vw_filter_denies(it->filters.acl) && subnet != VW_NONE &&
           facts->has_forwarder[subnet];
}

static bool has_sender(const struct vw_sighting *sighting)
{
    return sighting->peer != VW_NONE || vw_address_is_public(sighting->source);
}

/* A rule names a group whose members' identity may come through or not. */
static bool may_lose_identity(const struct vw_judging *it)
{
    const struct vw_mark *group = it->filters.group;

    return it->sighting->direction == VW_FLOW_DIRECTION_INGRESS &&
           it->sighting->peer != VW_NONE && vw_filter_denies(group) && group->rule;
}

/* Asks the walk from the sender instead. */
static int settle(struct vw_judging *it)
{
    bool is_reply = it->role == VW_ROLE_OF_REPLY;
    enum vw_direction direction = is_reply ? VW_RETURN : VW_FORWARD;
    const struct vw_packets *done = &it->replayer->answer.walk.done;
    struct vw_filters walked = {NULL, NULL};
    const struct vw_mark *mark;
    int error;

    if (!may_lose_identity(it) && !(may_bypass_acl(it) && has_sender(it->sighting)))
        return 0;
    error = vw_replay_walk(it->replayer, it->sighting, is_reply, &mark);
    if (error || done->count == 0)
        return error;
    for (mark = done->items[0].last; mark; mark = mark->previous) {
        if (mark->direction != direction || !mark->at_end)
            continue;
        if (mark->stage == VW_STAGE_GROUP_IN)
            walked.group = mark;
        else if (mark->stage == VW_STAGE_ACL_IN)
            walked.acl = mark;
    }
    if (walked.group || walked.acl)
        it->filters = walked;
    return 0;
}

static int judge_filters(struct vw_judging *it)
{
    bool accepted = it->row->action == VW_FLOW_ACTION_ACCEPT;
    const struct vw_mark *group = it->filters.group, *acl = it->filters.acl;

    if (vw_filter_denies(acl) && accepted && may_bypass_acl(it) &&
        !has_sender(it->sighting)) {
        vw_read_as(it, VW_READING_WAY_UNKNOWN, acl);
    } else if (vw_filter_denies(acl) && accepted) {
        vw_read_accepted(it, acl);
    } else if (vw_filter_denies(acl) || (vw_filter_denies(group) && !accepted)) {
        vw_read_as(it, VW_READING_AS_EXPORTED, vw_filter_denies(acl) ? acl : group);
    } else if (vw_filter_is_open(acl) || vw_filter_is_open(group)) {
        vw_read_as(it, VW_READING_NOT_EXPORTED, vw_filter_is_open(acl) ? acl : group);
    } else if (vw_filter_denies(group)) {
        vw_read_accepted_by_group(it);
    } else if (!accepted) {
        return judge_rejected(it);
    } else {
        vw_read_as(it, VW_READING_AS_EXPORTED, vw_admitting(it));
        return judge_public(it);
    }
    return 0;
}

static int filter(struct vw_judging *it, const struct vw_passing *passing)
{
    struct vw_replayer *replayer = it->replayer;
    int error;

    vw_arena_reset(&replayer->filter_arena);
    error = vw_vantage_filter(&replayer->filter, passing);
    if (!error)
        it->filters = vw_vantage_filters(&replayer->filter.done.items[0]);
    return error;
}

static int judge_plain(struct vw_judging *it)
{
    struct vw_passing passing =
        vw_replay_passing(it->sighting, it->role == VW_ROLE_OF_REPLY);
    int error = filter(it, &passing);

    if (!error)
        error = settle(it);
    return error ? error : judge_filters(it);
}

/* ---- ICMP: no type is recorded, and nothing tells a request from its reply ---- */

static bool fits(const struct vw_judging *it, const struct vw_filters *filters)
{
    bool accepted = it->row->action == VW_FLOW_ACTION_ACCEPT;

    return (vw_filter_denies(filters->acl) || vw_filter_denies(filters->group)) !=
           accepted;
}

static bool is_unsure(const struct vw_filters *filters)
{
    return vw_filter_is_open(filters->acl) || vw_filter_is_open(filters->group);
}

/* Echo request and reply first; what neither explains another type may. */
static int judge_icmp(struct vw_judging *it)
{
    struct vw_passing passing = vw_replay_passing(it->sighting, true);
    const struct vw_packets *done = &it->replayer->filter.done;
    bool other = false;
    int error = filter(it, &passing);
    size_t i;

    if (error || (it->role != VW_ROLE_OF_REQUEST && !is_unsure(&it->filters) &&
                  fits(it, &it->filters)))
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
        error = settle(it);
    if (!error)
        error = judge_filters(it);
    if (!error && other &&
        vw_reading_result(it->decider->reading) == VW_REPLAY_CONTRADICTS)
        it->decider->reading = VW_READING_ICMP_TYPE;
    return error;
}

/* ---- all of it ---- */

/* Recorded as the filters say; but does the export bring it there? */
static int judge_arrival(struct vw_judging *it)
{
    const struct vw_mark *mark;
    int error =
        vw_replay_lost(it->replayer, it->sighting, it->role == VW_ROLE_OF_REPLY, &mark);

    if (!error && mark && it->role == VW_ROLE_OF_UNKNOWN)
        error = vw_replay_lost(it->replayer, it->sighting, true, &mark);
    if (error || !mark)
        return error;
    if (mark->kind == VW_STEP_SECURITY_GROUP && it->row->protocol == VW_TCP &&
        (it->row->tcp_flags == VW_UNRECORDED || !(it->row->tcp_flags & VW_TCP_SYN)))
        vw_read_as(it, VW_READING_TRACKED, mark);
    else
        vw_read_as(it, VW_READING_ARRIVED, mark);
    return 0;
}

static bool can_be_judged(struct vw_judging *it)
{
    if (it->sighting->interface == VW_NONE)
        vw_read_as(it,
                   it->row->vantage && strncmp(it->row->vantage, "eni-", 4) == 0
                       ? VW_READING_NO_INTERFACE
                       : VW_READING_NO_VANTAGE,
                   NULL);
    else if (it->row->action == VW_FLOW_ACTION_SEEN)
        vw_read_as(it, VW_READING_NO_ACTION, NULL);
    else if (it->sighting->direction == VW_FLOW_DIRECTION_UNKNOWN ||
             it->row->protocol < 0 ||
             (vw_protocol_has_ports(it->row->protocol) &&
              (it->row->source_port < 0 || it->row->destination_port < 0)))
        vw_read_as(it, VW_READING_NO_DIRECTION, NULL);
    else
        return true;
    return false;
}

/* Addresses at which AWS may answer itself, whatever the filters say. */
static bool may_be_service(const struct vw_judging *it)
{
    const struct vw_world *world = it->replayer->facts->world;
    const struct vw_sighting *sighting = it->sighting;
    bool egress = sighting->direction == VW_FLOW_DIRECTION_EGRESS;
    struct vw_address peer = egress ? sighting->destination : sighting->source;
    const struct vw_vpc *vpc;

    if (sighting->peer != VW_NONE)
        return false;
    if ((peer.family == VW_FAMILY_IPV4 && peer.low >> 16 == 0xa9fe) ||
        (peer.family == VW_FAMILY_IPV6 && peer.high >> 32 == 0xfd000ec2))
        return true;
    vpc = vw_world_vpc(world, vw_world_interface(world, sighting->interface)->vpc);
    return vw_vpc_contains(vpc, peer, NULL);
}

/* Flow logs do not record what AWS's own services of a VPC are asked and answer. */
static int judge_service(struct vw_judging *it, bool *ret_judged)
{
    bool egress = it->sighting->direction == VW_FLOW_DIRECTION_EGRESS;
    const struct vw_mark *mark;
    int error;

    *ret_judged = false;
    if (!may_be_service(it))
        return 0;
    error = vw_replay_walk(it->replayer, it->sighting, !egress, &mark);
    if (!error &&
        vw_replay_met(it->replayer, VW_STEP_AWS_SERVICE, VW_REASON_NONE, &mark)) {
        *ret_judged = true;
        vw_read_as(it, VW_READING_NEVER_LOGGED, NULL);
    }
    return error;
}

static int32_t service_port(const struct vw_judging *it)
{
    int32_t from = it->row->source_port, to = it->row->destination_port;

    if (!vw_protocol_has_ports(it->row->protocol))
        return VW_UNRECORDED;
    switch (it->role) {
    case VW_ROLE_OF_REQUEST:
        return to;
    case VW_ROLE_OF_REPLY:
        return from;
    case VW_ROLE_OF_UNKNOWN:
        break;
    }
    return from < to ? from : to;
}

static int judge(struct vw_judging *it)
{
    bool judged;
    int error = judge_service(it, &judged);

    if (!error && !judged)
        error = judge_reason(it, &judged);
    if (error || judged)
        return error;
    error = vw_protocol_is_icmp(it->row->protocol) ? judge_icmp(it) : judge_plain(it);
    if (!error && it->decider->reading == VW_READING_AS_EXPORTED)
        error = judge_arrival(it);
    return error;
}

int vw_replay_judge(struct vw_replayer *replayer,
                    const struct vw_replay_exchange *conversation,
                    const struct vw_sighting *sighting, struct vw_group_key *ret)
{
    struct vw_judging it = {.replayer = replayer,
                            .conversation = conversation,
                            .sighting = sighting,
                            .row = &sighting->row,
                            .decider = &ret->decider};
    int error = 0;

    ret->decider = (struct vw_decider){.reading = VW_READING_AS_EXPORTED,
                                       .direction = (uint8_t)sighting->direction,
                                       .missing = -1};
    if (sighting->interface == VW_NONE && vw_replay_is_gateway(&sighting->row)) {
        error = vw_replay_judge_gateway(&it);
    } else if (can_be_judged(&it)) {
        it.role = vw_role_of(&it);
        error = judge(&it);
    }
    ret->protocol = sighting->row.protocol;
    ret->port = service_port(&it);
    return error;
}
