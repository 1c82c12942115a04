/* The changes of state in what a witness saw: a line of sightings, and what it comes to. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "timeline/track.h"

#define LOG VW_EVIDENCE_FLOW_LOG
#define CAPTURE VW_EVIDENCE_CAPTURE

enum { LINE = 400 };

/* "P100-160": passed; F failed, T tried. Seconds. */
struct check {
    const char *what;
    enum vw_evidence_kind kind;
    const char *sightings;
    const char *changes; /* "fails 99-221" a change: where it lies, slack included */
};

static const struct check checks[] = {
    {"nothing", LOG, "", ""},
    {"it passes all the time", LOG, "P0-60 T0-60 T60-120 P60-120", ""},
    {"requests without answers from 120 on", LOG,
     "T0-60 P0-60 T60-120 P60-119 T120-180 T180-240", " fails 58-181"},
    {"an answer within the window is enough", LOG, "T0-60 P30-31 T60-120",
     " fails -30-121"},
    {"and back again", LOG, "P0-60 T60-120 T120-180 P180-240",
     " fails -1-121 passes 119-241"},
    {"accepted and rejected in one window", LOG, "P0-60 P60-120 F60-120 F120-180",
     " fails -1-181"},
    {"a window with both, and accepted before and after", LOG,
     "P0-60 P60-120 F60-120 P120-180", " fails -1-181 passes 59-181"},
    {"out of order", LOG, "F120-180 P0-60 P60-120", " fails 59-181"},
    {"a capture: a request a second", CAPTURE, "T0-0 P0-0 T1-1 T2-2 T3-3 T4-4 T5-5 T7-7",
     " fails -2-3"},
    {"the last request of a capture is undecided", CAPTURE, "T0-0 P0-0 T1-1", ""},
    {"two lost packets are no change", CAPTURE, "T0-0 P0-0 T1-1 T2-2 T3-3 P3-3 T9-9 P9-9",
     ""},
    {"three in a row are", CAPTURE, "T0-0 P0-0 T1-1 T2-2 T3-3 T4-4 P4-4",
     " fails -2-3 passes 1-6"},
};

static void read_sightings(const char *text, struct vw_track *track)
{
    while (*text) {
        char kind;
        int first, last, used;

        assert_int_equal(sscanf(text, " %c%d-%d%n", &kind, &first, &last, &used), 3);
        assert_int_equal(vw_array_push(&track->sightings,
                                       ((struct vw_sighting){
                                           .first = first * VW_SECOND,
                                           .last = last * VW_SECOND,
                                           .packets = 1 + last - first,
                                           .kind = kind == 'P'   ? VW_SIGHTING_PASS
                                                   : kind == 'F' ? VW_SIGHTING_FAIL
                                                                 : VW_SIGHTING_TRY})),
                         0);
        text += used;
    }
}

static void check_one(const struct check *check)
{
    struct vw_track track = {.kind = check->kind,
                             .slack = check->kind == LOG ? VW_FLOW_LOG_SLACK
                                                         : VW_CAPTURE_SLACK};
    struct vw_seen_changes changes = {0};
    char line[LINE] = "";

    print_message("%s\n", check->what);
    read_sightings(check->sightings, &track);
    vw_track_settle(&track);
    assert_int_equal(vw_track_changes(&track, &changes), 0);
    for (size_t i = 0; i < changes.count; i++)
        snprintf(line + strlen(line), LINE - strlen(line), " %s %lld-%lld",
                 vw_flow_state_slug(changes.items[i].to),
                 (long long)(changes.items[i].witness.earliest / VW_SECOND),
                 (long long)(changes.items[i].witness.latest / VW_SECOND));
    assert_string_equal(line, check->changes);
    vw_array_free(&changes);
    vw_array_free(&track.sightings);
}

static void each_comes_to_its_changes(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++)
        check_one(&checks[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_comes_to_its_changes)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
