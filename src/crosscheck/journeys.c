/*
 * What captures say together, against the export: which rule of the walk explains what
 * became of the flow, or which part of the export the captures contradict.
 *
 * A request at B's interface has passed all of AWS on its way there, whatever the host then
 * did with it. What was lost on the way must be explained by something that drops in
 * silence; an answer that says no (a reset, an ICMP error) is none of AWS's filters'.
 */
#include "crosscheck/cross.h"

#include <string.h>

#include "base/address.h"
#include "crosscheck/blockers.h"
#include "crosscheck/match.h"

/* What the export says of exactly these packets: of the question, or of the part of it that
 * has the journey's ports. */
struct saying {
    struct vw_cross *cross;
    const struct vw_trace *trace;
};

static const struct vw_blocker *blocker_of(const struct saying *saying,
                                           enum vw_direction direction)
{
    for (size_t i = 0; i < saying->trace->blocker_count; i++)
        if (saying->trace->blockers[i].direction == direction)
            return &saying->trace->blockers[i];
    return NULL;
}

static bool is_unknown(const struct saying *saying)
{
    return saying->trace->unknown_count > 0;
}

/* ---- which journeys ---- */

static bool is_between(const struct vw_cross *cross, const struct vw_journey *journey)
{
    const struct vw_view *view = &cross->view[VW_END_A];

    return view->known && vw_address_equal(journey->source, view->a) &&
           vw_address_equal(journey->destination, view->b);
}

static bool is_asked(const struct vw_cross *cross, const struct vw_journey *journey)
{
    const struct vw_trace *trace = cross->trace;

    if (!is_between(cross, journey) || journey->protocol != trace->protocol)
        return false;
    if (!trace->has_ports)
        return true;
    return journey->destination_port >= trace->ports.first &&
           journey->destination_port <= trace->ports.last;
}

/* ---- how the export stands to it ---- */

struct stand {
    enum vw_finding_result result;
    const char *sentence;
};

/* The packet came through where the export stops it. */
static struct stand passed(const struct saying *saying, const struct vw_blocker *blocker,
                           const char *what)
{
    return (struct stand){
        VW_FINDING_CONTRADICTS,
        vw_cross_say(saying->cross,
                     "%s, which the export stops: %s was not in force then", what,
                     vw_blocker_words(saying->cross, blocker))};
}

static struct stand agrees(const char *sentence)
{
    return (struct stand){VW_FINDING_AGREES, sentence};
}

static struct stand unknown(const char *sentence)
{
    return (struct stand){VW_FINDING_UNKNOWN, sentence};
}

/* Lost in silence in that direction. */
static struct stand lost(const struct saying *saying, enum vw_direction direction,
                         bool proved)
{
    const struct vw_blocker *blocker = blocker_of(saying, direction);
    const char *what = direction == VW_FORWARD ? "request" : "reply";

    if (blocker)
        return (struct stand){VW_FINDING_AGREES,
                              vw_cross_say(saying->cross, "the export explains it: %s",
                                           vw_blocker_words(saying->cross, blocker))};
    if (is_unknown(saying))
        return unknown("the export does not hold all that is on the way");
    if (!proved)
        return unknown("the export lets it through, and that it was lost is not "
                       "proved");
    return (struct stand){
        VW_FINDING_CONTRADICTS,
        vw_cross_say(saying->cross,
                     "the export lets the %s through: what was in force then is not what "
                     "was exported, or something that is in no export (an appliance, a "
                     "host's own routing) lost it",
                     what)};
}

/* The request arrived at B, and the reply, if `both`, at A. */
static struct stand arrived(const struct saying *saying, bool both)
{
    const struct vw_blocker *forward = blocker_of(saying, VW_FORWARD);
    const struct vw_blocker *back = blocker_of(saying, VW_RETURN);

    if (forward)
        return passed(saying, forward, "the request reached B");
    if (both && back)
        return passed(saying, back, "the reply reached A");
    if (is_unknown(saying))
        return unknown("it passed; the export does not hold all that is on the way");
    return agrees(both ? "as the export says: the network lets it pass there and "
                         "back"
                       : "as the export says: the network lets the request through; "
                         "what answers is the host's business");
}

static struct stand stand_of(const struct saying *saying,
                             const struct vw_journey *journey)
{
    switch (journey->fate) {
    case VW_FATE_BOTH_WAYS:
    case VW_FATE_PARTLY_LOST:
    case VW_FATE_REFUSED:
    case VW_FATE_STALLED:
    case VW_FATE_MTU_BLACK_HOLE:
    case VW_FATE_PORT_UNREACHABLE:
        return arrived(saying, true);
    case VW_FATE_NOT_ANSWERED:
        return arrived(saying, false);
    case VW_FATE_REQUEST_LOST:
        return lost(saying, VW_FORWARD, journey->is_proved);
    case VW_FATE_REPLY_LOST:
        if (blocker_of(saying, VW_FORWARD))
            return passed(saying, blocker_of(saying, VW_FORWARD),
                          "the request reached B");
        return lost(saying, VW_RETURN, journey->is_proved);
    case VW_FATE_REFUSED_BETWEEN:
    case VW_FATE_NO_ROUTE:
    case VW_FATE_NO_HOST:
    case VW_FATE_PROHIBITED:
    case VW_FATE_UNREACHABLE:
    case VW_FATE_EXPIRED:
    case VW_FATE_MTU_DISCOVERED:
        return unknown("something answers that is in no export: security groups, "
                       "network ACLs and VPC routers drop without a word");
    case VW_FATE_NO_REPLY:
    case VW_FATE_REFUSED_SOMEWHERE:
    case VW_FATE_ONE_SIDED:
    case VW_FATE_UNDECIDED:
        break;
    }
    return unknown("neither for nor against the export");
}

/* Where the question's ports fare differently, the journey's own are asked about: NULL
 * where that need not be. */
static struct vw_trace *narrow(struct vw_cross *cross, const struct vw_journey *journey)
{
    const struct vw_trace *whole = cross->trace;
    struct vw_question question = {.from = whole->from.asked,
                                   .to = whole->to.asked,
                                   .protocol = whole->protocol,
                                   .icmp_type = -1,
                                   .icmp_code = -1,
                                   .has_ports = true,
                                   .has_source_ports = true};
    struct vw_trace *trace = NULL;
    int error;

    if (whole->verdict != VW_VERDICT_PARTIAL || !whole->has_ports ||
        journey->source_port < 0 || journey->destination_port < 0)
        return NULL;
    question.ports.first = question.ports.last = (uint16_t)journey->destination_port;
    question.source_ports.first = question.source_ports.last =
        (uint16_t)journey->source_port;
    error = vw_trace_run(cross->world, &question, NULL, &trace);
    cross->failed |= error == VW_ERROR_NO_MEMORY;
    return error ? NULL : trace;
}

struct vw_crosscheck_journey vw_cross_journey(struct vw_cross *cross,
                                              const struct vw_trace *trace,
                                              const struct vw_journey *journey)
{
    const struct saying saying = {cross, trace};
    struct stand stand = stand_of(&saying, journey);

    return (struct vw_crosscheck_journey){
        .journey = journey, .result = stand.result, .sentence = stand.sentence};
}

static void judge(struct vw_cross *cross, const struct vw_journey *journey)
{
    struct vw_trace *part = narrow(cross, journey);
    struct vw_crosscheck_journey entry =
        vw_cross_journey(cross, part ? part : cross->trace, journey);

    vw_trace_free(part);
    if (vw_array_push(&cross->journeys, entry))
        cross->failed = true;
    if (entry.result == VW_FINDING_CONTRADICTS)
        vw_cross_diagnose(
            cross, vw_cross_say(
                       cross, "The captures together, %s: %s. Export again and compare.",
                       vw_fate_sentence(journey->fate), entry.sentence));
}

void vw_cross_journeys(struct vw_cross *cross, const struct vw_journeys *journeys)
{
    size_t i;

    if (!journeys || cross->trace->is_set)
        return;
    for (i = 0; i < vw_journeys_count(journeys); i++) {
        const struct vw_journey *journey = vw_journeys_get(journeys, i);

        if (is_asked(cross, journey))
            judge(cross, journey);
    }
}
