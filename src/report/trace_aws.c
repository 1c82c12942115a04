/*
 * A trace in the shape of `aws ec2 describe-network-insights-analyses`, so that what reads
 * the answers of AWS's Reachability Analyzer reads this one's.
 *
 * Two readings of ours: NetworkPathFound is true when all that was asked passes, there and
 * back; and where it is not known whether it does, the unknowns stand among the
 * explanations and in WarningMessage. There is no clock here: StartDate is absent, and the
 * ids are digests of the question and of the inputs, the same for the same.
 */
#include <vpcwhy/error.h>
#include <vpcwhy/report.h>

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/sha256.h"
#include "report/aws_parts.h"

/* AWS's ids have 17 hex digits behind the dash. */
#define ID_DIGITS 17

static void hash_text(struct vw_sha256 *hash, const char *text)
{
    if (text)
        vw_sha256_add(hash, text, strlen(text));
    vw_sha256_add(hash, "", 1);
}

static void hash_question(struct vw_sha256 *hash, const struct vw_trace *trace)
{
    char numbers[120];

    hash_text(hash, trace->from.asked);
    hash_text(hash, trace->to.asked);
    snprintf(numbers, sizeof numbers, "%d %d %d-%d %d-%d %d %d %d", trace->protocol,
             trace->has_ports, trace->ports.first, trace->ports.last,
             trace->source_ports.first, trace->source_ports.last, trace->icmp_type,
             trace->icmp_code, trace->one_way);
    hash_text(hash, numbers);
}

static void aws_id(struct vw_json *json, const char *key, const char *prefix,
                   struct vw_sha256 *hash)
{
    char digest[VW_SHA256_TEXT], id[8 + ID_DIGITS + 1];

    vw_sha256_finish(hash, digest);
    snprintf(id, sizeof id, "%s%.*s", prefix, ID_DIGITS, digest);
    vw_write_string(json, key, id);
}

/* The path is the question alone, the analysis is that of these inputs. */
static void aws_ids(struct vw_json *json, const struct vw_trace *trace)
{
    struct vw_sha256 hash;
    size_t i;

    vw_sha256_start(&hash);
    hash_question(&hash, trace);
    for (i = 0; i < trace->input_count; i++)
        hash_text(&hash, trace->inputs[i].sha256);
    aws_id(json, "NetworkInsightsAnalysisId", "nia-", &hash);
    vw_sha256_start(&hash);
    hash_question(&hash, trace);
    aws_id(json, "NetworkInsightsPathId", "nip-", &hash);
}

/* What was passed over is no component of the path. */
static const struct vw_step *next_step(const struct vw_leg *leg, size_t *index)
{
    while (*index < leg->step_count && leg->steps[*index].decision == VW_DECISION_SKIP)
        (*index)++;
    return *index < leg->step_count ? &leg->steps[(*index)++] : NULL;
}

static bool stops(const struct vw_step *step)
{
    return step->decision == VW_DECISION_DENY || step->decision == VW_DECISION_DROP;
}

/* `before` and `after` are NULL at the ends of a path. */
static void aws_path_component(struct vw_json *json, unsigned number,
                               const struct vw_step *before, const struct vw_step *step,
                               const struct vw_step *after)
{
    vw_write_object_begin(json, NULL);
    vw_write_unsigned(json, "SequenceNumber", number);
    vw_aws_component(json, "Component", step->component, step->component_name);
    if (after)
        vw_aws_header(json, "OutboundHeader", after);
    if (before)
        vw_aws_header(json, "InboundHeader", step);
    vw_aws_rule(json, step);
    vw_aws_component(json, "Subnet", step->subnet, NULL);
    vw_aws_component(json, "Vpc", step->vpc, NULL);
    if (step->reason != VW_REASON_NONE) {
        vw_write_array_begin(json, "Explanations");
        vw_aws_explanation(json, step, NULL);
        vw_write_array_end(json);
    }
    vw_write_object_end(json);
}

/* Ends at the first component that stops the packet, and a reply that is not sent has no
 * path: what else blocks stands among the explanations. */
static void aws_path(struct vw_json *json, const char *key, const struct vw_leg *leg)
{
    const struct vw_step *before = NULL, *step, *after;
    unsigned number = 0;
    size_t i = 0;

    vw_write_array_begin(json, key);
    step = leg->walked && !leg->hypothetical ? next_step(leg, &i) : NULL;
    while (step) {
        after = stops(step) ? NULL : next_step(leg, &i);
        aws_path_component(json, ++number, before, step, after);
        before = step;
        step = after;
    }
    vw_write_array_end(json);
}

static void aws_explanations(struct vw_json *json, const struct vw_trace *trace)
{
    size_t i;

    vw_write_array_begin(json, "Explanations");
    for (i = 0; i < trace->blocker_count; i++)
        vw_aws_explanation(json, trace->blockers[i].step, NULL);
    for (i = 0; i < trace->unknown_count; i++) {
        const struct vw_unknown *unknown = &trace->unknowns[i];

        vw_aws_explanation(json, unknown->step,
                           unknown->missing ? unknown->component : NULL);
    }
    vw_write_array_end(json);
}

/* NULL where there is nothing to warn of, or memory is out. */
static const char *warning(struct vw_arena *arena, const struct vw_trace *trace)
{
    const char *text = NULL;
    size_t i;

    if (trace->verdict == VW_VERDICT_PARTIAL)
        text = "some of the packets asked about pass, others do not";
    else if (trace->verdict == VW_VERDICT_UNKNOWN)
        text = "cannot be known from these files";
    for (i = 0; text && i < trace->unknown_count; i++) {
        const struct vw_unknown *unknown = &trace->unknowns[i];

        text = vw_arena_printf(arena, "%s%s%s%s%s", text, i ? "; " : ": ",
                               unknown->sentence ? unknown->sentence
                                                 : vw_reason_meaning(unknown->reason),
                               unknown->missing ? " (to decide, add: " : "",
                               unknown->missing ? unknown->missing : "");
        if (text && unknown->missing)
            text = vw_arena_printf(arena, "%s)", text);
    }
    return text;
}

static void aws_analysis(struct vw_json *json, const struct vw_trace *trace,
                         const char *warning_message)
{
    vw_write_object_begin(json, NULL);
    aws_ids(json, trace);
    vw_write_string(json, "Status", "succeeded");
    if (warning_message)
        vw_write_string(json, "WarningMessage", warning_message);
    vw_write_boolean(json, "NetworkPathFound", trace->verdict == VW_VERDICT_REACHABLE);
    aws_path(json, "ForwardPathComponents", &trace->forward);
    aws_path(json, "ReturnPathComponents", &trace->reply);
    aws_explanations(json, trace);
    vw_write_array_begin(json, "Tags");
    vw_write_array_end(json);
    vw_write_object_end(json);
}

int vw_report_trace_aws(const struct vw_trace *trace, FILE *out)
{
    struct vw_json json = vw_write_begin(out);
    struct vw_arena arena = {0};
    const char *text = warning(&arena, trace);
    int error = arena.failed ? VW_ERROR_NO_MEMORY : 0;

    if (!error) {
        vw_write_object_begin(&json, NULL);
        vw_write_array_begin(&json, "NetworkInsightsAnalyses");
        aws_analysis(&json, trace, text);
        vw_write_array_end(&json);
        vw_write_object_end(&json);
        error = vw_write_finish(&json);
    }
    vw_arena_free(&arena);
    return error;
}
