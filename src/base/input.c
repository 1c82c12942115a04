/* Plain or gzip input in pieces; see input.h. */
#include "base/input.h"

#include "base/descriptor.h"
#include "base/memory.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

/* The buffer takes a line of the greatest length with its CRLF. */
enum { PIECE = 65536, BUFFER = VW_LINE_MAX + 2 };

struct vw_input {
    gzFile stream;  /* NULL: a plain file, read from `descriptor` */
    int descriptor; /* -1: the stream has it */
    struct vw_diagnostics *diagnostics;
    char *path;
    struct vw_sha256 hash;
    bool is_hashed;
    bool was_all_read;
    uint64_t line; /* number of the last line handed out */
    size_t start;  /* of the bytes not yet handed out in `buffer` */
    size_t end;
    bool at_end;
    bool in_long_line; /* the rest of a cut line is still to be dropped */
    char *buffer;      /* BUFFER bytes */
};

/* A regular file that does not begin as gzip does. zlib would pass it through, but not
 * without buffers and copies of its own. */
static bool is_plain(int descriptor)
{
    unsigned char magic[2];
    ssize_t got = pread(descriptor, magic, sizeof magic, 0);

    return got == 0 || got == 1 || (got == 2 && (magic[0] != 0x1f || magic[1] != 0x8b));
}

int vw_input_open(const char *path, struct vw_diagnostics *diagnostics,
                  struct vw_input **ret_input)
{
    struct vw_input *input;
    bool plain;
    int descriptor;
    struct stat status;
    int error = vw_descriptor_open(path, diagnostics, &descriptor, &status);

    if (error)
        return error;
    input = vw_calloc(1, sizeof *input);
    if (!input) {
        close(descriptor);
        return VW_ERROR_NO_MEMORY;
    }
    input->diagnostics = diagnostics;
    input->path = vw_calloc(1, strlen(path) + 1);
    input->descriptor = descriptor;
    plain = is_plain(descriptor);
    if (!plain)
        input->stream = gzdopen(descriptor, "rb");
    if (input->stream)
        input->descriptor = -1;
    if (!input->path || (!plain && !input->stream)) {
        vw_input_close(input);
        return VW_ERROR_NO_MEMORY;
    }
    memcpy(input->path, path, strlen(path) + 1);
    *ret_input = input;
    return 0;
}

void vw_input_close(struct vw_input *input)
{
    if (!input)
        return;
    if (input->stream)
        gzclose_r(input->stream);
    if (input->descriptor >= 0)
        close(input->descriptor);
    vw_free(input->path);
    vw_free(input->buffer);
    vw_free(input);
}

void vw_input_hash(struct vw_input *input)
{
    vw_sha256_start(&input->hash);
    input->is_hashed = true;
}

void vw_input_digest(struct vw_input *input, char ret_text[VW_SHA256_TEXT])
{
    if (input->is_hashed && input->was_all_read &&
        (!input->stream || gzdirect(input->stream)) && strcmp(input->path, "-") != 0)
        vw_sha256_finish(&input->hash, ret_text);
    else
        vw_sha256_file(input->path, ret_text);
    input->is_hashed = false;
}

/* As read, which a signal may interrupt. */
static int read_plain(int descriptor, void *buffer, size_t size)
{
    ssize_t got;

    do
        got = read(descriptor, buffer, size);
    while (got < 0 && errno == EINTR);
    return (int)got;
}

int vw_input_read(struct vw_input *input, void *buffer, size_t size, size_t *ret_size)
{
    size_t piece = size < PIECE ? size : PIECE;
    int status, got;

    errno = 0;
    got = input->stream ? gzread(input->stream, buffer, (unsigned)piece)
                        : read_plain(input->descriptor, buffer, piece);
    if (got > 0) {
        *ret_size = (size_t)got;
        if (input->is_hashed)
            vw_sha256_add(&input->hash, buffer, (size_t)got);
        return 0;
    }
    input->was_all_read = got == 0;
    if (input->stream)
        gzerror(input->stream, &status);
    else
        status = got == 0 ? Z_OK : Z_ERRNO;
    if (got == 0 && (status == Z_OK || status == Z_STREAM_END)) {
        *ret_size = 0;
        return 0;
    }
    if (status == Z_MEM_ERROR)
        return VW_ERROR_NO_MEMORY;
    if (status == Z_ERRNO)
        return vw_unreadable(input->diagnostics, input->path,
                             strerror(errno ? errno : EIO));
    return vw_unreadable(input->diagnostics, input->path,
                         status == Z_BUF_ERROR ? "the gzip stream is cut short"
                                               : "the gzip stream is damaged");
}

/* More bytes behind those in the buffer. */
static int fill(struct vw_input *input)
{
    size_t got = 0;
    int error;

    if (input->start > 0) {
        memmove(input->buffer, input->buffer + input->start, input->end - input->start);
        input->end -= input->start;
        input->start = 0;
    }
    error = vw_input_read(input, input->buffer + input->end, BUFFER - input->end, &got);
    if (error)
        return error;
    input->end += got;
    if (got == 0)
        input->at_end = true;
    return 0;
}

/* Drops the rest of a line that is longer than the buffer. */
static int skip_rest(struct vw_input *input)
{
    for (;;) {
        const char *start = input->buffer + input->start;
        const char *lf = memchr(start, '\n', input->end - input->start);
        int error;

        if (lf) {
            input->start += (size_t)(lf - start) + 1;
            return 0;
        }
        input->start = input->end;
        if (input->at_end)
            return 0;
        error = fill(input);
        if (error)
            return error;
    }
}

/* The line of `size` bytes without its CR, and no more of it than is handed out. */
static struct vw_slice without_cr(const char *data, size_t size, bool *ret_cut)
{
    if (size > 0 && data[size - 1] == '\r')
        size--;
    if (ret_cut)
        *ret_cut = size > VW_LINE_MAX;
    return (struct vw_slice){data, size > VW_LINE_MAX ? VW_LINE_MAX : size};
}

int vw_input_line(struct vw_input *input, struct vw_slice *ret_line, uint64_t *ret_number,
                  bool *ret_cut)
{
    size_t looked = 0;
    const char *lf;

    /* Only who reads lines needs the buffer. */
    if (!input->buffer)
        input->buffer = vw_realloc(NULL, 1, BUFFER);
    if (!input->buffer)
        return VW_ERROR_NO_MEMORY;
    if (input->in_long_line) {
        int error = skip_rest(input);
        if (error)
            return error;
        input->in_long_line = false;
    }
    for (;;) {
        const char *start = input->buffer + input->start;
        size_t size = input->end - input->start;
        int error;

        lf = size > looked ? memchr(start + looked, '\n', size - looked) : NULL;
        if (lf) {
            *ret_line = without_cr(start, (size_t)(lf - start), ret_cut);
            input->start += (size_t)(lf - start) + 1;
            break;
        }
        if (input->at_end && size == 0)
            return 0;
        if (input->at_end || size == BUFFER) {
            *ret_line = without_cr(start, size, ret_cut);
            input->start = input->end;
            input->in_long_line = size == BUFFER;
            break;
        }
        looked = size;
        error = fill(input);
        if (error)
            return error;
    }
    *ret_number = ++input->line;
    return 1;
}
