/* The words of a query, one at a time, each with its place. */
#ifndef VW_QUERY_LEXER_H
#define VW_QUERY_LEXER_H

#include "query/syntax.h"

enum vw_token_kind {
    VW_TOKEN_END,
    VW_TOKEN_NAME,   /* may be a keyword */
    VW_TOKEN_QUOTED, /* a name in backticks */
    VW_TOKEN_NUMBER,
    VW_TOKEN_PERIOD, /* digits and a word: 5m */
    VW_TOKEN_STRING,
    VW_TOKEN_SIGN, /* an operator or bracket: its characters are the text */
    VW_TOKEN_BAD   /* `text` says what is wrong with it */
};

struct vw_token {
    enum vw_token_kind kind;
    struct vw_span span;
    struct vw_slice text; /* as meant: without quotes and escapes */
};

/* Reads the token at or behind `at`; *ret_next is where the next one is looked for. */
struct vw_token vw_lexer_read(struct vw_slice text, size_t at, struct vw_arena *arena,
                              size_t *ret_next);

/* Reads /.../ at `at`; false where it has no end. `ret_pattern` is without the slashes,
 * and without the backslash of an escaped one. */
bool vw_lexer_regex(struct vw_slice text, size_t at, struct vw_arena *arena,
                    struct vw_slice *ret_pattern, size_t *ret_next);

#endif
