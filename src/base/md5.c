/* MD5 as RFC 1321 section 3 writes it; see md5.h. */
#include "base/md5.h"

#include <stdint.h>
#include <string.h>

static const uint32_t sines[64] = {
    0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613,
    0xfd469501, 0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193,
    0xa679438e, 0x49b40821, 0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d,
    0x02441453, 0xd8a1e681, 0xe7d3fbc8, 0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed,
    0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a, 0xfffa3942, 0x8771f681, 0x6d9d6122,
    0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70, 0x289b7ec6, 0xeaa127fa,
    0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665, 0xf4292244,
    0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
    0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb,
    0xeb86d391};

static const unsigned shifts[4][4] = {
    {7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}};

static uint32_t mix(unsigned round, uint32_t b, uint32_t c, uint32_t d)
{
    if (round == 0)
        return (b & c) | (~b & d);
    if (round == 1)
        return (d & b) | (~d & c);
    if (round == 2)
        return b ^ c ^ d;
    return c ^ (b | ~d);
}

static uint32_t load_word(const unsigned char *bytes)
{
    return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
           (uint32_t)bytes[3] << 24;
}

static void compress(uint32_t state[4], const unsigned char block[64])
{
    static const unsigned steps[4] = {1, 5, 3, 7}, starts[4] = {0, 1, 5, 0};
    uint32_t a = state[0], b = state[1], c = state[2], d = state[3], words[16];
    unsigned i;

    for (i = 0; i < 16; i++)
        words[i] = load_word(block + (size_t)i * 4);
    for (i = 0; i < 64; i++) {
        unsigned round = i / 16, shift = shifts[round][i % 4];
        uint32_t sum = a + mix(round, b, c, d) + sines[i] +
                       words[(starts[round] + steps[round] * i) % 16];

        a = d;
        d = c;
        c = b;
        b += sum << shift | sum >> (32 - shift);
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
}

void vw_md5(const void *data, size_t size, char ret_text[VW_MD5_TEXT])
{
    static const char digits[] = "0123456789abcdef";
    uint32_t state[4] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476};
    unsigned char tail[128] = {0};
    const unsigned char *bytes = data;
    size_t left = size, end, i;
    uint64_t bits = (uint64_t)size * 8;

    for (; left >= 64; left -= 64, bytes += 64)
        compress(state, bytes);
    if (left)
        memcpy(tail, bytes, left);
    tail[left] = 0x80;
    end = left < 56 ? 64 : 128;
    for (i = 0; i < 8; i++)
        tail[end - 8 + i] = (unsigned char)(bits >> (8 * i));
    for (i = 0; i < end; i += 64)
        compress(state, tail + i);
    for (i = 0; i < 16; i++) {
        unsigned byte = state[i / 4] >> (8 * (i % 4)) & 0xFF;

        ret_text[2 * i] = digits[byte >> 4];
        ret_text[2 * i + 1] = digits[byte & 15];
    }
    ret_text[32] = '\0';
}
