/*
 * The addresses behind an end, once its family is known: one part an owner, as every
 * interface has groups of its own, and parts for what nobody owns.
 */
#include "reach/endpoint.h"

#include "base/address.h"
#include "reach/customer_network.h"

static int add_part(struct vw_resolved_end *end, struct vw_address_range range,
                    uint32_t interface, bool nobody)
{
    struct vw_end_part part = {.range = range, .interface = interface, .nobody = nobody};

    return vw_array_push(&end->parts, part);
}

/* Sources in a network of the user's own. */
static int add_from_network(struct vw_resolved_end *end, struct vw_address_range range,
                            const struct vw_customer_network *network)
{
    struct vw_end_part part = {.range = range, .interface = VW_NONE, .network = network};

    return vw_array_push(&end->parts, part);
}

/* Keeps in *best the range that begins first among those that end at or after `from`. */
static void offer_closed(struct vw_address_range range, struct vw_address from,
                         bool *has_best, struct vw_address_range *best)
{
    if (range.first.family != from.family || vw_address_compare(range.last, from) < 0)
        return;
    if (*has_best && vw_address_compare(best->first, range.first) <= 0)
        return;
    *has_best = true;
    *best = range;
}

/* The next addresses at or after `from` that are not "the internet": special-use space,
 * the CIDRs of exported VPCs, public addresses of exported interfaces. */
static bool next_closed(const struct vw_world *world, struct vw_address from,
                        struct vw_address_range *ret_range)
{
    struct vw_address_range rest = {from, vw_range_all(from.family).last};
    const struct vw_owner *owner = vw_owner_of_public(world, rest);
    struct vw_prefix special;
    bool found = false;
    uint32_t v;
    size_t i;

    for (i = 0; vw_special_prefix(from.family, i, &special); i++)
        offer_closed(vw_prefix_range(special), from, &found, ret_range);
    for (v = 0; v < vw_world_count(world, VW_OBJECT_VPC); v++) {
        const struct vw_vpc *vpc = vw_world_vpc(world, v);
        for (i = 0; i < vpc->cidr_count; i++)
            offer_closed(vw_prefix_range(vpc->cidrs[i]), from, &found, ret_range);
    }
    if (owner)
        offer_closed(owner->range, from, &found, ret_range);
    return found;
}

/* All of the internet: what is neither closed to it nor part of the export. */
static int add_internet(const struct vw_world *world, enum vw_family family,
                        struct vw_resolved_end *end)
{
    struct vw_address_range rest = vw_range_all(family), closed;

    while (next_closed(world, rest.first, &closed)) {
        struct vw_address_range open = rest;

        if (vw_address_compare(rest.first, closed.first) < 0) {
            vw_address_previous(closed.first, &open.last);
            if (add_part(end, open, VW_NONE, false))
                return VW_ERROR_NO_MEMORY;
        }
        if (!vw_address_next(closed.last, &rest.first))
            return 0;
    }
    return add_part(end, rest, VW_NONE, false);
}

/* The address of `family` by which an interface is meant: its primary one. */
static int add_interface(const struct vw_world *world, enum vw_family family,
                         struct vw_diagnostics *diagnostics, struct vw_resolved_end *end)
{
    const struct vw_interface *interface = vw_world_interface(world, end->interface);
    size_t i;

    for (i = 0; i < interface->address_count; i++) {
        const struct vw_prefix *prefix = &interface->addresses[i].prefix;
        if (prefix->address.family != family || prefix->length != vw_family_bits(family))
            continue;
        end->address = prefix->address;
        return add_part(end, vw_range_single(prefix->address), end->interface, false);
    }
    return vw_end_refuse(diagnostics, "no-such-endpoint", end->asked,
                         "the interface has delegated prefixes only: name one of their "
                         "addresses");
}

static int refuse_ambiguous(const struct vw_world *world, struct vw_arena *arena,
                            struct vw_diagnostics *diagnostics,
                            const struct vw_resolved_end *end,
                            const struct vw_owner *owner, const struct vw_owner *last)
{
    struct vw_address_range range = owner->range;
    const char *list = "";
    size_t count = 0;

    for (; owner < last && vw_range_overlaps(owner->range, range); owner++, count++) {
        const char *longer =
            vw_arena_printf(arena, "%s%s%s in %s", list, count ? ", " : "",
                            vw_world_interface(world, owner->interface)->object.id,
                            vw_world_vpc(world, owner->vpc)->object.id);
        if (!longer)
            return VW_ERROR_NO_MEMORY;
        list = longer;
    }
    vw_diagnose(
        diagnostics, VW_SEVERITY_ERROR, "ambiguous-endpoint",
        (struct vw_place){.file = NULL},
        "%s: several network interfaces own this address: %s; name one by eni-..., "
        "i-... or vpc-.../%s",
        end->asked, list, end->asked);
    return VW_ERROR_QUESTION;
}

/* The owner of one address. `home` is a VPC that is meant where several have it. */
static int find_single(const struct vw_world *world, struct vw_arena *arena,
                       struct vw_diagnostics *diagnostics,
                       const struct vw_resolved_end *end, uint32_t home,
                       const struct vw_owner **ret_owner)
{
    struct vw_address_range range = vw_range_single(end->prefixes[0].address);
    const struct vw_owner *owner, *last;

    *ret_owner = NULL;
    if (end->vpc != VW_NONE) {
        *ret_owner = vw_owner_in_vpc(world, end->vpc, range);
        return 0;
    }
    owner = vw_owner_anywhere(world, range, &last);
    if (owner && owner + 1 < last && vw_range_overlaps(owner[1].range, range)) {
        *ret_owner = vw_owner_in_vpc(world, home, range);
        return *ret_owner ? 0
                          : refuse_ambiguous(world, arena, diagnostics, end, owner, last);
    }
    *ret_owner = owner;
    return 0;
}

/* One source address: an interface's private or public one, or somewhere outside. */
static int add_single_source(const struct vw_world *world, struct vw_arena *arena,
                             struct vw_diagnostics *diagnostics,
                             struct vw_resolved_end *end)
{
    struct vw_address address = end->prefixes[0].address;
    const struct vw_customer_network *network;
    const struct vw_owner *owner;
    struct vw_prefix prefix;
    int error = find_single(world, arena, diagnostics, end, VW_NONE, &owner);

    if (error)
        return error;
    if (owner) {
        end->interface = owner->interface;
        end->vpc = owner->vpc;
        end->address = address;
        return add_part(end, vw_range_single(address), owner->interface, false);
    }
    owner = vw_owner_of_public(world, vw_range_single(address));
    if (owner) {
        end->interface = owner->interface;
        end->vpc = owner->vpc;
        end->address = vw_world_interface(world, owner->interface)
                           ->addresses[owner->entry]
                           .prefix.address;
        return add_part(end, vw_range_single(end->address), owner->interface, false);
    }
    end->address = address;
    network = vw_customer_network_of(world, vw_range_single(address), &prefix);
    if (network) {
        end->network = network;
        return add_from_network(end, vw_range_single(address), network);
    }
    if (!vw_address_is_public(address))
        return vw_end_refuse(
            diagnostics, "unknown-source", end->asked,
            "no network interface in the export owns this private source "
            "address, and no rules file declares it under `networks:`");
    return add_part(end, vw_range_single(address), VW_NONE, false);
}

/* Public sources: outside, but for the public addresses of exported interfaces. */
static int add_public(const struct vw_world *world, struct vw_resolved_end *end,
                      struct vw_address_range range)
{
    const struct vw_owner *owner;

    while ((owner = vw_owner_of_public(world, range)) != NULL) {
        struct vw_end_part part = {.range = owner->range, .interface = owner->interface};
        struct vw_address_range gap = range;

        if (vw_address_compare(range.first, owner->range.first) < 0) {
            vw_address_previous(owner->range.first, &gap.last);
            if (add_part(end, gap, VW_NONE, false))
                return VW_ERROR_NO_MEMORY;
        }
        part.inside = vw_world_interface(world, owner->interface)
                          ->addresses[owner->entry]
                          .prefix.address;
        if (vw_array_push(&end->parts, part))
            return VW_ERROR_NO_MEMORY;
        if (vw_address_compare(owner->range.last, range.last) >= 0)
            return 0;
        vw_address_next(owner->range.last, &range.first);
    }
    return add_part(end, range, VW_NONE, false);
}

/* What no interface owns: outside if public, nobody if not. */
static int add_unowned(const struct vw_world *world, struct vw_resolved_end *end,
                       struct vw_address_range range)
{
    struct vw_prefix special;
    size_t i;

    for (i = 0; vw_special_prefix(range.first.family, i, &special); i++) {
        struct vw_address_range closed = vw_prefix_range(special);
        struct vw_address_range open = range, part = range;
        if (!vw_range_overlaps(closed, range))
            continue;
        if (vw_address_compare(range.first, closed.first) < 0) {
            vw_address_previous(closed.first, &open.last);
            if (add_public(world, end, open))
                return VW_ERROR_NO_MEMORY;
            part.first = closed.first;
        }
        if (vw_address_compare(closed.last, range.last) < 0)
            part.last = closed.last;
        if (add_part(end, part, VW_NONE, true))
            return VW_ERROR_NO_MEMORY;
        if (vw_address_equal(part.last, range.last))
            return 0;
        vw_address_next(part.last, &range.first);
    }
    return add_public(world, end, range);
}

/* What no interface owns: declared networks are taken apart from the rest. */
static int add_outside(const struct vw_world *world, struct vw_resolved_end *end,
                       struct vw_address_range range)
{
    const struct vw_customer_network *network;
    struct vw_address_range declared, before = range, after = range;
    struct vw_prefix prefix;

    network = vw_customer_network_of(world, range, &prefix);
    if (!network)
        return add_unowned(world, end, range);
    declared = vw_prefix_range(prefix);
    if (vw_address_compare(range.first, declared.first) < 0) {
        vw_address_previous(declared.first, &before.last);
        if (add_outside(world, end, before))
            return VW_ERROR_NO_MEMORY;
    } else {
        declared.first = range.first;
    }
    if (vw_address_compare(declared.last, range.last) < 0) {
        vw_address_next(declared.last, &after.first);
        if (add_outside(world, end, after))
            return VW_ERROR_NO_MEMORY;
    } else {
        declared.last = range.last;
    }
    return add_from_network(end, declared, network);
}

/* A set of sources: every owned address on its own, as each interface has its own groups. */
static int add_sources(const struct vw_world *world, struct vw_arena *arena,
                       struct vw_prefix prefix, struct vw_diagnostics *diagnostics,
                       struct vw_resolved_end *end)
{
    struct vw_address_range rest = vw_prefix_range(prefix);
    bool more = true;

    while (more) {
        struct vw_address_range gap = rest, owned;
        const struct vw_owner *last = NULL;
        const struct vw_owner *owner = end->vpc != VW_NONE
                                           ? vw_owner_in_vpc(world, end->vpc, rest)
                                           : vw_owner_anywhere(world, rest, &last);
        if (!owner)
            return add_outside(world, end, rest);
        /* One of them would be passed over. */
        if (last && owner + 1 < last && vw_range_overlaps(owner[1].range, owner->range))
            return refuse_ambiguous(world, arena, diagnostics, end, owner, last);
        owned = owner->range;
        if (vw_address_compare(owned.first, rest.first) < 0)
            owned.first = rest.first;
        if (vw_address_compare(owned.last, rest.last) > 0)
            owned.last = rest.last;
        if (vw_address_compare(rest.first, owned.first) < 0) {
            vw_address_previous(owned.first, &gap.last);
            if (add_outside(world, end, gap))
                return VW_ERROR_NO_MEMORY;
        }
        if (add_part(end, owned, owner->interface, false))
            return VW_ERROR_NO_MEMORY;
        more = !vw_address_equal(owned.last, rest.last) &&
               vw_address_next(owned.last, &rest.first);
    }
    return 0;
}

int vw_end_complete_source(const struct vw_world *world, struct vw_arena *arena,
                           enum vw_family family, struct vw_diagnostics *diagnostics,
                           struct vw_resolved_end *end)
{
    size_t i;
    int error = 0;

    if (end->internet)
        return add_internet(world, family, end);
    if (end->interface != VW_NONE)
        return add_interface(world, family, diagnostics, end);
    if (!end->is_set)
        return add_single_source(world, arena, diagnostics, end);
    for (i = 0; i < end->prefix_count && !error; i++)
        if (end->prefixes[i].address.family == family)
            error = add_sources(world, arena, end->prefixes[i], diagnostics, end);
    return error;
}

int vw_end_complete_destination(const struct vw_world *world, struct vw_arena *arena,
                                enum vw_family family, uint32_t home,
                                struct vw_diagnostics *diagnostics,
                                struct vw_resolved_end *end)
{
    const struct vw_owner *owner;
    struct vw_prefix prefix;
    size_t i;
    int error = 0;

    if (end->internet)
        return add_internet(world, family, end);
    if (end->interface != VW_NONE)
        return add_interface(world, family, diagnostics, end);
    if (!end->is_set) {
        error = find_single(world, arena, diagnostics, end, home, &owner);
        if (error)
            return error;
        end->address = end->prefixes[0].address;
        if (!owner)
            owner = vw_owner_of_public(world, vw_range_single(end->address));
        if (owner)
            end->interface = owner->interface;
        else
            end->network =
                vw_customer_network_of(world, vw_range_single(end->address), &prefix);
    }
    for (i = 0; i < end->prefix_count && !error; i++)
        if (end->prefixes[i].address.family == family)
            error = add_part(end, vw_prefix_range(end->prefixes[i]), VW_NONE, false);
    return error;
}
