/* The lines of traceroute, tracepath, tracert and mtr; see route.h. */
#include <string.h>

#include "base/diagnostic.h"
#include "base/time.h"
#include "evidence/route.h"

#include <vpcwhy/error.h>

/* Hops that are believed; none of the programs goes beyond. */
#define HOPS_MAX 255

bool vw_route_mark(struct vw_slice word, int *ret_code)
{
    /* traceroute(8) of Linux and the BSDs. */
    static const struct {
        const char *text;
        int code;
    } marks[] = {
        {"!H", 1},  {"!N", 0},  {"!P", 2},  {"!S", 5},  {"!F", 4},
        {"!X", 13}, {"!V", 14}, {"!C", 15}, {"!U", 6},  {"!W", 7},
        {"!I", 8},  {"!A", 9},  {"!Z", 10}, {"!Q", 11}, {"!T", 12},
    };
    uint64_t code;

    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        if (vw_slice_starts(word, marks[i].text)) {
            *ret_code = marks[i].code;
            return true;
        }
    }
    if (!vw_line_begin(&word, "!"))
        return false;
    vw_line_begin(&word, "<");
    if (!vw_line_number(&word, 15, &code))
        return false;
    *ret_code = (int)code;
    return true;
}

/* ---- heads ---- */

/* "b.example (10.2.2.61), ...", "10.2.2.61, ...". */
static struct vw_address head_target(struct vw_slice text)
{
    struct vw_address target = {.family = VW_FAMILY_NONE};
    struct vw_slice word, brackets = text;

    if (!vw_slice_word(&text, &word))
        return target;
    if ((!vw_line_skip(&brackets, "(") ||
         !vw_line_address(vw_line_until(brackets, ")"), &target)) &&
        (!vw_line_skip(&brackets, "[") ||
         !vw_line_address(vw_line_until(brackets, "]"), &target)))
        vw_line_address(word, &target);
    return target;
}

static int read_head(struct vw_route_reader *reader, struct vw_slice line,
                     uint64_t number)
{
    struct vw_slice text = line, source = line, word;
    int begun;

    if (vw_line_begin(&text, "Tracing route to ")) {
        return vw_route_begin(reader, VW_ROUTE_TRACERT, head_target(text), number);
    }
    if (!vw_line_begin(&text, "traceroute to ") &&
        !vw_line_begin(&text, "traceroute6 to "))
        return 0;
    begun = vw_route_begin(reader, VW_ROUTE_TRACEROUTE, head_target(text), number);
    if (begun > 0 && vw_line_skip(&source, " from ") && vw_slice_word(&source, &word))
        vw_line_address(word, &reader->run.source);
    return begun;
}

/* "Start: 2025-01-17T14:00:00+0000"; other times are without a zone. */
static int64_t start_time(struct vw_slice text)
{
    char stamp[32] = "";
    int64_t time;

    text = vw_slice_trim(text);
    if (text.size != 24 || text.data[10] != 'T' ||
        (text.data[19] != '+' && text.data[19] != '-'))
        return VW_TIME_UNKNOWN;
    memcpy(stamp, text.data, 22);
    stamp[22] = ':';
    memcpy(stamp + 23, text.data + 22, 2);
    return vw_time_parse(vw_slice_of(stamp), &time) ? time : VW_TIME_UNKNOWN;
}

static int read_mtr_head(struct vw_route_reader *reader, struct vw_slice line,
                         uint64_t number)
{
    static const struct vw_address nowhere = {.family = VW_FAMILY_NONE};
    struct vw_slice text = line;
    int begun;

    if (vw_line_begin(&text, "Start: ")) {
        begun = vw_route_begin(reader, VW_ROUTE_MTR, nowhere, number);
        if (begun > 0)
            reader->run.time = start_time(text);
        return begun;
    }
    if (!vw_line_begin(&text, "HOST: ") || !vw_line_has(text, "Loss%"))
        return 0;
    if (reader->form == VW_ROUTE_MTR && reader->run.probes == 0)
        return 1; /* below its "Start:" */
    return vw_route_begin(reader, VW_ROUTE_MTR, nowhere, number);
}

/* ---- hops ---- */

/* Takes " 3  " off the front of *text. */
static bool take_hop(struct vw_slice *text, const char *behind)
{
    struct vw_slice rest = vw_slice_trim(*text);
    uint64_t hop;

    if (!vw_line_number(&rest, HOPS_MAX, &hop) || hop == 0 ||
        !vw_line_begin(&rest, behind))
        return false;
    *text = rest;
    return true;
}

static int end_answers(struct vw_route_reader *reader, struct vw_route_seen *hop)
{
    int error = hop->answers > 0 ? vw_route_answer(reader, hop) : 0;

    hop->answers = 0;
    hop->type = VW_UNRECORDED;
    return error;
}

static int unreachable_type(const struct vw_route_reader *reader)
{
    return reader->run.target.family == VW_FAMILY_IPV6 ? 1 : 3;
}

/* "10.1.10.1 (10.1.10.1)  0.3 ms !X  0.2 ms * b.example (10.1.10.2)  1 ms": an address
 * holds until the next one. */
static int read_probes(struct vw_route_reader *reader, struct vw_slice text,
                       uint64_t number)
{
    struct vw_route_seen hop = {.type = VW_UNRECORDED, .line = number};
    struct vw_address address;
    struct vw_slice word;
    int code, error = 0;

    while (!error && vw_slice_word(&text, &word)) {
        if (vw_slice_is(word, "*")) {
            reader->run.probes++;
        } else if (vw_slice_is(word, "ms")) {
            reader->run.probes++;
            hop.answers++;
        } else if (vw_route_mark(word, &code)) {
            hop.type = unreachable_type(reader);
            hop.code = code;
        } else if (vw_line_address(word, &address)) {
            error = end_answers(reader, &hop);
            hop.from = address;
        }
    }
    return error ? error : end_answers(reader, &hop);
}

static int read_traceroute(struct vw_route_reader *reader, struct vw_slice line,
                           uint64_t number)
{
    struct vw_slice text = line;
    int error;

    /* Further addresses of a hop stand in lines of their own where BSD's prints them. */
    if (!take_hop(&text, " ") &&
        (line.size < 4 || memcmp(line.data, "    ", 4) != 0 || !vw_line_has(line, " ms")))
        return 0;
    if (!vw_line_has(text, " ms") && !vw_line_has(text, "*"))
        return 0;
    error = read_probes(reader, text, number);
    return error ? error : 1;
}

/* "  1    <1 ms    <1 ms     *     10.1.10.1", "  2     *        *        *     Request
 * timed out.", "  3  10.1.10.1  reports: Destination host unreachable." */
static int read_tracert(struct vw_route_reader *reader, struct vw_slice line,
                        uint64_t number)
{
    struct vw_route_seen hop = {.type = VW_UNRECORDED, .line = number};
    struct vw_slice text = line, word;
    int64_t probes = 0;
    int error;

    if (vw_slice_starts(line, "Trace complete")) {
        error = vw_route_end(reader, true);
        return error ? error : 1;
    }
    if (vw_slice_starts(vw_slice_trim(line), "over a maximum of"))
        return 1;
    if (!take_hop(&text, " "))
        return 0;
    while (vw_slice_word(&text, &word)) {
        hop.answers += vw_slice_is(word, "ms");
        probes += vw_slice_is(word, "ms") || vw_slice_is(word, "*");
        if (hop.from.family == VW_FAMILY_NONE)
            vw_line_address(word, &hop.from);
    }
    if (vw_line_has(line, "reports: ")) {
        hop.type = unreachable_type(reader);
        hop.code = 1;
        hop.answers = 1;
        probes = 3;
    }
    reader->run.probes += probes;
    error = vw_route_answer(reader, &hop);
    return error ? error : 1;
}

/* " 1?: [LOCALHOST]  pmtu 9001", " 1:  10.1.10.1   0.123ms ", " 2:  no reply", " 3:
 * 10.2.2.61  1.2ms reached", "     Resume: pmtu 9001 hops 3 back 3". */
static int read_tracepath(struct vw_route_reader *reader, struct vw_slice line,
                          uint64_t number)
{
    struct vw_route_seen hop = {.type = VW_UNRECORDED, .answers = 1, .line = number};
    struct vw_slice text = line, rest, word;
    int error;

    if (reader->form == VW_ROUTE_TRACEPATH &&
        (vw_line_has(line, "Resume: pmtu") || vw_line_has(line, "Too many hops: pmtu"))) {
        error = vw_route_end(reader, true);
        return error ? error : 1;
    }
    if (take_hop(&text, "?: ") && vw_line_has(text, "[LOCALHOST]"))
        return reader->form == VW_ROUTE_TRACEPATH && reader->run.probes == 0
                   ? 1
                   : vw_route_begin(reader, VW_ROUTE_TRACEPATH, hop.from, number);
    if (reader->form != VW_ROUTE_TRACEPATH ||
        (!take_hop(&text, ": ") && !take_hop(&text, "?: ")))
        return 0;
    reader->run.probes++;
    if (vw_line_has(text, "no reply"))
        return 1;
    rest = text;
    while (hop.from.family == VW_FAMILY_NONE && vw_slice_word(&rest, &word))
        vw_line_address(word, &hop.from);
    while (vw_slice_word(&rest, &word))
        if (vw_route_mark(word, &hop.code))
            hop.type = unreachable_type(reader);
    if (vw_line_has(text, " reached") && reader->run.target.family == VW_FAMILY_NONE)
        reader->run.target = hop.from;
    error = vw_route_answer(reader, &hop);
    return error ? error : 1;
}

/* "  2.|-- 10.1.10.1   0.0%    10    0.3 ...", "  3.|-- ???  100.0    10 ...",
 * "  4. AS16509 b.example (10.2.2.61)  0.0% 10 ...": the first percentage is the loss. */
static int read_mtr(struct vw_route_reader *reader, struct vw_slice line, uint64_t number)
{
    struct vw_route_seen hop = {.type = VW_UNRECORDED, .line = number};
    struct vw_slice text = line, word;
    int64_t loss = -1;
    uint64_t sent = 0;
    int error;

    if (!take_hop(&text, "."))
        return 0;
    vw_line_begin(&text, "|--");
    while (vw_slice_word(&text, &word)) {
        if (word.data[word.size - 1] == '%')
            word.size--;
        if (loss < 0 && vw_line_has(word, ".") && vw_slice_seconds(word, &loss))
            break;
        vw_line_address(word, &hop.from);
    }
    if (loss < 0 || !vw_slice_word(&text, &word) ||
        !vw_slice_u64(word, UINT32_MAX, &sent)) {
        reader->coverage->damaged++;
        vw_diagnose(reader->diagnostics, VW_SEVERITY_WARNING, "route-line",
                    (struct vw_place){.file = reader->file, .line = number},
                    "this line of mtr's report gives no loss and no count");
        return 1;
    }
    reader->run.probes += (int64_t)sent;
    hop.answers = vw_route_answered((int64_t)sent, loss);
    error = vw_route_answer(reader, &hop);
    return error ? error : 1;
}

static int read_hop(struct vw_route_reader *reader, struct vw_slice line, uint64_t number)
{
    switch (reader->form) {
    case VW_ROUTE_TRACEROUTE:
        return read_traceroute(reader, line, number);
    case VW_ROUTE_TRACERT:
        return read_tracert(reader, line, number);
    case VW_ROUTE_MTR:
        return read_mtr(reader, line, number);
    case VW_ROUTE_TRACEPATH:
    case VW_ROUTE_NONE:
        break;
    }
    return 0;
}

int vw_route_line(struct vw_route_reader *reader, struct vw_slice line, uint64_t number)
{
    static const char *const programs[] = {
        "traceroute", "traceroute6", "tracepath", "tracepath6", "tracert", "mtr", NULL};
    int taken;

    taken = read_head(reader, line, number);
    if (!taken && vw_command_read(line, programs, &reader->command))
        return vw_route_end(reader, true);
    if (!taken)
        taken = read_mtr_head(reader, line, number);
    if (!taken)
        taken = read_tracepath(reader, line, number);
    if (!taken)
        taken = read_hop(reader, line, number);
    if (taken > 0 && reader->coverage)
        reader->coverage->records++;
    return taken;
}
