/* Expectations for people: one a line, those that do not hold with their first reason. */
#include <vpcwhy/report.h>

#include "report/text_parts.h"

#define ID_COLUMN 11
#define ID_MAX 32

static const char *outcome_word(enum vw_outcome outcome)
{
    switch (outcome) {
    case VW_OUTCOME_HOLDS:
        return "     ok";
    case VW_OUTCOME_FAILS:
        return ">> FAIL";
    case VW_OUTCOME_UNKNOWN:
        return "   ????";
    case VW_OUTCOME_INAPPLICABLE:
        return "      -";
    }
    return "";
}

static enum vw_paint outcome_paint(enum vw_outcome outcome)
{
    switch (outcome) {
    case VW_OUTCOME_HOLDS:
        return VW_PAINT_GOOD;
    case VW_OUTCOME_FAILS:
        return VW_PAINT_BAD;
    case VW_OUTCOME_UNKNOWN:
        return VW_PAINT_UNSURE;
    case VW_OUTCOME_INAPPLICABLE:
        return VW_PAINT_FAINT;
    }
    return VW_PAINT_UNSURE;
}

static void text_asked(struct vw_text *text, const struct vw_check_result *result)
{
    vw_text_put(text, result->from);
    vw_text_put(text, " -> ");
    vw_text_put(text, result->to);
    if (result->protocol) {
        vw_text_put(text, " ");
        vw_text_put(text, result->protocol);
    }
    if (result->has_ports) {
        vw_text_put(text, " port ");
        vw_text_number(text, result->ports.first);
        if (result->ports.first != result->ports.last) {
            vw_text_put(text, "-");
            vw_text_number(text, result->ports.last);
        }
    }
    vw_text_put(text, ": ");
    vw_text_put(text, vw_verdict_slug(result->expected));
}

/* Below a line that does not hold: what was found, why it matters, where it is written. */
static void text_details(struct vw_text *text, const struct vw_check_result *result)
{
    const struct vw_trace *trace = result->trace;

    if (result->sentence)
        vw_text_wrap(text, ID_COLUMN, result->sentence);
    if (result->outcome != VW_OUTCOME_INAPPLICABLE && result->why) {
        vw_text_pad(text, ID_COLUMN);
        vw_text_put(text, "matters: ");
        vw_text_wrap(text, text->column, result->why);
    }
    if (trace && trace->blocker_count && result->expected == VW_VERDICT_REACHABLE)
        vw_text_blocker_place(text, ID_COLUMN, &trace->blockers[0]);
    else if (trace && trace->unknown_count && result->outcome == VW_OUTCOME_UNKNOWN)
        vw_text_unknown_place(text, ID_COLUMN, &trace->unknowns[0]);
    if (result->file) {
        vw_text_pad(text, ID_COLUMN);
        vw_text_put(text, "expected by ");
        vw_text_put(text, result->file);
        vw_text_put(text, ":");
        vw_text_number(text, result->line);
        vw_text_line(text);
    }
}

static void text_result(struct vw_text *text, size_t id_width,
                        const struct vw_check_result *result)
{
    vw_text_pad(text, 1);
    vw_text_painted(text, outcome_paint(result->outcome), outcome_word(result->outcome));
    vw_text_pad(text, ID_COLUMN);
    vw_text_put(text, result->id);
    vw_text_put(text, "  ");
    vw_text_pad(text, ID_COLUMN + id_width + 2);
    text_asked(text, result);
    vw_text_line(text);
    if (result->outcome != VW_OUTCOME_HOLDS)
        text_details(text, result);
}

static void text_count(struct vw_text *text, size_t count, const char *words,
                       enum vw_paint paint)
{
    if (text->column)
        vw_text_put(text, ", ");
    vw_text_number(text, count);
    vw_text_put(text, " ");
    if (count)
        vw_text_painted(text, paint, words);
    else
        vw_text_put(text, words);
}

int vw_report_check_text(const struct vw_check *check, struct vw_report_style style,
                         FILE *out)
{
    struct vw_text text = vw_text_begin(out, style);
    size_t id_width = 0, i;

    for (i = 0; i < check->result_count; i++) {
        size_t width = vw_text_width(check->results[i].id);

        if (width <= ID_MAX && width > id_width)
            id_width = width;
    }
    for (i = 0; i < check->result_count; i++)
        text_result(&text, id_width, &check->results[i]);
    vw_text_line(&text);
    text_count(&text, check->holds, check->holds == 1 ? "holds" : "hold", VW_PAINT_GOOD);
    text_count(&text, check->fails, check->fails == 1 ? "fails" : "fail", VW_PAINT_BAD);
    text_count(&text, check->unknown, "unknown", VW_PAINT_UNSURE);
    if (check->inapplicable)
        text_count(&text, check->inapplicable,
                   "inapplicable (an end is not in the export)", VW_PAINT_FAINT);
    vw_text_line(&text);
    return vw_text_finish(&text);
}
