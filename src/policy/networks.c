/*
 * The list `networks` of a rules file: networks outside AWS, which no export holds. An
 * entry has a name, by which questions may call it, its prefixes, and, where several ways
 * lead there, the one that does.
 */
#include "policy/rules.h"

#include <string.h>

#include <vpcwhy/error.h>

#include "base/array.h"

#define CIDRS_MAX 1000

/* An entry that is being read. */
struct entry {
    struct vw_customer_network network;
    const struct vw_yaml_node *name;
};

static int read_cidr(struct vw_rules_reader *reader, const struct vw_yaml_node *node,
                     struct vw_customer_network *network)
{
    struct vw_prefix prefix;
    bool host_bits = false;

    if (node->kind != VW_YAML_TEXT) {
        vw_rules_fault(reader, "rule-type", node, "a CIDR is one value, not a list");
        return 0;
    }
    if (!vw_prefix_parse(node->text, strlen(node->text), &prefix, &host_bits)) {
        vw_rules_fault(reader, "network-cidr", node,
                       "\"%.60s\" is no CIDR such as 192.168.0.0/16", node->text);
        return 0;
    }
    if (host_bits) {
        vw_rules_fault(reader, "network-cidr", node,
                       "\"%.60s\" is an address inside its prefix, not the prefix",
                       node->text);
        return 0;
    }
    network->prefixes[network->prefix_count++] = prefix;
    return 0;
}

static int read_cidrs(struct vw_rules_reader *reader, const struct vw_yaml_node *node,
                      struct entry *entry)
{
    struct vw_customer_network *network = &entry->network;
    size_t count = 0;
    int error = 0;

    if (node->kind != VW_YAML_LIST || node->first == NULL) {
        vw_rules_fault(reader, "rule-type", node, "\"%s\" is a list of at least one CIDR",
                       "cidrs");
        return 0;
    }
    for (const struct vw_yaml_node *item = node->first; item != NULL; item = item->next)
        count++;
    if (count > CIDRS_MAX) {
        vw_rules_fault(reader, "network-cidr", node, "more than %d CIDRs", CIDRS_MAX);
        return 0;
    }
    network->prefixes =
        vw_arena_array(&reader->rules->arena, count, sizeof *network->prefixes);
    if (network->prefixes == NULL)
        return VW_ERROR_NO_MEMORY;
    for (const struct vw_yaml_node *item = node->first; item != NULL && error == 0;
         item = item->next)
        error = read_cidr(reader, item, network);
    return error;
}

/* Ids of Direct Connect gateways are UUIDs. */
static bool is_uuid(const char *text)
{
    return strlen(text) == 36 && text[8] == '-' && text[13] == '-' && text[18] == '-' &&
           text[23] == '-';
}

static int read_via(struct vw_rules_reader *reader, const struct vw_yaml_node *node,
                    struct entry *entry)
{
    static const char *const prefixes[] = {"vgw-", "vpn-", "tgw-attach-"};

    entry->network.via = node->text;
    if (is_uuid(node->text))
        return 0;
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
        if (strncmp(node->text, prefixes[i], strlen(prefixes[i])) == 0)
            return 0;
    vw_rules_fault(
        reader, "network-via", node,
        "\"%.60s\" is no way to a network: vgw-..., vpn-..., tgw-attach-... or "
        "the id of a Direct Connect gateway",
        node->text);
    return 0;
}

static int read_name(struct vw_rules_reader *reader, const struct vw_yaml_node *node,
                     struct entry *entry)
{
    (void)reader;
    entry->network.name = node->text;
    entry->name = node;
    return 0;
}

/* For who reads the file. */
static int read_why(struct vw_rules_reader *reader, const struct vw_yaml_node *node,
                    struct entry *entry)
{
    (void)reader;
    (void)node;
    (void)entry;
    return 0;
}

static const struct field {
    const char *key;
    bool required, is_list;
    int (*read)(struct vw_rules_reader *, const struct vw_yaml_node *, struct entry *);
} fields[] = {
    {"name", true, false, read_name},
    {"cidrs", true, true, read_cidrs},
    {"via", false, false, read_via},
    {"why", false, false, read_why},
};
enum { FIELDS = sizeof fields / sizeof *fields };

static int read_field(struct vw_rules_reader *reader, const struct vw_yaml_node *node,
                      unsigned *seen, struct entry *entry)
{
    size_t i = 0;

    while (i < FIELDS && strcmp(fields[i].key, node->key->text) != 0)
        i++;
    if (i == FIELDS) {
        vw_rules_fault(reader, "rule-unknown-key", node->key,
                       "\"%.60s\" is no key of a network: name, cidrs, via, why",
                       node->key->text);
        return 0;
    }
    if ((*seen & 1U << i) != 0) {
        vw_rules_fault(reader, "rule-duplicate-key", node->key,
                       "\"%.60s\" stands here twice", node->key->text);
        return 0;
    }
    *seen |= 1U << i;
    if (fields[i].is_list)
        return fields[i].read(reader, node, entry);
    if (node->kind != VW_YAML_TEXT)
        vw_rules_fault(reader, "rule-type", node,
                       "\"%.60s\" takes one value, not a list or mapping",
                       node->key->text);
    else if (node->empty || node->text[0] == '\0')
        vw_rules_fault(reader, "rule-empty", node, "\"%.60s\" has no value",
                       node->key->text);
    else
        return fields[i].read(reader, node, entry);
    return 0;
}

/* "3:5", where a trace says that the network is declared. */
static int place(struct vw_rules_reader *reader, const struct vw_yaml_node *node,
                 struct vw_source *ret)
{
    ret->file = reader->file;
    ret->pointer = vw_arena_printf(&reader->rules->arena, "line %llu",
                                   (unsigned long long)node->line);
    return ret->pointer == NULL ? VW_ERROR_NO_MEMORY : 0;
}

static int keep(struct vw_rules_reader *reader, const struct entry *entry)
{
    const struct vw_rules *rules = reader->rules;

    if (entry->network.name == NULL)
        return 0;
    for (size_t i = 0; i < rules->networks.count; i++) {
        const struct vw_customer_network *other = &rules->networks.items[i];

        if (strcmp(other->name, entry->network.name) != 0)
            continue;
        vw_rules_fault(reader, "network-duplicate", entry->name,
                       "a network \"%.60s\" is already declared at %s, %s", other->name,
                       other->source.file, other->source.pointer);
        return 0;
    }
    return vw_array_push(&reader->rules->networks, entry->network);
}

static int read_network(struct vw_rules_reader *reader, const struct vw_yaml_node *node)
{
    struct entry entry = {.name = NULL};
    unsigned seen = 0;
    int error;

    if (node->kind != VW_YAML_MAP) {
        vw_rules_fault(reader, "rule-type", node,
                       "a network is a mapping (name: ..., cidrs: [...])");
        return 0;
    }
    error = place(reader, node, &entry.network.source);
    for (const struct vw_yaml_node *field = node->first; field != NULL && error == 0;
         field = field->next)
        error = read_field(reader, field, &seen, &entry);
    for (size_t i = 0; i < FIELDS && error == 0; i++) {
        if (fields[i].required && (seen & 1U << i) == 0)
            vw_rules_fault(reader, "rule-missing-key", node, "\"%s\" is missing",
                           fields[i].key);
    }
    return error != 0 ? error : keep(reader, &entry);
}

int vw_rules_read_networks(struct vw_rules_reader *reader,
                           const struct vw_yaml_node *node)
{
    int error = 0;

    if (node->kind != VW_YAML_LIST) {
        vw_rules_fault(reader, "rule-type", node, "\"networks\" is a list (- name: ...)");
        return 0;
    }
    for (const struct vw_yaml_node *entry = node->first; entry != NULL && error == 0;
         entry = entry->next)
        error = read_network(reader, entry);
    return error;
}

int vw_rules_declare_networks(const struct vw_rules *rules, struct vw_world *world)
{
    return vw_world_declare_networks(world, rules->networks.items, rules->networks.count);
}
