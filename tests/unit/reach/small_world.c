/* Small worlds built by hand; see small_world.h. */
#include "reach/small_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/address.h"
#include "base/diagnostic.h"

struct vw_prefix small_prefix(const char *text)
{
    struct vw_prefix prefix = {{0, 0, VW_FAMILY_NONE}, 0};

    assert_true(vw_prefix_parse(text, strlen(text), &prefix, NULL));
    return prefix;
}

struct vw_address small_address(const char *text)
{
    return small_prefix(text).address;
}

uint32_t small_refer(struct vw_world *world, enum vw_object_kind kind, const char *id)
{
    uint32_t index = VW_NONE;

    assert_int_equal(vw_world_refer(world, kind, id, &index), 0);
    world->kind_exported[kind] = true;
    return index;
}

uint32_t small_find(const struct vw_world *world, enum vw_object_kind kind,
                    const char *id)
{
    uint32_t index = VW_NONE;

    assert_true(vw_world_find(world, kind, id, &index));
    return index;
}

void *small_longer(struct vw_world *world, const void *items, size_t count, size_t size)
{
    unsigned char *copy = vw_arena_array(&world->arena, count + 1, size);

    assert_non_null(copy);
    if (count > 0)
        memcpy(copy, items, count * size);
    return copy;
}

uint32_t small_vpc(struct vw_world *world, const char *id, const char *cidr)
{
    uint32_t index = small_refer(world, VW_OBJECT_VPC, id);
    struct vw_vpc *vpc = vw_world_edit_vpc(world, index);

    vpc->object.exported = true;
    vpc->object.region = "us-east-1";
    vpc->interfaces_exported = true;
    small_vpc_cidr(world, index, cidr);
    return index;
}

void small_vpc_cidr(struct vw_world *world, uint32_t vpc, const char *cidr)
{
    struct vw_vpc *object = vw_world_edit_vpc(world, vpc);

    object->cidrs =
        small_longer(world, object->cidrs, object->cidr_count, sizeof *object->cidrs);
    object->cidrs[object->cidr_count++] = small_prefix(cidr);
}

uint32_t small_subnet(struct vw_world *world, const char *id, uint32_t vpc,
                      const char *cidr, uint32_t table, uint32_t acl)
{
    uint32_t index = small_refer(world, VW_OBJECT_SUBNET, id);
    struct vw_subnet *subnet = vw_world_edit_subnet(world, index);

    subnet->object.exported = true;
    subnet->vpc = vpc;
    subnet->cidrs =
        small_longer(world, subnet->cidrs, subnet->cidr_count, sizeof *subnet->cidrs);
    subnet->cidrs[subnet->cidr_count++] = small_prefix(cidr);
    subnet->route_table = table;
    subnet->network_acl = acl;
    return index;
}

uint32_t small_table(struct vw_world *world, const char *id, uint32_t vpc, bool main)
{
    uint32_t index = small_refer(world, VW_OBJECT_ROUTE_TABLE, id);
    struct vw_route_table *table = vw_world_edit_route_table(world, index);

    table->object.exported = true;
    table->vpc = vpc;
    table->main = main;
    return index;
}

static uint32_t target_index(struct vw_world *world, enum vw_target_kind kind,
                             const char *id)
{
    enum vw_object_kind object;
    uint32_t index;

    if (kind == VW_TARGET_INTERNET_GATEWAY)
        return small_refer(world, VW_OBJECT_INTERNET_GATEWAY, id);
    if (kind == VW_TARGET_EGRESS_ONLY_GATEWAY)
        return small_refer(world, VW_OBJECT_EGRESS_ONLY_GATEWAY, id);
    if (kind == VW_TARGET_PEERING)
        return small_refer(world, VW_OBJECT_PEERING, id);
    if (kind == VW_TARGET_ENDPOINT)
        return small_refer(world, VW_OBJECT_VPC_ENDPOINT, id);
    /* Of the others, what the test has made. */
    if (vw_target_object(kind, &object) && vw_world_find(world, object, id, &index))
        return index;
    return VW_NONE;
}

struct vw_route *small_route(struct vw_world *world, uint32_t table,
                             const char *destination, const char *target)
{
    enum vw_target_kind kind = vw_target_kind_of(target);
    struct vw_route route = {.prefix_list = VW_NONE,
                             .target_kind = kind,
                             .target_id = target,
                             .origin = VW_ORIGIN_STATIC};
    struct vw_route_table *object;

    route.target = target_index(world, kind, target);
    if (kind == VW_TARGET_LOCAL)
        route.origin = VW_ORIGIN_LOCAL;
    if (strncmp(destination, "pl-", 3) == 0) {
        route.prefix_list = small_refer(world, VW_OBJECT_PREFIX_LIST, destination);
        route.origin = VW_ORIGIN_PREFIX_LIST;
    } else {
        route.destination = small_prefix(destination);
    }
    object = vw_world_edit_route_table(world, table);
    object->routes =
        small_longer(world, object->routes, object->route_count, sizeof *object->routes);
    object->routes[object->route_count] = route;
    return &object->routes[object->route_count++];
}

uint32_t small_group(struct vw_world *world, const char *id, uint32_t vpc)
{
    uint32_t index = small_refer(world, VW_OBJECT_SECURITY_GROUP, id);

    vw_world_edit_security_group(world, index)->object.exported = true;
    vw_world_edit_security_group(world, index)->vpc = vpc;
    return index;
}

void small_rule(struct vw_world *world, uint32_t group, bool egress, int protocol,
                int from, int to, const char *peer)
{
    struct vw_group_rule rule = {.protocol = protocol,
                                 .from = from,
                                 .to = to,
                                 .prefix_list = VW_NONE,
                                 .group = VW_NONE};
    struct vw_security_group *object;
    struct vw_group_rules *rules;

    if (strncmp(peer, "pl-", 3) == 0) {
        rule.peer_kind = VW_PEER_PREFIX_LIST;
        rule.prefix_list = small_refer(world, VW_OBJECT_PREFIX_LIST, peer);
    } else if (strncmp(peer, "sg-", 3) == 0) {
        rule.peer_kind = VW_PEER_GROUP;
        rule.group = small_refer(world, VW_OBJECT_SECURITY_GROUP, peer);
    } else {
        rule.peer_kind = VW_PEER_PREFIX;
        rule.prefix = small_prefix(peer);
    }
    object = vw_world_edit_security_group(world, group);
    rules = egress ? &object->egress : &object->ingress;
    rules->items = small_longer(world, rules->items, rules->count, sizeof *rules->items);
    rules->items[rules->count++] = rule;
}

void small_open(struct vw_world *world, uint32_t group)
{
    int egress;

    for (egress = 0; egress < 2; egress++) {
        small_rule(world, group, egress == 1, -1, -1, -1, "0.0.0.0/0");
        small_rule(world, group, egress == 1, -1, -1, -1, "::/0");
    }
}

uint32_t small_acl(struct vw_world *world, const char *id, uint32_t vpc)
{
    uint32_t index = small_refer(world, VW_OBJECT_NETWORK_ACL, id);

    vw_world_edit_network_acl(world, index)->object.exported = true;
    vw_world_edit_network_acl(world, index)->vpc = vpc;
    return index;
}

void small_entry(struct vw_world *world, uint32_t acl, bool egress, int number,
                 bool allow, int protocol, int from, int to, const char *cidr)
{
    struct vw_network_acl *object = vw_world_edit_network_acl(world, acl);
    struct vw_acl_entries *entries = egress ? &object->egress : &object->ingress;

    entries->items =
        small_longer(world, entries->items, entries->count, sizeof *entries->items);
    entries->items[entries->count++] =
        (struct vw_acl_entry){.number = number,
                              .allow = allow,
                              .protocol = protocol,
                              .from = from,
                              .to = to,
                              .prefix = small_prefix(cidr)};
}

uint32_t small_open_acl(struct vw_world *world, const char *id, uint32_t vpc)
{
    uint32_t acl = small_acl(world, id, vpc);
    int egress;

    for (egress = 0; egress < 2; egress++) {
        small_entry(world, acl, egress == 1, 100, true, -1, -1, -1, "0.0.0.0/0");
        small_entry(world, acl, egress == 1, 101, true, -1, -1, -1, "::/0");
        small_entry(world, acl, egress == 1, 32767, false, -1, -1, -1, "0.0.0.0/0");
        small_entry(world, acl, egress == 1, 32768, false, -1, -1, -1, "::/0");
    }
    return acl;
}

void small_clear_acl(struct vw_world *world, uint32_t acl, bool egress)
{
    struct vw_network_acl *object = vw_world_edit_network_acl(world, acl);

    (egress ? &object->egress : &object->ingress)->count = 0;
}

void small_clear_group(struct vw_world *world, uint32_t group, bool egress)
{
    struct vw_security_group *object = vw_world_edit_security_group(world, group);

    (egress ? &object->egress : &object->ingress)->count = 0;
}

void small_add_address(struct vw_world *world, uint32_t interface, const char *address,
                       const char *public_address)
{
    struct vw_interface *object = vw_world_edit_interface(world, interface);
    struct vw_interface_address entry = {.prefix = small_prefix(address),
                                         .primary = object->address_count == 0};

    if (public_address)
        entry.public_address = small_address(public_address);
    object->addresses = small_longer(world, object->addresses, object->address_count,
                                     sizeof *object->addresses);
    object->addresses[object->address_count++] = entry;
}

uint32_t small_host(struct vw_world *world, const char *eni, uint32_t subnet,
                    const char *address, const char *public_address, uint32_t group)
{
    uint32_t index = small_refer(world, VW_OBJECT_INTERFACE, eni);
    struct vw_interface *interface;
    char id[64];
    uint32_t instance;

    snprintf(id, sizeof id, "i-%s", eni + strlen("eni-"));
    instance = small_refer(world, VW_OBJECT_INSTANCE, id);
    vw_world_edit_instance(world, instance)->object.exported = true;
    vw_world_edit_instance(world, instance)->state = "running";
    interface = vw_world_edit_interface(world, index);
    interface->object.exported = true;
    interface->vpc = vw_world_subnet(world, subnet)->vpc;
    interface->subnet = subnet;
    interface->instance = instance;
    interface->status = "in-use";
    interface->attachment = "attached";
    interface->type = "interface";
    interface->groups = small_longer(world, NULL, 0, sizeof *interface->groups);
    interface->groups[interface->group_count++] = group;
    small_add_address(world, index, address, public_address);
    return index;
}

uint32_t small_gateway(struct vw_world *world, const char *id, uint32_t vpc)
{
    uint32_t index = small_refer(world, VW_OBJECT_INTERNET_GATEWAY, id);

    vw_world_edit_internet_gateway(world, index)->object.exported = true;
    vw_world_edit_internet_gateway(world, index)->vpc = vpc;
    return index;
}

uint32_t small_egress_gateway(struct vw_world *world, const char *id, uint32_t vpc)
{
    uint32_t index = small_refer(world, VW_OBJECT_EGRESS_ONLY_GATEWAY, id);

    vw_world_edit_egress_only_gateway(world, index)->object.exported = true;
    vw_world_edit_egress_only_gateway(world, index)->vpc = vpc;
    return index;
}

static struct vw_peering_side side_of(const struct vw_world *world, uint32_t vpc)
{
    const struct vw_vpc *object = vw_world_vpc(world, vpc);

    return (struct vw_peering_side){vpc, object->object.account, object->object.region,
                                    object->cidrs, object->cidr_count};
}

uint32_t small_peering(struct vw_world *world, const char *id, uint32_t requester,
                       uint32_t accepter, const char *state)
{
    uint32_t index = small_refer(world, VW_OBJECT_PEERING, id);
    struct vw_peering *peering = vw_world_edit_peering(world, index);

    peering->object.exported = true;
    peering->state = state;
    peering->requester = side_of(world, requester);
    peering->accepter = side_of(world, accepter);
    return index;
}

uint32_t small_elastic(struct vw_world *world, const char *address)
{
    uint32_t index = small_refer(world, VW_OBJECT_ELASTIC_ADDRESS, address);
    struct vw_elastic_address *elastic = vw_world_edit_elastic_address(world, index);

    elastic->object.exported = true;
    elastic->address = small_address(address);
    return index;
}

uint32_t small_list(struct vw_world *world, const char *id, bool known)
{
    uint32_t index = small_refer(world, VW_OBJECT_PREFIX_LIST, id);

    vw_world_edit_prefix_list(world, index)->object.exported = true;
    vw_world_edit_prefix_list(world, index)->entries_known = known;
    return index;
}

void small_list_prefix(struct vw_world *world, uint32_t list, const char *prefix)
{
    struct vw_prefix_list *object = vw_world_edit_prefix_list(world, list);

    object->prefixes = small_longer(world, object->prefixes, object->prefix_count,
                                    sizeof *object->prefixes);
    object->prefixes[object->prefix_count++] = small_prefix(prefix);
}

static void base_vpc_1(struct vw_world *world)
{
    uint32_t vpc = small_vpc(world, "vpc-1", "10.1.0.0/16");
    uint32_t table = small_table(world, "rtb-1", vpc, true);
    uint32_t sg_1 = small_group(world, "sg-1", vpc),
             sg_2 = small_group(world, "sg-2", vpc);
    uint32_t a, b, host;

    small_vpc_cidr(world, vpc, "2600:1::/56");
    small_gateway(world, "igw-1", vpc);
    small_route(world, table, "10.1.0.0/16", "local");
    small_route(world, table, "2600:1::/56", "local");
    small_route(world, table, "10.2.0.0/16", "pcx-1");
    small_route(world, table, "0.0.0.0/0", "igw-1");
    small_route(world, table, "::/0", "igw-1");
    small_open(world, sg_1);
    small_open(world, sg_2);
    a = small_subnet(world, "subnet-1a", vpc, "10.1.1.0/24", VW_NONE,
                     small_open_acl(world, "acl-1a", vpc));
    b = small_subnet(world, "subnet-1b", vpc, "10.1.2.0/24", VW_NONE,
                     small_open_acl(world, "acl-1b", vpc));
    host = small_host(world, "eni-1", a, "10.1.1.10", "52.0.0.1", sg_1);
    small_add_address(world, host, "2600:1::10", NULL);
    small_host(world, "eni-2", b, "10.1.2.20", "52.0.0.2", sg_2);
    small_host(world, "eni-3", a, "10.1.1.30", NULL, sg_1);
}

static void base_vpc_2(struct vw_world *world)
{
    uint32_t vpc = small_vpc(world, "vpc-2", "10.2.0.0/16");
    uint32_t table = small_table(world, "rtb-2", vpc, true);
    uint32_t group = small_group(world, "sg-4", vpc);
    uint32_t subnet = small_subnet(world, "subnet-2a", vpc, "10.2.1.0/24", VW_NONE,
                                   small_open_acl(world, "acl-2a", vpc));

    small_gateway(world, "igw-2", vpc);
    small_route(world, table, "10.2.0.0/16", "local");
    small_route(world, table, "10.1.0.0/16", "pcx-1");
    small_route(world, table, "0.0.0.0/0", "igw-2");
    small_open(world, group);
    small_host(world, "eni-4", subnet, "10.2.1.40", "52.0.0.4", group);
}

struct vw_world *small_base(void)
{
    struct vw_world *world = vw_world_create();

    assert_non_null(world);
    base_vpc_1(world);
    base_vpc_2(world);
    small_peering(world, "pcx-1", small_find(world, VW_OBJECT_VPC, "vpc-1"),
                  small_find(world, VW_OBJECT_VPC, "vpc-2"), "active");
    return world;
}

static void append(char text[SMALL_TEXT], const char *mark, enum vw_direction direction,
                   enum vw_reason reason, const char *component)
{
    size_t used = strlen(text);

    snprintf(text + used, SMALL_TEXT - used, "; %s%s %s %s", mark,
             vw_direction_slug(direction), vw_reason_code(reason), component);
}

const char *small_answer(const struct vw_world *world, const struct vw_question *question,
                         char text[SMALL_TEXT])
{
    struct vw_diagnostics *diagnostics = vw_diagnostics_create();
    struct vw_trace *trace = NULL;
    size_t i;
    int error = vw_trace_run(world, question, diagnostics, &trace);

    text[0] = 0;
    if (error == VW_ERROR_QUESTION && vw_diagnostics_count(diagnostics) > 0)
        snprintf(text, SMALL_TEXT, "error %s", vw_diagnostics_get(diagnostics, 0)->code);
    else if (error)
        snprintf(text, SMALL_TEXT, "error %d without a diagnostic", error);
    else
        snprintf(text, SMALL_TEXT, "%s", vw_verdict_slug(trace->verdict));
    for (i = 0; trace && i < trace->blocker_count; i++)
        append(text, "", trace->blockers[i].direction, trace->blockers[i].reason,
               trace->blockers[i].component);
    for (i = 0; trace && i < trace->unknown_count; i++)
        append(text, "?", trace->unknowns[i].direction, trace->unknowns[i].reason,
               trace->unknowns[i].component);
    vw_trace_free(trace);
    vw_diagnostics_free(diagnostics);
    return text;
}

void small_run(const struct small_case *cases, size_t count)
{
    char text[SMALL_TEXT];
    size_t i, bad = 0;

    for (i = 0; i < count; i++) {
        struct vw_world *world = small_base();
        if (cases[i].change)
            cases[i].change(world);
        assert_int_equal(vw_world_finish(world), 0);
        if (strcmp(small_answer(world, &cases[i].question, text), cases[i].expected)) {
            print_error("%s:\n  expected %s\n  found    %s\n", cases[i].name,
                        cases[i].expected, text);
            bad++;
        }
        vw_world_free(world);
    }
    assert_int_equal(bad, 0);
}

void small_without_peering_route(struct vw_world *world, const char *id)
{
    struct vw_route_table *object =
        vw_world_edit_route_table(world, small_find(world, VW_OBJECT_ROUTE_TABLE, id));
    size_t i, kept = 0;

    for (i = 0; i < object->route_count; i++)
        if (object->routes[i].target_kind != VW_TARGET_PEERING)
            object->routes[kept++] = object->routes[i];
    object->route_count = kept;
}

void small_set_peering(struct vw_world *world, const char *state)
{
    uint32_t peering = small_find(world, VW_OBJECT_PEERING, "pcx-1");

    vw_world_edit_peering(world, peering)->state = state;
}

void small_before_peering(struct vw_world *world)
{
    small_without_peering_route(world, "rtb-1");
    small_without_peering_route(world, "rtb-2");
    small_set_peering(world, "deleted");
}
