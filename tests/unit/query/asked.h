/* Queries asked of small files, and what they come to as text. */
#ifndef ASKED_H
#define ASKED_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <vpcwhy/query.h>

#include "temporary.h"

struct asked {
    struct temporary temporary;
    struct vw_query *query;
    struct vw_diagnostics *diagnostics; /* of the last query */
    struct vw_arena arena;
    unsigned workers;
};

int asked_setup(void **state);
int asked_teardown(void **state);

/* The default format's header line. */
#define ASKED_HEADER                                                                     \
    "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets "  \
    "bytes start end action log-status\n"

/* The header line of columns, then a row of each result, fields joined by '|', a null as
 * "~"; or "error: " and the first diagnostic. */
const char *asked(struct asked *asked, const char *query);

/* The same without the header line, for one row: "a|b". */
const char *asked_row(struct asked *asked, const char *query);

/* `fields EXPRESSION as x | limit 1` of the first file: what x is. */
const char *asked_value(struct asked *asked, const char *expression);

/* Whether a diagnostic holds that text. */
bool asked_says(const struct asked *asked, const char *text);

#endif
