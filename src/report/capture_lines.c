/* A series, a conversation, an error; see capture_lines.h. */
#include "report/capture_lines.h"

#include <inttypes.h>
#include <stdio.h>

#include <vpcwhy/trace.h>

#include "base/time.h"

enum { ERRORS_MAX = 5, ENDS = 2 * VW_ADDRESS_TEXT + 40 };

bool vw_talk_is_good(enum vw_talk outcome)
{
    return outcome == VW_TALK_OPEN || outcome == VW_TALK_CLOSED ||
           outcome == VW_TALK_HALF_CLOSED || outcome == VW_TALK_ANSWERED;
}

bool vw_echo_is_good(const struct vw_echo_series *series)
{
    return series->sent > 0 && series->answered == series->sent &&
           series->error_count == 0;
}

/* ---- errors ---- */

static void say_quote(struct vw_text *text, const struct vw_icmp_error *error)
{
    char source[VW_ADDRESS_TEXT], destination[VW_ADDRESS_TEXT], protocol[16];

    if (error->quoted_source.family == VW_FAMILY_NONE) {
        vw_text_put(text, ", quoting too little to tell what about");
        return;
    }
    vw_text_say(text, ", about %s %s -> %s",
                vw_protocol_format(error->quoted_protocol, protocol),
                vw_address_format(error->quoted_source, source),
                vw_address_format(error->quoted_destination, destination));
    if (error->quoted_source_port >= 0)
        vw_text_say(text, " ports %d -> %d", error->quoted_source_port,
                    error->quoted_destination_port);
    if (error->quoted_id >= 0)
        vw_text_say(text, " id %d number %d", error->quoted_id, error->quoted_sequence);
}

static void say_error(struct vw_text *text, const struct vw_icmp_error *error)
{
    const char *name = vw_icmp_error_name(error->six, error->type, error->code);
    char reporter[VW_ADDRESS_TEXT];

    vw_text_say(text, "ICMP%s %u/%u", error->six ? "v6" : "", error->type, error->code);
    if (name)
        vw_text_say(text, " (%s)", name);
    vw_text_say(text, " from %s", vw_address_format(error->reporter, reporter));
    if (error->mtu)
        vw_text_say(text, ", MTU %u", error->mtu);
    if (error->count > 1)
        vw_text_say(text, ", %" PRIu64 " times", error->count);
}

void vw_text_error(struct vw_text *text, size_t indent, const struct vw_icmp_error *error)
{
    vw_text_pad(text, indent);
    say_error(text, error);
    say_quote(text, error);
    vw_text_line(text);
}

/* Those about one thing. */
static void text_errors(struct vw_text *text, const struct vw_capture *capture,
                        enum vw_error_about about, size_t index)
{
    struct vw_icmp_error error;
    size_t i, shown = 0;

    for (i = 0; i < vw_capture_error_count(capture) && shown < ERRORS_MAX; i++) {
        vw_capture_get_error(capture, i, &error);
        if (error.about != about || error.index != index)
            continue;
        vw_text_pad(text, 6);
        say_error(text, &error);
        vw_text_line(text);
        shown++;
    }
}

/* ---- echo ---- */

static void say_echo_verdict(struct vw_text *text, const struct vw_echo_series *series)
{
    char word[64];

    if (series->sent == 0) {
        snprintf(word, sizeof word, "REPLIES WITHOUT REQUEST %" PRIu64, series->unasked);
        vw_text_painted(text, VW_PAINT_UNSURE, word);
        return;
    }
    snprintf(word, sizeof word, "ANSWERED %" PRIu64 " of %" PRIu64, series->answered,
             series->sent);
    vw_text_painted(text,
                    vw_echo_is_good(series)                  ? VW_PAINT_GOOD
                    : series->unanswered || series->rejected ? VW_PAINT_BAD
                                                             : VW_PAINT_UNSURE,
                    word);
    if (series->rejected)
        vw_text_say(text, ", %" PRIu64 " rejected", series->rejected);
    if (series->unanswered)
        vw_text_say(text, ", %" PRIu64 " unanswered", series->unanswered);
    if (series->undecided)
        vw_text_say(text, ", %" PRIu64 " undecided (the capture ends)",
                    series->undecided);
}

static void text_ranges(struct vw_text *text, const struct vw_echo_series *series)
{
    char line[VW_CAPTURE_RANGES_MAX * 44 + 40];
    size_t used, i;

    if (!series->range_count)
        return;
    used = (size_t)snprintf(line, sizeof line, "unanswered numbers: ");
    for (i = 0; i < series->range_count; i++) {
        const struct vw_number_range *range = &series->ranges[i];

        used += (size_t)snprintf(line + used, sizeof line - used,
                                 range->first == range->last ? "%s%" PRId64
                                                             : "%s%" PRId64 "-%" PRId64,
                                 i ? ", " : "", range->first, range->last);
    }
    if (series->more_ranges)
        snprintf(line + used, sizeof line - used, " and more");
    vw_text_wrap(text, 6, line);
}

static void text_echo_oddities(struct vw_text *text, const struct vw_echo_series *series)
{
    const struct {
        uint64_t count;
        const char *sentence;
    } oddities[] = {
        {series->duplicates, "duplicate replies"},
        {series->copies[VW_ORIGINATOR], "requests recorded twice"},
        {series->views[VW_ORIGINATOR],
         "requests seen again at another interface, TTL or direction"},
        {series->views[VW_RESPONDER],
         "replies seen again at another interface, TTL or direction"},
        {series->late, "replies later than the next request"},
        {series->reordered, "replies out of order"},
        {series->sent_again, "requests with a number that had been sent"},
        {series->sent ? series->unasked : 0, "replies without request"},
        {series->not_seen, "numbers in between of which no request was recorded"},
        {series->altered, "replies of another size than their request"},
    };
    char replier[VW_ADDRESS_TEXT];
    size_t i;

    if (series->elsewhere)
        vw_text_detail(text, "answered from another address: %" PRIu64 ", by %s",
                       series->elsewhere, vw_address_format(series->replier, replier));
    for (i = 0; i < sizeof oddities / sizeof *oddities; i++)
        if (oddities[i].count)
            vw_text_detail(text, "%s: %" PRIu64, oddities[i].sentence, oddities[i].count);
}

static void text_rtt(struct vw_text *text, const struct vw_echo_series *series)
{
    if (!series->timed)
        return;
    vw_text_detail(text,
                   "RTT min/avg/max/mdev %.3f/%.3f/%.3f/%.3f ms, p50 %.3f ms, p95 %.3f "
                   "ms",
                   (double)series->rtt_least / 1e6, (double)series->rtt_mean / 1e6,
                   (double)series->rtt_most / 1e6, (double)series->rtt_deviation / 1e6,
                   (double)series->rtt_median / 1e6, (double)series->rtt_95 / 1e6);
}

static void text_sizes(struct vw_text *text, const struct vw_echo_series *series)
{
    vw_text_pad(text, 6);
    if (series->first_sequence == series->last_sequence)
        vw_text_say(text, "number %" PRId64, series->first_sequence);
    else
        vw_text_say(text, "numbers %" PRId64 "-%" PRId64, series->first_sequence,
                    series->last_sequence);
    if (series->sent)
        vw_text_say(text, ", payload %u", series->payload_least);
    if (series->payload_most != series->payload_least)
        vw_text_say(text, " to %u", series->payload_most);
    if (series->sent)
        vw_text_say(text, " bytes%s%s", series->dont_fragment ? ", do not fragment" : "",
                    series->is_fragmented ? ", in fragments" : "");
    if (series->answered && series->answered_most != series->payload_most)
        vw_text_say(text, ", largest answered %u", series->answered_most);
    if (series->ttl[VW_ORIGINATOR])
        vw_text_say(text, ", TTL %u", series->ttl[VW_ORIGINATOR]);
    if (series->ttl[VW_RESPONDER])
        vw_text_say(text, ", of replies %u", series->ttl[VW_RESPONDER]);
    if (series->ttl_changes[VW_RESPONDER])
        vw_text_say(text, " (changes %" PRIu64 " times)",
                    series->ttl_changes[VW_RESPONDER]);
    vw_text_line(text);
}

void vw_text_echo(struct vw_text *text, const struct vw_capture *capture, size_t index,
                  const struct vw_echo_series *series)
{
    char requester[VW_ADDRESS_TEXT], target[VW_ADDRESS_TEXT];

    vw_text_say(text, "  %s -> %s  id %u  ",
                vw_address_format(series->requester, requester),
                vw_address_format(series->target, target), series->id);
    say_echo_verdict(text, series);
    vw_text_line(text);
    text_sizes(text, series);
    text_rtt(text, series);
    text_ranges(text, series);
    text_echo_oddities(text, series);
    if (series->error_count)
        text_errors(text, capture, VW_ABOUT_ECHO, index);
}

/* ---- conversations ---- */

static const char *format_end(struct vw_address address, int port, bool has_port,
                              char buffer[VW_ADDRESS_TEXT + 10])
{
    char text[VW_ADDRESS_TEXT];

    vw_address_format(address, text);
    if (!has_port)
        snprintf(buffer, VW_ADDRESS_TEXT + 10, "%s", text);
    else
        snprintf(buffer, VW_ADDRESS_TEXT + 10,
                 address.family == VW_FAMILY_IPV6 ? "[%s]:%d" : "%s:%d", text, port);
    return buffer;
}

static const char *side_word(int side)
{
    return side == VW_ORIGINATOR ? "the originator" : "the responder";
}

static void text_handshake(struct vw_text *text, const struct vw_conversation *talk)
{
    char time[VW_DURATION_TEXT], other[VW_ADDRESS_TEXT];

    if (talk->syn_count > 1)
        vw_text_detail(text, "SYN sent %" PRIu64 " times", talk->syn_count);
    if (talk->syn_ack_count > 1)
        vw_text_detail(text, "SYN-ACK sent %" PRIu64 " times", talk->syn_ack_count);
    if (talk->connect_time >= 0)
        vw_text_detail(text, "connect time %s, MSS %u and %u",
                       vw_duration_format(talk->connect_time, time), talk->mss[0],
                       talk->mss[1]);
    if (talk->reset_by >= 0)
        vw_text_detail(text, "reset by %s, TTL %u (its other packets: %u)",
                       side_word(talk->reset_by), talk->reset_ttl,
                       talk->ttl[talk->reset_by]);
    if (talk->other.family != VW_FAMILY_NONE)
        vw_text_detail(
            text, talk->syn_count ? "the SYN-ACK came from %s" : "answers a SYN to %s",
            vw_address_format(talk->other, other));
    if (talk->ignored_reset)
        vw_text_detail(text,
                       "a reset that acknowledges what was not sent: it changes nothing");
}

static void text_stream(struct vw_text *text, const struct vw_conversation *talk)
{
    if (talk->stream[0] || talk->stream[1])
        vw_text_detail(text,
                       "stream %" PRIu64 " bytes, back %" PRIu64 "; acknowledged %" PRIu64
                       " and %" PRIu64,
                       talk->stream[0], talk->stream[1], talk->confirmed[0],
                       talk->confirmed[1]);
    if (talk->retransmissions[0] || talk->retransmissions[1])
        vw_text_detail(text, "segments sent again: %" PRIu64 ", back %" PRIu64,
                       talk->retransmissions[0], talk->retransmissions[1]);
    if (talk->stalled >= 0)
        vw_text_detail(text, "%s's data is not acknowledged beyond byte %" PRIu64,
                       side_word(talk->stalled), talk->stalled_at);
    if (talk->suspects_mtu && talk->largest_confirmed[talk->stalled])
        vw_text_detail(text,
                       "what is lost are segments of %u bytes and more, while %u bytes "
                       "passed: a path MTU black hole",
                       talk->stalled_size, talk->largest_confirmed[talk->stalled]);
    else if (talk->suspects_mtu)
        vw_text_detail(text,
                       "no data passed, and none was tried in segments below %u bytes: a "
                       "path MTU black hole, if smaller ones would pass",
                       talk->stalled_size);
}

static void text_ports(struct vw_text *text, const struct vw_conversation *talk)
{
    bool is_icmp = talk->protocol == 1 || talk->protocol == 58;
    bool has_ports = talk->has_ports && !is_icmp;
    char originator[VW_ADDRESS_TEXT + 10], responder[VW_ADDRESS_TEXT + 10], protocol[16];

    vw_text_say(text, "  %s -> %s",
                format_end(talk->originator, talk->port[0], has_ports, originator),
                format_end(talk->responder, talk->port[1], has_ports, responder));
    if (talk->protocol != 6)
        vw_text_say(text, "  %s", vw_protocol_format(talk->protocol, protocol));
    if (is_icmp)
        vw_text_say(text, " type %u", talk->port[0]);
    vw_text_put(text, "  ");
}

void vw_text_talk(struct vw_text *text, const struct vw_capture *capture, size_t index,
                  const struct vw_conversation *talk)
{
    text_ports(text, talk);
    vw_text_painted(
        text,
        vw_talk_is_good(talk->outcome) ? VW_PAINT_GOOD
        : talk->outcome == VW_TALK_UNDECIDED || talk->outcome == VW_TALK_CUT ||
                talk->outcome == VW_TALK_ONE_SIDED || talk->outcome == VW_TALK_MIDSTREAM
            ? VW_PAINT_UNSURE
            : VW_PAINT_BAD,
        vw_talk_sentence(talk->outcome));
    vw_text_line(text);
    vw_text_pad(text, 6);
    vw_text_say(text, "packets %" PRIu64 ", back %" PRIu64, talk->packets[0],
                talk->packets[1]);
    if (talk->conn_state)
        vw_text_say(text, "; Zeek: %s %s", talk->conn_state, talk->history);
    vw_text_line(text);
    if (talk->protocol == 6) {
        text_handshake(text, talk);
        text_stream(text, talk);
    }
    if (talk->copies)
        vw_text_detail(text, "packets recorded twice: %" PRIu64, talk->copies);
    if (talk->views)
        vw_text_detail(text,
                       "seen again at another interface, TTL or direction: %" PRIu64,
                       talk->views);
    if (talk->error_count)
        text_errors(text, capture, VW_ABOUT_CONVERSATION, index);
}
