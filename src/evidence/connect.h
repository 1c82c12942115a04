/*
 * What programs said of a connection that they tried: nc (OpenBSD's, macOS's, the
 * traditional one, busybox), ncat, curl -v, ssh and telnet. Each attempt gives a row for
 * the request and, where it was accepted or refused, one for the answer:
 *
 *     nc: connect to 10.2.2.61 port 22 (tcp) failed: Connection refused
 *
 * proves that the path is good both ways and the port closed; "timed out" proves nothing
 * but that no answer came; "succeeded" of UDP proves nothing at all.
 */
#ifndef VW_EVIDENCE_CONNECT_H
#define VW_EVIDENCE_CONNECT_H

#include "evidence/line.h"
#include "evidence/table.h"

/* Zero-initialised but for the first three, which must outlive it. */
struct vw_connect_reader {
    struct vw_evidence *evidence;
    const char *file;
    struct vw_diagnostics *diagnostics;
    struct vw_coverage *coverage; /* made with the first attempt */
    struct vw_command command;
    /* What curl or telnet is trying, until it says what became of it. */
    struct vw_address trying;
    int32_t trying_port;
    uint64_t trying_line;
    bool is_trying;
};

/* One line, without escape sequences. 1 where it tells of a connection, 0 where not, or
 * negative. */
int vw_connect_line(struct vw_connect_reader *reader, struct vw_slice line,
                    uint64_t number);

/* The end of the file. *ret_any: whether any line told of a connection. */
int vw_connect_finish(struct vw_connect_reader *reader, bool *ret_any);

#endif
