/* Words that all reports of flows share. */
#ifndef VW_REPORT_FLOW_PARTS_H
#define VW_REPORT_FLOW_PARTS_H

#include <vpcwhy/evidence.h>

#include "report/json_parts.h"

/* Columns of the table as CSV, and of the result of the SQL statements. */
#define VW_FLOWS_CSV_HEADER                                                              \
    "vantage,flow_direction,srcaddr,dstaddr,pkt_srcaddr,pkt_dstaddr,protocol,srcport,"   \
    "dstport,action,tcp_flags,start,end,records,packets,bytes,reject_reason,"            \
    "traffic_path,next_hop_interface_id,packets_lost_no_route,packets_lost_blackhole,"   \
    "packets_lost_mtu_exceeded,packets_lost_ttl_expired"

/* "ACCEPT", "REJECT"; NULL where nothing was decided: a transit gateway's log. */
const char *vw_flow_action_word(enum vw_flow_action action);

#endif
