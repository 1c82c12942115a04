/*
 * What AWS says (VPC User Guide, "Logging IP traffic using VPC Flow Logs"): a flow log of
 * a VPC or of a subnet records every interface in it, also those made later; it records
 * accepted traffic, rejected traffic or all, as its TrafficType says.
 *
 * What we do: put together, for each exported interface, the active logs of itself, its
 * subnet and its VPC. A log whose delivery the export says to have FAILED records for
 * nobody.
 */
#include "crosscheck/logging.h"

#include <stdlib.h>
#include <string.h>

#include <vpcwhy/error.h>

#include "base/array.h"
#include "base/map.h"
#include "base/memory.h"

const char *vw_logged_slug(enum vw_logged logged)
{
    static const char *const slugs[] = {
#define VW_X(name, slug, words) [name] = slug,
        VW_LOGGED_LIST(VW_X)
#undef VW_X
    };

    return slugs[logged];
}

const char *vw_logged_words(enum vw_logged logged)
{
    static const char *const all_words[] = {
#define VW_X(name, slug, words) [name] = words,
        VW_LOGGED_LIST(VW_X)
#undef VW_X
    };

    return all_words[logged];
}

const char *vw_delivery_slug(enum vw_delivery_verdict verdict)
{
    static const char *const slugs[] = {
#define VW_X(name, slug) [name] = slug,
        VW_DELIVERY_LIST(VW_X)
#undef VW_X
    };

    return slugs[verdict];
}

static bool is_text(const char *text, const char *other)
{
    return text && strcmp(text, other) == 0;
}

bool vw_log_is_active(const struct vw_flow_log *log)
{
    return log->object.exported && (!log->status || strcmp(log->status, "ACTIVE") == 0);
}

bool vw_log_covers(const struct vw_world *world, const struct vw_flow_log *log,
                   const struct vw_interface *interface)
{
    if (!vw_log_is_active(log) || !log->resource_id)
        return false;
    return is_text(log->resource_id, interface->object.id) ||
           (interface->subnet != VW_NONE &&
            is_text(log->resource_id,
                    vw_world_subnet(world, interface->subnet)->object.id)) ||
           (interface->vpc != VW_NONE &&
            is_text(log->resource_id, vw_world_vpc(world, interface->vpc)->object.id));
}

/* What the logs of one resource record. */
struct seen {
    bool accept, reject, failing;
};

struct seen_list VW_ARRAY(struct seen);

struct logger {
    struct vw_logging logging; /* first: what the caller gets points here */
    struct vw_arena arena;
    const struct vw_world *world;
    struct vw_map resources; /* to number in `seen` */
    struct seen_list seen;
};

/* ---- logs by resource ---- */

static int add_log(struct logger *logger, const struct vw_flow_log *log)
{
    const char *type = log->traffic_type ? log->traffic_type : "ALL";
    struct seen nothing = {false, false, false}, *seen;
    uint32_t number;

    if (!vw_log_is_active(log) || !log->resource_id)
        return 0;
    if (!vw_map_get(&logger->resources, log->resource_id, &number)) {
        number = (uint32_t)logger->seen.count;
        if (vw_array_push(&logger->seen, nothing) ||
            vw_map_put(&logger->resources, log->resource_id, number))
            return VW_ERROR_NO_MEMORY;
    }
    seen = &logger->seen.items[number];
    if (is_text(log->delivery_status, "FAILED")) {
        seen->failing = true;
        return 0;
    }
    seen->accept = seen->accept || strcmp(type, "REJECT") != 0;
    seen->reject = seen->reject || strcmp(type, "ACCEPT") != 0;
    return 0;
}

static void look_up(const struct logger *logger, const char *id, struct seen *seen)
{
    const struct seen *found;
    uint32_t number;

    if (!vw_map_get(&logger->resources, id, &number))
        return;
    found = &logger->seen.items[number];
    seen->accept = seen->accept || found->accept;
    seen->reject = seen->reject || found->reject;
    seen->failing = seen->failing || found->failing;
}

static enum vw_logged logged_of(const struct logger *logger,
                                const struct vw_interface *interface)
{
    const struct vw_world *world = logger->world;
    struct seen seen = {false, false, false};

    look_up(logger, interface->object.id, &seen);
    if (interface->subnet != VW_NONE)
        look_up(logger, vw_world_subnet(world, interface->subnet)->object.id, &seen);
    if (interface->vpc != VW_NONE)
        look_up(logger, vw_world_vpc(world, interface->vpc)->object.id, &seen);
    if (seen.accept && seen.reject)
        return VW_LOGGED_ALL;
    if (seen.accept || seen.reject)
        return seen.accept ? VW_LOGGED_ACCEPT : VW_LOGGED_REJECT;
    return seen.failing ? VW_LOGGED_FAILING : VW_LOGGED_NONE;
}

/* ---- gaps ---- */

/* An interface on its way to a gap. */
struct place {
    const char *vpc, *subnet, *eni;
    enum vw_logged logged;
};

static int compare_text(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "");
}

static int compare_places(const void *left, const void *right)
{
    const struct place *a = left, *b = right;
    int order = compare_text(a->vpc, b->vpc);

    if (!order)
        order = compare_text(a->subnet, b->subnet);
    if (!order)
        order = (int)b->logged - (int)a->logged;
    return order ? order : strcmp(a->eni, b->eni);
}

static int compare_gaps(const void *left, const void *right)
{
    const struct vw_logging_gap *a = left, *b = right;
    int order = (int)b->logged - (int)a->logged;

    if (!order)
        order = compare_text(a->vpc, b->vpc);
    return order ? order : compare_text(a->subnet, b->subnet);
}

static bool same_subnet(const struct place *a, const struct place *b)
{
    return compare_text(a->vpc, b->vpc) == 0 && compare_text(a->subnet, b->subnet) == 0;
}

static struct place *place_interfaces(struct logger *logger, size_t *ret_count)
{
    const struct vw_world *world = logger->world;
    uint32_t count = vw_world_count(world, VW_OBJECT_INTERFACE), i;
    struct place *places = vw_arena_array(&logger->arena, count, sizeof *places);

    *ret_count = 0;
    for (i = 0; places && i < count; i++) {
        const struct vw_interface *interface = vw_world_interface(world, i);
        struct place *place = &places[*ret_count];

        if (!interface->object.exported)
            continue;
        place->eni = interface->object.id;
        if (interface->vpc != VW_NONE)
            place->vpc = vw_world_vpc(world, interface->vpc)->object.id;
        if (interface->subnet != VW_NONE)
            place->subnet = vw_world_subnet(world, interface->subnet)->object.id;
        place->logged = logged_of(logger, interface);
        logger->logging.interfaces[place->logged]++;
        ++*ret_count;
    }
    if (places && *ret_count > 0)
        qsort(places, *ret_count, sizeof *places, compare_places);
    return places;
}

/* Runs of places that are alike become gaps. */
static int find_gaps(struct logger *logger)
{
    size_t count, i, next, end = 0, begin = 0, gap_count = 0;
    struct place *places = place_interfaces(logger, &count);
    struct vw_logging_gap *gaps = vw_arena_array(&logger->arena, count, sizeof *gaps);
    const char **enis = vw_arena_array(&logger->arena, count, sizeof *enis);

    if (!places || !gaps || !enis)
        return VW_ERROR_NO_MEMORY;
    for (i = 0; i < count; i = next) {
        if (i >= end)
            for (begin = i, end = i;
                 end < count && same_subnet(&places[i], &places[end]);)
                end++;
        for (next = i; next < end && places[next].logged == places[i].logged; next++)
            enis[next] = places[next].eni;
        if (places[i].logged != VW_LOGGED_ALL)
            gaps[gap_count++] =
                (struct vw_logging_gap){places[i].logged, places[i].vpc, places[i].subnet,
                                        &enis[i],         next - i,      end - begin};
    }
    if (gap_count > 0)
        qsort(gaps, gap_count, sizeof *gaps, compare_gaps);
    logger->logging.gaps = gaps;
    logger->logging.gap_count = gap_count;
    return 0;
}

/* ---- all of it ---- */

static int judge_deliveries(struct logger *logger)
{
    const struct vw_world *world = logger->world;
    uint32_t count = vw_world_count(world, VW_OBJECT_FLOW_LOG), i;
    struct vw_delivery *deliveries =
        vw_arena_array(&logger->arena, count, sizeof *deliveries);
    size_t kept = 0;
    int error = deliveries ? 0 : VW_ERROR_NO_MEMORY;

    for (i = 0; i < count && !error; i++) {
        const struct vw_flow_log *log = vw_world_flow_log(world, i);

        if (vw_log_is_active(log))
            error = vw_delivery_judge(world, log, &logger->arena, &deliveries[kept++]);
    }
    logger->logging.deliveries = deliveries;
    logger->logging.delivery_count = kept;
    return error;
}

int vw_logging_run(const struct vw_world *world, struct vw_logging **ret_logging)
{
    struct logger *logger = vw_calloc(1, sizeof *logger);
    uint32_t i;
    int error = 0;

    if (!logger)
        return VW_ERROR_NO_MEMORY;
    logger->world = world;
    logger->logging.is_known = world->kind_exported[VW_OBJECT_FLOW_LOG];
    for (i = 0; i < vw_world_count(world, VW_OBJECT_FLOW_LOG) && !error; i++)
        error = add_log(logger, vw_world_flow_log(world, i));
    if (!error && logger->logging.is_known)
        error = find_gaps(logger);
    if (!error)
        error = judge_deliveries(logger);
    vw_map_free(&logger->resources);
    vw_array_free(&logger->seen);
    if (error) {
        vw_logging_free(&logger->logging);
        return error;
    }
    *ret_logging = &logger->logging;
    return 0;
}

void vw_logging_free(struct vw_logging *logging)
{
    struct logger *logger = (struct logger *)(void *)logging;

    if (!logger)
        return;
    vw_arena_free(&logger->arena);
    vw_free(logger);
}
