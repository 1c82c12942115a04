/*
 * The legs of a walk, a hop a line:
 *
 *     ok       security group  sg-0a1b (web)   icmp, all types to 0.0.0.0/0
 *     >> DROP  internet gateway  igw-0f3b
 *              the gateway drops packets to private addresses
 *              IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS  internet-gateways.json: /...
 */
#include "report/text_parts.h"

#define MARK_COLUMN 1
#define KIND_COLUMN 10
#define COMPONENT_MAX 44 /* wider ones push what follows */

static const char *decision_mark(enum vw_decision decision)
{
    switch (decision) {
    case VW_DECISION_ALLOW:
    case VW_DECISION_FORWARD:
    case VW_DECISION_DELIVER:
        return "     ok";
    case VW_DECISION_DENY:
        return ">> DENY";
    case VW_DECISION_DROP:
        return ">> DROP";
    case VW_DECISION_TRANSLATE:
        return "    nat";
    case VW_DECISION_SKIP:
        return "      -";
    case VW_DECISION_UNKNOWN:
        return "   ????";
    }
    return "";
}

static enum vw_paint decision_paint(enum vw_decision decision)
{
    switch (decision) {
    case VW_DECISION_ALLOW:
    case VW_DECISION_FORWARD:
    case VW_DECISION_TRANSLATE:
    case VW_DECISION_DELIVER:
        return VW_PAINT_GOOD;
    case VW_DECISION_DENY:
    case VW_DECISION_DROP:
        return VW_PAINT_BAD;
    case VW_DECISION_SKIP:
        return VW_PAINT_FAINT;
    case VW_DECISION_UNKNOWN:
        return VW_PAINT_UNSURE;
    }
    return VW_PAINT_UNSURE;
}

/* Where the packet does not simply go on, the step is told in full below its line. */
static bool step_needs_sentence(const struct vw_step *step)
{
    return step->reason != VW_REASON_NONE || step->decision == VW_DECISION_DENY ||
           step->decision == VW_DECISION_DROP || step->decision == VW_DECISION_UNKNOWN;
}

static size_t component_width(const struct vw_step *step)
{
    size_t width = vw_text_width(step->component);

    if (step->component_name)
        width += vw_text_width(step->component_name) + 3;
    return width;
}

struct columns {
    size_t component;
    size_t rule;
};

static void columns_widen(struct columns *columns, const struct vw_leg *leg)
{
    size_t kind = 0, component = 0, i;

    for (i = 0; i < leg->step_count; i++) {
        size_t width = vw_text_width(vw_step_kind_words(leg->steps[i].kind));

        kind = width > kind ? width : kind;
        width = component_width(&leg->steps[i]);
        if (width <= COMPONENT_MAX)
            component = width > component ? width : component;
    }
    kind += KIND_COLUMN + 2;
    columns->component = kind > columns->component ? kind : columns->component;
    component += columns->component + 2;
    columns->rule = component > columns->rule ? component : columns->rule;
}

/* In the rule's column where it fits, else on a line of its own. */
static void text_rule(struct vw_text *text, const struct columns *columns,
                      const char *rule)
{
    size_t column = columns->rule;

    if (!rule) {
        vw_text_line(text);
        return;
    }
    if (text->column + 2 > column || column + vw_text_width(rule) > VW_TEXT_COLUMNS) {
        if (text->column + 2 + vw_text_width(rule) > VW_TEXT_COLUMNS) {
            vw_text_line(text);
            column = columns->component;
        } else {
            column = text->column + 2;
        }
    }
    vw_text_wrap(text, column, rule);
}

static void text_step_reason(struct vw_text *text, const struct vw_step *step)
{
    vw_text_wrap(text, KIND_COLUMN, step->sentence);
    if (step->reason == VW_REASON_NONE && !step->source.file)
        return;
    vw_text_pad(text, KIND_COLUMN);
    if (step->reason != VW_REASON_NONE)
        vw_text_painted(text, VW_PAINT_BOLD, vw_reason_code(step->reason));
    if (step->reason != VW_REASON_NONE && step->source.file)
        vw_text_put(text, "  ");
    vw_text_place(text, step->source);
    vw_text_line(text);
}

static void text_step(struct vw_text *text, const struct columns *columns,
                      const struct vw_step *step)
{
    bool full = step_needs_sentence(step);

    vw_text_pad(text, MARK_COLUMN);
    vw_text_painted(text, decision_paint(step->decision), decision_mark(step->decision));
    vw_text_pad(text, KIND_COLUMN);
    vw_text_put(text, vw_step_kind_words(step->kind));
    vw_text_pad(text, columns->component);
    vw_text_put(text, step->component);
    if (step->component_name) {
        vw_text_put(text, " (");
        vw_text_put(text, step->component_name);
        vw_text_put(text, ")");
    }
    text_rule(text, columns, step->rule_text || full ? step->rule_text : step->sentence);
    if (full && step->sentence)
        text_step_reason(text, step);
}

static void text_leg(struct vw_text *text, const struct columns *columns,
                     const struct vw_leg *leg)
{
    size_t i;

    vw_text_put(text, ": ");
    vw_text_painted(text, vw_text_verdict_paint(leg->verdict),
                    vw_verdict_slug(leg->verdict));
    if (leg->hypothetical)
        vw_text_put(text, ", if the request had arrived");
    vw_text_line(text);
    for (i = 0; i < leg->step_count; i++)
        text_step(text, columns, &leg->steps[i]);
}

void vw_text_legs(struct vw_text *text, const struct vw_trace *trace)
{
    struct columns columns = {0, 0};

    columns_widen(&columns, &trace->forward);
    if (trace->reply.walked)
        columns_widen(&columns, &trace->reply);
    vw_text_heading(text, "Request");
    text_leg(text, &columns, &trace->forward);
    vw_text_heading(text, "Reply");
    if (trace->reply.walked) {
        text_leg(text, &columns, &trace->reply);
        return;
    }
    vw_text_put(text, trace->one_way ? ": not asked about (--one-way)" : ": none is due");
    vw_text_line(text);
}
