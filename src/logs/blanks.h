/*
 * Where the words of a text end. Lines of flow logs are short words with a blank behind
 * each, so what is looked for first, for many lines at once, is the blanks.
 */
#ifndef VW_LOGS_BLANKS_H
#define VW_LOGS_BLANKS_H

#include <stddef.h>
#include <stdint.h>

/* Bytes that a word of marks tells of: bit i of word n of byte 64 n + i. */
#define VW_LOG_BLOCK 64

static inline size_t vw_log_blocks(size_t size)
{
    return (size + VW_LOG_BLOCK - 1) / VW_LOG_BLOCK;
}

/* Marks the bytes of a text up to ' ', and of these the ones below: control characters,
 * line ends among them. Each array has vw_log_blocks(size) words; bits behind the text are
 * 0. Reads up to the end of the last block. */
void vw_log_find_blanks(const char *text, size_t size, uint64_t *blanks,
                        uint64_t *controls);

/* The first set bit; `marks` is not 0. */
static inline unsigned vw_log_first_mark(uint64_t marks)
{
    return (unsigned)__builtin_ctzll(marks);
}

#endif
