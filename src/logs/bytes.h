/*
 * Sixty-four bytes looked at in one go: bit i of a mask tells of byte i. Texts of flow logs
 * are mostly looked at for their blanks and line ends.
 */
#ifndef VW_LOGS_BYTES_H
#define VW_LOGS_BYTES_H

#include <stdint.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#define VW_LOG_BLOCK 64

#ifdef __SSE2__

static inline uint64_t vw_log_mask_16(const char *bytes, __m128i most)
{
    __m128i value = _mm_loadu_si128((const __m128i *)(const void *)bytes);

    return (uint64_t)(unsigned)_mm_movemask_epi8(
        _mm_cmpeq_epi8(_mm_min_epu8(value, most), value));
}

/* Bytes that are not above `most`. */
static inline uint64_t vw_log_mask_low(const char *bytes, char most)
{
    __m128i limit = _mm_set1_epi8(most);

    return vw_log_mask_16(bytes, limit) | vw_log_mask_16(bytes + 16, limit) << 16 |
           vw_log_mask_16(bytes + 32, limit) << 32 |
           vw_log_mask_16(bytes + 48, limit) << 48;
}

#else

static inline uint64_t vw_log_mask_low(const char *bytes, char most)
{
    uint64_t mask = 0;
    unsigned i;

    for (i = 0; i < VW_LOG_BLOCK; i++)
        mask |= (uint64_t)((unsigned char)bytes[i] <= (unsigned char)most) << i;
    return mask;
}

#endif

/* The first set bit; `mask` is not 0. */
static inline unsigned vw_log_first_bit(uint64_t mask)
{
    return (unsigned)__builtin_ctzll(mask);
}

/* The lowest `size` bits, up to 64. */
static inline uint64_t vw_log_low_bits(uint64_t mask, uint64_t size)
{
    return size < VW_LOG_BLOCK ? mask & ((UINT64_C(1) << size) - 1) : mask;
}

#endif
