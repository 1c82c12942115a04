/*
 * The busiest flows for people: counts to the left, then who saw what go where, what was
 * decided, and when. What few flows have stands in a line of its own below.
 */
#include <vpcwhy/report.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/address.h"
#include "base/time.h"
#include "report/flow_parts.h"
#include "report/text_writer.h"

#define CELL_TEXT 80

/* name, heading, whether it stands to the right */
#define COLUMN_LIST(X)                                                                   \
    X(BYTES, "bytes", true)                                                              \
    X(PACKETS, "packets", true)                                                          \
    X(RECORDS, "records", true)                                                          \
    X(VANTAGE, "vantage", false)                                                         \
    X(DIRECTION, "", false)                                                              \
    X(FROM, "from", false)                                                               \
    X(TO, "to", false)                                                                   \
    X(PROTOCOL, "protocol", false)                                                       \
    X(ACTION, "action", false)                                                           \
    X(FLAGS, "flags", false)                                                             \
    X(FIRST, "first", false)                                                             \
    X(LAST, "last", false)

enum column {
#define VW_X(name, heading, right) name,
    COLUMN_LIST(VW_X)
#undef VW_X
        COLUMN_COUNT
};

struct row {
    char cells[COLUMN_COUNT][CELL_TEXT];
};

static const struct row header = {{
#define VW_X(name, heading, right) heading,
    COLUMN_LIST(VW_X)
#undef VW_X
}};

static const bool is_right[] = {
#define VW_X(name, heading, right) right,
    COLUMN_LIST(VW_X)
#undef VW_X
};

static void write_number(char cell[CELL_TEXT], int64_t value)
{
    if (value == VW_UNRECORDED)
        snprintf(cell, CELL_TEXT, "-");
    else
        snprintf(cell, CELL_TEXT, "%" PRId64, value);
}

static void write_end(char cell[CELL_TEXT], struct vw_address address, int32_t port)
{
    char buffer[VW_ADDRESS_TEXT];
    const char *text =
        address.family == VW_FAMILY_NONE ? "-" : vw_address_format(address, buffer);

    if (port == VW_UNRECORDED)
        snprintf(cell, CELL_TEXT, "%s", text);
    else if (address.family == VW_FAMILY_IPV6)
        snprintf(cell, CELL_TEXT, "[%s]:%" PRId32, text, port);
    else
        snprintf(cell, CELL_TEXT, "%s:%" PRId32, text, port);
}

/* RFC 9293 and 3168, from the lowest bit. */
static void write_flags(char cell[CELL_TEXT], int32_t flags)
{
    static const char *const names[] = {"FIN", "SYN", "RST", "PSH",
                                        "ACK", "URG", "ECE", "CWR"};
    size_t size = 0, i;

    snprintf(cell, CELL_TEXT, "%s", flags == 0 ? "none" : "");
    for (i = 0; flags > 0 && i < sizeof names / sizeof *names; i++)
        if (flags >> i & 1)
            size += (size_t)snprintf(cell + size, CELL_TEXT - size, "%s%s",
                                     size ? "+" : "", names[i]);
}

static void write_time(char cell[CELL_TEXT], int64_t time)
{
    char buffer[VW_TIME_TEXT];

    snprintf(cell, CELL_TEXT, "%s",
             time == VW_TIME_UNKNOWN ? "-" : vw_time_format(time, buffer));
}

static void fill(struct row *row, const struct vw_observation *flow)
{
    const char *direction = vw_flow_direction_slug(flow->direction);
    const char *action = vw_flow_action_word(flow->action);
    char buffer[16];

    write_number(row->cells[BYTES], flow->bytes);
    write_number(row->cells[PACKETS], flow->packets);
    write_number(row->cells[RECORDS], (int64_t)flow->records);
    snprintf(row->cells[VANTAGE], CELL_TEXT, "%s", flow->vantage ? flow->vantage : "-");
    snprintf(row->cells[DIRECTION], CELL_TEXT, "%s", direction ? direction : "?");
    write_end(row->cells[FROM], flow->source, flow->source_port);
    write_end(row->cells[TO], flow->destination, flow->destination_port);
    snprintf(row->cells[PROTOCOL], CELL_TEXT, "%s",
             flow->protocol == VW_UNRECORDED
                 ? "-"
                 : vw_protocol_format(flow->protocol, buffer));
    snprintf(row->cells[ACTION], CELL_TEXT, "%s", action ? action : "-");
    write_flags(row->cells[FLAGS], flow->tcp_flags);
    write_time(row->cells[FIRST], flow->first);
    write_time(row->cells[LAST], flow->last);
}

static void widen(size_t widths[COLUMN_COUNT], const struct row *row)
{
    size_t i;

    for (i = 0; i < COLUMN_COUNT; i++) {
        size_t width = vw_text_width(row->cells[i]);

        if (width > widths[i])
            widths[i] = width;
    }
}

static void put_row(struct vw_text *text, const size_t widths[COLUMN_COUNT],
                    const struct row *row)
{
    size_t column = 0, i;

    for (i = 0; i < COLUMN_COUNT; i++) {
        size_t width = vw_text_width(row->cells[i]);

        if (*row->cells[i]) {
            vw_text_pad(text, is_right[i] ? column + widths[i] - width : column);
            if (i == ACTION && strcmp(row->cells[i], "REJECT") == 0)
                vw_text_painted(text, VW_PAINT_BAD, row->cells[i]);
            else
                vw_text_put(text, row->cells[i]);
        }
        column += widths[i] ? widths[i] + 2 : 0;
    }
    vw_text_line(text);
}

/* ---- the line below ---- */

/* A comma between what stands there, an indentation before the first. */
static void begin_fact(struct vw_text *text, size_t indent, const char *name)
{
    if (text->column == 0)
        vw_text_pad(text, indent);
    else
        vw_text_put(text, ", ");
    vw_text_put(text, name);
}

static void put_packet_ends(struct vw_text *text, size_t indent,
                            const struct vw_observation *flow)
{
    char cell[CELL_TEXT];

    if (flow->packet_source.family == VW_FAMILY_NONE &&
        flow->packet_destination.family == VW_FAMILY_NONE)
        return;
    if (vw_address_equal(flow->packet_source, flow->source) &&
        vw_address_equal(flow->packet_destination, flow->destination))
        return;
    begin_fact(text, indent, "packets ");
    write_end(cell, flow->packet_source, VW_UNRECORDED);
    vw_text_put(text, cell);
    vw_text_put(text, " -> ");
    write_end(cell, flow->packet_destination, VW_UNRECORDED);
    vw_text_put(text, cell);
}

/* User Guide, "Flow log records", traffic-path. */
static const char *path_words(unsigned code)
{
    static const char *const words[] = {
        "another resource of the VPC",
        "an internet gateway or a gateway endpoint",
        "a virtual private gateway",
        "a peering connection within the Region",
        "a peering connection between Regions",
        "a Local or Wavelength Zone",
        "a gateway endpoint",
        "an internet gateway",
    };

    return code >= 1 && code <= sizeof words / sizeof *words ? words[code - 1]
                                                             : "a path of unknown code";
}

static void put_paths(struct vw_text *text, size_t indent,
                      const struct vw_observation *flow)
{
    bool is_first = true;
    unsigned code;

    for (code = 0; code < 32; code++) {
        if (!(flow->traffic_paths >> code & 1))
            continue;
        if (is_first)
            begin_fact(text, indent, "through ");
        else
            vw_text_put(text, " and ");
        vw_text_put(text, path_words(code));
        is_first = false;
    }
    if (flow->next_hop) {
        begin_fact(text, indent, "next hop ");
        vw_text_put(text, flow->next_hop);
    }
}

static void put_lost(struct vw_text *text, size_t indent,
                     const struct vw_observation *flow)
{
    static const char *const words[] = {"no route", "blackhole route", "MTU exceeded",
                                        "TTL expired"};
    bool is_first = true;
    int i;

    _Static_assert(sizeof words / sizeof *words == VW_LOST_COUNT, "one a reason");
    for (i = 0; i < VW_LOST_COUNT; i++) {
        if (flow->lost[i] <= 0)
            continue;
        if (is_first)
            begin_fact(text, indent, "packets lost: ");
        else
            vw_text_put(text, ", ");
        vw_text_number(text, (uint64_t)flow->lost[i]);
        vw_text_put(text, " ");
        vw_text_painted(text, VW_PAINT_BAD, words[i]);
        is_first = false;
    }
}

static void put_facts(struct vw_text *text, size_t indent,
                      const struct vw_observation *flow)
{
    put_packet_ends(text, indent, flow);
    if (flow->reject_reason) {
        begin_fact(text, indent, "reject reason ");
        vw_text_put(text, flow->reject_reason);
    }
    put_paths(text, indent, flow);
    put_lost(text, indent, flow);
    if (text->column > 0)
        vw_text_line(text);
}

/* ---- all of it ---- */

static void put_count(struct vw_text *text, uint64_t count, const char *one,
                      const char *many)
{
    vw_text_number(text, count);
    vw_text_put(text, count == 1 ? one : many);
}

/* "12 flows in 34 records from 2025-01-17T13:45:00Z to 2025-01-17T14:05:00Z; 3 NODATA
 * records, ..." */
static void put_totals(struct vw_text *text, const struct vw_flows_totals *totals)
{
    char buffer[VW_TIME_TEXT];

    put_count(text, totals->flows, " flow in ", " flows in ");
    put_count(text, totals->records, " record", " records");
    if (totals->first != VW_TIME_UNKNOWN) {
        vw_text_put(text, " from ");
        vw_text_put(text, vw_time_format(totals->first, buffer));
        vw_text_put(text, " to ");
        vw_text_put(text, vw_time_format(totals->last, buffer));
    }
    if (totals->no_data > 0) {
        vw_text_put(text, "; ");
        put_count(text, totals->no_data, " NODATA record", " NODATA records");
    }
    if (totals->skip_data > 0) {
        vw_text_put(text, "; ");
        put_count(text, totals->skip_data, " SKIPDATA record: something was left out",
                  " SKIPDATA records: something was left out");
    }
    if (totals->damaged > 0) {
        vw_text_put(text, "; ");
        put_count(text, totals->damaged, " line could not be used",
                  " lines could not be used");
    }
    vw_text_line(text);
}

int vw_report_flows_text(const struct vw_flows *flows, struct vw_report_style style,
                         FILE *out)
{
    const struct vw_flows_totals totals = vw_flows_totals(flows);
    struct vw_text text = vw_text_begin(out, style);
    size_t widths[COLUMN_COUNT] = {0}, count = vw_flows_count(flows), indent, i;
    struct vw_observation flow;
    struct row row;

    put_totals(&text, &totals);
    widen(widths, &header);
    for (i = 0; i < count; i++) {
        vw_flows_get(flows, i, &flow);
        fill(&row, &flow);
        widen(widths, &row);
    }
    indent = widths[BYTES] + widths[PACKETS] + widths[RECORDS] + 6;
    if (count > 0)
        put_row(&text, widths, &header);
    for (i = 0; i < count; i++) {
        vw_flows_get(flows, i, &flow);
        fill(&row, &flow);
        put_row(&text, widths, &row);
        put_facts(&text, indent, &flow);
    }
    if (count < totals.flows) {
        vw_text_put(&text, "... and ");
        vw_text_number(&text, totals.flows - count);
        vw_text_put(&text, " more (--limit 0 shows all of them)");
        vw_text_line(&text);
    }
    return vw_text_finish(&text);
}
