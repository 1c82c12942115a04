/* Rules of groups and ACLs quoted in a line; see rule_text.h. */
#include "reach/rule_text.h"

#include <stdio.h>

const char *vw_rule_ports(int protocol, int from, int to, char buffer[VW_RULE_PORTS_TEXT])
{
    char name[16];

    vw_protocol_format(protocol, name);
    if (protocol == -1)
        snprintf(buffer, VW_RULE_PORTS_TEXT, "all traffic");
    else if (vw_protocol_is_icmp(protocol) && from == -1)
        snprintf(buffer, VW_RULE_PORTS_TEXT, "%s, all types", name);
    else if (vw_protocol_is_icmp(protocol) && to == -1)
        snprintf(buffer, VW_RULE_PORTS_TEXT, "%s type %d", name, from);
    else if (vw_protocol_is_icmp(protocol))
        snprintf(buffer, VW_RULE_PORTS_TEXT, "%s type %d code %d", name, from, to);
    else if (!vw_protocol_has_ports(protocol))
        snprintf(buffer, VW_RULE_PORTS_TEXT, "protocol %s", name);
    else if (from == -1)
        snprintf(buffer, VW_RULE_PORTS_TEXT, "%s, all ports", name);
    else if (from == to)
        snprintf(buffer, VW_RULE_PORTS_TEXT, "%s port %d", name, from);
    else
        snprintf(buffer, VW_RULE_PORTS_TEXT, "%s ports %d-%d", name, from, to);
    return buffer;
}

int vw_explain_rule_ports(struct vw_explainer *explainer, int protocol, int from, int to)
{
    bool icmp = vw_protocol_is_icmp(protocol);
    char name[16];
    int error;

    error = vw_explain_fact(explainer, "protocol", vw_protocol_format(protocol, name));
    if (error || (!icmp && (!vw_protocol_has_ports(protocol) || from == -1)))
        return error;
    error = vw_explain_number(explainer, icmp ? "icmp_type" : "from_port", from);
    if (!error)
        error = vw_explain_number(explainer, icmp ? "icmp_code" : "to_port", to);
    return error;
}
