/*
 * Each column that the flow table has a place for is read strictly from its cell. '-' and,
 * in results of a query, nothing at all stand for "does not apply" and are accepted in
 * every column. Nothing is allocated.
 */
#include "evidence/flow_record.h"

#include <string.h>

#include "base/digits.h"
#include "base/time.h"
#include "evidence/table.h"

enum { ICMP = 1, TCP = 6, ICMPV6 = 58 };

/* The last second that fits into nanoseconds. */
#define SECONDS_MAX ((uint64_t)VW_TIME_SECONDS_MAX)

/* Codes of traffic-path from here on are bit 0. */
#define PATHS_MAX 16

struct cells {
    const struct vw_flow_columns *columns;
    const struct vw_slice *items;
    struct vw_flow_fault *fault;
};

static const char *const column_names[] = {
#define VW_X(name, text, other) text,
    VW_FLOW_COLUMN_LIST(VW_X)
#undef VW_X
};

/* The word of `column`: false where the layout lacks it or the record says nothing. */
static inline bool word_of(const struct cells *cells, enum vw_flow_column column,
                           struct vw_slice *ret)
{
    size_t at = cells->columns->of[column];

    if (at == SIZE_MAX)
        return false;
    *ret = cells->items[at];
    if (ret->size == 0 || (ret->size == 1 && ret->data[0] == '-'))
        return false;
    return !cells->columns->is_sum || !vw_slice_is(*ret, "\\N"); /* ClickHouse's NULL */
}

static bool fail(const struct cells *cells, enum vw_flow_column column,
                 const char *expected, struct vw_slice found)
{
    *cells->fault = (struct vw_flow_fault){column_names[column], expected, found};
    return false;
}

static bool read_address(const struct cells *cells, enum vw_flow_column column,
                         struct vw_address *ret)
{
    struct vw_slice word;

    return !word_of(cells, column, &word) ||
           vw_address_parse(word.data, word.size, ret) ||
           fail(cells, column, "an address", word);
}

static inline bool read_digits(struct vw_slice word, uint64_t maximum, uint64_t *ret)
{
    if (word.size > VW_DIGITS_MAX)
        return vw_slice_u64(word, maximum, ret);
    return vw_digits_parse(word.data, word.size, ret) && *ret <= maximum;
}

/* The readers of numbers leave *ret as it is where the record has none. */
static bool read_number(const struct cells *cells, enum vw_flow_column column,
                        uint64_t maximum, const char *expected, int64_t *ret)
{
    struct vw_slice word;
    uint64_t value;

    if (!word_of(cells, column, &word))
        return true;
    if (!read_digits(word, maximum, &value))
        return fail(cells, column, expected, word);
    *ret = (int64_t)value;
    return true;
}

static bool read_small(const struct cells *cells, enum vw_flow_column column,
                       uint64_t maximum, const char *expected, int32_t *ret)
{
    int64_t value = *ret;

    if (!read_number(cells, column, maximum, expected, &value))
        return false;
    *ret = (int32_t)value;
    return true;
}

/* Seconds; a table of flows may have parts of one, from the times of events. */
static bool read_time(const struct cells *cells, enum vw_flow_column column, int64_t *ret)
{
    struct vw_slice word;
    uint64_t seconds;

    if (!word_of(cells, column, &word))
        return true;
    if (read_digits(word, SECONDS_MAX, &seconds)) {
        *ret = (int64_t)seconds * VW_SECOND;
        return true;
    }
    return (cells->columns->is_sum && vw_slice_seconds(word, ret)) ||
           fail(cells, column, "seconds since 1970", word);
}

/* One text of `choices`; *ret is its index, untouched where the record has none. */
static bool read_choice(const struct cells *cells, enum vw_flow_column column,
                        const char *const *choices, size_t count, const char *expected,
                        size_t *ret)
{
    struct vw_slice word;
    size_t i;

    if (!word_of(cells, column, &word))
        return true;
    for (i = 0; i < count; i++) {
        if (vw_slice_is(word, choices[i])) {
            *ret = i;
            return true;
        }
    }
    return fail(cells, column, expected, word);
}

static bool read_id(const struct cells *cells, enum vw_flow_column column,
                    const char *expected, struct vw_slice *ret)
{
    struct vw_slice word;
    size_t i;

    if (!word_of(cells, column, &word))
        return true;
    for (i = 0; i < word.size; i++)
        if (word.data[i] <= ' ' || word.data[i] > '~')
            break;
    if (i < word.size || word.size >= VW_FLOW_TEXT_MAX)
        return fail(cells, column, expected, word);
    *ret = word;
    return true;
}

/* The attachment or the interface; for a regional NAT gateway, which shows none, the
 * gateway itself. */
static bool read_vantage(const struct cells *cells, struct vw_slice *ret)
{
    static const enum vw_flow_column columns[] = {
        VW_FLOW_COLUMN_VANTAGE, VW_FLOW_COLUMN_ATTACHMENT, VW_FLOW_COLUMN_INTERFACE,
        VW_FLOW_COLUMN_RESOURCE};
    size_t i;

    for (i = 0; i < sizeof columns / sizeof *columns && ret->size == 0; i++)
        if (!read_id(cells, columns[i], "an id", ret))
            return false;
    return true;
}

static bool read_status(const struct cells *cells, struct vw_flow_record *record)
{
    static const char *const choices[] = {
#define VW_X(name, text) text,
        VW_FLOW_STATUS_LIST(VW_X)
#undef VW_X
    };
    const size_t *of = cells->columns->of;
    struct vw_slice word;
    size_t choice = VW_FLOW_STATUS_OK;

    /* Without the column a record of no addresses is either of the two others: what was
     * left out is the one that proves nothing. */
    if (of[VW_FLOW_COLUMN_STATUS] == SIZE_MAX && of[VW_FLOW_COLUMN_SRCADDR] != SIZE_MAX &&
        !word_of(cells, VW_FLOW_COLUMN_SRCADDR, &word) &&
        !word_of(cells, VW_FLOW_COLUMN_DSTADDR, &word))
        choice = VW_FLOW_STATUS_SKIPDATA;
    if (!read_choice(cells, VW_FLOW_COLUMN_STATUS, choices,
                     sizeof choices / sizeof *choices, "OK, NODATA or SKIPDATA", &choice))
        return false;
    record->status = (enum vw_flow_status)choice;
    return true;
}

/* What decided: SEEN where the record does not say. */
static bool read_decision(const struct cells *cells, struct vw_observation *row)
{
    static const char *const actions[] = {"ACCEPT", "REJECT"};
    static const char *const directions[] = {"egress", "ingress"};
    size_t action = SIZE_MAX, direction = SIZE_MAX;

    if (!read_choice(cells, VW_FLOW_COLUMN_ACTION, actions, 2, "ACCEPT or REJECT",
                     &action) ||
        !read_choice(cells, VW_FLOW_COLUMN_DIRECTION, directions, 2, "egress or ingress",
                     &direction))
        return false;
    if (action != SIZE_MAX)
        row->action = action == 0 ? VW_FLOW_ACTION_ACCEPT : VW_FLOW_ACTION_REJECT;
    if (direction != SIZE_MAX)
        row->direction =
            direction == 0 ? VW_FLOW_DIRECTION_EGRESS : VW_FLOW_DIRECTION_INGRESS;
    return true;
}

static bool read_addresses(const struct cells *cells, struct vw_observation *row)
{
    return read_address(cells, VW_FLOW_COLUMN_SRCADDR, &row->source) &&
           read_address(cells, VW_FLOW_COLUMN_DSTADDR, &row->destination) &&
           read_address(cells, VW_FLOW_COLUMN_PKT_SRCADDR, &row->packet_source) &&
           read_address(cells, VW_FLOW_COLUMN_PKT_DSTADDR, &row->packet_destination);
}

/* ICMP has no ports and only TCP has flags: what the columns say there (0) says nothing. */
static bool read_protocol(const struct cells *cells, struct vw_observation *row)
{
    int32_t protocol = row->protocol;

    if (!read_small(cells, VW_FLOW_COLUMN_PROTOCOL, 255, "a protocol from 0 to 255",
                    &protocol) ||
        !read_small(cells, VW_FLOW_COLUMN_SRCPORT, UINT16_MAX, "a port",
                    &row->source_port) ||
        !read_small(cells, VW_FLOW_COLUMN_DSTPORT, UINT16_MAX, "a port",
                    &row->destination_port) ||
        !read_small(cells, VW_FLOW_COLUMN_TCP_FLAGS, 255, "TCP flags from 0 to 255",
                    &row->tcp_flags))
        return false;
    row->protocol = protocol;
    if (protocol == ICMP || protocol == ICMPV6)
        row->source_port = row->destination_port = VW_UNRECORDED;
    if (protocol != TCP && protocol != VW_UNRECORDED)
        row->tcp_flags = VW_UNRECORDED;
    return true;
}

static bool read_window(const struct cells *cells, struct vw_flow_record *record)
{
    struct vw_observation *row = &record->row;
    int64_t version = 0;
    struct vw_slice end;

    if (!read_number(cells, VW_FLOW_COLUMN_VERSION, 999, "a version", &version) ||
        !read_time(cells, VW_FLOW_COLUMN_START, &row->first) ||
        !read_time(cells, VW_FLOW_COLUMN_END, &row->last))
        return false;
    record->has_window = row->first != VW_TIME_UNKNOWN && row->last != VW_TIME_UNKNOWN;
    if (record->has_window && row->last < row->first &&
        word_of(cells, VW_FLOW_COLUMN_END, &end))
        return fail(cells, VW_FLOW_COLUMN_END, "a time not before the start", end);
    if (row->first == VW_TIME_UNKNOWN)
        row->first = row->last;
    if (row->last == VW_TIME_UNKNOWN)
        row->last = row->first;
    return true;
}

static bool read_counts(const struct cells *cells, struct vw_observation *row)
{
    int64_t records = 1;

    if (!read_number(cells, VW_FLOW_COLUMN_PACKETS, INT64_MAX, "a number of packets",
                     &row->packets) ||
        !read_number(cells, VW_FLOW_COLUMN_BYTES, INT64_MAX, "a number of bytes",
                     &row->bytes) ||
        !read_number(cells, VW_FLOW_COLUMN_RECORDS, INT64_MAX, "a number of records",
                     &records))
        return false;
    row->records = (uint64_t)records;
    return true;
}

static bool read_lost(const struct cells *cells, struct vw_observation *row)
{
    int i;

    for (i = 0; i < VW_LOST_COUNT; i++) {
        enum vw_flow_column column =
            (enum vw_flow_column)(VW_FLOW_COLUMN_LOST_NO_ROUTE + i);

        if (!read_number(cells, column, INT64_MAX, "a number of packets", &row->lost[i]))
            return false;
    }
    return true;
}

/* A code, or in a table that was added up several: "7;8". */
static bool read_paths(const struct cells *cells, struct vw_observation *row)
{
    struct vw_slice word, rest, part;
    uint64_t code;

    if (!word_of(cells, VW_FLOW_COLUMN_TRAFFIC_PATH, &word))
        return true;
    for (rest = word; rest.size > 0;) {
        const char *end = memchr(rest.data, ';', rest.size);

        part = rest;
        if (end && cells->columns->is_sum)
            part.size = (size_t)(end - rest.data);
        if (!vw_slice_u64(part, UINT32_MAX, &code))
            return fail(cells, VW_FLOW_COLUMN_TRAFFIC_PATH, "the code of a path", word);
        row->traffic_paths |= code < PATHS_MAX ? UINT32_C(1) << code : 1;
        if (part.size == rest.size)
            break;
        rest.data += part.size + 1;
        rest.size -= part.size + 1;
    }
    return true;
}

/* What most logs have no columns for. */
static bool read_rest(const struct cells *cells, struct vw_flow_record *record)
{
    return read_id(cells, VW_FLOW_COLUMN_REJECT_REASON, "a reason such as BPA",
                   &record->words.reject_reason) &&
           read_paths(cells, &record->row) &&
           read_id(cells, VW_FLOW_COLUMN_NEXT_HOP, "an id", &record->words.next_hop) &&
           read_lost(cells, &record->row);
}

bool vw_flow_record_read(const struct vw_flow_columns *columns,
                         const struct vw_slice *cells, struct vw_flow_record *ret,
                         struct vw_flow_fault *ret_fault)
{
    const struct cells all = {columns, cells, ret_fault};

    ret->row = vw_observation_empty(VW_EVIDENCE_FLOW_LOG);
    ret->words = (struct vw_flow_words){{NULL, 0}, {NULL, 0}, {NULL, 0}};
    return read_vantage(&all, &ret->words.vantage) && read_status(&all, ret) &&
           read_window(&all, ret) && read_addresses(&all, &ret->row) &&
           read_protocol(&all, &ret->row) && read_decision(&all, &ret->row) &&
           read_counts(&all, &ret->row) && read_rest(&all, ret);
}
