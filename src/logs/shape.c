/* What a file holds is told by its first bytes, never by its name. */
#include "logs/reader.h"

#include <string.h>

static bool starts(struct vw_slice head, const char *bytes, size_t size)
{
    return head.size >= size && memcmp(head.data, bytes, size) == 0;
}

/* Files that are taken for logs by mistake. */
static const struct {
    const char *bytes;
    size_t size;
    const char *why;
} others[] = {
    {"\xff\xfe", 2, "holds UTF-16 text; expected UTF-8"},
    {"\xfe\xff", 2, "holds UTF-16 text; expected UTF-8"},
    {"PK\x03\x04", 4, "is a zip archive; expected the files in it"},
    {"BZh", 3, "is compressed with bzip2; expected gzip, zstd or plain"},
    {"\xfd"
     "7zXZ",
     5, "is compressed with xz; expected gzip, zstd or plain"},
    {"\x04\x22\x4d\x18", 4, "is compressed with lz4; expected gzip, zstd or plain"},
    {"\xd4\xc3\xb2\xa1", 4, "is a packet capture; expected a flow log"},
    {"\xa1\xb2\xc3\xd4", 4, "is a packet capture; expected a flow log"},
    {"\x4d\x3c\xb2\xa1", 4, "is a packet capture; expected a flow log"},
    {"\x0a\x0d\x0d\x0a", 4, "is a packet capture; expected a flow log"},
    {"ORC", 3, "is an ORC file; expected text, JSON or Parquet"},
    {"Obj\x01", 4, "is an Avro file; expected text, JSON or Parquet"},
    {"SQLite format 3", 15, "is an SQLite database; expected a flow log"},
    {"%PDF", 4, "is a PDF document; expected a flow log"},
    {"\x7f"
     "ELF",
     4, "is a program; expected a flow log"},
    {"<!DOCTYPE", 9, "is an HTML page; expected a flow log"},
    {"<html", 5, "is an HTML page; expected a flow log"},
    {"<?xml", 5, "is XML; expected a flow log"},
};

/* A byte that no text has. */
static bool is_binary(struct vw_slice head)
{
    size_t i;

    for (i = 0; i < head.size; i++) {
        unsigned char c = (unsigned char)head.data[i];

        if (c < ' ' && c != '\n' && c != '\r' && c != '\t' && c != '\f' && c != 0x1b)
            return true;
    }
    return false;
}

enum vw_log_shape vw_log_shape_of(struct vw_slice head, const char **ret_why)
{
    size_t i;

    for (i = 0; i < sizeof others / sizeof *others; i++) {
        if (starts(head, others[i].bytes, others[i].size)) {
            *ret_why = others[i].why;
            return VW_LOG_SHAPE_REFUSED;
        }
    }
    if (starts(head, "\xef\xbb\xbf", 3))
        head = (struct vw_slice){head.data + 3, head.size - 3};
    head = vw_slice_trim(head);
    if (vw_slice_is(head, "Permission Check Successful"))
        return VW_LOG_SHAPE_NOTHING;
    if (is_binary((struct vw_slice){head.data, head.size < 4096 ? head.size : 4096})) {
        *ret_why = "holds binary data; expected a flow log";
        return VW_LOG_SHAPE_REFUSED;
    }
    return VW_LOG_SHAPE_TEXT;
}
