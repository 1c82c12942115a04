/*
 * Captures into evidence, in three steps that know nothing of each other: frames come from
 * packets/capture_file.h, packets/packet.h decodes them, capture_flow.h sums them up. Here
 * they are put together, and what could not be used is counted, so that no silence is taken
 * for absence.
 */
#include "base/input.h"
#include "evidence/capture_flow.h"
#include "packets/capture_file.h"

#include <vpcwhy/error.h>

struct reading {
    const char *path;
    struct vw_diagnostics *diagnostics;
    struct vw_capture_file *file;
    struct vw_capture_flows *flows;
    struct vw_coverage *coverage;
    uint64_t frames, cut, malformed;
    bool has_unread; /* interfaces whose link type is not read */
};

static int take_frame(struct reading *reading, const struct vw_frame *frame)
{
    struct vw_coverage *coverage = reading->coverage;
    struct vw_packet packet;

    reading->frames++;
    vw_coverage_widen(coverage, frame->time, frame->time);
    vw_frame_decode(frame, &packet);
    switch (packet.kind) {
    case VW_PACKET_NOT_IP:
        coverage->records++;
        break;
    case VW_PACKET_IP:
        coverage->records++;
        return vw_capture_flows_see(reading->flows, &packet, frame->number, frame->time);
    case VW_PACKET_CUT:
        reading->cut++;
        break;
    case VW_PACKET_MALFORMED:
        reading->malformed++;
        break;
    }
    return 0;
}

static void report(const struct reading *reading, enum vw_severity severity,
                   const char *code, uint64_t count, const char *sentence)
{
    if (count)
        vw_diagnose(reading->diagnostics, severity, code,
                    (struct vw_place){.file = reading->path}, "%llu %s",
                    (unsigned long long)count, sentence);
}

static void report_all(const struct reading *reading)
{
    report(reading, VW_SEVERITY_WARNING, "packets-cut", reading->cut,
           "packets were recorded too short to tell their flow (snap length)");
    report(reading, VW_SEVERITY_WARNING, "packets-malformed", reading->malformed,
           "packets contradict themselves and are passed over");
    report(reading, VW_SEVERITY_WARNING, "fragments-without-first",
           vw_capture_flows_orphans(reading->flows),
           "packets are known by later fragments only, which do not tell their flow");
    report(reading, VW_SEVERITY_NOTE, "packets-repeated",
           vw_capture_flows_repeated(reading->flows),
           "packets were recorded more than once and are counted once");
}

/* What the file itself says that it lacks: packets dropped while they were taken, and those
 * on interfaces of a link type that is not read. */
static void note_losses(struct reading *reading)
{
    struct vw_capture_file_facts facts = vw_capture_file_facts(reading->file);
    uint64_t dropped = 0;
    size_t i;

    for (i = 0; i < facts.interface_count; i++)
        dropped += facts.interfaces[i].dropped;
    report(reading, VW_SEVERITY_WARNING, "packets-dropped", dropped,
           "packets were dropped by the capture: what is missing may have been there");
    reading->coverage->damaged += facts.unread;
    reading->coverage->cut |= dropped > 0 || facts.unread > 0;
    reading->has_unread = facts.unread > 0;
}

static int read_frames(struct reading *reading)
{
    struct vw_frame frame;
    int got = 0, error = 0;

    while (!error && (got = vw_capture_file_next(reading->file, &frame)) > 0)
        error = take_frame(reading, &frame);
    if (error == VW_ERROR_LIMIT)
        vw_diagnose(reading->diagnostics, VW_SEVERITY_ERROR, "too-many-flows",
                    (struct vw_place){.file = reading->path, .line = frame.number},
                    "more flows than the program holds: the rest is not read");
    if (error && error != VW_ERROR_LIMIT)
        return error;
    vw_capture_flows_settle(reading->flows, reading->coverage->last);
    report_all(reading);
    reading->coverage->damaged +=
        reading->cut + reading->malformed + vw_capture_flows_orphans(reading->flows);
    reading->coverage->cut |= error || got < 0 || reading->cut > 0;
    note_losses(reading);
    return !error && reading->frames == 0 && (got < 0 || reading->has_unread)
               ? VW_ERROR_INPUT
               : error;
}

static int read_file(struct vw_evidence *evidence, const char *endpoint, const char *path,
                     struct vw_diagnostics *diagnostics)
{
    struct reading reading = {.path = path, .diagnostics = diagnostics};
    int error = vw_capture_file_open(path, NULL, diagnostics, &reading.file);

    if (error)
        return error;
    reading.flows = vw_capture_flows_create(evidence, path, endpoint);
    reading.coverage =
        vw_evidence_coverage(evidence, VW_EVIDENCE_CAPTURE, path, endpoint);
    error = VW_ERROR_NO_MEMORY;
    if (reading.flows && reading.coverage)
        error = read_frames(&reading);
    vw_capture_flows_free(reading.flows);
    vw_capture_file_close(reading.file);
    return error;
}

int vw_evidence_read_capture(struct vw_evidence *evidence, const char *endpoint,
                             const char *path, struct vw_diagnostics *diagnostics)
{
    struct vw_arena arena = {0};
    struct vw_paths paths = {0};
    bool any = false;
    int error = vw_tree_files(path, &arena, diagnostics, &paths);
    size_t i;

    for (i = 0; !error && i < paths.count; i++) {
        error = read_file(evidence, endpoint, paths.items[i], diagnostics);
        any |= !error;
        if (error == VW_ERROR_INPUT)
            error = 0;
    }
    vw_array_free(&paths);
    vw_arena_free(&arena);
    return error ? error : any ? 0 : VW_ERROR_INPUT;
}
