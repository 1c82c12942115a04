/* SHA-256 as FIPS 180-4 section 6.2 writes it; see sha256.h. */
#include "base/sha256.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const uint32_t constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4,
    0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe,
    0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f,
    0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7,
    0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc,
    0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
    0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116,
    0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
    0xc67178f2};

static uint32_t rotate(uint32_t x, unsigned n)
{
    return x >> n | x << (32 - n);
}

static uint32_t load_word(const unsigned char *bytes)
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 |
           bytes[3];
}

/* One round. Instead of moving the eight working variables on by one, the next round is
 * given them in the order in which they would then stand. */
#define ROUND(a, b, c, d, e, f, g, h, i)                                                 \
    do {                                                                                 \
        uint32_t t1 = (h) + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) +             \
                      (((e) & (f)) ^ (~(e) & (g))) + constants[i] + w[i];                \
        uint32_t t2 = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) +                   \
                      (((a) & (b)) ^ ((a) & (c)) ^ ((b) & (c)));                         \
        (d) += t1;                                                                       \
        (h) = t1 + t2;                                                                   \
    } while (0)

/* The message schedule of a block. */
static void schedule(const unsigned char block[64], uint32_t w[64])
{
    unsigned i;

    for (i = 0; i < 16; i++)
        w[i] = load_word(block + (size_t)i * 4);
    for (; i < 64; i++) {
        uint32_t s0 = rotate(w[i - 15], 7) ^ rotate(w[i - 15], 18) ^ w[i - 15] >> 3;
        uint32_t s1 = rotate(w[i - 2], 17) ^ rotate(w[i - 2], 19) ^ w[i - 2] >> 10;
        w[i] = w[i - 16] + s0 + w[i - 7] + s1;
    }
}

static void compress_portably(uint32_t state[8], const unsigned char block[64])
{
    uint32_t w[64], v[8];
    unsigned i;

    schedule(block, w);
    memcpy(v, state, sizeof v);
    for (i = 0; i < 64; i += 8) {
        ROUND(v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7], i);
        ROUND(v[7], v[0], v[1], v[2], v[3], v[4], v[5], v[6], i + 1);
        ROUND(v[6], v[7], v[0], v[1], v[2], v[3], v[4], v[5], i + 2);
        ROUND(v[5], v[6], v[7], v[0], v[1], v[2], v[3], v[4], i + 3);
        ROUND(v[4], v[5], v[6], v[7], v[0], v[1], v[2], v[3], i + 4);
        ROUND(v[3], v[4], v[5], v[6], v[7], v[0], v[1], v[2], i + 5);
        ROUND(v[2], v[3], v[4], v[5], v[6], v[7], v[0], v[1], i + 6);
        ROUND(v[1], v[2], v[3], v[4], v[5], v[6], v[7], v[0], i + 7);
    }
    for (i = 0; i < 8; i++)
        state[i] += v[i];
}

static void compress(struct vw_sha256 *hash, const unsigned char block[64])
{
    if (hash->has_instructions)
        vw_sha256_compress_instructions(hash->state, block, constants);
    else
        compress_portably(hash->state, block);
}

void vw_sha256_start(struct vw_sha256 *hash)
{
    static const uint32_t initial[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                        0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

    memset(hash, 0, sizeof *hash);
    memcpy(hash->state, initial, sizeof initial);
    hash->has_instructions = vw_sha256_has_instructions();
}

void vw_sha256_add(struct vw_sha256 *hash, const void *data, size_t size)
{
    const unsigned char *bytes = data;
    size_t used = hash->size % 64;

    hash->size += size;
    while (size > 0) {
        size_t piece = 64 - used;

        if (used == 0 && size >= 64) {
            compress(hash, bytes);
            piece = 64;
        } else {
            if (piece > size)
                piece = size;
            memcpy(hash->block + used, bytes, piece);
            used += piece;
            if (used == 64) {
                compress(hash, hash->block);
                used = 0;
            }
        }
        bytes += piece;
        size -= piece;
    }
}

void vw_sha256_finish(struct vw_sha256 *hash, char ret_text[VW_SHA256_TEXT])
{
    static const char digits[] = "0123456789abcdef";
    static const unsigned char padding[64] = {0x80};
    uint64_t bits = hash->size * 8;
    unsigned char length[8];
    unsigned i;

    vw_sha256_add(hash, padding, 1 + (119 - hash->size % 64) % 64);
    for (i = 0; i < 8; i++)
        length[i] = (unsigned char)(bits >> (56 - 8 * i));
    vw_sha256_add(hash, length, sizeof length);
    for (i = 0; i < 64; i++)
        ret_text[i] = digits[hash->state[i / 8] >> (28 - 4 * (i % 8)) & 15];
    ret_text[64] = '\0';
}

void vw_sha256_file(const char *path, char ret_text[VW_SHA256_TEXT])
{
    unsigned char buffer[16384];
    struct vw_sha256 hash;
    struct stat status;
    ssize_t got = -1;
    int descriptor;

    ret_text[0] = '\0';
    /* Not a pipe: what is read from it here, its reader would miss. */
    if (stat(path, &status) || !S_ISREG(status.st_mode))
        return;
    descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return;
    vw_sha256_start(&hash);
    while ((got = read(descriptor, buffer, sizeof buffer)) > 0)
        vw_sha256_add(&hash, buffer, (size_t)got);
    close(descriptor);
    if (got == 0)
        vw_sha256_finish(&hash, ret_text);
}
