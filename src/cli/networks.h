/* Networks outside AWS, declared in rules files: shared by trace and crosscheck. */
#ifndef VW_CLI_NETWORKS_H
#define VW_CLI_NETWORKS_H

#include <vpcwhy/diagnostic.h>
#include <vpcwhy/world.h>

#include "cli/options.h"

struct cli_networks {
    struct cli_list rules;
};

#define CLI_NETWORKS_OPTION_COUNT 1
extern const struct cli_option cli_networks_options[CLI_NETWORKS_OPTION_COUNT];

/* Declares what the files say; their expectations do not count. `world` may be NULL: the
 * files are read all the same, to say what is wrong with them. 0 or a negative error. */
int cli_networks_declare(const struct cli_networks *networks,
                         struct vw_diagnostics *diagnostics, struct vw_world *world);

#endif
