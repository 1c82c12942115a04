/* Pieces of text; see text_parts.h. */
#include "report/text_parts.h"

#include <stdio.h>
#include <string.h>

/* What the two ends may take of the first line, with both interfaces. */
#define HEAD_ENDS_MAX 66

enum vw_paint vw_text_verdict_paint(enum vw_verdict verdict)
{
    switch (verdict) {
    case VW_VERDICT_REACHABLE:
        return VW_PAINT_GOOD;
    case VW_VERDICT_BLOCKED:
        return VW_PAINT_BAD;
    case VW_VERDICT_PARTIAL:
    case VW_VERDICT_UNKNOWN:
        return VW_PAINT_UNSURE;
    }
    return VW_PAINT_UNSURE;
}

static const char *verdict_word(enum vw_verdict verdict)
{
    switch (verdict) {
    case VW_VERDICT_REACHABLE:
        return "REACHABLE";
    case VW_VERDICT_BLOCKED:
        return "BLOCKED";
    case VW_VERDICT_PARTIAL:
        return "PARTIAL";
    case VW_VERDICT_UNKNOWN:
        return "UNKNOWN";
    }
    return "UNKNOWN";
}

void vw_text_verdict(struct vw_text *text, enum vw_verdict verdict)
{
    vw_text_painted(text, vw_text_verdict_paint(verdict), verdict_word(verdict));
}

static const char *end_address(const struct vw_trace_end *end)
{
    return end->address ? end->address : end->asked;
}

static enum vw_paint conclusion_paint(enum vw_conclusion conclusion)
{
    switch (conclusion) {
    case VW_CONCLUSION_CONSISTENT:
        return VW_PAINT_GOOD;
    case VW_CONCLUSION_CONTRADICTED:
        return VW_PAINT_BAD;
    case VW_CONCLUSION_INCONCLUSIVE:
        return VW_PAINT_UNSURE;
    }
    return VW_PAINT_UNSURE;
}

static const char *conclusion_word(enum vw_conclusion conclusion)
{
    switch (conclusion) {
    case VW_CONCLUSION_CONSISTENT:
        return "CONSISTENT";
    case VW_CONCLUSION_CONTRADICTED:
        return "CONTRADICTED";
    case VW_CONCLUSION_INCONCLUSIVE:
        return "INCONCLUSIVE";
    }
    return "";
}

void vw_text_conclusion(struct vw_text *text, enum vw_conclusion conclusion)
{
    vw_text_painted(text, conclusion_paint(conclusion), conclusion_word(conclusion));
}

void vw_text_ends(struct vw_text *text, const struct vw_trace *trace)
{
    vw_text_put(text, end_address(&trace->from));
    vw_text_put(text, " -> ");
    vw_text_put(text, end_address(&trace->to));
}

/* "10.1.10.14 (instance-1, eni-08a2435a5f43c260e)"; without the interface unless it is
 * all there is, where `brief`. */
static void text_end(struct vw_text *text, const struct vw_trace_end *end, bool brief)
{
    const char *name = end->name ? end->name : end->instance;
    const char *eni = brief && name ? NULL : end->eni;

    vw_text_put(text, end_address(end));
    if (!name && !eni)
        return;
    vw_text_put(text, " (");
    vw_text_put(text, name);
    vw_text_put(text, name && eni ? ", " : NULL);
    vw_text_put(text, eni);
    vw_text_put(text, ")");
}

/* How wide text_end is at its widest. */
static size_t end_width(const struct vw_trace_end *end)
{
    return vw_text_width(end_address(end)) + vw_text_width(" (, )") +
           vw_text_width(end->name ? end->name : end->instance) + vw_text_width(end->eni);
}

/* "port 22", "ports 80-90" */
static void text_range(struct vw_text *text, const char *noun, struct vw_port_range range)
{
    vw_text_put(text, noun);
    vw_text_put(text, range.first == range.last ? " " : "s ");
    vw_text_number(text, range.first);
    if (range.first == range.last)
        return;
    vw_text_put(text, "-");
    vw_text_number(text, range.last);
}

static void text_icmp(struct vw_text *text, const struct vw_trace *trace)
{
    int echo = trace->protocol == 58 ? 128 : 8;

    if (trace->icmp_type < 0) {
        vw_text_put(text, ", all types");
    } else if (trace->icmp_type == echo && trace->icmp_code <= 0) {
        vw_text_put(text, " echo request");
    } else {
        vw_text_put(text, " type ");
        vw_text_number(text, (uint64_t)trace->icmp_type);
        if (trace->icmp_code >= 0) {
            vw_text_put(text, " code ");
            vw_text_number(text, (uint64_t)trace->icmp_code);
        }
    }
}

/* "icmp echo request", "tcp port 443, from ports 32768-60999" */
static void text_traffic(struct vw_text *text, const struct vw_trace *trace)
{
    char buffer[16];

    vw_protocol_format(trace->protocol, buffer);
    if (buffer[0] >= '0' && buffer[0] <= '9')
        vw_text_put(text, "protocol ");
    vw_text_put(text, buffer);
    if (trace->protocol == 1 || trace->protocol == 58) {
        text_icmp(text, trace);
    } else if (trace->has_ports) {
        vw_text_put(text, " ");
        text_range(text, "port", trace->ports);
        text_range(text, ", from port", trace->source_ports);
    }
}

void vw_text_head(struct vw_text *text, const struct vw_trace *trace)
{
    vw_text_verdict(text, trace->verdict);
    vw_text_question(text, trace);
}

void vw_text_question(struct vw_text *text, const struct vw_trace *trace)
{
    bool brief = end_width(&trace->from) + end_width(&trace->to) > HEAD_ENDS_MAX;

    vw_text_put(text, "  ");
    text_end(text, &trace->from, brief);
    vw_text_put(text, " -> ");
    text_end(text, &trace->to, brief);
    vw_text_put(text, "  ");
    text_traffic(text, trace);
    vw_text_line(text);
}

const char *vw_text_direction(enum vw_direction direction)
{
    switch (direction) {
    case VW_FORWARD:
        return "request";
    case VW_RETURN:
        return "reply";
    }
    return "";
}

void vw_text_place(struct vw_text *text, struct vw_place_in_export place)
{
    if (!place.file)
        return;
    vw_text_put(text, place.file);
    if (place.pointer) {
        vw_text_put(text, ": ");
        vw_text_put(text, place.pointer);
    }
}

void vw_text_left_out(struct vw_text *text, size_t indent, size_t count)
{
    if (count <= VW_TEXT_ITEMS_MAX)
        return;
    vw_text_pad(text, indent);
    vw_text_put(text, "... and ");
    vw_text_number(text, count - VW_TEXT_ITEMS_MAX);
    vw_text_put(text, " more (all of them with --format json)");
    vw_text_line(text);
}

/* "1. sentence"; returns where the sentence begins. */
static size_t text_sentence(struct vw_text *text, size_t indent, size_t number,
                            const char *sentence, enum vw_reason reason)
{
    vw_text_pad(text, indent);
    vw_text_number(text, number);
    vw_text_put(text, ". ");
    indent = text->column;
    vw_text_wrap(text, indent, sentence ? sentence : vw_reason_meaning(reason));
    return indent;
}

/* "CODE  component  (request)" */
static void text_code(struct vw_text *text, size_t indent, enum vw_reason reason,
                      const char *component, enum vw_direction direction)
{
    vw_text_pad(text, indent);
    vw_text_painted(text, VW_PAINT_BOLD, vw_reason_code(reason));
    vw_text_put(text, "  ");
    if (component) {
        vw_text_put(text, component);
        vw_text_put(text, "  ");
    }
    vw_text_put(text, "(");
    vw_text_put(text, vw_text_direction(direction));
    vw_text_put(text, ")");
    vw_text_line(text);
}

void vw_text_blocker_place(struct vw_text *text, size_t indent,
                           const struct vw_blocker *blocker)
{
    text_code(text, indent, blocker->reason, blocker->component, blocker->direction);
    if (!blocker->source.file)
        return;
    vw_text_pad(text, indent);
    vw_text_place(text, blocker->source);
    vw_text_line(text);
}

void vw_text_blocker(struct vw_text *text, size_t indent, size_t number,
                     const struct vw_blocker *blocker)
{
    indent = text_sentence(text, indent, number, blocker->sentence, blocker->reason);
    vw_text_blocker_place(text, indent, blocker);
}

void vw_text_unknown_place(struct vw_text *text, size_t indent,
                           const struct vw_unknown *unknown)
{
    text_code(text, indent, unknown->reason, unknown->component, unknown->direction);
    if (!unknown->missing)
        return;
    vw_text_pad(text, indent);
    vw_text_put(text, "to decide, add: ");
    vw_text_put(text, unknown->missing);
    vw_text_line(text);
}

void vw_text_unknown(struct vw_text *text, size_t indent, size_t number,
                     const struct vw_unknown *unknown)
{
    indent = text_sentence(text, indent, number, unknown->sentence, unknown->reason);
    vw_text_unknown_place(text, indent, unknown);
}
