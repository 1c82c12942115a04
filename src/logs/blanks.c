/* Sixteen or thirty-two bytes at a time where the processor can; see blanks.h. */
#include "logs/blanks.h"

#ifdef __x86_64__

#include <immintrin.h>

static inline uint64_t up_to_16(const char *bytes, char most)
{
    __m128i limit = _mm_set1_epi8(most);
    __m128i value = _mm_loadu_si128((const __m128i *)(const void *)bytes);

    return (uint64_t)(unsigned)_mm_movemask_epi8(
        _mm_cmpeq_epi8(_mm_min_epu8(value, limit), value));
}

static inline uint64_t up_to(const char *bytes, char most)
{
    return up_to_16(bytes, most) | up_to_16(bytes + 16, most) << 16 |
           up_to_16(bytes + 32, most) << 32 | up_to_16(bytes + 48, most) << 48;
}

__attribute__((target("avx2"))) static inline uint64_t up_to_32(__m256i value, char most)
{
    __m256i limit = _mm256_set1_epi8(most);

    return (uint64_t)(unsigned)_mm256_movemask_epi8(
        _mm256_cmpeq_epi8(_mm256_min_epu8(value, limit), value));
}

__attribute__((target("avx2"))) static void find_wide(const char *text, size_t blocks,
                                                      uint64_t *blanks,
                                                      uint64_t *controls)
{
    size_t i;

    for (i = 0; i < blocks; i++) {
        const __m256i *block = (const __m256i *)(const void *)(text + i * VW_LOG_BLOCK);
        __m256i low = _mm256_loadu_si256(block), high = _mm256_loadu_si256(block + 1);

        blanks[i] = up_to_32(low, ' ') | up_to_32(high, ' ') << 32;
        controls[i] = up_to_32(low, '\x1f') | up_to_32(high, '\x1f') << 32;
    }
}

#else

static uint64_t up_to(const char *bytes, char most)
{
    uint64_t marks = 0;
    unsigned i;

    for (i = 0; i < VW_LOG_BLOCK; i++)
        marks |= (uint64_t)((unsigned char)bytes[i] <= (unsigned char)most) << i;
    return marks;
}

#endif

static void find(const char *text, size_t blocks, uint64_t *blanks, uint64_t *controls)
{
    size_t i;

    for (i = 0; i < blocks; i++) {
        blanks[i] = up_to(text + i * VW_LOG_BLOCK, ' ');
        controls[i] = up_to(text + i * VW_LOG_BLOCK, '\x1f');
    }
}

void vw_log_find_blanks(const char *text, size_t size, uint64_t *blanks,
                        uint64_t *controls)
{
    size_t blocks = vw_log_blocks(size);

#ifdef __x86_64__
    if (__builtin_cpu_supports("avx2"))
        find_wide(text, blocks, blanks, controls);
    else
#endif
        find(text, blocks, blanks, controls);
    if (size % VW_LOG_BLOCK) {
        blanks[blocks - 1] &= (UINT64_C(1) << size % VW_LOG_BLOCK) - 1;
        controls[blocks - 1] &= (UINT64_C(1) << size % VW_LOG_BLOCK) - 1;
    }
}
