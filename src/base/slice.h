/*
 * A piece of text that somebody else owns, not NUL-terminated, and the strict readers of
 * numbers and times from it. "Strict": the whole slice, no blanks, no sign where none is
 * meant, no overflow.
 */
#ifndef VW_BASE_SLICE_H
#define VW_BASE_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct vw_slice {
    const char *data;
    size_t size;
};

struct vw_slice vw_slice_of(const char *text);
bool vw_slice_is(struct vw_slice slice, const char *text);
bool vw_slice_starts(struct vw_slice slice, const char *text);

/* Where `text` first stands in `slice`: true with *ret_offset. */
bool vw_slice_find(struct vw_slice slice, const char *text, size_t *ret_offset);

/* Without blanks, tabs, CR and LF at both ends. */
struct vw_slice vw_slice_trim(struct vw_slice slice);

/* Takes the next word (bytes other than blank and tab) off the front of *slice. False
 * when only blanks are left. */
bool vw_slice_word(struct vw_slice *slice, struct vw_slice *ret_word);

/* Decimal digits only. */
bool vw_slice_u64(struct vw_slice slice, uint64_t maximum, uint64_t *ret);

/* Digits with an optional leading minus. */
bool vw_slice_i64(struct vw_slice slice, int64_t *ret);

/* "12.5" to nanoseconds: digits, optionally a point and up to nine digits more. */
bool vw_slice_seconds(struct vw_slice slice, int64_t *ret_nanoseconds);

#endif
