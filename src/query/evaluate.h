/* The value of an expression for one row, and the functions of the language. */
#ifndef VW_QUERY_EVALUATE_H
#define VW_QUERY_EVALUATE_H

#include "query/syntax.h"

/* What one thread evaluates with. */
struct vw_evaluation {
    const struct vw_value *slots; /* of the row */
    struct vw_arena *arena;       /* of what lives as long as the row */
    struct vw_regex_matcher *matcher;
    int64_t now;          /* ms since 1970 */
    int64_t since, until; /* of the query: ms, or VW_QUERY_OPEN */
};

#define VW_QUERY_OPEN INT64_MIN

struct vw_value vw_evaluate(struct vw_evaluation *evaluation,
                            const struct vw_expression *expression);

/* ---- functions ---- */

typedef struct vw_value (*vw_function_run)(struct vw_evaluation *evaluation,
                                           const struct vw_expression *call,
                                           const struct vw_value *arguments);

/* What an argument must be, beside an expression. */
enum vw_function_shape {
    VW_FUNCTION_PLAIN,
    VW_FUNCTION_BIN,    /* one period; the parser puts @timestamp before it */
    VW_FUNCTION_PERIOD, /* the second is a period */
    VW_FUNCTION_REGEX   /* the second is a regular expression that is written out */
};

struct vw_function {
    const char *name;
    unsigned char least, most; /* arguments */
    enum vw_function_shape shape;
    vw_function_run run;
};

/* Case and '_' make no difference. NULL where there is none. */
const struct vw_function *vw_function_find(struct vw_slice name);
const struct vw_function *vw_function_at(size_t index); /* NULL past the last */

/* The themes: each ends with a row without a name. */
extern const struct vw_function vw_number_functions[];
extern const struct vw_function vw_time_functions[];
extern const struct vw_function vw_general_functions[];
extern const struct vw_function vw_json_functions[];
extern const struct vw_function vw_address_functions[];
extern const struct vw_function vw_text_functions[];
extern const struct vw_function vw_encoding_functions[];

#endif
