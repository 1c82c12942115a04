/* Decimal digits, of which records of logs are full. */
#ifndef VW_BASE_DIGITS_H
#define VW_BASE_DIGITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* So many do not overflow. */
#define VW_DIGITS_MAX 19

/* One digit after the other; adds them behind those of *number. */
static inline bool vw_digits_add(const char *text, size_t size, uint64_t *number)
{
    size_t i;

    for (i = 0; i < size; i++) {
        unsigned digit = (unsigned)(unsigned char)text[i] - '0';

        if (digit > 9)
            return false;
        *number = *number * 10 + digit;
    }
    return true;
}

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__

/* One to eight of them at once: a loop ends elsewhere for each number, which no processor
 * guesses. Pairs of digits become numbers below 100, pairs of these below 10000, and so on;
 * after J. Johnson and D. Lemire, "Quickly parsing eight digits" (2018). */
static inline bool vw_digits_few(const char *text, size_t size, uint64_t *ret)
{
    const uint64_t zeros = UINT64_C(0x3030303030303030);
    const uint64_t high = UINT64_C(0xf0f0f0f0f0f0f0f0);
    unsigned bits = (unsigned)size * 8;
    uint64_t digits;

    if (size >= 4) { /* two loads that overlap */
        uint32_t first, last;

        memcpy(&first, text, 4);
        memcpy(&last, text + size - 4, 4);
        digits = first | (uint64_t)last << (bits - 32);
    } else {
        digits = (uint64_t)(unsigned char)text[0] |
                 (uint64_t)(unsigned char)text[size / 2] << size / 2 * 8 |
                 (uint64_t)(unsigned char)text[size - 1] << (bits - 8);
    }
    /* Zeros in front make it eight. */
    digits = digits << (64 - bits) | zeros >> (bits / 2) >> (bits / 2);
    if ((digits & high) != zeros ||
        ((digits + UINT64_C(0x0606060606060606)) & high) != zeros)
        return false;
    digits = (digits & UINT64_C(0x0f0f0f0f0f0f0f0f)) * (10 * 256 + 1) >> 8;
    digits = (digits & UINT64_C(0x00ff00ff00ff00ff)) * (100 * 65536 + 1) >> 16;
    *ret = (digits & UINT64_C(0x0000ffff0000ffff)) * ((UINT64_C(10000) << 32) + 1) >> 32;
    return true;
}

/* Digits and nothing else: from one to VW_DIGITS_MAX. */
static inline bool vw_digits_parse(const char *text, size_t size, uint64_t *ret)
{
    if (size - 1 < 8)
        return vw_digits_few(text, size, ret);
    return size > 0 && vw_digits_few(text, 8, ret) &&
           vw_digits_add(text + 8, size - 8, ret);
}

#else

static inline bool vw_digits_parse(const char *text, size_t size, uint64_t *ret)
{
    *ret = 0;
    return size > 0 && vw_digits_add(text, size, ret);
}

#endif

#endif
