/* Files read at any place; see stored.h. */
#include "base/stored.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "base/descriptor.h"

/* Told before it is opened: who writes into a named pipe would lose its only reader when
 * it is closed again. */
static bool is_stream(const char *path)
{
    struct stat status;

    return strcmp(path, "-") != 0 && stat(path, &status) == 0 &&
           !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode);
}

int vw_stored_open(const char *path, struct vw_diagnostics *diagnostics,
                   struct vw_stored *ret_stored)
{
    struct stat status;
    int descriptor, error;

    if (is_stream(path))
        return 0;
    error = vw_descriptor_open(path, diagnostics, &descriptor, &status);
    if (error)
        return error;
    if (!S_ISREG(status.st_mode) || lseek(descriptor, 0, SEEK_CUR) != 0) {
        close(descriptor);
        return 0;
    }
    *ret_stored = (struct vw_stored){descriptor, (uint64_t)status.st_size};
    return 1;
}

void vw_stored_close(struct vw_stored *stored)
{
    close(stored->descriptor);
}

int vw_stored_read(const struct vw_stored *stored, uint64_t offset, void *buffer,
                   size_t size, size_t *ret_size)
{
    char *to = buffer;
    size_t have = 0;

    if (offset > INT64_MAX - size)
        return EOVERFLOW;
    while (have < size) {
        ssize_t got =
            pread(stored->descriptor, to + have, size - have, (off_t)(offset + have));
        if (got == 0)
            break;
        if (got < 0 && errno != EINTR)
            return errno;
        have += got > 0 ? (size_t)got : 0;
    }
    *ret_size = have;
    return 0;
}

enum vw_packing vw_packing_of(const char *bytes, size_t size)
{
    if (size >= 2 && memcmp(bytes, "\x1f\x8b", 2) == 0)
        return VW_PACKING_GZIP;
    /* A frame, or one that is to be skipped. */
    if (size >= 4 && (memcmp(bytes, "\x28\xb5\x2f\xfd", 4) == 0 ||
                      (((unsigned char)bytes[0] & 0xf0) == 0x50 &&
                       memcmp(bytes + 1, "\x2a\x4d\x18", 3) == 0)))
        return VW_PACKING_ZSTD;
    return VW_PACKING_NONE;
}
