/*
 * Where the processor can (SSSE3), all four numbers at once and without a branch that
 * depends on how long they are: in a log they are of any length, and a processor guesses
 * wrong at each. After D. Lemire and W. Mula, "Parsing IP addresses crazily fast" (2023).
 * Else one digit after the other.
 */
#include "base/ipv4_text.h"

/* Shortest and longest: "1.1.1.1", "255.255.255.255". */
enum { SHORTEST = 7, LONGEST = 15 };

static bool parse_digits(const char *text, size_t size, uint32_t *ret)
{
    uint32_t value = 0, part = 0;
    unsigned digits = 0, dots = 0;
    size_t i;

    for (i = 0; i < size; i++) {
        unsigned digit = (unsigned)(unsigned char)text[i] - '0';

        if (digit <= 9) {
            if (digits > 0 && part == 0)
                return false; /* a leading zero */
            part = part * 10 + digit;
            digits++;
            if (part > 255)
                return false;
        } else if (text[i] == '.' && digits > 0 && dots < 3) {
            value = value << 8 | part;
            part = digits = 0;
            dots++;
        } else {
            return false;
        }
    }
    *ret = value << 8 | part;
    return dots == 3 && digits > 0;
}

#ifdef __x86_64__

#include <string.h>
#include <tmmintrin.h>

/* The text in the first `size` bytes, zeros behind: two loads that overlap. */
static __m128i load(const char *text, size_t size)
{
    uint64_t low = 0, high = 0;

    if (size >= 8) {
        memcpy(&low, text, 8);
        memcpy(&high, text + size - 8, 8);
        high = high >> 8 >> 8 * (LONGEST - size);
    } else {
        memcpy(&low, text, 4);
        memcpy(&high, text + 3, 4);
        low |= high << 24;
        high = 0;
    }
    return _mm_set_epi64x((long long)high, (long long)low);
}

static unsigned bits(__m128i bytes)
{
    return (unsigned)_mm_movemask_epi8(bytes);
}

/* What is known once it is known where the dots are. */
struct pattern {
    _Alignas(
        32) uint8_t places[16]; /* of hundreds, tens, units and nothing; 0x80: none */
    uint16_t marks;             /* of the dots, and of the end */
    uint16_t first; /* bits of `places` that are the first of several digits */
};

/* The dots and the end, and where such marks stand among the patterns: no two meet. */
#define MARKS(a, b, c, d)                                                                \
    (1u << (a) | 1u << ((a) + (b) + 1) | 1u << ((a) + (b) + (c) + 2) |                   \
     1u << ((a) + (b) + (c) + (d) + 3))
#define AT(marks) ((uint32_t)((marks)*UINT32_C(0xf6d14119)) >> 24)

/* The digits of a number of `n` that begins at `start`. */
#define PLACES(start, n)                                                                 \
    (uint8_t)((n) > 2 ? (start) : 0x80), (uint8_t)((n) > 1 ? (start) + (n)-2 : 0x80),    \
        (uint8_t)((start) + (n)-1), 0x80
#define FIRST(n) ((n) == 3 ? 1u : (n) == 2 ? 2u : 0u)
#define PATTERN(a, b, c, d)                                                              \
    [AT(MARKS(a, b, c, d))] = {                                                          \
        {PLACES(0, a), PLACES((a) + 1, b), PLACES((a) + (b) + 2, c),                     \
         PLACES((a) + (b) + (c) + 3, d)},                                                \
        MARKS(a, b, c, d),                                                               \
        FIRST(a) | FIRST(b) << 4 | FIRST(c) << 8 | FIRST(d) << 12}
#define PATTERNS_3(a, b, c) PATTERN(a, b, c, 1), PATTERN(a, b, c, 2), PATTERN(a, b, c, 3)
#define PATTERNS_2(a, b) PATTERNS_3(a, b, 1), PATTERNS_3(a, b, 2), PATTERNS_3(a, b, 3)
#define PATTERNS(a) PATTERNS_2(a, 1), PATTERNS_2(a, 2), PATTERNS_2(a, 3)

static const struct pattern patterns[256] = {PATTERNS(1), PATTERNS(2), PATTERNS(3)};

__attribute__((target("ssse3"))) static bool parse_at_once(const char *text, size_t size,
                                                           uint32_t *ret)
{
    const __m128i input = load(text, size);
    const unsigned marks =
        bits(_mm_cmpeq_epi8(input, _mm_set1_epi8('.'))) | 1u << (unsigned)size;
    const struct pattern *pattern = &patterns[AT(marks)];
    __m128i digits = _mm_xor_si128(input, _mm_set1_epi8('0')), parts;
    unsigned good, zeros, large;

    if (pattern->marks != marks)
        return false;
    digits = _mm_shuffle_epi8(
        digits, _mm_load_si128((const __m128i *)(const void *)pattern->places));
    parts = _mm_maddubs_epi16(digits, _mm_set1_epi32(0x00010a64)); /* 100, 10, 1, 0 */
    parts = _mm_madd_epi16(parts, _mm_set1_epi16(1));
    good = bits(_mm_cmpeq_epi8(_mm_min_epu8(digits, _mm_set1_epi8(9)), digits));
    zeros = bits(_mm_cmpeq_epi8(digits, _mm_setzero_si128()));
    large = bits(_mm_cmpgt_epi32(parts, _mm_set1_epi32(255)));
    if ((good ^ 0xffff) | (zeros & pattern->first) | large)
        return false;
    parts = _mm_packs_epi32(parts, parts);
    parts = _mm_packus_epi16(parts, parts);
    *ret = __builtin_bswap32((uint32_t)_mm_cvtsi128_si32(parts));
    return true;
}

bool vw_ipv4_parse(const char *text, size_t size, uint32_t *ret)
{
    if (size < SHORTEST || size > LONGEST)
        return false;
    return __builtin_cpu_supports("ssse3") ? parse_at_once(text, size, ret)
                                           : parse_digits(text, size, ret);
}

#else

bool vw_ipv4_parse(const char *text, size_t size, uint32_t *ret)
{
    return size >= SHORTEST && size <= LONGEST && parse_digits(text, size, ret);
}

#endif
