/*
 * What ping printed, line by line, as rows of evidence: Linux iputils, macOS and the BSDs,
 * busybox, Windows. A file may hold several transcripts with a terminal's noise around them, and
 * each may be cut anywhere. Only what a line proves is taken:
 *
 *     64 bytes from 10.2.7.89: icmp_seq=459 ttl=64 time=0.61 ms
 *
 * as the first answer below "PING 10.2.7.89 ..." proves that 459 requests were sent, that
 * 458 of them were not answered by then, and nothing about when or where they were lost.
 */
#ifndef VW_EVIDENCE_PING_H
#define VW_EVIDENCE_PING_H

#include "base/slice.h"
#include "evidence/table.h"

struct vw_ping_reader;

/* NULL when out of memory. `evidence`, `file` and `diagnostics` must outlive the reader. */
struct vw_ping_reader *vw_ping_create(struct vw_evidence *evidence, const char *file,
                                      struct vw_diagnostics *diagnostics);
void vw_ping_free(struct vw_ping_reader *reader);

/* One line, without escape sequences. 1 where it is ping's, 0 where not, or negative. */
int vw_ping_line(struct vw_ping_reader *reader, struct vw_slice text, uint64_t number);

/* The end of the file. *ret_any: whether there was any transcript. */
int vw_ping_finish(struct vw_ping_reader *reader, bool *ret_any);

#endif
