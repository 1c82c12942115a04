/* Connections that were tried; see connect.h. */
#include "evidence/connect.h"

#include <string.h>

#include "base/diagnostic.h"

#include <vpcwhy/error.h>

enum { TCP = 6, UDP = 17, FLAG_RST = 4, FLAGS_SYN_ACK = 18 };

/* A kernel that gives up has sent a SYN that often at the least. */
#define SYNS_OF_A_TIMEOUT 3
/* In so many milliseconds a kernel sends a SYN three times: after 1 s and 3 s. */
#define THREE_SYNS 3500

enum outcome {
    ACCEPTED,
    REFUSED,
    TIMED_OUT,
    UNREACHABLE, /* an ICMP error, or nobody answered ARP */
    NOT_SENT     /* this host has no route */
};

/* How the outcome is worded, whoever words it; the longer stands first. */
static const struct {
    const char *words;
    enum outcome outcome;
} outcomes[] = {
    {"Network is unreachable", NOT_SENT},
    {"Network unreachable", NOT_SENT},
    {"refused", REFUSED},
    {"No route to host", UNREACHABLE},
    {"Host is unreachable", UNREACHABLE},
    {"Host is down", UNREACHABLE},
    {"timed out", TIMED_OUT},
    {"TIMEOUT", TIMED_OUT},
    {"Timeout was reached", TIMED_OUT},
    {"connect timeout", TIMED_OUT},
    {"succeeded", ACCEPTED},
};

struct attempt {
    struct vw_address target, source;
    int32_t port;
    int protocol;
    enum outcome outcome;
    int64_t packets;
    uint64_t line;
};

static bool read_outcome(struct vw_slice text, struct attempt *attempt)
{
    for (size_t i = 0; i < sizeof outcomes / sizeof *outcomes; i++) {
        if (vw_line_has(text, outcomes[i].words)) {
            attempt->outcome = outcomes[i].outcome;
            return true;
        }
    }
    return false;
}

/* ---- rows ---- */

static struct vw_observation row_of(const struct vw_connect_reader *reader,
                                    const struct attempt *attempt)
{
    struct vw_observation row = vw_observation_empty(VW_EVIDENCE_CONNECT);

    row.file = reader->file;
    row.line = attempt->line;
    row.protocol = attempt->protocol;
    row.packets = attempt->packets;
    return row;
}

static int add_answer(const struct vw_connect_reader *reader,
                      const struct attempt *attempt)
{
    struct vw_observation row = row_of(reader, attempt);

    row.direction = VW_FLOW_DIRECTION_INGRESS;
    row.source = attempt->target;
    row.source_port = attempt->port;
    row.destination = attempt->source;
    row.packets = 1;
    row.tcp_flags = attempt->outcome == ACCEPTED ? FLAGS_SYN_ACK : FLAG_RST;
    return vw_evidence_add(reader->evidence, &row, NULL);
}

static int note(struct vw_connect_reader *reader, const struct attempt *attempt,
                const char *code, const char *text)
{
    vw_diagnose(reader->diagnostics, VW_SEVERITY_NOTE, code,
                (struct vw_place){.file = reader->file, .line = attempt->line}, "%s",
                text);
    return 1;
}

/* 1, or negative. */
static int take(struct vw_connect_reader *reader, const struct attempt *attempt)
{
    struct vw_observation row = row_of(reader, attempt);
    int error;

    if (!reader->coverage)
        reader->coverage = vw_evidence_coverage(reader->evidence, VW_EVIDENCE_CONNECT,
                                                reader->file, NULL);
    if (!reader->coverage)
        return VW_ERROR_NO_MEMORY;
    reader->coverage->records++;
    reader->is_trying = false;
    if (attempt->target.family == VW_FAMILY_NONE || attempt->port == VW_UNRECORDED)
        return note(reader, attempt, "connect-without-target",
                    "neither this line nor the command above it gives the address and "
                    "the port: it is not used");
    if (attempt->protocol == UDP && attempt->outcome == ACCEPTED)
        return note(reader, attempt, "connect-udp",
                    "\"succeeded\" of UDP means that nothing came back: it is not used");
    if (attempt->outcome == NOT_SENT)
        return note(reader, attempt, "connect-not-sent",
                    "this host has no route: nothing was sent");
    row.direction = VW_FLOW_DIRECTION_EGRESS;
    row.source = attempt->source;
    row.destination = attempt->target;
    row.destination_port = attempt->port;
    error = vw_evidence_add(reader->evidence, &row, NULL);
    if (!error && (attempt->outcome == ACCEPTED || attempt->outcome == REFUSED) &&
        attempt->protocol == TCP)
        error = add_answer(reader, attempt);
    if (!error && attempt->outcome == UNREACHABLE)
        note(reader, attempt, "connect-unreachable",
             "an ICMP error came, or the next hop did not answer ARP: the line does not "
             "tell which");
    return error ? error : 1;
}

static struct attempt attempt_at(uint64_t number)
{
    return (struct attempt){
        .port = VW_UNRECORDED, .protocol = TCP, .packets = 1, .line = number};
}

/* A kernel's own timeout follows several SYNs; one that the user set may not. */
static void count_requests(struct attempt *attempt, struct vw_slice text)
{
    uint64_t milliseconds;

    if (attempt->outcome != TIMED_OUT)
        return;
    if (vw_line_has(text, "Operation now in progress"))
        return;
    if (vw_line_skip(&text, "after ")) {
        if (vw_line_number(&text, UINT32_MAX, &milliseconds) &&
            milliseconds >= THREE_SYNS)
            attempt->packets = SYNS_OF_A_TIMEOUT;
        return;
    }
    if (vw_line_has(text, "Connection timed out"))
        attempt->packets = SYNS_OF_A_TIMEOUT;
}

/* ---- nc ---- */

/* "10.2.2.61 22 ", "b.example (10.2.2.61) port 22 ", "10.2.2.61 port 22 ". */
static bool read_target(struct vw_slice *text, struct attempt *attempt)
{
    struct vw_slice word;
    uint64_t port;

    if (!vw_slice_word(text, &word))
        return false;
    vw_line_address(word, &attempt->target);
    if (!vw_slice_word(text, &word))
        return false;
    if (word.data[0] == '(') {
        vw_line_address(word, &attempt->target);
        if (!vw_slice_word(text, &word))
            return false;
    }
    if (vw_slice_is(word, "port") && !vw_slice_word(text, &word))
        return false;
    word = vw_line_until(word, ":");
    if (!vw_slice_u64(word, UINT16_MAX, &port))
        return false;
    attempt->port = (int32_t)port;
    return true;
}

/* "Connection to 10.2.2.61 22 port [tcp/ssh] succeeded!",
 * "nc: connect to 10.2.2.61 port 22 (tcp) failed: Connection refused". */
static bool read_nc(struct vw_slice line, struct attempt *attempt)
{
    struct vw_slice text = line;

    if (!vw_line_begin(&text, "Connection to ") &&
        !vw_line_begin(&text, "nc: connect to ") &&
        !vw_line_begin(&text, "nc: connectx to "))
        return false;
    if (!read_target(&text, attempt))
        return false;
    if (vw_line_has(text, "[udp") || vw_line_has(text, "(udp)"))
        attempt->protocol = UDP;
    return read_outcome(text, attempt);
}

/* Takes two words off the front of *text; the second. */
static bool second_word(struct vw_slice *text, struct vw_slice *ret_word)
{
    struct vw_slice first;

    return vw_slice_word(text, &first) && vw_slice_word(text, ret_word);
}

/* "(UNKNOWN) [10.2.2.61] 22 (ssh) open", "b.example [10.2.2.61] 22 (ssh) : Connection
 * refused" of the traditional one. */
static bool read_traditional(struct vw_slice line, struct attempt *attempt)
{
    struct vw_slice text = line, word;
    uint64_t port;

    if (!second_word(&text, &word) || word.data[0] != '[' ||
        !vw_line_address(word, &attempt->target) || !vw_slice_word(&text, &word) ||
        !vw_slice_u64(word, UINT16_MAX, &port))
        return false;
    attempt->port = (int32_t)port;
    if (vw_slice_is(vw_slice_trim(text), "open") || vw_line_has(text, ") open")) {
        attempt->outcome = ACCEPTED;
        return true;
    }
    return vw_line_has(text, ": ") && read_outcome(text, attempt);
}

/* "10.2.2.61 (10.2.2.61:22) open", "nc: 10.2.2.61 (10.2.2.61:22): Connection refused". */
static bool read_busybox(struct vw_slice line, struct attempt *attempt)
{
    struct vw_slice text = line, word;
    uint16_t port;

    vw_line_begin(&text, "nc: ");
    if (!second_word(&text, &word) || word.data[0] != '(')
        return false;
    if (word.data[word.size - 1] == ':')
        word.size--;
    if (!vw_line_endpoint((struct vw_slice){word.data + 1, word.size - 1},
                          &attempt->target, &port))
        return false;
    attempt->port = port;
    if (vw_slice_is(vw_slice_trim(text), "open")) {
        attempt->outcome = ACCEPTED;
        return true;
    }
    return read_outcome(text, attempt);
}

/* "Ncat: Connected to 10.2.2.61:22.", "Ncat: Connection refused." */
static bool read_ncat(const struct vw_connect_reader *reader, struct vw_slice line,
                      struct attempt *attempt)
{
    struct vw_slice text = line, word;
    uint16_t port;

    if (!vw_line_begin(&text, "Ncat: "))
        return false;
    attempt->target = reader->command.target;
    attempt->port = reader->command.port;
    if (reader->command.protocol == UDP)
        attempt->protocol = UDP;
    if (vw_line_begin(&text, "Connected to ") || vw_line_begin(&text, "Connection to ")) {
        bool connected = vw_line_has(line, "Connected to ");

        if (vw_slice_word(&text, &word)) {
            if (vw_line_endpoint(word, &attempt->target, &port))
                attempt->port = port;
            else
                vw_line_address(word, &attempt->target);
        }
        attempt->outcome = ACCEPTED;
        return connected || read_outcome(text, attempt);
    }
    return read_outcome(text, attempt);
}

/* ---- curl and telnet ---- */

/* "*   Trying 10.2.2.61:443...", "Trying 10.2.2.61...". */
static int read_trying(struct vw_connect_reader *reader, struct vw_slice text,
                       uint64_t number)
{
    struct vw_slice word;
    uint16_t port;

    if (!vw_line_begin(&text, "Trying "))
        return 0;
    text = vw_line_until(text, "...");
    if (!vw_slice_word(&text, &word))
        return 0;
    reader->trying_port = reader->command.port;
    if (!vw_line_address(word, &reader->trying)) {
        if (!vw_line_endpoint(word, &reader->trying, &port))
            return 0;
        reader->trying_port = port;
    }
    reader->trying_line = number;
    reader->is_trying = true;
    return 1;
}

/* "10.2.2.61 port 443 from 10.1.10.14 port 40000 failed: ...". */
static void read_source(struct vw_slice text, struct attempt *attempt)
{
    struct vw_slice word;

    if (vw_line_skip(&text, " from ") && vw_slice_word(&text, &word))
        vw_line_address(word, &attempt->source);
}

/* "Connected to b.example (10.2.2.61) port 443 (#0)", "Established connection to
 * b.example (10.2.2.61 port 443) from 10.1.10.14 port 50000", "connect to 10.2.2.61 port
 * 443 failed: Connection refused". */
static bool read_curl(struct vw_slice text, struct attempt *attempt)
{
    struct vw_slice rest = text, word;
    uint64_t port;

    attempt->outcome = ACCEPTED;
    if (vw_line_begin(&rest, "Established connection to ")) {
        read_source(rest, attempt);
        if (!vw_line_skip(&rest, "(") || !vw_slice_word(&rest, &word) ||
            !vw_line_address(word, &attempt->target) || !vw_line_skip(&rest, "port ") ||
            !vw_line_number(&rest, UINT16_MAX, &port))
            return false;
        attempt->port = (int32_t)port;
        return true;
    }
    if (vw_line_begin(&rest, "Connected to "))
        return vw_line_has(rest, " port ") && read_target(&rest, attempt);
    if (!vw_line_begin(&rest, "connect to "))
        return false;
    read_source(rest, attempt);
    return read_target(&rest, attempt) && read_outcome(rest, attempt);
}

/* What became of the address that is being tried, said without naming it. */
static bool read_end_of_trying(const struct vw_connect_reader *reader,
                               struct vw_slice line, struct attempt *attempt)
{
    static const char *const starts[] = {"Connection timed out after ",
                                         "ipv4 connect timeout after ",
                                         "ipv6 connect timeout after ",
                                         "Failed to connect to ",
                                         "Immediate connect fail for ",
                                         "curl: (7) ",
                                         "curl: (28) ",
                                         "telnet: "};
    bool known = false;

    if (!reader->is_trying)
        return false;
    attempt->target = reader->trying;
    attempt->port = reader->trying_port;
    attempt->line = reader->trying_line;
    if (vw_slice_starts(line, "Connected to ")) {
        attempt->outcome = ACCEPTED; /* telnet */
        return true;
    }
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
        known |= vw_slice_starts(line, starts[i]);
    return known && read_outcome(line, attempt);
}

/* "ssh: connect to host 10.2.2.61 port 22: Connection refused". */
static bool read_ssh(struct vw_slice line, struct attempt *attempt)
{
    struct vw_slice text = line;

    return vw_line_begin(&text, "ssh: connect to host ") && read_target(&text, attempt) &&
           read_outcome(text, attempt);
}

/* Without the "* " of curl -v and a time before it ("14:00:20.123456 * "). */
static struct vw_slice bare(struct vw_slice line)
{
    struct vw_slice text = vw_slice_trim(line), rest = text, word;

    if (vw_slice_word(&rest, &word) && word.size > 8 && word.data[2] == ':' &&
        word.data[5] == ':')
        text = vw_slice_trim(rest);
    if (vw_line_begin(&text, "* "))
        text = vw_slice_trim(text);
    return text;
}

int vw_connect_line(struct vw_connect_reader *reader, struct vw_slice line,
                    uint64_t number)
{
    static const char *const programs[] = {"nc",     "ncat", "netcat", "curl",
                                           "telnet", "ssh",  NULL};
    struct vw_slice text = bare(line);
    typedef bool plain(struct vw_slice text, struct attempt * attempt);
    static plain *const readers[] = {read_nc, read_traditional, read_busybox, read_curl,
                                     read_ssh};
    struct attempt attempt;
    int taken;

    if (vw_command_read(line, programs, &reader->command)) {
        reader->is_trying = false;
        return 0;
    }
    for (size_t i = 0; i < sizeof readers / sizeof *readers; i++) {
        attempt = attempt_at(number);
        if (readers[i](text, &attempt)) {
            count_requests(&attempt, text);
            return take(reader, &attempt);
        }
    }
    attempt = attempt_at(number);
    if (read_ncat(reader, text, &attempt) || read_end_of_trying(reader, text, &attempt)) {
        count_requests(&attempt, text);
        return take(reader, &attempt);
    }
    taken = read_trying(reader, text, number);
    return taken;
}

int vw_connect_finish(struct vw_connect_reader *reader, bool *ret_any)
{
    struct attempt attempt = attempt_at(reader->trying_line);

    /* It was still trying, or the transcript is cut: a request is proved, no more. */
    if (reader->is_trying) {
        int error;

        attempt.target = reader->trying;
        attempt.port = reader->trying_port;
        attempt.outcome = TIMED_OUT;
        error = take(reader, &attempt);
        if (error < 0)
            return error;
        reader->coverage->cut = true;
    }
    *ret_any = reader->coverage != NULL;
    return 0;
}
