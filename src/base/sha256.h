/* SHA-256 (FIPS 180-4), by which a report names the inputs it was made from. */
#ifndef VW_BASE_SHA256_H
#define VW_BASE_SHA256_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define VW_SHA256_TEXT 65

struct vw_sha256 {
    uint32_t state[8];
    uint64_t size;           /* bytes added so far */
    unsigned char block[64]; /* the last size % 64 of them */
    bool has_instructions;   /* the processor has some for this */
};

void vw_sha256_start(struct vw_sha256 *hash);
void vw_sha256_add(struct vw_sha256 *hash, const void *data, size_t size);

/* Ends the message and writes the digest in lower-case hex; start again before reuse. */
void vw_sha256_finish(struct vw_sha256 *hash, char ret_text[VW_SHA256_TEXT]);

/* The digest of a regular file's bytes as they are stored; "" where `path` is no regular
 * file or cannot be read. */
void vw_sha256_file(const char *path, char ret_text[VW_SHA256_TEXT]);

/* ---- sha256_x86.c: the same compression by the processor's own instructions ---- */

bool vw_sha256_has_instructions(void);
void vw_sha256_compress_instructions(uint32_t state[8], const unsigned char block[64],
                                     const uint32_t constants[64]);

#endif
