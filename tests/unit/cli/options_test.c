/* Reading command lines by tables. What is said on stderr is the diagnostics ring's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "cli/options.h"

struct values {
    bool flag;
    const char *text;
    struct cli_list list, other;
    int word;
};

#define FIELD(name) offsetof(struct values, name)

static const struct cli_option options[] = {
    {"flag", CLI_FLAG, FIELD(flag), NULL, "a flag"},
    {"text", CLI_TEXT, FIELD(text), "TEXT", "a text"},
    {"list", CLI_LIST, FIELD(list), "ITEM", "a list"},
    {"other", CLI_LIST, FIELD(other), "ITEM", "another list"},
    {"word", CLI_WORD, FIELD(word), "one|two|three", "a word"},
};

#define MAX_ARGUMENTS 16

/* `line` is split at blanks. */
static enum cli_parse parse(const char *line, struct values *values,
                            struct cli_list *operands)
{
    static char copy[200];
    char *arguments[MAX_ARGUMENTS], *at = copy;
    const struct cli_table table = {options, sizeof options / sizeof *options, values};
    const struct cli_grammar grammar = {"test", "Tests.", "", "", &table, 1};
    int count = 0;

    memset(values, 0, sizeof *values);
    assert_true(strlen(line) < sizeof copy);
    memcpy(copy, line, strlen(line) + 1);
    while (*at) {
        assert_true(count < MAX_ARGUMENTS);
        arguments[count++] = at;
        at += strcspn(at, " ");
        if (*at)
            *at++ = '\0';
    }
    return cli_options_parse(&grammar, count, arguments, operands);
}

static void options_and_operands_mix(void **state)
{
    struct values values;
    struct cli_list operands;

    (void)state;
    assert_int_equal(parse("a --flag --text x b --list=1 --word two --list 2=3 - "
                           "--other=o -- --flag",
                           &values, &operands),
                     CLI_PARSED);
    assert_true(values.flag);
    assert_string_equal(values.text, "x");
    assert_int_equal(values.list.count, 2);
    assert_string_equal(values.list.items[0], "1");
    assert_string_equal(values.list.items[1], "2=3");
    assert_int_equal(values.other.count, 1);
    assert_string_equal(values.other.items[0], "o");
    assert_int_equal(values.word, 1);
    assert_int_equal(operands.count, 4);
    assert_string_equal(operands.items[2], "-");
    assert_string_equal(operands.items[3], "--flag");
    cli_options_free(&operands);
}

static void nothing_is_fine(void **state)
{
    struct values values;
    struct cli_list operands;

    (void)state;
    assert_int_equal(parse("", &values, &operands), CLI_PARSED);
    assert_int_equal(operands.count, 0);
    cli_options_free(&operands);
}

static void an_equals_sign_may_give_nothing(void **state)
{
    struct values values;
    struct cli_list operands;

    (void)state;
    assert_int_equal(parse("--text=", &values, &operands), CLI_PARSED);
    assert_string_equal(values.text, "");
    cli_options_free(&operands);
}

static void faults_are_refused(void **state)
{
    static const char *const lines[] = {
        "--nothing",
        "--tex",
        "-f",
        "--flag=1",
        "--text",
        "--text --flag",
        "--text a --text b",
        "--word four",
        "--word",
        "--word=",
        "--wo=one",
        "--=x",
        "---",
        "--text=a --text=b",
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct values values;
        struct cli_list operands;

        assert_int_equal(parse(lines[i], &values, &operands), CLI_USAGE_ERROR);
    }
}

static const char *item(const void *names, size_t index)
{
    const char *const *list = names;

    return list[index];
}

static void the_nearest_name_is_found(void **state)
{
    static const char *const names[] = {"from", "to", "format", "source-port", "port"};
    static const char *const cases[][2] = {
        {"form", "from"},
        {"fron", "from"},
        {"prot", "port"},
        {"ports", "port"},
        {"sourceport", "source-port"},
        {"too", "to"},
        {"nonsense", NULL},
        {"zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz", NULL},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *nearest =
            cli_nearest(cases[i][0], item, names, sizeof names / sizeof *names);

        if (!cases[i][1]) {
            assert_null(nearest);
            continue;
        }
        assert_non_null(nearest);
        assert_string_equal(nearest, cases[i][1]);
    }
}

static void numbers_are_strict(void **state)
{
    static const struct {
        const char *text;
        unsigned long maximum;
        bool good;
        unsigned long number;
    } cases[] = {
        {"0", 255, true, 0},        {"255", 255, true, 255},
        {"256", 255, false, 0},     {"65535", 65535, true, 65535},
        {"65536", 65535, false, 0}, {"", 255, false, 0},
        {" 1", 255, false, 0},      {"1 ", 255, false, 0},
        {"+1", 255, false, 0},      {"-1", 255, false, 0},
        {"0x1", 255, false, 0},     {"99999999999999999999", 65535, false, 0},
        {"007", 255, true, 7},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof *cases; i++) {
        unsigned long number = 0;

        assert_int_equal(cli_number(cases[i].text, cases[i].maximum, &number),
                         cases[i].good);
        assert_int_equal(number, cases[i].number);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_and_operands_mix),
        cmocka_unit_test(nothing_is_fine),
        cmocka_unit_test(an_equals_sign_may_give_nothing),
        cmocka_unit_test(faults_are_refused),
        cmocka_unit_test(the_nearest_name_is_found),
        cmocka_unit_test(numbers_are_strict),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
