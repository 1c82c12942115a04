/* The readers of elements, one a shape of key; see elements.h. */
#include "load/elements.h"

#include <string.h>

#include <vpcwhy/error.h>

#include "load/values.h"

struct vw_reading vw_element_start(const struct vw_document *document,
                                   const struct vw_schema *schema)
{
    struct vw_loader *loader = document->loader;

    return (struct vw_reading){.arena = &loader->world->arena,
                               .scratch = &loader->scratch,
                               .texts = loader->texts,
                               .diagnostics = loader->diagnostics,
                               .file = loader->files.items[document->file].path,
                               .noun = schema->noun};
}

/* Reads one element. 1 with *ret filled in, 0 where it has no id to keep it under, or
 * VW_ERROR_NO_MEMORY. */
static int read_into(struct vw_reading *reading, const struct vw_document *document,
                     const struct vw_schema *schema, const struct vw_json *json,
                     struct vw_item *ret)
{
    void *record = vw_arena_alloc(reading->scratch, schema->size);
    int status =
        record ? vw_schema_read(reading, schema, json, record) : VW_ERROR_NO_MEMORY;

    if (status < 0 || (status == 0 && !reading->id))
        return status;
    *ret = (struct vw_item){.record = record,
                            .schema = schema,
                            .id = reading->id,
                            .account = vw_schema_account(schema, record),
                            .file = document->file,
                            .is_incomplete = reading->is_incomplete};
    return 1;
}

int vw_element_read(struct vw_document *document, const struct vw_schema *schema,
                    const struct vw_json *json, struct vw_item *ret)
{
    struct vw_reading reading = vw_element_start(document, schema);

    return read_into(&reading, document, schema, json, ret);
}

int vw_elements_each(struct vw_document *document, const struct vw_key_row *row,
                     const struct vw_json *list,
                     int (*read)(struct vw_document *document,
                                 const struct vw_key_row *row,
                                 const struct vw_json *element))
{
    struct vw_reading reading = vw_element_start(document, row->schema);
    size_t count = vw_json_count(list), i;
    char found[VW_FOUND_TEXT];
    int error = 0;

    if (vw_json_type(list) == VW_JSON_ABSENT)
        return 0;
    if (vw_json_type(list) != VW_JSON_LIST)
        return vw_schema_warn(&reading, "wrong-type", list,
                              "expected a list of elements, found %s; passed over",
                              vw_value_found(list, found));
    for (i = 0; i < count && !error; i++) {
        struct vw_json element = vw_json_element(list, i);
        error = read(document, row, &element);
    }
    return error;
}

static int read_object(struct vw_document *document, const struct vw_key_row *row,
                       const struct vw_json *element)
{
    struct vw_loader *loader = document->loader;
    struct vw_item item;
    int status = vw_element_read(document, row->schema, element, &item);

    if (status == 0)
        loader->has_lost[row->kind] = true;
    if (status <= 0)
        return status;
    return vw_array_push(&loader->items[row->kind], item);
}

int vw_read_objects(struct vw_document *document, const struct vw_key_row *row,
                    const struct vw_json *value)
{
    struct vw_export *file = &document->loader->files.items[document->file];

    document->loader->is_seen[row->kind] = true;
    if (row->kind == VW_OBJECT_INTERFACE)
        file->interfaces.has_key = true;
    if (row->kind == VW_OBJECT_INTERNET_GATEWAY)
        file->gateways.has_key = true;
    return vw_elements_each(document, row, value, read_object);
}

/* ---- Addresses: the id may be the address itself ---- */

static int read_elastic(struct vw_document *document, const struct vw_key_row *row,
                        const struct vw_json *element)
{
    struct vw_loader *loader = document->loader;
    struct vw_reading reading = vw_element_start(document, row->schema);
    struct vw_elastic_record *record = vw_arena_alloc(&loader->scratch, sizeof *record);
    struct vw_item item = {
        .record = record, .schema = row->schema, .file = document->file};
    char text[VW_ADDRESS_TEXT];
    int status = record ? vw_schema_read(&reading, row->schema, element, record)
                        : VW_ERROR_NO_MEMORY;

    if (status <= 0)
        return status;
    if (!record->id && record->address.family == VW_FAMILY_NONE)
        return vw_schema_warn(&reading, "missing-field", element,
                              "address without AllocationId and PublicIp; passed over");
    if (!record->id)
        record->id = vw_arena_string(&loader->world->arena,
                                     vw_address_format(record->address, text));
    if (!record->id)
        return VW_ERROR_NO_MEMORY;
    item.id = record->id;
    return vw_array_push(&loader->items[row->kind], item);
}

int vw_read_addresses(struct vw_document *document, const struct vw_key_row *row,
                      const struct vw_json *value)
{
    document->loader->is_seen[row->kind] = true;
    return vw_elements_each(document, row, value, read_elastic);
}

/* ---- Reservations: instances in reservations, interfaces in instances ---- */

static const struct vw_key_row embedded_row = {"NetworkInterfaces", &vw_interface_schema,
                                               VW_OBJECT_INTERFACE, NULL};

static int read_embedded(struct vw_document *document, const struct vw_key_row *row,
                         const struct vw_json *element)
{
    struct vw_loader *loader = document->loader;
    struct vw_reading reading = vw_element_start(document, row->schema);
    struct vw_interface_record *record;
    struct vw_item item;
    int status;

    reading.arena = &loader->aside;
    reading.scratch = &loader->aside;
    reading.texts = loader->aside_texts;
    status = read_into(&reading, document, row->schema, element, &item);
    if (status <= 0)
        return status;
    record = item.record;
    /* The instance that was read last is the one this interface stands in. */
    record->instance = loader->items[VW_OBJECT_INSTANCE]
                           .items[loader->items[VW_OBJECT_INSTANCE].count - 1]
                           .id;
    item.account = record->account;
    return vw_array_push(&loader->embedded, item);
}

static int read_instance(struct vw_document *document, const struct vw_key_row *row,
                         const struct vw_json *element)
{
    struct vw_items *items = &document->loader->items[VW_OBJECT_INSTANCE];
    struct vw_json interfaces = vw_json_member(element, "NetworkInterfaces");
    size_t before = items->count;
    int error = read_object(document, row, element);

    if (error || items->count == before)
        return error;
    return vw_elements_each(document, &embedded_row, &interfaces, read_embedded);
}

static int read_reservation(struct vw_document *document, const struct vw_key_row *row,
                            const struct vw_json *element)
{
    struct vw_items *items = &document->loader->items[VW_OBJECT_INSTANCE];
    struct vw_json owner = vw_json_member(element, "OwnerId");
    struct vw_json instances = vw_json_member(element, "Instances");
    struct vw_reading reading = vw_element_start(document, row->schema);
    const char *account = NULL;
    size_t i = items->count;
    char found[VW_FOUND_TEXT];
    int error;

    if (vw_json_type(element) != VW_JSON_OBJECT)
        return vw_schema_warn(&reading, "wrong-type", element,
                              "expected an object (reservation), found %s; passed over",
                              vw_value_found(element, found));
    if (vw_json_type(&owner) == VW_JSON_STRING) {
        account =
            vw_arena_string(&document->loader->world->arena, vw_json_string(&owner));
        if (!account)
            return VW_ERROR_NO_MEMORY;
    }
    error = vw_elements_each(document, row, &instances, read_instance);
    for (; i < items->count; i++) {
        struct vw_instance_record *record = items->items[i].record;
        record->account = account;
        items->items[i].account = account;
    }
    return error;
}

int vw_read_reservations(struct vw_document *document, const struct vw_key_row *row,
                         const struct vw_json *value)
{
    document->loader->is_seen[row->kind] = true;
    return vw_elements_each(document, row, value, read_reservation);
}

/* ---- SecurityGroupRules, VpcBlockPublicAccessOptions ---- */

static int read_rule(struct vw_document *document, const struct vw_key_row *row,
                     const struct vw_json *element)
{
    struct vw_item item;
    int status = vw_element_read(document, row->schema, element, &item);

    if (status == 0)
        document->loader->has_lost_rule = true;
    if (status <= 0)
        return status;
    item.account = ((const struct vw_group_rule_record *)item.record)->account;
    return vw_array_push(&document->loader->rules, item);
}

int vw_read_rules(struct vw_document *document, const struct vw_key_row *row,
                  const struct vw_json *value)
{
    return vw_elements_each(document, row, value, read_rule);
}

int vw_read_block_options(struct vw_document *document, const struct vw_key_row *row,
                          const struct vw_json *value)
{
    struct vw_loader *loader = document->loader;
    struct vw_reading reading = vw_element_start(document, row->schema);
    void *record = vw_arena_alloc(&loader->scratch, row->schema->size);
    struct vw_item item = {.record = record, .file = document->file};
    int status;

    if (!record)
        return VW_ERROR_NO_MEMORY;
    if (vw_json_type(value) == VW_JSON_ABSENT)
        return 0;
    status = vw_schema_read(&reading, row->schema, value, record);
    if (status <= 0)
        return status;
    return vw_array_push(&loader->blocks, item);
}

/* ---- prefix lists ---- */

/* describe-prefix-lists prints the CIDRs, describe-managed-prefix-lists does not. */
static int read_prefix_list(struct vw_document *document, const struct vw_key_row *row,
                            const struct vw_json *element)
{
    struct vw_items *items = &document->loader->items[row->kind];
    struct vw_json cidrs = vw_json_member(element, "Cidrs");
    struct vw_json entries = vw_json_member(element, "Entries");
    size_t before = items->count;
    int error = read_object(document, row, element);

    if (!error && items->count > before &&
        (vw_json_type(&cidrs) == VW_JSON_LIST ||
         vw_json_type(&entries) == VW_JSON_LIST)) {
        struct vw_prefix_list_record *record = items->items[before].record;
        record->has_entries = VW_FLAG_YES;
    }
    return error;
}

int vw_read_prefix_lists(struct vw_document *document, const struct vw_key_row *row,
                         const struct vw_json *value)
{
    document->loader->is_seen[row->kind] = true;
    return vw_elements_each(document, row, value, read_prefix_list);
}

/* "pl-0abc" out of "entries.pl-0abc.json"; 0 where the name holds none. */
static size_t find_list_id(const char *path, const char **ret_start)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    const char *start;

    for (start = strstr(name, "pl-"); start; start = strstr(start + 1, "pl-")) {
        size_t size = strspn(start + 3, "0123456789abcdef");

        if (size > 0) {
            *ret_start = start;
            return size + 3;
        }
    }
    return 0;
}

/* `Entries` of get-managed-prefix-list-entries: the document may be a wrapper with the
 * id beside them, else the id stands in the file's name. */
int vw_read_entries(struct vw_document *document, const struct vw_key_row *row,
                    const struct vw_json *value)
{
    struct vw_loader *loader = document->loader;
    struct vw_reading reading = vw_element_start(document, row->schema);
    struct vw_json id = vw_json_member(document->json, "PrefixListId");
    struct vw_prefix_list_record *record;
    struct vw_item item;
    const char *start;
    size_t size;
    int status;

    if (vw_json_type(&id) == VW_JSON_STRING)
        return read_prefix_list(document, row, document->json);
    size = find_list_id(loader->files.items[document->file].path, &start);
    if (size == 0)
        return vw_schema_warn(&reading, "missing-field", value,
                              "entries of an unknown prefix list; passed over (put its "
                              "id into the file's name: entries.pl-0123.json)");
    record = vw_arena_alloc(&loader->scratch, sizeof *record);
    reading.id = vw_arena_copy(&loader->world->arena, start, size);
    if (!record || !reading.id)
        return VW_ERROR_NO_MEMORY;
    status = vw_schema_read(&reading, &vw_entries_schema, document->json, record);
    record->id = reading.id;
    record->has_entries = VW_FLAG_YES;
    item = (struct vw_item){.record = record,
                            .schema = row->schema,
                            .id = record->id,
                            .file = document->file,
                            .is_incomplete = reading.is_incomplete};
    return status < 0 ? status : vw_array_push(&loader->items[row->kind], item);
}
