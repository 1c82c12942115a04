/*
 * AWS Config's items, a second form of the same objects: in snapshots, and as
 * get-resource-config-history, batch-get-resource-config and select-resource-config print
 * them. The configuration of most is what the AWS CLI prints with a small first letter;
 * the rows below say which key of the CLI a type stands for, and its schema reads both.
 *
 * What AWS says of the forms: the developer guide's "Example Configuration Snapshot", and
 * for each type the properties in github.com/awslabs/aws-config-resource-schema. By those
 * a route's transit gateway and the gateway of an association are not recorded; a route
 * without target is unknown where it decides. Types in CloudFormation's form that lack
 * what the CLI prints (transit gateways, target groups) are counted, not read.
 *
 * Only a snapshot holds all resources of a type. Of what other calls print anything may be
 * missing: a type that no snapshot holds is one of which some elements were lost.
 */
#include "load/config_items.h"

#include <string.h>

#include <vpcwhy/error.h>

#include "base/time.h"
#include "load/field_rows.h"
#include "load/values.h"

struct config_record {
    const char *pointer;
    const char *id, *type, *status, *account, *region;
    const char *base_account; /* as snapshots of old and batch-get-... call it */
};

static const struct vw_field config_fields[] = {
    ROW(config_record, "resourceId", TEXT, id, REQUIRED),
    ROW(config_record, "resourceType", TEXT, type, REQUIRED),
    ROW(config_record, "configurationItemStatus", TEXT, status, OPTIONAL),
    ROW(config_record, "awsAccountId", TEXT, account, MINOR),
    ROW(config_record, "accountId", TEXT, base_account, MINOR),
    ROW(config_record, "awsRegion", TEXT, region, MINOR),
};
const struct vw_schema vw_config_item_schema =
    SCHEMA("configuration item", config_record, config_fields, NULL);

static const struct {
    const char *type, *key;
} types[] = {
    {"AWS::EC2::VPC", "Vpcs"},
    {"AWS::EC2::Subnet", "Subnets"},
    {"AWS::EC2::RouteTable", "RouteTables"},
    {"AWS::EC2::SecurityGroup", "SecurityGroups"},
    {"AWS::EC2::NetworkAcl", "NetworkAcls"},
    {"AWS::EC2::NetworkInterface", "NetworkInterfaces"},
    {"AWS::EC2::Instance", "Reservations"},
    {"AWS::EC2::VPCPeeringConnection", "VpcPeeringConnections"},
    {"AWS::EC2::InternetGateway", "InternetGateways"},
    {"AWS::EC2::EgressOnlyInternetGateway", "EgressOnlyInternetGateways"},
    {"AWS::EC2::EIP", "Addresses"},
    {"AWS::EC2::PrefixList", "ManagedPrefixLists"},
    {"AWS::EC2::FlowLog", "FlowLogs"},
    {"AWS::EC2::NatGateway", "NatGateways"},
    {"AWS::EC2::VPCEndpoint", "VpcEndpoints"},
    {"AWS::EC2::VPNGateway", "VpnGateways"},
    {"AWS::EC2::VPNConnection", "VpnConnections"},
    {"AWS::ElasticLoadBalancingV2::LoadBalancer", "LoadBalancers"},
};

/* Keys whose first letter is not the only difference. Before 2017 there were only
 * `ipRanges`, and later too they are there, as bare texts. */
static const struct {
    const char *printed, *recorded;
} renamed[] = {{"IpRanges", "ipv4Ranges"}};

static bool has(const struct vw_json *object, const char *key)
{
    struct vw_json member = vw_json_member(object, key);

    return vw_json_type(&member) != VW_JSON_ABSENT;
}

void vw_config_key(const struct vw_json *object, char *name, size_t size)
{
    size_t i;

    for (i = 0; i < COUNT(renamed); i++) {
        size_t length = strlen(renamed[i].recorded);

        if (strcmp(name, renamed[i].printed) == 0 && length < size &&
            has(object, renamed[i].recorded)) {
            memcpy(name, renamed[i].recorded, length + 1);
            return;
        }
    }
    if (name[0] >= 'A' && name[0] <= 'Z' && !has(object, name))
        name[0] = (char)(name[0] - 'A' + 'a');
}

/* ---- names ---- */

static bool is_text(const struct vw_json *json, const char *text)
{
    return vw_json_type(json) == VW_JSON_STRING &&
           strcmp(vw_json_string(json), text) == 0;
}

/* The tag Name beside the configuration, {"Name": ...}, or in it, [{"key": ...}]. */
static struct vw_json find_name(const struct vw_json *item,
                                const struct vw_json *configuration)
{
    static const char *const lists[] = {"tags", "tagSet"};
    struct vw_json tags = vw_json_member(item, "tags"), list;
    struct vw_json name = vw_json_member(&tags, "Name");
    size_t i, j;

    for (i = 0; i < COUNT(lists) && vw_json_type(&name) == VW_JSON_ABSENT; i++) {
        list = vw_json_member(configuration, lists[i]);
        for (j = 0; vw_json_type(&list) == VW_JSON_LIST && j < vw_json_count(&list);
             j++) {
            struct vw_json tag = vw_json_element(&list, j);
            struct vw_json key = vw_json_member(&tag, "key");

            if (is_text(&key, "Name"))
                name = vw_json_member(&tag, "value");
        }
    }
    return name;
}

/* Gives the record what stands elsewhere than the CLI prints it: its name and, of an
 * address, its id. */
static int complete(struct vw_loader *loader, const struct vw_schema *schema,
                    const char *id, const struct vw_json *json_name, void *record)
{
    unsigned char *bytes = record;
    size_t i;

    memcpy(bytes + schema->fields[0].offset, &id, sizeof id);
    if (vw_json_type(json_name) != VW_JSON_STRING || !vw_json_string(json_name)[0])
        return 0;
    for (i = 0; i < schema->field_count; i++) {
        if (schema->fields[i].type == VW_FIELD_NAME) {
            const char *name =
                vw_arena_string(&loader->world->arena, vw_json_string(json_name));

            if (!name)
                return VW_ERROR_NO_MEMORY;
            memcpy(bytes + schema->fields[i].offset, &name, sizeof name);
        }
    }
    return 0;
}

/* ---- one item ---- */

/* 1 with *item filled in, 0 where it cannot be used, or VW_ERROR_NO_MEMORY. */
static int read_configuration(struct vw_document *document, const struct vw_key_row *row,
                              const struct vw_json *element,
                              const struct vw_json *configuration, struct vw_item *item)
{
    struct vw_loader *loader = document->loader;
    struct vw_reading reading = vw_element_start(document, row->schema);
    struct vw_json name = find_name(element, configuration);
    const char *account;
    int status;

    reading.id = item->id;
    reading.is_config = true;
    item->schema = row->schema;
    item->record = vw_arena_alloc(&loader->scratch, row->schema->size);
    if (!item->record)
        return VW_ERROR_NO_MEMORY;
    status = vw_schema_read(&reading, row->schema, configuration, item->record);
    if (status < 0)
        return status;
    account = vw_schema_account(row->schema, item->record);
    if (account)
        item->account = account;
    item->is_incomplete = reading.is_incomplete;
    status = complete(loader, row->schema, item->id, &name, item->record);
    return status ? status : 1;
}

/* The calls of the CLI print the configuration as a text that is JSON. */
static int unpack(struct vw_document *document, const struct vw_key_row *row,
                  const struct vw_json *element, struct vw_item *item)
{
    struct vw_json configuration = vw_json_member(element, "configuration"), parsed;
    struct vw_reading reading = vw_element_start(document, row->schema);
    const char *text;
    int status;

    if (vw_json_type(&configuration) != VW_JSON_STRING)
        return read_configuration(document, row, element, &configuration, item);
    text = vw_json_string(&configuration);
    status = vw_json_parse(text, strlen(text), &parsed);
    if (status == VW_ERROR_INPUT) {
        reading.id = item->id;
        return vw_schema_warn(&reading, "not-json", &configuration,
                              "expected an object or a text that holds one; %s \"%s\" is "
                              "passed over",
                              row->schema->noun, item->id);
    }
    if (status)
        return status;
    parsed.parent = element;
    parsed.key = "configuration";
    status = read_configuration(document, row, element, &parsed, item);
    vw_json_release(&parsed);
    return status;
}

static int64_t time_of(const struct vw_json *element)
{
    struct vw_json json = vw_json_member(element, "configurationItemCaptureTime");
    int64_t time;

    if (vw_json_type(&json) == VW_JSON_INTEGER)
        return vw_json_integer(&json) * VW_SECOND;
    if (vw_json_type(&json) == VW_JSON_REAL && vw_json_real(&json) > 0 &&
        vw_json_real(&json) < 9e9)
        return (int64_t)(vw_json_real(&json) * (double)VW_SECOND);
    return vw_json_type(&json) == VW_JSON_STRING &&
                   vw_time_parse(vw_slice_of(vw_json_string(&json)), &time)
               ? time
               : VW_TIME_NONE;
}

static const struct vw_key_row *row_of_type(const char *type)
{
    size_t i;

    for (i = 0; i < COUNT(types); i++)
        if (strcmp(types[i].type, type) == 0)
            return vw_key_row(types[i].key);
    return NULL;
}

/* A type that is not read: counted as keys are. */
static int count_type(struct vw_loader *loader, const char *type)
{
    struct vw_other_key other = {type, "AWS Config", 1};
    uint32_t index;

    if (vw_map_get(&loader->keys, type, &index)) {
        if (index != VW_NONE)
            loader->others.items[index].count++;
        return 0;
    }
    if (vw_map_put(&loader->keys, type, (uint32_t)loader->others.count))
        return VW_ERROR_NO_MEMORY;
    return vw_array_push(&loader->others, other);
}

static bool is_status(const struct config_record *config, const char *status)
{
    return config->status && strcmp(config->status, status) == 0;
}

/* Histories that AWS Config delivers look the same but for their name. */
static bool is_snapshot(const struct vw_document *document)
{
    const char *path = document->loader->files.items[document->file].path;
    struct vw_json id = vw_json_member(document->json, "configSnapshotId");

    return vw_json_type(&id) == VW_JSON_STRING && vw_json_string(&id)[0] &&
           !strstr(path, "_ConfigHistory_");
}

static int keep(struct vw_document *document, const struct vw_key_row *row,
                const struct config_record *config, const struct vw_json *element)
{
    struct vw_loader *loader = document->loader;
    struct vw_config_item kept = {
        .item = {.id = config->id,
                 .account = config->account ? config->account : config->base_account,
                 .region = config->region,
                 .file = document->file,
                 .is_picked = !is_snapshot(document)},
        .kind = row->kind,
        .captured = time_of(element)};
    int status;

    kept.is_gone = is_status(config, "ResourceDeleted") ||
                   is_status(config, "ResourceDeletedNotRecorded");
    status = kept.is_gone ? 1 : unpack(document, row, element, &kept.item);
    if (status == 0)
        loader->has_lost[row->kind] = true;
    return status <= 0 ? status : vw_array_push(&loader->config_items, kept);
}

static int read_item(struct vw_document *document, const struct vw_key_row *row,
                     const struct vw_json *element)
{
    struct vw_loader *loader = document->loader;
    struct vw_reading reading = vw_element_start(document, row->schema);
    const struct vw_key_row *of_type;
    struct config_record config = {0};
    int status = vw_schema_read(&reading, row->schema, element, &config);

    if (status <= 0)
        return status;
    of_type = row_of_type(config.type);
    if (!of_type)
        return is_status(&config, "ResourceDeleted") ? 0
                                                     : count_type(loader, config.type);
    if (is_snapshot(document)) {
        loader->is_seen[of_type->kind] = true;
        if (of_type->kind == VW_OBJECT_INTERFACE)
            loader->files.items[document->file].interfaces.has_key = true;
        if (of_type->kind == VW_OBJECT_INTERNET_GATEWAY)
            loader->files.items[document->file].gateways.has_key = true;
    }
    /* Such an item has no configuration. */
    if (is_status(&config, "ResourceNotRecorded")) {
        loader->has_lost[of_type->kind] = true;
        return 0;
    }
    return keep(document, of_type, &config, element);
}

int vw_read_config_items(struct vw_document *document, const struct vw_key_row *row,
                         const struct vw_json *value)
{
    return vw_elements_each(document, row, value, read_item);
}

/* ---- select-resource-config: each item is a text that is JSON ---- */

static int read_result(struct vw_document *document, const struct vw_key_row *row,
                       const struct vw_json *element)
{
    struct vw_json parsed, item = *element;
    const char *text = vw_json_string(element);
    int status = text ? vw_json_parse(text, strlen(text), &parsed) : VW_ERROR_INPUT;

    /* Then it is no item either, which the table says. */
    if (status == VW_ERROR_INPUT)
        return read_item(document, row, element);
    if (status)
        return status;
    item.value = parsed.value;
    status = read_item(document, row, &item);
    vw_json_release(&parsed);
    return status;
}

/* A query may pick members out of configurations; what it left out would look as if it
 * were not there. */
static bool selects_configurations(const struct vw_document *document)
{
    struct vw_json info = vw_json_member(document->json, "QueryInfo");
    struct vw_json fields = vw_json_member(&info, "SelectFields");
    size_t i;

    for (i = 0; i < vw_json_count(&fields); i++) {
        struct vw_json field = vw_json_element(&fields, i);
        struct vw_json name = vw_json_member(&field, "Name");

        if (is_text(&name, "configuration"))
            return true;
    }
    return false;
}

int vw_read_config_results(struct vw_document *document, const struct vw_key_row *row,
                           const struct vw_json *value)
{
    struct vw_reading reading = vw_element_start(document, row->schema);

    if (selects_configurations(document))
        return vw_elements_each(document, row, value, read_result);
    return vw_schema_warn(
        &reading, "missing-field", value,
        "results that are not whole configurations; passed over (SELECT "
        "resourceId, resourceType, accountId, awsRegion, "
        "configurationItemCaptureTime, configuration, tags)");
}

/* ---- all of them ---- */

static int find_newest(struct vw_loader *loader, struct vw_map *newest)
{
    size_t i;

    for (i = 0; i < loader->config_items.count; i++) {
        struct vw_config_item *item = &loader->config_items.items[i];
        const char *name =
            vw_arena_printf(&loader->scratch, "%d %s", (int)item->kind, item->item.id);
        uint32_t index;

        if (!name)
            return VW_ERROR_NO_MEMORY;
        if (!vw_map_get(newest, name, &index)) {
            if (vw_map_put(newest, name, (uint32_t)i))
                return VW_ERROR_NO_MEMORY;
        } else if (item->captured > loader->config_items.items[index].captured) {
            /* In the older one's place, so that the order is that of the files. */
            loader->config_items.items[index] = *item;
            item->is_gone = true;
        } else {
            item->is_gone = true;
        }
    }
    return 0;
}

int vw_settle_config_items(struct vw_loader *loader)
{
    struct vw_map newest = {0};
    int error = find_newest(loader, &newest);
    size_t i;

    for (i = 0; i < loader->config_items.count && !error; i++) {
        const struct vw_config_item *item = &loader->config_items.items[i];

        if (item->item.is_picked && !loader->is_seen[item->kind])
            loader->has_lost[item->kind] = true;
        if (!item->is_gone)
            error = vw_array_push(&loader->items[item->kind], item->item);
    }
    vw_map_free(&newest);
    return error;
}
