/* ping's lines put together; see ping.h. */
#include "evidence/ping.h"

#include "base/address.h"
#include "base/diagnostic.h"
#include "base/memory.h"
#include "evidence/ping_line.h"
#include "packets/sequence.h"

#include <vpcwhy/error.h>

/* One transcript, from its header (or the first line that is left of it) to its
 * statistics (or the last). */
struct run {
    bool open, has_header;
    uint64_t line;
    struct vw_address target, source; /* NONE: not known */
    enum vw_ping_origin origin;
    struct vw_sequences numbers; /* requests: those that any line proves */
    struct vw_address answerer;  /* the first that answered */
    uint64_t answers;            /* printed, without duplicates */
    bool answer_added;           /* some answer is in the table */
    uint64_t local;              /* requests that failed on this host */
    uint64_t unnumbered;         /* lines that stand for a request each */
    uint64_t errors;             /* that were reported in such lines */
    int64_t first, last;         /* of its stamped lines */
};

struct vw_ping_reader {
    struct vw_evidence *evidence;
    const char *file;
    struct vw_diagnostics *diagnostics;
    struct vw_coverage *coverage; /* made with the first run */
    struct run run;
};

struct vw_ping_reader *vw_ping_create(struct vw_evidence *evidence, const char *file,
                                      struct vw_diagnostics *diagnostics)
{
    struct vw_ping_reader *reader = vw_calloc(1, sizeof *reader);

    if (!reader)
        return NULL;
    reader->evidence = evidence;
    reader->file = file;
    reader->diagnostics = diagnostics;
    return reader;
}

void vw_ping_free(struct vw_ping_reader *reader)
{
    if (!reader)
        return;
    vw_sequences_free(&reader->run.numbers);
    vw_free(reader);
}

static int open_run(struct vw_ping_reader *reader, uint64_t number)
{
    if (!reader->coverage)
        reader->coverage =
            vw_evidence_coverage(reader->evidence, VW_EVIDENCE_PING, reader->file, NULL);
    if (!reader->coverage)
        return VW_ERROR_NO_MEMORY;
    vw_sequences_free(&reader->run.numbers);
    reader->run = (struct run){
        .open = true, .line = number, .first = VW_TIME_UNKNOWN, .last = VW_TIME_UNKNOWN};
    return 0;
}

/* A row of the run's file, with the stamp of one line or none. */
static struct vw_observation row_of(const struct vw_ping_reader *reader, uint64_t number,
                                    int64_t time)
{
    struct vw_observation row = vw_observation_empty(VW_EVIDENCE_PING);

    row.file = reader->file;
    row.line = number;
    row.protocol = reader->run.target.family == VW_FAMILY_IPV6 ? 58 : 1;
    row.icmp_code = 0;
    row.first = row.last = time;
    row.packets = 1;
    return row;
}

static struct vw_observation answer_of(const struct vw_ping_reader *reader,
                                       uint64_t number, int64_t time)
{
    struct vw_observation row = row_of(reader, number, time);

    row.direction = VW_FLOW_DIRECTION_INGRESS;
    row.source = reader->run.answerer;
    row.destination = reader->run.source;
    row.icmp_type = row.protocol == 58 ? 129 : 0;
    return row;
}

static int add_reply(struct vw_ping_reader *reader, const struct vw_ping_line *line,
                     uint64_t number)
{
    struct run *run = &reader->run;
    int64_t place = vw_sequences_place(&run->numbers, line->sequence);
    struct vw_observation row;
    size_t index;
    int error;

    if (line->address.family != VW_FAMILY_NONE && run->target.family == VW_FAMILY_NONE)
        run->target = line->address;
    if (run->answerer.family == VW_FAMILY_NONE)
        run->answerer =
            line->address.family == VW_FAMILY_NONE ? run->target : line->address;
    row = answer_of(reader, number, line->time);
    if (line->address.family != VW_FAMILY_NONE)
        row.source = line->address;
    if (line->duplicate && vw_address_equal(row.source, run->answerer))
        row.packets = 0;
    if (place >= 0)
        row.first_sequence = row.last_sequence = place;
    if (!line->duplicate)
        run->answers++;
    error = vw_sequences_see(&run->numbers, VW_ECHO_REPLY, line->sequence, NULL);
    if (error || row.source.family == VW_FAMILY_NONE)
        return error;
    error = vw_evidence_add(reader->evidence, &row, &index);
    run->answer_added |= !error && index != SIZE_MAX;
    return error;
}

static int add_error(struct vw_ping_reader *reader, const struct vw_ping_line *line,
                     uint64_t number)
{
    struct vw_observation row = row_of(reader, number, line->time);

    row.direction = VW_FLOW_DIRECTION_INGRESS;
    row.source = line->address;
    row.destination = row.packet_source = reader->run.source;
    row.packet_destination = reader->run.target;
    row.icmp_type = line->icmp_type;
    row.icmp_code = line->icmp_code;
    if (line->address.family == VW_FAMILY_IPV6)
        row.protocol = 58;
    return vw_evidence_add(reader->evidence, &row, NULL);
}

/* The number that the first request had. */
static int64_t origin_of(const struct run *run)
{
    const struct vw_sequence_side *proved = &run->numbers.side[VW_ECHO_REQUEST];
    int64_t origin = run->origin == VW_PING_FROM_0 ? 0 : 1;

    return proved->count && proved->lowest < origin ? proved->lowest : origin;
}

static uint64_t above(uint64_t number, uint64_t taken)
{
    return number > taken ? number - taken : 0;
}

/* Requests that the printed numbers prove to have gone unanswered. Without a header,
 * answers may have stood in the part that is not there. */
static uint64_t printed_missing(const struct run *run)
{
    const struct vw_sequence_side *proved = &run->numbers.side[VW_ECHO_REQUEST];
    int64_t start = run->has_header ? origin_of(run) : proved->lowest;

    if (proved->count == 0)
        return 0;
    return above((uint64_t)(proved->highest - start) + 1,
                 run->numbers.side[VW_ECHO_REPLY].count + run->local);
}

static int add_requests(struct vw_ping_reader *reader, const struct vw_ping_line *totals)
{
    const struct run *run = &reader->run;
    const struct vw_sequence_side *proved = &run->numbers.side[VW_ECHO_REQUEST];
    struct vw_observation row = row_of(reader, run->line, run->first);
    int64_t origin = origin_of(run);
    uint64_t sent = proved->count ? (uint64_t)(proved->highest - origin) + 1 : 0;

    if (totals)
        sent = totals->transmitted;
    if (above(sent, run->local) == 0)
        return 0;
    row.direction = VW_FLOW_DIRECTION_EGRESS;
    row.source = run->source;
    row.destination = run->target;
    row.icmp_type = row.protocol == 58 ? 128 : 8;
    row.last = run->last;
    row.packets = (int64_t)above(sent, run->local);
    row.first_sequence = origin > 0 ? origin : 0;
    row.last_sequence =
        sent < INT64_MAX ? row.first_sequence + (int64_t)(sent - 1) : INT64_MAX;
    row.missing_sequences = run->local < sent ? (int64_t)run->local : 0;
    return vw_evidence_add(reader->evidence, &row, NULL);
}

/* What the whole run says about its answers: those that were counted and not printed,
 * and how many requests had none. */
static int add_answers(struct vw_ping_reader *reader, const struct vw_ping_line *totals)
{
    struct run *run = &reader->run;
    uint64_t missing = printed_missing(run), unprinted = 0;
    struct vw_observation row;

    if (run->answerer.family == VW_FAMILY_NONE)
        run->answerer = run->target;
    if (totals) {
        uint64_t received = above(totals->received, run->errors);

        missing = above(above(totals->transmitted, run->local), received);
        unprinted = above(received, run->answers);
    }
    if (!run->answer_added && unprinted == 0)
        return 0;
    row = answer_of(reader, run->line, run->first);
    row.last = run->last;
    row.records = run->answer_added ? 0 : 1;
    row.packets = (int64_t)unprinted;
    row.missing_sequences = missing < INT64_MAX ? (int64_t)missing : INT64_MAX;
    return vw_evidence_add(reader->evidence, &row, NULL);
}

/* `totals` is the line of statistics, or NULL where the transcript is cut. */
static int close_run(struct vw_ping_reader *reader, const struct vw_ping_line *totals)
{
    struct run *run = &reader->run;
    int error;

    if (!run->open)
        return 0;
    run->open = false;
    reader->coverage->cut |= !totals;
    if (run->target.family == VW_FAMILY_NONE) {
        vw_diagnose(reader->diagnostics, VW_SEVERITY_WARNING, "ping-without-target",
                    (struct vw_place){.file = reader->file, .line = run->line},
                    "no line of this transcript gives the target's address");
        return 0;
    }
    error = add_requests(reader, totals);
    return error ? error : add_answers(reader, totals);
}

static int take_header(struct vw_ping_reader *reader, const struct vw_ping_line *line,
                       uint64_t number)
{
    int error = close_run(reader, NULL);

    if (!error)
        error = open_run(reader, number);
    if (error)
        return error;
    reader->run.has_header = true;
    reader->run.target = line->address;
    reader->run.source = line->source;
    reader->run.origin = line->origin;
    return 0;
}

/* A line with a number proves that the request of that number was sent; one of Windows
 * gets the number that it would have. */
static int take_number(struct vw_ping_reader *reader, struct vw_ping_line *line)
{
    struct run *run = &reader->run;

    if (line->is_unnumbered && line->kind != VW_PING_STATISTICS) {
        line->sequence = (uint16_t)++run->unnumbered;
        line->has_sequence = true;
        run->errors += line->kind == VW_PING_ERROR;
    }
    return line->has_sequence
               ? vw_sequences_see(&run->numbers, VW_ECHO_REQUEST, line->sequence, NULL)
               : 0;
}

/* A stamp makes of it a record of its own; the sum of the run has it anyway. */
static int notice_no_answer(struct vw_ping_reader *reader,
                            const struct vw_ping_line *line, uint64_t number)
{
    struct vw_observation row = row_of(reader, number, line->time);

    row.direction = VW_FLOW_DIRECTION_EGRESS;
    row.source = reader->run.source;
    row.destination = reader->run.target;
    row.icmp_type = row.protocol == 58 ? 128 : 8;
    row.first_sequence = row.last_sequence = line->sequence;
    row.missing_sequences = 1;
    return line->time == VW_TIME_UNKNOWN ||
                   !vw_evidence_in_window(reader->evidence, line->time, line->time)
               ? 0
               : vw_evidence_notice(reader->evidence, &row);
}

static int take_line(struct vw_ping_reader *reader, struct vw_ping_line *line,
                     uint64_t number)
{
    struct run *run = &reader->run;
    int error = take_number(reader, line);

    if (error)
        return error;
    switch (line->kind) {
    case VW_PING_REPLY:
        return add_reply(reader, line, number);
    case VW_PING_ERROR:
        return add_error(reader, line, number);
    case VW_PING_LOCAL:
        run->local++;
        return 0;
    case VW_PING_TITLE:
        if (run->target.family == VW_FAMILY_NONE)
            run->target = line->address;
        return 0;
    case VW_PING_STATISTICS:
        return close_run(reader, line);
    case VW_PING_UNREADABLE:
        reader->coverage->damaged++;
        vw_diagnose(reader->diagnostics, VW_SEVERITY_WARNING, "ping-line",
                    (struct vw_place){.file = reader->file, .line = number},
                    "this line of ping is incomplete or unknown");
        return 0;
    case VW_PING_NO_ANSWER:
        return notice_no_answer(reader, line, number);
    case VW_PING_OTHER:
    case VW_PING_REMARK:
    case VW_PING_HEADER:
        break;
    }
    return 0;
}

/* Whether a line of this kind can be the first that is left of a transcript. */
static bool can_begin(enum vw_ping_line_kind kind)
{
    return kind == VW_PING_REPLY || kind == VW_PING_ERROR || kind == VW_PING_NO_ANSWER ||
           kind == VW_PING_TITLE;
}

int vw_ping_line(struct vw_ping_reader *reader, struct vw_slice text, uint64_t number)
{
    struct run *run = &reader->run;
    struct vw_ping_line line;
    int error = 0;

    vw_ping_line_read(text, &line);
    if (line.kind == VW_PING_OTHER)
        return 0;
    if (line.kind == VW_PING_HEADER)
        error = take_header(reader, &line, number);
    else if (!run->open && !can_begin(line.kind))
        return 0;
    else if (!run->open)
        error = open_run(reader, number);
    if (error)
        return error;
    if (line.kind != VW_PING_UNREADABLE)
        reader->coverage->records++;
    if (line.time != VW_TIME_UNKNOWN) {
        run->first = run->first == VW_TIME_UNKNOWN || line.time < run->first ? line.time
                                                                             : run->first;
        run->last = line.time > run->last ? line.time : run->last;
        vw_coverage_widen(reader->coverage, line.time, line.time);
    }
    if (line.kind != VW_PING_HEADER)
        error = take_line(reader, &line, number);
    return error ? error : 1;
}

int vw_ping_finish(struct vw_ping_reader *reader, bool *ret_any)
{
    int error = close_run(reader, NULL);

    if (!error)
        *ret_any = reader->coverage != NULL;
    return error;
}
