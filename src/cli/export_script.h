/* The script that collects an export: see export_script.c. */
#ifndef VW_CLI_EXPORT_SCRIPT_H
#define VW_CLI_EXPORT_SCRIPT_H

#include <stdio.h>

#include "cli/options.h"

/* Whether it has the form of a Region's name: "us-east-1", "us-gov-west-1". */
bool cli_export_region(const char *text);

/* Writes the script for each profile in each Region; an empty list stands for the one that
 * the AWS CLI is configured for. */
void cli_export_write(const struct cli_list *regions, const struct cli_list *profiles,
                      FILE *out);

#endif
