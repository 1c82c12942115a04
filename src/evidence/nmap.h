/*
 * What nmap printed (normal output), line by line, as rows of evidence: for each port a
 * row for the probe and, where its state means that an answer came, one for the answer.
 * The source is not in the output: its address is of VW_FAMILY_NONE.
 */
#ifndef VW_EVIDENCE_NMAP_H
#define VW_EVIDENCE_NMAP_H

#include "base/slice.h"
#include "evidence/table.h"

/* Zero-initialised but for the first three, which must outlive it. */
struct vw_nmap_reader {
    struct vw_evidence *evidence;
    const char *file;
    struct vw_diagnostics *diagnostics;
    struct vw_coverage *coverage; /* made with the first line that is nmap's */
    struct vw_address target;     /* of the report that is being read, or NONE */
    int64_t time;
    bool has_time, in_scan;
};

/* One line, without escape sequences. 1 where it is nmap's, 0 where not, or negative. */
int vw_nmap_line(struct vw_nmap_reader *reader, struct vw_slice line, uint64_t number);

/* The end of the file. *ret_any: whether there was any output of nmap. */
int vw_nmap_finish(struct vw_nmap_reader *reader, bool *ret_any);

#endif
