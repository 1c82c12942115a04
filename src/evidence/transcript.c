/*
 * Transcripts. Files come from terminals and from `script`, so each line is first cleared
 * of what a terminal would have swallowed (escape sequences, backspaces, carriage
 * returns), and then shown to all readers: whoever knows the line takes it. A file that
 * begins as JSON is mtr's.
 */
#include <vpcwhy/error.h>
#include <vpcwhy/evidence.h>

#include "base/input.h"
#include "base/json.h"
#include "base/memory.h"
#include "evidence/connect.h"
#include "evidence/nmap.h"
#include "evidence/ping.h"
#include "evidence/route.h"

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
    struct vw_route_reader route;
    struct vw_connect_reader connect;
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
        if (taken == 0)
            taken = vw_route_line(&readers->route, text, number);
        if (taken == 0)
            taken = vw_connect_line(&readers->connect, text, number);
        if (taken < 0)
            return taken;
        line.data += used;
        line.size -= used;
    }
    return 0;
}

/* What each reader makes of the end. */
static int finish(struct readers *readers, bool *ret_any)
{
    bool ping = false, nmap = false, route = false, connect = false;
    int error = vw_ping_finish(readers->ping, &ping);

    if (!error)
        error = vw_nmap_finish(&readers->nmap, &nmap);
    if (!error)
        error = vw_route_finish(&readers->route, &route);
    if (!error)
        error = vw_connect_finish(&readers->connect, &connect);
    *ret_any = ping || nmap || route || connect;
    return error;
}

/* *ret_is_json: the first line is JSON's, and no more was read. */
static int read_lines(struct vw_input *input, struct readers *readers, bool *ret_is_json,
                      bool *ret_any)
{
    struct vw_slice line;
    uint64_t number;
    int got, error, damage = 0;

    while ((got = vw_input_line(input, &line, &number, NULL)) > 0) {
        *ret_is_json = number == 1 && vw_slice_starts(vw_slice_trim(line), "{");
        if (*ret_is_json)
            return 0;
        error = read_line(readers, line, number);
        if (error)
            return error;
    }
    if (got == VW_ERROR_INPUT)
        damage = got;
    else if (got < 0)
        return got;
    error = finish(readers, ret_any);
    return error ? error : damage;
}

static int read_json(const char *path, struct readers *readers, bool *ret_any)
{
    struct vw_json_reader *reader = NULL;
    struct vw_json document;
    int error = vw_json_open(path, true, readers->route.diagnostics, &reader), got;

    if (error)
        return error;
    while ((got = vw_json_next(reader, &document)) > 0 && error >= 0)
        error = vw_route_json(&readers->route, &document);
    vw_json_close(reader);
    if (error < 0)
        return error;
    error = finish(readers, ret_any);
    return error ? error : got;
}

static int read_file(struct vw_evidence *evidence, const char *path,
                     struct vw_diagnostics *diagnostics, bool *ret_any)
{
    struct readers readers = {
        .ping = vw_ping_create(evidence, path, diagnostics),
        .nmap = {.evidence = evidence, .file = path, .diagnostics = diagnostics},
        .route = {.evidence = evidence, .file = path, .diagnostics = diagnostics},
        .connect = {.evidence = evidence, .file = path, .diagnostics = diagnostics},
        .buffer = vw_calloc(1, VW_LINE_MAX),
    };
    struct vw_input *input = NULL;
    bool is_json = false;
    int error = VW_ERROR_NO_MEMORY;

    *ret_any = false;
    if (readers.ping && readers.buffer)
        error = vw_input_open(path, diagnostics, &input);
    if (!error)
        error = read_lines(input, &readers, &is_json, ret_any);
    vw_input_close(input);
    if (!error && is_json)
        error = read_json(path, &readers, ret_any);
    vw_ping_free(readers.ping);
    vw_free(readers.buffer);
    if (!error && !*ret_any)
        vw_diagnose(
            diagnostics, VW_SEVERITY_WARNING, "no-transcript",
            (struct vw_place){.file = path},
            "holds no output of ping, traceroute, mtr, nc, curl -v or nmap in its "
            "normal format");
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
