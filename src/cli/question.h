/* The options that make up a question, shared by trace and crosscheck. */
#ifndef VW_CLI_QUESTION_H
#define VW_CLI_QUESTION_H

#include <vpcwhy/trace.h>

#include "cli/options.h"

/* As written on the command line. */
struct cli_question {
    const char *from, *to, *protocol, *port, *source_port, *icmp_type, *icmp_code;
    bool one_way;
};

#define CLI_QUESTION_OPTION_COUNT 8
extern const struct cli_option cli_question_options[CLI_QUESTION_OPTION_COUNT];

/* Says on stderr what is wrong with it. 0 or the exit status. */
int cli_question_read(const char *command, const struct cli_question *written,
                      struct vw_question *ret_question);

#endif
