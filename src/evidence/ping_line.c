/* One line of ping's output; see ping_line.h. */
#include "evidence/ping_line.h"

#include <string.h>

#include "evidence/table.h"

static struct vw_slice from_offset(struct vw_slice text, size_t offset)
{
    return (struct vw_slice){text.data + offset, text.size - offset};
}

static bool has(struct vw_slice text, const char *part)
{
    size_t offset;

    return vw_slice_find(text, part, &offset);
}

/* *text goes on behind the first `word`. */
static bool skip_to(struct vw_slice *text, const char *word)
{
    size_t offset;

    if (!vw_slice_find(*text, word, &offset))
        return false;
    *text = from_offset(*text, offset + strlen(word));
    return true;
}

/* What stands before the first `word`, or all. */
static struct vw_slice up_to(struct vw_slice text, const char *word)
{
    size_t offset;

    if (vw_slice_find(text, word, &offset))
        text.size = offset;
    return text;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Takes the digits off the front of *text. */
static bool take_number(struct vw_slice *text, uint64_t maximum, uint64_t *ret)
{
    size_t count = 0;

    while (count < text->size && is_digit(text->data[count]))
        count++;
    if (!vw_slice_u64((struct vw_slice){text->data, count}, maximum, ret))
        return false;
    *text = from_offset(*text, count);
    return true;
}

/* The digits that end just before `offset`. */
static bool number_before(struct vw_slice text, size_t offset, uint64_t *ret)
{
    size_t start = offset;

    while (start > 0 && is_digit(text.data[start - 1]))
        start--;
    return vw_slice_u64((struct vw_slice){text.data + start, offset - start}, INT64_MAX,
                        ret);
}

/* An address; a zone and one ':' or ',' behind it are passed over. */
static bool read_address(struct vw_slice text, struct vw_address *ret)
{
    text = up_to(text, "%");
    if (vw_address_parse(text.data, text.size, ret))
        return true;
    if (text.size == 0 ||
        (text.data[text.size - 1] != ':' && text.data[text.size - 1] != ','))
        return false;
    return vw_address_parse(text.data, text.size - 1, ret);
}

/* The first address in brackets: "name (10.2.2.61)", "name(name (2600::61))". */
static bool bracketed_address(struct vw_slice text, struct vw_address *ret)
{
    while (skip_to(&text, "(")) {
        struct vw_slice inner = up_to(text, ")");

        if (inner.size < text.size && read_address(inner, ret))
            return true;
    }
    return false;
}

/* Who "64 bytes from ..." or "From ..." names: "10.2.2.61:", "name (10.2.2.61):". */
static void read_host(struct vw_slice text, struct vw_address *ret)
{
    struct vw_slice word;

    if (!vw_slice_word(&text, &word) || read_address(word, ret))
        return;
    if (vw_slice_word(&text, &word) && word.size > 0 && word.data[0] == '(')
        bracketed_address(word, ret);
}

/* iputils: "(a) 56(84) bytes of data.", "a(a) from b eth0: 56 data bytes", always from 1;
 * the others, from 0: "(a): 56 data bytes", "(a) from b: 56 data bytes". */
static enum vw_ping_origin read_origin(struct vw_slice text)
{
    struct vw_slice from = text, word;

    if (has(text, "bytes of data"))
        return VW_PING_FROM_1;
    if (!has(text, "data bytes"))
        return VW_PING_FROM_UNKNOWN;
    if (!skip_to(&from, " from "))
        return has(text, ": ") ? VW_PING_FROM_0 : VW_PING_FROM_1;
    if (!vw_slice_word(&from, &word))
        return VW_PING_FROM_UNKNOWN;
    return word.data[word.size - 1] == ':' ? VW_PING_FROM_0 : VW_PING_FROM_1;
}

/* "PING6(56=40+8+8 bytes) 2600::1 --> 2600::61" of macOS and the BSDs. */
static bool read_header_6(struct vw_slice text, struct vw_ping_line *line)
{
    struct vw_slice word;

    if (!skip_to(&text, "PING6(") || !skip_to(&text, ") ") ||
        !vw_slice_word(&text, &word) || !read_address(word, &line->source) ||
        !skip_to(&text, "--> ") || !vw_slice_word(&text, &word) ||
        !read_address(word, &line->address))
        return false;
    line->origin = VW_PING_FROM_0;
    return true;
}

static bool read_header_4(struct vw_slice text, struct vw_ping_line *line)
{
    struct vw_slice head, from, word;
    bool named;

    if (!skip_to(&text, "PING "))
        return false;
    head = up_to(text, " from ");
    named = bracketed_address(head, &line->address);
    if (!named && vw_slice_word(&head, &word)) {
        /* Cut in its brackets; but a word at the end may be cut itself. */
        struct vw_slice host = up_to(word, "(");
        if (host.size < word.size || head.size > 0)
            named = read_address(host, &line->address);
    }
    from = text;
    if (skip_to(&from, " from ") && vw_slice_word(&from, &word))
        read_address(word, &line->source);
    line->origin = read_origin(text);
    return named || line->origin != VW_PING_FROM_UNKNOWN;
}

static bool read_header(struct vw_slice text, struct vw_ping_line *line)
{
    if (!read_header_6(text, line) && !read_header_4(text, line))
        return false;
    line->kind = VW_PING_HEADER;
    return true;
}

/* "icmp_seq=1 ttl=..": a number at the very end may be cut in the middle. */
static bool read_sequence(struct vw_slice *text, struct vw_ping_line *line)
{
    static const char *const names[] = {" icmp_seq=", " icmp_req=", " seq="};
    uint64_t number;
    size_t i;

    for (i = 0; i < sizeof names / sizeof *names; i++) {
        struct vw_slice rest = *text;

        if (!skip_to(&rest, names[i]) || !take_number(&rest, UINT16_MAX, &number) ||
            rest.size == 0)
            continue;
        line->sequence = (uint16_t)number;
        line->has_sequence = true;
        *text = rest;
        return true;
    }
    return false;
}

static void read_error(struct vw_slice words, struct vw_ping_line *line)
{
    line->kind = vw_ping_error_read(vw_slice_trim(words), line->address.family,
                                    &line->icmp_type, &line->icmp_code)
                     ? VW_PING_ERROR
                     : VW_PING_UNREADABLE;
}

/* "64 bytes from 10.2.2.61: icmp_seq=1 ttl=63"; the BSDs report errors so too:
 * "36 bytes from 10.1.10.1: Destination Host Unreachable". */
static bool read_reply(struct vw_slice text, struct vw_ping_line *line)
{
    struct vw_slice rest = text;
    uint64_t bytes;
    size_t offset;

    if (!vw_slice_find(text, " bytes from ", &offset) ||
        !number_before(text, offset, &bytes))
        return false;
    skip_to(&rest, " bytes from ");
    read_host(rest, &line->address);
    if (read_sequence(&rest, line)) {
        line->kind = VW_PING_REPLY;
        line->duplicate = has(rest, "DUP!");
        return true;
    }
    line->kind = VW_PING_UNREADABLE;
    if (skip_to(&rest, ": "))
        read_error(rest, line);
    return true;
}

/* "From 10.1.10.1 icmp_seq=1 Destination Host Unreachable" of iputils. */
static bool read_reported(struct vw_slice text, struct vw_ping_line *line)
{
    struct vw_slice rest = text;

    if (!skip_to(&rest, "From "))
        return false;
    read_host(rest, &line->address);
    if (!read_sequence(&rest, line))
        return false;
    read_error(rest, line);
    return true;
}

static bool read_no_answer(struct vw_slice text, struct vw_ping_line *line)
{
    uint64_t number;

    if ((!skip_to(&text, "no answer yet for icmp_seq=") &&
         !skip_to(&text, "Request timeout for icmp_seq ")) ||
        !take_number(&text, UINT16_MAX, &number))
        return false;
    line->kind = VW_PING_NO_ANSWER;
    line->has_sequence = true;
    line->sequence = (uint16_t)number;
    return true;
}

static bool read_local(struct vw_slice text, struct vw_ping_line *line)
{
    if (!skip_to(&text, "ping: ") && !skip_to(&text, "ping6: "))
        return false;
    if (!vw_slice_starts(text, "local error:") && !vw_slice_starts(text, "sendmsg:") &&
        !vw_slice_starts(text, "sendto:"))
        return false;
    line->kind = VW_PING_LOCAL;
    return true;
}

static bool read_title(struct vw_slice text, struct vw_ping_line *line)
{
    struct vw_slice word;

    if ((!has(text, " ping statistics ---") && !has(text, " ping6 statistics ---")) ||
        !skip_to(&text, "--- "))
        return false;
    if (vw_slice_word(&text, &word))
        read_address(word, &line->address);
    line->kind = VW_PING_TITLE;
    return true;
}

/* "5 packets transmitted, 4 received, +1 errors, 20% packet loss, time 814ms",
 * "3 packets transmitted, 3 packets received, 0.0% packet loss". */
static bool read_statistics(struct vw_slice text, struct vw_ping_line *line)
{
    size_t offset;

    if (!vw_slice_find(text, " packets transmitted", &offset) ||
        !number_before(text, offset, &line->transmitted))
        return false;
    line->kind = VW_PING_UNREADABLE;
    while (skip_to(&text, ", ")) {
        struct vw_slice part = up_to(text, ",");

        if (take_number(&part, INT64_MAX, &line->received) &&
            (vw_slice_starts(part, " received") ||
             vw_slice_starts(part, " packets received"))) {
            line->kind = VW_PING_STATISTICS;
            break;
        }
    }
    return true;
}

/* "[1795416691.580011] ", as `ping -D` puts it in front. */
static int64_t take_stamp(struct vw_slice *text)
{
    struct vw_slice rest = *text, word;
    int64_t time;

    if (!vw_slice_word(&rest, &word) || word.size < 2 || word.data[0] != '[' ||
        word.data[word.size - 1] != ']' ||
        !vw_slice_seconds((struct vw_slice){word.data + 1, word.size - 2}, &time))
        return VW_TIME_UNKNOWN;
    *text = rest;
    return time;
}

void vw_ping_line_read(struct vw_slice text, struct vw_ping_line *ret_line)
{
    typedef bool reader(struct vw_slice text, struct vw_ping_line * line);
    static reader *const readers[] = {read_title,  read_statistics,     read_reply,
                                      read_header, read_reported,       read_no_answer,
                                      read_local,  vw_ping_windows_read};
    int64_t time = take_stamp(&text);
    size_t i;

    for (i = 0; i < sizeof readers / sizeof *readers; i++) {
        *ret_line = (struct vw_ping_line){.time = time};
        if (readers[i](text, ret_line))
            return;
    }
    *ret_line = (struct vw_ping_line){.kind = VW_PING_OTHER, .time = time};
}
