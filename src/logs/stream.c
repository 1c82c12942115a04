/* The bytes of a file in pieces that end with a line. */
#include <string.h>

#include "logs/reader.h"

/* Bytes behind a piece that hold the end of its last line, mostly. */
enum { TAIL = 1024 };

/* Up to `size` bytes at `offset`, fewer at the end of the file. */
static size_t read_at(struct vw_log_source *source, char *buffer, size_t size,
                      uint64_t offset)
{
    size_t got = 0;
    int why = vw_stored_read(&source->stored, offset, buffer, size, &got);

    if (why)
        vw_log_say(source, VW_SEVERITY_ERROR, "unreadable-file", 0, "cannot be read: %s",
                   strerror(why));
    return why ? 0 : got;
}

/* Drops the rest of a line that was cut: whether more of it is to come. */
static bool drop_rest(char *buffer, size_t *size)
{
    const char *lf = memchr(buffer, '\n', *size);
    size_t rest = lf ? *size - (size_t)(lf + 1 - buffer) : 0;

    if (rest > 0)
        memmove(buffer, lf + 1, rest);
    *size = rest;
    return !lf;
}

void vw_log_untab(const struct vw_log_source *source, char *data, size_t size)
{
    size_t i;

    for (i = 0; source->has_tabs && i < size; i++)
        if (data[i] == '\t')
            data[i] = '\n';
}

int vw_log_stream_read(struct vw_log_source *source, char *buffer, size_t size,
                       size_t *ret_size)
{
    int error = 0;

    *ret_size = 0;
    if (source->stored.descriptor >= 0) {
        *ret_size = read_at(source, buffer, size, source->offset);
        source->offset += *ret_size;
    } else {
        error = vw_input_read(source->input, buffer, size, ret_size);
    }
    if (error || *ret_size == 0)
        source->at_end = true;
    vw_log_untab(source, buffer, *ret_size);
    return error == VW_ERROR_INPUT ? 0 : error;
}

int vw_log_stream_fill(struct vw_log_source *source, char *buffer, size_t *size)
{
    while (*size < VW_LOG_PIECE && !source->at_end) {
        size_t got;
        int error =
            vw_log_stream_read(source, buffer + *size, VW_LOG_PIECE - *size, &got);

        if (error)
            return error;
        *size += got;
        if (source->is_long)
            source->is_long = drop_rest(buffer, size);
    }
    return 0;
}

size_t vw_log_stream_lines(struct vw_log_source *source, const char *buffer, size_t size)
{
    size_t end = size;

    if (source->at_end)
        return size;
    while (end > 0 && buffer[end - 1] != '\n')
        end--;
    if (end > 0)
        return end;
    source->is_long = true;
    return size;
}

/* Behind the first line end at or behind `from`; SIZE_MAX where there is none. */
static size_t behind_line(const char *buffer, size_t from, size_t size)
{
    const char *lf = from < size ? memchr(buffer + from, '\n', size - from) : NULL;

    return lf ? (size_t)(lf - buffer) + 1 : SIZE_MAX;
}

void vw_log_range_read(struct vw_log_source *source, uint64_t offset, char *buffer,
                       size_t *ret_start, size_t *ret_size)
{
    size_t before = offset > 0, piece = before + VW_LOG_PIECE, start, end;
    size_t got = read_at(source, buffer, piece + TAIL, offset - before);

    vw_log_untab(source, buffer, got);
    end = got < piece ? got : behind_line(buffer, piece - 1, got);
    if (end == SIZE_MAX && got == piece + TAIL) {
        size_t more = VW_LOG_BUFFER - VW_LOG_MARGIN - got;

        more = read_at(source, buffer + got, more, offset - before + got);
        vw_log_untab(source, buffer + got, more);
        end = behind_line(buffer, got, got + more);
        got += more;
    }
    if (end == SIZE_MAX)
        end = got;
    start = before ? behind_line(buffer, 0, got) : 0;
    *ret_size = start < piece && start < end ? end - start : 0;
    *ret_start = *ret_size > 0 ? start : 0;
}
