/*
 * A table of flows in a file, to be added up with others. All numbers are little-endian:
 *
 *     "VPCWHYFL", u32 version (1), u32 zero
 *     i64 since, i64 until             the time window; lowest and highest for open ends
 *     u64 no_data, u64 skip_data, u64 damaged
 *     u64 inputs, u64 texts, u64 addresses, u64 rows
 *     inputs     u32 size, path; digest as 64 hex digits, or as 64 blanks
 *     texts      u8 size, bytes        numbered from 1
 *     addresses  u64 high, u64 low     IPv6, numbered from 0
 *     rows       the key: four u32 addresses, u32 vantage, u16 ports, u8 protocol,
 *                families, action, told (flow_table.h); i16 tcp_flags, u16 paths,
 *                i64 first, last, u64 records, i64 packets, bytes, u8 has_extra; then, if
 *                that is 1, u32 reject_reason, u32 next_hop, four i64 lost
 *     the SHA-256 of all that, as 64 hex digits
 */
#ifndef VW_EVIDENCE_FLOW_PARTIAL_H
#define VW_EVIDENCE_FLOW_PARTIAL_H

#include <stdio.h>

#include "evidence/flow_inputs.h"
#include "evidence/flow_table.h"

#define VW_FLOW_PARTIAL_MAGIC "VPCWHYFL"
#define VW_FLOW_PARTIAL_VERSION 1

/* What is beside the rows. */
struct vw_flow_partial {
    int64_t since, until;
    uint64_t no_data, skip_data, damaged;
};

/* 0 or VW_ERROR_OUTPUT. */
int vw_flow_partial_write(const struct vw_flow_table *table,
                          const struct vw_flow_inputs *inputs,
                          const struct vw_flow_partial *partial, FILE *out);

/* Adds what `path` holds to `table` and `inputs`; the rest becomes *ret. VW_ERROR_INPUT,
 * with a diagnostic, where the file is none, damaged, of another version, or has an input
 * that is there already. */
int vw_flow_partial_read(struct vw_flow_table *table, struct vw_flow_inputs *inputs,
                         const char *path, struct vw_diagnostics *diagnostics,
                         struct vw_flow_partial *ret);

#endif
