/* vpcwhy: a table of subcommands. */
#include <stdio.h>
#include <stdio_ext.h>
#include <string.h>

#include "cli/command.h"
#include "cli/options.h"
#include "cli/output.h"

struct command {
    const char *name;
    int (*run)(int count, char **arguments);
    const char *purpose;
};

static const struct command commands[] = {
    {"trace", cli_trace, "whether traffic passes, what blocks it, what mends it"},
    {"crosscheck", cli_crosscheck, "what should have been recorded against what was"},
    {"timeline", cli_timeline, "when traffic stopped or passed again, and why"},
    {"check", cli_check, "expectations held against the network"},
    {"query", cli_query, "questions to flow logs, in the language of Logs Insights"},
    {"flows", cli_flows, "the distinct flows of flow logs, summed up"},
    {"capture", cli_capture, "what capture files show: pings, connections, errors"},
    {"export-script", cli_export_script, "a shell script that collects an export"},
};

#define COMMAND_COUNT (sizeof commands / sizeof *commands)

static void show_usage(FILE *out)
{
    size_t i;

    fputs("usage: vpcwhy COMMAND EXPORT... [OPTION...]\n\n", out);
    for (i = 0; i < COMMAND_COUNT; i++)
        fprintf(out, "  %-14s %s\n", commands[i].name, commands[i].purpose);
    fputs("\nEXPORT is a folder, a file, or - : what the AWS CLI printed, collected by "
          "what\n"
          "export-script prints or by hand.\n"
          "vpcwhy COMMAND --help shows its options; vpcwhy(1) tells all.\n",
          out);
}

static const char *command_name(const void *names, size_t index)
{
    const struct command *list = names;

    return list[index].name;
}

int main(int count, char **arguments)
{
    const char *name = count > 1 ? arguments[1] : "", *nearest;
    size_t i;

    /* Only this thread prints: without a lock for each character. */
    __fsetlocking(stdout, FSETLOCKING_BYCALLER);
    for (i = 0; i < COMMAND_COUNT; i++)
        if (strcmp(name, commands[i].name) == 0)
            return commands[i].run(count - 2, arguments + 2);
    if (strcmp(name, "--version") == 0) {
        puts("vpcwhy " VW_VERSION);
        return cli_finish(0, CLI_GOOD);
    }
    if (strcmp(name, "--help") == 0 || strcmp(name, "help") == 0) {
        show_usage(stdout);
        return cli_finish(0, CLI_GOOD);
    }
    if (!*name) {
        show_usage(stderr);
        return CLI_UNUSABLE;
    }
    nearest = cli_nearest(name, command_name, commands, COMMAND_COUNT);
    if (nearest)
        return cli_usage_error(NULL, "unknown command %s; is %s meant?", name, nearest);
    return cli_usage_error(NULL, "unknown command %s", name);
}
