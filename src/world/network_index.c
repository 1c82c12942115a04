/*
 * What a walk would else have to look for among all objects of a kind: peerings by their
 * VPCs, VPCs by address, route tables of gateways, Elastic IP addresses of nobody, and the
 * keys of security group rules.
 */
#include "world/index.h"

#include <stdlib.h>

#include "base/address.h"
#include "base/array.h"

/* ---- peerings ---- */

static int compare_numbers(uint32_t a, uint32_t b)
{
    return a < b ? -1 : a > b;
}

static int compare_pairs(const void *a, const void *b)
{
    const struct vw_peering_pair *x = a, *y = b;
    int order = compare_numbers(x->low, y->low);

    if (!order)
        order = compare_numbers(x->high, y->high);
    return order ? order : compare_numbers(x->peering, y->peering);
}

static struct vw_peering_pair pair_of(uint32_t a, uint32_t b, uint32_t peering)
{
    return (struct vw_peering_pair){a < b ? a : b, a < b ? b : a, peering};
}

int vw_world_index_peerings(struct vw_world *world)
{
    uint32_t count = vw_world_count(world, VW_OBJECT_PEERING), i;
    struct vw_peering_pair *pairs = vw_arena_array(&world->arena, count, sizeof *pairs);

    if (!pairs)
        return VW_ERROR_NO_MEMORY;
    for (i = 0; i < count; i++) {
        const struct vw_peering *peering = vw_world_peering(world, i);

        pairs[i] = pair_of(peering->requester.vpc, peering->accepter.vpc, i);
    }
    if (count > 1)
        qsort(pairs, count, sizeof *pairs, compare_pairs);
    world->peering_pairs = pairs;
    world->peering_pair_count = count;
    return 0;
}

/* The first pair that does not stand before `wanted`. */
static size_t find_pair(const struct vw_world *world, struct vw_peering_pair wanted)
{
    size_t low = 0, high = world->peering_pair_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (compare_pairs(&world->peering_pairs[middle], &wanted) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const struct vw_peering_pair *vw_peerings_between(const struct vw_world *world,
                                                  uint32_t a, uint32_t b,
                                                  size_t *ret_count)
{
    struct vw_peering_pair wanted = pair_of(a, b, 0);
    size_t first = find_pair(world, wanted), end = first;

    while (end < world->peering_pair_count &&
           world->peering_pairs[end].low == wanted.low &&
           world->peering_pairs[end].high == wanted.high)
        end++;
    *ret_count = end - first;
    return world->peering_pairs + first;
}

/* ---- VPCs by address ---- */

struct cidr {
    struct vw_address_range range;
    uint32_t vpc;
};

struct spans VW_ARRAY(struct vw_vpc_span);

/* CIDRs lie in each other or apart: in this order each comes behind those it lies in. */
static int compare_cidrs(const void *a, const void *b)
{
    const struct cidr *x = a, *y = b;
    int order = vw_address_compare(x->range.first, y->range.first);

    if (!order)
        order = vw_address_compare(y->range.last, x->range.last);
    return order ? order : compare_numbers(x->vpc, y->vpc);
}

/* Counts the CIDRs of exported VPCs with `ret` NULL, writes them otherwise. */
static size_t collect_cidrs(const struct vw_world *world, struct cidr *ret)
{
    size_t count = 0, j;
    uint32_t i;

    for (i = 0; i < vw_world_count(world, VW_OBJECT_VPC); i++) {
        const struct vw_vpc *vpc = vw_world_vpc(world, i);

        for (j = 0; vpc->object.exported && j < vpc->cidr_count; j++, count++)
            if (ret)
                ret[count] = (struct cidr){vw_prefix_range(vpc->cidrs[j]), i};
    }
    return count;
}

/* The CIDRs that the sweep stands in, from the outermost on. */
struct sweep {
    struct cidr *open; /* `vpc` VW_NONE: it lies in one of another VPC */
    size_t depth;
    struct vw_address at; /* what lies below is done */
    bool is_over;         /* nothing lies above `at` */
    struct spans spans;
};

/* [at, last] is in all that is open. */
static int add_span(struct sweep *sweep, struct vw_address last)
{
    struct vw_vpc_span span = {{sweep->at, last}, sweep->open[sweep->depth - 1].vpc};

    if (sweep->is_over || vw_address_compare(sweep->at, last) > 0)
        return 0;
    sweep->is_over = !vw_address_next(last, &sweep->at);
    return vw_array_push(&sweep->spans, span);
}

/* Closes what ends before `next`; all with `next` NULL. */
static int close_cidrs(struct sweep *sweep, const struct cidr *next)
{
    while (sweep->depth > 0) {
        struct vw_address last = sweep->open[sweep->depth - 1].range.last;

        if (next && vw_address_compare(last, next->range.first) >= 0)
            break;
        if (add_span(sweep, last))
            return VW_ERROR_NO_MEMORY;
        sweep->depth--;
    }
    return 0;
}

static int open_cidr(struct sweep *sweep, struct cidr cidr)
{
    struct vw_address before;

    if (sweep->depth > 0 && vw_address_previous(cidr.range.first, &before) &&
        add_span(sweep, before))
        return VW_ERROR_NO_MEMORY;
    if (sweep->depth > 0 && sweep->open[sweep->depth - 1].vpc != cidr.vpc)
        cidr.vpc = VW_NONE;
    sweep->open[sweep->depth++] = cidr;
    sweep->at = cidr.range.first;
    sweep->is_over = false;
    return 0;
}

static int keep_spans(struct vw_world *world, const struct spans *spans)
{
    size_t i;

    world->vpc_spans =
        vw_arena_array(&world->arena, spans->count, sizeof *world->vpc_spans);
    if (!world->vpc_spans)
        return VW_ERROR_NO_MEMORY;
    for (i = 0; i < spans->count; i++)
        world->vpc_spans[i] = spans->items[i];
    world->vpc_span_count = spans->count;
    return 0;
}

static int index_vpcs(struct vw_world *world)
{
    size_t count = collect_cidrs(world, NULL), i;
    struct cidr *cidrs = vw_arena_array(&world->arena, count, sizeof *cidrs);
    struct sweep sweep = {.open = vw_arena_array(&world->arena, count, sizeof *cidrs)};
    int error = cidrs && sweep.open ? 0 : VW_ERROR_NO_MEMORY;

    if (error)
        return error;
    collect_cidrs(world, cidrs);
    if (count > 1)
        qsort(cidrs, count, sizeof *cidrs, compare_cidrs);
    for (i = 0; i < count && !error; i++) {
        error = close_cidrs(&sweep, &cidrs[i]);
        if (!error)
            error = open_cidr(&sweep, cidrs[i]);
    }
    if (!error)
        error = close_cidrs(&sweep, NULL);
    if (!error)
        error = keep_spans(world, &sweep.spans);
    vw_array_free(&sweep.spans);
    return error;
}

uint32_t vw_vpc_of_address(const struct vw_world *world, struct vw_address address,
                           struct vw_prefix *ret_cidr)
{
    size_t low = 0, high = world->vpc_span_count;
    uint32_t vpc;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (vw_address_compare(world->vpc_spans[middle].range.last, address) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == world->vpc_span_count ||
        !vw_range_contains(world->vpc_spans[low].range, address))
        return VW_NONE;
    vpc = world->vpc_spans[low].vpc;
    if (vpc != VW_NONE)
        vw_vpc_contains(vw_world_vpc(world, vpc), address, ret_cidr);
    return vpc;
}

/* ---- gateways' tables, addresses of nobody ---- */

static int index_edge_tables(struct vw_world *world)
{
    uint32_t count = vw_world_count(world, VW_OBJECT_ROUTE_TABLE), i;
    size_t used = 0;

    for (i = 0; i < count; i++)
        used += vw_world_route_table(world, i)->gateway_id != NULL;
    world->edge_tables = vw_arena_array(&world->arena, used, sizeof *world->edge_tables);
    if (!world->edge_tables)
        return VW_ERROR_NO_MEMORY;
    for (i = 0; i < count; i++)
        if (vw_world_route_table(world, i)->gateway_id)
            world->edge_tables[world->edge_table_count++] = i;
    return 0;
}

struct loose {
    struct vw_address address;
    uint32_t index;
};

static int compare_loose(const void *a, const void *b)
{
    const struct loose *x = a, *y = b;
    int order = vw_address_compare(x->address, y->address);

    return order ? order : compare_numbers(x->index, y->index);
}

static int index_loose_addresses(struct vw_world *world)
{
    uint32_t count = vw_world_count(world, VW_OBJECT_ELASTIC_ADDRESS), i;
    struct loose *loose = vw_arena_array(&world->arena, count, sizeof *loose);
    size_t used = 0;

    world->loose_addresses =
        vw_arena_array(&world->arena, count, sizeof *world->loose_addresses);
    if (!loose || !world->loose_addresses)
        return VW_ERROR_NO_MEMORY;
    for (i = 0; i < count; i++) {
        const struct vw_elastic_address *address = vw_world_elastic_address(world, i);

        if (address->interface == VW_NONE && address->address.family != VW_FAMILY_NONE)
            loose[used++] = (struct loose){address->address, i};
    }
    if (used > 1)
        qsort(loose, used, sizeof *loose, compare_loose);
    for (i = 0; i < used; i++)
        world->loose_addresses[i] = loose[i].index;
    world->loose_address_count = used;
    return 0;
}

const struct vw_elastic_address *vw_loose_address(const struct vw_world *world,
                                                  struct vw_address_range range)
{
    const struct vw_elastic_address *found;
    size_t low = 0, high = world->loose_address_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        found = vw_world_elastic_address(world, world->loose_addresses[middle]);
        if (vw_address_compare(found->address, range.first) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == world->loose_address_count)
        return NULL;
    found = vw_world_elastic_address(world, world->loose_addresses[low]);
    return vw_range_contains(range, found->address) ? found : NULL;
}

/* ---- rules of security groups ---- */

static struct vw_rule_key key_of(const struct vw_group_rule *rule)
{
    struct vw_rule_key key = {(int16_t)rule->protocol, 0, UINT16_MAX};
    bool has_ports = rule->protocol == 6 || rule->protocol == 17; /* TCP, UDP */

    if (has_ports && rule->from >= 0 && rule->to >= rule->from &&
        rule->to <= UINT16_MAX) {
        key.first = (uint16_t)rule->from;
        key.last = (uint16_t)rule->to;
    }
    return key;
}

static struct vw_rule_key *make_keys(struct vw_world *world,
                                     const struct vw_group_rules *rules)
{
    struct vw_rule_key *keys = vw_arena_array(&world->arena, rules->count, sizeof *keys);
    size_t i;

    for (i = 0; keys && i < rules->count; i++)
        keys[i] = key_of(&rules->items[i]);
    return keys;
}

static int index_rules(struct vw_world *world)
{
    uint32_t i;

    for (i = 0; i < vw_world_count(world, VW_OBJECT_SECURITY_GROUP); i++) {
        struct vw_security_group *group = vw_world_edit_security_group(world, i);

        group->ingress_keys = make_keys(world, &group->ingress);
        group->egress_keys = make_keys(world, &group->egress);
        if (!group->ingress_keys || !group->egress_keys)
            return VW_ERROR_NO_MEMORY;
    }
    return 0;
}

int vw_world_index_network(struct vw_world *world)
{
    int error = vw_world_index_peerings(world);

    if (!error)
        error = index_vpcs(world);
    if (!error)
        error = index_edge_tables(world);
    if (!error)
        error = index_loose_addresses(world);
    return error ? error : index_rules(world);
}
