/* What base/ opens files with: one sentence about what cannot be read. */
#ifndef VW_BASE_DESCRIPTOR_H
#define VW_BASE_DESCRIPTOR_H

#include <sys/stat.h>

#include <vpcwhy/error.h>

#include "base/diagnostic.h"

/* `path`, or a copy of standard input's descriptor for "-"; whoever calls closes it. A
 * folder is refused. */
int vw_descriptor_open(const char *path, struct vw_diagnostics *diagnostics,
                       int *ret_descriptor, struct stat *ret_status);

/* Says why `path` cannot be read; returns VW_ERROR_INPUT. */
int vw_unreadable(struct vw_diagnostics *diagnostics, const char *path, const char *why);

#endif
