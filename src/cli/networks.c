/* From rules files to networks of a world; see networks.h. */
#include "cli/networks.h"

#include <vpcwhy/policy.h>

const struct cli_option cli_networks_options[CLI_NETWORKS_OPTION_COUNT] = {
    {"rules", CLI_LIST, offsetof(struct cli_networks, rules), "PATH",
     "rules files or folders whose `networks:` are outside AWS; may be given again"},
};

int cli_networks_declare(const struct cli_networks *networks,
                         struct vw_diagnostics *diagnostics, struct vw_world *world)
{
    struct vw_rules *rules = NULL;
    int error = 0;

    if (networks->rules.count == 0)
        return 0;
    error =
        vw_rules_load(networks->rules.items, networks->rules.count, diagnostics, &rules);
    if (!error && world)
        error = vw_rules_declare_networks(rules, world);
    vw_rules_free(rules);
    return error;
}
