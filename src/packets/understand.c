/*
 * Packets are read and decoded by one thread, which judges what is rare and the echoes;
 * what belongs to flows goes in batches to a second thread. What a packet's flow needs of
 * memory is asked for some packets ahead, since a capture of many flows waits for little
 * else. See vpcwhy/capture.h.
 */
#include "packets/understand.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "packets/relay.h"
#include "packets/tcp_connect.h"

#include <vpcwhy/error.h>

enum { AHEAD_INDEX = 16, AHEAD_FLOW = 8, ECHOES = 32 };

struct reading {
    struct vw_capture *capture;
    struct vw_capture_file *file;
    struct vw_diagnostics *diagnostics;
    struct vw_relay *relay;
    int64_t latest; /* time */
    struct vw_recent recent;
    struct vw_packet packet; /* the one that is read */
    struct vw_pending echoes[ECHOES];
    size_t echo_count;
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

static int judge(void *context, struct vw_batch *batch)
{
    struct vw_capture *capture = context;
    const struct vw_packet_flows *flows = &capture->flows;
    size_t i;
    int error = 0;

    for (i = 0; i < batch->count && !error; i++) {
        if (i + AHEAD_INDEX < batch->count)
            vw_packet_flows_expect(flows, &batch->items[i + AHEAD_INDEX].tuple);
        if (i + AHEAD_FLOW < batch->count)
            vw_packet_flows_expect_flow(flows, &batch->items[i + AHEAD_FLOW].tuple);
        error = vw_capture_take(capture, &batch->items[i], NULL);
    }
    return error;
}

static int judge_echoes(struct reading *reading)
{
    struct vw_capture *capture = reading->capture;
    size_t i;
    int error = 0;

    for (i = 0; i < reading->echo_count; i++)
        vw_echoes_expect_series(&capture->echoes, &reading->echoes[i]);
    for (i = 0; i < reading->echo_count && !error; i++)
        error = vw_capture_take(capture, &reading->echoes[i], NULL);
    reading->echo_count = 0;
    return error;
}

static int take_echo(struct reading *reading, const struct vw_pending *pending)
{
    reading->echoes[reading->echo_count++] = *pending;
    vw_echoes_expect(&reading->capture->echoes, pending);
    return reading->echo_count < ECHOES ? 0 : judge_echoes(reading);
}

/* Everything up to here is judged, and the other thread at rest. */
static int catch_up(struct reading *reading)
{
    struct vw_batch *batch = vw_relay_batch(reading->relay);
    int error = vw_relay_finish(reading->relay);

    if (!error)
        error = judge(reading->capture, batch);
    if (!error)
        error = judge_echoes(reading);
    batch->count = 0;
    return error;
}

static int take_frame(struct reading *reading, const struct vw_frame *frame)
{
    struct vw_batch *batch = vw_relay_batch(reading->relay);
    struct vw_capture_facts *facts = &reading->capture->facts;
    struct vw_pending *pending = &batch->items[batch->count];
    struct vw_packet *packet = &reading->packet;
    enum vw_repeat repeat;
    int error;

    note_time(reading, frame->time);
    facts->snapped += frame->size < frame->wire_size;
    vw_frame_decode(frame, packet);
    if (!note_packet(reading->capture, packet))
        return 0;
    repeat = vw_recent_repeat(&reading->recent, packet, vw_packet_identity(packet),
                              frame->time);
    facts->copies += repeat == VW_REPEAT_COPY;
    facts->views += repeat == VW_REPEAT_VIEW || repeat == VW_REPEAT_TURNED;
    vw_pending_set(pending, packet);
    pending->time = frame->time;
    pending->number = frame->number;
    pending->repeat = repeat & 3;
    /* Series of echoes are apart from flows, but for errors and fragments, which look at
     * both. */
    if (pending->is_whole) {
        error = catch_up(reading);
        return error ? error : vw_capture_take(reading->capture, pending, packet);
    }
    if (pending->kind == VW_PENDING_ECHO)
        return take_echo(reading, pending);
    return ++batch->count < VW_BATCH_PACKETS ? 0 : vw_relay_hand_over(reading->relay);
}

/* ---- the file ---- */

static int read_frames(struct reading *reading)
{
    struct vw_frame frame;
    int got = 0, error = 0;

    while (!error && (got = vw_capture_file_next(reading->file, &frame)) > 0)
        error = take_frame(reading, &frame);
    if (error)
        (void)vw_relay_finish(reading->relay);
    else
        error = catch_up(reading);
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
    vw_fragments_settle(&capture->fragments);
    capture->facts.orphans = capture->fragments.orphans;
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
        reading->relay = vw_relay_create(judge, capture);
        error = capture->facts.path && reading->relay
                    ? vw_capture_file_open(path, filter, diagnostics, &reading->file)
                    : VW_ERROR_NO_MEMORY;
    }
    if (!error)
        error = read_frames(reading);
    if (!error)
        error = settle(reading);
    if (reading) {
        vw_relay_free(reading->relay);
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
