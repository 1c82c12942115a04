/*
 * What AWS says: a flow log's LogFormat is the only authority on the columns of records without
 * a header line; log streams are named after the interface, objects of S3 after the flow log.
 *
 * What we do: a flow log named by the file counts first, then those of the stream's interface,
 * its subnet and its VPC, then all that were exported; and only where those that fit say the
 * same.
 */
#include <vpcwhy/world.h>

#include <string.h>

#include "world/world.h"

/* Longer ids are not looked for. */
enum { ID_MAX = 64 };

static bool same(const char *a, const char *b)
{
    return a && b && strcmp(a, b) == 0;
}

/* The format of all flow logs for which `fits` holds; NULL where there is none, or two. */
static const char *common_format(const struct vw_world *world, const void *context,
                                 bool (*fits)(const struct vw_world *world,
                                              const struct vw_flow_log *log,
                                              const void *context))
{
    uint32_t count = vw_world_count(world, VW_OBJECT_FLOW_LOG), i;
    const char *format = NULL;

    for (i = 0; i < count; i++) {
        const struct vw_flow_log *log = vw_world_flow_log(world, i);

        if (!fits(world, log, context))
            continue;
        if (!log->log_format || (format && strcmp(format, log->log_format) != 0))
            return NULL;
        format = log->log_format;
    }
    return format;
}

static bool named_by_path(const struct vw_world *world, const struct vw_flow_log *log,
                          const void *context)
{
    const char *path = context, *id = log->object.id;

    (void)world;
    return strncmp(id, "fl-", 3) == 0 && strstr(path, id) != NULL;
}

static bool of_interface(const struct vw_world *world, const struct vw_flow_log *log,
                         const void *context)
{
    const struct vw_interface *interface = context;

    if (same(log->resource_id, interface->object.id))
        return true;
    if (interface->subnet != VW_NONE &&
        same(log->resource_id, vw_world_subnet(world, interface->subnet)->object.id))
        return true;
    return interface->vpc != VW_NONE &&
           same(log->resource_id, vw_world_vpc(world, interface->vpc)->object.id);
}

static bool any(const struct vw_world *world, const struct vw_flow_log *log,
                const void *context)
{
    (void)world;
    (void)log;
    (void)context;
    return true;
}

/* "eni-0123-all" begins with the interface's id. */
static const struct vw_interface *interface_of(const struct vw_world *world,
                                               const char *stream, size_t size)
{
    char id[ID_MAX];
    uint32_t index;
    size_t end;

    for (end = 1; end < size && end < sizeof id; end++) {
        if (stream[end] != '-')
            continue;
        memcpy(id, stream, end);
        id[end] = '\0';
        if (vw_world_find(world, VW_OBJECT_INTERFACE, id, &index))
            return vw_world_interface(world, index);
    }
    return NULL;
}

const char *vw_world_log_format(const struct vw_world *world, const char *path,
                                const char *stream, size_t stream_size)
{
    const struct vw_interface *interface =
        stream_size ? interface_of(world, stream, stream_size) : NULL;
    const char *format = common_format(world, path, named_by_path);

    if (!format && interface)
        format = common_format(world, interface, of_interface);
    return format ? format : common_format(world, NULL, any);
}
