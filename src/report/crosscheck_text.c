/*
 * A cross-check for people: the conclusion, what each witness should have recorded against
 * what it did, what that means, and in short what the trace says.
 */
#include <vpcwhy/report.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/time.h"
#include "report/text_parts.h"

#define COLUMN_COUNT 5
#define CELL_TEXT 128
#define CELL_MAX 34 /* wider cells push what follows */

static const char *conclusion_sentence(enum vw_conclusion conclusion)
{
    switch (conclusion) {
    case VW_CONCLUSION_CONSISTENT:
        return "the records are what the export predicts";
    case VW_CONCLUSION_CONTRADICTED:
        return "the records are not what the export predicts";
    case VW_CONCLUSION_INCONCLUSIVE:
        return "the records neither prove nor disprove what the export predicts";
    }
    return "";
}

static enum vw_paint result_paint(enum vw_finding_result result)
{
    switch (result) {
    case VW_FINDING_AGREES:
        return VW_PAINT_GOOD;
    case VW_FINDING_CONTRADICTS:
        return VW_PAINT_BAD;
    case VW_FINDING_SILENT:
        return VW_PAINT_FAINT;
    case VW_FINDING_UNKNOWN:
        return VW_PAINT_UNSURE;
    }
    return VW_PAINT_UNSURE;
}

static const char *result_word(enum vw_finding_result result)
{
    switch (result) {
    case VW_FINDING_AGREES:
        return "   agrees";
    case VW_FINDING_CONTRADICTS:
        return ">> CONTRADICTS";
    case VW_FINDING_SILENT:
        return "   silent";
    case VW_FINDING_UNKNOWN:
        return "   unknown";
    }
    return "";
}

/* One row of the table; cells that are too long are cut at CELL_TEXT. */
struct row {
    char cells[COLUMN_COUNT][CELL_TEXT];
};

static struct row row_of(const struct vw_finding *finding)
{
    struct row row;

    snprintf(row.cells[0], CELL_TEXT, "%s%s%s", vw_evidence_kind_noun(finding->kind),
             finding->vantage ? " " : "", finding->vantage ? finding->vantage : "");
    snprintf(row.cells[1], CELL_TEXT, "%s",
             finding->flow == VW_FORWARD ? "A->B" : "B->A");
    snprintf(row.cells[2], CELL_TEXT, "%s",
             finding->predicted ? finding->predicted : "-");
    snprintf(row.cells[3], CELL_TEXT, "%s", finding->observed ? finding->observed : "-");
    snprintf(row.cells[4], CELL_TEXT, "%s", result_word(finding->result));
    return row;
}

static const struct row header = {
    {"witness", "record", "predicted", "observed", "   result"}};

static void widen(size_t widths[COLUMN_COUNT], const struct row *row)
{
    size_t i;

    for (i = 0; i < COLUMN_COUNT; i++) {
        size_t width = vw_text_width(row->cells[i]);

        if (width <= CELL_MAX && width > widths[i])
            widths[i] = width;
    }
}

static void put_row(struct vw_text *text, const size_t widths[COLUMN_COUNT],
                    const struct row *row, enum vw_paint paint)
{
    size_t column = 2, i;

    for (i = 0; i < COLUMN_COUNT; i++) {
        if (i && text->column + 2 > column)
            vw_text_put(text, "  ");
        vw_text_pad(text, column);
        if (i == COLUMN_COUNT - 1)
            vw_text_painted(text, paint, row->cells[i]);
        else
            vw_text_put(text, row->cells[i]);
        column += widths[i] + 2;
    }
    vw_text_line(text);
}

/* "2 records, 2025-01-17T14:00:20Z to 2025-01-17T14:01:16Z, evidence/flow.log:3" */
static void put_record(struct vw_text *text, const struct vw_finding *finding)
{
    char first[VW_TIME_TEXT], last[VW_TIME_TEXT], count[48];

    if (!finding->file && !finding->records)
        return;
    vw_text_pad(text, 4);
    if (finding->records) {
        snprintf(count, sizeof count, "%" PRIu64 " record%s", finding->records,
                 finding->records == 1 ? "" : "s");
        vw_text_put(text, count);
        vw_text_put(text, finding->file || finding->first != VW_TIME_UNKNOWN ? ", " : "");
    }
    if (finding->first != VW_TIME_UNKNOWN) {
        vw_text_put(text, vw_time_format(finding->first, first));
        if (finding->last != VW_TIME_UNKNOWN && finding->last != finding->first) {
            vw_text_put(text, " to ");
            vw_text_put(text, vw_time_format(finding->last, last));
        }
        vw_text_put(text, finding->file ? ", " : "");
    }
    vw_text_put(text, finding->file);
    if (finding->file && finding->line) {
        vw_text_put(text, ":");
        vw_text_number(text, finding->line);
    }
    vw_text_line(text);
}

static void text_findings(struct vw_text *text, const struct vw_crosscheck *crosscheck)
{
    size_t widths[COLUMN_COUNT] = {0}, i;

    vw_text_heading(text, "What each witness recorded");
    vw_text_put(text, " (A is ");
    vw_text_put(text, crosscheck->trace->from.asked);
    vw_text_put(text, ", B is ");
    vw_text_put(text, crosscheck->trace->to.asked);
    vw_text_put(text, ")");
    vw_text_line(text);
    widen(widths, &header);
    for (i = 0; i < crosscheck->finding_count; i++) {
        struct row row = row_of(&crosscheck->findings[i]);

        widen(widths, &row);
    }
    put_row(text, widths, &header, VW_PAINT_FAINT);
    for (i = 0; i < crosscheck->finding_count; i++) {
        const struct vw_finding *finding = &crosscheck->findings[i];
        struct row row = row_of(finding);

        put_row(text, widths, &row, result_paint(finding->result));
        put_record(text, finding);
        if (finding->sentence)
            vw_text_wrap(text, 4, finding->sentence);
    }
}

/* What the captures say together, and how the export stands to it. */
static void text_journeys(struct vw_text *text, const struct vw_crosscheck *crosscheck)
{
    size_t i;

    if (!crosscheck->journey_count)
        return;
    vw_text_heading(text, "What the captures say together");
    vw_text_line(text);
    vw_text_witnesses(text, crosscheck->captures);
    for (i = 0; i < crosscheck->journey_count && i < VW_TEXT_ITEMS_MAX; i++) {
        const struct vw_crosscheck_journey *entry = &crosscheck->journeys[i];

        vw_text_journey(text, crosscheck->captures, entry->journey);
        vw_text_put(text, "      ");
        vw_text_painted(text, result_paint(entry->result),
                        vw_finding_slug(entry->result));
        vw_text_put(text, ": ");
        vw_text_wrap(text, text->column, entry->sentence);
    }
    vw_text_left_out(text, 2, crosscheck->journey_count);
}

static void text_diagnosis(struct vw_text *text, const struct vw_crosscheck *crosscheck)
{
    size_t i;

    if (!crosscheck->diagnosis_count)
        return;
    vw_text_heading(text, "What it means");
    vw_text_line(text);
    for (i = 0; i < crosscheck->diagnosis_count; i++) {
        vw_text_put(text, "  - ");
        vw_text_wrap(text, 4, crosscheck->diagnosis[i]);
    }
}

/* The verdict and its reasons; the hops are for `vpcwhy trace`. */
static void text_trace(struct vw_text *text, const struct vw_trace *trace)
{
    size_t i;

    vw_text_heading(text, "What the export says");
    vw_text_line(text);
    vw_text_put(text, "  ");
    vw_text_head(text, trace);
    for (i = 0; i < trace->blocker_count && i < VW_TEXT_ITEMS_MAX; i++)
        vw_text_blocker(text, 2, i + 1, &trace->blockers[i]);
    vw_text_left_out(text, 5, trace->blocker_count);
    for (i = 0; i < trace->unknown_count && i < VW_TEXT_ITEMS_MAX; i++)
        vw_text_unknown(text, 2, i + 1, &trace->unknowns[i]);
    vw_text_left_out(text, 5, trace->unknown_count);
}

/* "3 flows contradict, 1 is not decided, 12 agree" */
static void text_journey_counts(struct vw_text *text,
                                const struct vw_crosscheck *crosscheck)
{
    size_t against = 0, with = 0, i;
    char line[160];

    for (i = 0; i < crosscheck->journey_count; i++) {
        against += crosscheck->journeys[i].result == VW_FINDING_CONTRADICTS;
        with += crosscheck->journeys[i].result == VW_FINDING_AGREES;
    }
    snprintf(
        line, sizeof line,
        "%zu flows of captures: %zu contradict the export, %zu agree with it, %zu are "
        "not decided",
        crosscheck->journey_count, against, with,
        crosscheck->journey_count - against - with);
    vw_text_put(text, line);
}

static void text_of_captures(struct vw_text *text, const struct vw_crosscheck *crosscheck)
{
    vw_text_conclusion(text, crosscheck->conclusion);
    vw_text_put(text, "  ");
    text_journey_counts(text, crosscheck);
    vw_text_line(text);
    text_journeys(text, crosscheck);
}

int vw_report_crosscheck_text(const struct vw_crosscheck *crosscheck,
                              struct vw_report_style style, FILE *out)
{
    struct vw_text text = vw_text_begin(out, style);

    if (!crosscheck->trace) {
        text_of_captures(&text, crosscheck);
        return vw_text_finish(&text);
    }
    vw_text_conclusion(&text, crosscheck->conclusion);
    vw_text_put(&text, "  ");
    vw_text_ends(&text, crosscheck->trace);
    vw_text_put(&text, "  ");
    vw_text_put(&text, conclusion_sentence(crosscheck->conclusion));
    vw_text_line(&text);
    if (crosscheck->finding_count)
        text_findings(&text, crosscheck);
    text_journeys(&text, crosscheck);
    text_diagnosis(&text, crosscheck);
    text_trace(&text, crosscheck->trace);
    return vw_text_finish(&text);
}
