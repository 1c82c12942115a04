/* The state of the parser, shared by its files. The first fault ends it: everything after is
 * passed over. */
#ifndef VW_QUERY_PARSER_H
#define VW_QUERY_PARSER_H

#include "query/lexer.h"

struct vw_parser {
    struct vw_syntax *syntax;
    struct vw_diagnostics *diagnostics;
    struct vw_token token; /* the next one, not taken yet */
    size_t next;           /* where the one behind it is looked for */
    size_t last_end;       /* where the last one taken ends */
    size_t nodes;          /* expressions made so far */
    unsigned depth;
    bool in_stats; /* aggregates are allowed */
    bool in_aggregate;
    int error;
    struct vw_expression nowhere; /* what a failed parse hands on: never written to */
};

/* Says what is wrong at `span`, once. */
void vw_parser_fail(struct vw_parser *parser, struct vw_span span, const char *format,
                    ...) __attribute__((format(printf, 3, 4)));

void vw_parser_advance(struct vw_parser *parser);

/* Whether the next token is that sign, or that word in any case. */
bool vw_parser_at_sign(const struct vw_parser *parser, const char *sign);
bool vw_parser_at_word(const struct vw_parser *parser, const char *word);

/* Takes it where it is the next. */
bool vw_parser_take_sign(struct vw_parser *parser, const char *sign);
bool vw_parser_take_word(struct vw_parser *parser, const char *word);

/* Takes it, or fails: "expected ... , found ...". */
void vw_parser_need_sign(struct vw_parser *parser, const char *sign);
void vw_parser_need_word(struct vw_parser *parser, const char *word);
void vw_parser_unexpected(struct vw_parser *parser, const char *expected);

/* A name in the place of one; empty where there is none. */
struct vw_name vw_parser_name(struct vw_parser *parser, const char *what);

struct vw_expression *vw_parser_expression(struct vw_parser *parser);

/* ---- parse_call.c: making expressions ---- */

/* Spans from `offset` to the last token taken. */
struct vw_expression *vw_parser_make(struct vw_parser *parser,
                                     enum vw_expression_kind kind, size_t offset);
struct vw_expression *vw_parser_pair(struct vw_parser *parser,
                                     enum vw_expression_kind kind,
                                     struct vw_expression *left,
                                     struct vw_expression *right);
void vw_parser_add_argument(struct vw_parser *parser, struct vw_expressions *arguments,
                            struct vw_expression *argument);

/* Takes `arguments` as those of `node`, and frees them. */
void vw_parser_keep_arguments(struct vw_parser *parser, struct vw_expression *node,
                              struct vw_expressions *arguments);

/* The next token is the "(" behind `name`. */
struct vw_expression *vw_parser_call(struct vw_parser *parser, struct vw_name name);

/* ---- parser.c ---- */

/* The next token is "/": the pattern it begins. */
struct vw_regex *vw_parser_regex(struct vw_parser *parser);
struct vw_regex *vw_parser_compile(struct vw_parser *parser, struct vw_slice pattern,
                                   struct vw_span span);

bool vw_parser_period(struct vw_parser *parser, struct vw_period *ret);

/* A command, from its first word on. */
void vw_parser_command(struct vw_parser *parser);

/* ---- parse_pattern.c ---- */

/* The next token is "[": the filter pattern that it begins, as commands. */
void vw_parser_pattern(struct vw_parser *parser);

#endif
