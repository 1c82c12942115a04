/* What the harnesses share: readers take paths, libFuzzer gives bytes. */
#ifndef VW_FUZZ_FILE_H
#define VW_FUZZ_FILE_H

#include <stddef.h>
#include <stdint.h>

/* A path under which `bytes` can be read until the next call; NULL on failure. Nothing
 * reaches a disk. */
const char *fuzz_file(const uint8_t *bytes, size_t size);

#endif
