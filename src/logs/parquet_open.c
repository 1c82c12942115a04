/*
 * Opening a Parquet file; see parquet.h. It ends with its description, the description's
 * size in four bytes, and the letters it began with.
 */
#include <errno.h>
#include <string.h>

#include "base/memory.h"
#include "logs/parquet_file.h"

enum { MAGIC = 4, TAIL = 8 };

bool vw_parquet_is(const char *bytes, size_t size)
{
    return size >= MAGIC &&
           (memcmp(bytes, "PAR1", MAGIC) == 0 || memcmp(bytes, "PARE", MAGIC) == 0);
}

static const struct {
    const char *name;
    bool is_read;
} codecs[] =
    {
#define VW_X(name, text, is_read) {text, is_read},
        VW_PARQUET_CODEC_LIST(VW_X)
#undef VW_X
},
  encodings[] = {
#define VW_X(name, text, is_read) {text, is_read},
      VW_PARQUET_ENCODING_LIST(VW_X)
#undef VW_X
};

const char *vw_parquet_codec_refused(int64_t codec)
{
    if (codec < 0 || codec >= VW_PARQUET_CODEC_COUNT)
        return "an unknown codec";
    return codecs[codec].is_read ? NULL : codecs[codec].name;
}

const char *vw_parquet_encoding_name(int64_t encoding)
{
    if (encoding < 0 || encoding >= VW_PARQUET_ENCODING_COUNT)
        return "an unknown encoding";
    return encodings[encoding].name;
}

const char *vw_parquet_encoding_refused(int64_t encoding)
{
    if (encoding >= 0 && encoding < VW_PARQUET_ENCODING_COUNT &&
        encodings[encoding].is_read)
        return NULL;
    return vw_parquet_encoding_name(encoding);
}

int vw_parquet_damaged(const struct vw_parquet_source *source,
                       struct vw_diagnostics *diagnostics, const char *what)
{
    vw_diagnose(diagnostics, VW_SEVERITY_ERROR, "damaged-parquet",
                (struct vw_place){.file = source->path}, "cannot be read as Parquet: %s",
                what);
    return VW_ERROR_INPUT;
}

int vw_parquet_read(const struct vw_parquet_source *source, uint64_t offset, void *buffer,
                    size_t size, size_t *ret_size)
{
    if (source->stored)
        return vw_stored_read(source->stored, offset, buffer, size, ret_size);
    if (offset > source->size)
        offset = source->size;
    if (size > source->size - offset)
        size = (size_t)(source->size - offset);
    memcpy(buffer, source->bytes + offset, size);
    *ret_size = size;
    return 0;
}

static uint32_t little_endian(const unsigned char *bytes)
{
    return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
           (uint32_t)bytes[3] << 24;
}

/* The size of the description. */
static int read_tail(const struct vw_parquet_source *source,
                     struct vw_diagnostics *diagnostics, uint64_t *ret_size)
{
    unsigned char tail[TAIL];
    uint64_t size;
    size_t got = 0;

    if (source->size < MAGIC + TAIL ||
        vw_parquet_read(source, source->size - TAIL, tail, TAIL, &got) != 0 || got < TAIL)
        return vw_parquet_damaged(source, diagnostics, "it is cut short");
    if (memcmp(tail + MAGIC, "PARE", MAGIC) == 0)
        return vw_parquet_damaged(source, diagnostics, "it is encrypted");
    if (memcmp(tail + MAGIC, "PAR1", MAGIC) != 0)
        return vw_parquet_damaged(source, diagnostics,
                                  "it does not end with PAR1: it is cut short, or "
                                  "something stands behind it");
    size = little_endian(tail);
    if (size > source->size - MAGIC - TAIL)
        return vw_parquet_damaged(source, diagnostics,
                                  "its description is larger than the file");
    if (size > VW_PARQUET_FOOTER_MAX)
        return vw_parquet_damaged(source, diagnostics,
                                  "its description has more than 64 MB");
    *ret_size = size;
    return 0;
}

static int read_footer(struct vw_parquet_file *file, struct vw_diagnostics *diagnostics)
{
    const struct vw_parquet_source *source = &file->source;
    struct vw_thrift thrift;
    unsigned char *bytes;
    uint64_t size;
    size_t got = 0;
    int error = read_tail(source, diagnostics, &size);

    if (error)
        return error;
    bytes = vw_realloc(NULL, 1, size > 0 ? (size_t)size : 1);
    if (!bytes)
        return VW_ERROR_NO_MEMORY;
    if (vw_parquet_read(source, source->size - TAIL - size, bytes, (size_t)size, &got) !=
            0 ||
        got < size) {
        error = vw_parquet_damaged(source, diagnostics, "it is cut short");
    } else {
        thrift = (struct vw_thrift){.at = bytes, .left = (size_t)size};
        error = vw_parquet_describe(file, &thrift, diagnostics);
    }
    vw_free(bytes);
    return error;
}

int vw_parquet_open(const struct vw_parquet_source *source,
                    struct vw_diagnostics *diagnostics, struct vw_parquet **ret_parquet)
{
    struct vw_parquet_file *file = vw_calloc(1, sizeof *file);
    int error;

    if (!file)
        return VW_ERROR_NO_MEMORY;
    file->source = *source;
    error = read_footer(file, diagnostics);
    if (error) {
        vw_parquet_close(&file->shown);
        return error;
    }
    *ret_parquet = &file->shown;
    return 0;
}

/* vw_parquet is the first member of what it is a part of. */
void vw_parquet_close(struct vw_parquet *parquet)
{
    struct vw_parquet_file *file = (struct vw_parquet_file *)(void *)parquet;

    if (!file)
        return;
    vw_arena_free(&file->arena);
    vw_free(file);
}

int vw_parquet_accept(const struct vw_parquet *parquet, const bool *wanted,
                      struct vw_diagnostics *diagnostics)
{
    const struct vw_parquet_file *file = (const void *)parquet;
    int error = 0;
    size_t i;

    for (i = 0; i < parquet->column_count; i++) {
        if (wanted[i] && parquet->columns[i].refused) {
            vw_diagnose(diagnostics, VW_SEVERITY_ERROR, "unsupported-parquet",
                        (struct vw_place){.file = file->source.path},
                        "column %s: %s is not read", parquet->columns[i].name,
                        parquet->columns[i].refused);
            error = VW_ERROR_INPUT;
        }
    }
    return error;
}
