/* Runs of traceroute and its kin; see route.h. */
#include "evidence/route.h"

#include "base/address.h"
#include "base/diagnostic.h"
#include "base/time.h"

#include <vpcwhy/error.h>

enum {
    ICMP = 1,
    TCP = 6,
    UDP = 17,
    ICMP6 = 58,
    UNREACHABLE = 3,
    UNREACHABLE6 = 1,
    TIME_EXCEEDED = 11,
    TIME_EXCEEDED6 = 3,
    PORT_UNREACHABLE = 3,
    PORT_UNREACHABLE6 = 4
};

/* Where the probes of traceroute go that are not told otherwise. */
#define UDP_PORT 33434
#define TCP_PORT 80

static bool is_known(struct vw_address address)
{
    return address.family != VW_FAMILY_NONE;
}

static bool is_six(const struct vw_route_run *run)
{
    return run->target.family == VW_FAMILY_IPV6;
}

/* ICMP of the family of the target. */
static int own_protocol(const struct vw_route_run *run, int protocol)
{
    return protocol == ICMP && is_six(run) ? ICMP6 : protocol;
}

/* What the form sends where no command line tells. */
static int default_protocol(enum vw_route_form form, bool has_command)
{
    switch (form) {
    case VW_ROUTE_TRACERT:
        return ICMP;
    case VW_ROUTE_TRACEPATH:
        return UDP;
    case VW_ROUTE_MTR:
        return has_command ? ICMP : VW_UNRECORDED;
    case VW_ROUTE_TRACEROUTE:
        return has_command ? UDP : VW_UNRECORDED;
    case VW_ROUTE_NONE:
        break;
    }
    return VW_UNRECORDED;
}

int vw_route_begin(struct vw_route_reader *reader, enum vw_route_form form,
                   struct vw_address target, uint64_t number)
{
    struct vw_route_run *run = &reader->run;
    bool has_command = reader->command.program != NULL;
    int error = vw_route_end(reader, false);

    if (error)
        return error;
    if (!reader->coverage)
        reader->coverage =
            vw_evidence_coverage(reader->evidence, VW_EVIDENCE_ROUTE, reader->file, NULL);
    if (!reader->coverage)
        return VW_ERROR_NO_MEMORY;
    if (!is_known(target))
        target = reader->command.target;
    *run = (struct vw_route_run){.open = true,
                                 .line = number,
                                 .target = target,
                                 .port = reader->command.port,
                                 .time = VW_TIME_UNKNOWN};
    run->protocol = has_command && reader->command.protocol != VW_UNRECORDED
                        ? reader->command.protocol
                        : default_protocol(form, has_command);
    if (!has_command)
        run->port = VW_UNRECORDED;
    if (run->port == VW_UNRECORDED && run->protocol == UDP)
        run->port = UDP_PORT;
    if (run->port == VW_UNRECORDED && run->protocol == TCP)
        run->port = TCP_PORT;
    reader->form = form;
    reader->command.program = NULL;
    return 1;
}

/* ---- rows ---- */

static struct vw_observation row_of(const struct vw_route_reader *reader, uint64_t number)
{
    struct vw_observation row = vw_observation_empty(VW_EVIDENCE_ROUTE);

    row.file = reader->file;
    row.line = number;
    row.first = row.last = reader->run.time;
    return row;
}

/* What the target answers to such a probe. */
static void fill_own_answer(const struct vw_route_run *run, struct vw_observation *row)
{
    row->protocol = own_protocol(run, run->protocol);
    if (run->protocol == ICMP) {
        row->icmp_type = is_six(run) ? 129 : 0;
        row->icmp_code = 0;
    } else if (run->protocol == UDP) {
        row->protocol = is_six(run) ? ICMP6 : ICMP;
        row->icmp_type = is_six(run) ? UNREACHABLE6 : UNREACHABLE;
        row->icmp_code = is_six(run) ? PORT_UNREACHABLE6 : PORT_UNREACHABLE;
        row->packet_source = run->source;
        row->packet_destination = run->target;
    } else if (run->protocol == TCP) {
        row->source_port = run->port; /* SYN-ACK or RST: it does not tell */
    }
}

static void fill_error(const struct vw_route_run *run, int type, int code,
                       struct vw_observation *row)
{
    bool six = is_six(run);

    row->protocol = six ? ICMP6 : ICMP;
    row->icmp_type = type != VW_UNRECORDED ? type : six ? TIME_EXCEEDED6 : TIME_EXCEEDED;
    row->icmp_code = type != VW_UNRECORDED ? code : 0;
    row->packet_source = run->source;
    row->packet_destination = run->target;
}

static int add_answer(struct vw_route_reader *reader, const struct vw_route_seen *seen)
{
    struct vw_observation row = row_of(reader, seen->line);
    const struct vw_route_run *run = &reader->run;

    if (!is_known(seen->from) || seen->answers == 0)
        return 0;
    row.direction = VW_FLOW_DIRECTION_INGRESS;
    row.source = seen->from;
    row.destination = run->source;
    row.packets = seen->answers;
    if (seen->type == VW_UNRECORDED && is_known(run->target) &&
        vw_address_equal(seen->from, run->target))
        fill_own_answer(run, &row);
    else
        fill_error(run, seen->type, seen->code, &row);
    return vw_evidence_add(reader->evidence, &row, NULL);
}

/* mtr's report does not name the target, and whether a hop is the last one the next line
 * tells: an answer is held back until then. */
int vw_route_answer(struct vw_route_reader *reader, const struct vw_route_seen *seen)
{
    struct vw_route_run *run = &reader->run;
    struct vw_route_seen held = run->held;

    if (reader->form != VW_ROUTE_MTR || is_known(run->target))
        return add_answer(reader, seen);
    run->held = *seen;
    return add_answer(reader, &held);
}

static int add_probes(struct vw_route_reader *reader)
{
    struct vw_route_run *run = &reader->run;
    struct vw_observation row = row_of(reader, run->line);

    row.direction = VW_FLOW_DIRECTION_EGRESS;
    row.source = run->source;
    row.destination = run->target;
    row.protocol = own_protocol(run, run->protocol);
    row.destination_port = run->port;
    row.packets = run->probes;
    if (run->protocol == ICMP) {
        row.icmp_type = is_six(run) ? 128 : 8;
        row.icmp_code = 0;
    }
    return run->probes > 0 ? vw_evidence_add(reader->evidence, &row, NULL) : 0;
}

int64_t vw_route_answered(int64_t sent, int64_t loss)
{
    double share = 1 - (double)loss / (100.0 * (double)VW_SECOND);

    return share <= 0 ? 0 : (int64_t)((double)sent * share + 0.5);
}

int vw_route_end(struct vw_route_reader *reader, bool done)
{
    struct vw_route_run *run = &reader->run;
    int error;

    if (!run->open)
        return 0;
    run->open = false;
    reader->coverage->cut |= !done;
    reader->form = VW_ROUTE_NONE;
    /* The last hop of mtr's report is the target where it answers. */
    if (!is_known(run->target))
        run->target = run->held.from;
    error = add_answer(reader, &run->held);
    if (error)
        return error;
    if (!is_known(run->target)) {
        vw_diagnose(reader->diagnostics, VW_SEVERITY_WARNING, "route-without-target",
                    (struct vw_place){.file = reader->file, .line = run->line},
                    "neither this output nor the command above it gives the target's "
                    "address: it proves nothing of a flow");
        return 0;
    }
    return add_probes(reader);
}

int vw_route_finish(struct vw_route_reader *reader, bool *ret_any)
{
    /* None of them says that it is done, but for tracert. */
    int error = vw_route_end(reader, true);

    *ret_any = reader->coverage != NULL;
    return error;
}
