/* ICMP errors, counted by who says what about which flow. */
#ifndef VW_PACKETS_ERRORS_H
#define VW_PACKETS_ERRORS_H

#include "packets/echo.h"
#include "packets/flow.h"

enum { VW_ERRORS_MAX = 1 << 22 };

struct vw_error_entry {
    struct vw_address reporter, receiver;
    struct vw_quote quote; /* of the first */
    bool six;
    uint8_t type, code;
    uint8_t about; /* enum vw_error_about */
    uint32_t mtu;
    uint32_t subject; /* number of the series, or place of the flow */
    uint32_t next;    /* number of the next entry about the same, plus one */
    uint64_t number, count;
    int64_t first, last;
};

struct vw_error_list VW_ARRAY(struct vw_error_entry);

struct vw_errors {
    struct vw_error_list entries;
    struct vw_index index;
};

void vw_errors_free(struct vw_errors *errors);

/* Takes in an error packet. 0, VW_ERROR_NO_MEMORY or VW_ERROR_LIMIT. */
int vw_errors_see(struct vw_errors *errors, const struct vw_packet *packet,
                  uint64_t number, int64_t time, struct vw_packet_flows *flows,
                  struct vw_echoes *echoes);

/* Ties what is still untied: packets may stand in any order. */
void vw_errors_settle(struct vw_errors *errors, struct vw_packet_flows *flows,
                      struct vw_echoes *echoes);

/* Whether an entry of the chain that begins at number `first` (0: none) says that what
 * was sent cannot arrive; *ret_mtu the smallest MTU told. */
bool vw_errors_reject(const struct vw_errors *errors, uint32_t first, uint32_t *ret_mtu);

void vw_error_describe(const struct vw_error_entry *entry, struct vw_icmp_error *ret);

#endif
