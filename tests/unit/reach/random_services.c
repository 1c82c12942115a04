/* NAT gateways, middleboxes and IPv6 for random worlds; see random_world.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>

#include "reach/random_maker.h"

static const char *host_address(struct maker *maker, unsigned v, unsigned s,
                                unsigned last)
{
    char text[32];

    snprintf(text, sizeof text, "10.0.%u.%u", maker->third[v], s * 128 + last);
    return keep(maker, text);
}

static void route_somewhere(struct maker *maker, unsigned v, unsigned t, const char *to)
{
    char prefix[32];

    if (one_in(maker, 2))
        snprintf(prefix, sizeof prefix, "0.0.0.0/1");
    else if (one_in(maker, 2))
        snprintf(prefix, sizeof prefix, "10.0.%u.0/%u", random_below(maker->random, 3),
                 23 + random_below(maker->random, 3));
    else
        snprintf(prefix, sizeof prefix, "52.0.0.0/16");
    small_route(maker->world, maker->tables[v][t], keep(maker, prefix), to);
}

/* ---- NAT gateways ---- */

static struct vw_nat_gateway *make_nat(struct maker *maker, unsigned v, const char *id)
{
    uint32_t index = small_refer(maker->world, VW_OBJECT_NAT_GATEWAY, id);
    struct vw_nat_gateway *gateway = vw_world_edit_nat_gateway(maker->world, index);

    gateway->object.exported = true;
    gateway->state = one_in(maker, 10) ? "failed" : "available";
    gateway->vpc = maker->vpcs[v];
    gateway->subnet = gateway->route_table = VW_NONE;
    gateway->addresses =
        vw_arena_array(&maker->world->arena, 2, sizeof *gateway->addresses);
    assert_non_null(gateway->addresses);
    return gateway;
}

static void make_zonal(struct maker *maker, unsigned v)
{
    const char *id = name(maker, "nat", v, 0), *eni = name(maker, "eni-nat", v, 0);
    unsigned s = random_below(maker->random, 2);
    const char *address = host_address(maker, v, s, 20);
    struct vw_nat_gateway *gateway = make_nat(maker, v, id);
    bool is_private = one_in(maker, 3);
    char public_address[32];
    struct vw_interface *interface;
    uint32_t index;

    snprintf(public_address, sizeof public_address, "52.0.1.%u", v);
    index = small_host(maker->world, eni, maker->subnets[v][s], address,
                       is_private ? NULL : public_address, 0);
    interface = vw_world_edit_interface(maker->world, index);
    interface->type = "nat_gateway";
    interface->group_count = 0;
    interface->instance = VW_NONE;
    gateway->is_private = is_private;
    gateway->subnet = maker->subnets[v][s];
    gateway->address_count = 1;
    gateway->addresses[0] = (struct vw_nat_address){
        .private_address = small_address(address), .interface = index, .usable = true};
    if (!is_private)
        gateway->addresses[0].public_address = small_address(public_address);
    route_somewhere(maker, v, random_below(maker->random, 2), id);
}

/* As the loader notes it. */
static void note_service(struct maker *maker, const char *address, const char *id)
{
    struct vw_world *world = maker->world;

    world->services = small_longer(world, world->services, world->service_count,
                                   sizeof *world->services);
    world->services[world->service_count++] =
        (struct vw_service_address){small_address(address), id};
}

/* Its table leads to the internet or, for want of a route, nowhere. */
static void make_regional(struct maker *maker, unsigned v)
{
    static const char *const zones[] = {"us-east-1a", "us-east-1b"};
    const char *id = name(maker, "nat", v, 1);
    struct vw_nat_gateway *gateway = make_nat(maker, v, id);
    uint32_t table =
        small_table(maker->world, name(maker, "rtb-nat", v, 0), maker->vpcs[v], false);
    char text[32];
    unsigned i;

    gateway->is_regional = true;
    gateway->route_table = table;
    gateway->address_count = 1 + random_below(maker->random, 2);
    for (i = 0; i < gateway->address_count; i++) {
        snprintf(text, sizeof text, "52.0.2.%u", 2 * v + i);
        gateway->addresses[i] =
            (struct vw_nat_address){.public_address = small_address(text),
                                    .interface = VW_NONE,
                                    .zone = zones[i],
                                    .usable = true};
        note_service(maker, text, id);
    }
    snprintf(text, sizeof text, "10.0.%u.0/24", maker->third[v]);
    small_route(maker->world, table, text, "local");
    if (!one_in(maker, 5))
        small_route(maker->world, table, "0.0.0.0/0", name(maker, "igw", v, 0));
    small_route(maker->world, maker->tables[v][random_below(maker->random, 2)],
                "8.0.0.0/8", id);
}

/* ---- middleboxes ---- */

static void make_box(struct maker *maker, unsigned v)
{
    const char *eni = name(maker, "eni-box", v, 0);
    unsigned s = random_below(maker->random, 2);
    uint32_t box =
        small_host(maker->world, eni, maker->subnets[v][s], host_address(maker, v, s, 40),
                   NULL, maker->groups[v][random_below(maker->random, 2)]);
    uint32_t second;

    vw_world_edit_interface(maker->world, box)->source_dest_check = one_in(maker, 6);
    if (one_in(maker, 10))
        vw_world_edit_instance(maker->world,
                               vw_world_interface(maker->world, box)->instance)
            ->state = "stopped";
    if (one_in(maker, 6)) {
        second = small_host(maker->world, name(maker, "eni-box", v, 1),
                            maker->subnets[v][1 - s], host_address(maker, v, 1 - s, 41),
                            NULL, maker->groups[v][0]);
        vw_world_edit_interface(maker->world, second)->instance =
            vw_world_interface(maker->world, box)->instance;
        vw_world_edit_interface(maker->world, second)->device_index = 1;
    }
    route_somewhere(maker, v, random_below(maker->random, 2), eni);
    if (one_in(maker, 3)) {
        char prefix[32];
        snprintf(prefix, sizeof prefix, "10.0.%u.%u/25", maker->third[v],
                 128 * random_below(maker->random, 2));
        small_route(maker->world, maker->tables[v][random_below(maker->random, 2)],
                    keep(maker, prefix), eni);
    }
}

/* Most networks let most things pass, so that packets come far. */
static void open_filters(struct maker *maker, unsigned v)
{
    unsigned i;
    int egress;

    for (i = 0; i < 2; i++) {
        for (egress = 0; egress < 2; egress++) {
            if (!one_in(maker, 3))
                small_entry(maker->world, maker->acls[v][i], egress == 1, 0, true, -1, -1,
                            -1, "0.0.0.0/0");
            if (!one_in(maker, 3))
                small_rule(maker->world, maker->groups[v][i], egress == 1, -1, -1, -1,
                           "0.0.0.0/0");
        }
    }
}

void add_services(struct maker *maker)
{
    unsigned v;

    for (v = 0; v < maker->count; v++) {
        if (!one_in(maker, 4))
            open_filters(maker, v);
        if (!one_in(maker, 3))
            make_zonal(maker, v);
        if (one_in(maker, 3))
            make_regional(maker, v);
        if (!one_in(maker, 3))
            make_box(maker, v);
    }
}

/* ---- IPv6 ---- */

static const char *cidr6(struct maker *maker, unsigned v, int subnet)
{
    char text[48];

    if (subnet < 0)
        snprintf(text, sizeof text, "2600:%u::/56", v + 1);
    else
        snprintf(text, sizeof text, "2600:%u:0:%d::/64", v + 1, subnet);
    return keep(maker, text);
}

static void open_ipv6(struct maker *maker, unsigned v)
{
    unsigned i;
    int egress;

    for (i = 0; i < 2; i++) {
        for (egress = 0; egress < 2; egress++) {
            if (!one_in(maker, 5))
                small_entry(maker->world, maker->acls[v][i], egress == 1, 501, true,
                            one_in(maker, 3) ? 6 : -1, -1, -1,
                            one_in(maker, 4) ? "2600::/16" : "::/0");
            if (!one_in(maker, 4))
                small_rule(maker->world, maker->groups[v][i], egress == 1, -1, -1, -1,
                           one_in(maker, 4) ? "2600:1::/32" : "::/0");
        }
    }
}

static void route_ipv6(struct maker *maker, unsigned v)
{
    unsigned t, other;

    for (t = 0; t < 2; t++) {
        uint32_t table = maker->tables[v][t];

        small_route(maker->world, table, cidr6(maker, v, -1), "local");
        for (other = 0; other < maker->count; other++)
            if (other != v && !one_in(maker, 3))
                small_route(
                    maker->world, table, cidr6(maker, other, -1),
                    name(maker, "pcx", v < other ? v : other, v < other ? other : v));
        if (!one_in(maker, 5))
            small_route(maker->world, table, "::/0",
                        one_in(maker, 2) ? name(maker, "eigw", v, 0)
                                         : name(maker, "igw", v, 0));
    }
}

/* Addresses of what has an IPv4 address only so far: hosts. */
static void address_ipv6(struct maker *maker, unsigned v)
{
    uint32_t i, count = vw_world_count(maker->world, VW_OBJECT_INTERFACE);
    char text[48];
    unsigned s;

    for (i = 0; i < count; i++) {
        const struct vw_interface *interface = vw_world_interface(maker->world, i);

        if (interface->vpc != maker->vpcs[v] || interface->instance == VW_NONE ||
            one_in(maker, 3))
            continue;
        s = interface->subnet == maker->subnets[v][1];
        snprintf(text, sizeof text, "2600:%u:0:%u::%x", v + 1, s, i + 16);
        small_add_address(maker->world, i, text, NULL);
    }
}

void add_ipv6(struct maker *maker)
{
    unsigned v, s;

    for (v = 0; v < maker->count; v++) {
        small_vpc_cidr(maker->world, maker->vpcs[v], cidr6(maker, v, -1));
        for (s = 0; s < 2; s++) {
            struct vw_subnet *subnet =
                vw_world_edit_subnet(maker->world, maker->subnets[v][s]);
            subnet->cidrs = small_longer(maker->world, subnet->cidrs, subnet->cidr_count,
                                         sizeof *subnet->cidrs);
            subnet->cidrs[subnet->cidr_count++] = small_prefix(cidr6(maker, v, (int)s));
        }
        small_egress_gateway(maker->world, name(maker, "eigw", v, 0),
                             maker->vpcs[one_in(maker, 8) ? 0 : v]);
        open_ipv6(maker, v);
        route_ipv6(maker, v);
        address_ipv6(maker, v);
    }
}
