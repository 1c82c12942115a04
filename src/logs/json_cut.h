/*
 * A stream of JSON documents in pieces. The pages of `aws logs filter-log-events`, the
 * results of a query and the envelopes of a subscription stand one after another, with or
 * without line ends between them, or in one list; any of them may be far larger than
 * memory should be. The cutter looks at brackets, commas and strings only. Documents go
 * into a run as they are until it is large; a document that is large itself is cut in its
 * list:
 *
 *     {"events": [A, B, C, D], "nextToken": null}
 *
 * becomes {"events": [A, B]} and {"events": [C, D], "nextToken": null}, each of which
 * says the same of its events as the whole does. Whether what was cut is JSON the parser
 * says. Where brackets and strings do not fit, what was whole before is still handed on,
 * and reading goes on at the next document.
 */
#ifndef VW_LOGS_JSON_CUT_H
#define VW_LOGS_JSON_CUT_H

#include "base/array.h"
#include "base/slice.h"

#define VW_LOG_JSON_DEPTH_MAX 64

/* A document, or one element of its list, larger than this is not read. */
#define VW_LOG_JSON_ELEMENT_MAX ((size_t)8 << 20)

/* What stands before the list of a document that is cut goes into each of its parts. */
#define VW_LOG_JSON_HEAD_MAX ((size_t)64 << 10)

/* Lists of one document that are remembered. */
#define VW_LOG_JSON_LISTS_MAX 8

/* One document of a run. */
struct vw_log_document {
    size_t offset, size; /* in the run's text */
    uint64_t line;       /* of the file, where it begins */
    const char *damage;  /* not NULL: no document, but what is wrong here */
};

struct vw_log_bytes VW_ARRAY(char);

struct vw_log_run {
    struct vw_log_bytes text;
    struct vw_log_documents VW_ARRAY(struct vw_log_document) documents;
};

struct vw_log_cutter {
    size_t most; /* a run grows to about this size, and a larger document is cut */
    uint64_t line, start_line;        /* at hand; of the document */
    struct vw_log_bytes text;         /* of the document so far */
    char open[VW_LOG_JSON_DEPTH_MAX]; /* brackets */
    unsigned depth;
    bool in_string, after_backslash, in_list, is_scalar;
    bool is_lost;      /* looking for the next document */
    bool is_salvaging; /* within what was a document: only objects are looked at */
    char last, mark;   /* the byte before, and the one that was no blank */
    /* Lists that are members of the document: bytes of `text` between their brackets. */
    struct vw_log_span {
        size_t start, end;
    } lists[VW_LOG_JSON_LISTS_MAX];
    size_t list_count;
    size_t list_start, comma; /* of the open one; behind its last element, or 0 */
};

void vw_log_cutter_start(struct vw_log_cutter *cutter, size_t most);

/* Takes bytes of `data` until the run is large enough or all are taken: *ret_taken. */
int vw_log_cutter_take(struct vw_log_cutter *cutter, struct vw_slice data,
                       struct vw_log_run *run, size_t *ret_taken);

/* The end of the file: what is whole of the last document. */
int vw_log_cutter_end(struct vw_log_cutter *cutter, struct vw_log_run *run);

void vw_log_cutter_free(struct vw_log_cutter *cutter);
void vw_log_run_clear(struct vw_log_run *run);
void vw_log_run_free(struct vw_log_run *run);

#endif
