/*
 * A line is cut into words at blanks; each field that the table of observations has a
 * place for is then read strictly from its word. '-' stands for "does not apply" and is
 * accepted in every column. Nothing is allocated.
 */
#include "evidence/flow_log_record.h"

#include <string.h>

#include "base/time.h"
#include "evidence/table.h"

enum { ICMP = 1, TCP = 6, ICMPV6 = 58 };

/* The last second that fits into nanoseconds. */
#define SECONDS_MAX ((uint64_t)(INT64_MAX / VW_SECOND))

struct words {
    const struct vw_flow_format *format;
    struct vw_flow_fault *fault;
    size_t count;
    struct vw_slice items[VW_FLOW_COLUMNS_MAX];
};

static const char *const field_names[] = {
#define VW_X(name, text, version) text,
    VW_FLOW_FIELD_LIST(VW_X)
#undef VW_X
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* Counts all words but keeps no more than the format has columns. */
static void split(struct vw_slice line, struct words *words)
{
    const char *at = line.data, *end = line.data + line.size;

    words->count = 0;
    for (;;) {
        const char *start;

        while (at < end && is_blank(*at))
            at++;
        if (at == end)
            return;
        start = at;
        while (at < end && !is_blank(*at))
            at++;
        if (words->count < words->format->columns)
            words->items[words->count] = (struct vw_slice){start, (size_t)(at - start)};
        words->count++;
    }
}

/* The word of `field`: false where the format lacks it or the line says '-'. */
static bool word_of(const struct words *words, enum vw_flow_field field,
                    struct vw_slice *ret)
{
    size_t column = words->format->column_of[field];

    if (column == SIZE_MAX)
        return false;
    *ret = words->items[column];
    return ret->size != 1 || ret->data[0] != '-';
}

static bool fail(const struct words *words, enum vw_flow_field field,
                 const char *expected, struct vw_slice found)
{
    *words->fault = (struct vw_flow_fault){field_names[field], expected, found, 0};
    return false;
}

static bool read_address(const struct words *words, enum vw_flow_field field,
                         struct vw_address *ret)
{
    struct vw_slice word;

    return !word_of(words, field, &word) || vw_address_parse(word.data, word.size, ret) ||
           fail(words, field, "an address", word);
}

/* The readers of numbers leave *ret as it is where the line has none. */
static bool read_number(const struct words *words, enum vw_flow_field field,
                        uint64_t maximum, const char *expected, int64_t *ret)
{
    struct vw_slice word;
    uint64_t value;

    if (!word_of(words, field, &word))
        return true;
    if (!vw_slice_u64(word, maximum, &value))
        return fail(words, field, expected, word);
    *ret = (int64_t)value;
    return true;
}

static bool read_small(const struct words *words, enum vw_flow_field field,
                       uint64_t maximum, const char *expected, int32_t *ret)
{
    int64_t value = *ret;

    if (!read_number(words, field, maximum, expected, &value))
        return false;
    *ret = (int32_t)value;
    return true;
}

static bool read_time(const struct words *words, enum vw_flow_field field, int64_t *ret)
{
    int64_t seconds = -1;

    if (!read_number(words, field, SECONDS_MAX, "seconds since 1970", &seconds))
        return false;
    if (seconds >= 0)
        *ret = seconds * VW_SECOND;
    return true;
}

/* One text of `choices`; *ret is its index, untouched where the line has none. */
static bool read_choice(const struct words *words, enum vw_flow_field field,
                        const char *const *choices, size_t count, const char *expected,
                        size_t *ret)
{
    struct vw_slice word;
    size_t i;

    if (!word_of(words, field, &word))
        return true;
    for (i = 0; i < count; i++) {
        if (vw_slice_is(word, choices[i])) {
            *ret = i;
            return true;
        }
    }
    return fail(words, field, expected, word);
}

static bool is_id(struct vw_slice word)
{
    size_t i;

    for (i = 0; i < word.size; i++)
        if (word.data[i] <= ' ' || word.data[i] > '~')
            return false;
    return word.size < VW_FLOW_VANTAGE_MAX;
}

/* The interface; for a regional NAT gateway, which shows none, the gateway itself. */
static bool read_vantage(const struct words *words, struct vw_slice *ret)
{
    enum vw_flow_field field = VW_FLOW_FIELD_INTERFACE_ID;
    struct vw_slice word;

    if (!word_of(words, field, &word)) {
        field = VW_FLOW_FIELD_RESOURCE_ID;
        if (!word_of(words, field, &word))
            return true;
    }
    if (!is_id(word))
        return fail(words, field, "an id", word);
    *ret = word;
    return true;
}

static bool read_status(const struct words *words, struct vw_flow_record *record)
{
    static const char *const choices[] = {
#define VW_X(name, text) text,
        VW_FLOW_STATUS_LIST(VW_X)
#undef VW_X
    };
    struct vw_slice word;
    size_t choice = VW_FLOW_STATUS_OK;

    /* Without the column a record of no addresses is either of the two others: what was
     * left out is the one that proves nothing. */
    if (words->format->column_of[VW_FLOW_FIELD_LOG_STATUS] == SIZE_MAX &&
        words->format->column_of[VW_FLOW_FIELD_SRCADDR] != SIZE_MAX &&
        !word_of(words, VW_FLOW_FIELD_SRCADDR, &word) &&
        !word_of(words, VW_FLOW_FIELD_DSTADDR, &word))
        choice = VW_FLOW_STATUS_SKIPDATA;
    if (!read_choice(words, VW_FLOW_FIELD_LOG_STATUS, choices,
                     sizeof choices / sizeof *choices, "OK, NODATA or SKIPDATA", &choice))
        return false;
    record->status = (enum vw_flow_status)choice;
    return true;
}

/* What decided: SEEN where the record does not say. */
static bool read_decision(const struct words *words, struct vw_observation *row)
{
    static const char *const actions[] = {"ACCEPT", "REJECT"};
    static const char *const directions[] = {"egress", "ingress"};
    size_t action = SIZE_MAX, direction = SIZE_MAX;

    if (!read_choice(words, VW_FLOW_FIELD_ACTION, actions, 2, "ACCEPT or REJECT",
                     &action) ||
        !read_choice(words, VW_FLOW_FIELD_FLOW_DIRECTION, directions, 2,
                     "egress or ingress", &direction))
        return false;
    if (action != SIZE_MAX)
        row->action = action == 0 ? VW_FLOW_ACTION_ACCEPT : VW_FLOW_ACTION_REJECT;
    if (direction != SIZE_MAX)
        row->direction =
            direction == 0 ? VW_FLOW_DIRECTION_EGRESS : VW_FLOW_DIRECTION_INGRESS;
    return true;
}

static bool read_reason(const struct words *words, struct vw_flow_record *record)
{
    struct vw_slice word = {"", 0};

    if (word_of(words, VW_FLOW_FIELD_REJECT_REASON, &word) &&
        (!is_id(word) || word.size >= VW_FLOW_REASON_MAX))
        return fail(words, VW_FLOW_FIELD_REJECT_REASON, "a reason such as BPA", word);
    if (word.size == 1 && word.data[0] == '-')
        word.size = 0;
    memcpy(record->reject_reason, word.data, word.size);
    record->reject_reason[word.size] = '\0';
    return true;
}

static bool read_addresses(const struct words *words, struct vw_observation *row)
{
    return read_address(words, VW_FLOW_FIELD_SRCADDR, &row->source) &&
           read_address(words, VW_FLOW_FIELD_DSTADDR, &row->destination) &&
           read_address(words, VW_FLOW_FIELD_PKT_SRCADDR, &row->packet_source) &&
           read_address(words, VW_FLOW_FIELD_PKT_DSTADDR, &row->packet_destination);
}

/* ICMP has no ports and only TCP has flags: what the columns say there (0) says nothing. */
static bool read_protocol(const struct words *words, struct vw_observation *row)
{
    int32_t protocol = row->protocol;

    if (!read_small(words, VW_FLOW_FIELD_PROTOCOL, 255, "a protocol from 0 to 255",
                    &protocol) ||
        !read_small(words, VW_FLOW_FIELD_SRCPORT, UINT16_MAX, "a port",
                    &row->source_port) ||
        !read_small(words, VW_FLOW_FIELD_DSTPORT, UINT16_MAX, "a port",
                    &row->destination_port) ||
        !read_small(words, VW_FLOW_FIELD_TCP_FLAGS, 255, "TCP flags from 0 to 255",
                    &row->tcp_flags))
        return false;
    row->protocol = protocol;
    if (protocol == ICMP || protocol == ICMPV6)
        row->source_port = row->destination_port = VW_UNRECORDED;
    if (protocol != TCP && protocol != VW_UNRECORDED)
        row->tcp_flags = VW_UNRECORDED;
    return true;
}

static bool read_window(const struct words *words, struct vw_flow_record *record)
{
    struct vw_observation *row = &record->row;
    int64_t version = 0;
    struct vw_slice end;

    if (!read_number(words, VW_FLOW_FIELD_VERSION, 999, "a version", &version) ||
        !read_time(words, VW_FLOW_FIELD_START, &row->first) ||
        !read_time(words, VW_FLOW_FIELD_END, &row->last))
        return false;
    record->has_window = row->first != VW_TIME_UNKNOWN && row->last != VW_TIME_UNKNOWN;
    if (record->has_window && row->last < row->first &&
        word_of(words, VW_FLOW_FIELD_END, &end))
        return fail(words, VW_FLOW_FIELD_END, "a time not before the start", end);
    if (row->first == VW_TIME_UNKNOWN)
        row->first = row->last;
    if (row->last == VW_TIME_UNKNOWN)
        row->last = row->first;
    return true;
}

static bool read_counts(const struct words *words, struct vw_observation *row)
{
    return read_number(words, VW_FLOW_FIELD_PACKETS, INT64_MAX, "a number of packets",
                       &row->packets) &&
           read_number(words, VW_FLOW_FIELD_BYTES, INT64_MAX, "a number of bytes",
                       &row->bytes);
}

bool vw_flow_record_read(const struct vw_flow_format *format, struct vw_slice line,
                         struct vw_flow_record *ret, struct vw_flow_fault *ret_fault)
{
    struct words words;

    words.format = format;
    words.fault = ret_fault;
    split(line, &words);
    ret->row = vw_observation_empty(VW_EVIDENCE_FLOW_LOG);
    ret->vantage = (struct vw_slice){NULL, 0};
    if (words.count != format->columns) {
        *ret_fault = (struct vw_flow_fault){.columns = words.count};
        return false;
    }
    return read_vantage(&words, &ret->vantage) && read_status(&words, ret) &&
           read_window(&words, ret) && read_addresses(&words, &ret->row) &&
           read_protocol(&words, &ret->row) && read_decision(&words, &ret->row) &&
           read_counts(&words, &ret->row) && read_reason(&words, ret);
}

enum vw_flow_traffic vw_flow_stream_traffic(struct vw_slice stream)
{
    static const struct {
        const char *suffix;
        enum vw_flow_traffic traffic;
    } rows[] = {
        {"-all", VW_FLOW_TRAFFIC_ALL},
        {"-accept", VW_FLOW_TRAFFIC_ACCEPT},
        {"-reject", VW_FLOW_TRAFFIC_REJECT},
    };
    size_t i;

    if (!vw_slice_starts(stream, "eni-"))
        return VW_FLOW_TRAFFIC_UNKNOWN;
    for (i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t size = strlen(rows[i].suffix);
        if (stream.size > size &&
            memcmp(stream.data + stream.size - size, rows[i].suffix, size) == 0)
            return rows[i].traffic;
    }
    return VW_FLOW_TRAFFIC_UNKNOWN;
}

void vw_flow_prefix_take(struct vw_slice *line, int64_t *ret_time,
                         struct vw_slice *ret_stream)
{
    struct vw_slice rest = *line, word;
    int64_t time;

    *ret_time = VW_TIME_UNKNOWN;
    *ret_stream = (struct vw_slice){NULL, 0};
    if (rest.size < 20 || rest.data[4] != '-' || rest.data[10] != 'T')
        return;
    if (!vw_slice_word(&rest, &word) || !vw_time_parse(word, &time))
        return;
    *ret_time = time;
    *line = vw_slice_trim(rest);
    rest = *line;
    if (vw_slice_word(&rest, &word) &&
        vw_flow_stream_traffic(word) != VW_FLOW_TRAFFIC_UNKNOWN) {
        *ret_stream = word;
        *line = vw_slice_trim(rest);
    }
}
