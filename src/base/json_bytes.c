/* Looking at bytes as they pass; see json_bytes.h. */
#include "base/json_bytes.h"

#include <string.h>

#include <vpcwhy/world.h>

int vw_json_bytes_fill(struct vw_json_bytes *bytes)
{
    size_t got = 0;
    int error;

    if (bytes->next < bytes->end || bytes->at_end)
        return 0;
    error = vw_input_read(bytes->input, bytes->buffer, sizeof bytes->buffer, &got);
    if (error) {
        bytes->error = error;
        bytes->stop = VW_STOP_INPUT;
        return error;
    }
    bytes->next = 0;
    bytes->end = got;
    bytes->at_end = got == 0;
    return 0;
}

/* Whether bytes up to this one may go on. */
static bool scan_structure(struct vw_json_bytes *bytes, unsigned char byte,
                           uint64_t offset)
{
    if (byte == '{' || byte == '[') {
        if (++bytes->depth > VW_EXPORT_DEPTH_MAX)
            bytes->stop = VW_STOP_DEPTH;
    } else if (byte == '}' || byte == ']') {
        if (bytes->depth > 0)
            bytes->depth--;
    } else if (byte == ',') {
        if (++bytes->values > VW_JSON_VALUES_MAX)
            bytes->stop = VW_STOP_VALUES;
    } else if (byte == '"') {
        bytes->in_string = true;
        bytes->string_start = offset;
    }
    return bytes->stop == VW_STOP_NONE;
}

enum { ROOM = 16 }; /* jansson's buffer at first */

static uint64_t room_of(const struct vw_json_bytes *bytes)
{
    return bytes->room ? bytes->room : ROOM;
}

/* Ends a string. jansson's buffer grows with the longest token so far, and where it
 * cannot, bytes are lost without a word: the bytes handed on end behind such a string,
 * so that `hand_on` sees ENOMEM before jansson clears errno for the next number. */
static bool end_string(struct vw_json_bytes *bytes, uint64_t offset)
{
    uint64_t size = offset - bytes->string_start + 1, room = room_of(bytes);

    bytes->in_string = false;
    if (size < room)
        return false;
    while (room <= size)
        room *= 2;
    bytes->room = room;
    return true;
}

/* They end too behind the byte at which that buffer doubles inside a string: of a lost
 * byte that stood behind a backslash, jansson makes an assertion that fails. Of `size`
 * bytes from `offset` on, so many come before the next doubling. */
static size_t until_growth(const struct vw_json_bytes *bytes, uint64_t offset,
                           size_t size)
{
    uint64_t taken = offset - bytes->string_start, room = room_of(bytes);

    while (room <= taken)
        room *= 2;
    return size < room - taken ? size : (size_t)(room - taken);
}

/* How many bytes from the start mean nothing to `scan`: nearly all of a file. */
static size_t plain_run(const unsigned char *bytes, size_t size, bool in_string)
{
    static const bool marks[2][256] = {
        {['\n'] = 1, ['"'] = 1, [','] = 1, ['['] = 1, [']'] = 1, ['{'] = 1, ['}'] = 1},
        {['\n'] = 1, ['"'] = 1, ['\\'] = 1}};
    size_t run = 0;

    while (run < size && !marks[in_string][bytes[run]])
        run++;
    return run;
}

/* Looks at up to `size` bytes that are about to be handed on, and returns how many may
 * be; 0 at a maximum. */
static size_t scan(struct vw_json_bytes *bytes, const unsigned char *piece, size_t size)
{
    uint64_t start = bytes->handed;
    size_t limit = bytes->in_string ? until_growth(bytes, start, size) : size;
    bool is_whole = false;
    size_t i;

    for (i = 0; i < limit && !is_whole; i++) {
        if (!bytes->after_backslash)
            i += plain_run(piece + i, limit - i, bytes->in_string);
        if (i == limit)
            break;

        unsigned char byte = piece[i];
        if (byte == '\n') {
            bytes->line++;
            bytes->line_start = start + i + 1;
        }
        if (!bytes->in_string) {
            if (!scan_structure(bytes, byte, start + i)) {
                bytes->handed = start + i;
                return 0;
            }
            if (bytes->in_string)
                limit = i + until_growth(bytes, start + i, size - i);
        } else if (bytes->after_backslash) {
            bytes->after_backslash = false;
        } else if (byte == '\\') {
            bytes->after_backslash = true;
        } else if (byte == '"') {
            is_whole = end_string(bytes, start + i);
            limit = size;
        }
    }
    bytes->handed = start + i;
    if (bytes->handed > VW_EXPORT_FILE_MAX)
        bytes->stop = VW_STOP_SIZE;
    return bytes->stop == VW_STOP_NONE ? i : 0;
}

bool vw_json_bytes_start(const struct vw_json_bytes *bytes, const char *start,
                         size_t size)
{
    return bytes->end - bytes->next >= size &&
           memcmp(bytes->buffer + bytes->next, start, size) == 0;
}

size_t vw_json_bytes_take(struct vw_json_bytes *bytes, void *buffer, size_t size)
{
    size_t piece;

    if (bytes->stop != VW_STOP_NONE || vw_json_bytes_fill(bytes))
        return SIZE_MAX;
    piece = bytes->end - bytes->next;
    if (piece > size)
        piece = size;
    if (piece > 0)
        piece = scan(bytes, bytes->buffer + bytes->next, piece);
    if (bytes->stop != VW_STOP_NONE)
        return SIZE_MAX;
    memcpy(buffer, bytes->buffer + bytes->next, piece);
    bytes->next += piece;
    return piece;
}

/* The bytes behind a document, handed on but not used, are the next one's. They all
 * stand in the buffer: jansson asks for more only when it has used up what it has. */
void vw_json_bytes_take_back(struct vw_json_bytes *bytes, size_t size)
{
    uint64_t line = bytes->line;
    size_t i;

    for (i = 0; i < size; i++) {
        bytes->next--;
        bytes->handed--;
        if (bytes->buffer[bytes->next] == '\n')
            bytes->line--;
    }
    if (bytes->line != line) {
        for (i = bytes->next; i > 0 && bytes->buffer[i - 1] != '\n'; i--)
            ;
        bytes->line_start = bytes->handed - (bytes->next - i);
    }
    bytes->depth = 0;
    bytes->in_string = false;
    bytes->after_backslash = false;
    bytes->room = 0;
    bytes->values = 0;
}

int vw_json_bytes_skip_blanks(struct vw_json_bytes *bytes)
{
    for (;;) {
        int error = vw_json_bytes_fill(bytes);

        if (error || bytes->at_end)
            return error;
        for (; bytes->next < bytes->end; bytes->next++, bytes->handed++) {
            unsigned char byte = bytes->buffer[bytes->next];

            if (byte == '\n') {
                bytes->line++;
                bytes->line_start = bytes->handed + 1;
            } else if (byte != ' ' && byte != '\t' && byte != '\r') {
                return 0;
            }
        }
        if (bytes->handed > VW_EXPORT_FILE_MAX) {
            bytes->stop = VW_STOP_SIZE;
            return VW_ERROR_INPUT;
        }
    }
}

int vw_json_bytes_skip_to(struct vw_json_bytes *bytes, uint64_t offset)
{
    while (bytes->handed < offset) {
        int error = vw_json_bytes_fill(bytes);

        if (error || bytes->at_end)
            return error;
        for (; bytes->next < bytes->end && bytes->handed < offset; bytes->handed++)
            if (bytes->buffer[bytes->next++] == '\n') {
                bytes->line++;
                bytes->line_start = bytes->handed + 1;
            }
    }
    return 0;
}
