/*
 * What a file is evidence of, told by its first bytes: captures by their magic numbers,
 * flow logs by their shape (logs/), CloudTrail's events by their members, and what is left
 * by whether a reader of transcripts takes any line of it.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* memmem */
#endif
#include <string.h>

#include <vpcwhy/error.h>
#include <vpcwhy/evidence.h>

#include "base/input.h"
#include "base/memory.h"
#include "logs/reader.h"
#include "logs/words.h"

enum {
    HEAD = 64 << 10,
    FILES = 64, /* of a folder are looked at before it is taken for all of one form */
    DEFAULT_WORDS = 14,
    DEFAULT_ACTION = 12,
    DEFAULT_STATUS = 13
};

static bool has(struct vw_slice head, const char *text)
{
    return memmem(head.data, head.size, text, strlen(text)) != NULL;
}

static bool is_capture(struct vw_slice head)
{
    static const unsigned char magics[][4] = {
        {0xd4, 0xc3, 0xb2, 0xa1}, {0xa1, 0xb2, 0xc3, 0xd4}, {0x4d, 0x3c, 0xb2, 0xa1},
        {0xa1, 0xb2, 0x3c, 0x4d}, {0x34, 0xcd, 0xb2, 0xa1}, {0xa1, 0xb2, 0xcd, 0x34},
        {0x0a, 0x0d, 0x0d, 0x0a}};
    size_t i;

    for (i = 0; i < sizeof magics / sizeof *magics; i++)
        if (head.size >= 4 && memcmp(head.data, magics[i], 4) == 0)
            return true;
    return false;
}

/* A record of the default format, or of a transit gateway. */
static bool is_record(struct vw_slice line)
{
    struct vw_slice words[DEFAULT_WORDS];
    struct vw_log_prefix prefix;
    size_t count;

    vw_log_prefix_take(&line, &prefix);
    count = vw_log_words(line, words, DEFAULT_WORDS);
    if (count > 2 && vw_slice_is(words[1], "TransitGateway"))
        return true;
    return count == DEFAULT_WORDS &&
           (vw_slice_is(words[DEFAULT_STATUS], "OK") ||
            vw_slice_is(words[DEFAULT_STATUS], "NODATA") ||
            vw_slice_is(words[DEFAULT_STATUS], "SKIPDATA")) &&
           (vw_slice_is(words[DEFAULT_ACTION], "ACCEPT") ||
            vw_slice_is(words[DEFAULT_ACTION], "REJECT") ||
            vw_slice_is(words[DEFAULT_ACTION], "-"));
}

/* The first line that is not blank: a header line, or a record. */
static bool is_log_text(struct vw_slice head)
{
    struct vw_slice line = vw_slice_trim(head);
    const char *lf = line.size ? memchr(line.data, '\n', line.size) : NULL;

    if (lf)
        line.size = (size_t)(lf - line.data);
    line = vw_slice_trim(line);
    return vw_flow_format_is_header(line) || is_record(line);
}

static enum vw_evidence_form form_of_json(struct vw_slice head)
{
    static const char *const logs[] = {
        "\"events\"",  "\"logEvents\"",   "\"messageType\"", "\"@message\"",
        "\"results\"", "\"message\"",     "\"interfaceId\"", "\"srcAddr\"",
        "\"srcaddr\"", "\"interface_id\""};
    size_t i;

    if (has(head, "\"CloudTrailEvent\"") ||
        (has(head, "\"eventName\"") && has(head, "\"eventSource\"")))
        return VW_FORM_EVENTS;
    if (has(head, "\"mtr\""))
        return VW_FORM_TRANSCRIPT;
    for (i = 0; i < sizeof logs / sizeof *logs; i++)
        if (has(head, logs[i]))
            return VW_FORM_FLOW_LOG;
    return VW_FORM_UNKNOWN;
}

/* Without a word to the user: whether anything in the file is of a transcript. */
static int try_transcript(const char *path, enum vw_evidence_form *ret_form)
{
    struct vw_evidence *evidence = vw_evidence_create(VW_TIME_UNKNOWN, VW_TIME_UNKNOWN);
    int error =
        evidence ? vw_evidence_read_transcript(evidence, path, NULL) : VW_ERROR_NO_MEMORY;

    vw_evidence_free(evidence);
    if (!error)
        *ret_form = VW_FORM_TRANSCRIPT;
    return error == VW_ERROR_NO_MEMORY ? error : 0;
}

static int form_of(const char *path, struct vw_slice head,
                   enum vw_evidence_form *ret_form)
{
    const char *why;

    *ret_form = VW_FORM_UNKNOWN;
    if (is_capture(head)) {
        *ret_form = VW_FORM_CAPTURE;
        return 0;
    }
    switch (vw_log_shape_of(head, &why)) {
    case VW_LOG_SHAPE_REFUSED:
        return 0;
    case VW_LOG_SHAPE_JSON:
        *ret_form = form_of_json(head);
        return 0;
    case VW_LOG_SHAPE_TEXT:
        if (!is_log_text(head))
            return try_transcript(path, ret_form);
        break;
    case VW_LOG_SHAPE_NOTHING:
    case VW_LOG_SHAPE_PARQUET:
    case VW_LOG_SHAPE_EVENTS_TEXT:
    case VW_LOG_SHAPE_CSV:
        break;
    }
    *ret_form = VW_FORM_FLOW_LOG;
    return 0;
}

static int recognise(const char *path, struct vw_diagnostics *diagnostics,
                     enum vw_evidence_form *ret_form)
{
    struct vw_input *input = NULL;
    size_t size = 0, got = 1;
    char *head = vw_calloc(1, HEAD);
    int error = head ? vw_input_open(path, diagnostics, &input) : VW_ERROR_NO_MEMORY;

    *ret_form = VW_FORM_UNKNOWN;
    while (!error && got > 0 && size < HEAD) {
        error = vw_input_read(input, head + size, HEAD - size, &got);
        size += got;
    }
    vw_input_close(input);
    /* What is damaged further on is for its reader to say. */
    if (size > 0 && error != VW_ERROR_NO_MEMORY)
        error = form_of(path, (struct vw_slice){head, size}, ret_form);
    vw_free(head);
    return error;
}

/* Whether all of the first files that are evidence are of one form. */
static int agree(const struct vw_paths *paths, struct vw_diagnostics *diagnostics,
                 enum vw_evidence_form *ret_form, bool *ret_agree)
{
    size_t count = paths->count < FILES ? paths->count : FILES, i;
    int error = 0;

    *ret_form = VW_FORM_UNKNOWN;
    *ret_agree = true;
    for (i = 0; i < count && !error && *ret_agree; i++) {
        enum vw_evidence_form form;

        error = recognise(paths->items[i], diagnostics, &form);
        if (i == 0)
            *ret_form = form;
        *ret_agree = form == *ret_form;
    }
    return error;
}

static int take_each(const struct vw_paths *paths, struct vw_diagnostics *diagnostics,
                     vw_evidence_form_taker *take, void *context)
{
    size_t i;
    int error = 0;

    for (i = 0; i < paths->count && !error; i++) {
        enum vw_evidence_form form;

        error = recognise(paths->items[i], diagnostics, &form);
        if (!error)
            error = take(context, paths->items[i], form);
    }
    return error;
}

int vw_evidence_recognise(const char *path, struct vw_diagnostics *diagnostics,
                          vw_evidence_form_taker *take, void *context)
{
    struct vw_arena arena = {0};
    struct vw_paths paths = {0};
    enum vw_evidence_form form = VW_FORM_UNKNOWN;
    bool is_one = true;
    int error = vw_tree_files(path, &arena, diagnostics, &paths);

    if (!error)
        error = agree(&paths, diagnostics, &form, &is_one);
    if (!error)
        error = is_one ? take(context, path, form)
                       : take_each(&paths, diagnostics, take, context);
    vw_array_free(&paths);
    vw_arena_free(&arena);
    return error;
}
