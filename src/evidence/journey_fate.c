/*
 * What became of each flow, from who saw what. A host's capture sees a packet before the
 * network's filters on its way out and behind them on its way in: a request at B has
 * passed all of AWS. Security groups, network ACLs and VPC routers drop in silence, so an
 * error or a reset comes from a host or an appliance; which one, its sender and its time to
 * live tell.
 *
 *     A sees                B sees                   so
 *     request, no reply     request, reply           reply lost
 *     request, no reply     request, no reply        B did not answer
 *     request, no reply     nothing, but recorded    request lost
 *     request, no reply     another time             nothing proved
 *     reset                 reset / none             refused by B / by something before it
 */
#include "evidence/journey.h"

#include "base/address.h"

/* One journey being judged. */
struct judgement {
    const struct vw_journeys *journeys;
    struct vw_journey *journey;
    const struct vw_journey_leg *source, *between,
        *target;                         /* that have the flow, or NULL */
    const struct vw_journey_leg *silent; /* at the target without the flow, or NULL */
};

static const struct vw_capture *capture_of(const struct judgement *judgement,
                                           const struct vw_journey_leg *leg)
{
    return judgement->journeys->witnesses[leg - judgement->journey->legs].capture;
}

static struct vw_echo_series echo_of(const struct judgement *judgement,
                                     const struct vw_journey_leg *leg)
{
    struct vw_echo_series echo;

    vw_capture_get_echo(capture_of(judgement, leg), leg->index, &echo);
    return echo;
}

static struct vw_conversation conversation_of(const struct judgement *judgement,
                                              const struct vw_journey_leg *leg)
{
    struct vw_conversation conversation;

    vw_capture_get_conversation(capture_of(judgement, leg), leg->index, &conversation);
    return conversation;
}

/* ---- ICMP errors ---- */

static enum vw_fate fate_of_v6(const struct vw_icmp_error *error)
{
    static const enum vw_fate unreachable[] = {
        VW_FATE_NO_ROUTE,  VW_FATE_PROHIBITED,       VW_FATE_UNREACHABLE,
        VW_FATE_NO_HOST,   VW_FATE_PORT_UNREACHABLE, VW_FATE_PROHIBITED,
        VW_FATE_PROHIBITED};

    if (error->type == 2)
        return VW_FATE_MTU_DISCOVERED;
    if (error->type == 3)
        return VW_FATE_EXPIRED;
    if (error->type == 1 && error->code < sizeof unreachable / sizeof *unreachable)
        return unreachable[error->code];
    return VW_FATE_UNREACHABLE;
}

static enum vw_fate fate_of_error(const struct vw_icmp_error *error)
{
    static const enum vw_fate unreachable[] = {
        VW_FATE_NO_ROUTE,         VW_FATE_NO_HOST,        VW_FATE_UNREACHABLE,
        VW_FATE_PORT_UNREACHABLE, VW_FATE_MTU_DISCOVERED, VW_FATE_UNREACHABLE,
        VW_FATE_NO_ROUTE,         VW_FATE_NO_HOST,        VW_FATE_UNREACHABLE,
        VW_FATE_PROHIBITED,       VW_FATE_PROHIBITED,     VW_FATE_NO_ROUTE,
        VW_FATE_NO_HOST,          VW_FATE_PROHIBITED};

    if (error->six)
        return fate_of_v6(error);
    if (error->type == 11)
        return VW_FATE_EXPIRED;
    if (error->type == 3 && error->code < sizeof unreachable / sizeof *unreachable)
        return unreachable[error->code];
    return VW_FATE_UNREACHABLE;
}

/* Whether an error explains why there was no answer. */
static bool is_told(struct judgement *judgement, const struct vw_journey_leg *leg)
{
    struct vw_icmp_error error;

    if (!vw_journey_error(judgement->journeys, judgement->journey, leg, &error))
        return false;
    judgement->journey->fate = fate_of_error(&error);
    judgement->journey->is_proved = true;
    if (judgement->journey->fate == VW_FATE_MTU_DISCOVERED)
        judgement->journey->path_mtu = error.mtu;
    return true;
}

/* ---- silence ---- */

static void set(struct judgement *judgement, enum vw_fate fate, bool proved)
{
    judgement->journey->fate = fate;
    judgement->journey->is_proved = proved;
}

/* No answer at the source, nothing of it at the target. */
static void lost_or_unknown(struct judgement *judgement)
{
    const struct vw_journey_leg *silent = judgement->silent;

    if (!silent) {
        set(judgement, VW_FATE_NO_REPLY, true);
        return;
    }
    switch (silent->cover) {
    case VW_COVER_SEEN:
    case VW_COVER_RUNNING:
        set(judgement, VW_FATE_REQUEST_LOST, true);
        break;
    case VW_COVER_MAYBE:
    case VW_COVER_FILTERED:
        set(judgement, VW_FATE_REQUEST_LOST, false);
        break;
    case VW_COVER_ELSEWHEN:
    case VW_COVER_IMPERFECT:
        set(judgement, VW_FATE_UNDECIDED, false);
        break;
    }
}

/* ---- pings ---- */

static void judge_echo_at_both(struct judgement *judgement)
{
    struct vw_echo_series there = echo_of(judgement, judgement->target);

    if (there.sent > 0 && there.answered + there.unasked == 0)
        set(judgement,
            there.undecided == there.sent ? VW_FATE_UNDECIDED : VW_FATE_NOT_ANSWERED,
            there.undecided < there.sent);
    else
        set(judgement, VW_FATE_REPLY_LOST, true);
}

static void judge_echo(struct judgement *judgement)
{
    struct vw_echo_series here;

    if (!judgement->source) {
        set(judgement, VW_FATE_UNDECIDED, false);
        return;
    }
    here = echo_of(judgement, judgement->source);
    judgement->journey->is_fragmented = here.is_fragmented;
    if (here.answered + here.unasked > 0) {
        set(judgement, here.unanswered > 0 ? VW_FATE_PARTLY_LOST : VW_FATE_BOTH_WAYS,
            true);
    } else if (is_told(judgement, judgement->source)) {
        return;
    } else if (judgement->target) {
        judge_echo_at_both(judgement);
        judgement->journey->is_proved &= here.undecided < here.sent;
    } else if (here.undecided == here.sent) {
        set(judgement, VW_FATE_UNDECIDED, false);
    } else {
        lost_or_unknown(judgement);
    }
}

/* ---- connections and exchanges ---- */

/* A reset at the source: whether B sent it. */
static void judge_reset(struct judgement *judgement)
{
    struct vw_conversation there;

    if (!judgement->target) {
        bool nothing_there =
            judgement->silent && judgement->silent->cover == VW_COVER_RUNNING;

        set(judgement,
            nothing_there ? VW_FATE_REFUSED_BETWEEN : VW_FATE_REFUSED_SOMEWHERE,
            nothing_there);
        return;
    }
    there = conversation_of(judgement, judgement->target);
    set(judgement,
        there.reset_by == VW_RESPONDER ? VW_FATE_REFUSED : VW_FATE_REFUSED_BETWEEN, true);
}

/* Nothing came back for the source; the target has the flow. */
static void judge_silence_at_both(struct judgement *judgement)
{
    struct vw_conversation there = conversation_of(judgement, judgement->target);
    bool answered = there.packets[VW_RESPONDER] > 0;

    set(judgement, answered ? VW_FATE_REPLY_LOST : VW_FATE_NOT_ANSWERED, true);
}

static void judge_silence(struct judgement *judgement)
{
    if (is_told(judgement, judgement->source))
        return;
    if (judgement->target)
        judge_silence_at_both(judgement);
    else
        lost_or_unknown(judgement);
}

static void judge_outcome(struct judgement *judgement, const struct vw_conversation *here)
{
    switch (here->outcome) {
    case VW_TALK_OPEN:
    case VW_TALK_CLOSED:
    case VW_TALK_HALF_CLOSED:
    case VW_TALK_RESET:
    case VW_TALK_ANSWERED:
        set(judgement, VW_FATE_BOTH_WAYS, true);
        break;
    case VW_TALK_STALLED:
        set(judgement, VW_FATE_STALLED, true);
        break;
    case VW_TALK_REFUSED:
        judge_reset(judgement);
        break;
    case VW_TALK_REJECTED:
        if (!is_told(judgement, judgement->source))
            set(judgement, VW_FATE_UNREACHABLE, true);
        break;
    case VW_TALK_NO_ANSWER:
    case VW_TALK_ABORTED:
        judge_silence(judgement);
        break;
    case VW_TALK_MIDSTREAM:
        set(judgement,
            here->packets[VW_RESPONDER] > 0 && here->packets[VW_ORIGINATOR] > 0
                ? VW_FATE_BOTH_WAYS
                : VW_FATE_ONE_SIDED,
            true);
        break;
    case VW_TALK_NO_CONFIRMATION:
    case VW_TALK_ONE_SIDED:
    case VW_TALK_ELSEWHERE:
        set(judgement, VW_FATE_ONE_SIDED, true);
        break;
    case VW_TALK_UNDECIDED:
        if (judgement->target && judgement->source)
            judge_silence_at_both(judgement);
        else
            set(judgement, VW_FATE_UNDECIDED, false);
        judgement->journey->is_proved = false;
        break;
    case VW_TALK_CUT:
        set(judgement, VW_FATE_UNDECIDED, false);
        break;
    }
}

/* Only B's end has it. */
static void judge_from_target(struct judgement *judgement)
{
    struct vw_conversation there = conversation_of(judgement, judgement->target);

    switch (there.outcome) {
    case VW_TALK_NO_CONFIRMATION:
        /* The request came, and what answers it was answered by nothing. */
        set(judgement, VW_FATE_REPLY_LOST, false);
        break;
    case VW_TALK_NO_ANSWER:
        set(judgement, VW_FATE_NOT_ANSWERED, true);
        break;
    case VW_TALK_REFUSED:
        set(judgement, VW_FATE_REFUSED, true);
        break;
    case VW_TALK_OPEN:
    case VW_TALK_CLOSED:
    case VW_TALK_HALF_CLOSED:
    case VW_TALK_RESET:
    case VW_TALK_STALLED:
    case VW_TALK_REJECTED:
    case VW_TALK_ABORTED:
    case VW_TALK_ONE_SIDED:
    case VW_TALK_ELSEWHERE:
    case VW_TALK_MIDSTREAM:
    case VW_TALK_ANSWERED:
    case VW_TALK_UNDECIDED:
    case VW_TALK_CUT:
        judge_outcome(judgement, &there);
        break;
    }
}

static void judge_echo_from_target(struct judgement *judgement)
{
    struct vw_echo_series there = echo_of(judgement, judgement->target);

    judgement->journey->is_fragmented = there.is_fragmented;
    if (there.answered + there.unasked == 0 && there.undecided < there.sent)
        set(judgement, VW_FATE_NOT_ANSWERED, true);
    else
        set(judgement, VW_FATE_UNDECIDED, false);
}

static void judge(struct judgement *judgement)
{
    struct vw_journey *journey = judgement->journey;
    struct vw_conversation here;

    if (!judgement->source && !judgement->target)
        judgement->source = judgement->between;
    if (!judgement->source && !judgement->target)
        set(judgement, VW_FATE_UNDECIDED, false); /* no capture has anything of it */
    else if (!judgement->source && journey->is_echo)
        judge_echo_from_target(judgement);
    else if (!judgement->source)
        judge_from_target(judgement);
    else if (journey->is_echo)
        judge_echo(judgement);
    else {
        here = conversation_of(judgement, judgement->source);
        judge_outcome(judgement, &here);
    }
    if (judgement->target && journey->is_echo)
        journey->is_fragmented |= echo_of(judgement, judgement->target).is_fragmented;
}

void vw_journey_conclude(struct vw_journeys *journeys)
{
    size_t i;

    for (i = 0; i < journeys->items.count; i++) {
        struct vw_journey *journey = &journeys->items.items[i];
        struct judgement judgement = {
            .journeys = journeys,
            .journey = journey,
            .source = vw_journey_leg_at(journeys, journey, VW_PLACE_SOURCE),
            .between = vw_journey_leg_at(journeys, journey, VW_PLACE_BETWEEN),
            .target = vw_journey_leg_at(journeys, journey, VW_PLACE_TARGET)};

        if (!judgement.target)
            judgement.silent = vw_journey_end(journeys, journey, VW_PLACE_TARGET);
        judge(&judgement);
    }
}
