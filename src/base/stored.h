/*
 * A regular file that is read at many places at once, by several threads: its bytes as
 * they are stored. It is read, not mapped, for two reasons: a mapped file that shrinks
 * raises SIGBUS, and reading pieces of a quarter of a megabyte into the same buffer is
 * several times as fast as taking a page fault for every page.
 */
#ifndef VW_BASE_STORED_H
#define VW_BASE_STORED_H

#include <stddef.h>
#include <stdint.h>

#include <vpcwhy/error.h>

#include "base/diagnostic.h"

/* Large enough that a call costs nothing, small enough to stay in a processor's cache. */
#define VW_STORED_PIECE ((size_t)256 * 1024)

struct vw_stored {
    int descriptor;
    uint64_t size; /* when it was opened */
};

/* 1: *ret_stored is open. 0: `path` is something else than a regular file (a pipe, a
 * device, "-" that is one or was already read from), to be streamed: base/input.h. On
 * failure a diagnostic names the file, and VW_ERROR_INPUT is returned. */
int vw_stored_open(const char *path, struct vw_diagnostics *diagnostics,
                   struct vw_stored *ret_stored);

void vw_stored_close(struct vw_stored *stored);

/* Exactly `size` bytes from `offset` on, or as many as stand before the end: *ret_size.
 * Never fewer for another reason. 0, or the errno of a file that cannot be read. Any
 * number of threads at a time. */
int vw_stored_read(const struct vw_stored *stored, uint64_t offset, void *buffer,
                   size_t size, size_t *ret_size);

/* How the bytes of a file are packed, by how they begin. */
enum vw_packing { VW_PACKING_NONE, VW_PACKING_GZIP, VW_PACKING_ZSTD };

/* Four bytes are enough to tell. */
enum vw_packing vw_packing_of(const char *bytes, size_t size);

#endif
