/* What the parts of the Parquet reader share; everyone else reads parquet.h. */
#ifndef VW_LOGS_PARQUET_FILE_H
#define VW_LOGS_PARQUET_FILE_H

#include <vpcwhy/error.h>

#include "base/arena.h"
#include "logs/parquet.h"
#include "logs/thrift.h"

/* Compression codecs, as the format numbers them. */
#define VW_PARQUET_CODEC_LIST(X)                                                         \
    X(VW_PARQUET_UNCOMPRESSED, "UNCOMPRESSED", true)                                     \
    X(VW_PARQUET_SNAPPY, "SNAPPY", true)                                                 \
    X(VW_PARQUET_GZIP, "GZIP", true)                                                     \
    X(VW_PARQUET_LZO, "LZO", false)                                                      \
    X(VW_PARQUET_BROTLI, "BROTLI", false)                                                \
    X(VW_PARQUET_LZ4, "LZ4", false)                                                      \
    X(VW_PARQUET_ZSTD, "ZSTD", true)                                                     \
    X(VW_PARQUET_LZ4_RAW, "LZ4_RAW", false)

enum vw_parquet_codec {
#define VW_X(name, text, is_read) name,
    VW_PARQUET_CODEC_LIST(VW_X)
#undef VW_X
        VW_PARQUET_CODEC_COUNT
};

/* Encodings; BIT_PACKED is one of levels only. */
#define VW_PARQUET_ENCODING_LIST(X)                                                      \
    X(VW_PARQUET_PLAIN, "PLAIN", true)                                                   \
    X(VW_PARQUET_GROUP_VAR_INT, "GROUP_VAR_INT", false)                                  \
    X(VW_PARQUET_PLAIN_DICTIONARY, "PLAIN_DICTIONARY", true)                             \
    X(VW_PARQUET_RLE, "RLE", true)                                                       \
    X(VW_PARQUET_BIT_PACKED, "BIT_PACKED", true)                                         \
    X(VW_PARQUET_DELTA_BINARY_PACKED, "DELTA_BINARY_PACKED", false)                      \
    X(VW_PARQUET_DELTA_LENGTH_BYTE_ARRAY, "DELTA_LENGTH_BYTE_ARRAY", false)              \
    X(VW_PARQUET_DELTA_BYTE_ARRAY, "DELTA_BYTE_ARRAY", false)                            \
    X(VW_PARQUET_RLE_DICTIONARY, "RLE_DICTIONARY", true)                                 \
    X(VW_PARQUET_BYTE_STREAM_SPLIT, "BYTE_STREAM_SPLIT", false)

enum vw_parquet_encoding {
#define VW_X(name, text, is_read) name,
    VW_PARQUET_ENCODING_LIST(VW_X)
#undef VW_X
        VW_PARQUET_ENCODING_COUNT
};

/* The name of a codec, encoding or type that is not read; NULL where it is. Of numbers
 * that nobody has given a name yet: "an unknown codec". */
const char *vw_parquet_codec_refused(int64_t codec);
const char *vw_parquet_encoding_refused(int64_t encoding);
const char *vw_parquet_encoding_name(int64_t encoding);

/* One column of one row group. */
struct vw_parquet_chunk {
    uint64_t offset; /* of its first page in the file */
    uint64_t size;   /* with all page headers */
    enum vw_parquet_codec codec;
};

/* What vw_parquet_open makes. */
struct vw_parquet_file {
    struct vw_parquet shown; /* first: it is what others have a pointer to */
    struct vw_parquet_source source;
    struct vw_arena arena;
    struct vw_parquet_column *columns;
    struct vw_parquet_group *groups;
    struct vw_parquet_chunk *chunks; /* [group * column_count + column] */
};

/* As vw_stored_read, wherever the bytes are. */
int vw_parquet_read(const struct vw_parquet_source *source, uint64_t offset, void *buffer,
                    size_t size, size_t *ret_size);

/* Says what is wrong with the file; returns VW_ERROR_INPUT. */
int vw_parquet_damaged(const struct vw_parquet_source *source,
                       struct vw_diagnostics *diagnostics, const char *what);

/* The file's description, of `thrift`, into `file`; a failure is said. */
int vw_parquet_describe(struct vw_parquet_file *file, struct vw_thrift *thrift,
                        struct vw_diagnostics *diagnostics);

/* The schema: its leaves become the file's columns. 0, VW_ERROR_LIMIT (too many),
 * VW_ERROR_INPUT (nothing was said) or VW_ERROR_NO_MEMORY. */
int vw_parquet_schema(struct vw_parquet_file *file, struct vw_thrift *thrift,
                      unsigned type);

#endif
