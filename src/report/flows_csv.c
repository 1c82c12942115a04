/*
 * The table of flows as CSV (RFC 4180): a header line, then a line a flow; what was not
 * recorded is empty. Columns are called as flow logs call them, so that what reads those
 * reads this. Times are seconds since 1970.
 */
#include <vpcwhy/report.h>

#include <stdio.h>
#include <string.h>

#include <vpcwhy/error.h>

#include "report/flow_parts.h"

/* Longest line: 23 cells, of which the longest are five addresses and three ids that are
 * all quotes. */
enum { LINE_SIZE = 2048, BILLION = 1000000000 };

struct line {
    char text[LINE_SIZE];
    size_t size;
};

static void put_text(struct line *line, const char *text)
{
    size_t size = strlen(text);

    memcpy(line->text + line->size, text, size);
    line->size += size;
}

static void put_digits(struct line *line, uint64_t value, size_t least)
{
    char digits[24];
    size_t size = 0;

    do {
        digits[size++] = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0 || size < least);
    while (size > 0)
        line->text[line->size++] = digits[--size];
}

static void end_cell(struct line *line)
{
    line->text[line->size++] = ',';
}

static void put_number(struct line *line, int64_t value)
{
    if (value != VW_UNRECORDED)
        put_digits(line, (uint64_t)value, 1);
    end_cell(line);
}

static void put_address(struct line *line, struct vw_address address)
{
    char buffer[VW_ADDRESS_TEXT];
    unsigned i;

    switch (address.family) {
    case VW_FAMILY_NONE:
        break;
    case VW_FAMILY_IPV4:
        for (i = 4; i-- > 0;) {
            put_digits(line, address.low >> (8 * i) & 255, 1);
            if (i > 0)
                line->text[line->size++] = '.';
        }
        break;
    case VW_FAMILY_IPV6:
        put_text(line, vw_address_format(address, buffer));
        break;
    }
    end_cell(line);
}

/* Ids have no blanks or controls; what a spreadsheet would take for a formula is made
 * text. */
static void put_id(struct line *line, const char *id)
{
    if (id && strpbrk(id, ",\"")) {
        line->text[line->size++] = '"';
        for (; *id; id++) {
            if (*id == '"')
                line->text[line->size++] = '"';
            line->text[line->size++] = *id;
        }
        line->text[line->size++] = '"';
    } else if (id) {
        if (strchr("=+@", *id))
            line->text[line->size++] = '\'';
        put_text(line, id);
    }
    end_cell(line);
}

static void put_time(struct line *line, int64_t time)
{
    if (time >= 0) {
        put_digits(line, (uint64_t)(time / BILLION), 1);
        if (time % BILLION) {
            line->text[line->size++] = '.';
            put_digits(line, (uint64_t)(time % BILLION), 9);
        }
    }
    end_cell(line);
}

static void put_paths(struct line *line, uint32_t paths)
{
    unsigned code;
    bool is_first = true;

    for (code = 0; code < 32; code++) {
        if (!(paths >> code & 1))
            continue;
        if (!is_first)
            line->text[line->size++] = ';';
        put_digits(line, code, 1);
        is_first = false;
    }
    end_cell(line);
}

static void put_flow(struct line *line, const struct vw_observation *row)
{
    const char *direction = vw_flow_direction_slug(row->direction);
    const char *action = vw_flow_action_word(row->action);
    int i;

    put_id(line, row->vantage);
    put_id(line, direction);
    put_address(line, row->source);
    put_address(line, row->destination);
    put_address(line, row->packet_source);
    put_address(line, row->packet_destination);
    put_number(line, row->protocol);
    put_number(line, row->source_port);
    put_number(line, row->destination_port);
    put_id(line, action);
    put_number(line, row->tcp_flags);
    put_time(line, row->first);
    put_time(line, row->last);
    put_digits(line, row->records, 1);
    end_cell(line);
    put_number(line, row->packets);
    put_number(line, row->bytes);
    put_id(line, row->reject_reason);
    put_paths(line, row->traffic_paths);
    put_id(line, row->next_hop);
    for (i = 0; i < VW_LOST_COUNT; i++)
        put_number(line, row->lost[i]);
    line->text[line->size - 1] = '\n';
}

int vw_report_flows_csv(const struct vw_flows *flows, FILE *out)
{
    struct vw_observation row;
    size_t count = vw_flows_count(flows), i;

    fputs(VW_FLOWS_CSV_HEADER "\n", out);
    for (i = 0; i < count; i++) {
        struct line line;

        line.size = 0;
        vw_flows_get(flows, i, &row);
        put_flow(&line, &row);
        fwrite(line.text, 1, line.size, out);
    }
    return ferror(out) ? VW_ERROR_OUTPUT : 0;
}
