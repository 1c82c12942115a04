/* Digits against strtoull(3), near misses among them; ASan sees reads behind. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/digits.h"

enum { ROUNDS = 200000, LONGEST = 19 };

static uint64_t seed = 2463534242u;

static unsigned below(unsigned most)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(seed >> 33) % most;
}

/* The text in memory of just its size. */
static void check(const char *text)
{
    size_t size = strlen(text);
    char *exact = malloc(size ? size : 1);
    bool is_one = size > 0 && strspn(text, "0123456789") == size, is_found;
    uint64_t found = 0;

    assert_non_null(exact);
    memcpy(exact, text, size);
    is_found = vw_digits_parse(exact, size, &found);
    free(exact);
    if (is_found != is_one || (is_one && found != strtoull(text, NULL, 10)))
        fail_msg("\"%s\": %d, %llu", text, is_found, (unsigned long long)found);
}

static void as_strtoull(void **state)
{
    unsigned round;

    (void)state;
    for (round = 0; round < ROUNDS; round++) {
        char text[LONGEST + 1] = "";
        size_t size = below(LONGEST + 1), i;

        for (i = 0; i < size; i++)
            text[i] = (char)('0' + below(10));
        if (size > 0 && below(3) == 0)
            text[below((unsigned)size)] = (char)(below(255) + 1);
        check(text);
    }
}

static void every_byte(void **state)
{
    unsigned byte;

    (void)state;
    for (byte = 1; byte < 256; byte++) {
        char one[] = {(char)byte, 0}, two[] = {'1', (char)byte, 0};
        char eight[] = "12345678";

        eight[byte % 8] = (char)byte;
        check(one);
        check(two);
        check(eight);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_strtoull),
        cmocka_unit_test(every_byte),
    };

    return cmocka_run_group_tests_name("decimal digits", tests, NULL, NULL);
}
