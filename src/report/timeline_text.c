/*
 * A timeline for people: the conclusion, then one line after the other what happened, each
 * change of state with its witnesses and its causes below it; at the end the differences
 * that explain nothing, and what is missing.
 */
#include <vpcwhy/report.h>

#include <inttypes.h>
#include <stdio.h>

#include "base/time.h"
#include "report/text_parts.h"

#define WORDS_AT 6 /* what stands below a line */
#define CAUSE_AT 8 /* what belongs to a cause */

static enum vw_paint conclusion_paint(enum vw_timeline_conclusion conclusion)
{
    switch (conclusion) {
    case VW_TIMELINE_EXPLAINED:
    case VW_TIMELINE_STEADY:
        return VW_PAINT_GOOD;
    case VW_TIMELINE_UNEXPLAINED:
    case VW_TIMELINE_CONTRADICTED:
        return VW_PAINT_BAD;
    case VW_TIMELINE_UNDECIDED:
        break;
    }
    return VW_PAINT_UNSURE;
}

static const char *conclusion_word(enum vw_timeline_conclusion conclusion)
{
    switch (conclusion) {
    case VW_TIMELINE_EXPLAINED:
        return "EXPLAINED";
    case VW_TIMELINE_STEADY:
        return "STEADY";
    case VW_TIMELINE_UNEXPLAINED:
        return "UNEXPLAINED";
    case VW_TIMELINE_CONTRADICTED:
        return "CONTRADICTED";
    case VW_TIMELINE_UNDECIDED:
        return "UNDECIDED";
    }
    return "";
}

static void put_time(struct vw_text *text, int64_t time)
{
    char buffer[VW_TIME_TEXT];

    vw_text_put(text, vw_time_format(time, buffer));
}

/* ", +-61 s", ", 2.5 s added to its times" */
static void put_seconds(struct vw_text *text, const char *before, int64_t time,
                        const char *after)
{
    char buffer[48];

    if (time % VW_SECOND == 0)
        snprintf(buffer, sizeof buffer, "%" PRId64, time / VW_SECOND);
    else
        snprintf(buffer, sizeof buffer, "%.3f", (double)time / (double)VW_SECOND);
    vw_text_put(text, before);
    vw_text_put(text, buffer);
    vw_text_put(text, after);
}

static void put_record_place(struct vw_text *text,
                             const struct vw_timeline_sighting *sighting)
{
    if (!sighting->file)
        return;
    vw_text_put(text, "  ");
    vw_text_put(text, sighting->file);
    if (sighting->line) {
        vw_text_put(text, ":");
        vw_text_number(text, sighting->line);
    }
}

/* ---- changes of state ---- */

static const char *turn_word(const struct vw_timeline_turn *turn)
{
    switch (turn->to) {
    case VW_FLOW_STATE_PASSES:
        return "PASSES";
    case VW_FLOW_STATE_FAILS:
        return "STOPPED";
    case VW_FLOW_STATE_UNKNOWN:
        break;
    }
    return "UNKNOWN";
}

static enum vw_paint turn_paint(const struct vw_timeline_turn *turn)
{
    switch (turn->to) {
    case VW_FLOW_STATE_PASSES:
        return VW_PAINT_GOOD;
    case VW_FLOW_STATE_FAILS:
        return VW_PAINT_BAD;
    case VW_FLOW_STATE_UNKNOWN:
        break;
    }
    return VW_PAINT_UNSURE;
}

static void put_sighting(struct vw_text *text, const char *when, int64_t time,
                         const struct vw_timeline_sighting *sighting)
{
    vw_text_pad(text, CAUSE_AT);
    vw_text_put(text, when);
    put_time(text, time);
    vw_text_put(text, "  ");
    vw_text_put(text, sighting->words);
    put_record_place(text, sighting);
    vw_text_line(text);
}

static void put_witness(struct vw_text *text, const struct vw_timeline_witness *witness)
{
    vw_text_pad(text, WORDS_AT);
    vw_text_put(text, vw_evidence_kind_noun(witness->kind));
    if (witness->vantage) {
        vw_text_put(text, " ");
        vw_text_put(text, witness->vantage);
    }
    if (witness->slack)
        put_seconds(text, ", times +-", witness->slack, " s");
    if (witness->offset)
        put_seconds(text, ", ", witness->offset, " s added to its clock");
    vw_text_line(text);
    put_sighting(text, "last   ", witness->before.last, &witness->before);
    put_sighting(text, "first  ", witness->after.first, &witness->after);
}

static void put_event(struct vw_text *text, size_t indent,
                      const struct vw_timeline_event *event)
{
    vw_text_pad(text, indent);
    put_time(text, event->time);
    vw_text_put(text, "  ");
    vw_text_painted(text, VW_PAINT_BOLD, event->name);
    vw_text_put(text, event->error ? ", which failed, by " : " by ");
    vw_text_put(text, event->actor ? event->actor : "somebody the event does not name");
    vw_text_line(text);
    vw_text_pad(text, indent + 2);
    if (event->error) {
        vw_text_put(text, event->error);
        vw_text_put(text, ", ");
    }
    if (event->address) {
        vw_text_put(text, "from ");
        vw_text_put(text, event->address);
        vw_text_put(text, "  ");
    }
    vw_text_place(text, event->source);
    vw_text_line(text);
}

static void put_place(struct vw_text *text, size_t indent, const char *word,
                      struct vw_place_in_export place)
{
    if (!place.file)
        return;
    vw_text_pad(text, indent);
    vw_text_put(text, word);
    vw_text_place(text, place);
    vw_text_line(text);
}

static void put_change(struct vw_text *text, size_t indent,
                       const struct vw_timeline_change *change)
{
    size_t i;

    vw_text_wrap(text, indent, change->sentence);
    put_place(text, indent + 2, "was at ", change->before);
    put_place(text, indent + 2, "is at ", change->after);
    for (i = 0; i < change->event_count; i++)
        put_event(text, indent + 2, change->events[i]);
}

static void put_cause(struct vw_text *text, const struct vw_timeline_turn *turn,
                      size_t number)
{
    const struct vw_timeline_cause *cause = &turn->causes[number];
    size_t i;

    vw_text_pad(text, WORDS_AT);
    vw_text_painted(text, VW_PAINT_BOLD, number ? "and alone enough" : "because");
    vw_text_line(text);
    for (i = 0; i < cause->change_count && i < VW_TEXT_ITEMS_MAX; i++)
        put_change(text, CAUSE_AT, cause->changes[i]);
    vw_text_left_out(text, CAUSE_AT, cause->change_count);
    vw_text_wrap(text, CAUSE_AT, cause->proof);
}

/* "2025-01-18T09:20:11Z to 2025-01-18T09:20:17Z  STOPPED" */
static void put_turn_head(struct vw_text *text, const struct vw_timeline_turn *turn)
{
    put_time(text, turn->earliest);
    vw_text_put(text, " to ");
    put_time(text, turn->latest);
    vw_text_put(text, "  ");
    vw_text_painted(text, turn_paint(turn), turn_word(turn));
    vw_text_line(text);
}

static void put_turn(struct vw_text *text, const struct vw_timeline_turn *turn)
{
    size_t i;

    put_turn_head(text, turn);
    for (i = 0; i < turn->witness_count; i++)
        put_witness(text, &turn->witnesses[i]);
    for (i = 0; i < turn->cause_count; i++)
        put_cause(text, turn, i);
    if (turn->sentence)
        vw_text_wrap(text, WORDS_AT, turn->sentence);
}

/* ---- snapshots and the account ---- */

static void put_snapshot(struct vw_text *text,
                         const struct vw_timeline_snapshot *snapshot)
{
    const struct vw_trace *trace = snapshot->trace;

    put_time(text, snapshot->time);
    vw_text_put(text, "  snapshot ");
    vw_text_put(text, snapshot->name);
    vw_text_put(text, "  ");
    vw_text_verdict(text, trace->verdict);
    vw_text_line(text);
    if (trace->blocker_count)
        vw_text_wrap(text, WORDS_AT,
                     trace->blockers[0].sentence
                         ? trace->blockers[0].sentence
                         : vw_reason_meaning(trace->blockers[0].reason));
    else if (trace->unknown_count && trace->unknowns[0].sentence)
        vw_text_wrap(text, WORDS_AT, trace->unknowns[0].sentence);
}

/* What was changed, and who did it last: for who reads no more. */
static void put_short_change(struct vw_text *text,
                             const struct vw_timeline_change *change)
{
    const struct vw_timeline_event *event;

    vw_text_wrap(text, WORDS_AT, change->sentence);
    if (!change->event_count)
        return;
    event = change->events[change->event_count - 1];
    vw_text_pad(text, CAUSE_AT);
    put_time(text, event->time);
    vw_text_put(text, "  ");
    vw_text_put(text, event->name);
    vw_text_put(text, " by ");
    vw_text_put(text, event->actor ? event->actor : "somebody the event does not name");
    vw_text_line(text);
}

static void put_short_cause(struct vw_text *text, const struct vw_timeline_turn *turn)
{
    size_t i, j;

    for (i = 0; i < turn->cause_count; i++) {
        const struct vw_timeline_cause *cause = &turn->causes[i];

        for (j = 0; j < cause->change_count; j++)
            if (!cause->changes[j]->follows || cause->change_count == 1)
                put_short_change(text, cause->changes[j]);
    }
    if (!turn->cause_count)
        vw_text_wrap(text, WORDS_AT, "no cause is known");
}

static void put_summary(struct vw_text *text, const struct vw_timeline_account *account)
{
    size_t i;

    if (!account->turn_count)
        return;
    vw_text_heading(text, "In short");
    vw_text_line(text);
    for (i = 0; i < account->turn_count; i++) {
        vw_text_pad(text, 2);
        put_turn_head(text, &account->turns[i]);
        put_short_cause(text, &account->turns[i]);
    }
}

static void put_entries(struct vw_text *text, const struct vw_timeline_account *account)
{
    size_t i;

    vw_text_heading(text, "What happened");
    vw_text_line(text);
    for (i = 0; i < account->entry_count; i++) {
        const struct vw_timeline_entry *entry = &account->entries[i];

        vw_text_pad(text, 2);
        if (entry->snapshot)
            put_snapshot(text, entry->snapshot);
        else if (entry->turn)
            put_turn(text, entry->turn);
        else if (entry->event)
            put_event(text, 2, entry->event);
    }
}

static bool is_cause(const struct vw_timeline_account *account,
                     const struct vw_timeline_change *change)
{
    size_t i, j, k;

    for (i = 0; i < account->turn_count; i++)
        for (j = 0; j < account->turns[i].cause_count; j++)
            for (k = 0; k < account->turns[i].causes[j].change_count; k++)
                if (account->turns[i].causes[j].changes[k] == change)
                    return true;
    return false;
}

static void put_other_changes(struct vw_text *text,
                              const struct vw_timeline_account *account)
{
    size_t count = 0, i, j;

    for (i = 0; i < account->step_count; i++) {
        const struct vw_timeline_step *step = &account->steps[i];

        for (j = 0; j < step->change_count; j++) {
            if (is_cause(account, &step->changes[j]))
                continue;
            if (!count++) {
                vw_text_heading(text, "Differences that explain none of it");
                vw_text_line(text);
            }
            if (count <= VW_TEXT_ITEMS_MAX)
                put_change(text, 2, &step->changes[j]);
        }
    }
    vw_text_left_out(text, 2, count);
}

static void put_notes(struct vw_text *text, const struct vw_timeline_account *account)
{
    size_t i;

    if (!account->note_count)
        return;
    vw_text_heading(text, "What else is to be known");
    vw_text_line(text);
    for (i = 0; i < account->note_count; i++) {
        vw_text_put(text, "  - ");
        vw_text_wrap(text, 4, account->notes[i]);
    }
}

int vw_report_timeline_text(const struct vw_timeline_account *account,
                            struct vw_report_style style, FILE *out)
{
    struct vw_text text = vw_text_begin(out, style);

    vw_text_painted(&text, conclusion_paint(account->conclusion),
                    conclusion_word(account->conclusion));
    vw_text_question(&text, account->asked);
    put_summary(&text, account);
    put_entries(&text, account);
    put_other_changes(&text, account);
    put_notes(&text, account);
    return vw_text_finish(&text);
}
