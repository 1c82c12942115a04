/* What the two ends of a question mean in the exported world. */
#ifndef VW_REACH_ENDPOINT_H
#define VW_REACH_ENDPOINT_H

#include "base/diagnostic.h"
#include "reach/walk.h"

/* Addresses from which, or to which, packets go. */
struct vw_end_part {
    struct vw_address_range range;
    uint32_t interface; /* owner, or VW_NONE */
    bool nobody;        /* private, and owned by no interface */
    /* A public source address of an interface: what the interface itself sends from.
     * Family NONE where that is the range itself. */
    struct vw_address inside;
    const struct vw_customer_network *network; /* outside AWS: declared by the user */
};

struct vw_end_parts VW_ARRAY(struct vw_end_part);

struct vw_resolved_end {
    const char *asked;
    bool internet;              /* the word "internet" */
    bool is_set;                /* more than one address was asked for */
    struct vw_prefix *prefixes; /* as asked, where addresses were */
    size_t prefix_count;
    uint32_t vpc;              /* named or implied, or VW_NONE */
    uint32_t interface;        /* the one interface it is, or VW_NONE */
    bool names_interface;      /* it was named as such, not by its address */
    struct vw_address address; /* of that interface, family NONE if several */
    const struct vw_customer_network *network; /* the one that it names, or NULL */
    struct vw_end_parts parts;                 /* owned by the caller: vw_array_free */
};

/* Both at once, as the family of one decides that of the other. 0, VW_ERROR_NO_MEMORY or
 * VW_ERROR_QUESTION with diagnostics. Prefixes are in `arena`; the parts that *from and
 * *to had before are overwritten, their memory is used again. */
int vw_resolve_ends(const struct vw_world *world, struct vw_arena *arena,
                    const struct vw_question *question,
                    struct vw_diagnostics *diagnostics, struct vw_resolved_end *from,
                    struct vw_resolved_end *to);

/* A diagnostic "text: detail", and VW_ERROR_QUESTION. */
int vw_end_refuse(struct vw_diagnostics *diagnostics, const char *code, const char *text,
                  const char *detail);

/* The parts of an end of `family`, once the text is understood. `home` is the VPC that is
 * meant where several VPCs have the destination's address, or VW_NONE. */
int vw_end_complete_source(const struct vw_world *world, struct vw_arena *arena,
                           enum vw_family family, struct vw_diagnostics *diagnostics,
                           struct vw_resolved_end *end);
int vw_end_complete_destination(const struct vw_world *world, struct vw_arena *arena,
                                enum vw_family family, uint32_t home,
                                struct vw_diagnostics *diagnostics,
                                struct vw_resolved_end *end);

#endif
