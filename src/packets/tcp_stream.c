/*
 * The stream begins behind the SYN, at 1. Pieces beyond a hole wait until it is filled, or
 * until the other side confirms what is in it: then the capture missed that.
 */
#include "packets/tcp_stream.h"

#include <string.h>

#include "packets/tcp_state.h"

/* Delivered so far; zero-initialised stands for 1. */
static uint32_t delivered(const struct vw_tcp_end *end)
{
    return end->delivered + 1;
}

static void deliver(struct vw_tcp_end *end, uint32_t to)
{
    end->delivered = to - 1;
}

/* Takes the first piece off. */
static void drop_first(struct vw_holes *holes)
{
    holes->count--;
    memmove(holes->pieces, holes->pieces + 1, holes->count * sizeof *holes->pieces);
}

/* Pieces that follow on what was delivered. */
static void deliver_waiting(struct vw_holes *holes, struct vw_tcp_end *end)
{
    while (holes->count > 0 &&
           vw_sequence_delta(holes->pieces[0].from, delivered(end)) <= 0) {
        if (vw_sequence_delta(holes->pieces[0].to, delivered(end)) > 0)
            deliver(end, holes->pieces[0].to);
        drop_first(holes);
    }
}

/* One more piece in its place, joined with those that it touches. Where there is no room
 * the last two become one: the hole between them is not told. */
static void insert(struct vw_holes *holes, uint32_t from, uint32_t to)
{
    uint32_t i = 0, last;

    while (i < holes->count && vw_sequence_delta(holes->pieces[i].to, from) < 0)
        i++;
    for (last = i;
         last < holes->count && vw_sequence_delta(holes->pieces[last].from, to) <= 0;
         last++) {
        if (vw_sequence_delta(holes->pieces[last].from, from) < 0)
            from = holes->pieces[last].from;
        if (vw_sequence_delta(holes->pieces[last].to, to) > 0)
            to = holes->pieces[last].to;
    }
    if (last == i && holes->count == VW_HOLES_MAX) {
        i = i > 0 ? i - 1 : 0;
        if (vw_sequence_delta(holes->pieces[i].from, from) < 0)
            from = holes->pieces[i].from;
        if (vw_sequence_delta(holes->pieces[i].to, to) > 0)
            to = holes->pieces[i].to;
        last = i + 1;
    }
    memmove(holes->pieces + i + 1, holes->pieces + last,
            (holes->count - last) * sizeof *holes->pieces);
    holes->count = holes->count - (last - i) + 1;
    holes->pieces[i].from = from;
    holes->pieces[i].to = to;
}

int vw_tcp_stream_add(struct vw_all_holes *holes, struct vw_flow *flow, int side,
                      uint32_t relative, uint32_t size)
{
    struct vw_tcp_end *end = &vw_flow_tcp(flow)->end[side];
    struct vw_tcp_end_rest *rest = &vw_flow_tcp_rest(flow)->end[side];
    uint32_t to = relative + size;
    struct vw_holes none = {0};

    if (vw_sequence_delta(to, delivered(end)) <= 0)
        return 0;
    if (vw_sequence_delta(relative, delivered(end)) <= 0) {
        deliver(end, to);
        if (end->has_holes)
            deliver_waiting(&holes->items[rest->holes - 1], end);
        return 0;
    }
    if (!end->has_holes) {
        if (vw_array_push(holes, none))
            return VW_ERROR_NO_MEMORY;
        rest->holes = (uint32_t)holes->count;
        end->has_holes = true;
    }
    insert(&holes->items[rest->holes - 1], relative, to);
    return 0;
}

uint32_t vw_tcp_stream_confirm(struct vw_all_holes *holes, struct vw_flow *flow, int side,
                               uint32_t relative)
{
    struct vw_tcp_end *end = &vw_flow_tcp(flow)->end[side];
    struct vw_tcp_end_rest *rest = &vw_flow_tcp_rest(flow)->end[side];
    struct vw_holes *waiting = end->has_holes ? &holes->items[rest->holes - 1] : NULL;
    uint32_t gaps = 0;

    if (end->has_fin && vw_sequence_delta(relative, rest->fin) >= 0)
        relative = rest->fin - 1;
    if (vw_sequence_delta(relative, delivered(end)) <= 0)
        return 0;
    /* The first acknowledgement of a connection that had begun before, or one of a byte
     * that keeps it alive: nothing is missing. */
    if (relative <= 2 && flow->is_partial)
        return 0;
    while (waiting && waiting->count > 0 &&
           vw_sequence_delta(waiting->pieces[0].from, relative) < 0) {
        gaps++;
        deliver(end, waiting->pieces[0].from);
        deliver_waiting(waiting, end);
    }
    if (vw_sequence_delta(relative, delivered(end)) > 0) {
        gaps++;
        deliver(end, relative);
    }
    if (waiting)
        deliver_waiting(waiting, end);
    return gaps;
}
