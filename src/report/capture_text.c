/* A capture for people: the file, pings, connections, exchanges, errors. */
#include <vpcwhy/report.h>

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/time.h"
#include "report/capture_lines.h"
#include "report/text_parts.h"

enum { DETAIL = 6, LINE = 400 };

void vw_text_say(struct vw_text *text, const char *format, ...)
{
    char line[LINE];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    vw_text_put(text, line);
}

void vw_text_detail(struct vw_text *text, const char *format, ...)
{
    char line[LINE];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    vw_text_wrap(text, DETAIL, line);
}

const char *vw_duration_format(int64_t duration, char buffer[VW_DURATION_TEXT])
{
    if (duration < 1000000)
        snprintf(buffer, VW_DURATION_TEXT, "%.3f ms", (double)duration / 1e6);
    else if (duration < VW_SECOND)
        snprintf(buffer, VW_DURATION_TEXT, "%.1f ms", (double)duration / 1e6);
    else
        snprintf(buffer, VW_DURATION_TEXT, "%.3f s", (double)duration / 1e9);
    return buffer;
}

/* ---- the file ---- */

static void text_window(struct vw_text *text, const struct vw_capture_facts *facts)
{
    char first[VW_TIME_TEXT], last[VW_TIME_TEXT], duration[VW_DURATION_TEXT];

    if (facts->first == VW_TIME_UNKNOWN) {
        vw_text_detail(text, facts->end == VW_TIME_UNKNOWN
                                 ? "no time window: no packet has a time, silence proves "
                                   "nothing"
                                 : "no packet has a time");
        return;
    }
    vw_text_detail(text, "%s to %s (%s)", vw_time_format(facts->first, first),
                   vw_time_format(facts->last, last),
                   vw_duration_format(facts->last - facts->first, duration));
}

static void text_place(struct vw_text *text, const struct vw_capture_place *place)
{
    char first[VW_TIME_TEXT], last[VW_TIME_TEXT];

    vw_text_pad(text, DETAIL);
    vw_text_say(text, "%s%slink type %s (%d), snap length %u, %" PRIu64 " packets",
                place->name ? place->name : "", place->name ? ": " : "",
                place->link_name ? place->link_name : "unknown", place->link_type,
                place->snap_length, place->packets);
    if (place->has_statistics)
        vw_text_say(text, ", %" PRIu64 " dropped", place->dropped);
    if (place->window_start != VW_TIME_UNKNOWN && place->window_end != VW_TIME_UNKNOWN)
        vw_text_say(text, ", taken from %s to %s",
                    vw_time_format(place->window_start, first),
                    vw_time_format(place->window_end, last));
    if (place->filter)
        vw_text_say(text, ", filter \"%s\"", place->filter);
    vw_text_line(text);
}

/* Counts that are worth a line where they are not 0. */
static void text_counts(struct vw_text *text, const struct vw_capture_facts *facts)
{
    const struct {
        uint64_t count;
        const char *sentence;
    } counts[] = {
        {facts->filtered, "left out by the filter"},
        {facts->not_ip, "not IP (ARP and the like)"},
        {facts->unread, "of a link type that is not read"},
        {facts->cut, "cut too short to tell their flow (snap length)"},
        {facts->malformed, "contradict themselves"},
        {facts->orphans, "known by later fragments only"},
        {facts->untimed, "without a time"},
        {facts->copies, "recorded twice at the same place, counted once"},
        {facts->views, "seen again at another interface, TTL or direction, counted once"},
        {facts->oversized + facts->unsized,
         "larger than the wire carries: the interface cuts them up (TSO, GRO)"},
        {facts->partial_checksums, "with a checksum that the interface is to fill in"},
    };
    size_t i;

    for (i = 0; i < sizeof counts / sizeof *counts; i++)
        if (counts[i].count)
            vw_text_detail(text, "%s: %" PRIu64, counts[i].sentence, counts[i].count);
    if (facts->tunnelled)
        vw_text_detail(text, "within tunnels (%s): %" PRIu64, facts->tunnels,
                       facts->tunnelled);
}

static void text_doubts(struct vw_text *text, const struct vw_capture_facts *facts)
{
    char most[VW_DURATION_TEXT];

    if (facts->backward_count)
        vw_text_detail(text, "the clock went back, by %s at most: %" PRIu64 " times",
                       vw_duration_format(facts->backward_most, most),
                       facts->backward_count);
    if (facts->dropped)
        vw_text_detail(
            text,
            "dropped by the capture, so that what is missing may have been there: "
            "%" PRIu64,
            facts->dropped);
    if (facts->filtered)
        vw_text_detail(text,
                       "what is not answered here may be among what the filter left "
                       "out");
    if (facts->is_damaged)
        vw_text_detail(text,
                       "damaged at packet %" PRIu64 ": nothing is concluded from what is "
                       "missing after it",
                       facts->damaged_at);
    if (facts->too_many_flows)
        vw_text_detail(text, "more flows than the program holds: the rest is left out");
}

static void text_file(struct vw_text *text, const struct vw_capture *capture)
{
    const struct vw_capture_facts *facts = vw_capture_facts(capture);
    size_t i;

    vw_text_painted(text, VW_PAINT_BOLD, facts->path);
    vw_text_say(text, "  %s, %" PRIu64 " packets", facts->format, facts->packets);
    vw_text_line(text);
    text_window(text, facts);
    for (i = 0; i < facts->place_count && i < VW_TEXT_ITEMS_MAX; i++) {
        struct vw_capture_place place;

        vw_capture_get_place(capture, i, &place);
        text_place(text, &place);
    }
    vw_text_left_out(text, DETAIL, facts->place_count);
    text_counts(text, facts);
    text_doubts(text, facts);
}

/* ---- lists: what is wrong first ---- */

static void text_echoes(struct vw_text *text, const struct vw_capture *capture)
{
    size_t count = vw_capture_echo_count(capture), shown = 0, i;
    struct vw_echo_series series;
    int good;

    if (count == 0)
        return;
    vw_text_heading(text, "Echo");
    vw_text_line(text);
    for (good = 0; good < 2; good++) {
        for (i = 0; i < count && shown < VW_TEXT_ITEMS_MAX; i++) {
            vw_capture_get_echo(capture, i, &series);
            if (vw_echo_is_good(&series) != good)
                continue;
            vw_text_echo(text, capture, i, &series);
            shown++;
        }
    }
    vw_text_left_out(text, 2, count);
}

static bool is_connection(const struct vw_conversation *talk)
{
    return talk->protocol == 6;
}

/* "12 closed, 3 refused". */
static void text_sums(struct vw_text *text, const size_t *sums)
{
    bool any = false;
    int i;

    for (i = 0; i <= VW_TALK_CUT; i++) {
        if (!sums[i])
            continue;
        vw_text_say(text, "%s%zu %s", any ? ", " : "", sums[i],
                    vw_talk_slug((enum vw_talk)i));
        any = true;
    }
}

static size_t count_talks(const struct vw_capture *capture, bool connections,
                          size_t sums[VW_TALK_CUT + 1])
{
    struct vw_conversation talk;
    size_t i, count = 0;

    for (i = 0; i < vw_capture_conversation_count(capture); i++) {
        vw_capture_get_conversation(capture, i, &talk);
        if (is_connection(&talk) != connections)
            continue;
        sums[talk.outcome]++;
        count++;
    }
    return count;
}

static void text_talks(struct vw_text *text, const struct vw_capture *capture,
                       const char *heading, bool connections)
{
    size_t sums[VW_TALK_CUT + 1] = {0}, shown = 0, i;
    size_t count = count_talks(capture, connections, sums);
    struct vw_conversation talk;
    int good;

    if (count == 0)
        return;
    vw_text_heading(text, heading);
    vw_text_put(text, ": ");
    text_sums(text, sums);
    vw_text_line(text);
    for (good = 0; good < 2; good++) {
        for (i = 0;
             i < vw_capture_conversation_count(capture) && shown < VW_TEXT_ITEMS_MAX;
             i++) {
            vw_capture_get_conversation(capture, i, &talk);
            if (is_connection(&talk) != connections ||
                vw_talk_is_good(talk.outcome) != good)
                continue;
            vw_text_talk(text, capture, i, &talk);
            shown++;
        }
    }
    vw_text_left_out(text, 2, count);
}

/* Those that were told with their flow are not told again. */
static void text_errors(struct vw_text *text, const struct vw_capture *capture)
{
    struct vw_icmp_error error;
    size_t i, count = 0;

    for (i = 0; i < vw_capture_error_count(capture); i++) {
        vw_capture_get_error(capture, i, &error);
        if (error.about != VW_ABOUT_NOTHING)
            continue;
        if (count++ == 0) {
            vw_text_heading(text, "ICMP errors about what is not in this capture");
            vw_text_line(text);
        }
        if (count <= VW_TEXT_ITEMS_MAX)
            vw_text_error(text, 2, &error);
    }
    vw_text_left_out(text, 2, count);
}

int vw_report_capture_text(const struct vw_capture *capture, struct vw_report_style style,
                           FILE *out)
{
    struct vw_text text = vw_text_begin(out, style);

    text_file(&text, capture);
    text_echoes(&text, capture);
    text_talks(&text, capture, "Connections", true);
    text_talks(&text, capture, "Exchanges", false);
    text_errors(&text, capture);
    return vw_text_finish(&text);
}
