/* What a capture shows: pings and connections built packet by packet. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include <vpcwhy/capture.h>

#include "evidence/frames.h"
#include "temporary.h"

#define A 0x0a000001
#define B 0x0a000002
#define ROUTER 0x0a0000fe

enum { RAW = 101, FIN = 1, SYN = 2, RST = 4, ACK = 16, MILLISECOND = 1000000 };

static struct temporary temporary;
static struct bytes file;
static uint16_t next_id;

static void begin(void)
{
    file = no_bytes();
    next_id = 0;
    capture_header(&file, RAW);
}

static struct bytes packet(uint32_t source, uint32_t destination, uint8_t protocol,
                           struct bytes payload)
{
    return ipv4(source, destination, protocol, (struct ipv4_options){.id = ++next_id},
                payload);
}

static void at(unsigned milliseconds, struct bytes frame)
{
    capture_frame(&file, 1700000000U + milliseconds / 1000, milliseconds % 1000 * 1000,
                  frame);
}

static struct vw_capture *end(void)
{
    struct vw_capture *capture = NULL;

    assert_int_equal(
        vw_capture_read(temporary_bytes(&temporary, "a.pcap", file.data, file.size), NULL,
                        NULL, &capture),
        0);
    return capture;
}

static void ask(unsigned milliseconds, uint16_t number)
{
    at(milliseconds, packet(A, B, 1, echo(8, 7, number)));
}

static void answer(unsigned milliseconds, uint16_t number)
{
    at(milliseconds, packet(B, A, 1, echo(0, 7, number)));
}

static struct vw_echo_series only_series(void)
{
    struct vw_capture *capture = end();
    struct vw_echo_series series;

    assert_int_equal(vw_capture_echo_count(capture), 1);
    vw_capture_get_echo(capture, 0, &series);
    vw_capture_free(capture);
    return series;
}

static void a_ping_with_all_that_can_happen(void **state)
{
    struct vw_echo_series series;

    (void)state;
    begin();
    ask(0, 1);
    answer(1, 1);
    ask(1000, 2); /* lost */
    ask(2000, 3);
    answer(2003, 3);
    answer(2010, 3); /* twice */
    ask(3000, 4);
    ask(4000, 6); /* 5 was not recorded */
    answer(4002, 6);
    answer(4900, 4); /* late, out of order */
    ask(5000, 7);
    answer(5005, 7);
    answer(5006, 8); /* never asked */
    ask(8000, 9);    /* the capture ends */
    series = only_series();
    assert_int_equal(series.sent, 7);
    assert_int_equal(series.answered, 5);
    assert_int_equal(series.unanswered, 1);
    assert_int_equal(series.undecided, 1);
    assert_int_equal(series.duplicates, 1);
    assert_int_equal(series.late, 1);
    assert_int_equal(series.reordered, 1);
    assert_int_equal(series.unasked, 1);
    assert_int_equal(series.not_seen, 2);
    assert_int_equal(series.range_count, 1);
    assert_int_equal(series.ranges[0].first, 2);
    assert_int_equal(series.timed, 5);
    assert_int_equal(series.rtt_least, 1 * MILLISECOND);
    assert_int_equal(series.rtt_most, 1900 * MILLISECOND);
    assert_int_equal(series.rtt_median, 3 * MILLISECOND);
}

/* Where the clock goes back there is no negative time. */
static void a_clock_that_goes_back(void **state)
{
    struct vw_echo_series series;

    (void)state;
    begin();
    ask(5000, 1);
    answer(1000, 1);
    series = only_series();
    assert_int_equal(series.answered, 1);
    assert_int_equal(series.rtt_least, 0);
    assert_int_equal(series.rtt_most, 0);
}

/* Numbers run on over 65535; a long series keeps its times thinned out. */
static void a_long_series(void **state)
{
    struct vw_echo_series series;
    unsigned i;

    (void)state;
    begin();
    for (i = 0; i < 70; i++) {
        ask(i * 10, (uint16_t)(65500 + i));
        answer(i * 10 + 1 + i % 2, (uint16_t)(65500 + i));
    }
    series = only_series();
    assert_int_equal(series.answered, 70);
    assert_int_equal(series.first_sequence, 65500);
    assert_int_equal(series.last_sequence, 65569);
    assert_int_equal(series.rtt_median, 1 * MILLISECOND);
    assert_int_equal(series.rtt_95, 2 * MILLISECOND);
}

/* The same id and numbers after a pause are another run. */
static void an_id_that_is_used_again(void **state)
{
    struct vw_capture *capture;
    struct vw_echo_series series;

    (void)state;
    begin();
    ask(0, 1);
    ask(60000, 1);
    answer(60001, 1);
    capture = end();
    assert_int_equal(vw_capture_echo_count(capture), 2);
    vw_capture_get_echo(capture, 0, &series);
    assert_int_equal(series.unanswered, 1);
    vw_capture_get_echo(capture, 1, &series);
    assert_int_equal(series.answered, 1);
    vw_capture_free(capture);
}

/* ---- connections ---- */

static struct bytes segment(bool from_b, unsigned flags, uint32_t number,
                            uint32_t acknowledged, size_t size)
{
    struct bytes made = no_bytes();

    put_16(&made, from_b ? 443 : 4000);
    put_16(&made, from_b ? 4000 : 443);
    put_32(&made, number);
    put_32(&made, acknowledged);
    put_8(&made, 0x50);
    put_8(&made, flags);
    put_16(&made, 1000);
    put_zeros(&made, 4 + size);
    return packet(from_b ? B : A, from_b ? A : B, 6, made);
}

/* "S" and "s", "H" and "h", "A100" ...: letters as in Zeek's history, upper case for A, with
 * what follows: bytes of data, "-" a second of silence, "x" a number acknowledged that was
 * never sent. */
static void play(const char *script)
{
    uint32_t next[2] = {1000, 5000}, sent[2] = {1000, 5000};
    unsigned now = 0;

    for (; *script; script++) {
        bool from_b = *script >= 'a' && *script <= 'z';
        char letter = (char)(from_b ? *script - 32 : *script);
        size_t size = 0;
        unsigned flags = letter == 'S'   ? SYN
                         : letter == 'H' ? SYN | ACK
                         : letter == 'F' ? FIN | ACK
                         : letter == 'R' ? RST | ACK
                                         : ACK;

        if (*script == '-') {
            now += 1000;
            continue;
        }
        if (script[1] >= '0' && script[1] <= '9')
            size = strtoul(script + 1, NULL, 10);
        while (script[1] >= '0' && script[1] <= '9')
            script++;
        if (letter == 'T' || letter == 'S' || letter == 'H') /* what went last, again */
            next[from_b] = sent[from_b];
        sent[from_b] = next[from_b];
        at(now++, segment(from_b, flags, next[from_b],
                          script[1] == 'x' ? 77 : next[!from_b], size));
        script += script[1] == 'x';
        next[from_b] += (uint32_t)size + (flags & (SYN | FIN) ? 1 : 0);
    }
}

static void every_outcome(void **state)
{
    static const struct {
        const char *script, *outcome, *state, *history;
    } cases[] = {
        {"ShAD100aFfA", "closed", "SF", "ShADaFf"},
        {"ShA", "open", "S1", "ShA"},
        {"ShAF", "half-closed", "S2", "ShAF"},
        {"ShAf", "half-closed", "S3", "ShAf"},
        {"ShAD10aR", "reset", "RSTO", "ShADaR"},
        {"ShAD10ar", "reset", "RSTR", "ShADar"},
        {"Sr", "refused", "REJ", "Sr"},
        {"SrxhA", "open", "REJ", "SrhA"}, /* a blind reset: Zeek believes it */
        {"S-S", "no-answer", "S0", "S"},
        {"S-S-S", "no-answer", "S0", "S"},
        {"S", "undecided", "S0", "S"},
        {"Sh-h-h", "no-confirmation", "S1", "Sh"},
        {"SR", "aborted", "RSTOS0", "SR"},
        {"SAD10", "one-sided", "S0", "SAD"},
        {"h", "one-sided", "OTH", "^h"},
        {"D10a", "midstream", "OTH", "Da"},
        {"Ss", "undecided", "S1", "Ss"},
        {"ShAD1000T1000T1000", "stalled", "S1", "ShADT"},
        {"ShAD1000T1000aFfA", "closed", "SF", "ShADTaFf"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct vw_conversation talk;
        struct vw_capture *capture;

        begin();
        play(cases[i].script);
        capture = end();
        assert_int_equal(vw_capture_conversation_count(capture), 1);
        vw_capture_get_conversation(capture, 0, &talk);
        if (strcmp(vw_talk_slug(talk.outcome), cases[i].outcome) != 0 ||
            strcmp(talk.conn_state, cases[i].state) != 0 ||
            strcmp(talk.history, cases[i].history) != 0)
            fail_msg("%s: %s %s %s", cases[i].script, vw_talk_slug(talk.outcome),
                     talk.conn_state, talk.history);
        vw_capture_free(capture);
    }
}

/* Ports that are used again after an end are another connection. */
static void ports_that_are_used_again(void **state)
{
    struct vw_conversation talk;
    struct vw_capture *capture;

    (void)state;
    begin();
    play("Sr--------");
    at(60000, segment(false, SYN, 9000, 0, 0));
    at(60001, segment(true, SYN | ACK, 100, 9001, 0));
    at(60002, segment(false, ACK, 9001, 101, 0));
    capture = end();
    assert_int_equal(vw_capture_conversation_count(capture), 2);
    vw_capture_get_conversation(capture, 0, &talk);
    assert_int_equal(talk.outcome, VW_TALK_REFUSED);
    vw_capture_get_conversation(capture, 1, &talk);
    assert_int_equal(talk.outcome, VW_TALK_OPEN);
    assert_int_equal(talk.connect_time, MILLISECOND);
    vw_capture_free(capture);
}

static void errors_find_their_flow(void **state)
{
    struct bytes syn, request;
    struct vw_conversation talk;
    struct vw_icmp_error error;
    struct vw_echo_series series;
    struct vw_capture *capture;

    (void)state;
    begin();
    syn = segment(false, SYN, 1000, 0, 0);
    request = packet(A, B, 1, echo(8, 9, 1));
    at(0, syn);
    at(1, request);
    syn.size = 28; /* 8 bytes of it are all that has to be quoted */
    at(2, packet(ROUTER, A, 1, icmp(3, 13, syn)));
    at(3, packet(ROUTER, A, 1, icmp(3, 1, request)));
    at(4, packet(ROUTER, A, 1, icmp(3, 1, request)));
    syn.data[15] = 99; /* somebody else's */
    at(5, packet(ROUTER, A, 1, icmp(3, 13, syn)));
    at(9000, packet(A, ROUTER, 17, udp(1, 2, "")));
    capture = end();
    assert_int_equal(vw_capture_error_count(capture), 3);
    vw_capture_get_conversation(capture, 0, &talk);
    assert_int_equal(talk.outcome, VW_TALK_REJECTED);
    assert_int_equal(talk.error_count, 1);
    vw_capture_get_echo(capture, 0, &series);
    assert_int_equal(series.rejected, 1);
    assert_int_equal(series.error_count, 2);
    vw_capture_get_error(capture, 0, &error);
    assert_int_equal(error.about, VW_ABOUT_CONVERSATION);
    assert_int_equal(error.index, 0);
    vw_capture_get_error(capture, 2, &error);
    assert_int_equal(error.about, VW_ABOUT_NOTHING);
    vw_capture_free(capture);
}

static void copies_and_views_are_counted_once(void **state)
{
    struct vw_echo_series series;
    struct bytes request;

    (void)state;
    begin();
    request = packet(A, B, 1, echo(8, 7, 1));
    at(0, request);
    at(1, request);
    request.data[8]--; /* behind a router */
    at(2, request);
    answer(3, 1);
    series = only_series();
    assert_int_equal(series.sent, 1);
    assert_int_equal(series.answered, 1);
    assert_int_equal(series.copies[VW_ORIGINATOR], 1);
    assert_int_equal(series.views[VW_ORIGINATOR], 1);
}

static int open_temporary(void **state)
{
    (void)state;
    temporary_open(&temporary);
    return 0;
}

static int close_temporary(void **state)
{
    (void)state;
    temporary_close(&temporary);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_ping_with_all_that_can_happen),
        cmocka_unit_test(a_clock_that_goes_back),
        cmocka_unit_test(a_long_series),
        cmocka_unit_test(an_id_that_is_used_again),
        cmocka_unit_test(every_outcome),
        cmocka_unit_test(ports_that_are_used_again),
        cmocka_unit_test(errors_find_their_flow),
        cmocka_unit_test(copies_and_views_are_counted_once),
    };

    return cmocka_run_group_tests_name("understand", tests, open_temporary,
                                       close_temporary);
}
