/*
 * Every engine that unpacks: whole, in buffers of every size, in members; and hostile
 * bytes, which must neither be written past the room given nor go on for ever.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

#include "base/unpack.h"

enum { TEXT = 200000, PACKED = TEXT + 4096, CANARY = 16 };

struct sample {
    unsigned char text[TEXT];
    unsigned char gzip[PACKED];
    size_t gzip_size;
    unsigned char zstd[PACKED];
    size_t zstd_size;
};

static int setup(void **state)
{
    struct sample *sample = malloc(sizeof *sample);
    z_stream stream = {0};
    uint32_t seed = 1;
    size_t i;

    for (i = 0; i < TEXT; i++) {
        seed = seed * 1664525 + 1013904223;
        sample->text[i] =
            (unsigned char)(i % 9 < 6
                                ? "10.0.1"
                                : "0123456789")[(i % 9 < 6 ? i % 9 : (seed >> 24) % 10)];
    }
    assert_int_equal(deflateInit2(&stream, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY),
                     Z_OK);
    stream.next_in = sample->text;
    stream.avail_in = TEXT;
    stream.next_out = sample->gzip;
    stream.avail_out = PACKED;
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    sample->gzip_size = stream.total_out;
    deflateEnd(&stream);
    sample->zstd_size = ZSTD_compress(sample->zstd, PACKED, sample->text, TEXT, 3);
    assert_false(ZSTD_isError(sample->zstd_size));
    *state = sample;
    return 0;
}

static int teardown(void **state)
{
    free(*state);
    return 0;
}

/* The engine number `index` and what it is to unpack; false behind the last. */
static bool engine(const struct sample *sample, unsigned index,
                   const struct vw_unpacker **ret_unpacker, struct vw_unpack *ret_bytes)
{
    *ret_bytes = (struct vw_unpack){.in = sample->gzip, .in_size = sample->gzip_size};
    switch (index) {
    case 0:
        *ret_unpacker = &vw_unpacker_zlib;
        return true;
    case 1:
        *ret_bytes = (struct vw_unpack){.in = sample->zstd, .in_size = sample->zstd_size};
        *ret_unpacker = &vw_unpacker_zstd;
        return true;
    case 2:
        *ret_unpacker = vw_unpacker_isal(true);
        return *ret_unpacker;
    default:
        return false;
    }
}

static void whole_members_are_exact(void **state)
{
    const struct sample *sample = *state;
    unsigned char *out = malloc(TEXT + 1);
    const struct vw_unpacker *unpacker;
    struct vw_unpack bytes;
    unsigned i;

    for (i = 0; engine(sample, i, &unpacker, &bytes); i++) {
        void *engine_state = unpacker->create();
        bytes.out = out;
        bytes.out_size = TEXT;
        memset(out, 0, TEXT + 1);
        assert_int_equal(vw_unpack_whole(unpacker, engine_state, bytes), VW_UNPACK_END);
        assert_memory_equal(out, sample->text, TEXT);
        bytes.out_size = TEXT + 1;
        assert_int_equal(vw_unpack_whole(unpacker, engine_state, bytes),
                         VW_UNPACK_DAMAGED);
        bytes.out_size = TEXT - 1;
        assert_int_equal(vw_unpack_whole(unpacker, engine_state, bytes),
                         VW_UNPACK_DAMAGED);
        bytes.out_size = TEXT;
        bytes.in_size--;
        assert_int_equal(vw_unpack_whole(unpacker, engine_state, bytes),
                         VW_UNPACK_DAMAGED);
        unpacker->free(engine_state);
    }
    assert_true(i >= 2);
    free(out);
}

/* Input in pieces of `in`, room in pieces of `out`. */
static void unpack_in_pieces(const struct vw_unpacker *unpacker, struct vw_unpack all,
                             size_t in, size_t out, unsigned char *to)
{
    void *state = unpacker->create();
    enum vw_unpack_result result = unpacker->restart(state);
    size_t have = 0, rounds = 0;

    while (result == VW_UNPACK_MORE) {
        unsigned char *input = malloc(in);
        size_t size = in < all.in_size ? in : all.in_size;
        struct vw_unpack bytes = {input, size, to + have, out};
        memcpy(input, all.in, size);
        if (bytes.out_size > TEXT - have)
            bytes.out_size = TEXT - have;
        have += bytes.out_size;
        result = unpacker->run(state, &bytes);
        have -= bytes.out_size;
        all.in += size - bytes.in_size;
        all.in_size -= size - bytes.in_size;
        free(input);
        assert_true(rounds++ < 3 * TEXT);
    }
    assert_int_equal(result, VW_UNPACK_END);
    assert_int_equal(have, TEXT);
    assert_int_equal(all.in_size, 0);
    unpacker->free(state);
}

static void buffers_of_any_size_do(void **state)
{
    const struct sample *sample = *state;
    static const size_t sizes[] = {300, 33000, 70000, TEXT};
    unsigned char *out = malloc(TEXT);
    const struct vw_unpacker *unpacker;
    struct vw_unpack bytes;
    size_t in, to;
    unsigned i;

    for (i = 0; engine(sample, i, &unpacker, &bytes); i++) {
        for (in = 0; in < sizeof sizes / sizeof *sizes; in++) {
            for (to = 0; to < sizeof sizes / sizeof *sizes; to++) {
                memset(out, 0, TEXT);
                unpack_in_pieces(unpacker, bytes, sizes[in], sizes[to], out);
                assert_memory_equal(out, sample->text, TEXT);
            }
        }
    }
    free(out);
}

/* Byte by byte, which takes its time: the start of the text only. */
static void single_bytes_do(void **state)
{
    const struct sample *sample = *state;
    unsigned char out[3000];
    const struct vw_unpacker *unpacker;
    struct vw_unpack bytes;
    unsigned i;

    for (i = 0; engine(sample, i, &unpacker, &bytes); i++) {
        void *engine_state = unpacker->create();
        size_t have = 0;
        assert_int_equal(unpacker->restart(engine_state), VW_UNPACK_MORE);
        while (have < sizeof out) {
            struct vw_unpack one = {bytes.in, 1, out + have, 1};
            assert_int_equal(unpacker->run(engine_state, &one), VW_UNPACK_MORE);
            have += 1 - one.out_size;
            bytes.in += 1 - one.in_size;
        }
        assert_memory_equal(out, sample->text, sizeof out);
        unpacker->free(engine_state);
    }
}

/* The bytes in room of exactly TEXT; what stands behind it must stay as it is. */
static void unpack_hostile(const struct vw_unpacker *unpacker, void *state,
                           const unsigned char *in, size_t size, unsigned char *out)
{
    struct vw_unpack bytes = {in, size, out, TEXT};
    size_t i;

    memset(out + TEXT, 0x5a, CANARY);
    (void)vw_unpack_whole(unpacker, state, bytes);
    for (i = 0; i < CANARY; i++)
        assert_int_equal(out[TEXT + i], 0x5a);
}

static void hostile_bytes_stay_in_their_room(void **state)
{
    const struct sample *sample = *state;
    unsigned char *out = malloc(TEXT + CANARY);
    const struct vw_unpacker *unpacker;
    struct vw_unpack bytes;
    uint32_t seed = 5;
    unsigned i;

    for (i = 0; engine(sample, i, &unpacker, &bytes); i++) {
        void *engine_state = unpacker->create();
        unsigned char *in = malloc(bytes.in_size);
        size_t round, flips;
        for (round = 0; round < 300; round++) {
            memcpy(in, bytes.in, bytes.in_size);
            for (flips = 0; flips <= round % 3; flips++) {
                seed = seed * 1664525 + 1013904223;
                /* Every byte of the headers, then anywhere. */
                in[round < 200 ? round : seed % bytes.in_size] ^=
                    (unsigned char)(1u << (seed >> 29));
            }
            unpack_hostile(unpacker, engine_state, in, bytes.in_size, out);
        }
        free(in);
        unpacker->free(engine_state);
    }
    free(out);
}

static void many_bytes_are_worth_isal(void **state)
{
    (void)state;
    assert_ptr_equal(vw_unpacker_gzip(1000), &vw_unpacker_zlib);
    if (vw_unpacker_isal(true)) {
        assert_ptr_equal(vw_unpacker_gzip(1 << 20), vw_unpacker_isal(true));
        assert_ptr_equal(vw_unpacker_gzip(1000), vw_unpacker_isal(true));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(many_bytes_are_worth_isal),
        cmocka_unit_test(whole_members_are_exact),
        cmocka_unit_test(buffers_of_any_size_do),
        cmocka_unit_test(single_bytes_do),
        cmocka_unit_test(hostile_bytes_stay_in_their_room),
    };

    return cmocka_run_group_tests_name("unpack", tests, setup, teardown);
}
