/* What the tests of captures and transcripts share: one reading, and its rows as text, so
 * that a case is an input and the lines it comes to. */
#ifndef WITNESS_H
#define WITNESS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <vpcwhy/evidence.h>

#include "temporary.h"

struct witness {
    struct temporary temporary;
    struct vw_evidence *evidence;
    struct vw_diagnostics *diagnostics;
    char text[16384];
};

int witness_setup(void **state);
int witness_teardown(void **state);

/* Forgets what was read before. */
void witness_again(struct witness *witness);

/* A line a row, in their order, then one a coverage:
 *
 *     out 10.0.0.1 > 10.0.0.2 icmp 8/0 x5 1-5 missing 0
 *     in 10.0.0.9 > 10.0.0.1 icmp 3/1 x1 about 10.0.0.1 > 10.0.0.2
 *     ? 10.0.0.1:4000 > 10.0.0.2:443 tcp x2 flags 2
 *     records 7 damaged 0 cut
 *
 * An address or a port that is not recorded is "-". Valid until the next call. */
const char *witness_text(struct witness *witness);

/* Entry `index` of the diagnostics is of `code`, at `line`. */
void witness_told(const struct witness *witness, size_t index, const char *code,
                  uint64_t line);

/* Gives the reader `count` mutations of `bytes` (a fixed seed): bytes changed, cleared,
 * taken out, cut off. It has to survive. */
typedef int witness_reader(struct witness *witness, const char *path);
void witness_mutate(struct witness *witness, witness_reader *reader, const void *bytes,
                    size_t size, unsigned count);

#endif
