/*
 * Reads a partial table; the layout is in flow_partial.h. Nothing in the file is believed:
 * every number is held against what it may be, lists grow as they are read, and the
 * checksum at the end is of all that was taken.
 */
#include "evidence/flow_partial.h"

#include <string.h>

#include <vpcwhy/error.h>

#include "base/input.h"
#include "base/memory.h"

enum { BUFFER = 65536, PATH_MAX_SIZE = 4096, TCP_FLAGS_MAX = 255, FAMILY_IPV6 = 2 };

struct reader {
    struct vw_flow_table *table;
    struct vw_flow_inputs *inputs_known;
    struct vw_flow_partial partial;
    struct vw_diagnostics *diagnostics;
    const char *path;
    struct vw_input *input;
    struct vw_sha256 hash;
    uint64_t offset; /* of the next byte */
    int error;       /* the first one; nothing is read after it */
    size_t at, size;
    unsigned char buffer[BUFFER];
    uint64_t inputs, texts, wides, rows;
    struct numbers VW_ARRAY(uint32_t) text_numbers, wide_numbers; /* of the table */
    struct vw_flow_worker flows;
};

static void damaged(struct reader *reader, const char *what)
{
    if (reader->error)
        return;
    vw_diagnose(reader->diagnostics, VW_SEVERITY_ERROR, "damaged-partial",
                (struct vw_place){.file = reader->path},
                "is damaged at byte %llu: %s; make it again",
                (unsigned long long)reader->offset, what);
    reader->error = VW_ERROR_INPUT;
}

/* The next `size` bytes; zeros after a fault. */
static void take_raw(struct reader *reader, void *ret, size_t size)
{
    unsigned char *to = ret;

    memset(ret, 0, size);
    while (size > 0 && !reader->error) {
        size_t some;

        if (reader->at == reader->size) {
            reader->at = 0;
            reader->error =
                vw_input_read(reader->input, reader->buffer, BUFFER, &reader->size);
            if (!reader->error && reader->size == 0)
                damaged(reader, "the file ends here");
            continue;
        }
        some = reader->size - reader->at < size ? reader->size - reader->at : size;
        memcpy(to, reader->buffer + reader->at, some);
        reader->at += some;
        reader->offset += some;
        to += some;
        size -= some;
    }
}

static void take(struct reader *reader, void *ret, size_t size)
{
    take_raw(reader, ret, size);
    vw_sha256_add(&reader->hash, ret, size);
}

static uint64_t take_number(struct reader *reader, size_t size)
{
    unsigned char bytes[8];
    uint64_t value = 0;

    take(reader, bytes, size);
    while (size-- > 0)
        value = value << 8 | bytes[size];
    return value;
}

static uint64_t take_u64(struct reader *reader)
{
    return take_number(reader, 8);
}

static int64_t take_i64(struct reader *reader)
{
    return (int64_t)take_number(reader, 8);
}

static uint32_t take_u32(struct reader *reader)
{
    return (uint32_t)take_number(reader, 4);
}

static void read_head(struct reader *reader)
{
    struct vw_flow_partial *partial = &reader->partial;
    char magic[8];
    uint32_t version;

    take(reader, magic, sizeof magic);
    version = take_u32(reader);
    if (reader->error || memcmp(magic, VW_FLOW_PARTIAL_MAGIC, sizeof magic) != 0) {
        vw_diagnose(reader->diagnostics, VW_SEVERITY_ERROR, "not-partial",
                    (struct vw_place){.file = reader->path},
                    "is no partial table of flows; expected a file that vpcwhy flows "
                    "--partial wrote");
        reader->error = VW_ERROR_INPUT;
        return;
    }
    if (version != VW_FLOW_PARTIAL_VERSION) {
        vw_diagnose(reader->diagnostics, VW_SEVERITY_ERROR, "partial-version",
                    (struct vw_place){.file = reader->path},
                    "is a partial table of version %lu; this program reads version %d",
                    (unsigned long)version, VW_FLOW_PARTIAL_VERSION);
        reader->error = VW_ERROR_INPUT;
        return;
    }
    if (take_u32(reader) != 0)
        damaged(reader, "expected a zero");
    partial->since = take_i64(reader);
    partial->until = take_i64(reader);
    partial->no_data = take_u64(reader);
    partial->skip_data = take_u64(reader);
    partial->damaged = take_u64(reader);
    reader->inputs = take_u64(reader);
    reader->texts = take_u64(reader);
    reader->wides = take_u64(reader);
    reader->rows = take_u64(reader);
}

static void read_input(struct reader *reader)
{
    char path[PATH_MAX_SIZE + 1], digest[VW_SHA256_TEXT];
    uint32_t size = take_u32(reader);

    if (size == 0 || size > PATH_MAX_SIZE) {
        damaged(reader, "expected the size of a path");
        return;
    }
    take(reader, path, size);
    path[size] = '\0';
    take(reader, digest, sizeof digest - 1);
    digest[sizeof digest - 1] = '\0';
    digest[strspn(digest, "0123456789abcdef")] = '\0';
    if (memchr(path, '\0', size) || (*digest && strlen(digest) != sizeof digest - 1))
        damaged(reader, "expected a path and a digest");
    if (!reader->error)
        reader->error = vw_flow_inputs_add(reader->inputs_known, path, digest,
                                           reader->path, reader->diagnostics);
}

static void read_text(struct reader *reader)
{
    size_t size = (size_t)take_number(reader, 1), i;
    char text[VW_FLOW_TEXT_MAX];
    uint32_t number = 0;

    if (size == 0 || size >= sizeof text) {
        damaged(reader, "expected the size of a text");
        return;
    }
    take(reader, text, size);
    for (i = 0; i < size; i++)
        if (text[i] <= ' ' || text[i] > '~')
            damaged(reader, "expected an id");
    if (!reader->error)
        reader->error = vw_flow_names_text(&reader->table->names, &reader->flows.recent,
                                           (struct vw_slice){text, size}, &number);
    if (!reader->error && vw_array_push(&reader->text_numbers, number))
        reader->error = VW_ERROR_NO_MEMORY;
}

static void read_wide(struct reader *reader)
{
    struct vw_flow_wide wide;
    uint32_t number = 0;

    wide.high = take_u64(reader);
    wide.low = take_u64(reader);
    if (!reader->error)
        reader->error = vw_flow_names_wide(&reader->table->names, &reader->flows.recent,
                                           wide, &number);
    if (!reader->error && vw_array_push(&reader->wide_numbers, number))
        reader->error = VW_ERROR_NO_MEMORY;
}

static uint32_t take_text(struct reader *reader)
{
    uint32_t number = take_u32(reader);

    if (number > reader->text_numbers.count) {
        damaged(reader, "expected the number of a text");
        return 0;
    }
    return number && !reader->error ? reader->text_numbers.items[number - 1] : 0;
}

/* Numbers of addresses become the table's. */
static void check_addresses(struct reader *reader, struct vw_flow_key *key)
{
    unsigned i;

    for (i = 0; i < 4; i++) {
        unsigned family = key->families >> (2 * i) & 3;

        if (family > FAMILY_IPV6 || (family == 0 && key->addresses[i] != 0) ||
            (family == FAMILY_IPV6 && key->addresses[i] >= reader->wide_numbers.count))
            damaged(reader, "expected an address");
        else if (family == FAMILY_IPV6 && !reader->error)
            key->addresses[i] = reader->wide_numbers.items[key->addresses[i]];
    }
}

static void read_key(struct reader *reader, struct vw_flow_key *key)
{
    size_t i;

    for (i = 0; i < 4; i++)
        key->addresses[i] = take_u32(reader);
    key->vantage = take_text(reader);
    key->source_port = (uint16_t)take_number(reader, 2);
    key->destination_port = (uint16_t)take_number(reader, 2);
    key->protocol = (uint8_t)take_number(reader, 1);
    key->families = (uint8_t)take_number(reader, 1);
    key->action = (uint8_t)take_number(reader, 1);
    key->told = (uint8_t)take_number(reader, 1);
    check_addresses(reader, key);
    if (key->action > VW_FLOW_ACTION_REJECT ||
        (key->told & 3) > VW_FLOW_DIRECTION_INGRESS ||
        key->told >= VW_FLOW_HAS_PROTOCOL * 2 ||
        (!(key->told & VW_FLOW_HAS_SOURCE_PORT) && key->source_port) ||
        (!(key->told & VW_FLOW_HAS_DESTINATION_PORT) && key->destination_port) ||
        (!(key->told & VW_FLOW_HAS_PROTOCOL) && key->protocol))
        damaged(reader, "expected an action, a direction, ports and a protocol");
}

static void read_extra(struct reader *reader, struct vw_flow_extra *extra)
{
    size_t i;

    extra->reject_reason = take_text(reader);
    extra->next_hop = take_text(reader);
    for (i = 0; i < VW_LOST_COUNT; i++) {
        extra->lost[i] = take_i64(reader);
        if (extra->lost[i] < VW_UNRECORDED)
            damaged(reader, "expected a number of lost packets");
    }
}

static void read_row(struct reader *reader)
{
    struct vw_flow_row row = {.witness = UINT64_MAX};
    struct vw_flow_extra extra = {0};
    uint64_t has_extra;

    read_key(reader, &row.key);
    row.direction = row.key.told & 3;
    row.tcp_flags = (int16_t)take_number(reader, 2);
    row.traffic_paths = (uint16_t)take_number(reader, 2);
    row.first = take_i64(reader);
    row.last = take_i64(reader);
    row.records = take_u64(reader);
    row.packets = take_i64(reader);
    row.bytes = take_i64(reader);
    has_extra = take_number(reader, 1);
    if (row.tcp_flags < VW_UNRECORDED || row.tcp_flags > TCP_FLAGS_MAX ||
        row.first > row.last || row.records == 0 || row.packets < VW_UNRECORDED ||
        row.bytes < VW_UNRECORDED || has_extra > 1)
        damaged(reader, "expected flags, times and counts");
    if (has_extra)
        read_extra(reader, &extra);
    if (!reader->error)
        reader->error = vw_flow_table_add_row(reader->table, &reader->flows, &row,
                                              has_extra ? &extra : NULL);
}

static void check_end(struct reader *reader)
{
    char expected[VW_SHA256_TEXT], found[VW_SHA256_TEXT - 1], more[1];
    size_t size = 0;

    vw_sha256_finish(&reader->hash, expected);
    take_raw(reader, found, sizeof found);
    if (!reader->error && memcmp(expected, found, sizeof found) != 0)
        damaged(reader, "its checksum does not fit");
    if (!reader->error && reader->at == reader->size)
        reader->error = vw_input_read(reader->input, more, sizeof more, &size);
    if (!reader->error && (reader->at < reader->size || size > 0))
        damaged(reader, "expected the end of the file");
}

static int read_all(struct reader *reader)
{
    uint64_t i;

    vw_sha256_start(&reader->hash);
    read_head(reader);
    for (i = 0; i < reader->inputs && !reader->error; i++)
        read_input(reader);
    for (i = 0; i < reader->texts && !reader->error; i++)
        read_text(reader);
    for (i = 0; i < reader->wides && !reader->error; i++)
        read_wide(reader);
    for (i = 0; i < reader->rows && !reader->error; i++)
        read_row(reader);
    if (!reader->error)
        check_end(reader);
    if (!reader->error)
        reader->error = vw_flow_table_flush(reader->table, &reader->flows);
    return reader->error;
}

int vw_flow_partial_read(struct vw_flow_table *table, struct vw_flow_inputs *inputs,
                         const char *path, struct vw_diagnostics *diagnostics,
                         struct vw_flow_partial *ret)
{
    struct reader *reader = vw_calloc(1, sizeof *reader);
    int error;

    if (!reader)
        return VW_ERROR_NO_MEMORY;
    reader->table = table;
    reader->inputs_known = inputs;
    reader->path = path;
    reader->diagnostics = diagnostics;
    error = vw_input_open(path, diagnostics, &reader->input);
    if (!error)
        error = read_all(reader);
    if (!error)
        *ret = reader->partial;
    vw_input_close(reader->input);
    vw_array_free(&reader->text_numbers);
    vw_array_free(&reader->wide_numbers);
    vw_free(reader);
    return error;
}
