/* IPv4 addresses against inet_pton(3), near misses above all; ASan sees reads behind. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/ipv4_text.h"

enum { ROUNDS = 200000, LONGEST = 40 };

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
    struct in_addr expected = {0};
    uint32_t found = 0;
    bool is_one = inet_pton(AF_INET, text, &expected) == 1, is_found;

    assert_non_null(exact);
    memcpy(exact, text, size);
    is_found = vw_ipv4_parse(exact, size, &found);
    free(exact);
    if (is_found != is_one || (is_one && found != ntohl(expected.s_addr)))
        fail_msg("\"%s\": %d, 0x%08x", text, is_found, found);
}

static void make_address(char text[LONGEST])
{
    static const char others[] = "0123456789./: -";
    size_t size = 0;
    unsigned i;

    for (i = 0; i < 4; i++)
        size += (size_t)snprintf(text + size, LONGEST - size, "%s%u", i ? "." : "",
                                 below(4) ? below(256) : below(1100));
    if (below(3) == 0)
        text[below((unsigned)size)] = others[below(sizeof others - 1)];
    if (below(8) == 0)
        memmove(text, text + 1, size);
}

static void as_inet_pton(void **state)
{
    static const char *const rows[] = {
        "",           "1.1.1.1",    "255.255.255.255", "256.1.1.1",   "0.0.0.0",
        "00.0.0.0",   "0.00.0.0",   "0.0.0.00",        "1.2.3",       "1.2.3.",
        ".1.2.3",     "1..2.3",     "1.2.3.4.",        "1.2.3.4.5",   "123.4..",
        "123.4...",   "1234.1.1.1", "1.1.1.1234",      "....... ",    "1.1.1.1 ",
        " 1.1.1.1",   "1.1.1.a",    "1,1.1.1",         "01.1.1.1",    "1.01.1.1",
        "1.1.1.01",   "10.0.0.0/8", "99999999999999",  "1.1.1.1\x80", "1.1.1.\xb1",
        "1.1.111111", "111111.1.1", "1.111111.1",
    };
    char text[LONGEST];
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof *rows; i++)
        check(rows[i]);
    for (i = 0; i < ROUNDS; i++) {
        make_address(text);
        check(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(as_inet_pton)};

    return cmocka_run_group_tests_name("ipv4 text", tests, NULL, NULL);
}
