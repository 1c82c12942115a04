/* Inputs by digest and by name; see flow_inputs.h. */
#include "evidence/flow_inputs.h"

#include <string.h>

#include <vpcwhy/error.h>

void vw_flow_inputs_free(struct vw_flow_inputs *inputs)
{
    vw_map_free(&inputs->known);
    vw_array_free(&inputs->items);
    vw_arena_free(&inputs->arena);
}

/* The name of the object that flow logs are delivered as, which no other has:
 * "ACCOUNT_vpcflowlogs_REGION_fl-..._TIME_HASH.log.gz". NULL for any other. */
static const char *object_name(const char *path)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;

    return strstr(name, "_vpcflowlogs_") && strstr(name, "_fl-") ? name : NULL;
}

static int refuse(const struct vw_flow_inputs *inputs, uint32_t number, const char *path,
                  const char *partial, struct vw_diagnostics *diagnostics)
{
    const char *other = inputs->items.items[number].path;

    if (partial)
        vw_diagnose(diagnostics, VW_SEVERITY_ERROR, "input-twice",
                    (struct vw_place){.file = partial},
                    "was made from %s, which is in the table already (as %s): it would "
                    "count twice",
                    path, other);
    else
        vw_diagnose(diagnostics, VW_SEVERITY_ERROR, "input-twice",
                    (struct vw_place){.file = path},
                    "is in the table already (as %s): it would count twice", other);
    return VW_ERROR_INPUT;
}

static int keep(struct vw_flow_inputs *inputs, const char *path, const char *digest)
{
    const char *name = object_name(path), *key;
    struct vw_flow_input input = {.path = vw_arena_string(&inputs->arena, path)};
    uint32_t number = (uint32_t)inputs->items.count;

    memcpy(input.digest, digest, strlen(digest) + 1);
    if (!input.path || number == UINT32_MAX || vw_array_push(&inputs->items, input))
        return VW_ERROR_NO_MEMORY;
    key = *digest ? vw_arena_string(&inputs->arena, digest) : NULL;
    if (*digest && (!key || vw_map_put(&inputs->known, key, number)))
        return VW_ERROR_NO_MEMORY;
    key = name ? vw_arena_string(&inputs->arena, name) : NULL;
    if (name && (!key || vw_map_put(&inputs->known, key, number)))
        return VW_ERROR_NO_MEMORY;
    return 0;
}

int vw_flow_inputs_add(struct vw_flow_inputs *inputs, const char *path,
                       const char *digest, const char *partial,
                       struct vw_diagnostics *diagnostics)
{
    const char *name = object_name(path);
    uint32_t number;

    if ((*digest && vw_map_get(&inputs->known, digest, &number)) ||
        (name && vw_map_get(&inputs->known, name, &number)))
        return refuse(inputs, number, path, partial, diagnostics);
    return keep(inputs, path, digest);
}
