/* Writing diagnostics; what a user of the library reads is in vpcwhy/diagnostic.h. */
#ifndef VW_BASE_DIAGNOSTIC_H
#define VW_BASE_DIAGNOSTIC_H

#include <stdbool.h>

#include <vpcwhy/diagnostic.h>

/* Where in an input. Any part may be NULL or 0. */
struct vw_place {
    const char *file;
    const char *pointer;
    uint64_t line;
    uint64_t column;
};

/* Adds an entry; file, pointer and message are copied, `code` must be static. Out of
 * memory, the entry is lost but counted: vw_diagnostics_left_out. `diagnostics` may be
 * NULL: nothing happens. */
void vw_diagnose(struct vw_diagnostics *diagnostics, enum vw_severity severity,
                 const char *code, struct vw_place place, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/* Adds what was said to `other`, as if it were said now. Both may be NULL. */
void vw_diagnostics_append(struct vw_diagnostics *diagnostics,
                           const struct vw_diagnostics *other);

/* Whether any entry is an error. */
bool vw_diagnostics_has_error(const struct vw_diagnostics *diagnostics);

#endif
