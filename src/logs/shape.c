/* What a file holds is told by its first bytes, never by its name. */
#include <string.h>

#include "logs/csv.h"
#include "logs/events_text.h"
#include "logs/reader.h"
#include "logs/words.h"

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

/* Whether more than one byte of 32 is one that no text has: fewer are damage of a text. */
static bool is_binary(struct vw_slice head)
{
    size_t odd = 0, i;

    for (i = 0; i < head.size; i++) {
        unsigned char c = (unsigned char)head.data[i];

        odd += c < ' ' && c != '\n' && c != '\r' && c != '\t' && c != '\f' && c != 0x1b;
    }
    return odd * 32 > head.size;
}

/* Whether the name of a CSV column says what it is of: a field of flow logs or of Logs
 * Insights, or a function of its language. */
static bool is_known_name(struct vw_slice name)
{
    if (name.size == 0)
        return false;
    return vw_flow_field_find(name) != VW_FLOW_FIELD_COUNT || name.data[0] == '@' ||
           vw_slice_is(name, "timestamp") || vw_slice_is(name, "message") ||
           (name.data[name.size - 1] == ')' && memchr(name.data, '(', name.size));
}

static bool may_begin_name(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '@' || c == '"' ||
           c == '_';
}

/* A first line of names with commas between them, or of one that is quoted or begins with
 * '@'. */
static bool is_csv(struct vw_slice head, bool *ret_is_known)
{
    char line[4096];
    struct vw_slice names[VW_FLOW_COLUMNS_MAX];
    const char *lf = memchr(head.data, '\n', head.size);
    size_t size = lf ? (size_t)(lf - head.data) : head.size, count, i;

    *ret_is_known = false;
    if (size == 0 || size > sizeof line || !may_begin_name(head.data[0]))
        return false;
    if (!memchr(head.data, ',', size) && head.data[0] != '"' && head.data[0] != '@')
        return false;
    memcpy(line, head.data, size);
    count = vw_log_csv_cells(line, size, names, VW_FLOW_COLUMNS_MAX);
    for (i = 0; i < count && i < VW_FLOW_COLUMNS_MAX; i++)
        *ret_is_known |= is_known_name(names[i]);
    return true;
}

/* Words of the shortest record that is told from columns with tabs between them. */
enum { RECORD_WORDS = 4 };

bool vw_log_has_tabs(struct vw_slice head)
{
    const char *lf = memchr(head.data, '\n', head.size);
    struct vw_slice rest = {head.data, lf ? (size_t)(lf - head.data) : head.size};
    size_t parts = 0, words = 0;
    const char *tab;

    /* The last part may be cut where the head ends. */
    while ((tab = memchr(rest.data, '\t', rest.size))) {
        struct vw_slice part = {rest.data, (size_t)(tab - rest.data)};
        size_t count = vw_log_words(part, NULL, 0);

        if (count < RECORD_WORDS || (parts > 0 && count != words))
            return false;
        words = count;
        parts++;
        rest = (struct vw_slice){tab + 1, rest.size - part.size - 1};
    }
    return parts > 0 && (!lf || vw_log_words(rest, NULL, 0) == words);
}

static enum vw_log_shape shape_of_text(struct vw_slice head, const char **ret_why)
{
    bool is_known;

    if (vw_slice_starts(head, "{") || vw_slice_starts(head, "["))
        return VW_LOG_SHAPE_JSON;
    if (vw_log_is_events_text(head))
        return VW_LOG_SHAPE_EVENTS_TEXT;
    if (!is_csv(head, &is_known))
        return VW_LOG_SHAPE_TEXT;
    if (is_known)
        return VW_LOG_SHAPE_CSV;
    *ret_why = "is CSV of which no column is known; expected flow log fields, "
               "@timestamp or message";
    return VW_LOG_SHAPE_REFUSED;
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
    if (starts(head, "PAR1", 4))
        return VW_LOG_SHAPE_PARQUET;
    if (starts(head, "\xef\xbb\xbf", 3))
        head = (struct vw_slice){head.data + 3, head.size - 3};
    head = vw_slice_trim(head);
    if (vw_slice_is(head, "Permission Check Successful"))
        return VW_LOG_SHAPE_NOTHING;
    if (is_binary((struct vw_slice){head.data, head.size < 4096 ? head.size : 4096})) {
        *ret_why = "holds binary data; expected a flow log";
        return VW_LOG_SHAPE_REFUSED;
    }
    return shape_of_text(head, ret_why);
}
