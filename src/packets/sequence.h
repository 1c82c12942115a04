/*
 * The echo sequence numbers of one series: which were asked and which were answered. The
 * numbers of the wire have 16 bits and wrap around; here they run on, so that after 65535
 * comes 65536. Memory follows the span of the series and ends at 16 KiB: numbers more than
 * 65536 behind the newest are settled and forgotten.
 */
#ifndef VW_PACKETS_SEQUENCE_H
#define VW_PACKETS_SEQUENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum vw_echo_side { VW_ECHO_REQUEST, VW_ECHO_REPLY };

struct vw_sequence_word {
    uint64_t seen[2]; /* a bit a number, by enum vw_echo_side */
};

/* One side of a series. Numbers are valid where `count` is not 0. */
struct vw_sequence_side {
    int64_t lowest, highest;
    uint64_t count; /* distinct numbers */
};

/* Zero-initialised is a series without a number. */
struct vw_sequences {
    struct vw_sequence_side side[2];
    struct vw_sequence_word *words;
    size_t capacity;     /* words */
    int64_t base;        /* the number of the first bit */
    int64_t newest;      /* the number last seen, of either side */
    uint64_t unanswered; /* of the numbers that were forgotten */
};

/* Takes in `number`. *ret_new (may be NULL) tells whether it had not been seen on this
 * side. 0 or VW_ERROR_NO_MEMORY. */
int vw_sequences_see(struct vw_sequences *sequences, enum vw_echo_side side,
                     uint16_t number, bool *ret_new);

/* `number` as it stands in the series, and whether this side has seen it. */
int64_t vw_sequences_place(const struct vw_sequences *sequences, uint16_t number);
bool vw_sequences_has(const struct vw_sequences *sequences, enum vw_echo_side side,
                      int64_t place);

/* How many numbers up to `last` were asked and not answered. */
uint64_t vw_sequences_unanswered(const struct vw_sequences *sequences, int64_t last);

/* How many numbers between the lowest and the highest of `side` were not seen. */
uint64_t vw_sequences_gaps(const struct vw_sequences *sequences, enum vw_echo_side side);

/* An empty series again; memory goes back. */
void vw_sequences_free(struct vw_sequences *sequences);

#endif
