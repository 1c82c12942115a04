/* Writes a partial table; the layout is in flow_partial.h. */
#include "evidence/flow_partial.h"

#include <string.h>

#include <vpcwhy/error.h>

enum { BUFFER = 16384 };

struct writer {
    FILE *out;
    struct vw_sha256 hash;
    size_t used;
    unsigned char buffer[BUFFER];
};

static void flush(struct writer *writer)
{
    vw_sha256_add(&writer->hash, writer->buffer, writer->used);
    fwrite(writer->buffer, 1, writer->used, writer->out);
    writer->used = 0;
}

static void put(struct writer *writer, const void *data, size_t size)
{
    const unsigned char *from = data;

    while (size > 0) {
        size_t room = BUFFER - writer->used, some = size < room ? size : room;

        memcpy(writer->buffer + writer->used, from, some);
        writer->used += some;
        from += some;
        size -= some;
        if (writer->used == BUFFER)
            flush(writer);
    }
}

static void put_number(struct writer *writer, uint64_t value, size_t size)
{
    unsigned char bytes[8];
    size_t i;

    for (i = 0; i < size; i++, value >>= 8)
        bytes[i] = (unsigned char)(value & 0xff);
    put(writer, bytes, size);
}

static void put_u32(struct writer *writer, uint32_t value)
{
    put_number(writer, value, 4);
}

static void put_u64(struct writer *writer, uint64_t value)
{
    put_number(writer, value, 8);
}

static void put_head(struct writer *writer, const struct vw_flow_table *table,
                     const struct vw_flow_inputs *inputs,
                     const struct vw_flow_partial *partial)
{
    put(writer, VW_FLOW_PARTIAL_MAGIC, 8);
    put_u32(writer, VW_FLOW_PARTIAL_VERSION);
    put_u32(writer, 0);
    put_u64(writer, (uint64_t)partial->since);
    put_u64(writer, (uint64_t)partial->until);
    put_u64(writer, partial->no_data);
    put_u64(writer, partial->skip_data);
    put_u64(writer, partial->damaged);
    put_u64(writer, inputs->items.count);
    put_u64(writer, table->names.texts.count);
    put_u64(writer, table->names.wides.count);
    put_u64(writer, vw_flow_table_count(table));
}

static void put_names(struct writer *writer, const struct vw_flow_names *names)
{
    size_t i;

    for (i = 0; i < names->texts.count; i++) {
        size_t size = strlen(names->texts.items[i]);

        put_number(writer, size, 1);
        put(writer, names->texts.items[i], size);
    }
    for (i = 0; i < names->wides.count; i++) {
        put_u64(writer, names->wides.items[i].high);
        put_u64(writer, names->wides.items[i].low);
    }
}

static void put_inputs(struct writer *writer, const struct vw_flow_inputs *inputs)
{
    size_t i;

    for (i = 0; i < inputs->items.count; i++) {
        const struct vw_flow_input *input = &inputs->items.items[i];
        size_t size = strlen(input->path);
        char digest[VW_SHA256_TEXT];

        memset(digest, ' ', sizeof digest);
        memcpy(digest, input->digest, strlen(input->digest));
        put_u32(writer, (uint32_t)size);
        put(writer, input->path, size);
        put(writer, digest, sizeof digest - 1);
    }
}

static void put_key(struct writer *writer, const struct vw_flow_key *key)
{
    size_t i;

    for (i = 0; i < 4; i++)
        put_u32(writer, key->addresses[i]);
    put_u32(writer, key->vantage);
    put_number(writer, key->source_port, 2);
    put_number(writer, key->destination_port, 2);
    put_number(writer, key->protocol, 1);
    put_number(writer, key->families, 1);
    put_number(writer, key->action, 1);
    put_number(writer, key->told, 1);
}

static void put_row(struct writer *writer, const struct vw_flow_row *row,
                    const struct vw_flow_extra *extra)
{
    size_t i;

    put_key(writer, &row->key);
    put_number(writer, (uint16_t)row->tcp_flags, 2);
    put_number(writer, row->traffic_paths, 2);
    put_u64(writer, (uint64_t)row->first);
    put_u64(writer, (uint64_t)row->last);
    put_u64(writer, row->records);
    put_u64(writer, (uint64_t)row->packets);
    put_u64(writer, (uint64_t)row->bytes);
    put_number(writer, extra != NULL, 1);
    if (!extra)
        return;
    put_u32(writer, extra->reject_reason);
    put_u32(writer, extra->next_hop);
    for (i = 0; i < VW_LOST_COUNT; i++)
        put_u64(writer, (uint64_t)extra->lost[i]);
}

static void put_rows(struct writer *writer, const struct vw_flow_table *table)
{
    uint32_t shard, i, ref;

    for (shard = 0; shard < VW_FLOW_SHARDS; shard++) {
        for (i = 0; i < table->shards[shard].count; i++) {
            ref = VW_FLOW_REF(shard, i);
            put_row(writer, vw_flow_table_row(table, ref),
                    vw_flow_table_extra(table, ref));
        }
    }
}

int vw_flow_partial_write(const struct vw_flow_table *table,
                          const struct vw_flow_inputs *inputs,
                          const struct vw_flow_partial *partial, FILE *out)
{
    struct writer writer = {.out = out, .used = 0};
    char digest[VW_SHA256_TEXT];

    vw_sha256_start(&writer.hash);
    put_head(&writer, table, inputs, partial);
    put_inputs(&writer, inputs);
    put_names(&writer, &table->names);
    put_rows(&writer, table);
    flush(&writer);
    vw_sha256_finish(&writer.hash, digest);
    fwrite(digest, 1, sizeof digest - 1, out);
    return fflush(out) || ferror(out) ? VW_ERROR_OUTPUT : 0;
}
