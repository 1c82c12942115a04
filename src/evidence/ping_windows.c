/*
 * The lines of Windows' ping, in English:
 *
 *     Pinging b.example [10.2.2.61] with 32 bytes of data:
 *     Reply from 10.2.2.61: bytes=32 time<1ms TTL=63
 *     Request timed out.
 *     Reply from 10.1.10.1: Destination host unreachable.
 *
 *     Ping statistics for 10.2.2.61:
 *         Packets: Sent = 3, Received = 2, Lost = 1 (33% loss),
 *
 * There are no sequence numbers: each line stands for the next request. "Received" counts
 * the errors too.
 */
#include "evidence/line.h"
#include "evidence/ping_line.h"

static bool read_header(struct vw_slice text, struct vw_ping_line *line)
{
    struct vw_slice word, from = text;

    if (!vw_line_begin(&text, "Pinging ") || !vw_line_has(text, "bytes of data"))
        return false;
    line->kind = VW_PING_HEADER;
    line->origin = VW_PING_FROM_1;
    if (vw_line_skip(&from, " from ") && vw_slice_word(&from, &word))
        vw_line_address(word, &line->source);
    if (!vw_slice_word(&text, &word) || vw_line_address(word, &line->address))
        return true;
    if (vw_slice_word(&text, &word) && word.data[0] == '[')
        vw_line_address(word, &line->address);
    return true;
}

static bool read_reply(struct vw_slice text, struct vw_ping_line *line)
{
    struct vw_slice word;

    if (!vw_line_begin(&text, "Reply from "))
        return false;
    line->kind = VW_PING_UNREADABLE;
    line->is_unnumbered = true;
    if (!vw_slice_word(&text, &word) || !vw_line_address(word, &line->address))
        return true;
    text = vw_slice_trim(text);
    if (vw_line_has(text, "time=") || vw_line_has(text, "time<"))
        line->kind = VW_PING_REPLY;
    else if (vw_line_begin(&text, "TTL expired in transit"))
        line->kind =
            vw_ping_error_read(vw_slice_of("Time to live exceeded"), line->address.family,
                               &line->icmp_type, &line->icmp_code)
                ? VW_PING_ERROR
                : VW_PING_UNREADABLE;
    else if (vw_ping_error_read(text, line->address.family, &line->icmp_type,
                                &line->icmp_code))
        line->kind = VW_PING_ERROR;
    return true;
}

static bool read_other(struct vw_slice text, struct vw_ping_line *line)
{
    struct vw_slice word;

    if (vw_slice_starts(text, "Request timed out.")) {
        line->kind = VW_PING_NO_ANSWER;
        line->is_unnumbered = true;
    } else if (vw_slice_starts(text, "PING: transmit failed") ||
               vw_slice_starts(text, "General failure.")) {
        line->kind = VW_PING_LOCAL;
        line->is_unnumbered = true;
    } else if (vw_line_begin(&text, "Ping statistics for ")) {
        line->kind = VW_PING_TITLE;
        if (vw_slice_word(&text, &word))
            vw_line_address(word, &line->address);
    } else if (vw_slice_starts(text, "Approximate round trip times") ||
               vw_slice_starts(text, "Minimum = ")) {
        line->kind = VW_PING_REMARK;
    } else {
        return false;
    }
    return true;
}

static bool read_statistics(struct vw_slice text, struct vw_ping_line *line)
{
    if (!vw_line_begin(&text, "Packets: Sent = "))
        return false;
    line->kind = VW_PING_UNREADABLE;
    line->is_unnumbered = true;
    if (vw_line_number(&text, INT64_MAX, &line->transmitted) &&
        vw_line_skip(&text, "Received = ") &&
        vw_line_number(&text, INT64_MAX, &line->received) && text.size > 0)
        line->kind = VW_PING_STATISTICS;
    return true;
}

bool vw_ping_windows_read(struct vw_slice text, struct vw_ping_line *line)
{
    text = vw_slice_trim(text);
    return read_header(text, line) || read_reply(text, line) ||
           read_statistics(text, line) || read_other(text, line);
}
