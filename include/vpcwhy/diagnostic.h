/*
 * Diagnostics are data: every fault of an input is one entry with its place, and reading
 * goes on, so one run reports them all. The library never prints them; report.h does.
 */
#ifndef VPCWHY_DIAGNOSTIC_H
#define VPCWHY_DIAGNOSTIC_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum vw_severity { VW_SEVERITY_ERROR, VW_SEVERITY_WARNING, VW_SEVERITY_NOTE };

/* `file` and `pointer` are NULL, and `line` and `column` 0, where they do not apply.
 * `pointer` is a JSON pointer (RFC 6901). Lines and columns count from 1. `message` is
 * UTF-8 as it came from the input: escape it before it reaches a terminal. */
struct vw_diagnostic {
    enum vw_severity severity;
    const char *code; /* a slug such as "dangling-reference" */
    const char *file;
    const char *pointer;
    uint64_t line;
    uint64_t column;
    const char *message;
};

struct vw_diagnostics;

/* NULL when out of memory. */
struct vw_diagnostics *vw_diagnostics_create(void);
void vw_diagnostics_free(struct vw_diagnostics *diagnostics);

/* How many there are, in the order in which they were found. At most
 * VW_DIAGNOSTICS_MAX are kept of each code; vw_diagnostics_left_out counts the rest. */
#define VW_DIAGNOSTICS_MAX 100
size_t vw_diagnostics_count(const struct vw_diagnostics *diagnostics);
size_t vw_diagnostics_left_out(const struct vw_diagnostics *diagnostics);

/* Entry `index` < count; owned by `diagnostics`. */
const struct vw_diagnostic *vw_diagnostics_get(const struct vw_diagnostics *diagnostics,
                                               size_t index);

#ifdef __cplusplus
}
#endif
#endif
