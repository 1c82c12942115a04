/*
 * Thirty-two bytes at a time where the processor can; see blanks.h. How many blanks a block
 * has no processor guesses, and each wrong guess costs as much as ten places: so a fixed
 * number of places is written, and what was too much is written over. After G. Langdale and
 * D. Lemire, "Parsing gigabytes of JSON per second" (2019), section 3.1.
 */
#include "logs/blanks.h"

#include <string.h>

static bool begins_header(unsigned char c)
{
    return (c > '9' && c < 0x80) || c == '$';
}

static void find(const char *text, struct vw_log_marks *ret, uint64_t *ret_heads)
{
    unsigned i;

    *ret = (struct vw_log_marks){0};
    *ret_heads = 0;
    for (i = 0; i < VW_LOG_BLOCK; i++) {
        unsigned char c = (unsigned char)text[i];

        ret->blanks |= (uint64_t)(c <= ' ') << i;
        ret->lines |= (uint64_t)(c == '\n') << i;
        ret->odd |= (uint64_t)(c < ' ' && c != '\n') << i;
        *ret_heads |= (uint64_t)begins_header(c) << i;
    }
}

/* What one block says to the next. */
struct carry {
    uint64_t blank, line; /* of the byte before: 0 or 1 */
    uint64_t lines, heads;
};

/* Completes marks by what the block before had. */
static inline void join(struct vw_log_marks *marks, uint64_t heads, struct carry *carry)
{
    marks->odd |= marks->blanks & (marks->blanks << 1 | carry->blank);
    carry->heads |= heads & (marks->lines << 1 | carry->line);
    carry->blank = marks->blanks >> (VW_LOG_BLOCK - 1);
    carry->line = marks->lines >> (VW_LOG_BLOCK - 1);
}

static void mark(const char *text, size_t blocks, struct vw_log_marks *marks,
                 struct carry *carry)
{
    size_t i;

    for (i = 0; i < blocks; i++) {
        uint64_t heads;

        find(text + i * VW_LOG_BLOCK, &marks[i], &heads);
        join(&marks[i], heads, carry);
        carry->lines += (unsigned)__builtin_popcountll(marks[i].lines);
    }
}

static void place(struct vw_log_places *places, const struct vw_log_marks *marks,
                  size_t count, uint32_t at)
{
    size_t i;

    for (i = 0; i < count; i++, at += VW_LOG_BLOCK) {
        uint64_t rest = marks[i].blanks;

        for (; rest; rest &= rest - 1) {
            unsigned first = (unsigned)__builtin_ctzll(rest);

            if (marks[i].lines >> first & 1)
                places->ends[places->end_count++] = (uint32_t)places->count;
            places->blanks[places->count++] = at + first;
        }
    }
}

#ifdef __x86_64__

#include <immintrin.h>

#define WIDE __attribute__((target("avx2,bmi,popcnt")))

/* Places that are written whatever there is: few blocks of a flow log have more. */
enum { FEW_BLANKS = 12 };

WIDE static inline uint64_t bits(__m256i low, __m256i high)
{
    return (uint64_t)(unsigned)_mm256_movemask_epi8(low) |
           (uint64_t)(unsigned)_mm256_movemask_epi8(high) << 32;
}

WIDE static inline __m256i up_to(__m256i bytes, char most)
{
    return _mm256_cmpeq_epi8(_mm256_min_epu8(bytes, _mm256_set1_epi8(most)), bytes);
}

WIDE static inline __m256i heads_of(__m256i bytes)
{
    return _mm256_or_si256(_mm256_cmpgt_epi8(bytes, _mm256_set1_epi8('9')),
                           _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('$')));
}

WIDE static void mark_wide(const char *text, size_t blocks, struct vw_log_marks *marks,
                           struct carry *carry)
{
    const __m256i lf = _mm256_set1_epi8('\n');
    size_t i;

    for (i = 0; i < blocks; i++) {
        const __m256i *block = (const __m256i *)(const void *)(text + i * VW_LOG_BLOCK);
        __m256i low = _mm256_loadu_si256(block), high = _mm256_loadu_si256(block + 1);

        marks[i].blanks = bits(up_to(low, ' '), up_to(high, ' '));
        marks[i].lines = bits(_mm256_cmpeq_epi8(low, lf), _mm256_cmpeq_epi8(high, lf));
        marks[i].odd = bits(up_to(low, '\x1f'), up_to(high, '\x1f')) & ~marks[i].lines;
        join(&marks[i], bits(heads_of(low), heads_of(high)), carry);
        carry->lines += (uint64_t)_mm_popcnt_u64(marks[i].lines);
    }
}

/* The places of the first `count` marks, and more that are none: up to a multiple of four.
 * volatile: gcc would collect four of them in a vector first, which takes longer. */
WIDE static inline void put_places(volatile uint32_t *out, uint64_t marks, int count,
                                   uint32_t at)
{
    int i;

    for (i = 0; i < count; i += 4) {
        out[i] = at + (uint32_t)_tzcnt_u64(marks);
        marks = _blsr_u64(marks);
        out[i + 1] = at + (uint32_t)_tzcnt_u64(marks);
        marks = _blsr_u64(marks);
        out[i + 2] = at + (uint32_t)_tzcnt_u64(marks);
        marks = _blsr_u64(marks);
        out[i + 3] = at + (uint32_t)_tzcnt_u64(marks);
        marks = _blsr_u64(marks);
    }
}

/* A line end is the last one of the blanks up to it. */
WIDE static inline uint32_t number_of_end(uint64_t blanks, uint64_t lines)
{
    return (uint32_t)_mm_popcnt_u64(blanks & _blsmsk_u64(lines)) - 1;
}

WIDE static void place_wide(struct vw_log_places *places,
                            const struct vw_log_marks *marks, size_t count, uint32_t at)
{
    uint32_t *blank = places->blanks + places->count, *end = places->ends;
    size_t i;

    for (i = 0; i < count; i++, at += VW_LOG_BLOCK) {
        uint64_t blanks = marks[i].blanks, lines = marks[i].lines;
        int blank_count = (int)_mm_popcnt_u64(blanks);
        int end_count = (int)_mm_popcnt_u64(lines);
        uint32_t before = (uint32_t)(blank - places->blanks);
        int j;

        end[0] = before + number_of_end(blanks, lines);
        lines = _blsr_u64(lines);
        end[1] = before + number_of_end(blanks, lines);
        for (j = 2; j < end_count; j++) {
            lines = _blsr_u64(lines);
            end[j] = before + number_of_end(blanks, lines);
        }
        put_places(blank, blanks, blank_count <= FEW_BLANKS ? FEW_BLANKS : blank_count,
                   at);
        blank += blank_count;
        end += end_count;
    }
    places->count = (size_t)(blank - places->blanks);
    places->end_count = (size_t)(end - places->ends);
}

static bool is_wide(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
           __builtin_cpu_supports("popcnt");
}

#else

static bool is_wide(void)
{
    return false;
}

#define mark_wide mark
#define place_wide place

#endif

struct vw_log_marked vw_log_mark(const char *text, size_t size,
                                 struct vw_log_marks *marks)
{
    size_t whole = size / VW_LOG_BLOCK, rest = size % VW_LOG_BLOCK;
    struct carry carry = {.blank = 1, .line = 1};

    if (is_wide())
        mark_wide(text, whole, marks, &carry);
    else
        mark(text, whole, marks, &carry);
    if (rest > 0) {
        char last[VW_LOG_BLOCK];

        memset(last, '0', sizeof last); /* of which there are no marks */
        memcpy(last, text + whole * VW_LOG_BLOCK, rest);
        mark(last, 1, &marks[whole], &carry);
    }
    memset(&marks[vw_log_blocks(size)], 0, VW_LOG_MARKS_BEHIND * sizeof *marks);
    return (struct vw_log_marked){carry.lines, carry.heads != 0};
}

void vw_log_place(struct vw_log_places *places, const struct vw_log_marks *marks,
                  size_t count, uint32_t at)
{
    uint64_t odd = 0;
    size_t i;

    places->end_count = 0;
    for (i = 0; i < count; i++)
        odd |= marks[i].odd;
    places->is_odd = odd != 0;
    if (is_wide())
        place_wide(places, marks, count, at);
    else
        place(places, marks, count, at);
}
