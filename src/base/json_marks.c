/* See json_marks.h. Most bytes of an export are blanks and letters. */
#include "base/json_marks.h"

#include <stdbool.h>

#ifdef __SSE2__
#include <emmintrin.h>

enum { STEP = 16 };

static __m128i load(const char *text)
{
    return _mm_loadu_si128((const __m128i *)(const void *)text);
}

static __m128i same(__m128i bytes, char byte)
{
    return _mm_cmpeq_epi8(bytes, _mm_set1_epi8(byte));
}

/* One bit a byte that is a mark. */
static unsigned marks(const char *text)
{
    __m128i bytes = load(text);
    /* '[' and ']' are '{' and '}' without one bit. */
    __m128i folded = _mm_or_si128(bytes, _mm_set1_epi8(0x20));
    __m128i found = _mm_or_si128(_mm_or_si128(same(bytes, '"'), same(bytes, ',')),
                                 _mm_or_si128(same(folded, '{'), same(folded, '}')));

    return (unsigned)_mm_movemask_epi8(found);
}

static unsigned string_marks(const char *text)
{
    __m128i bytes = load(text);

    return (unsigned)_mm_movemask_epi8(_mm_or_si128(same(bytes, '"'), same(bytes, '\\')));
}
#endif

static bool is_mark(char byte)
{
    return byte == '"' || byte == ',' || byte == '[' || byte == ']' || byte == '{' ||
           byte == '}';
}

size_t vw_json_mark(const char *text, size_t at, size_t size)
{
#ifdef __SSE2__
    for (; size - at >= STEP; at += STEP) {
        unsigned found = marks(text + at);

        if (found)
            return at + (size_t)__builtin_ctz(found);
    }
#endif
    while (at < size && !is_mark(text[at]))
        at++;
    return at;
}

size_t vw_json_string_mark(const char *text, size_t at, size_t size)
{
#ifdef __SSE2__
    for (; size - at >= STEP; at += STEP) {
        unsigned found = string_marks(text + at);

        if (found)
            return at + (size_t)__builtin_ctz(found);
    }
#endif
    while (at < size && text[at] != '"' && text[at] != '\\')
        at++;
    return at;
}
