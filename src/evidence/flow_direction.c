/*
 * A record without flow-direction is ingress where its destination is the interface's
 * primary IPv4 address, egress where its source is: in every IPv4 record of an interface,
 * one of the two is that address. So the address that all of them share is the
 * interface's, once only one is left: 10.0.0.5 of "10.0.0.5 > 10.0.1.1" and
 * "10.0.2.2 > 10.0.0.5". With one peer only, both are left and nothing is decided. IPv6 is
 * left out: an interface may have several addresses there, and may show each. So is what
 * is no interface: a regional NAT gateway shows addresses that are not its own.
 *
 * All rows are looked at before any is decided, so that it does not matter in which order
 * or in how many parts the records came.
 */
#include "evidence/flow_direction.h"

#include <string.h>

#include <vpcwhy/error.h>

#include "base/memory.h"

/* Both addresses are there, and IPv4. */
#define FAMILIES_IPV4 0x05

/* The addresses that all rows of an interface have as source or destination. */
struct own {
    uint32_t addresses[2];
    uint8_t count;
    bool is_started;
    bool is_interface; /* the vantage is one, by its id */
};

struct owns {
    struct own *items; /* by number of the vantage */
    bool any_told;     /* a row tells its direction */
};

static bool is_looked_at(const struct owns *owns, const struct vw_flow_key *key)
{
    return (key->families & 0x0f) == FAMILIES_IPV4 &&
           owns->items[key->vantage].is_interface;
}

static void narrow(struct own *own, const struct vw_flow_key *key)
{
    uint8_t kept = 0, i;

    if (!own->is_started) {
        own->is_started = true;
        own->addresses[0] = key->addresses[0];
        own->addresses[1] = key->addresses[1];
        own->count = key->addresses[0] == key->addresses[1] ? 1 : 2;
        return;
    }
    for (i = 0; i < own->count; i++)
        if (own->addresses[i] == key->addresses[0] ||
            own->addresses[i] == key->addresses[1])
            own->addresses[kept++] = own->addresses[i];
    own->count = kept;
}

static enum vw_flow_direction told(const struct vw_flow_key *key)
{
    return (enum vw_flow_direction)(key->told & 3);
}

/* UNKNOWN where it is not clear. */
static enum vw_flow_direction find(const struct vw_flow_table *table,
                                   const struct owns *owns, const struct vw_flow_key *key)
{
    const struct own *own = &owns->items[key->vantage];
    enum vw_flow_direction direction;
    struct vw_flow_key other = *key;
    bool source, destination;

    if (own->count != 1 || !is_looked_at(owns, key))
        return VW_FLOW_DIRECTION_UNKNOWN;
    source = own->addresses[0] == key->addresses[0];
    destination = own->addresses[0] == key->addresses[1];
    if (source == destination)
        return VW_FLOW_DIRECTION_UNKNOWN;
    direction = source ? VW_FLOW_DIRECTION_EGRESS : VW_FLOW_DIRECTION_INGRESS;
    /* Where some records tell it and some do not, no two rows may become the same. */
    other.told |= (uint8_t)direction;
    return owns->any_told && vw_flow_table_has(table, &other) ? VW_FLOW_DIRECTION_UNKNOWN
                                                              : direction;
}

static void look(const struct vw_flow_table *table, const uint32_t *refs, size_t count,
                 struct owns *owns)
{
    size_t i;

    for (i = 0; i < table->names.texts.count; i++)
        owns->items[i + 1].is_interface =
            strncmp(table->names.texts.items[i], "eni-", 4) == 0;
    for (i = 0; i < count; i++) {
        const struct vw_flow_key *key = &vw_flow_table_row(table, refs[i])->key;

        owns->any_told |= told(key) != VW_FLOW_DIRECTION_UNKNOWN;
        if (is_looked_at(owns, key))
            narrow(&owns->items[key->vantage], key);
    }
}

int vw_flow_directions_decide(struct vw_flow_table *table, const uint32_t *refs,
                              size_t count)
{
    struct owns owns = {.items =
                            vw_calloc(table->names.texts.count + 1, sizeof *owns.items)};
    size_t i;

    if (!owns.items)
        return VW_ERROR_NO_MEMORY;
    look(table, refs, count, &owns);
    for (i = 0; i < count; i++) {
        struct vw_flow_row *row = vw_flow_table_row(table, refs[i]);
        enum vw_flow_direction direction = told(&row->key);

        row->direction = (uint8_t)(direction != VW_FLOW_DIRECTION_UNKNOWN
                                       ? direction
                                       : find(table, &owns, &row->key));
    }
    vw_free(owns.items);
    return 0;
}
