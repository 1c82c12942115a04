/* What a scan gives, as text: for tests that compare it with what is expected. */
#ifndef SCANNED_H
#define SCANNED_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../temporary.h"
#include "logs/scan.h"

#define DEFAULT_HEADER                                                                   \
    "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets "  \
    "bytes start end action log-status"
#define RECORD_1                                                                         \
    "2 123456789012 eni-1 10.0.0.1 10.0.0.2 40000 443 6 5 500 1700000000 1700000060 "    \
    "ACCEPT OK"
#define RECORD_2                                                                         \
    "2 123456789012 eni-2 10.0.0.3 10.0.0.2 40001 22 6 1 40 1700000000 1700000060 "      \
    "REJECT OK"

struct scanned {
    struct temporary temporary;
    struct vw_log_options
        options; /* what the next scan is asked for; paths are its own */
    struct vw_arena arena;
    struct vw_log_totals totals;
    int error;
    /* A line a record in the order of files and lines:
     * "FILE:LINE|TIME|STREAM|GROUP|name=cell name=cell", TIME in ms. */
    const char *records;
    /* A line a diagnostic: "FILE:LINE code: message". FILE is without its folders. */
    const char *said;
};

int scanned_setup(void **state);
int scanned_teardown(void **state);

/* Scans these paths, with everything that was scanned before forgotten. */
void scan_paths(struct scanned *scanned, const char *const *paths, size_t count);

/* Scans one file with that text; `name` may contain folders. */
void scan_text(struct scanned *scanned, const char *name, const char *text);
void scan_bytes(struct scanned *scanned, const char *name, const void *bytes,
                size_t size);

#endif
