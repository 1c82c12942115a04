/* Opening files; see descriptor.h. */
#include "base/descriptor.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

int vw_unreadable(struct vw_diagnostics *diagnostics, const char *path, const char *why)
{
    vw_diagnose(diagnostics, VW_SEVERITY_ERROR, "unreadable-file",
                (struct vw_place){.file = path}, "cannot be read: %s", why);
    return VW_ERROR_INPUT;
}

int vw_descriptor_open(const char *path, struct vw_diagnostics *diagnostics,
                       int *ret_descriptor, struct stat *ret_status)
{
    int descriptor =
        strcmp(path, "-") == 0 ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC);
    int error = 0;

    if (descriptor < 0)
        return vw_unreadable(diagnostics, path, strerror(errno));
    if (fstat(descriptor, ret_status) != 0)
        error = errno;
    else if (S_ISDIR(ret_status->st_mode))
        error = EISDIR;
    if (error) {
        close(descriptor);
        return vw_unreadable(diagnostics, path, strerror(error));
    }
    *ret_descriptor = descriptor;
    return 0;
}
