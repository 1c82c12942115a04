/* Echo sequence numbers as a window of bits; see sequence.h. */
#include "packets/sequence.h"

#include <string.h>

#include "base/memory.h"

#include <vpcwhy/error.h>

enum { WORD_BITS = 64, LAP = 65536, WORDS_MAX = LAP / WORD_BITS };

static bool is_empty(const struct vw_sequences *sequences)
{
    return sequences->side[VW_ECHO_REQUEST].count == 0 &&
           sequences->side[VW_ECHO_REPLY].count == 0;
}

int64_t vw_sequences_place(const struct vw_sequences *sequences, uint16_t number)
{
    uint16_t ahead;

    if (is_empty(sequences))
        return number;
    ahead = (uint16_t)(number - (uint16_t)(uint64_t)sequences->newest);
    return sequences->newest + (ahead < LAP / 2 ? (int64_t)ahead : (int64_t)ahead - LAP);
}

static uint64_t bits_of(uint64_t word)
{
    return (uint64_t)__builtin_popcountll(word);
}

/* Moves the window `words` words on: what falls out of it is settled. */
static void slide(struct vw_sequences *sequences, size_t words)
{
    size_t gone = words < sequences->capacity ? words : sequences->capacity, i;

    if (!sequences->words)
        return;
    for (i = 0; i < gone; i++)
        sequences->unanswered += bits_of(sequences->words[i].seen[VW_ECHO_REQUEST] &
                                         ~sequences->words[i].seen[VW_ECHO_REPLY]);
    memmove(sequences->words, sequences->words + gone,
            (sequences->capacity - gone) * sizeof *sequences->words);
    memset(sequences->words + (sequences->capacity - gone), 0,
           gone * sizeof *sequences->words);
    sequences->base += (int64_t)words * WORD_BITS;
}

/* At least `wanted` words, the old ones `front` words up. */
static int widen(struct vw_sequences *sequences, size_t wanted, size_t front)
{
    size_t capacity = sequences->capacity ? sequences->capacity : 1;
    size_t old = sequences->capacity;
    struct vw_sequence_word *words;

    while (capacity < wanted)
        capacity *= 2;
    if (!sequences->words || capacity > old) {
        words = vw_realloc(sequences->words, capacity, sizeof *words);
        if (!words)
            return VW_ERROR_NO_MEMORY;
        memset(words + old, 0, (capacity - old) * sizeof *words);
        sequences->words = words;
        sequences->capacity = capacity;
    }
    if (front) {
        memmove(sequences->words + front, sequences->words,
                (capacity - front) * sizeof *sequences->words);
        memset(sequences->words, 0, front * sizeof *sequences->words);
        sequences->base -= (int64_t)front * WORD_BITS;
    }
    return 0;
}

/* Words in use: those up to the newest number of either side. */
static size_t used_words(const struct vw_sequences *sequences)
{
    size_t used = sequences->words ? sequences->capacity : 0;

    while (used > 0 && !sequences->words[used - 1].seen[VW_ECHO_REQUEST] &&
           !sequences->words[used - 1].seen[VW_ECHO_REPLY])
        used--;
    return used;
}

/* Makes the window hold `place`. False with *ret_error 0 where it is too far back. */
static bool reach(struct vw_sequences *sequences, int64_t place, int *ret_error)
{
    *ret_error = 0;
    if (!sequences->words)
        sequences->base = place - (place & (WORD_BITS - 1));
    if (place < sequences->base) {
        size_t front = (size_t)((sequences->base - place + WORD_BITS - 1) / WORD_BITS);
        size_t used = used_words(sequences);

        if (front + used > WORDS_MAX)
            return false;
        *ret_error = widen(sequences, front + used, front);
    } else {
        size_t wanted = (size_t)((place - sequences->base) / WORD_BITS) + 1;

        if (wanted > WORDS_MAX) {
            slide(sequences, wanted - WORDS_MAX);
            wanted = WORDS_MAX;
        }
        *ret_error = widen(sequences, wanted, 0);
    }
    return *ret_error == 0;
}

static uint64_t *word_of(const struct vw_sequences *sequences, enum vw_echo_side side,
                         int64_t place, uint64_t *ret_bit)
{
    size_t index;

    if (place < sequences->base)
        return NULL;
    index = (size_t)((place - sequences->base) / WORD_BITS);
    if (index >= sequences->capacity)
        return NULL;
    *ret_bit = UINT64_C(1) << ((place - sequences->base) % WORD_BITS);
    return &sequences->words[index].seen[side];
}

bool vw_sequences_has(const struct vw_sequences *sequences, enum vw_echo_side side,
                      int64_t place)
{
    uint64_t bit;
    const uint64_t *word = word_of(sequences, side, place, &bit);

    return word && (*word & bit);
}

int vw_sequences_see(struct vw_sequences *sequences, enum vw_echo_side side,
                     uint16_t number, bool *ret_new)
{
    struct vw_sequence_side *seen = &sequences->side[side];
    int64_t place = vw_sequences_place(sequences, number);
    bool is_new = false;
    uint64_t *word, bit;
    int error;

    if (reach(sequences, place, &error)) {
        word = word_of(sequences, side, place, &bit);
        is_new = word && !(*word & bit);
        if (word)
            *word |= bit;
        sequences->newest = place;
    } else if (error) {
        return error;
    }
    if (is_new) {
        seen->lowest = seen->count == 0 || place < seen->lowest ? place : seen->lowest;
        seen->highest = seen->count == 0 || place > seen->highest ? place : seen->highest;
        seen->count++;
    }
    if (ret_new)
        *ret_new = is_new;
    return 0;
}

uint64_t vw_sequences_unanswered(const struct vw_sequences *sequences, int64_t last)
{
    uint64_t count = sequences->unanswered;
    size_t i;

    for (i = 0; i < sequences->capacity; i++) {
        int64_t start = sequences->base + (int64_t)i * WORD_BITS;
        uint64_t open = sequences->words[i].seen[VW_ECHO_REQUEST] &
                        ~sequences->words[i].seen[VW_ECHO_REPLY];

        if (last < start)
            break;
        if (last < start + WORD_BITS - 1)
            open &= (UINT64_C(1) << (last - start + 1)) - 1;
        count += bits_of(open);
    }
    return count;
}

uint64_t vw_sequences_gaps(const struct vw_sequences *sequences, enum vw_echo_side side)
{
    const struct vw_sequence_side *seen = &sequences->side[side];

    return seen->count ? (uint64_t)(seen->highest - seen->lowest) + 1 - seen->count : 0;
}

void vw_sequences_free(struct vw_sequences *sequences)
{
    vw_free(sequences->words);
    *sequences = (struct vw_sequences){0};
}
