/* The marks of a line as two words, and of them the n-th: see short_lines.h. */
#include "logs/short_lines.h"

#include "logs/blanks.h"
#include "logs/words.h"

#ifdef __x86_64__

#include <immintrin.h>

#define WIDE __attribute__((target("bmi,bmi2,popcnt")))

/* Bits from `shift` on, which is below 64. */
WIDE static inline uint64_t window(uint64_t low, uint64_t high, unsigned shift)
{
    return low >> shift | high << 1 << (63 - shift);
}

/* The blanks of a line, from its first byte on. */
struct line {
    uint64_t low, high;
    unsigned in_low; /* how many are in `low` */
    unsigned size;   /* of the line, without its end */
};

/* Where blank number `n` is, of those that there are. */
WIDE static inline unsigned place_of(const struct line *line, unsigned n)
{
    bool is_high = n >= line->in_low;
    uint64_t word = is_high ? line->high : line->low;
    unsigned rest = is_high ? n - line->in_low : n;

    return (unsigned)_tzcnt_u64(_pdep_u64(UINT64_C(1) << rest, word)) +
           (is_high ? 64 : 0);
}

/* False where the line that begins at `at` is no such one. */
WIDE static inline bool find_line(const struct vw_log_marks *marks, size_t at,
                                  size_t width, struct line *ret)
{
    const struct vw_log_marks *block = marks + at / VW_LOG_BLOCK;
    unsigned shift = (unsigned)(at % VW_LOG_BLOCK), count;
    uint64_t ends = window(block[0].lines, block[1].lines, shift);

    ret->low = window(block[0].blanks, block[1].blanks, shift);
    ret->high = 0;
    if (ends) {
        ret->low &= _blsmsk_u64(ends);
        ret->size = (unsigned)_tzcnt_u64(ends);
    } else {
        ends = window(block[1].lines, block[2].lines, shift);
        ret->high = window(block[1].blanks, block[2].blanks, shift) & _blsmsk_u64(ends);
        ret->size = 64 + (unsigned)_tzcnt_u64(ends);
    }
    ret->in_low = (unsigned)_mm_popcnt_u64(ret->low);
    count = ret->in_low + (unsigned)_mm_popcnt_u64(ret->high);
    return ends && count == width && !(block[0].odd | block[1].odd | block[2].odd);
}

WIDE static size_t take(struct vw_log_worker *worker, const char *text, size_t *at,
                        size_t end, uint64_t number)
{
    const struct vw_log_columns *columns = worker->columns;
    const size_t width = columns->layout.count, wanted = columns->wanted_count;
    const uint32_t *wanted_at = columns->wanted_at;
    struct vw_slice *cells = worker->cells + worker->count * width;
    struct vw_log_origin *origin = worker->origins + worker->count;
    size_t room = worker->capacity - worker->count, start = *at, i, j;

    for (i = 0; i < room && start < end; i++) {
        const char *line = text + start;
        struct line found;

        if (!find_line(worker->marks, start, width, &found) ||
            vw_log_is_date((struct vw_slice){line, place_of(&found, 0)}))
            break;
        for (j = 0; j < wanted; j++) {
            unsigned n = wanted_at[j];
            unsigned from = n > 0 ? place_of(&found, n - 1) + 1 : 0;

            cells[n] = (struct vw_slice){line + from, place_of(&found, n) - from};
        }
        origin[i].line = number + i;
        origin[i].message = (struct vw_slice){line, found.size};
        cells += width;
        start += found.size + 1;
    }
    worker->count += i;
    *at = start;
    return i;
}

/* Zen and Zen 2 have the instruction, and take hundreds of cycles for it. */
static bool is_fast(void)
{
    return __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2") &&
           __builtin_cpu_supports("popcnt") && !__builtin_cpu_is("znver1") &&
           !__builtin_cpu_is("znver2") && !__builtin_cpu_is("bdver4");
}

size_t vw_log_short_lines(struct vw_log_worker *worker, const char *text, size_t *at,
                          size_t end, uint64_t number)
{
    return worker->columns->layout.count <= VW_LOG_BLOCK && is_fast()
               ? take(worker, text, at, end, number)
               : 0;
}

#else

size_t vw_log_short_lines(struct vw_log_worker *worker, const char *text, size_t *at,
                          size_t end, uint64_t number)
{
    (void)worker;
    (void)text;
    (void)at;
    (void)end;
    (void)number;
    return 0;
}

#endif
