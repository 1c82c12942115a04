/* The selector "instances": what there is to ask for each running instance. */
#ifndef VW_POLICY_SELECT_H
#define VW_POLICY_SELECT_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/array.h"
#include "world/world.h"

struct vw_selected {
    const char *asked; /* an end of a question */
    const char *shown; /* the instance, with what tells its addresses apart */
};

struct vw_selection VW_ARRAY(struct vw_selected);

/* `from_outside`: the other end is the internet, so each public and IPv6 address is one to
 * ask for (the instance itself where it has none); else each interface is. `protocol` is
 * that of the question (icmp knows IPv4 only, icmpv6 IPv6 only), or -1. Texts are in
 * `arena`; the array is the caller's also after a failure. */
int vw_select_instances(const struct vw_world *world, struct vw_arena *arena,
                        bool from_outside, int protocol, struct vw_selection *selection);

#endif
