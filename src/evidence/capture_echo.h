/*
 * Echo series: requests and replies of one id between two addresses, paired by sequence
 * number. A number that comes back after a pause starts the series anew (ids recur); the
 * rows sum the series up.
 */
#ifndef VW_EVIDENCE_CAPTURE_ECHO_H
#define VW_EVIDENCE_CAPTURE_ECHO_H

#include "packets/packet.h"
#include "evidence/table.h"

/* Series held at once; packets of further ones are counted without their numbers. */
#define VW_ECHO_SERIES_MAX 500000

struct vw_echo_table;

struct vw_echo_table *vw_echo_create(struct vw_evidence *evidence);
void vw_echo_free(struct vw_echo_table *table);

/* An echo packet with id and number, whose row stands at `row`. 0 or negative. */
int vw_echo_see(struct vw_echo_table *table, const struct vw_packet *packet, int64_t time,
                size_t row);

/* Writes what the series say into their rows; see vw_capture_flows_settle. */
void vw_echo_settle(struct vw_echo_table *table, int64_t end);

#endif
