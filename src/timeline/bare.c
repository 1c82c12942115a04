/*
 * A timeline without a snapshot: nothing is walked, and the flow is the one between the two
 * addresses as they are asked, which no gateway translates. A flow log that tells no
 * direction says which end it was recorded at by its other records: the interface's own
 * address is in all of them. What even these leave open waits for the end, and is then
 * told to be unused.
 */
#include <string.h>

#include "base/address.h"
#include "base/memory.h"
#include "crosscheck/match.h"
#include "reach/box.h"
#include "timeline/timeline.h"

#include <vpcwhy/error.h>

#define CLIENT_FIRST 32768 /* what a question without source ports stands for */
#define CLIENT_LAST 60999

static int refuse(struct vw_timeline *timeline, const char *option, const char *text)
{
    vw_diagnose(timeline->diagnostics, VW_SEVERITY_ERROR, "no-snapshot",
                (struct vw_place){0},
                "without an EXPORT@TIME %s is to be one address; \"%s\" is none", option,
                text ? text : "");
    return VW_ERROR_QUESTION;
}

static bool read_end(const char *text, struct vw_trace_end *end, struct vw_address *ret)
{
    end->asked = end->address = text;
    return text && vw_address_parse(text, strlen(text), ret);
}

static void set_protocol(const struct vw_question *question, bool is_ipv6,
                         struct vw_trace *trace)
{
    const struct vw_port_range all = {0, UINT16_MAX},
                               clients = {CLIENT_FIRST, CLIENT_LAST};
    int echo = is_ipv6 ? VW_ICMPV6 : VW_ICMP;

    trace->protocol = question->protocol >= 0 ? question->protocol
                      : question->has_ports   ? VW_TCP
                                              : echo;
    trace->has_ports = vw_protocol_has_ports(trace->protocol);
    trace->ports = question->has_ports ? question->ports : all;
    trace->source_ports = question->has_source_ports ? question->source_ports : clients;
    trace->icmp_type = question->icmp_type;
    trace->icmp_code = question->icmp_code;
    if (vw_protocol_is_icmp(trace->protocol) && trace->icmp_type < 0)
        trace->icmp_type = trace->protocol == VW_ICMP ? 8 : 128;
    trace->one_way = question->one_way;
    trace->verdict = VW_VERDICT_UNKNOWN;
}

int vw_timeline_go_bare(struct vw_timeline *timeline)
{
    const struct vw_question *question = &timeline->question;
    struct vw_snapshot *bare = vw_arena_alloc(&timeline->arena, sizeof *bare);
    struct vw_trace *trace = vw_arena_alloc(&timeline->arena, sizeof *trace);
    struct vw_view view = {.known = true};

    if (!bare || !trace)
        return VW_ERROR_NO_MEMORY;
    if (!read_end(question->from, &trace->from, &view.a))
        return refuse(timeline, "--from", question->from);
    if (!read_end(question->to, &trace->to, &view.b) || view.a.family != view.b.family)
        return refuse(timeline, "--to", question->to);
    set_protocol(question, view.a.family == VW_FAMILY_IPV6, trace);
    bare->shown.trace = bare->cross.trace = trace;
    bare->cross.view[VW_END_A] = bare->cross.view[VW_END_B] = view;
    timeline->bare = bare;
    vw_timeline_note(timeline, "no snapshot was given: nothing is walked, so there is no "
                               "verdict and no cause is proved; calls of CloudTrail are "
                               "told by their time alone");
    return 0;
}

/* ---- whose address is an interface's own ---- */

static struct vw_own *own_of(struct vw_timeline *timeline, const char *vantage)
{
    struct vw_own fresh = {.seen = false};
    uint32_t number = (uint32_t)timeline->owns.count;

    if (vw_map_get(&timeline->own_numbers, vantage, &number))
        return &timeline->owns.items[number];
    if (vw_array_push(&timeline->owns, fresh) ||
        vw_map_put(&timeline->own_numbers, vantage, number))
        return NULL;
    return &timeline->owns.items[number];
}

static bool is_in(struct vw_address address, const struct vw_observation *record)
{
    return vw_address_equal(address, record->source) ||
           vw_address_equal(address, record->destination);
}

/* Of the two addresses of the first record, those that are in all. */
static int narrow(struct vw_timeline *timeline, const struct vw_observation *record)
{
    struct vw_own *own;
    int i;

    if (record->source.family == VW_FAMILY_NONE ||
        record->destination.family == VW_FAMILY_NONE)
        return 0;
    own = own_of(timeline, record->vantage);
    if (!own)
        return VW_ERROR_NO_MEMORY;
    if (!own->seen) {
        own->seen = true;
        own->address[0] = record->source;
        own->address[1] = record->destination;
    }
    for (i = 0; i < 2; i++)
        if (own->address[i].family == record->source.family &&
            !is_in(own->address[i], record))
            own->address[i].family = VW_FAMILY_NONE;
    return 0;
}

int vw_timeline_see_bare(struct vw_timeline *timeline, struct vw_observation *record)
{
    struct vw_unplaced unplaced = {*record, VW_FORWARD};
    int flow, error;

    if (!record->vantage)
        return 0;
    error = narrow(timeline, record);
    for (flow = VW_FORWARD; flow <= VW_RETURN && !error; flow++) {
        unplaced.flow = (enum vw_direction)flow;
        if (vw_match_packet(&timeline->bare->cross, VW_END_A, unplaced.flow, record))
            return timeline->unplaced.count >= VW_SIGHTINGS_MAX
                       ? 0
                       : vw_array_push(&timeline->unplaced, unplaced);
    }
    return error;
}

int vw_timeline_place_bare(struct vw_timeline *timeline)
{
    const struct vw_snapshot *bare = timeline->bare;
    uint64_t open = 0;
    int error = 0;
    size_t i;

    for (i = 0; bare && i < timeline->unplaced.count && !error; i++) {
        struct vw_unplaced *unplaced = &timeline->unplaced.items[i];
        const struct vw_own *own = own_of(timeline, unplaced->record.vantage);
        bool is_a, is_b;

        if (!own)
            return VW_ERROR_NO_MEMORY;
        is_a = vw_address_equal(own->address[0], bare->cross.view[VW_END_A].a) ||
               vw_address_equal(own->address[1], bare->cross.view[VW_END_A].a);
        is_b = vw_address_equal(own->address[0], bare->cross.view[VW_END_A].b) ||
               vw_address_equal(own->address[1], bare->cross.view[VW_END_A].b);
        if (is_a == is_b)
            open++;
        else
            error = vw_timeline_place(timeline, bare, &unplaced->record,
                                      is_a ? VW_END_A : VW_END_B, unplaced->flow);
    }
    if (open)
        vw_timeline_note(
            timeline,
            vw_timeline_say(timeline,
                            "%llu records of the flow are not used: they do not tell at "
                            "which end they were made (a log format with flow-direction "
                            "does, and so does a snapshot)",
                            (unsigned long long)open));
    return error;
}
