/*
 * A query as it is written: commands, and the expressions in them. The parser makes it, the
 * planner (plan.h) resolves its names.
 */
#ifndef VW_QUERY_SYNTAX_H
#define VW_QUERY_SYNTAX_H

#include "base/array.h"
#include "base/diagnostic.h"
#include "query/calendar.h"
#include "query/regex.h"
#include "query/value.h"

/* Named maximums of a query. */
#define VW_QUERY_TEXT_MAX 65536
#define VW_QUERY_DEPTH_MAX 64 /* nested expressions */
#define VW_QUERY_COMMANDS_MAX 256
#define VW_QUERY_STATS_MAX 10
#define VW_QUERY_ARGUMENTS_MAX 255
#define VW_QUERY_NODES_MAX 20000

/* Where in the text. */
struct vw_span {
    size_t offset, size;
};

enum vw_expression_kind {
    VW_EXPRESSION_CONSTANT,
    VW_EXPRESSION_NAME, /* a field, not resolved yet */
    VW_EXPRESSION_SLOT, /* a field of the row */
    VW_EXPRESSION_PATH, /* `left`, a map or list, and `text`: the rest of the path */
    VW_EXPRESSION_STAR, /* of count(*) */
    VW_EXPRESSION_PERIOD,
    VW_EXPRESSION_CALL,
    VW_EXPRESSION_AGGREGATE,
    VW_EXPRESSION_NEGATE,
    VW_EXPRESSION_NOT,
    VW_EXPRESSION_AND,
    VW_EXPRESSION_OR,
    VW_EXPRESSION_ADD,
    VW_EXPRESSION_SUBTRACT,
    VW_EXPRESSION_MULTIPLY,
    VW_EXPRESSION_DIVIDE,
    VW_EXPRESSION_REMAINDER,
    VW_EXPRESSION_POWER,
    VW_EXPRESSION_EQUAL,
    VW_EXPRESSION_UNEQUAL,
    VW_EXPRESSION_LESS,
    VW_EXPRESSION_LESS_EQUAL,
    VW_EXPRESSION_GREATER,
    VW_EXPRESSION_GREATER_EQUAL,
    VW_EXPRESSION_LIKE,  /* `left` holds `right` */
    VW_EXPRESSION_MATCH, /* `left` matches `regex` */
    VW_EXPRESSION_IN     /* `left` is one of the arguments */
};

struct vw_function;
struct vw_aggregator;

struct vw_expression {
    enum vw_expression_kind kind;
    struct vw_span span;
    struct vw_value constant;
    struct vw_slice text; /* of a name, or the rest of a path */
    uint32_t slot;
    struct vw_period period;
    const struct vw_function *function;
    const struct vw_aggregator *aggregator;
    struct vw_expression *left, *right;
    struct vw_expression **arguments;
    size_t argument_count;
    struct vw_regex *regex; /* of `like`, or of a function that takes one */
};

struct vw_expressions VW_ARRAY(struct vw_expression *);

/* expr as name. */
struct vw_item {
    struct vw_expression *expression;
    struct vw_slice alias;  /* size 0: none */
    struct vw_slice source; /* the expression as it is written */
    struct vw_span span;
    bool descending; /* of a sort key */
};

struct vw_items VW_ARRAY(struct vw_item);

struct vw_name {
    struct vw_slice text;
    struct vw_span span;
};

struct vw_names VW_ARRAY(struct vw_name);

enum vw_command_kind {
    VW_COMMAND_FIELDS,
    VW_COMMAND_DISPLAY,
    VW_COMMAND_FILTER,
    VW_COMMAND_STATS,
    VW_COMMAND_SORT,
    VW_COMMAND_LIMIT,
    VW_COMMAND_DEDUP,
    VW_COMMAND_PARSE_GLOB,
    VW_COMMAND_PARSE_REGEX,
    VW_COMMAND_PARSE_LOGFMT,
    VW_COMMAND_PARSE_CSV,
    VW_COMMAND_JSON, /* `names`: the result; `path` in `expression` */
    VW_COMMAND_UNNEST,
    VW_COMMAND_LOOKUP,
    VW_COMMAND_CIDRLOOKUP,
    VW_COMMAND_ACCUM,
    VW_COMMAND_FILLMISSING,
    VW_COMMAND_FILLDOWN,
    VW_COMMAND_SOURCE
};

/* One command; which members mean something follows from its kind. */
struct vw_command {
    enum vw_command_kind kind;
    struct vw_span span;
    struct vw_items items;            /* fields, display, stats, sort, lookups' OUTPUT */
    struct vw_items by;               /* stats */
    struct vw_expression *expression; /* filter, what parse and the like read */
    struct vw_names names;            /* dedup, the names parse makes, lookups */
    struct vw_slice pattern;          /* glob of parse, path of json */
    struct vw_regex *regex;
    bool multi, only_missing; /* parse ... multi; OUTPUTNEW */
    uint64_t limit;
    struct vw_name table;
    struct vw_name column; /* of a lookup: that of the table */
    struct vw_period offset;
    bool has_offset;
};

struct vw_commands VW_ARRAY(struct vw_command);

struct vw_regexes VW_ARRAY(struct vw_regex *);

struct vw_syntax {
    struct vw_slice text;
    struct vw_arena arena; /* of everything below */
    struct vw_commands commands;
    struct vw_regexes regexes;
};

/* VW_ERROR_QUESTION with one diagnostic at line and column of the text, or
 * VW_ERROR_NO_MEMORY. `ret` is to be freed in any case. */
int vw_syntax_parse(struct vw_slice text, struct vw_diagnostics *diagnostics,
                    struct vw_syntax *ret);
void vw_syntax_free(struct vw_syntax *syntax);
void vw_command_free(struct vw_command *command);

/* Line and column of an offset, columns in code points, both from 1. */
struct vw_place vw_syntax_place(struct vw_slice text, size_t offset);

#endif
