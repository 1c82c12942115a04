/*
 * Large exports in pieces. A document of describe-network-interfaces is one list of very
 * many elements, and parsed whole it takes four times its size. A splitter reads the file
 * once, looks only at brackets, commas and strings, and cuts such lists into pieces of
 * some hundred elements, each a list in itself:
 *
 *     {"Vpcs": [A, B, C, D], "NextToken": null}
 *
 * becomes the pieces [A, B] and [C, D] of "Vpcs", and what is left, {"Vpcs": [],
 * "NextToken": null}. Whether these are JSON the parser says, who gets them all; where one
 * of them is not, or anything is odd, the document is read again as a whole, and what is
 * wrong with it is said then.
 */
#ifndef VW_LOAD_JSON_SPLIT_H
#define VW_LOAD_JSON_SPLIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/json.h"

struct vw_json_splitter;

/* Elements of a list that follow each other. */
struct vw_json_piece {
    const char *key; /* of the list, a member of the document; until the next document */
    size_t first;    /* the index of the first of them */
    char *text;      /* a list; the callee's, for vw_free */
    size_t size;
};

/* Who takes the pieces. */
struct vw_json_taker {
    /* Whether the list under that key may be cut. */
    bool (*wants)(void *data, const char *key);
    /* 0 or negative, which ends the document. */
    int (*take)(void *data, const struct vw_json_piece *piece);
    void *data;
};

/* `piece_size` is about what a piece takes. VW_ERROR_INPUT where the file cannot be
 * read, about which nothing is said. */
int vw_json_split_open(const char *path, size_t piece_size,
                       const struct vw_json_taker *taker,
                       struct vw_json_splitter **ret_splitter);

/* The next document without what was cut from it: 1 with its text, valid until the next
 * call; 0 at the end; VW_ERROR_INPUT where it is for the reader of whole documents. */
int vw_json_split_next(struct vw_json_splitter *splitter, const char **ret_text,
                       size_t *ret_size);

/* Where in the file, unpacked, the document begins that vw_json_split_next was last asked
 * for, and how many stand before it. */
uint64_t vw_json_split_place(const struct vw_json_splitter *splitter,
                             unsigned *ret_documents);

/* Accepts NULL. */
void vw_json_split_close(struct vw_json_splitter *splitter);

#endif
