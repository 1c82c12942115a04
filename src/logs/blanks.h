/*
 * Where the words of a text end. Lines of flow logs are short words with a blank behind
 * each, so what is looked for first, for many lines at once, is the blanks: as marks, one
 * bit for each byte, and of some blocks of marks at a time as places.
 */
#ifndef VW_LOGS_BLANKS_H
#define VW_LOGS_BLANKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes that a word of marks tells of: bit i of it of byte i. */
#define VW_LOG_BLOCK 64

struct vw_log_marks {
    uint64_t blanks; /* bytes up to ' ' */
    uint64_t lines;  /* of these the line ends */
    uint64_t odd;    /* blanks behind a blank, and control characters but line ends */
};

/* What is known of all of a text. */
struct vw_log_marked {
    uint64_t lines;
    bool may_have_header; /* a line begins with what no number does */
};

static inline size_t vw_log_blocks(size_t size)
{
    return (size + VW_LOG_BLOCK - 1) / VW_LOG_BLOCK;
}

/* Blocks behind those of a text, in which nothing is marked. */
enum { VW_LOG_MARKS_BEHIND = 2 };

/* Marks a text that begins with a line: `marks` has vw_log_blocks(size) and
 * VW_LOG_MARKS_BEHIND; bits behind the text are 0. */
struct vw_log_marked vw_log_mark(const char *text, size_t size,
                                 struct vw_log_marks *marks);

/* Blocks that are made places at a time, and places of a line that is still to be ended. */
enum { VW_LOG_PLACES_BLOCKS = 32, VW_LOG_PLACES_KEPT = 320 };

struct vw_log_places {
    size_t count, end_count;
    bool is_odd; /* a block had such a mark */
    /* Of blanks, in bytes from the start of the text. The first one is that of the line end
     * (or what stands for it) before the first line. */
    uint32_t blanks[VW_LOG_PLACES_KEPT + (VW_LOG_PLACES_BLOCKS + 1) * VW_LOG_BLOCK];
    /* Which of these are line ends. */
    uint32_t ends[(VW_LOG_PLACES_BLOCKS + 1) * VW_LOG_BLOCK];
};

/* Puts the places of `count` blocks, the first of which begins at byte `at`, behind those
 * that are kept; the line ends replace the ones before. */
void vw_log_place(struct vw_log_places *places, const struct vw_log_marks *marks,
                  size_t count, uint32_t at);

#endif
