/*
 * Two batches of packets take turns: while one is read and decoded, the other is judged by
 * a second thread. What a packet's flow needs of memory is asked for some packets ahead,
 * since a capture of many flows waits for little else. See vpcwhy/capture.h.
 */
#include "packets/understand.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/pool.h"
#include "packets/tcp_connect.h"

#include <vpcwhy/error.h>

enum { BATCH = 512, AHEAD_INDEX = 16, AHEAD_FLOW = 8 };

struct batch {
    struct vw_job job;
    struct vw_capture *capture;
    int error;
    size_t count;
    struct vw_pending items[BATCH];
};

struct reading {
    struct vw_capture *capture;
    struct vw_capture_file *file;
    struct vw_diagnostics *diagnostics;
    struct vw_pool *pool; /* made when the first batch is full */
    int filling;          /* the batch that is being read */
    int64_t latest;       /* time */
    struct batch batches[2];
};

/* ---- one frame ---- */

static void note_time(struct reading *reading, int64_t time)
{
    struct vw_capture_facts *facts = &reading->capture->facts;

    if (time == VW_TIME_UNKNOWN) {
        facts->untimed++;
        return;
    }
    if (facts->first == VW_TIME_UNKNOWN || time < facts->first)
        facts->first = time;
    if (facts->last == VW_TIME_UNKNOWN || time > facts->last)
        facts->last = time;
    if (reading->latest != VW_TIME_UNKNOWN && time < reading->latest) {
        facts->backward_count++;
        if (reading->latest - time > facts->backward_most)
            facts->backward_most = reading->latest - time;
    }
    reading->latest = time;
}

/* What a packet says about how the capture was taken. True where its flow can be told. */
static bool note_packet(struct vw_capture *capture, const struct vw_packet *packet)
{
    struct vw_capture_facts *facts = &capture->facts;

    switch (packet->kind) {
    case VW_PACKET_NOT_IP:
        facts->not_ip++;
        return false;
    case VW_PACKET_CUT:
        facts->cut++;
        return false;
    case VW_PACKET_MALFORMED:
        facts->malformed++;
        return false;
    case VW_PACKET_IP:
        break;
    }
    if (packet->depth) {
        facts->tunnelled++;
        capture->tunnels[packet->tunnel] = true;
    }
    facts->unsized += packet->length_unsaid;
    facts->partial_checksums += packet->partial_checksum;
    return true;
}

static void take_frame(struct reading *reading, const struct vw_frame *frame)
{
    struct batch *batch = &reading->batches[reading->filling];
    struct vw_pending *pending = &batch->items[batch->count];

    note_time(reading, frame->time);
    reading->capture->facts.snapped += frame->size < frame->wire_size;
    vw_frame_decode(frame, &pending->packet);
    if (!note_packet(reading->capture, &pending->packet))
        return;
    pending->number = frame->number;
    pending->time = frame->time;
    pending->identity = vw_packet_identity(&pending->packet);
    pending->tuple = vw_tuple_of(&pending->packet);
    batch->count++;
}

/* ---- batches ---- */

static void judge(struct vw_job *job, unsigned worker)
{
    struct batch *batch = (struct batch *)(void *)job;
    const struct vw_packet_flows *flows = &batch->capture->flows;
    size_t i;

    (void)worker;
    for (i = 0; i < batch->count && !batch->error; i++) {
        if (i + AHEAD_INDEX < batch->count)
            vw_packet_flows_expect(flows, &batch->items[i + AHEAD_INDEX].tuple);
        if (i + AHEAD_FLOW < batch->count)
            vw_packet_flows_expect_flow(flows, &batch->items[i + AHEAD_FLOW].tuple);
        batch->error = vw_capture_take(batch->capture, &batch->items[i]);
    }
    batch->count = 0;
}

/* Hands the batch that was filled over, once the other one is done. */
static int hand_over(struct reading *reading)
{
    struct batch *batch = &reading->batches[reading->filling];
    struct batch *other = &reading->batches[!reading->filling];

    if (!reading->pool)
        reading->pool = vw_pool_create(vw_pool_threads() ? 1 : 0);
    if (!reading->pool)
        return VW_ERROR_NO_MEMORY;
    vw_pool_wait(reading->pool);
    if (other->error)
        return other->error;
    vw_pool_add(reading->pool, &batch->job);
    reading->filling = !reading->filling;
    return 0;
}

/* What is still to be judged. */
static int finish(struct reading *reading, int error)
{
    struct batch *batch = &reading->batches[reading->filling];
    struct batch *other = &reading->batches[!reading->filling];

    if (reading->pool)
        vw_pool_wait(reading->pool);
    if (!error)
        error = other->error;
    if (!error) {
        judge(&batch->job, 0);
        error = batch->error;
    }
    return error;
}

/* ---- the file ---- */

static int read_frames(struct reading *reading)
{
    struct vw_frame frame;
    int got = 0, error = 0;

    while (!error && (got = vw_capture_file_next(reading->file, &frame)) > 0) {
        take_frame(reading, &frame);
        if (reading->batches[reading->filling].count == BATCH)
            error = hand_over(reading);
    }
    error = finish(reading, error);
    if (error == VW_ERROR_LIMIT) {
        reading->capture->facts.too_many_flows = true;
        vw_diagnose(
            reading->diagnostics, VW_SEVERITY_ERROR, "too-many-flows",
            (struct vw_place){.file = reading->capture->facts.path, .line = frame.number},
            "more flows than the program holds: the rest is not read");
        error = 0;
    }
    if (error || got >= 0)
        return error;
    if (got != VW_ERROR_INPUT)
        return got;
    reading->capture->facts.is_damaged = true;
    return 0;
}

static int keep_places(struct vw_capture *capture,
                       const struct vw_capture_file_facts *facts)
{
    size_t i;

    for (i = 0; i < facts->interface_count; i++) {
        const struct vw_capture_interface *from = &facts->interfaces[i];
        struct vw_capture_place place = {
            .name = from->name ? vw_arena_string(&capture->arena, from->name) : NULL,
            .filter =
                from->filter ? vw_arena_string(&capture->arena, from->filter) : NULL,
            .link_type = from->link_type,
            .link_name = from->link_name
                             ? vw_arena_string(&capture->arena, from->link_name)
                             : NULL,
            .snap_length = from->snap_length,
            .packets = from->packets,
            .has_statistics = from->has_statistics,
            .dropped = from->dropped,
            .window_start = from->window_start,
            .window_end = from->window_end,
        };

        capture->facts.dropped += from->dropped;
        if (vw_array_push(&capture->places, place))
            return VW_ERROR_NO_MEMORY;
    }
    return 0;
}

/* Where the file tells when capturing ended, silence up to then counts. */
static void set_end(struct vw_capture *capture)
{
    struct vw_capture_facts *facts = &capture->facts;
    size_t i;

    facts->end = facts->last;
    for (i = 0; i < capture->places.count && !facts->is_damaged; i++) {
        int64_t end = capture->places.items[i].window_end;

        if (end != VW_TIME_UNKNOWN && (facts->end == VW_TIME_UNKNOWN || end > facts->end))
            facts->end = end;
    }
}

/* "vxlan, gre": what packets were found in. */
static int name_tunnels(struct vw_capture *capture)
{
    const char *names = NULL;
    int i;

    for (i = 0; i < VW_TUNNEL_COUNT; i++)
        if (capture->tunnels[i])
            names = vw_arena_printf(&capture->arena, "%s%s%s", names ? names : "",
                                    names ? ", " : "", vw_tunnel_slug((enum vw_tunnel)i));
    capture->facts.tunnels = names;
    return capture->arena.failed ? VW_ERROR_NO_MEMORY : 0;
}

static int settle(struct reading *reading)
{
    struct vw_capture *capture = reading->capture;
    struct vw_capture_file_facts facts = vw_capture_file_facts(reading->file);
    int error;

    capture->facts.format = facts.format;
    capture->facts.is_swapped = facts.is_swapped;
    capture->facts.packets = facts.packets;
    capture->facts.filtered = facts.filtered;
    capture->facts.unread = facts.unread;
    if (capture->facts.is_damaged)
        capture->facts.damaged_at = facts.packets + 1;
    vw_recent_settle(&capture->recent);
    capture->facts.orphans = capture->recent.orphans;
    vw_errors_settle(&capture->errors, &capture->flows, &capture->echoes);
    error = vw_echoes_settle(&capture->echoes);
    if (!error)
        error = vw_tcp_connect_settle(&capture->flows);
    if (!error)
        error = keep_places(capture, &facts);
    if (!error)
        error = name_tunnels(capture);
    capture->facts.place_count = capture->places.count;
    set_end(capture);
    /* Nothing at all could be used: it is damaged from the start, or of no known link. */
    if (!error && facts.packets == facts.unread &&
        (capture->facts.is_damaged || facts.unread > 0))
        error = VW_ERROR_INPUT;
    return error;
}

void vw_capture_free(struct vw_capture *capture)
{
    if (!capture)
        return;
    vw_packet_flows_free(&capture->flows);
    vw_echoes_free(&capture->echoes);
    vw_errors_free(&capture->errors);
    vw_array_free(&capture->places);
    vw_arena_free(&capture->arena);
    vw_free(capture);
}

int vw_capture_read(const char *path, const char *filter,
                    struct vw_diagnostics *diagnostics, struct vw_capture **ret_capture)
{
    struct reading *reading = vw_calloc(1, sizeof *reading);
    struct vw_capture *capture = vw_calloc(1, sizeof *capture);
    int error = reading && capture ? 0 : VW_ERROR_NO_MEMORY;

    if (!error) {
        capture->facts.path = vw_arena_string(&capture->arena, path);
        capture->facts.first = capture->facts.last = VW_TIME_UNKNOWN;
        reading->capture = capture;
        reading->diagnostics = diagnostics;
        reading->latest = VW_TIME_UNKNOWN;
        reading->batches[0].job.run = reading->batches[1].job.run = judge;
        reading->batches[0].capture = reading->batches[1].capture = capture;
        error = capture->facts.path
                    ? vw_capture_file_open(path, filter, diagnostics, &reading->file)
                    : VW_ERROR_NO_MEMORY;
    }
    if (!error)
        error = read_frames(reading);
    if (!error)
        error = settle(reading);
    if (reading) {
        vw_pool_free(reading->pool);
        vw_capture_file_close(reading->file);
    }
    vw_free(reading);
    if (error) {
        vw_capture_free(capture);
        return error;
    }
    *ret_capture = capture;
    return 0;
}
