/* The words that each ping has for ICMP errors; see ping_line.h. */
#include "evidence/ping_line.h"

#include <string.h>

struct wording {
    const char *text; /* as iputils and the BSDs begin it; upper and lower case are one */
    int type, code;
};

/* Where one text begins another, the longer stands first. */
static const struct wording ipv4_wordings[] = {
    {"Destination Net Unreachable for Type of Service", 3, 11},
    {"Destination Host Unreachable for Type of Service", 3, 12},
    {"Destination Net Unreachable for TOS", 3, 11},
    {"Destination Host Unreachable for TOS", 3, 12},
    {"Destination Net Unreachable", 3, 0},
    {"Destination Host Unreachable", 3, 1},
    {"Destination Protocol Unreachable", 3, 2},
    {"Destination Port Unreachable", 3, 3},
    {"Frag needed and DF set", 3, 4},
    {"Source Route Failed", 3, 5},
    {"Destination Net Unknown", 3, 6},
    {"Destination Host Unknown", 3, 7},
    {"Source Host Isolated", 3, 8},
    {"Destination Net Prohibited", 3, 9},
    {"Destination Host Prohibited", 3, 10},
    {"Packet filtered", 3, 13},
    {"Communication prohibited by filter", 3, 13},
    {"Precedence Violation", 3, 14},
    {"Host precedence violation", 3, 14},
    {"Precedence Cutoff", 3, 15},
    {"Source Quench", 4, 0},
    {"Redirect Network", 5, 0},
    {"Redirect Host", 5, 1},
    {"Redirect Type of Service and Network", 5, 2},
    {"Redirect Type of Service and Host", 5, 3},
    {"Time to live exceeded", 11, 0},
    {"Time exceeded: Hop limit", 11, 0},
    {"Frag reassembly time exceeded", 11, 1},
    {"Parameter problem", 12, 0},
};

static const struct wording ipv6_wordings[] = {
    {"Destination unreachable: No route", 1, 0},
    {"Destination unreachable: Administratively prohibited", 1, 1},
    {"Destination unreachable: Beyond scope of source address", 1, 2},
    {"Destination unreachable: Address unreachable", 1, 3},
    {"Destination unreachable: Port unreachable", 1, 4},
    {"Destination unreachable: Source address failed", 1, 5},
    {"Destination unreachable: Reject route", 1, 6},
    {"No Route to Destination", 1, 0},
    {"Destination Administratively Unreachable", 1, 1},
    {"Destination Unreachable Beyond Scope", 1, 2},
    {"Destination Host Unreachable", 1, 3},
    {"Destination Port Unreachable", 1, 4},
    {"Packet too big", 2, 0},
    {"Time exceeded: Hop limit", 3, 0},
    {"Time to live exceeded", 3, 0},
    {"Time exceeded: Defragmentation failure", 3, 1},
    {"Frag reassembly time exceeded", 3, 1},
    {"Parameter problem: Unknown header", 4, 1},
    {"Parameter problem: Unknown option", 4, 2},
    {"Parameter problem", 4, 0},
};

static char lower_case(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool starts_in_any_case(struct vw_slice text, const char *start)
{
    size_t size = strlen(start), i;

    if (size > text.size)
        return false;
    for (i = 0; i < size; i++)
        if (lower_case(text.data[i]) != lower_case(start[i]))
            return false;
    return true;
}

bool vw_ping_error_read(struct vw_slice text, enum vw_family family, int *ret_type,
                        int *ret_code)
{
    const struct wording *rows = ipv4_wordings;
    size_t count = sizeof ipv4_wordings / sizeof *ipv4_wordings, i;

    if (family == VW_FAMILY_IPV6) {
        rows = ipv6_wordings;
        count = sizeof ipv6_wordings / sizeof *ipv6_wordings;
    }
    for (i = 0; i < count; i++) {
        if (starts_in_any_case(text, rows[i].text)) {
            *ret_type = rows[i].type;
            *ret_code = rows[i].code;
            return true;
        }
    }
    return false;
}
