/* Plain, gzip or zstd input in pieces; see input.h. */
#include "base/input.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "base/memory.h"
#include "base/stored.h"
#include "base/unpack.h"

/* The buffer takes a line of the greatest length with its CRLF. */
enum { MAGIC = 4, BUFFER = VW_LINE_MAX + 2 };

struct vw_input {
    int descriptor;
    struct vw_diagnostics *diagnostics;
    char *path;
    uint64_t expected; /* stored bytes, as far as one can tell */
    uint64_t size;     /* the file's; 0: not known */
    uint64_t stored;   /* of them read */
    struct vw_sha256 hash;
    bool is_hashed;
    bool was_all_read;

    /* How the file is packed is seen from its first bytes, at the first read. */
    bool was_looked_at;
    enum vw_packing packing;
    unsigned char magic[MAGIC]; /* of a plain file: handed out first */
    size_t magic_size;

    /* A packed file. */
    const struct vw_unpacker *unpacker;
    void *state;
    bool in_member;
    bool at_last;          /* nothing to unpack follows */
    unsigned char *packed; /* VW_STORED_PIECE bytes */
    size_t packed_start;
    size_t packed_end;
    const char *damage; /* to be said when what was unpacked has been handed out */
    int failure;        /* of vw_input_read: stays */

    /* Lines. */
    uint64_t line; /* number of the last line handed out */
    size_t start;  /* of the bytes not yet handed out in `buffer` */
    size_t end;
    bool at_end;
    bool in_long_line; /* the rest of a cut line is still to be dropped */
    char *buffer;      /* BUFFER bytes */
};

int vw_input_open(const char *path, struct vw_diagnostics *diagnostics,
                  struct vw_input **ret_input)
{
    struct vw_input *input;
    struct stat status;
    int descriptor;
    int error = vw_descriptor_open(path, diagnostics, &descriptor, &status);

    if (error)
        return error;
    input = vw_calloc(1, sizeof *input);
    if (!input) {
        close(descriptor);
        return VW_ERROR_NO_MEMORY;
    }
    input->diagnostics = diagnostics;
    input->descriptor = descriptor;
    input->expected =
        S_ISREG(status.st_mode) ? (uint64_t)status.st_size : VW_STORED_PIECE;
    /* Standard input may be a file too, but not from its start. */
    if (S_ISREG(status.st_mode) && strcmp(path, "-") != 0)
        input->size = (uint64_t)status.st_size;
    input->path = vw_calloc(1, strlen(path) + 1);
    if (!input->path) {
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
    if (input->state)
        input->unpacker->free(input->state);
    close(input->descriptor);
    vw_free(input->path);
    vw_free(input->packed);
    vw_free(input->buffer);
    vw_free(input);
}

uint64_t vw_input_size(const struct vw_input *input)
{
    return input->size;
}

uint64_t vw_input_stored(const struct vw_input *input)
{
    return input->stored;
}

void vw_input_hash(struct vw_input *input)
{
    vw_sha256_start(&input->hash);
    input->is_hashed = true;
}

void vw_input_digest(struct vw_input *input, char ret_text[VW_SHA256_TEXT])
{
    if (input->is_hashed && input->was_all_read && strcmp(input->path, "-") != 0)
        vw_sha256_finish(&input->hash, ret_text);
    else
        vw_sha256_file(input->path, ret_text);
    input->is_hashed = false;
}

static int fail(const struct vw_input *input, const char *why)
{
    return vw_unreadable(input->diagnostics, input->path, why);
}

/* As read, which a signal may interrupt. That a file of known size ends there need not be
 * asked. */
static int read_stored(struct vw_input *input, void *buffer, size_t size,
                       size_t *ret_size)
{
    ssize_t got;

    do
        got = read(input->descriptor, buffer, size);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        return fail(input, strerror(errno));
    if (input->is_hashed)
        vw_sha256_add(&input->hash, buffer, (size_t)got);
    input->stored += (size_t)got;
    input->was_all_read = got == 0 || (input->size > 0 && input->stored >= input->size);
    *ret_size = (size_t)got;
    return 0;
}

static int prepare_unpacking(struct vw_input *input)
{
    input->unpacker = input->packing == VW_PACKING_GZIP
                          ? vw_unpacker_gzip(input->expected)
                          : &vw_unpacker_zstd;
    input->state = input->unpacker->create();
    input->packed = vw_realloc(NULL, 1, VW_STORED_PIECE);
    if (!input->state || !input->packed)
        return VW_ERROR_NO_MEMORY;
    memcpy(input->packed, input->magic, input->magic_size);
    input->packed_end = input->magic_size;
    input->magic_size = 0;
    return 0;
}

/* A pipe may give its first bytes one by one. */
static int look(struct vw_input *input)
{
    size_t got = 1;

    while (input->magic_size < MAGIC && got > 0 && !input->was_all_read) {
        int error = read_stored(input, input->magic + input->magic_size,
                                MAGIC - input->magic_size, &got);
        if (error)
            return error;
        input->magic_size += got;
    }
    input->was_looked_at = true;
    input->packing = vw_packing_of((const char *)input->magic, input->magic_size);
    return input->packing == VW_PACKING_NONE ? 0 : prepare_unpacking(input);
}

static int read_plain(struct vw_input *input, unsigned char *buffer, size_t size,
                      size_t *ret_size)
{
    size_t first = input->magic_size < size ? input->magic_size : size;
    size_t got = 0;
    int error = 0;

    memcpy(buffer, input->magic, first);
    input->magic_size -= first;
    memmove(input->magic, input->magic + first, input->magic_size);
    if (size > first && !input->was_all_read)
        error = read_stored(input, buffer + first, size - first, &got);
    if (!error)
        *ret_size = first + got;
    return error;
}

/* More packed bytes behind those that are left; none at the end of the file. */
static int fill_packed(struct vw_input *input, size_t *ret_got)
{
    size_t left = input->packed_end - input->packed_start;
    int error;

    memmove(input->packed, input->packed + input->packed_start, left);
    input->packed_start = 0;
    input->packed_end = left;
    *ret_got = 0;
    if (input->was_all_read || left == VW_STORED_PIECE)
        return 0;
    error = read_stored(input, input->packed + left, VW_STORED_PIECE - left, ret_got);
    if (!error)
        input->packed_end += *ret_got;
    return error;
}

/* Zeros that fill up a block of a tape are nothing. */
static void skip_zeros(struct vw_input *input)
{
    while (input->packed_start < input->packed_end &&
           input->packed[input->packed_start] == 0)
        input->packed_start++;
}

/* To the start of the next member or frame, or the end of all. */
static int next_member(struct vw_input *input)
{
    size_t got = 1;

    skip_zeros(input);
    while (input->packed_end - input->packed_start < MAGIC && got > 0) {
        int error = fill_packed(input, &got);
        if (error)
            return error;
        skip_zeros(input);
    }
    if (input->packed_start == input->packed_end) {
        input->at_last = true;
    } else if (vw_packing_of((const char *)input->packed + input->packed_start,
                             input->packed_end - input->packed_start) == input->packing) {
        if (input->unpacker->restart(input->state) != VW_UNPACK_MORE)
            return VW_ERROR_NO_MEMORY;
        input->in_member = true;
    } else {
        vw_diagnose(input->diagnostics, VW_SEVERITY_WARNING, "trailing-bytes",
                    (struct vw_place){.file = input->path},
                    "what stands behind the end of the packed bytes is not read");
        input->at_last = true;
    }
    return 0;
}

static int take_result(struct vw_input *input, enum vw_unpack_result result)
{
    bool is_gzip = input->packing == VW_PACKING_GZIP;

    switch (result) {
    case VW_UNPACK_MORE:
        break;
    case VW_UNPACK_END:
        input->in_member = false;
        break;
    case VW_UNPACK_DAMAGED:
        input->damage =
            is_gzip ? "the gzip stream is damaged" : "the zstd stream is damaged";
        break;
    case VW_UNPACK_WINDOW:
        input->damage = "the zstd stream asks for more than 128 MB of memory";
        break;
    case VW_UNPACK_NO_MEMORY:
        return VW_ERROR_NO_MEMORY;
    }
    return 0;
}

/* Nothing came out and nothing was taken: more is needed, or there is none. */
static int feed(struct vw_input *input)
{
    size_t got;
    int error = fill_packed(input, &got);

    if (!error && got == 0)
        input->damage = input->packing == VW_PACKING_GZIP
                            ? "the gzip stream is cut short"
                            : "the zstd stream is cut short";
    return error;
}

static int unpack(struct vw_input *input, unsigned char *buffer, size_t size,
                  size_t *ret_size)
{
    struct vw_unpack bytes = {.in = input->packed + input->packed_start,
                              .in_size = input->packed_end - input->packed_start};
    size_t before = bytes.in_size;
    enum vw_unpack_result result;
    int error;

    bytes.out = buffer;
    bytes.out_size = size;
    result = input->unpacker->run(input->state, &bytes);
    error = take_result(input, result);
    input->packed_start = input->packed_end - bytes.in_size;
    *ret_size = size - bytes.out_size;
    if (!error && result == VW_UNPACK_MORE && *ret_size == 0 && bytes.in_size == before)
        error = feed(input);
    return error;
}

static int read_packed(struct vw_input *input, unsigned char *buffer, size_t size,
                       size_t *ret_size)
{
    size_t got = 0;

    while (got == 0 && !input->at_last) {
        int error;
        if (input->damage)
            return fail(input, input->damage);
        error = input->in_member ? unpack(input, buffer, size, &got) : next_member(input);
        if (error)
            return error;
    }
    *ret_size = got;
    return 0;
}

static int read_any(struct vw_input *input, unsigned char *buffer, size_t size,
                    size_t *ret_size)
{
    int error = input->was_looked_at ? 0 : look(input);

    if (error)
        return error;
    return input->packing == VW_PACKING_NONE ? read_plain(input, buffer, size, ret_size)
                                             : read_packed(input, buffer, size, ret_size);
}

int vw_input_read(struct vw_input *input, void *buffer, size_t size, size_t *ret_size)
{
    size_t got = 0;

    if (!input->failure && size > 0)
        input->failure = read_any(input, buffer, size, &got);
    if (!input->failure)
        *ret_size = got;
    return input->failure;
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
