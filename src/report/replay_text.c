/*
 * A replay for people: how many flows agree, then each finding with the rule that decided,
 * what it means and a few of the records.
 */
#include <vpcwhy/report.h>

#include <inttypes.h>
#include <stdio.h>

#include "base/time.h"
#include "report/logging_parts.h"
#include "report/text_parts.h"

static enum vw_paint result_paint(enum vw_replay_result result)
{
    switch (result) {
    case VW_REPLAY_AGREES:
        return VW_PAINT_GOOD;
    case VW_REPLAY_CONTRADICTS:
        return VW_PAINT_BAD;
    case VW_REPLAY_EXPLAINED:
    case VW_REPLAY_UNDECIDED:
        break;
    }
    return VW_PAINT_UNSURE;
}

static const char *result_words(enum vw_replay_result result)
{
    switch (result) {
    case VW_REPLAY_AGREES:
        return "agree with the export";
    case VW_REPLAY_CONTRADICTS:
        return "contradict it";
    case VW_REPLAY_EXPLAINED:
        return "differ, for a reason other than the rules";
    case VW_REPLAY_UNDECIDED:
        return "cannot be decided";
    }
    return "";
}

/* "1 flow", "12 flows" */
static void put_count(struct vw_text *text, uint64_t count, const char *noun)
{
    vw_text_number(text, count);
    vw_text_put(text, " ");
    vw_text_put(text, noun);
    if (count != 1)
        vw_text_put(text, "s");
}

static void text_head(struct vw_text *text, const struct vw_replay *replay)
{
    size_t i;

    vw_text_conclusion(text, replay->conclusion);
    vw_text_put(text, "  ");
    put_count(text, replay->flows, "distinct flow");
    vw_text_put(text, " of ");
    put_count(text, replay->records, "record");
    vw_text_put(text, " held against the export");
    vw_text_line(text);
    for (i = 0; i < VW_REPLAY_RESULTS; i++) {
        char number[24];

        snprintf(number, sizeof number, "%12" PRIu64 "  ", replay->flows_by_result[i]);
        vw_text_put(text, number);
        if (replay->flows_by_result[i])
            vw_text_painted(text, result_paint((enum vw_replay_result)i),
                            result_words((enum vw_replay_result)i));
        else
            vw_text_put(text, result_words((enum vw_replay_result)i));
        vw_text_line(text);
    }
}

static void text_skipping(struct vw_text *text, const struct vw_replay *replay)
{
    if (!replay->skipping)
        return;
    vw_text_line(text);
    vw_text_put(text, "SKIPDATA at ");
    put_count(text, replay->skipping, "interface");
    vw_text_put(text,
                ": records were left out, and what is missing there proves nothing");
    vw_text_line(text);
}

static void put_times(struct vw_text *text, int64_t first, int64_t last)
{
    char buffer[VW_TIME_TEXT];

    if (first == VW_TIME_UNKNOWN)
        return;
    vw_text_put(text, ", ");
    vw_text_put(text, vw_time_format(first, buffer));
    if (last == VW_TIME_UNKNOWN || last == first)
        return;
    vw_text_put(text, " to ");
    vw_text_put(text, vw_time_format(last, buffer));
}

/* "12 flows (tcp 443: 10, tcp 22: 2), 40 records, 123 packets, TIME to TIME" */
static void put_extent(struct vw_text *text, const struct vw_replay_finding *finding)
{
    char buffer[16];
    size_t i;

    vw_text_pad(text, 5);
    put_count(text, finding->flows, "flow");
    for (i = 0; i < finding->service_count; i++) {
        const struct vw_replay_service *service = &finding->services[i];

        vw_text_put(text, i ? ", " : " (");
        vw_text_put(text, service->protocol < 0
                              ? "no protocol"
                              : vw_protocol_format(service->protocol, buffer));
        if (service->port >= 0) {
            vw_text_put(text, " ");
            vw_text_number(text, (uint64_t)service->port);
        }
        if (finding->services_all > 1) {
            vw_text_put(text, ": ");
            vw_text_number(text, service->flows);
        }
    }
    if (finding->services_all > finding->service_count)
        vw_text_put(text, ", ...");
    vw_text_put(text, "), ");
    put_count(text, finding->records, "record");
    if (finding->packets >= 0) {
        vw_text_put(text, ", ");
        put_count(text, (uint64_t)finding->packets, "packet");
    }
    put_times(text, finding->first, finding->last);
    vw_text_line(text);
}

static void put_end(struct vw_text *text, struct vw_address address, int32_t port)
{
    char buffer[VW_ADDRESS_TEXT];

    vw_text_put(text, address.family == VW_FAMILY_NONE
                          ? "-"
                          : vw_address_format(address, buffer));
    if (port > 0) {
        vw_text_put(text, " port ");
        vw_text_number(text, (uint64_t)port);
    }
}

/* "evidence/flow.log:3  eni-1  10.0.0.1 port 50000 -> 10.1.0.1 port 443  ACCEPT" */
static void put_example(struct vw_text *text, const struct vw_observation *row)
{
    vw_text_pad(text, 5);
    vw_text_put(text, row->file);
    if (row->line) {
        vw_text_put(text, ":");
        vw_text_number(text, row->line);
    }
    vw_text_put(text, "  ");
    vw_text_put(text, row->vantage ? row->vantage : "no interface");
    vw_text_put(text, "  ");
    put_end(text, row->source, row->source_port);
    vw_text_put(text, " -> ");
    put_end(text, row->destination, row->destination_port);
    if (row->action == VW_FLOW_ACTION_ACCEPT)
        vw_text_put(text, "  ACCEPT");
    else if (row->action == VW_FLOW_ACTION_REJECT)
        vw_text_put(text, "  REJECT");
    vw_text_line(text);
}

static const char *direction_words(enum vw_flow_direction direction)
{
    switch (direction) {
    case VW_FLOW_DIRECTION_UNKNOWN:
        return "";
    case VW_FLOW_DIRECTION_EGRESS:
        return "leaving ";
    case VW_FLOW_DIRECTION_INGRESS:
        return "entering ";
    }
    return "";
}

/* "leaving eni-1, decided by sg-1: in tcp 443 from 10.0.0.0/8 (groups.json: /...)" */
static void put_decider(struct vw_text *text, const struct vw_replay_finding *finding)
{
    const char *way = direction_words(finding->direction);

    vw_text_pad(text, 5);
    vw_text_put(text, way);
    if (finding->eni)
        vw_text_put(text, finding->eni);
    else if (*way)
        vw_text_put(text, "several interfaces");
    if (finding->component) {
        vw_text_put(text, *way || finding->eni ? ", decided by " : "decided by ");
        vw_text_put(text, finding->component);
    }
    if (finding->rule) {
        vw_text_put(text, ": ");
        vw_text_put(text, finding->rule);
    }
    vw_text_line(text);
    if (finding->source.file) {
        vw_text_pad(text, 5);
        vw_text_place(text, finding->source);
        vw_text_line(text);
    }
}

/* What the same rule did as exported, and when. */
static void put_agreeing(struct vw_text *text, const struct vw_replay_finding *finding)
{
    if (!finding->agreeing)
        return;
    vw_text_pad(text, 5);
    put_count(text, finding->agreeing, "flow");
    vw_text_put(text, " of the same rule and ports recorded as exported");
    put_times(text, finding->agreeing_first, finding->agreeing_last);
    vw_text_line(text);
}

static void text_finding(struct vw_text *text, size_t number,
                         const struct vw_replay_finding *finding)
{
    enum vw_replay_result result = vw_reading_result(finding->reading);
    const char *advice = vw_reading_advice(finding->reading);
    char head[16];
    size_t i;

    snprintf(head, sizeof head, "%3zu. ", number);
    vw_text_put(text, head);
    vw_text_painted(text, result_paint(result), vw_replay_result_slug(result));
    vw_text_put(text, ": ");
    vw_text_wrap(text, 5, vw_reading_headline(finding->reading));
    put_extent(text, finding);
    put_decider(text, finding);
    if (finding->sentence)
        vw_text_wrap(text, 5, finding->sentence);
    if (finding->missing) {
        vw_text_put(text, "     missing: ");
        vw_text_put(text, finding->missing);
        vw_text_line(text);
    }
    put_agreeing(text, finding);
    if (*advice)
        vw_text_wrap(text, 5, advice);
    for (i = 0; i < finding->example_count; i++)
        put_example(text, finding->examples[i]);
}

int vw_report_replay_text(const struct vw_replay *replay,
                          const struct vw_logging *logging, struct vw_report_style style,
                          FILE *out)
{
    struct vw_text text = vw_text_begin(out, style);
    size_t i;

    text_head(&text, replay);
    text_skipping(&text, replay);
    if (replay->finding_count) {
        vw_text_heading(&text, "What differs, by what decided");
        vw_text_line(&text);
    }
    for (i = 0; i < replay->finding_count && i < VW_TEXT_ITEMS_MAX; i++)
        text_finding(&text, i + 1, &replay->findings[i]);
    vw_text_left_out(&text, 5, replay->finding_count);
    vw_text_logging(&text, logging);
    return vw_text_finish(&text);
}
