/* See logging_parts.h. */
#include "report/logging_parts.h"

#include <string.h>

#include "report/json_parts.h"
#include "report/text_parts.h"

/* More interfaces of one gap are not named in text. */
enum { ENIS_SHOWN = 4 };

/* ---- for people ---- */

/* "5 of 12 interfaces of subnet-1 (vpc-1)" */
static void put_gap(struct vw_text *text, const struct vw_logging_gap *gap)
{
    size_t i;

    vw_text_put(text, "  ");
    vw_text_number(text, gap->eni_count);
    vw_text_put(text, " of ");
    vw_text_number(text, gap->of);
    vw_text_put(text, gap->of == 1 ? " interface of " : " interfaces of ");
    vw_text_put(text, gap->subnet ? gap->subnet : "an unknown subnet");
    if (gap->vpc) {
        vw_text_put(text, " (");
        vw_text_put(text, gap->vpc);
        vw_text_put(text, ")");
    }
    vw_text_put(text, ": ");
    vw_text_painted(text, VW_PAINT_UNSURE, vw_logged_words(gap->logged));
    vw_text_line(text);
    vw_text_pad(text, 5);
    for (i = 0; i < gap->eni_count && i < ENIS_SHOWN; i++) {
        vw_text_put(text, i ? ", " : "");
        vw_text_put(text, gap->enis[i]);
    }
    vw_text_put(text, gap->eni_count > ENIS_SHOWN ? ", ..." : "");
    vw_text_line(text);
}

static void text_coverage(struct vw_text *text, const struct vw_logging *logging)
{
    size_t i;

    vw_text_heading(text, "What flow logs see");
    vw_text_line(text);
    if (!logging->is_known) {
        vw_text_put(text, "  not known: add aws ec2 describe-flow-logs to the export");
        vw_text_line(text);
        return;
    }
    vw_text_put(text, "  ");
    vw_text_number(text, logging->interfaces[VW_LOGGED_ALL]);
    vw_text_put(text, logging->interfaces[VW_LOGGED_ALL] == 1
                          ? " interface is recorded in full"
                          : " interfaces are recorded in full");
    vw_text_line(text);
    for (i = 0; i < logging->gap_count && i < VW_TEXT_ITEMS_MAX; i++)
        put_gap(text, &logging->gaps[i]);
    vw_text_left_out(text, 2, logging->gap_count);
}

static enum vw_paint delivery_paint(enum vw_delivery_verdict verdict)
{
    switch (verdict) {
    case VW_DELIVERY_WORKS:
        return VW_PAINT_GOOD;
    case VW_DELIVERY_FAILS:
        return VW_PAINT_BAD;
    case VW_DELIVERY_UNKNOWN:
        return VW_PAINT_UNSURE;
    }
    return VW_PAINT_UNSURE;
}

static const char *delivery_words(enum vw_delivery_verdict verdict)
{
    switch (verdict) {
    case VW_DELIVERY_WORKS:
        return "the policies let it be delivered";
    case VW_DELIVERY_FAILS:
        return "the policies do not let it be delivered";
    case VW_DELIVERY_UNKNOWN:
        return "whether it can be delivered cannot be told";
    }
    return "";
}

/* A log that is delivered, as the export says, is worth no line for what else could be
 * known of it. */
static bool is_worth_telling(const struct vw_delivery *delivery)
{
    return delivery->verdict == VW_DELIVERY_FAILS || delivery->sentence ||
           !delivery->status || strcmp(delivery->status, "SUCCESS") != 0;
}

static void put_delivery(struct vw_text *text, const struct vw_delivery *delivery)
{
    size_t i;

    vw_text_put(text, "  ");
    vw_text_put(text, delivery->flow_log);
    if (delivery->resource) {
        vw_text_put(text, " of ");
        vw_text_put(text, delivery->resource);
    }
    vw_text_put(text, ": ");
    vw_text_painted(text, delivery_paint(delivery->verdict),
                    delivery_words(delivery->verdict));
    vw_text_line(text);
    if (delivery->sentence)
        vw_text_wrap(text, 5, delivery->sentence);
    for (i = 0; i < delivery->finding_count; i++) {
        const struct vw_delivery_finding *finding = &delivery->findings[i];

        vw_text_put(text, "   - ");
        vw_text_wrap(text, 5, finding->sentence);
        if (finding->source.file) {
            vw_text_pad(text, 5);
            vw_text_place(text, finding->source);
            vw_text_line(text);
        }
        if (finding->statement || finding->missing) {
            vw_text_pad(text, 5);
            vw_text_put(text, finding->statement ? "add " : "to decide, add: ");
            vw_text_put(text, finding->statement ? finding->statement : finding->missing);
            vw_text_line(text);
        }
    }
}

void vw_text_logging(struct vw_text *text, const struct vw_logging *logging)
{
    bool begun = false;
    size_t i;

    if (!logging)
        return;
    text_coverage(text, logging);
    for (i = 0; i < logging->delivery_count; i++) {
        if (!is_worth_telling(&logging->deliveries[i]))
            continue;
        if (!begun) {
            vw_text_heading(text, "Whether flow logs are delivered");
            vw_text_line(text);
        }
        begun = true;
        put_delivery(text, &logging->deliveries[i]);
    }
}

/* ---- for programs ---- */

static void json_gap(struct vw_json *json, const struct vw_logging_gap *gap)
{
    vw_write_object_begin(json, NULL);
    vw_write_string(json, "covered", vw_logged_slug(gap->logged));
    vw_write_string(json, "vpc", gap->vpc);
    vw_write_string(json, "subnet", gap->subnet);
    vw_write_unsigned(json, "interfaces_of_subnet", gap->of);
    vw_write_strings(json, "enis", gap->enis, gap->eni_count);
    vw_write_object_end(json);
}

static void json_delivery(struct vw_json *json, const struct vw_delivery *delivery)
{
    size_t i;

    vw_write_object_begin(json, NULL);
    vw_write_string(json, "flow_log", delivery->flow_log);
    vw_write_string(json, "resource", delivery->resource);
    vw_write_string(json, "traffic_type", delivery->traffic_type);
    vw_write_string(json, "destination_type", delivery->destination_type);
    vw_write_string(json, "destination", delivery->destination);
    vw_write_string(json, "verdict", vw_delivery_slug(delivery->verdict));
    vw_write_string(json, "status", delivery->status);
    vw_write_string(json, "error", delivery->error);
    vw_write_string(json, "sentence", delivery->sentence);
    vw_write_export_place(json, delivery->source);
    vw_write_array_begin(json, "findings");
    for (i = 0; i < delivery->finding_count; i++) {
        const struct vw_delivery_finding *finding = &delivery->findings[i];

        vw_write_object_begin(json, NULL);
        vw_write_string(json, "verdict", vw_delivery_slug(finding->verdict));
        vw_write_string(json, "sentence", finding->sentence);
        vw_write_string(json, "statement", finding->statement);
        vw_write_string(json, "missing", finding->missing);
        vw_write_export_place(json, finding->source);
        vw_write_object_end(json);
    }
    vw_write_array_end(json);
    vw_write_object_end(json);
}

void vw_write_logging(struct vw_json *json, const struct vw_logging *logging)
{
    size_t i;

    if (!logging)
        return;
    vw_write_object_begin(json, "coverage");
    vw_write_boolean(json, "known", logging->is_known);
    vw_write_object_begin(json, "interfaces");
    for (i = 0; i < VW_LOGGED_KINDS; i++)
        vw_write_unsigned(json, vw_logged_slug((enum vw_logged)i),
                          logging->interfaces[i]);
    vw_write_object_end(json);
    vw_write_array_begin(json, "gaps");
    for (i = 0; i < logging->gap_count; i++)
        json_gap(json, &logging->gaps[i]);
    vw_write_array_end(json);
    vw_write_object_end(json);
    vw_write_array_begin(json, "deliveries");
    for (i = 0; i < logging->delivery_count; i++)
        json_delivery(json, &logging->deliveries[i]);
    vw_write_array_end(json);
}
