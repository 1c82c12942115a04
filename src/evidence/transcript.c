/*
 * Transcripts of ping and nmap. Files come from terminals and from `script`, so each line
 * is first cleared of what a terminal would have swallowed (escape sequences, backspaces,
 * carriage returns), and then shown to both readers: whoever knows the line takes it.
 */
#include <vpcwhy/error.h>
#include <vpcwhy/evidence.h>

#include "base/input.h"
#include "base/memory.h"
#include "evidence/nmap.h"
#include "evidence/ping.h"

enum { ESCAPE = 0x1b, BELL = 0x07, BACKSPACE = 0x08, DELETE = 0x7f };

/* Behind the escape sequence that starts at `at`: ESC [ ... letter, ESC ] ... BEL or
 * ESC \, ESC and one or two bytes. */
static size_t after_escape(struct vw_slice text, size_t at)
{
    size_t i = at + 1;

    if (i >= text.size)
        return text.size;
    if (text.data[i] == '[') {
        for (i++; i < text.size && !(text.data[i] >= '@' && text.data[i] <= '~');)
            i++;
    } else if (text.data[i] == ']') {
        for (i++; i < text.size && text.data[i] != BELL && text.data[i] != ESCAPE;)
            i++;
        if (i < text.size && text.data[i] == ESCAPE)
            i++;
    } else if (text.data[i] >= ' ' && text.data[i] <= '/') {
        i++;
    }
    return i < text.size ? i + 1 : text.size;
}

/* Copies `text` to `buffer`, which has room for all of it, as a terminal would show it,
 * up to the next carriage return. *ret_used: how much of `text` that was. */
static struct vw_slice clean(struct vw_slice text, char *buffer, size_t *ret_used)
{
    size_t used = 0, size = 0;

    while (used < text.size && text.data[used] != '\r') {
        unsigned char c = (unsigned char)text.data[used];

        if (c == ESCAPE) {
            used = after_escape(text, used);
            continue;
        }
        used++;
        if (c == BACKSPACE)
            size -= size > 0;
        else if (c == '\t' || (c >= ' ' && c != DELETE))
            buffer[size++] = (char)c;
    }
    *ret_used = used < text.size ? used + 1 : used;
    return (struct vw_slice){buffer, size};
}

struct readers {
    struct vw_ping_reader *ping;
    struct vw_nmap_reader nmap;
    char *buffer; /* VW_LINE_MAX */
};

static int read_line(struct readers *readers, struct vw_slice line, uint64_t number)
{
    while (line.size > 0) {
        size_t used;
        struct vw_slice text = clean(line, readers->buffer, &used);
        int taken = vw_ping_line(readers->ping, text, number);

        if (taken == 0)
            taken = vw_nmap_line(&readers->nmap, text, number);
        if (taken < 0)
            return taken;
        line.data += used;
        line.size -= used;
    }
    return 0;
}

static int read_lines(struct vw_input *input, struct readers *readers, bool *ret_any)
{
    struct vw_slice line;
    uint64_t number;
    bool ping = false, nmap = false;
    int got, error, damage = 0;

    while ((got = vw_input_line(input, &line, &number, NULL)) > 0) {
        error = read_line(readers, line, number);
        if (error)
            return error;
    }
    if (got == VW_ERROR_INPUT)
        damage = got;
    else if (got < 0)
        return got;
    error = vw_ping_finish(readers->ping, &ping);
    if (!error)
        error = vw_nmap_finish(&readers->nmap, &nmap);
    *ret_any = ping || nmap;
    return error ? error : damage;
}

static int read_file(struct vw_evidence *evidence, const char *path,
                     struct vw_diagnostics *diagnostics, bool *ret_any)
{
    struct readers readers = {
        .ping = vw_ping_create(evidence, path, diagnostics),
        .nmap = {.evidence = evidence, .file = path, .diagnostics = diagnostics},
        .buffer = vw_calloc(1, VW_LINE_MAX),
    };
    struct vw_input *input = NULL;
    int error = VW_ERROR_NO_MEMORY;

    *ret_any = false;
    if (readers.ping && readers.buffer)
        error = vw_input_open(path, diagnostics, &input);
    if (!error)
        error = read_lines(input, &readers, ret_any);
    vw_input_close(input);
    vw_ping_free(readers.ping);
    vw_free(readers.buffer);
    if (!error && !*ret_any)
        vw_diagnose(diagnostics, VW_SEVERITY_WARNING, "no-transcript",
                    (struct vw_place){.file = path},
                    "holds no output of ping, nor of nmap in its normal format");
    return error;
}

int vw_evidence_read_transcript(struct vw_evidence *evidence, const char *path,
                                struct vw_diagnostics *diagnostics)
{
    struct vw_arena arena = {0};
    struct vw_paths paths = {0};
    bool found = false;
    int error = vw_tree_files(path, &arena, diagnostics, &paths);
    size_t i;

    for (i = 0; !error && i < paths.count; i++) {
        bool any;

        error = read_file(evidence, paths.items[i], diagnostics, &any);
        found |= any;
        if (error == VW_ERROR_INPUT)
            error = 0;
    }
    vw_array_free(&paths);
    vw_arena_free(&arena);
    return error ? error : found ? 0 : VW_ERROR_INPUT;
}
