/*
 * What AWS says (VPC User Guide, "IAM role for publishing flow logs to CloudWatch Logs",
 * "Amazon S3 bucket permissions for flow logs", "Troubleshoot VPC Flow Logs"): to
 * CloudWatch Logs records are delivered by a role of the same account that trusts
 * vpc-flow-logs.amazonaws.com and may create groups and streams, describe them and put
 * events; to S3 by delivery.logs.amazonaws.com, which the bucket's policy lets write below
 * AWSLogs/ACCOUNT/ (Hive: AWSLogs/aws-account-id=ACCOUNT/) and read the bucket's ACL.
 * "Access error" is what a flow log reports where that is not so.
 *
 * What we do: ask the exported policies these very calls (iam.h), and say which statement
 * is missing. What is not exported, or cannot be told from it, is unknown.
 */
#include "crosscheck/logging.h"

#include <string.h>

#include <vpcwhy/error.h>

#include "base/array.h"
#include "crosscheck/delivery.h"

static bool is_text(const char *text, const char *other)
{
    return text && strcmp(text, other) == 0;
}

/* ---- whose flow log it is ---- */

/* Field `number` of an ARN ("arn:aws:logs:REGION:ACCOUNT:..."), copied; NULL where the ARN
 * is not one, or the field is empty. */
static const char *arn_field(struct vw_arena *arena, const char *arn, int number)
{
    const char *end;

    for (; arn && number > 0; number--) {
        arn = strchr(arn, ':');
        arn = arn ? arn + 1 : NULL;
    }
    end = arn ? strchr(arn, ':') : NULL;
    return end && end > arn ? vw_arena_copy(arena, arn, (size_t)(end - arn)) : NULL;
}

/* The VPC that the log is of, or NULL. */
static const struct vw_object *resource_of(const struct vw_world *world,
                                           const struct vw_flow_log *log)
{
    static const enum vw_object_kind kinds[] = {
        VW_OBJECT_VPC, VW_OBJECT_SUBNET, VW_OBJECT_INTERFACE, VW_OBJECT_TRANSIT_GATEWAY};
    uint32_t index;
    size_t i;

    for (i = 0; log->resource_id && i < sizeof kinds / sizeof *kinds; i++)
        if (vw_world_find(world, kinds[i], log->resource_id, &index))
            return vw_world_object(world, kinds[i], index);
    return NULL;
}

static void find_scope(struct vw_deliverer *it)
{
    const struct vw_flow_log *log = it->log;
    const struct vw_object *resource = resource_of(it->world, log);
    bool is_group = is_text(log->destination_type, "cloud-watch-logs");

    it->account = log->object.account;
    it->region = log->object.region;
    if (!it->account && resource)
        it->account = resource->account;
    if (!it->region && resource)
        it->region = resource->region;
    if (!it->account && log->role)
        it->account = arn_field(it->arena, log->role, 4);
    if (!it->account && is_group)
        it->account = arn_field(it->arena, log->destination, 4);
    if (!it->region && is_group)
        it->region = arn_field(it->arena, log->destination, 3);
    it->partition = "aws";
    if (it->region && strncmp(it->region, "cn-", 3) == 0)
        it->partition = "aws-cn";
    else if (it->region && strncmp(it->region, "us-gov-", 7) == 0)
        it->partition = "aws-us-gov";
}

/* ---- what is found ---- */

const char *vw_delivery_say(struct vw_deliverer *it, const char *format, ...)
{
    va_list arguments;
    const char *text;

    va_start(arguments, format);
    text = vw_arena_vprintf(it->arena, format, arguments);
    va_end(arguments);
    if (!text)
        it->failed = true;
    return text ? text : "";
}

void vw_delivery_find(struct vw_deliverer *it, struct vw_delivery_finding finding)
{
    if (it->finding_count < VW_DELIVERY_FINDINGS)
        it->findings[it->finding_count++] = finding;
}

static struct vw_place_in_export place_of(struct vw_source source)
{
    return (struct vw_place_in_export){source.file, source.pointer};
}

/* "names ec2.amazonaws.com", "is about arn:...", "demands aws:SourceArn ArnLike arn:..." */
static const char *why_not(struct vw_deliverer *it, const struct vw_iam_near *near)
{
    const struct vw_iam_statement *statement = near->statement;
    const struct vw_iam_condition *condition = near->condition;

    switch (near->part) {
    case VW_IAM_ACTION:
        break;
    case VW_IAM_PRINCIPAL:
        if (statement->principal_count > 0 && statement->principals[0].values.count > 0)
            return vw_delivery_say(it, "; the nearest statement names %s",
                                   statement->principals[0].values.items[0]);
        break;
    case VW_IAM_RESOURCE:
        if (statement->resources.count > 0)
            return vw_delivery_say(it, "; the nearest statement is about %s",
                                   statement->resources.items[0]);
        break;
    case VW_IAM_CONDITION:
        if (condition && condition->values.count > 0)
            return vw_delivery_say(it, "; the nearest statement demands %s %s %s",
                                   condition->key, condition->test,
                                   condition->values.items[0]);
        break;
    }
    return "";
}

void vw_delivery_refused(struct vw_deliverer *it, enum vw_iam_answer answer,
                         const char *what, const char *statement,
                         const struct vw_iam_near *near, struct vw_source source)
{
    struct vw_delivery_finding finding = {
        .verdict = VW_DELIVERY_FAILS, .statement = statement, .source = place_of(source)};

    switch (answer) {
    case VW_IAM_YES:
        return;
    case VW_IAM_NO:
        finding.sentence = vw_delivery_say(it, "no statement lets %s%s", what,
                                           near->statement ? why_not(it, near) : "");
        break;
    case VW_IAM_MAYBE:
        finding.verdict = VW_DELIVERY_UNKNOWN;
        finding.statement = NULL;
        finding.sentence = vw_delivery_say(
            it, "whether a statement lets %s cannot be told%s", what,
            near->statement && near->part == VW_IAM_CONDITION ? why_not(it, near) : "");
        break;
    case VW_IAM_DENIED:
        finding.statement = NULL;
        finding.sentence = vw_delivery_say(
            it, "a statement%s%s denies that %s", near->statement->sid ? " " : "",
            near->statement->sid ? near->statement->sid : "", what);
        break;
    }
    vw_delivery_find(it, finding);
}

void vw_delivery_missing(struct vw_deliverer *it, const char *sentence,
                         const char *command)
{
    vw_delivery_find(it, (struct vw_delivery_finding){.verdict = VW_DELIVERY_UNKNOWN,
                                                      .sentence = sentence,
                                                      .missing = command});
}

/* ---- the verdict beside what the export says of it ---- */

static enum vw_delivery_verdict verdict_of(const struct vw_deliverer *it)
{
    enum vw_delivery_verdict verdict = VW_DELIVERY_WORKS;
    size_t i;

    for (i = 0; i < it->finding_count; i++) {
        if (it->findings[i].verdict == VW_DELIVERY_FAILS)
            return VW_DELIVERY_FAILS;
        verdict = VW_DELIVERY_UNKNOWN;
    }
    return verdict;
}

static const char *compare(const struct vw_flow_log *log,
                           enum vw_delivery_verdict verdict)
{
    bool failed = is_text(log->delivery_status, "FAILED");

    if (failed && is_text(log->delivery_error, "Access error")) {
        if (verdict == VW_DELIVERY_FAILS)
            return "it reports Access error, as the policies predict";
        if (verdict == VW_DELIVERY_WORKS)
            return "it reports Access error, and the exported policies would let it: "
                   "they "
                   "were mended since, or something else denies it (an organization's "
                   "policy, a key's policy)";
        return "it reports Access error: the role lacks a permission, or does not trust "
               "the "
               "service";
    }
    if (failed && is_text(log->delivery_error, "Rate limited"))
        return "it reports Rate limited: CloudWatch Logs throttles, or the quota of log "
               "groups is reached; no policy mends that";
    if (failed)
        return "it reports an error that no policy explains";
    if (is_text(log->delivery_status, "SUCCESS") && verdict == VW_DELIVERY_FAILS)
        return "it reports SUCCESS all the same: the policies changed since it last "
               "delivered, or the export is not of one moment";
    return NULL;
}

int vw_delivery_judge(const struct vw_world *world, const struct vw_flow_log *log,
                      struct vw_arena *arena, struct vw_delivery *ret)
{
    struct vw_deliverer it = {.world = world, .log = log, .arena = arena};

    it.findings = vw_arena_array(arena, VW_DELIVERY_FINDINGS, sizeof *it.findings);
    if (!it.findings)
        return VW_ERROR_NO_MEMORY;
    find_scope(&it);
    if (is_text(log->destination_type, "s3"))
        vw_delivery_to_bucket(&it);
    else if (is_text(log->destination_type, "cloud-watch-logs") ||
             (!log->destination_type && log->role))
        vw_delivery_to_group(&it);
    else
        vw_delivery_missing(
            &it,
            log->destination_type
                ? "what delivery to this kind of destination needs is not checked"
                : "the export does not say where the records go",
            NULL);
    *ret = (struct vw_delivery){.flow_log = log->object.id,
                                .resource = log->resource_id,
                                .traffic_type = log->traffic_type,
                                .destination_type = log->destination_type,
                                .destination =
                                    log->destination ? log->destination : log->group_name,
                                .status = log->delivery_status,
                                .error = log->delivery_error,
                                .verdict = verdict_of(&it),
                                .findings = it.findings,
                                .finding_count = it.finding_count,
                                .source = place_of(log->object.source)};
    ret->sentence = compare(log, ret->verdict);
    return it.failed ? VW_ERROR_NO_MEMORY : 0;
}
