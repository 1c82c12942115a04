/* The sentences of a journey: what each capture proves alone, and what they do together. */
#include "evidence/journey.h"

#include <inttypes.h>
#include <string.h>

#include "base/address.h"

enum { TCP = 6, UDP = 17 };

struct saying {
    struct vw_journeys *journeys;
    struct vw_journey *journey;
    struct vw_journey_pairs answered; /* the two between whom anything is */
    bool failed;
};

/* Adds a sentence, unless there are too many. */
static void say(struct saying *saying, const char *sentence)
{
    struct vw_journey *journey = saying->journey;

    if (!sentence)
        saying->failed = true;
    else if (journey->sentence_count < VW_JOURNEY_SENTENCES_MAX)
        journey->sentences[journey->sentence_count++] = sentence;
}

#define SAY(saying, ...)                                                                 \
    say(saying, vw_arena_printf(&(saying)->journeys->arena, __VA_ARGS__))

static const char *label_of(const struct saying *saying, const struct vw_journey_leg *leg)
{
    return saying->journeys->witnesses[leg - saying->journey->legs].facts.label;
}

static const char *requests(const struct saying *saying, uint64_t count)
{
    if (saying->journey->is_echo)
        return count == 1 ? "echo request" : "echo requests";
    return count == 1 ? "packet" : "packets";
}

static const char *replies(const struct saying *saying, uint64_t count)
{
    if (saying->journey->is_echo)
        return count == 1 ? "reply" : "replies";
    return count == 1 ? "packet of the other side" : "packets of the other side";
}

/* ---- each capture alone ---- */

static const char *cover_sentence(const struct saying *saying,
                                  const struct vw_journey_leg *leg)
{
    struct vw_arena *arena = &saying->journeys->arena;
    const char *label = label_of(saying, leg);

    switch (leg->cover) {
    case VW_COVER_SEEN:
        break;
    case VW_COVER_RUNNING:
        return vw_arena_printf(
            arena, "%s: nothing of it, while other packets were recorded", label);
    case VW_COVER_MAYBE:
        return vw_arena_printf(
            arena,
            "%s: nothing of it; no packet shows that the capture was running then, so "
            "its silence proves something only if it was",
            label);
    case VW_COVER_ELSEWHEN:
        return vw_arena_printf(
            arena, "%s: was taken at another time, and proves nothing of this", label);
    case VW_COVER_IMPERFECT:
        return vw_arena_printf(arena,
                               "%s: nothing of it, but it lacks packets (dropped, cut or "
                               "damaged), so its silence proves nothing",
                               label);
    case VW_COVER_FILTERED:
        return vw_arena_printf(arena,
                               "%s: nothing of it lets the filter through; translated "
                               "addresses would not match it",
                               label);
    }
    return "";
}

static const char *source_sentence(const struct saying *saying,
                                   const struct vw_journey_leg *leg)
{
    struct vw_arena *arena = &saying->journeys->arena;

    if (leg->replies > 0)
        return vw_arena_printf(
            arena,
            "%s: %" PRIu64 " %s left, %" PRIu64 " %s came back: the way "
            "works there and back",
            label_of(saying, leg), leg->requests, requests(saying, leg->requests),
            leg->replies, replies(saying, leg->replies));
    return vw_arena_printf(
        arena,
        "%s: %" PRIu64 " %s left and nothing came back; alone it cannot "
        "tell whether they were lost, were not answered, or their "
        "answer was lost",
        label_of(saying, leg), leg->requests, requests(saying, leg->requests));
}

static const char *target_sentence(const struct saying *saying,
                                   const struct vw_journey_leg *leg)
{
    struct vw_arena *arena = &saying->journeys->arena;

    if (leg->replies > 0)
        return vw_arena_printf(
            arena,
            "%s: %" PRIu64 " %s arrived and %" PRIu64 " %s left; alone it "
            "cannot tell whether those came back",
            label_of(saying, leg), leg->requests, requests(saying, leg->requests),
            leg->replies, replies(saying, leg->replies));
    return vw_arena_printf(arena,
                           "%s: %" PRIu64 " %s arrived, so the network let them through, "
                           "and nothing answered: the host's own doing",
                           label_of(saying, leg), leg->requests,
                           requests(saying, leg->requests));
}

static const char *between_sentence(const struct saying *saying,
                                    const struct vw_journey_leg *leg)
{
    return vw_arena_printf(
        &saying->journeys->arena,
        "%s, between the two: %" PRIu64 " %s and %" PRIu64 " %s came by",
        label_of(saying, leg), leg->requests, requests(saying, leg->requests),
        leg->replies, replies(saying, leg->replies));
}

static const char *alone_of(const struct saying *saying, const struct vw_journey_leg *leg)
{
    if (leg->index == SIZE_MAX)
        return leg->place == VW_PLACE_UNKNOWN ? "" : cover_sentence(saying, leg);
    switch (leg->place) {
    case VW_PLACE_SOURCE:
        return source_sentence(saying, leg);
    case VW_PLACE_TARGET:
        return target_sentence(saying, leg);
    case VW_PLACE_BETWEEN:
    case VW_PLACE_UNKNOWN:
        break;
    }
    return between_sentence(saying, leg);
}

static void say_alone(struct saying *saying)
{
    size_t w;

    for (w = 0; w < saying->journeys->witness_count; w++) {
        struct vw_journey_leg *leg = &saying->journey->legs[w];

        leg->alone = alone_of(saying, leg);
        saying->failed |= leg->alone == NULL;
    }
}

/* ---- together ---- */

/* What a router's or mirror's capture adds: `-i any` sees a packet come in and go out. */
static void say_between(struct saying *saying)
{
    const struct vw_journey *journey = saying->journey;
    size_t w;

    for (w = 0; w < saying->journeys->witness_count; w++) {
        const struct vw_journey_leg *leg = &journey->legs[w];
        struct vw_echo_series echo;

        if (leg->index == SIZE_MAX || leg->place != VW_PLACE_BETWEEN || !leg->is_echo)
            continue;
        vw_capture_get_echo(saying->journeys->witnesses[w].capture, leg->index, &echo);
        if (journey->fate == VW_FATE_REPLY_LOST && leg->replies > 0)
            SAY(saying, "the replies came as far as %s%s", label_of(saying, leg),
                echo.views[VW_ORIGINATOR] > 0 && echo.views[VW_RESPONDER] == 0
                    ? ", which did not send them on: it passed the requests and kept the "
                      "replies"
                    : "");
        else if (journey->fate == VW_FATE_REPLY_LOST)
            SAY(saying, "the replies did not come as far as %s", label_of(saying, leg));
        else if (journey->fate == VW_FATE_REQUEST_LOST && leg->requests > 0)
            SAY(saying, "the requests came as far as %s", label_of(saying, leg));
    }
}

static void say_error(struct saying *saying)
{
    const struct vw_journey_leg *leg =
        vw_journey_leg_at(saying->journeys, saying->journey, VW_PLACE_SOURCE);
    struct vw_icmp_error error;
    char reporter[VW_ADDRESS_TEXT];
    const char *name;

    if (!leg || !vw_journey_error(saying->journeys, saying->journey, leg, &error))
        return;
    name = vw_icmp_error_name(error.six, error.type, error.code);
    SAY(saying, "%s said so: ICMP%s %u/%u%s%s%s, %" PRIu64 " time%s",
        vw_address_format(error.reporter, reporter), error.six ? "v6" : "", error.type,
        error.code, name ? " (" : "", name ? name : "", name ? ")" : "", error.count,
        error.count == 1 ? "" : "s");
    if (vw_address_equal(error.reporter, saying->journey->destination))
        SAY(saying, "that is B itself: the network let the request through");
    else
        SAY(saying, "a router, an appliance or a firewall does so; the VPC's own router, "
                    "security "
                    "groups and network ACLs drop without a word");
}

static void say_request_lost(struct saying *saying)
{
    if (saying->journey->is_proved)
        SAY(saying,
            "B was recording and saw nothing of it: lost on the way there. In AWS: "
            "A's outbound rules, a route, a peering or gateway, B's inbound network "
            "ACL or security group");
    else
        SAY(saying, "B's capture holds nothing of it: lost on the way there, if it was "
                    "running then");
    if (!saying->journey->is_echo &&
        vw_journey_pairs_get(&saying->answered, saying->journey))
        SAY(saying,
            "%s: host reachable; other traffic between the two is answered, so this "
            "is a filter on the port",
            saying->journey->protocol == TCP ? "TCP timeout, filter on port"
                                             : "filter on port");
}

static void say_not_answered(struct saying *saying)
{
    SAY(saying,
        "it arrived at B's interface, behind all security groups and network ACLs, "
        "and nothing left there: B's own firewall, or nobody listens");
    if (saying->journey->protocol == UDP)
        SAY(saying,
            "silence over UDP is no proof of a drop: a program may just not answer");
}

static void say_size(struct saying *saying)
{
    const struct vw_journey *journey = saying->journey;

    SAY(saying,
        "packets of up to %u bytes pass between the two, of %u bytes on none does, "
        "and nobody says so (ICMP 3/4 or packet too big): a link with a smaller MTU "
        "in between, and its errors filtered",
        journey->passed_most, journey->lost_least);
}

static void say_reset(struct saying *saying)
{
    const struct vw_journey_leg *source =
        vw_journey_leg_at(saying->journeys, saying->journey, VW_PLACE_SOURCE);

    if (saying->journey->fate == VW_FATE_REFUSED)
        SAY(saying, "B sent the reset: the network lets the request through, and nobody "
                    "listens on the port");
    else if (saying->journey->fate == VW_FATE_REFUSED_BETWEEN)
        SAY(saying, "the reset that A got did not leave B: a firewall or an appliance in "
                    "between refused");
    else if (source)
        SAY(saying, "a capture at B would tell whether B or something before it refused");
}

/* Answered, though B's capture, which was running, has nothing of it. */
static void say_unseen(struct saying *saying)
{
    const struct vw_journey_leg *target =
        vw_journey_end(saying->journeys, saying->journey, VW_PLACE_TARGET);

    if (target && target->cover == VW_COVER_RUNNING)
        SAY(saying, "B's capture has nothing of it all the same: it is not complete, was "
                    "taken at another interface, or something else answered");
}

static void say_fate(struct saying *saying)
{
    switch (saying->journey->fate) {
    case VW_FATE_BOTH_WAYS:
        say_unseen(saying);
        break;
    case VW_FATE_STALLED:
    case VW_FATE_ONE_SIDED:
    case VW_FATE_PARTLY_LOST:
        break;
    case VW_FATE_REQUEST_LOST:
        say_request_lost(saying);
        break;
    case VW_FATE_REPLY_LOST:
        SAY(saying,
            "B answered and A did not get it: lost on the way back. In AWS: B's "
            "outbound network ACL, A's inbound one (ephemeral ports, for TCP), the "
            "route back, a source/destination check or an appliance");
        break;
    case VW_FATE_NOT_ANSWERED:
        say_not_answered(saying);
        break;
    case VW_FATE_NO_REPLY:
        SAY(saying,
            "request lost, cause unknown from A: a capture at B would tell whether "
            "it arrived and was answered");
        break;
    case VW_FATE_REFUSED:
    case VW_FATE_REFUSED_BETWEEN:
    case VW_FATE_REFUSED_SOMEWHERE:
        say_reset(saying);
        break;
    case VW_FATE_NO_ROUTE:
    case VW_FATE_NO_HOST:
    case VW_FATE_PROHIBITED:
    case VW_FATE_PORT_UNREACHABLE:
    case VW_FATE_UNREACHABLE:
    case VW_FATE_EXPIRED:
    case VW_FATE_MTU_DISCOVERED:
        say_error(saying);
        break;
    case VW_FATE_MTU_BLACK_HOLE:
        say_size(saying);
        break;
    case VW_FATE_UNDECIDED:
        SAY(saying, "the window is too short, or the captures do not overlap: nothing is "
                    "proved");
        break;
    }
}

/* How many were lost each way, where both ends counted. */
static void say_losses(struct saying *saying)
{
    const struct vw_journeys *journeys = saying->journeys;
    const struct vw_journey_leg *source =
        vw_journey_leg_at(journeys, saying->journey, VW_PLACE_SOURCE);
    const struct vw_journey_leg *target =
        vw_journey_leg_at(journeys, saying->journey, VW_PLACE_TARGET);

    if (!saying->journey->is_echo || !source || !target ||
        saying->journey->fate != VW_FATE_PARTLY_LOST)
        return;
    if (source->requests > target->requests)
        SAY(saying,
            "%" PRIu64 " requests lost on the way there (%" PRIu64 " sent, %" PRIu64
            " arrived)",
            source->requests - target->requests, source->requests, target->requests);
    if (target->replies > source->replies)
        SAY(saying,
            "%" PRIu64 " replies lost on the way back (%" PRIu64 " sent, %" PRIu64
            " arrived)",
            target->replies - source->replies, target->replies, source->replies);
    if (target->requests > target->replies)
        SAY(saying, "%" PRIu64 " requests not answered by B",
            target->requests - target->replies);
}

static void say_translation(struct saying *saying)
{
    const struct vw_journey_leg *target =
        vw_journey_leg_at(saying->journeys, saying->journey, VW_PLACE_TARGET);
    char source[VW_ADDRESS_TEXT], destination[VW_ADDRESS_TEXT];

    if (!saying->journey->is_translated)
        return;
    if (target)
        SAY(saying,
            "address translated between: at B it is %s -> %s; found again by IP id, "
            "sequence numbers and length",
            vw_address_format(target->source, source),
            vw_address_format(target->destination, destination));
    else
        SAY(saying, "address translated between");
}

static bool is_asymmetric(const struct vw_journey_leg *leg)
{
    const char *in = leg->interface_name[0], *out = leg->interface_name[1];

    if (leg->index == SIZE_MAX || leg->requests == 0 || leg->replies == 0 ||
        leg->place == VW_PLACE_BETWEEN)
        return false;
    if (in && out)
        return strcmp(in, out) != 0;
    return leg->interface[0] != leg->interface[1] && leg->interface[0] != 0 &&
           leg->interface[1] != 0;
}

/* Requests by one interface, replies by another one, at the same host. */
static void say_asymmetry(struct saying *saying)
{
    size_t w;

    for (w = 0; w < saying->journeys->witness_count; w++) {
        const struct vw_journey_leg *leg = &saying->journey->legs[w];

        if (!is_asymmetric(leg))
            continue;
        if (leg->interface_name[0] && leg->interface_name[1])
            SAY(saying, "asymmetric interface at %s: requests by %s, replies by %s",
                label_of(saying, leg), leg->interface_name[0], leg->interface_name[1]);
        else
            SAY(saying,
                "asymmetric interface at %s: requests by interface %u, replies by %u",
                label_of(saying, leg), leg->interface[0], leg->interface[1]);
    }
}

static void find_answered(struct saying *saying)
{
    const struct vw_journey_items *items = &saying->journeys->items;
    size_t i;

    for (i = 0; i < items->count; i++)
        if ((items->items[i].fate == VW_FATE_BOTH_WAYS ||
             items->items[i].fate == VW_FATE_REFUSED) &&
            vw_journey_pairs_add(&saying->answered, &items->items[i], 1))
            saying->failed = true;
    vw_journey_pairs_sort(&saying->answered);
}

int vw_journey_say(struct vw_journeys *journeys)
{
    struct saying saying = {.journeys = journeys};
    size_t i;

    find_answered(&saying);
    for (i = 0; i < journeys->items.count; i++) {
        saying.journey = &journeys->items.items[i];
        say_alone(&saying);
        say_fate(&saying);
        say_between(&saying);
        say_losses(&saying);
        say_translation(&saying);
        say_asymmetry(&saying);
        if (saying.journey->is_fragmented && saying.journey->fate == VW_FATE_BOTH_WAYS)
            SAY(&saying, "the requests were cut into fragments on the way");
    }
    vw_array_free(&saying.answered);
    return saying.failed ? VW_ERROR_NO_MEMORY : 0;
}
