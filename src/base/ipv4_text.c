/*
 * Where the processor can (SSSE3), all four numbers at once and without a branch that
 * depends on how long they are: in a log they are of any length, and a processor guesses
 * wrong at each. After D. Lemire and W. Mula, "Parsing IP addresses crazily fast" (2023),
 * but without their table. Else one digit after the other.
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

/* Where the digits of a number come from that has `size` of them from `start` on: hundreds,
 * tens, units and nothing. A byte of 0x80 stands for a zero. */
static uint32_t places(unsigned start, unsigned size)
{
    static const uint32_t by_size[] = {0x80808080, 0x80008080, 0x80010080, 0x80020100};

    return by_size[size] + start * 0x00010101u;
}

__attribute__((target("ssse3"))) static bool parse_at_once(const char *text, size_t size,
                                                           uint32_t *ret)
{
    const __m128i input = load(text, size);
    const __m128i digits = _mm_xor_si128(input, _mm_set1_epi8('0'));
    const unsigned whole = (1u << size) - 1;
    const unsigned dots = bits(_mm_cmpeq_epi8(input, _mm_set1_epi8('.')));
    const unsigned zeros = bits(_mm_cmpeq_epi8(input, _mm_set1_epi8('0')));
    const unsigned good =
        bits(_mm_cmpeq_epi8(_mm_min_epu8(digits, _mm_set1_epi8(9)), digits)) & whole;
    const unsigned two = dots & (dots - 1), one = two & (two - 1);
    const unsigned starts = dots << 1 | 1, ends = (dots | (whole + 1)) >> 1;
    unsigned first, second, third, a, b, c, d;
    uint32_t address;
    __m128i parts;

    if (one == 0 || (one & (one - 1)) || (good | dots) != whole)
        return false;
    first = (unsigned)__builtin_ctz(dots);
    second = (unsigned)__builtin_ctz(two);
    third = (unsigned)__builtin_ctz(one);
    a = first;
    b = second - first - 1;
    c = third - second - 1;
    d = (unsigned)size - third - 1;
    /* A number that is missing has size 0; a zero in front may only stand alone. */
    if (a - 1 > 2 || b - 1 > 2 || c - 1 > 2 || d - 1 > 2 || (zeros & starts & ~ends))
        return false;
    parts = _mm_shuffle_epi8(
        digits,
        _mm_set_epi64x(
            (long long)((uint64_t)places(third + 1, d) << 32 | places(second + 1, c)),
            (long long)((uint64_t)places(first + 1, b) << 32 | places(0, a))));
    parts = _mm_maddubs_epi16(parts, _mm_set1_epi32(0x00010a64)); /* 100, 10, 1, 0 */
    parts = _mm_madd_epi16(parts, _mm_set1_epi16(1));
    if (bits(_mm_cmpgt_epi32(parts, _mm_set1_epi32(255))))
        return false;
    parts = _mm_packs_epi32(parts, parts);
    parts = _mm_packus_epi16(parts, parts);
    address = (uint32_t)_mm_cvtsi128_si32(parts);
    *ret = __builtin_bswap32(address);
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
