/* Rules of groups and ACLs quoted in a line, in the export's words. */
#ifndef VW_REACH_RULE_TEXT_H
#define VW_REACH_RULE_TEXT_H

#include "reach/explain.h"

/* "tcp 443", "icmp type 8 code 8", "all traffic". */
#define VW_RULE_PORTS_TEXT 48
const char *vw_rule_ports(int protocol, int from, int to,
                          char buffer[VW_RULE_PORTS_TEXT]);

/* Protocol and ports (or type and code) as facts. */
int vw_explain_rule_ports(struct vw_explainer *explainer, int protocol, int from, int to);

#endif
