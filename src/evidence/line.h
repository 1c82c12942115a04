/* Pieces of a line that several programs print alike, and the command line above them. */
#ifndef VW_EVIDENCE_LINE_H
#define VW_EVIDENCE_LINE_H

#include <vpcwhy/address.h>

#include "base/slice.h"

/* *text goes on behind the first `word`. False, with *text as it was, where there is
 * none. */
bool vw_line_skip(struct vw_slice *text, const char *word);
/* The same where `text` begins with `word`. */
bool vw_line_begin(struct vw_slice *text, const char *word);
/* What stands before the first `word`, or all. */
struct vw_slice vw_line_until(struct vw_slice text, const char *word);
bool vw_line_has(struct vw_slice text, const char *word);

/* Takes the digits off the front of *text. */
bool vw_line_number(struct vw_slice *text, uint64_t maximum, uint64_t *ret);

/* "10.2.2.61", "fe80::1%eth0", with brackets of any kind around it or a ':', ',' or '.'
 * behind it. */
bool vw_line_address(struct vw_slice word, struct vw_address *ret);

/* "10.2.2.61:443", "[2600::61]:443". */
bool vw_line_endpoint(struct vw_slice word, struct vw_address *ret_address,
                      uint16_t *ret_port);

/* What was asked of a program on the command line above its output. */
struct vw_command {
    const char *program; /* "traceroute"; NULL: none was seen */
    struct vw_address target;
    int32_t port; /* VW_UNRECORDED where none was given */
    int protocol; /* by an option, or VW_UNRECORDED */
};

/* Whether the line is a prompt and one of `programs` (ended by NULL) behind it; else
 * *ret_command stays as it is. The program's name is that of `programs`. */
bool vw_command_read(struct vw_slice line, const char *const *programs,
                     struct vw_command *ret_command);

#endif
