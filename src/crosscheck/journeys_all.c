/*
 * Every flow that captures have, held against the export, where nobody asks about one: each
 * journey is a question of its own, from its source to its destination with its ports.
 * Contradictions first, then what is not decided.
 */
#include "crosscheck/cross.h"

#include <stdlib.h>

#include "base/address.h"
#include "base/diagnostic.h"
#include "base/memory.h"

/* Flows beyond these are not looked at, and that is said. */
#define JOURNEYS_MAX 1000

enum { ICMP = 1, ECHO = 8, ICMPV6 = 58, ECHO_V6 = 128 };

static bool is_askable(const struct vw_journey *journey)
{
    bool icmp = journey->protocol == ICMP || journey->protocol == ICMPV6;

    return journey->is_echo || (!icmp && journey->source_port != VW_UNRECORDED);
}

static int ask(struct vw_cross *cross, const struct vw_journey *journey,
               struct vw_trace **ret)
{
    char from[VW_ADDRESS_TEXT], to[VW_ADDRESS_TEXT];
    struct vw_question question = {.from = vw_address_format(journey->source, from),
                                   .to = vw_address_format(journey->destination, to),
                                   .protocol = journey->protocol,
                                   .icmp_type = -1,
                                   .icmp_code = -1};

    if (journey->is_echo) {
        question.icmp_type = journey->protocol == ICMP ? ECHO : ECHO_V6;
    } else {
        question.has_ports = question.has_source_ports = true;
        question.ports.first = question.ports.last = (uint16_t)journey->destination_port;
        question.source_ports.first = question.source_ports.last =
            (uint16_t)journey->source_port;
    }
    return vw_trace_run(cross->world, &question, NULL, ret);
}

static int hold(struct vw_cross *cross, const struct vw_journey *journey)
{
    struct vw_crosscheck_journey entry = {.journey = journey,
                                          .result = VW_FINDING_UNKNOWN,
                                          .sentence =
                                              "the export does not know the ends of it"};
    struct vw_trace *trace = NULL;
    int error = ask(cross, journey, &trace);

    if (error == VW_ERROR_NO_MEMORY)
        return error;
    if (!error)
        entry = vw_cross_journey(cross, trace, journey);
    vw_trace_free(trace);
    return vw_array_push(&cross->journeys, entry);
}

static int weight(const struct vw_crosscheck_journey *entry)
{
    switch (entry->result) {
    case VW_FINDING_CONTRADICTS:
        return 0;
    case VW_FINDING_UNKNOWN:
        return 1;
    case VW_FINDING_SILENT:
    case VW_FINDING_AGREES:
        break;
    }
    return 2;
}

static int compare_entries(const void *a, const void *b)
{
    const struct vw_crosscheck_journey *x = a, *y = b;

    if (weight(x) != weight(y))
        return weight(x) - weight(y);
    return x->journey < y->journey ? -1 : x->journey > y->journey;
}

static enum vw_conclusion conclude(const struct vw_cross *cross)
{
    enum vw_conclusion conclusion = VW_CONCLUSION_INCONCLUSIVE;
    size_t i;

    for (i = 0; i < cross->journeys.count; i++) {
        if (cross->journeys.items[i].result == VW_FINDING_CONTRADICTS)
            return VW_CONCLUSION_CONTRADICTED;
        if (cross->journeys.items[i].result == VW_FINDING_AGREES)
            conclusion = VW_CONCLUSION_CONSISTENT;
    }
    return conclusion;
}

static int hold_all(struct vw_cross *cross, const struct vw_journeys *captures)
{
    size_t count = vw_journeys_count(captures), i;
    int error = 0;

    for (i = 0; i < count && i < JOURNEYS_MAX && !error; i++)
        if (is_askable(vw_journeys_get(captures, i)))
            error = hold(cross, vw_journeys_get(captures, i));
    if (count > JOURNEYS_MAX)
        vw_diagnose(cross->diagnostics, VW_SEVERITY_WARNING, "too-many-flows",
                    (struct vw_place){0},
                    "of %zu flows the first %d are held against the export; narrow it "
                    "with --filter, or ask about one with --from and --to",
                    count, JOURNEYS_MAX);
    return error;
}

int vw_crosscheck_run_captures(const struct vw_world *world,
                               const struct vw_journeys *captures,
                               struct vw_diagnostics *diagnostics,
                               struct vw_crosscheck **ret_crosscheck)
{
    struct vw_cross *cross = vw_calloc(1, sizeof *cross);
    int error;

    if (!cross)
        return VW_ERROR_NO_MEMORY;
    cross->world = world;
    cross->diagnostics = diagnostics;
    error = hold_all(cross, captures);
    if (error || cross->failed) {
        vw_crosscheck_free(&cross->result);
        return VW_ERROR_NO_MEMORY;
    }
    if (cross->journeys.count > 0)
        qsort(cross->journeys.items, cross->journeys.count, sizeof *cross->journeys.items,
              compare_entries);
    cross->result = (struct vw_crosscheck){.captures = captures,
                                           .journeys = cross->journeys.items,
                                           .journey_count = cross->journeys.count,
                                           .conclusion = conclude(cross)};
    *ret_crosscheck = &cross->result;
    return 0;
}
