/* Results as they grow, and the words that all sentences share. */
#include "crosscheck/cross.h"

#include <string.h>

const char *vw_cross_say(struct vw_cross *cross, const char *format, ...)
{
    va_list arguments;
    const char *text;

    va_start(arguments, format);
    text = vw_arena_vprintf(&cross->arena, format, arguments);
    va_end(arguments);
    if (text == NULL) {
        cross->failed = true;
        return "";
    }
    return text;
}

void vw_cross_find(struct vw_cross *cross, struct vw_finding finding)
{
    if (vw_array_push(&cross->findings, finding) != 0)
        cross->failed = true;
}

void vw_cross_diagnose(struct vw_cross *cross, const char *sentence)
{
    for (size_t i = 0; i < cross->diagnosis.count; i++) {
        if (strcmp(cross->diagnosis.items[i], sentence) == 0)
            return;
    }
    if (vw_array_push(&cross->diagnosis, sentence) != 0)
        cross->failed = true;
}

const char *vw_cross_flow(struct vw_cross *cross, enum vw_end end, enum vw_direction flow)
{
    const struct vw_view *view = &cross->view[end];
    char a[VW_ADDRESS_TEXT], b[VW_ADDRESS_TEXT];

    vw_address_format(view->a, a);
    vw_address_format(view->b, b);
    return vw_cross_say(cross, "%s -> %s", flow == VW_FORWARD ? a : b,
                        flow == VW_FORWARD ? b : a);
}

const char *vw_cross_end(struct vw_cross *cross, enum vw_end end)
{
    const struct vw_trace_end *names =
        end == VW_END_A ? &cross->trace->from : &cross->trace->to;
    const char *letter = end == VW_END_A ? "A" : "B";
    const char *name = names->address;

    if (name == NULL)
        name = names->public_address != NULL ? names->public_address : names->asked;
    return name == NULL ? letter : vw_cross_say(cross, "%s (%s)", letter, name);
}

const char *vw_cross_time(struct vw_cross *cross, int64_t time)
{
    char buffer[VW_TIME_TEXT];

    if (time == VW_TIME_UNKNOWN)
        return "an unknown time";
    return vw_cross_say(cross, "%s", vw_time_format(time, buffer));
}

const char *vw_cross_when(struct vw_cross *cross, int64_t first, int64_t last)
{
    if (first == VW_TIME_UNKNOWN)
        return "";
    if (first == last)
        return vw_cross_say(cross, " at %s", vw_cross_time(cross, first));
    return vw_cross_say(cross, " from %s to %s", vw_cross_time(cross, first),
                        vw_cross_time(cross, last));
}

static void add_packets(struct vw_sight *sight, const struct vw_observation *row)
{
    if (row->packets != VW_UNRECORDED && sight->packets > INT64_MAX - row->packets)
        sight->packets = INT64_MAX;
    else if (row->packets != VW_UNRECORDED)
        sight->packets =
            (sight->packets == VW_UNRECORDED ? 0 : sight->packets) + row->packets;
    if (row->tcp_flags != VW_UNRECORDED)
        sight->tcp_flags =
            (sight->tcp_flags == VW_UNRECORDED ? 0 : sight->tcp_flags) | row->tcp_flags;
}

void vw_sight_add(struct vw_sight *sight, const struct vw_observation *row)
{
    if (sight->row == NULL) {
        *sight = (struct vw_sight){.row = row,
                                   .packets = VW_UNRECORDED,
                                   .first = VW_TIME_UNKNOWN,
                                   .last = VW_TIME_UNKNOWN,
                                   .tcp_flags = VW_UNRECORDED};
    }
    sight->records += row->records;
    add_packets(sight, row);
    if (row->first == VW_TIME_UNKNOWN)
        return;
    if (sight->first == VW_TIME_UNKNOWN || row->first < sight->first)
        sight->first = row->first;
    if (sight->last == VW_TIME_UNKNOWN || row->last > sight->last)
        sight->last = row->last;
}

bool vw_span_overlaps(struct vw_span a, struct vw_span b)
{
    return a.first <= b.last && b.first <= a.last;
}

uint64_t vw_sight_count(const struct vw_sight *sight)
{
    if (sight->row == NULL)
        return 0;
    return sight->packets > 0 ? (uint64_t)sight->packets : sight->records;
}
