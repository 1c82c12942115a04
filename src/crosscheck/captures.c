/*
 * Who took a capture: END of "END=FILE", or, where none is given, the interface of the
 * export that has the address of the host whose traffic the file holds.
 */
#include <vpcwhy/crosscheck.h>

#include <string.h>

#include "base/address.h"
#include "base/arena.h"
#include "base/array.h"
#include "base/diagnostic.h"
#include "world/world.h"

struct owned VW_ARRAY(struct vw_address);

/* One END=FILE taken apart. */
struct capture_input {
    const char *label, *path;
    size_t first_own, own_count; /* within the owned addresses */
};

struct inputs {
    struct vw_arena arena;
    struct owned owned;
    struct capture_input items[VW_WITNESSES_MAX];
    size_t count;
};

static int own_interface(const struct vw_interface *interface, struct owned *owned)
{
    size_t i;

    for (i = 0; i < interface->address_count; i++)
        if (vw_array_push(owned, interface->addresses[i].prefix.address))
            return VW_ERROR_NO_MEMORY;
    return 0;
}

static bool same(const char *a, const char *b)
{
    return a && b && strcmp(a, b) == 0;
}

/* Whether `label` names the interface: its id, its instance's id or Name. */
static bool is_named(const struct vw_world *world, const struct vw_interface *interface,
                     const char *label)
{
    const struct vw_object *instance =
        interface->instance == VW_NONE
            ? NULL
            : &vw_world_instance(world, interface->instance)->object;

    return same(interface->object.id, label) || same(interface->object.name, label) ||
           (instance && (same(instance->id, label) || same(instance->name, label)));
}

static bool has_address(const struct vw_interface *interface, struct vw_address address)
{
    size_t i;

    for (i = 0; i < interface->address_count; i++)
        if (vw_prefix_contains(interface->addresses[i].prefix, address) ||
            vw_address_equal(interface->addresses[i].public_address, address))
            return true;
    return false;
}

static int own_label(const struct vw_world *world, const char *label, struct owned *owned)
{
    uint32_t count = vw_world_count(world, VW_OBJECT_INTERFACE), i;
    struct vw_address address;
    bool is_address = vw_address_parse(label, strlen(label), &address);
    int error = is_address ? vw_array_push(owned, address) : 0;

    for (i = 0; i < count && !error; i++) {
        const struct vw_interface *interface = vw_world_interface(world, i);

        if (is_address ? has_address(interface, address)
                       : is_named(world, interface, label))
            error = own_interface(interface, owned);
    }
    return error;
}

static int take_apart(const struct vw_world *world, const char *argument,
                      struct inputs *inputs)
{
    const char *equals = strchr(argument, '=');
    struct capture_input *input = &inputs->items[inputs->count++];
    int error = 0;

    input->path = equals ? equals + 1 : argument;
    input->first_own = inputs->owned.count;
    if (equals) {
        input->label =
            vw_arena_copy(&inputs->arena, argument, (size_t)(equals - argument));
        if (!input->label)
            return VW_ERROR_NO_MEMORY;
        error = own_label(world, input->label, &inputs->owned);
    }
    input->own_count = inputs->owned.count - input->first_own;
    return error;
}

static void witnesses_of(const struct inputs *inputs,
                         struct vw_witness witnesses[VW_WITNESSES_MAX])
{
    size_t i;

    for (i = 0; i < inputs->count; i++)
        witnesses[i] = (struct vw_witness){.label = inputs->items[i].label,
                                           .path = inputs->items[i].path,
                                           .own = inputs->items[i].own_count > 0
                                                      ? inputs->owned.items +
                                                            inputs->items[i].first_own
                                                      : NULL,
                                           .own_count = inputs->items[i].own_count};
}

/* Rows of evidence too: predictions are held against these. */
static int read_rows(const struct vw_journeys *journeys, struct vw_evidence *evidence)
{
    size_t i;

    for (i = 0; i < vw_journeys_witness_count(journeys); i++) {
        const struct vw_witness_facts *facts = vw_journeys_witness(journeys, i);
        int error;

        if (!facts->capture)
            continue;
        /* Faults of the file were told when it was read for its journeys. */
        error = vw_evidence_read_capture(evidence, facts->label, facts->path, NULL);
        if (error && error != VW_ERROR_INPUT)
            return error;
    }
    return 0;
}

int vw_crosscheck_read_captures(const struct vw_world *world, const char *const *captures,
                                size_t count, const char *filter,
                                struct vw_evidence *evidence,
                                struct vw_diagnostics *diagnostics,
                                struct vw_journeys **ret_journeys)
{
    struct vw_witness witnesses[VW_WITNESSES_MAX];
    struct inputs inputs = {.count = 0};
    int error = 0;
    size_t i;

    if (count > VW_WITNESSES_MAX) {
        vw_diagnose(
            diagnostics, VW_SEVERITY_ERROR, "too-many-captures", (struct vw_place){0},
            "%zu captures are given; at most %d are compared", count, VW_WITNESSES_MAX);
        return VW_ERROR_INPUT;
    }
    for (i = 0; i < count && !error; i++)
        error = take_apart(world, captures[i], &inputs);
    witnesses_of(&inputs, witnesses);
    if (!error)
        error = vw_journeys_read(witnesses, count, filter, diagnostics, ret_journeys);
    if (!error)
        error = read_rows(*ret_journeys, evidence);
    vw_array_free(&inputs.owned);
    vw_arena_free(&inputs.arena);
    return error;
}
