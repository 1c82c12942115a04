/* UTF-8 decoding, and what a terminal may be shown. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#include "report/escape.h"

static void decodes_utf8_strictly(void **state)
{
    static const struct {
        const char *text;
        size_t size;
        uint32_t code;
    } cases[] = {
        {"", 0, 0},
        {"a", 1, 'a'},
        {"\x7f", 1, 0x7f},
        {"\xc2\x80", 2, 0x80},
        {"\xc3\xa9", 2, 0xe9},
        {"\xe2\x82\xac", 3, 0x20ac},
        {"\xf0\x9f\x98\x80", 4, 0x1f600},
        {"\xf4\x8f\xbf\xbf", 4, 0x10ffff},
        {"\xf4\x90\x80\x80", 0, 0}, /* above U+10FFFF */
        {"\xc0\x80", 0, 0},         /* overlong */
        {"\xe0\x9f\xbf", 0, 0},
        {"\xf0\x8f\xbf\xbf", 0, 0},
        {"\xed\xa0\x80", 0, 0}, /* a surrogate */
        {"\x80", 0, 0},         /* a lone continuation */
        {"\xc3", 0, 0},         /* cut */
        {"\xe2\x82", 0, 0},
        {"\xe2\x82z", 0, 0},
        {"\xff", 0, 0},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint32_t code = 0;

        assert_int_equal(vw_utf8_decode(cases[i].text, &code), cases[i].size);
        assert_int_equal(code, cases[i].code);
    }
}

static void escapes_what_drives_a_terminal(void **state)
{
    static const struct {
        const char *text, *shown;
        size_t used, columns;
    } cases[] = {
        {"a", "a", 1, 1},
        {"\xc3\xa9", "\xc3\xa9", 2, 1},
        {"\033[31m", "\\x1b", 1, 4},
        {"\n", "\\x0a", 1, 4},
        {"\r", "\\x0d", 1, 4},
        {"\x7f", "\\x7f", 1, 4},
        {"\xff", "\\xff", 1, 4},
        {"\xc2\x9b", "\\u009b", 2, 6},           /* CSI of C1 */
        {"\xe2\x80\xae", "\\u202e", 3, 6},       /* right-to-left override */
        {"\xe2\x81\xa6", "\\u2066", 3, 6},       /* left-to-right isolate */
        {"\xe2\x80\x8b", "\\u200b", 3, 6},       /* zero width */
        {"\xd8\x9c", "\\u061c", 2, 6},           /* Arabic letter mark */
        {"\xf3\xa0\x81\x81", "\\ue0041", 4, 7},  /* tag letter */
        {"\xf4\x8f\xbf\xbf", "\\u10ffff", 4, 8}, /* the last there is */
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof *cases; i++) {
        char buffer[VW_ESCAPE_TEXT];
        size_t columns = 0;

        assert_int_equal(vw_escape_next(cases[i].text, buffer, &columns), cases[i].used);
        assert_string_equal(buffer, cases[i].shown);
        assert_int_equal(columns, cases[i].columns);
    }
}

/* Whatever the byte, text goes on and no control comes out. */
static void every_byte_is_taken(void **state)
{
    unsigned byte;

    (void)state;
    for (byte = 1; byte < 256; byte++) {
        const char text[] = {(char)byte, '\0'};
        char buffer[VW_ESCAPE_TEXT];
        size_t columns = 0;

        assert_int_equal(vw_escape_next(text, buffer, &columns), 1);
        assert_true((unsigned char)buffer[0] >= 0x20 && (unsigned char)buffer[0] < 0x7f);
        assert_int_equal(columns, strlen(buffer));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decodes_utf8_strictly),
        cmocka_unit_test(escapes_what_drives_a_terminal),
        cmocka_unit_test(every_byte_is_taken),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
