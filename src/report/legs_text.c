/*
 * The legs of a walk, a hop a line:
 *
 *     ok       security group  sg-0a1b (web)   icmp, all types to 0.0.0.0/0
 *     >> DROP  internet gateway  igw-0f3b
 *              the gateway drops packets to private addresses
 *              IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS
 *              internet-gateways.json: /InternetGateways/0
 */
#include "report/text_parts.h"

#include <string.h>

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

/* An ARN is too long for a column where there is a name: the JSON output has it. */
static bool shows_name_only(const struct vw_step *step)
{
    return step->component_name && strncmp(step->component, "arn:", 4) == 0;
}

static size_t component_width(const struct vw_step *step)
{
    if (shows_name_only(step))
        return vw_text_width(step->component_name);
    return vw_text_width(step->component) +
           (step->component_name ? vw_text_width(step->component_name) + 3 : 0);
}

/* What stands at the end of the step's line. */
static const char *step_rule(const struct vw_step *step)
{
    return step->rule_text || step_needs_sentence(step) ? step->rule_text
                                                        : step->sentence;
}

/* Where components and rules begin, the same for all hops. */
struct columns {
    size_t component;
    size_t rule;
};

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

/* The widest kind and component of a leg. */
static void widen(size_t *kind, size_t *component, const struct vw_leg *leg)
{
    size_t i;

    for (i = 0; leg->walked && i < leg->step_count; i++) {
        size_t width = component_width(&leg->steps[i]);

        *kind = larger(*kind, vw_text_width(vw_step_kind_words(leg->steps[i].kind)));
        if (width <= COMPONENT_MAX)
            *component = larger(*component, width);
    }
}

/* How many rules of a leg would not stand at `columns->rule`. */
static size_t misplaced(const struct columns *columns, const struct vw_leg *leg)
{
    size_t count = 0, i;

    for (i = 0; leg->walked && i < leg->step_count; i++) {
        const struct vw_step *step = &leg->steps[i];
        size_t end = columns->component + component_width(step) + 2;
        size_t width = vw_text_width(step_rule(step));

        count +=
            width && (end > columns->rule || columns->rule + width > VW_TEXT_COLUMNS);
    }
    return count;
}

/* The furthest end of a component of `leg` left of `limit`, if it is right of `best`. */
static size_t next_end(const struct columns *columns, const struct vw_leg *leg,
                       size_t limit, size_t best)
{
    size_t i;

    for (i = 0; leg->walked && i < leg->step_count; i++) {
        size_t end = columns->component + component_width(&leg->steps[i]) + 2;

        if (end < limit && end > best)
            best = end;
    }
    return best;
}

/* Rules begin where most of them can: behind the widest component or left of it, where the
 * few that reach further push theirs. */
static struct columns columns_of(const struct vw_trace *trace)
{
    struct columns columns, tried;
    size_t kind = 0, component = 0, least = SIZE_MAX, count;

    widen(&kind, &component, &trace->forward);
    widen(&kind, &component, &trace->reply);
    columns.component = KIND_COLUMN + kind + 2;
    columns.rule = columns.component + component + 2;
    for (tried = columns; tried.rule > tried.component;) {
        size_t end;

        count = misplaced(&tried, &trace->forward) + misplaced(&tried, &trace->reply);
        if (count < least) {
            least = count;
            columns.rule = tried.rule;
        }
        end = next_end(&tried, &trace->forward, tried.rule, tried.component);
        tried.rule = next_end(&tried, &trace->reply, tried.rule, end);
    }
    return columns;
}

/* In the rule's column or right behind the component, on a line of its own where neither
 * has room. */
static void text_rule(struct vw_text *text, const struct columns *columns,
                      const char *rule)
{
    size_t column = larger(columns->rule, text->column + 2);

    if (!rule) {
        vw_text_line(text);
        return;
    }
    if (column + vw_text_width(rule) > VW_TEXT_COLUMNS) {
        vw_text_line(text);
        column = columns->component;
    }
    vw_text_wrap(text, column, rule);
}

static void text_step_reason(struct vw_text *text, const struct vw_step *step)
{
    vw_text_wrap(text, KIND_COLUMN, step->sentence);
    if (step->reason != VW_REASON_NONE) {
        vw_text_pad(text, KIND_COLUMN);
        vw_text_painted(text, VW_PAINT_BOLD, vw_reason_code(step->reason));
        vw_text_line(text);
    }
    if (step->source.file) {
        vw_text_pad(text, KIND_COLUMN);
        vw_text_place(text, step->source);
        vw_text_line(text);
    }
}

static void text_step(struct vw_text *text, const struct columns *columns,
                      const struct vw_step *step)
{
    vw_text_pad(text, MARK_COLUMN);
    vw_text_painted(text, decision_paint(step->decision), decision_mark(step->decision));
    vw_text_pad(text, KIND_COLUMN);
    vw_text_put(text, vw_step_kind_words(step->kind));
    vw_text_pad(text, columns->component);
    vw_text_put(text, shows_name_only(step) ? step->component_name : step->component);
    if (step->component_name && !shows_name_only(step)) {
        vw_text_put(text, " (");
        vw_text_put(text, step->component_name);
        vw_text_put(text, ")");
    }
    text_rule(text, columns, step_rule(step));
    if (step_needs_sentence(step) && step->sentence)
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
    struct columns columns = columns_of(trace);

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
