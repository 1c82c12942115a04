/*
 * A trace for a tired engineer: the verdict as the first line, the way hop by hop, why it
 * is so, what could not be known, and at the end what to do about it.
 */
#include <vpcwhy/report.h>

#include <string.h>

#include "report/text_parts.h"

#define COMMAND_COLUMN 4

static void text_blockers(struct vw_text *text, const struct vw_trace *trace)
{
    size_t i;

    if (!trace->blocker_count)
        return;
    vw_text_heading(text, "Why");
    vw_text_line(text);
    for (i = 0; i < trace->blocker_count && i < VW_TEXT_ITEMS_MAX; i++)
        vw_text_blocker(text, 2, i + 1, &trace->blockers[i]);
    vw_text_left_out(text, 5, trace->blocker_count);
}

static void text_unknowns(struct vw_text *text, const struct vw_trace *trace)
{
    size_t i;

    if (!trace->unknown_count)
        return;
    vw_text_heading(text, "What cannot be known from these files");
    vw_text_line(text);
    for (i = 0; i < trace->unknown_count && i < VW_TEXT_ITEMS_MAX; i++)
        vw_text_unknown(text, 2, i + 1, &trace->unknowns[i]);
    vw_text_left_out(text, 5, trace->unknown_count);
}

static void text_assumptions(struct vw_text *text, const struct vw_trace *trace)
{
    size_t i;

    if (!trace->assumption_count)
        return;
    vw_text_heading(text, "Assumed");
    vw_text_line(text);
    for (i = 0; i < trace->assumption_count && i < VW_TEXT_ITEMS_MAX; i++) {
        vw_text_put(text, "  - ");
        vw_text_wrap(text, 4, trace->assumptions[i]);
    }
    vw_text_left_out(text, 4, trace->assumption_count);
}

/* How much of `command` stands on the first line: up to the last option that fits, where
 * that is outside quotes and not all of it; else everything. */
static size_t command_line(const char *command)
{
    size_t length = strlen(command), best = length, i;
    char quote = '\0';

    if (length + COMMAND_COLUMN <= VW_TEXT_COLUMNS)
        return length;
    for (i = 0; i < length; i++) {
        if (quote ? command[i] == quote : command[i] == '\'' || command[i] == '"')
            quote = quote ? '\0' : command[i];
        if (quote || !i || strncmp(command + i, " --", 3) != 0)
            continue;
        if (best != length && i + COMMAND_COLUMN + 4 + 2 > VW_TEXT_COLUMNS)
            break;
        best = i;
    }
    return best;
}

/* Broken as a shell allows it: a backslash at the end of the line. */
static void text_command(struct vw_text *text, const char *command)
{
    size_t indent = COMMAND_COLUMN, size;

    while (*command) {
        size = command_line(command);
        vw_text_pad(text, indent);
        vw_text_put_part(text, command, size);
        command += size;
        if (*command)
            vw_text_put(text, " \\");
        vw_text_line(text);
        command += *command == ' ';
        indent = COMMAND_COLUMN + 4;
    }
}

static const char *fix_proof(const struct vw_trace *trace, const struct vw_fix *fix)
{
    if (!fix->proved)
        return "not proved: this alone does not let the packet pass";
    if (trace->one_way)
        return "proved: applied to a copy of the network, the packet then passes";
    return "proved: applied to a copy of the network, the packet then passes there and "
           "back";
}

static void text_fix(struct vw_text *text, const struct vw_trace *trace, size_t index)
{
    const struct vw_fix *fix = &trace->fixes[index];
    size_t i;

    vw_text_heading(text, "Fix");
    if (trace->fix_count > 1) {
        vw_text_put(text, " ");
        vw_text_number(text, index + 1);
        vw_text_put(text, " of ");
        vw_text_number(text, trace->fix_count);
        vw_text_put(text, ", each enough alone");
    }
    vw_text_line(text);
    vw_text_wrap(text, 2, fix->sentence);
    for (i = 0; i < fix->command_count; i++)
        text_command(text, fix->commands[i]);
    vw_text_wrap(text, 2, fix_proof(trace, fix));
}

int vw_report_trace_text(const struct vw_trace *trace, struct vw_report_style style,
                         FILE *out)
{
    struct vw_text text = vw_text_begin(out, style);
    size_t i;

    vw_text_head(&text, trace);
    vw_text_pieces(&text, trace);
    vw_text_legs(&text, trace);
    text_blockers(&text, trace);
    text_unknowns(&text, trace);
    text_assumptions(&text, trace);
    for (i = 0; i < trace->fix_count; i++)
        text_fix(&text, trace, i);
    return vw_text_finish(&text);
}
