/* nmap's normal output; see nmap.h. */
#include "evidence/nmap.h"

#include <stdio.h>
#include <string.h>

#include "base/diagnostic.h"
#include "base/time.h"

#include <vpcwhy/error.h>

enum { TCP = 6, UDP = 17, SCTP = 132, FLAG_RST = 4, FLAGS_SYN_ACK = 18 };

/* What came back for a state; an answer is a row of its own. */
enum answer { NO_ANSWER, ACCEPTED, REFUSED };

static const struct state {
    const char *name;
    enum answer answer;
} states[] = {
    {"open", ACCEPTED},      {"closed", REFUSED},          {"unfiltered", REFUSED},
    {"filtered", NO_ANSWER}, {"open|filtered", NO_ANSWER}, {"closed|filtered", NO_ANSWER},
};

static bool skip_to(struct vw_slice *text, const char *word)
{
    size_t offset;

    if (!vw_slice_find(*text, word, &offset))
        return false;
    offset += strlen(word);
    *text = (struct vw_slice){text->data + offset, text->size - offset};
    return true;
}

static int enter(struct vw_nmap_reader *reader)
{
    if (!reader->coverage)
        reader->coverage =
            vw_evidence_coverage(reader->evidence, VW_EVIDENCE_NMAP, reader->file, NULL);
    reader->in_scan = true;
    return reader->coverage ? 1 : VW_ERROR_NO_MEMORY;
}

/* "... at 2020-06-18 16:33 UTC"; other zones are names that say too little. */
static void read_start(struct vw_nmap_reader *reader, struct vw_slice text)
{
    char stamp[32];
    struct vw_slice day, minute, zone;

    reader->has_time = false;
    if (!skip_to(&text, ") at ") || !vw_slice_word(&text, &day) ||
        !vw_slice_word(&text, &minute) || !vw_slice_word(&text, &zone) ||
        day.size != 10 || minute.size != 5 ||
        (!vw_slice_is(zone, "UTC") && !vw_slice_is(zone, "GMT")))
        return;
    snprintf(stamp, sizeof stamp, "%.10s %.5s:00Z", day.data, minute.data);
    reader->has_time = vw_time_parse(vw_slice_of(stamp), &reader->time);
}

/* "host.example (10.2.2.61)", "10.2.2.61", "10.2.2.61 [host down]". */
static void read_target(struct vw_nmap_reader *reader, struct vw_slice text)
{
    struct vw_slice word, brackets = text;
    size_t end;

    reader->target = (struct vw_address){0};
    if (skip_to(&brackets, "(") && vw_slice_find(brackets, ")", &end) &&
        vw_address_parse(brackets.data, end, &reader->target))
        return;
    if (vw_slice_word(&text, &word))
        vw_address_parse(word.data, word.size, &reader->target);
}

static struct vw_observation row_of(const struct vw_nmap_reader *reader, uint64_t number,
                                    int protocol)
{
    struct vw_observation row = vw_observation_empty(VW_EVIDENCE_NMAP);

    row.file = reader->file;
    row.line = number;
    row.protocol = protocol;
    row.packets = 1;
    if (reader->has_time)
        row.first = row.last = reader->time;
    return row;
}

static int add_answer(const struct vw_nmap_reader *reader, uint64_t number, int protocol,
                      uint16_t port, enum answer answer)
{
    struct vw_observation row = row_of(reader, number, protocol);

    row.direction = VW_FLOW_DIRECTION_INGRESS;
    row.source = reader->target;
    row.source_port = port;
    if (protocol == TCP)
        row.tcp_flags = answer == ACCEPTED ? FLAGS_SYN_ACK : FLAG_RST;
    if (protocol == UDP && answer == REFUSED) {
        /* A closed UDP port answers with "port unreachable". */
        bool six = reader->target.family == VW_FAMILY_IPV6;

        row.protocol = six ? 58 : 1;
        row.icmp_type = six ? 1 : 3;
        row.icmp_code = six ? 4 : 3;
        row.source_port = VW_UNRECORDED;
        row.packet_destination = reader->target;
    }
    return vw_evidence_add(reader->evidence, &row, NULL);
}

static int add_port(const struct vw_nmap_reader *reader, uint64_t number, int protocol,
                    uint16_t port, enum answer answer)
{
    struct vw_observation row = row_of(reader, number, protocol);
    int error;

    row.direction = VW_FLOW_DIRECTION_EGRESS;
    row.destination = reader->target;
    row.destination_port = port;
    error = vw_evidence_add(reader->evidence, &row, NULL);
    if (error || answer == NO_ANSWER)
        return error;
    return add_answer(reader, number, protocol, port, answer);
}

/* "22/tcp" */
static bool read_port(struct vw_slice word, uint64_t *ret_port, int *ret_protocol)
{
    struct vw_slice name = word;
    size_t slash;

    if (!vw_slice_find(word, "/", &slash) ||
        !vw_slice_u64((struct vw_slice){word.data, slash}, UINT16_MAX, ret_port) ||
        !skip_to(&name, "/"))
        return false;
    *ret_protocol = vw_slice_is(name, "tcp")    ? TCP
                    : vw_slice_is(name, "udp")  ? UDP
                    : vw_slice_is(name, "sctp") ? SCTP
                                                : 0;
    return *ret_protocol != 0;
}

static const struct state *find_state(struct vw_slice word)
{
    size_t i;

    for (i = 0; i < sizeof states / sizeof *states; i++)
        if (vw_slice_is(word, states[i].name))
            return &states[i];
    return NULL;
}

/* "22/tcp filtered ssh". 1 where it is such a line. */
static int read_port_line(struct vw_nmap_reader *reader, struct vw_slice line,
                          uint64_t number)
{
    const struct state *state;
    struct vw_slice word;
    uint64_t port;
    int protocol, error;

    if (reader->target.family == VW_FAMILY_NONE || !vw_slice_word(&line, &word) ||
        !read_port(word, &port, &protocol))
        return 0;
    /* The state may be cut where nothing follows it. */
    state = vw_slice_word(&line, &word) && line.size > 0 ? find_state(word) : NULL;
    if (!state) {
        reader->coverage->damaged++;
        vw_diagnose(reader->diagnostics, VW_SEVERITY_WARNING, "nmap-line",
                    (struct vw_place){.file = reader->file, .line = number},
                    "this line gives no state that nmap has for a port");
        return 1;
    }
    error = add_port(reader, number, protocol, (uint16_t)port, state->answer);
    if (error)
        return error;
    reader->coverage->records++;
    if (reader->has_time)
        vw_coverage_widen(reader->coverage, reader->time, reader->time);
    return 1;
}

static void note(const struct vw_nmap_reader *reader, uint64_t number, const char *code,
                 const char *text)
{
    vw_diagnose(reader->diagnostics, VW_SEVERITY_NOTE, code,
                (struct vw_place){.file = reader->file, .line = number}, "%s", text);
}

/* Ends a scan: "Nmap done" or the start of the next one tells how. */
static void leave(struct vw_nmap_reader *reader, bool done)
{
    if (reader->in_scan && reader->coverage)
        reader->coverage->cut |= !done;
    reader->in_scan = false;
    reader->target = (struct vw_address){0};
}

static int read_head_line(struct vw_nmap_reader *reader, struct vw_slice line,
                          uint64_t number)
{
    struct vw_slice rest = line;

    if (skip_to(&rest, "Nmap scan report for ") ||
        skip_to(&rest, "nteresting ports on ")) {
        int entered = enter(reader);

        if (entered < 0)
            return entered;
        read_target(reader, rest);
        if (reader->target.family == VW_FAMILY_NONE)
            vw_diagnose(reader->diagnostics, VW_SEVERITY_WARNING, "nmap-without-target",
                        (struct vw_place){.file = reader->file, .line = number},
                        "this report does not give the target's address");
        return 1;
    }
    if (!reader->in_scan)
        return 0;
    if (skip_to(&rest, "Host seems down")) {
        note(reader, number, "nmap-host-down",
             "nmap tried no port: the host did not answer its discovery");
        return 1;
    }
    if (vw_slice_starts(line, "Not shown: ") || vw_slice_starts(line, "All ")) {
        note(reader, number, "nmap-not-shown",
             "nmap does not name these ports: they are not in the evidence");
        return 1;
    }
    return 0;
}

int vw_nmap_line(struct vw_nmap_reader *reader, struct vw_slice line, uint64_t number)
{
    struct vw_slice rest = line;
    int taken;

    if (skip_to(&rest, "Starting Nmap ")) {
        leave(reader, false);
        read_start(reader, rest);
        return enter(reader);
    }
    if (skip_to(&rest, "Nmap done")) {
        leave(reader, true);
        return 1;
    }
    taken = read_head_line(reader, line, number);
    return taken ? taken : read_port_line(reader, line, number);
}

int vw_nmap_finish(struct vw_nmap_reader *reader, bool *ret_any)
{
    leave(reader, false);
    *ret_any = reader->coverage != NULL;
    return 0;
}
