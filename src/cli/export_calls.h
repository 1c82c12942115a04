/* The calls of the AWS CLI that make up an export; see export_calls.c. */
#ifndef VW_CLI_EXPORT_CALLS_H
#define VW_CLI_EXPORT_CALLS_H

#include <stddef.h>

/* What the script does with a call: the functions that its head defines. */
enum cli_export_verb {
    CLI_EXPORT_SAVE,   /* one call, one file */
    CLI_EXPORT_LIST,   /* remembers the ids that the call prints */
    CLI_EXPORT_FOLLOW, /* asks each id for others, and remembers those instead */
    CLI_EXPORT_EACH,   /* one call and one file for each id */
    CLI_EXPORT_NAMES,  /* of the ids, ARNs, remembers the part that `arguments` names */
    CLI_EXPORT_INLINE, /* the policies inside each role, one file each */
    CLI_EXPORT_VERSION /* the version that counts of each managed policy */
};

struct cli_export_call {
    enum cli_export_verb verb;
    const char *service, *operation; /* NULL where the verb is all */
    const char *arguments; /* as the shell reads them, or NULL; before ids the option */
    const char *file;      /* NULL: the operation without its verb */
};

extern const struct cli_export_call cli_export_calls[];
extern const size_t cli_export_call_count;

#endif
