/*
 * How far silence can be trusted. Nothing recorded proves nothing sent only where the flow
 * was tried, at a time that the witness covers, and the witness is whole: no SKIPDATA, no
 * lost lines or packets, and a log of the traffic type that would show it. NODATA is the
 * strongest form: the interface says itself that it saw nothing.
 *
 * An interface of which the files have no line is covered only where an exported flow log
 * covers it together with another interface that does have lines, in a file of several
 * interfaces: such a file is no single stream, so its silence is the interface's.
 */
#include "crosscheck/coverage.h"

#include <string.h>

struct cover {
    bool appears, covers, skipped, cut, no_data;
    bool shows_accept, shows_reject;
};

static bool log_is_active(const struct vw_flow_log *log)
{
    return log->object.exported &&
           (log->status == NULL || strcmp(log->status, "ACTIVE") == 0);
}

static bool log_covers(const struct vw_world *world, const struct vw_flow_log *log,
                       const char *eni)
{
    const struct vw_interface *interface;
    uint32_t index;

    if (log->resource_id == NULL || eni == NULL || !log_is_active(log))
        return false;
    if (strcmp(log->resource_id, eni) == 0)
        return true;
    if (!vw_world_find(world, VW_OBJECT_INTERFACE, eni, &index))
        return false;
    interface = vw_world_interface(world, index);
    return (interface->subnet != VW_NONE &&
            strcmp(log->resource_id,
                   vw_world_subnet(world, interface->subnet)->object.id) == 0) ||
           (interface->vpc != VW_NONE &&
            strcmp(log->resource_id, vw_world_vpc(world, interface->vpc)->object.id) ==
                0);
}

const char *vw_coverage_flow_log(const struct vw_cross *cross, const char *eni)
{
    uint32_t count = vw_world_count(cross->world, VW_OBJECT_FLOW_LOG);

    for (uint32_t i = 0; i < count; i++) {
        const struct vw_flow_log *log = vw_world_flow_log(cross->world, i);

        if (log_covers(cross->world, log, eni))
            return log->object.id;
    }
    return NULL;
}

bool vw_coverage_appears(const struct vw_cross *cross, const char *eni)
{
    size_t count = vw_evidence_coverage_count(cross->evidence);

    for (size_t i = 0; i < count; i++) {
        const struct vw_coverage *item = vw_evidence_coverage_get(cross->evidence, i);

        if (item->kind == VW_EVIDENCE_FLOW_LOG && item->vantage != NULL &&
            strcmp(item->vantage, eni) == 0 &&
            (item->records != 0 || item->no_data != 0 || item->skip_data != 0))
            return true;
    }
    return false;
}

/* Whether one exported flow log writes both interfaces' records. */
static bool share_a_log(const struct vw_cross *cross, const char *eni, const char *other)
{
    uint32_t count = vw_world_count(cross->world, VW_OBJECT_FLOW_LOG);

    for (uint32_t i = 0; i < count; i++) {
        const struct vw_flow_log *log = vw_world_flow_log(cross->world, i);

        if (log_covers(cross->world, log, eni) && log_covers(cross->world, log, other))
            return true;
    }
    return false;
}

static bool same_file_other_interface(const struct vw_cross *cross, size_t i, size_t j)
{
    const struct vw_coverage *item = vw_evidence_coverage_get(cross->evidence, i);
    const struct vw_coverage *other;

    if (j >= vw_evidence_coverage_count(cross->evidence))
        return false;
    other = vw_evidence_coverage_get(cross->evidence, j);
    return other->kind == VW_EVIDENCE_FLOW_LOG && other->vantage != NULL &&
           strcmp(other->file, item->file) == 0 &&
           strcmp(other->vantage, item->vantage) != 0;
}

/* Whether the file of coverage `i` has lines of a second interface. Coverages are made
 * while a file is read, so those of one file are neighbours. */
static bool file_is_mixed(const struct vw_cross *cross, size_t i)
{
    return same_file_other_interface(cross, i, i + 1) ||
           (i > 0 && same_file_other_interface(cross, i, i - 1));
}

static bool tried_within(const struct vw_cross *cross, const struct vw_coverage *item,
                         int64_t slack)
{
    struct vw_span span = {item->first, item->last};

    if (item->first == VW_TIME_UNKNOWN)
        return false;
    span.first -= slack;
    span.last += slack;
    for (size_t i = 0; i < cross->seen.attempt_count; i++) {
        if (vw_span_overlaps(span, cross->seen.attempts[i]))
            return true;
    }
    return false;
}

static void cover_with(const struct vw_cross *cross, const struct vw_coverage *item,
                       struct cover *cover)
{
    cover->appears = true;
    if (!tried_within(cross, item, VW_FLOW_LOG_SLACK))
        return;
    cover->covers = true;
    cover->skipped |= item->skip_data != 0;
    cover->cut |= item->cut;
    cover->no_data |= item->no_data != 0 && item->records == 0;
    cover->shows_accept |= !item->reject_only;
    cover->shows_reject |= !item->accept_only;
}

/* Takes away what no exported flow log of the interface records. */
static void apply_traffic_types(const struct vw_cross *cross, const char *eni,
                                struct cover *cover)
{
    uint32_t count = vw_world_count(cross->world, VW_OBJECT_FLOW_LOG);
    bool any = false, accept = false, reject = false;

    for (uint32_t i = 0; i < count; i++) {
        const struct vw_flow_log *log = vw_world_flow_log(cross->world, i);
        const char *type = log->traffic_type == NULL ? "ALL" : log->traffic_type;

        if (!log_covers(cross->world, log, eni))
            continue;
        any = true;
        accept |= strcmp(type, "REJECT") != 0;
        reject |= strcmp(type, "ACCEPT") != 0;
    }
    if (any) {
        cover->shows_accept &= accept;
        cover->shows_reject &= reject;
    }
}

static struct cover cover_of(const struct vw_cross *cross, const char *eni)
{
    size_t count = vw_evidence_coverage_count(cross->evidence);
    bool appears = vw_coverage_appears(cross, eni);
    struct cover cover = {.appears = false};

    for (size_t i = 0; i < count; i++) {
        const struct vw_coverage *item = vw_evidence_coverage_get(cross->evidence, i);

        if (item->kind != VW_EVIDENCE_FLOW_LOG || item->vantage == NULL)
            continue;
        if (appears ? strcmp(item->vantage, eni) == 0
                    : share_a_log(cross, eni, item->vantage) && file_is_mixed(cross, i))
            cover_with(cross, item, &cover);
    }
    apply_traffic_types(cross, eni, &cover);
    return cover;
}

static const char *not_given(struct vw_cross *cross, const char *eni)
{
    const char *log = vw_coverage_flow_log(cross, eni);

    if (log != NULL)
        return vw_cross_say(cross,
                            "the flow logs given have no line of %s, which %s covers: "
                            "that log, or its stream, is not among them",
                            eni, log);
    return vw_cross_say(cross,
                        "the flow logs given have no line of %s, and no exported flow "
                        "log covers it",
                        eni);
}

/* Why nobody can say when the flow was tried, or NULL. */
static const char *not_placed(const struct vw_cross *cross)
{
    if (cross->seen.request_at_a.row == NULL && cross->seen.request_at_b.row == NULL)
        return "nothing recorded shows that the flow was tried";
    if (cross->seen.attempt_count == 0)
        return "the flow was tried, but no witness tells when";
    return NULL;
}

const char *vw_coverage_of_interface(struct vw_cross *cross, const char *eni,
                                     bool accepts, bool rejects, bool *ret_no_data)
{
    struct cover cover = cover_of(cross, eni);
    const char *unplaced = not_placed(cross);

    if (ret_no_data != NULL)
        *ret_no_data = cover.no_data;
    if (!cover.appears)
        return not_given(cross, eni);
    if (unplaced != NULL)
        return unplaced;
    if (!cover.covers)
        return vw_cross_say(cross,
                            "the flow log of %s does not reach the time of the "
                            "attempt",
                            eni);
    if (cover.skipped)
        return vw_cross_say(cross,
                            "the flow log of %s has SKIPDATA: records were left "
                            "out",
                            eni);
    if (cover.cut)
        return vw_cross_say(cross, "the flow log of %s ends in the middle of a file",
                            eni);
    if (accepts && !cover.shows_accept)
        return vw_cross_say(cross, "the flow log of %s holds REJECT records only", eni);
    if (rejects && !cover.shows_reject)
        return vw_cross_say(cross, "the flow log of %s holds ACCEPT records only", eni);
    return NULL;
}

const char *vw_coverage_of_capture(struct vw_cross *cross,
                                   const struct vw_coverage *capture,
                                   const struct vw_sight *own_request)
{
    const char *unplaced = not_placed(cross);

    if (capture->records == 0)
        return "the capture is empty, so nothing shows that it was running";
    if (capture->cut || capture->damaged != 0)
        return "the capture is cut or damaged, or packets were dropped";
    if (own_request->row != NULL)
        return NULL;
    if (unplaced != NULL)
        return unplaced;
    if (!tried_within(cross, capture, VW_CAPTURE_SLACK))
        return "the capture does not reach the time of the attempt";
    return NULL;
}
