/*
 * SHA-256's compression with the SHA instructions of x86 processors (Intel, "Intel SHA
 * Extensions", 2013), which is some eight times as fast as portable C: a trace of a small
 * export would spend a fifth of its time on digests.
 */
#include "base/sha256.h"

#if defined(__x86_64__) && defined(__GLIBC__)
#if __GLIBC_PREREQ(2, 33)
#define HAS_X86 1
#endif
#endif

#ifdef HAS_X86

#include <immintrin.h>
#include <sys/platform/x86.h>

/* What the dynamic linker found out already: asking the processor again (CPUID) takes
 * longer in a virtual machine than hashing a small file. */
bool vw_sha256_has_instructions(void)
{
    return CPU_FEATURE_ACTIVE(SHA) && CPU_FEATURE_ACTIVE(SSE4_1) &&
           CPU_FEATURE_ACTIVE(SSSE3);
}

__attribute__((target("sha,sse4.1,ssse3"))) void vw_sha256_compress_instructions(
    uint32_t state[8], const unsigned char block[64], const uint32_t constants[64])
{
    const __m128i order =
        _mm_set_epi8(12, 13, 14, 15, 8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3);
    __m128i cdab =
        _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)(const void *)state), 0xb1);
    __m128i efgh = _mm_shuffle_epi32(
        _mm_loadu_si128((const __m128i *)(const void *)(state + 4)), 0x1b);
    __m128i abef = _mm_alignr_epi8(cdab, efgh, 8);
    __m128i cdgh = _mm_blend_epi16(efgh, cdab, 0xf0);
    const __m128i abef_before = abef, cdgh_before = cdgh;
    __m128i w[4], feba, dchg;
    unsigned i;

    for (i = 0; i < 4; i++)
        w[i] = _mm_shuffle_epi8(
            _mm_loadu_si128((const __m128i *)(const void *)(block + (size_t)i * 16)),
            order);
    for (i = 0; i < 16; i++) {
        __m128i first = w[i % 4], last = w[(i + 3) % 4];
        __m128i k =
            _mm_loadu_si128((const __m128i *)(const void *)(constants + (size_t)i * 4));
        __m128i sum = _mm_add_epi32(first, k);

        cdgh = _mm_sha256rnds2_epu32(cdgh, abef, sum);
        abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(sum, 0x0e));
        w[i % 4] = _mm_sha256msg2_epu32(
            _mm_add_epi32(_mm_sha256msg1_epu32(first, w[(i + 1) % 4]),
                          _mm_alignr_epi8(last, w[(i + 2) % 4], 4)),
            last);
    }
    feba = _mm_shuffle_epi32(_mm_add_epi32(abef, abef_before), 0x1b);
    dchg = _mm_shuffle_epi32(_mm_add_epi32(cdgh, cdgh_before), 0xb1);
    _mm_storeu_si128((__m128i *)(void *)state, _mm_blend_epi16(feba, dchg, 0xf0));
    _mm_storeu_si128((__m128i *)(void *)(state + 4), _mm_alignr_epi8(dchg, feba, 8));
}

#else

bool vw_sha256_has_instructions(void)
{
    return false;
}

void vw_sha256_compress_instructions(uint32_t state[8], const unsigned char block[64],
                                     const uint32_t constants[64])
{
    (void)state;
    (void)block;
    (void)constants;
}

#endif
