/*
 * An end of a question: an address or CIDR, "i-...", "eni-...", "subnet-...",
 * "vpc-.../ADDRESS", a Name tag or "internet". First the text becomes an object or
 * prefixes; then, once the address family is known, the addresses behind it.
 */
#include "reach/endpoint.h"

#include "base/slice.h"
#include "reach/customer_network.h"

#include <string.h>

int vw_end_refuse(struct vw_diagnostics *diagnostics, const char *code, const char *text,
                  const char *detail)
{
    vw_diagnose(diagnostics, VW_SEVERITY_ERROR, code, (struct vw_place){.file = NULL},
                "%s: %s", text, detail);
    return VW_ERROR_QUESTION;
}

static int set_prefixes(struct vw_arena *arena, struct vw_resolved_end *end,
                        const struct vw_prefix *prefixes, size_t count)
{
    end->prefixes = vw_arena_array(arena, count, sizeof *prefixes);
    if (!end->prefixes)
        return VW_ERROR_NO_MEMORY;
    if (count > 0)
        memcpy(end->prefixes, prefixes, count * sizeof *prefixes);
    end->prefix_count = count;
    return 0;
}

/* The primary interface of an instance. */
static bool primary_interface(const struct vw_world *world, uint32_t instance,
                              uint32_t *ret_interface)
{
    const struct vw_instance *object = vw_world_instance(world, instance);

    if (object->interface_count == 0)
        return false;
    *ret_interface = object->interfaces[0];
    return true;
}

static int take_object(const struct vw_world *world, struct vw_arena *arena,
                       enum vw_object_kind kind, uint32_t index,
                       struct vw_diagnostics *diagnostics, struct vw_resolved_end *end)
{
    if (kind == VW_OBJECT_INSTANCE) {
        if (!primary_interface(world, index, &end->interface))
            return vw_end_refuse(diagnostics, "no-such-endpoint", end->asked,
                                 "the instance has no network interface in the export");
        end->names_interface = true;
    } else if (kind == VW_OBJECT_INTERFACE) {
        end->interface = index;
        end->names_interface = true;
    } else if (kind == VW_OBJECT_SUBNET) {
        const struct vw_subnet *subnet = vw_world_subnet(world, index);
        end->vpc = subnet->vpc;
        end->is_set = true;
        return set_prefixes(arena, end, subnet->cidrs, subnet->cidr_count);
    } else {
        const struct vw_vpc *vpc = vw_world_vpc(world, index);
        end->vpc = index;
        end->is_set = true;
        return set_prefixes(arena, end, vpc->cidrs, vpc->cidr_count);
    }
    end->vpc = vw_world_interface(world, end->interface)->vpc;
    return 0;
}

static const enum vw_object_kind named_kinds[] = {VW_OBJECT_INSTANCE, VW_OBJECT_INTERFACE,
                                                  VW_OBJECT_SUBNET, VW_OBJECT_VPC};
enum { NAMED_KINDS = sizeof named_kinds / sizeof *named_kinds };

/* "i-1 (instance), i-2 (instance)": at most eight. */
static const char *add_candidate(struct vw_arena *arena, const char *list, size_t count,
                                 const struct vw_object *object)
{
    const char *longer = list;

    if (count < 8)
        longer = vw_arena_printf(arena, "%s%s%s (%s)", list, count ? ", " : "",
                                 object->id, vw_object_noun(object->kind));
    return longer ? longer : list;
}

/* Exports list terminated instances for an hour; their Name may be another's by now. */
static bool is_dead(const struct vw_world *world, const struct vw_object *object,
                    uint32_t index)
{
    const char *state;

    if (object->kind != VW_OBJECT_INSTANCE)
        return false;
    state = vw_world_instance(world, index)->state;
    return state && strcmp(state, "terminated") == 0;
}

static int take_network(struct vw_arena *arena, const struct vw_customer_network *network,
                        struct vw_resolved_end *end)
{
    end->network = network;
    end->is_set = true;
    return set_prefixes(arena, end, network->prefixes, network->prefix_count);
}

static int take_name(const struct vw_world *world, struct vw_arena *arena,
                     struct vw_diagnostics *diagnostics, struct vw_resolved_end *end)
{
    const struct vw_customer_network *network =
        vw_customer_network_named(world, end->asked);
    enum vw_object_kind kind = VW_OBJECT_VPC;
    const char *candidates = "";
    uint32_t found = VW_NONE, i;
    size_t count = 0, k;

    /* An instance's name is often its interface's too: the first kind that has it wins. */
    for (k = 0; k < NAMED_KINDS && count == 0; k++) {
        for (i = 0; i < vw_world_count(world, named_kinds[k]); i++) {
            const struct vw_object *object = vw_world_object(world, named_kinds[k], i);
            if (!object->exported || !object->name ||
                strcmp(object->name, end->asked) != 0 || is_dead(world, object, i))
                continue;
            candidates = add_candidate(arena, candidates, count++, object);
            kind = named_kinds[k];
            found = i;
        }
    }
    if (network && count > 0) {
        vw_diagnose(diagnostics, VW_SEVERITY_ERROR, "ambiguous-endpoint",
                    (struct vw_place){.file = NULL},
                    "%s: both a declared network and %s have this name; name an address "
                    "or an id",
                    end->asked, candidates);
        return VW_ERROR_QUESTION;
    }
    if (network)
        return take_network(arena, network, end);
    if (count == 0)
        return vw_end_refuse(
            diagnostics, "no-such-endpoint", end->asked,
            "is no address, no id in the export and no Name tag; an end is "
            "an address, a CIDR, i-..., eni-..., subnet-..., "
            "vpc-.../ADDRESS, a Name tag or \"internet\"");
    if (count > 1) {
        vw_diagnose(diagnostics, VW_SEVERITY_ERROR, "ambiguous-endpoint",
                    (struct vw_place){.file = NULL},
                    "%s: %zu objects have this Name: %s; name one by its id", end->asked,
                    count, candidates);
        return VW_ERROR_QUESTION;
    }
    return take_object(world, arena, kind, found, diagnostics, end);
}

static bool kind_of_id(const char *text, enum vw_object_kind *ret_kind)
{
    static const struct {
        const char *prefix;
        enum vw_object_kind kind;
    } prefixes[] = {{"i-", VW_OBJECT_INSTANCE},
                    {"eni-", VW_OBJECT_INTERFACE},
                    {"subnet-", VW_OBJECT_SUBNET},
                    {"vpc-", VW_OBJECT_VPC}};
    size_t i;

    for (i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
        if (strncmp(text, prefixes[i].prefix, strlen(prefixes[i].prefix)) == 0) {
            *ret_kind = prefixes[i].kind;
            return true;
        }
    }
    return false;
}

/* "vpc-1/10.0.0.5" and "vpc-1/10.0.0.0/24". */
static int take_vpc_address(const struct vw_world *world, struct vw_arena *arena,
                            const char *slash, struct vw_diagnostics *diagnostics,
                            struct vw_resolved_end *end)
{
    const char *id = vw_arena_copy(arena, end->asked, (size_t)(slash - end->asked));
    struct vw_prefix prefix;

    if (!id)
        return VW_ERROR_NO_MEMORY;
    if (!vw_world_find(world, VW_OBJECT_VPC, id, &end->vpc))
        return vw_end_refuse(diagnostics, "no-such-endpoint", end->asked,
                             "this VPC is not in the export");
    if (!vw_prefix_parse(slash + 1, strlen(slash + 1), &prefix, NULL))
        return vw_end_refuse(diagnostics, "bad-endpoint", end->asked,
                             "what follows the VPC is neither an address nor a CIDR");
    end->is_set = prefix.length < vw_family_bits(prefix.address.family);
    return set_prefixes(arena, end, &prefix, 1);
}

/* Text to object or prefixes. */
static int understand(const struct vw_world *world, struct vw_arena *arena,
                      const char *text, struct vw_diagnostics *diagnostics,
                      struct vw_resolved_end *end)
{
    struct vw_end_parts parts = end->parts;
    struct vw_prefix prefix;
    enum vw_object_kind kind;
    const char *slash = strchr(text, '/');
    uint32_t index;

    parts.count = 0;
    *end = (struct vw_resolved_end){
        .asked = text, .vpc = VW_NONE, .interface = VW_NONE, .parts = parts};
    if (strcmp(text, "internet") == 0) {
        end->internet = true;
        end->is_set = true;
        return 0;
    }
    if (vw_prefix_parse(text, strlen(text), &prefix, NULL)) {
        vw_owner_expect(world, prefix.address);
        end->is_set = prefix.length < vw_family_bits(prefix.address.family);
        return set_prefixes(arena, end, &prefix, 1);
    }
    if (strncmp(text, "vpc-", 4) == 0 && slash)
        return take_vpc_address(world, arena, slash, diagnostics, end);
    if (kind_of_id(text, &kind) && vw_world_find(world, kind, text, &index) &&
        vw_world_object(world, kind, index)->exported)
        return take_object(world, arena, kind, index, diagnostics, end);
    return take_name(world, arena, diagnostics, end);
}

static bool has_family(const struct vw_world *world, const struct vw_resolved_end *end,
                       enum vw_family family)
{
    const struct vw_interface *interface;
    size_t i;

    if (end->internet)
        return true;
    for (i = 0; i < end->prefix_count; i++)
        if (end->prefixes[i].address.family == family)
            return true;
    if (end->interface == VW_NONE)
        return false;
    interface = vw_world_interface(world, end->interface);
    for (i = 0; i < interface->address_count; i++)
        if (interface->addresses[i].prefix.address.family == family)
            return true;
    return false;
}

/* ICMP and ICMPv6 say it; else IPv4 where both ends have it. */
static int choose_family(const struct vw_world *world, int protocol,
                         const struct vw_resolved_end *from,
                         const struct vw_resolved_end *to,
                         struct vw_diagnostics *diagnostics, enum vw_family *ret_family)
{
    bool v4 = has_family(world, from, VW_FAMILY_IPV4) &&
              has_family(world, to, VW_FAMILY_IPV4) && protocol != VW_ICMPV6;
    bool v6 = has_family(world, from, VW_FAMILY_IPV6) &&
              has_family(world, to, VW_FAMILY_IPV6) && protocol != VW_ICMP;

    if (!v4 && !v6) {
        vw_diagnose(diagnostics, VW_SEVERITY_ERROR, "address-family",
                    (struct vw_place){.file = NULL},
                    "%s and %s have no address family in common%s", from->asked,
                    to->asked,
                    protocol == VW_ICMP     ? " for icmp (IPv4)"
                    : protocol == VW_ICMPV6 ? " for icmpv6 (IPv6)"
                                            : "");
        return VW_ERROR_QUESTION;
    }
    *ret_family = v4 ? VW_FAMILY_IPV4 : VW_FAMILY_IPV6;
    return 0;
}

static void expect_interface(const struct vw_world *world,
                             const struct vw_resolved_end *end)
{
    if (end->prefix_count == 1 && !end->is_set)
        vw_owner_expect_interface(world, end->prefixes[0].address);
}

int vw_resolve_ends(const struct vw_world *world, struct vw_arena *arena,
                    const struct vw_question *question,
                    struct vw_diagnostics *diagnostics, struct vw_resolved_end *from,
                    struct vw_resolved_end *to)
{
    enum vw_family family;
    int other;
    int error = understand(world, arena, question->from, diagnostics, from);

    other = understand(world, arena, question->to, diagnostics, to);
    if (error || other)
        return error ? error : other;
    expect_interface(world, from);
    expect_interface(world, to);
    error = choose_family(world, question->protocol, from, to, diagnostics, &family);
    if (!error)
        error = vw_end_complete_source(world, arena, family, diagnostics, from);
    if (!error)
        error =
            vw_end_complete_destination(world, arena, family, from->vpc, diagnostics, to);
    return error;
}
