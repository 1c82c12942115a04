/* Reading a command line by tables; see options.h. */
#include "cli/options.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"

#define NAME_MAX_LENGTH 31 /* of an option or command; longer ones have no neighbour */

int cli_usage_error(const char *command, const char *format, ...)
{
    va_list arguments;

    fprintf(stderr, "vpcwhy%s%s: ", command ? " " : "", command ? command : "");
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fprintf(stderr, "\nvpcwhy%s%s --help says more\n", command ? " " : "",
            command ? command : "");
    return CLI_UNUSABLE;
}

static size_t least_of(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* How many letters are to be changed, added, left out or swapped with their neighbour; `b`
 * is at most NAME_MAX_LENGTH long. */
static size_t distance(const char *a, const char *b)
{
    size_t rows[3][NAME_MAX_LENGTH + 1], length = strlen(b), i, j;

    for (j = 0; j <= length; j++)
        rows[0][j] = j;
    for (i = 1; a[i - 1]; i++) {
        size_t *row = rows[i % 3];
        const size_t *above = rows[(i + 2) % 3], *before = rows[(i + 1) % 3];

        row[0] = i;
        for (j = 1; j <= length; j++) {
            row[j] = above[j - 1] + (a[i - 1] != b[j - 1]);
            row[j] = least_of(row[j], least_of(row[j - 1], above[j]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = least_of(row[j], before[j - 2] + 1);
        }
    }
    return rows[(i + 2) % 3][length];
}

const char *cli_nearest(const char *typed, const char *(*name)(const void *, size_t),
                        const void *names, size_t count)
{
    const char *nearest = NULL;
    size_t least = strlen(typed) / 3 + 2, i;

    if (strlen(typed) > NAME_MAX_LENGTH)
        return NULL;
    for (i = 0; i < count; i++) {
        size_t far = distance(typed, name(names, i));

        if (far < least) {
            least = far;
            nearest = name(names, i);
        }
    }
    return nearest;
}

bool cli_number(const char *text, unsigned long maximum, unsigned long *ret_number)
{
    unsigned long number = 0;

    if (!*text)
        return false;
    for (; *text; text++) {
        unsigned long digit = (unsigned long)(*text - '0');

        if (*text < '0' || *text > '9' || digit > maximum ||
            number > (maximum - digit) / 10)
            return false;
        number = number * 10 + digit;
    }
    *ret_number = number;
    return true;
}

/* ---- lists and operands live in one block, a part of `room` items each ---- */

struct parser {
    const struct cli_grammar *grammar;
    size_t room;
    const char **block;
};

static size_t count_lists(const struct cli_grammar *grammar)
{
    size_t lists = 0, i, j;

    for (i = 0; i < grammar->table_count; i++)
        for (j = 0; j < grammar->tables[i].count; j++)
            lists += grammar->tables[i].options[j].kind == CLI_LIST;
    return lists;
}

static void *destination(const struct cli_table *table, const struct cli_option *option)
{
    return (char *)table->destination + option->offset;
}

static bool make_lists(struct parser *parser, struct cli_list *operands)
{
    const struct cli_grammar *grammar = parser->grammar;
    size_t part = 1, i, j;

    parser->block = calloc((count_lists(grammar) + 1) * parser->room, sizeof(char *));
    if (!parser->block)
        return false;
    *operands = (struct cli_list){parser->block, 0};
    for (i = 0; i < grammar->table_count; i++) {
        const struct cli_table *table = &grammar->tables[i];

        for (j = 0; j < table->count; j++) {
            struct cli_list *list = destination(table, &table->options[j]);

            if (table->options[j].kind == CLI_LIST)
                *list = (struct cli_list){parser->block + part++ * parser->room, 0};
        }
    }
    return true;
}

void cli_options_free(struct cli_list *operands)
{
    free(operands->items);
    *operands = (struct cli_list){NULL, 0};
}

/* ---- help ---- */

static void show_option(const struct cli_option *option)
{
    char left[64];

    snprintf(left, sizeof left, "--%s%s%s", option->name, option->value ? " " : "",
             option->value ? option->value : "");
    printf("  %-26s %s\n", left, option->help);
}

static void show_help(const struct cli_grammar *grammar)
{
    size_t i, j;

    printf("usage: vpcwhy %s %s\n\n%s\n\n", grammar->command, grammar->operands,
           grammar->purpose);
    for (i = 0; i < grammar->table_count; i++)
        for (j = 0; j < grammar->tables[i].count; j++)
            show_option(&grammar->tables[i].options[j]);
    printf("  %-26s %s\n\nexit status: %s, 2 unusable, 4 internal error\n", "--help",
           "this", grammar->statuses);
}

/* ---- one option ---- */

static const struct cli_option *find_option(const struct cli_grammar *grammar,
                                            const char *name, size_t size,
                                            const struct cli_table **ret_table)
{
    size_t i, j;

    for (i = 0; i < grammar->table_count; i++) {
        const struct cli_table *table = &grammar->tables[i];

        for (j = 0; j < table->count; j++) {
            const char *candidate = table->options[j].name;

            if (strlen(candidate) == size && memcmp(candidate, name, size) == 0) {
                *ret_table = table;
                return &table->options[j];
            }
        }
    }
    return NULL;
}

/* Option `index` counted over all tables. */
static const char *option_name(const void *names, size_t index)
{
    const struct cli_grammar *grammar = names;
    size_t i;

    for (i = 0; i < grammar->table_count; i++) {
        if (index < grammar->tables[i].count)
            return grammar->tables[i].options[index].name;
        index -= grammar->tables[i].count;
    }
    return "";
}

static enum cli_parse unknown_option(const struct cli_grammar *grammar,
                                     const char *argument, size_t size)
{
    char typed[NAME_MAX_LENGTH + 1] = "";
    const char *nearest = NULL;
    size_t count = 0, i;

    for (i = 0; i < grammar->table_count; i++)
        count += grammar->tables[i].count;
    if (size > 2 && size - 2 <= NAME_MAX_LENGTH) {
        memcpy(typed, argument + 2, size - 2);
        nearest = cli_nearest(typed, option_name, grammar, count);
    }
    if (nearest)
        cli_usage_error(grammar->command, "unknown option %.*s; is --%s meant?",
                        (int)size, argument, nearest);
    else
        cli_usage_error(grammar->command, "unknown option %.*s", (int)size, argument);
    return CLI_USAGE_ERROR;
}

/* The place of `value` among "text|json"; -1 where it is none of them. */
static int word_index(const char *words, const char *value)
{
    int index = 0;

    for (;;) {
        size_t size = strcspn(words, "|");

        if (strlen(value) == size && memcmp(words, value, size) == 0)
            return index;
        if (!words[size])
            return -1;
        words += size + 1;
        index++;
    }
}

static enum cli_parse store(const char *command, const struct cli_option *option,
                            void *place, const char *value)
{
    const char **text = place;
    struct cli_list *list = place;
    int index;

    switch (option->kind) {
    case CLI_FLAG:
        *(bool *)place = true;
        return CLI_PARSED;
    case CLI_TEXT:
        if (*text) {
            cli_usage_error(command, "--%s is given twice", option->name);
            return CLI_USAGE_ERROR;
        }
        *text = value;
        return CLI_PARSED;
    case CLI_LIST:
        list->items[list->count++] = value;
        return CLI_PARSED;
    case CLI_WORD:
        index = word_index(option->value, value);
        if (index < 0) {
            cli_usage_error(command, "--%s \"%s\" is not available here; it may be %s",
                            option->name, value, option->value);
            return CLI_USAGE_ERROR;
        }
        *(int *)place = index;
        return CLI_PARSED;
    }
    return CLI_USAGE_ERROR;
}

/* arguments[*index] begins with "--". */
static enum cli_parse parse_option(const struct parser *parser, int count,
                                   char **arguments, int *index)
{
    const struct cli_grammar *grammar = parser->grammar;
    const char *argument = arguments[*index], *value = NULL;
    size_t size = strcspn(argument, "=");
    const struct cli_table *table = NULL;
    const struct cli_option *option =
        find_option(grammar, argument + 2, size - 2, &table);

    if (!option && strcmp(argument, "--help") == 0) {
        show_help(grammar);
        return CLI_HELP_SHOWN;
    }
    if (!option)
        return unknown_option(grammar, argument, size);
    if (argument[size] == '=')
        value = argument + size + 1;
    if (option->kind == CLI_FLAG && value) {
        cli_usage_error(grammar->command, "--%s takes no value", option->name);
        return CLI_USAGE_ERROR;
    }
    if (option->kind != CLI_FLAG && !value) {
        if (*index + 1 < count && strncmp(arguments[*index + 1], "--", 2) != 0)
            value = arguments[++*index];
        else {
            cli_usage_error(grammar->command, "--%s needs a value: %s", option->name,
                            option->value);
            return CLI_USAGE_ERROR;
        }
    }
    return store(grammar->command, option, destination(table, option), value);
}

static enum cli_parse parse_all(const struct parser *parser, int count, char **arguments,
                                struct cli_list *operands)
{
    bool only_operands = false;
    int i;

    for (i = 0; i < count; i++) {
        const char *argument = arguments[i];
        enum cli_parse result = CLI_PARSED;

        if (only_operands || argument[0] != '-' || !argument[1])
            operands->items[operands->count++] = argument;
        else if (strcmp(argument, "--") == 0)
            only_operands = true;
        else if (argument[1] != '-')
            result = unknown_option(parser->grammar, argument, strlen(argument));
        else
            result = parse_option(parser, count, arguments, &i);
        if (result != CLI_PARSED)
            return result;
    }
    return CLI_PARSED;
}

enum cli_parse cli_options_parse(const struct cli_grammar *grammar, int count,
                                 char **arguments, struct cli_list *operands)
{
    struct parser parser = {grammar, (size_t)count + 1, NULL};
    enum cli_parse result;

    if (!make_lists(&parser, operands))
        return CLI_NO_MEMORY;
    result = parse_all(&parser, count, arguments, operands);
    if (result != CLI_PARSED)
        cli_options_free(operands);
    return result;
}
