/*
 * The cross-check: each prediction of the simulator with each witness that could have
 * seen it gives one finding; what all findings come to is the conclusion, and what a
 * reader should make of them the diagnosis.
 */
#include <vpcwhy/crosscheck.h>

#include <string.h>

#include <vpcwhy/error.h>

#include "base/diagnostic.h"
#include "base/memory.h"
#include "crosscheck/cross.h"
#include "crosscheck/match.h"

const char *vw_conclusion_slug(enum vw_conclusion conclusion)
{
    static const char *const slugs[] = {
#define VW_X(name, slug) [name] = slug,
        VW_CONCLUSION_LIST(VW_X)
#undef VW_X
    };

    return slugs[conclusion];
}

const char *vw_finding_slug(enum vw_finding_result result)
{
    static const char *const slugs[] = {
#define VW_X(name, slug) [name] = slug,
        VW_FINDING_LIST(VW_X)
#undef VW_X
    };

    return slugs[result];
}

void vw_crosscheck_free(struct vw_crosscheck *crosscheck)
{
    struct vw_cross *cross = (struct vw_cross *)crosscheck; /* its first member */

    if (cross == NULL)
        return;
    vw_array_free(&cross->findings);
    vw_array_free(&cross->diagnosis);
    vw_arena_free(&cross->arena);
    vw_free(cross);
}

/* A capture that names neither end is most likely a slip of the command line. */
static void warn_of_strangers(struct vw_cross *cross)
{
    size_t count = vw_evidence_coverage_count(cross->evidence);

    for (size_t i = 0; i < count; i++) {
        const struct vw_coverage *of = vw_evidence_coverage_get(cross->evidence, i);

        if (of->kind != VW_EVIDENCE_CAPTURE || of->vantage == NULL ||
            vw_match_end(cross, VW_END_A, of->vantage) ||
            vw_match_end(cross, VW_END_B, of->vantage))
            continue;
        vw_diagnose(
            cross->diagnostics, VW_SEVERITY_WARNING, "capture-elsewhere",
            (struct vw_place){.file = of->file},
            "taken at \"%s\", which is neither end of this flow (%s, %s): not used",
            of->vantage, vw_cross_end(cross, VW_END_A), vw_cross_end(cross, VW_END_B));
    }
}

static enum vw_conclusion conclude(const struct vw_cross *cross)
{
    enum vw_conclusion conclusion = VW_CONCLUSION_INCONCLUSIVE;

    for (size_t i = 0; i < cross->findings.count; i++) {
        switch (cross->findings.items[i].result) {
        case VW_FINDING_CONTRADICTS:
            return VW_CONCLUSION_CONTRADICTED;
        case VW_FINDING_AGREES:
            if (!cross->seen.doubt)
                conclusion = VW_CONCLUSION_CONSISTENT;
            break;
        case VW_FINDING_SILENT:
        case VW_FINDING_UNKNOWN:
            break;
        }
    }
    return conclusion;
}

static void judge_all(struct vw_cross *cross)
{
    const struct vw_trace *trace = cross->trace;

    for (size_t i = 0; i < trace->prediction_count; i++) {
        const struct vw_prediction *prediction = &trace->predictions[i];

        switch (prediction->vantage) {
        case VW_EVIDENCE_FLOW_LOG:
            vw_cross_flow_logs(cross, prediction);
            break;
        case VW_EVIDENCE_CAPTURE:
            vw_cross_captures(cross, prediction);
            break;
        case VW_EVIDENCE_PING:
        case VW_EVIDENCE_NMAP:
        case VW_EVIDENCE_ROUTE:
        case VW_EVIDENCE_CONNECT:
            break; /* all transcripts at once, below */
        }
    }
    vw_cross_transcripts(cross);
}

int vw_crosscheck_run(const struct vw_world *world, const struct vw_trace *trace,
                      const struct vw_evidence *evidence,
                      struct vw_diagnostics *diagnostics,
                      struct vw_crosscheck **ret_crosscheck)
{
    struct vw_cross *cross = vw_calloc(1, sizeof *cross);

    if (cross == NULL)
        return VW_ERROR_NO_MEMORY;
    cross->world = world;
    cross->trace = trace;
    cross->evidence = evidence;
    cross->diagnostics = diagnostics;
    vw_match_views(cross);
    vw_cross_look(cross);
    warn_of_strangers(cross);
    judge_all(cross);
    cross->result = (struct vw_crosscheck){
        .trace = trace, .evidence = evidence, .conclusion = conclude(cross)};
    vw_cross_conclude(cross);
    if (cross->failed) {
        vw_crosscheck_free(&cross->result);
        return VW_ERROR_NO_MEMORY;
    }
    cross->result.findings = cross->findings.items;
    cross->result.finding_count = cross->findings.count;
    cross->result.diagnosis = cross->diagnosis.items;
    cross->result.diagnosis_count = cross->diagnosis.count;
    *ret_crosscheck = &cross->result;
    return 0;
}
