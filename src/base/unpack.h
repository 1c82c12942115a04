/*
 * Unpacking gzip members and zstd frames, from any buffer to any buffer. Three engines
 * stand behind one table of functions: ISA-L (about three times as fast as zlib), zlib
 * where it is not on the machine or not worth opening, and zstd. The bytes are hostile:
 * an engine writes no more than it is given room for, and says what is damaged.
 */
#ifndef VW_BASE_UNPACK_H
#define VW_BASE_UNPACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What is read and where to it is written; both move on with what was done. */
struct vw_unpack {
    const unsigned char *in;
    size_t in_size;
    unsigned char *out;
    size_t out_size;
};

enum vw_unpack_result {
    VW_UNPACK_MORE,    /* all input is taken or the room is full: to be called again */
    VW_UNPACK_END,     /* the member or frame is whole and its checksum right */
    VW_UNPACK_DAMAGED, /* what was written before is all that can be had */
    VW_UNPACK_WINDOW,  /* a zstd frame that asks for more memory than is given */
    VW_UNPACK_NO_MEMORY,
};

struct vw_unpacker {
    void *(*create)(void); /* NULL: out of memory */
    void (*free)(void *state);
    /* Before each member or frame, the first one too. */
    enum vw_unpack_result (*restart)(void *state);
    enum vw_unpack_result (*run)(void *state, struct vw_unpack *bytes);
};

/* The one to take for gzip of about `expected` packed bytes: ISA-L is worth opening for
 * many, and is taken for few where it is open. Who unpacks many small files asks once for
 * the one of them all, and ISA-L is open. */
const struct vw_unpacker *vw_unpacker_gzip(uint64_t expected);

extern const struct vw_unpacker vw_unpacker_zlib;
extern const struct vw_unpacker vw_unpacker_zstd;

/* NULL where the library is not on the machine, or is not open and not to be opened. */
const struct vw_unpacker *vw_unpacker_isal(bool open);

/* Whole members or frames whose size is known: `in_size` bytes that give exactly
 * `out_size`. VW_UNPACK_END where they do. */
enum vw_unpack_result vw_unpack_whole(const struct vw_unpacker *unpacker, void *state,
                                      struct vw_unpack bytes);

/* gzip's checksum, which others use too. */
uint32_t vw_crc32(const unsigned char *bytes, size_t size);

#endif
