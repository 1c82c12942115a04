/*
 * Calls that tell one part of an object which another call describes: routes of a transit
 * gateway route table, attributes of a load balancer, health of targets. Their output does
 * not always say whose part it is. The id stands in each element, or beside the list
 * where a tool wrapped it, or in the file's name.
 */
#include "load/elements.h"

#include <string.h>

#include <vpcwhy/error.h>

#include "load/records_services.h"
#include "load/records_transit.h"

struct part_row {
    const struct vw_schema *schema; /* its first row is the id of the object */
    enum vw_part part;
    const char *key;  /* of the list that may stand alone, or NULL */
    const char *mark; /* what the id in the file's name begins with, or stands behind */
    const char *resource; /* NULL, or the mark stands before the end of an ARN, which
                            * begins so */
    const char *evidence; /* member of each element, where other calls print the key */
};

static const struct part_row rows[] = {
    {&vw_transit_routes_schema, VW_PART_TRANSIT_ROUTES, "Routes", "tgw-rtb-", NULL, NULL},
    {&vw_propagations_schema, VW_PART_TRANSIT_PROPAGATIONS,
     "TransitGatewayRouteTablePropagations", "tgw-rtb-", NULL, NULL},
    {&vw_associations_schema, VW_PART_TRANSIT_ASSOCIATIONS, "Associations", "tgw-rtb-",
     NULL, "TransitGatewayAttachmentId"},
    {&vw_transit_list_schema, VW_PART_TRANSIT_LISTS, NULL, NULL, NULL, NULL},
    {&vw_direct_connect_association_schema, VW_PART_DIRECT_CONNECT, NULL, NULL, NULL,
     NULL},
    {&vw_balancer_attributes_schema, VW_PART_BALANCER_ATTRIBUTES, "Attributes",
     "load-balancer-attributes.", "loadbalancer/", "Key"},
    {&vw_group_attributes_schema, VW_PART_GROUP_ATTRIBUTES, "Attributes",
     "target-group-attributes.", "targetgroup/", "Key"},
    {&vw_target_health_schema, VW_PART_TARGET_HEALTH, "TargetHealthDescriptions",
     "target-health.", "targetgroup/", NULL},
    {&vw_listener_list_schema, VW_PART_LISTENER_LISTS, "Listeners", "listeners.",
     "loadbalancer/", NULL},
    {&vw_listener_rule_schema, VW_PART_LISTENER_RULES, NULL, NULL, NULL, "RuleArn"},
    {&vw_exclusion_schema, VW_PART_EXCLUSIONS, NULL, NULL, NULL, NULL},
};

enum { ROWS = sizeof rows / sizeof *rows };

static const struct part_row *row_of(const struct vw_schema *schema)
{
    size_t i = 0;

    while (i < ROWS - 1 && rows[i].schema != schema)
        i++;
    return &rows[i];
}

/* ---- lists of parts ---- */

static bool has_evidence(const struct part_row *row, const struct vw_json *value)
{
    struct vw_json first = vw_json_element(value, 0), member;

    if (!row->evidence || vw_json_count(value) == 0)
        return true;
    member = vw_json_member(&first, row->evidence);
    return vw_json_type(&member) != VW_JSON_ABSENT;
}

static int read_part(struct vw_document *document, const struct vw_key_row *row,
                     const struct vw_json *element)
{
    struct vw_loader *loader = document->loader;
    enum vw_part part = row_of(row->schema)->part;
    struct vw_item item;
    int status = vw_element_read(document, row->schema, element, &item);

    if (status == 0)
        loader->has_lost_part[part] = true;
    return status <= 0 ? status : vw_array_push(&loader->parts[part], item);
}

int vw_read_parts(struct vw_document *document, const struct vw_key_row *row,
                  const struct vw_json *value)
{
    const struct part_row *part = row_of(row->schema);

    if (!part->key && !has_evidence(part, value))
        return vw_count_other(document, value);
    document->loader->is_part_seen[part->part] = true;
    return vw_elements_each(document, row, value, read_part);
}

static const struct vw_key_row listener_row = {"Listeners", &vw_listener_schema,
                                               VW_OBJECT_LISTENER, NULL};

/* {"LoadBalancerArn": ..., "Listeners": [...]} */
static int read_listener_list(struct vw_document *document, const struct vw_key_row *row,
                              const struct vw_json *element)
{
    struct vw_json listeners = vw_json_member(element, "Listeners");
    int error = read_part(document, row, element);

    return error ? error : vw_read_objects(document, &listener_row, &listeners);
}

int vw_read_listener_lists(struct vw_document *document, const struct vw_key_row *row,
                           const struct vw_json *value)
{
    return vw_elements_each(document, row, value, read_listener_list);
}

/* ---- one part a document ---- */

/* "tgw-rtb-0abc" out of "routes.tgw-rtb-0abc.json". */
static const char *id_in_name(const char *name, const char *mark, struct vw_arena *arena)
{
    size_t mark_size = strlen(mark);
    const char *start;

    for (start = strstr(name, mark); start; start = strstr(start + 1, mark)) {
        size_t size = strspn(start + mark_size, "0123456789abcdef");

        if (size > 0)
            return vw_arena_copy(arena, start, mark_size + size);
    }
    return "";
}

/* "targetgroup/web/0abc" out of "target-health.web.0abc.json". */
static const char *end_of_arn(const char *name, const struct part_row *row,
                              struct vw_arena *arena)
{
    const char *start = strstr(name, row->mark), *end;
    char *id, *at;

    if (!start)
        return "";
    start += strlen(row->mark);
    end = strstr(start - 1, ".json"); /* the mark ends in the dot */
    if (end && end < start)
        return "";
    id = vw_arena_printf(arena, "%s%.*s", row->resource,
                         end ? (int)(end - start) : (int)strlen(start), start);
    for (at = id; at && *at; at++)
        if (*at == '.')
            *at = '/';
    return id;
}

/* NULL: no memory; "": the name holds none. */
static const char *id_by_name(const struct vw_document *document,
                              const struct part_row *row)
{
    struct vw_loader *loader = document->loader;
    const char *path = loader->files.items[document->file].path;
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;

    return row->resource ? end_of_arn(name, row, &loader->world->arena)
                         : id_in_name(name, row->mark, &loader->world->arena);
}

/* The document as the part of an object whose id stands elsewhere. */
static int read_unnamed(struct vw_document *document, const struct part_row *row,
                        const char *id)
{
    struct vw_loader *loader = document->loader;
    struct vw_schema schema = *row->schema;
    struct vw_reading reading = vw_element_start(document, &schema);
    struct vw_balancer_part_record *record =
        vw_arena_alloc(&loader->scratch, schema.size);
    struct vw_item item = {
        .record = record, .schema = row->schema, .id = id, .file = document->file};
    int status;

    if (!record)
        return VW_ERROR_NO_MEMORY;
    schema.fields++;
    schema.field_count--;
    reading.id = id;
    status = vw_schema_read(&reading, &schema, document->json, record);
    /* All records of parts begin with the pointer and the id. */
    record->id = id;
    item.is_incomplete = reading.is_incomplete;
    return status < 0 ? status : vw_array_push(&loader->parts[row->part], item);
}

/* The row, and the id where the name tells it; NULL for a document of another call. */
static int find_part(struct vw_document *document, const char *key,
                     const struct vw_json *value, const struct part_row **ret_part,
                     const char **ret_id)
{
    size_t i;

    *ret_part = NULL;
    for (i = 0; i < ROWS; i++) {
        struct vw_json id = vw_json_member(document->json, rows[i].schema->fields[0].key);

        if (!rows[i].key || strcmp(rows[i].key, key) != 0 ||
            !has_evidence(&rows[i], value))
            continue;
        *ret_part = &rows[i];
        *ret_id = NULL;
        if (vw_json_type(&id) == VW_JSON_STRING)
            return 0;
        *ret_id = id_by_name(document, &rows[i]);
        if (!*ret_id)
            return VW_ERROR_NO_MEMORY;
        if (**ret_id)
            return 0;
        *ret_part = NULL;
    }
    return 0;
}

int vw_read_part(struct vw_document *document, const struct vw_key_row *row,
                 const struct vw_json *value)
{
    struct vw_reading reading = vw_element_start(document, row->schema);
    const struct part_row *part, *first = row_of(row->schema);
    struct vw_key_row whole = *row;
    const char *id = NULL;
    int error = find_part(document, row->key, value, &part, &id);

    if (error)
        return error;
    if (part) {
        document->loader->is_part_seen[part->part] = true;
        whole.schema = part->schema;
        return id ? read_unnamed(document, part, id)
                  : read_part(document, &whole, document->json);
    }
    if (first->evidence)
        return vw_count_other(document, value);
    document->loader->has_lost_part[first->part] = true;
    return vw_schema_warn(&reading, "missing-field", value,
                          "a %s that does not say of what; passed over (put the id into "
                          "the file's name: %s%s.json)",
                          row->schema->noun, first->mark,
                          first->resource ? "NAME.HASH" : "0123");
}

/* Listeners say whose they are; the name of the file, that there may be none. */
int vw_read_listeners(struct vw_document *document, const struct vw_key_row *row,
                      const struct vw_json *value)
{
    const struct part_row *part;
    struct vw_key_row whole = *row;
    const char *id = NULL;
    int error = find_part(document, row->key, value, &part, &id);

    whole.schema = &vw_listener_list_schema;
    if (!error && part)
        error = id ? read_unnamed(document, part, id)
                   : read_part(document, &whole, document->json);
    return error ? error : vw_read_objects(document, row, value);
}

/* ---- one object a document ---- */

int vw_read_document(struct vw_document *document, const struct vw_key_row *row,
                     const struct vw_json *value)
{
    struct vw_loader *loader = document->loader;
    struct vw_item item;
    const char *pointer;
    int status;

    loader->is_seen[row->kind] = true;
    if (vw_json_type(value) == VW_JSON_ABSENT)
        return 0;
    status = vw_element_read(document, row->schema, document->json, &item);
    if (status == 0)
        loader->has_lost[row->kind] = true;
    if (status <= 0)
        return status;
    pointer = vw_json_pointer(value, &loader->world->arena);
    if (!pointer)
        return VW_ERROR_NO_MEMORY;
    memcpy(item.record, &pointer, sizeof pointer);
    return vw_array_push(&loader->items[row->kind], item);
}

/* ---- attachments: one id, and where it is a peering two objects ---- */

/* The key of one side of a peering; see transit.h. */
static int add_side(struct vw_document *document, struct vw_item item, const char *id,
                    const char *gateway)
{
    struct vw_loader *loader = document->loader;

    item.id = vw_arena_printf(&loader->world->arena, "%s@%s", id, gateway);
    return item.id ? vw_array_push(&loader->items[VW_OBJECT_TRANSIT_ATTACHMENT], item)
                   : VW_ERROR_NO_MEMORY;
}

/* describe-transit-gateway-peering-attachments tells of both sides at once. */
static int add_sides(struct vw_document *document, const struct vw_item *item)
{
    struct vw_loader *loader = document->loader;
    const struct vw_attachment_record *both = item->record;
    const struct vw_transit_side_record *sides[] = {&both->requester, &both->accepter};
    size_t i;
    int error = 0;

    for (i = 0; i < 2 && !error; i++) {
        struct vw_attachment_record *record =
            vw_arena_alloc(&loader->scratch, sizeof *record);
        struct vw_item side = *item;

        if (!record)
            return VW_ERROR_NO_MEMORY;
        if (!sides[i]->gateway)
            continue;
        *record = *both;
        record->gateway = sides[i]->gateway;
        record->gateway_account = sides[i]->account;
        record->resource_type = "peering";
        record->resource_id = sides[1 - i]->gateway;
        record->resource_account = sides[1 - i]->account;
        if (i == 1 && both->accepter_id)
            record->id = both->accepter_id;
        side.record = record;
        error = add_side(document, side, record->id, record->gateway);
    }
    return error;
}

static int read_attachment(struct vw_document *document, const struct vw_key_row *row,
                           const struct vw_json *element)
{
    struct vw_loader *loader = document->loader;
    const struct vw_attachment_record *record;
    struct vw_item item;
    int status = vw_element_read(document, row->schema, element, &item);

    if (status == 0)
        loader->has_lost[row->kind] = true;
    if (status <= 0)
        return status;
    record = item.record;
    if (record->requester.gateway || record->accepter.gateway)
        return add_sides(document, &item);
    if (record->gateway && vw_is_transit_peering(record->resource_type))
        return add_side(document, item, record->id, record->gateway);
    return vw_array_push(&loader->items[row->kind], item);
}

int vw_read_attachments(struct vw_document *document, const struct vw_key_row *row,
                        const struct vw_json *value)
{
    document->loader->is_seen[row->kind] = true;
    return vw_elements_each(document, row, value, read_attachment);
}
