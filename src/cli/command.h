/* The subcommands: one row in main.c, one file each. */
#ifndef VW_CLI_COMMAND_H
#define VW_CLI_COMMAND_H

#include <vpcwhy/trace.h>

/* Exit statuses; 0, 1 and 3 mean something else to each command (see vpcwhy(1)). */
enum cli_status {
    CLI_GOOD = 0,
    CLI_BAD = 1,
    CLI_UNUSABLE = 2, /* usage error, unusable input */
    CLI_UNKNOWN = 3,
    CLI_INTERNAL = 4
};

/* `arguments` are those behind the command's name. Returns the exit status. */
int cli_trace(int count, char **arguments);
int cli_crosscheck(int count, char **arguments);
int cli_timeline(int count, char **arguments);
int cli_check(int count, char **arguments);
int cli_export_script(int count, char **arguments);

#endif
