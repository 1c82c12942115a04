/* Random worlds; see random_world.h. */
#include "reach/random_maker.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>

uint32_t random_below(struct random *random, uint32_t limit)
{
    random->state =
        random->state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(random->state >> 33) % limit;
}

bool one_in(struct maker *maker, uint32_t chance)
{
    return random_below(maker->random, chance) == 0;
}

const char *keep(struct maker *maker, const char *text)
{
    const char *copy = vw_arena_string(&maker->world->arena, text);

    assert_non_null(copy);
    return copy;
}

const char *name(struct maker *maker, const char *kind, unsigned a, unsigned b)
{
    char text[64];

    snprintf(text, sizeof text, "%s-%u%u", kind, a, b);
    return keep(maker, text);
}

static const char *random_prefix(struct maker *maker)
{
    static const unsigned lengths[] = {22, 23, 24, 25, 26, 28, 30, 31, 32, 32};
    char text[64];

    if (one_in(maker, 4))
        return "0.0.0.0/0";
    if (one_in(maker, 8))
        return one_in(maker, 2) ? "52.0.0.0/29" : "::/0";
    snprintf(text, sizeof text, "10.0.%u.%u/%u", random_below(maker->random, 4),
             random_below(maker->random, 2) * 128 + random_below(maker->random, 9),
             lengths[random_below(maker->random, 10)]);
    return keep(maker, text);
}

static int random_protocol(struct maker *maker)
{
    static const int protocols[] = {-1, -1, 6, 6, 6, 17, 1};

    return protocols[random_below(maker->random, 7)];
}

static void random_ports(struct maker *maker, int protocol, int *ret_from, int *ret_to)
{
    static const int edges[] = {0, 20, 22, 23, 80, 443, 1024, 32768, 40000, 49152, 65535};
    int from = edges[random_below(maker->random, 11)];
    int to = edges[random_below(maker->random, 11)];

    *ret_from = *ret_to = -1;
    if (protocol == -1 || one_in(maker, 4))
        return;
    if (protocol == 1) {
        *ret_from = one_in(maker, 2) ? 8 : 0;
        *ret_to = one_in(maker, 2) ? -1 : (one_in(maker, 4) ? 8 : 0);
        return;
    }
    *ret_from = from < to ? from : to;
    *ret_to = from < to ? to : from;
}

static const char *random_peer(struct maker *maker)
{
    uint32_t vpc = random_below(maker->random, maker->count);

    if (one_in(maker, 4))
        return name(maker, "sg", vpc, random_below(maker->random, 2));
    if (one_in(maker, 8))
        return maker->gaps && one_in(maker, 2) ? "pl-dark" : "pl-1";
    return random_prefix(maker);
}

static void make_groups(struct maker *maker, unsigned v)
{
    unsigned g;
    int egress;

    for (g = 0; g < 2; g++) {
        uint32_t group =
            small_group(maker->world, name(maker, "sg", v, g), maker->vpcs[v]);

        maker->groups[v][g] = group;
        for (egress = 0; egress < 2; egress++) {
            uint32_t rules = random_below(maker->random, 4);
            if (one_in(maker, 3))
                small_rule(maker->world, group, egress == 1, -1, -1, -1, "0.0.0.0/0");
            while (rules-- > 0) {
                int protocol = random_protocol(maker), from, to;
                random_ports(maker, protocol, &from, &to);
                small_rule(maker->world, group, egress == 1, protocol, from, to,
                           random_peer(maker));
            }
        }
    }
    if (maker->gaps && one_in(maker, 6))
        vw_world_edit_security_group(maker->world, maker->groups[v][1])->object.exported =
            false;
}

static void make_acls(struct maker *maker, unsigned v)
{
    unsigned a;
    int egress;

    for (a = 0; a < 2; a++) {
        uint32_t acl = small_acl(maker->world, name(maker, "acl", v, a), maker->vpcs[v]);

        maker->acls[v][a] = acl;
        for (egress = 0; egress < 2; egress++) {
            uint32_t entries = random_below(maker->random, 4), i;
            for (i = 0; i < entries; i++) {
                int protocol = random_protocol(maker), from, to;
                random_ports(maker, protocol, &from, &to);
                small_entry(maker->world, acl, egress == 1,
                            (int)(1 + i + 10 * random_below(maker->random, 20)),
                            !one_in(maker, 3), protocol, from, to, random_prefix(maker));
            }
            if (!one_in(maker, 4))
                small_entry(maker->world, acl, egress == 1, 500, true, -1, -1, -1,
                            "0.0.0.0/0");
            small_entry(maker->world, acl, egress == 1, 32767, false, -1, -1, -1,
                        "0.0.0.0/0");
        }
    }
    if (maker->gaps && one_in(maker, 8))
        vw_world_edit_network_acl(maker->world, maker->acls[v][1])->object.exported =
            false;
}

static const char *random_target(struct maker *maker, unsigned v)
{
    static const char *const dark[] = {"nat-1", "tgw-1", "pcx-dark", "igw-dark"};

    if (maker->gaps && one_in(maker, 4))
        return dark[random_below(maker->random, 4)];
    if (one_in(maker, 4))
        return name(maker, "igw", one_in(maker, 6) ? 0 : v, 0);
    return one_in(maker, 2) ? "pcx-01" : (one_in(maker, 2) ? "pcx-02" : "pcx-12");
}

static void make_tables(struct maker *maker, unsigned v)
{
    char local[32];
    unsigned t, other;

    for (t = 0; t < 2; t++) {
        uint32_t table =
            small_table(maker->world, name(maker, "rtb", v, t), maker->vpcs[v], t == 0);
        uint32_t routes = random_below(maker->random, 4);

        maker->tables[v][t] = table;
        snprintf(local, sizeof local, "10.0.%u.0/24", maker->third[v]);
        small_route(maker->world, table, local, "local");
        for (other = 0; other < maker->count; other++) {
            char prefix[32], peering[16];
            if (other == v || one_in(maker, 5))
                continue;
            snprintf(prefix, sizeof prefix, "10.0.%u.0/24", maker->third[other]);
            snprintf(peering, sizeof peering, "pcx-%u%u", v < other ? v : other,
                     v < other ? other : v);
            small_route(maker->world, table, prefix, keep(maker, peering));
        }
        if (!one_in(maker, 4))
            small_route(maker->world, table, "0.0.0.0/0", name(maker, "igw", v, 0));
        while (routes-- > 0) {
            bool list = one_in(maker, 8);
            const char *to = random_prefix(maker), *target = random_target(maker, v);
            struct vw_route *route;
            if (list)
                to = maker->gaps && one_in(maker, 3) ? "pl-dark" : "pl-1";
            if (list && maker->gaps && one_in(maker, 2))
                target = "vpce-1";
            route = small_route(maker->world, table, to, target);
            if (one_in(maker, 6))
                route->state = one_in(maker, 2) ? VW_ROUTE_BLACKHOLE : VW_ROUTE_FILTERED;
            if (!list && one_in(maker, 6))
                route->origin = VW_ORIGIN_PROPAGATED;
        }
    }
    if (maker->gaps && one_in(maker, 8))
        vw_world_edit_route_table(maker->world, maker->tables[v][1])->object.exported =
            false;
}

static void give_zone(struct maker *maker, uint32_t subnet, unsigned which)
{
    static const char *const zones[] = {"us-east-1a", "us-east-1b"};
    static const char *const ids[] = {"use1-az1", "use1-az2"};
    struct vw_subnet *object = vw_world_edit_subnet(maker->world, subnet);

    if (maker->services && one_in(maker, 4))
        which = 1 - which;
    object->zone = zones[which];
    object->zone_id = ids[which];
}

static void make_hosts(struct maker *maker, unsigned v)
{
    unsigned s, h;

    for (s = 0; s < 2; s++) {
        uint32_t hosts = 1 + random_below(maker->random, 3);
        char cidr[32];

        snprintf(cidr, sizeof cidr, "10.0.%u.%u/25", maker->third[v], s * 128);
        maker->subnets[v][s] = small_subnet(
            maker->world, name(maker, "subnet", v, s), maker->vpcs[v], cidr,
            one_in(maker, 2) ? maker->tables[v][1] : VW_NONE, maker->acls[v][s]);
        give_zone(maker, maker->subnets[v][s], s);
        for (h = 0; h < hosts; h++) {
            char eni[32], address[32], public_address[32];
            uint32_t host;
            unsigned number = v * 10 + s * 5 + h;

            snprintf(eni, sizeof eni, "eni-%u", number);
            snprintf(address, sizeof address, "10.0.%u.%u", maker->third[v],
                     s * 128 + 4 + 2 * h - (h > 0 ? random_below(maker->random, 2) : 0));
            snprintf(public_address, sizeof public_address, "52.0.0.%u", number);
            host = small_host(maker->world, eni, maker->subnets[v][s], address,
                              one_in(maker, 3) ? NULL : public_address,
                              maker->groups[v][random_below(maker->random, 2)]);
            if (one_in(maker, 15))
                vw_world_edit_instance(maker->world,
                                       vw_world_interface(maker->world, host)->instance)
                    ->state = "stopped";
            if (one_in(maker, 20))
                vw_world_edit_interface(maker->world, host)->attachment = "detaching";
        }
    }
}

static void make_vpc(struct maker *maker, unsigned v)
{
    char cidr[32];

    maker->third[v] = v == 2 && one_in(maker, 4) ? 1 : v;
    snprintf(cidr, sizeof cidr, "10.0.%u.0/24", maker->third[v]);
    maker->vpcs[v] = small_vpc(maker->world, name(maker, "vpc", v, 0), cidr);
    if (maker->gaps && one_in(maker, 8))
        vw_world_edit_vpc(maker->world, maker->vpcs[v])->interfaces_exported = false;
    if (one_in(maker, 6))
        vw_world_edit_vpc(maker->world, maker->vpcs[v])->object.region = "eu-west-1";
    if (one_in(maker, 12))
        vw_world_edit_vpc(maker->world, maker->vpcs[v])->block_public_access =
            one_in(maker, 2) ? VW_BLOCK_INGRESS : VW_BLOCK_BIDIRECTIONAL;
}

static void make_peerings(struct maker *maker)
{
    static const char *const ids[] = {"pcx-01", "pcx-02", "pcx-12"};
    unsigned i, count = maker->count == 3 ? 3 : 1;

    for (i = 0; i < count; i++)
        small_peering(maker->world, ids[i], maker->vpcs[i == 2 ? 1 : 0],
                      maker->vpcs[i == 0 ? 1 : 2],
                      one_in(maker, 6) ? "pending-acceptance" : "active");
    /* Routes may name a peering of a VPC that is not there: a deleted one. */
    for (; !maker->gaps && i < 3; i++)
        small_peering(maker->world, ids[i], maker->vpcs[0], maker->vpcs[1], "deleted");
}

static struct vw_world *random_world_of(struct random *random, bool gaps, bool services)
{
    struct maker maker = {.random = random, .gaps = gaps, .services = services};
    uint32_t list;
    unsigned v;

    maker.world = vw_world_create();
    assert_non_null(maker.world);
    maker.count = 2 + random_below(random, 2);
    list = small_list(maker.world, "pl-1", true);
    small_list_prefix(maker.world, list, random_prefix(&maker));
    small_list_prefix(maker.world, list, random_prefix(&maker));
    small_list(maker.world, "pl-dark", false);
    for (v = 0; v < maker.count; v++)
        make_vpc(&maker, v);
    for (v = 0; v < maker.count; v++) {
        small_gateway(maker.world, name(&maker, "igw", v, 0),
                      one_in(&maker, 8) ? VW_NONE : maker.vpcs[v]);
        make_groups(&maker, v);
        make_acls(&maker, v);
        make_tables(&maker, v);
        make_hosts(&maker, v);
    }
    make_peerings(&maker);
    if (one_in(&maker, 2))
        small_elastic(maker.world, "52.0.0.100");
    if (services) {
        add_services(&maker);
        add_balancers(&maker);
        add_transit(&maker);
        add_ipv6(&maker);
        add_endpoints(&maker);
    }
    assert_int_equal(vw_world_finish(maker.world), 0);
    return maker.world;
}

struct vw_world *random_world(struct random *random, bool gaps)
{
    return random_world_of(random, gaps, false);
}

struct vw_world *random_network(struct random *random)
{
    return random_world_of(random, false, true);
}
