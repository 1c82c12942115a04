/*
 * Options as tables: a row carries the name, what it takes, where that goes, and the
 * sentence of its documentation. A command has several tables, its own and shared ones.
 */
#ifndef VW_CLI_OPTIONS_H
#define VW_CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

enum cli_option_kind {
    CLI_FLAG, /* bool */
    CLI_TEXT, /* const char *; may be given once */
    CLI_LIST, /* struct cli_list; may be given again */
    CLI_WORD  /* int: the place of the value among the words of `value` ("text|json") */
};

/* `items` has room for every argument there is. */
struct cli_list {
    const char **items;
    size_t count;
};

struct cli_option {
    const char *name; /* without the dashes */
    enum cli_option_kind kind;
    size_t offset;     /* of the destination in the table's structure */
    const char *value; /* what it takes, as the help shows it; NULL for a flag */
    const char *help;
};

struct cli_table {
    const struct cli_option *options;
    size_t count;
    void *destination;
};

/* What a command line may hold. */
struct cli_grammar {
    const char *command;  /* "trace" */
    const char *purpose;  /* a sentence */
    const char *operands; /* as the help shows them */
    const char *statuses; /* what it exits with */
    const struct cli_table *tables;
    size_t table_count;
};

enum cli_parse { CLI_PARSED, CLI_HELP_SHOWN, CLI_USAGE_ERROR, CLI_NO_MEMORY };

/* Options may stand before and behind operands; "--" ends them. Faults are said on
 * stderr. Lists and `operands` point into one block that cli_options_free frees. */
enum cli_parse cli_options_parse(const struct cli_grammar *grammar, int count,
                                 char **arguments, struct cli_list *operands);
void cli_options_free(struct cli_list *operands);

/* "vpcwhy trace: message" and where to read more, on stderr. Returns CLI_UNUSABLE. */
int cli_usage_error(const char *command, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The nearest of `count` names to a mistyped one, or NULL where none is near. */
const char *cli_nearest(const char *typed, const char *(*name)(const void *, size_t),
                        const void *names, size_t count);

/* Decimal digits only, at most `maximum`. */
bool cli_number(const char *text, unsigned long maximum, unsigned long *ret_number);

#endif
