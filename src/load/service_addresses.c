/*
 * Public addresses that a key of no use to the walk tells of: those of NAT gateways (live
 * or deleted) and the outside ends of VPN tunnels. Without them the walk would take such
 * an address for a host somewhere on the internet and call it reachable.
 */
#include "load/loader.h"

#include <string.h>

#include <vpcwhy/error.h>

#include "load/json.h"

struct row {
    const char *key;     /* at the top of the document */
    const char *id;      /* of its elements */
    const char *address; /* member, at any depth of an element */
};

static const struct row rows[] = {
    {"NatGateways", "NatGatewayId", "PublicIp"},
    {"VpnConnections", "VpnConnectionId", "OutsideIpAddress"}};

static int add(struct vw_loader *loader, const char *id, const char *text)
{
    struct vw_service_address address = {.id = id};

    if (!vw_address_parse(text, strlen(text), &address.address))
        return 0;
    return vw_array_push(&loader->services, address);
}

/* Every member `row->address` below `json`; documents are no deeper than
 * VW_EXPORT_DEPTH_MAX. */
static int search(struct vw_loader *loader, const struct row *row, const char *id,
                  const struct vw_json *json)
{
    struct vw_json member;
    void *iterator = NULL;
    size_t i;
    int error = 0;

    if (vw_json_type(json) == VW_JSON_LIST) {
        for (i = 0; i < vw_json_count(json) && !error; i++) {
            struct vw_json element = vw_json_element(json, i);
            error = search(loader, row, id, &element);
        }
    }
    if (vw_json_type(json) != VW_JSON_OBJECT)
        return error;
    while (!error && vw_json_each(json, &iterator, &member)) {
        if (vw_json_type(&member) == VW_JSON_STRING && !strcmp(member.key, row->address))
            error = add(loader, id, vw_json_string(&member));
        else
            error = search(loader, row, id, &member);
    }
    return error;
}

int vw_collect_service_addresses(struct vw_loader *loader, const struct vw_json *member)
{
    const struct row *row = NULL;
    size_t i;
    int error = 0;

    for (i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(member->key, rows[i].key) == 0)
            row = &rows[i];
    if (!row || vw_json_type(member) != VW_JSON_LIST)
        return 0;
    for (i = 0; i < vw_json_count(member) && !error; i++) {
        struct vw_json element = vw_json_element(member, i);
        struct vw_json id = vw_json_member(&element, row->id);
        const char *copy =
            vw_json_type(&id) == VW_JSON_STRING
                ? vw_arena_string(&loader->world->arena, vw_json_string(&id))
                : row->key;

        error = copy ? search(loader, row, copy, &element) : VW_ERROR_NO_MEMORY;
    }
    return error;
}
