/* The examples of FIPS 180-4 (as NIST publishes them), and messages added in pieces. */
#include "base/sha256.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "temporary.h"

static const char long_text[] = "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
                                "hijklmnoijklmnopjklmnopqklmnop"
                                "qrlmnopqrsmnopqrstnopqrstu";

static const struct {
    const char *text, *digest;
} examples[] = {
    {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
     "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
    {long_text, "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"},
};

static void published_examples(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < sizeof examples / sizeof *examples; i++) {
        struct vw_sha256 hash;
        char text[VW_SHA256_TEXT];

        vw_sha256_start(&hash);
        vw_sha256_add(&hash, examples[i].text, strlen(examples[i].text));
        vw_sha256_finish(&hash, text);
        assert_string_equal(text, examples[i].digest);
    }
}

static void a_million_letters_in_odd_pieces(void **state)
{
    struct vw_sha256 hash;
    char text[VW_SHA256_TEXT], letters[997];
    size_t left = 1000000;

    (void)state;
    memset(letters, 'a', sizeof letters);
    vw_sha256_start(&hash);
    while (left > 0) {
        size_t piece = left < sizeof letters ? left : sizeof letters;
        vw_sha256_add(&hash, letters, piece);
        left -= piece;
    }
    vw_sha256_finish(&hash, text);
    assert_string_equal(
        text, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

/* Every size around the block and its padding: byte by byte is the same as at once. */
static void pieces_do_not_matter(void **state)
{
    unsigned char bytes[200];
    size_t size, i;

    (void)state;
    for (i = 0; i < sizeof bytes; i++)
        bytes[i] = (unsigned char)(i * 7);
    for (size = 0; size <= sizeof bytes; size++) {
        struct vw_sha256 whole, pieces;
        char a[VW_SHA256_TEXT], b[VW_SHA256_TEXT];

        vw_sha256_start(&whole);
        vw_sha256_add(&whole, bytes, size);
        vw_sha256_finish(&whole, a);
        vw_sha256_start(&pieces);
        for (i = 0; i < size; i++)
            vw_sha256_add(&pieces, &bytes[i], 1);
        vw_sha256_finish(&pieces, b);
        assert_string_equal(a, b);
    }
}

static void files(void **state)
{
    struct temporary temporary;
    char text[VW_SHA256_TEXT];

    (void)state;
    temporary_open(&temporary);
    vw_sha256_file(temporary_text(&temporary, "abc", "abc"), text);
    assert_string_equal(text, examples[1].digest);
    vw_sha256_file(temporary_text(&temporary, "empty", ""), text);
    assert_string_equal(text, examples[0].digest);
    vw_sha256_file(temporary.folder, text);
    assert_string_equal(text, "");
    vw_sha256_file("/nowhere/at/all", text);
    assert_string_equal(text, "");
    temporary_close(&temporary);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_examples),
        cmocka_unit_test(a_million_letters_in_odd_pieces),
        cmocka_unit_test(pieces_do_not_matter),
        cmocka_unit_test(files),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
