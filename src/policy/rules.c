/*
 * Rules files to expectations and networks. A file is a mapping with a list
 * `expectations`, a list `networks` (see networks.c), or both; what an expectation may say
 * is one table of keys (see rules/stock.yaml for the format in words). All faults of all
 * files are found in one run, each with its line and column.
 */
#include "policy/rules.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <vpcwhy/error.h>

#include "base/input.h"
#include "base/map.h"
#include "base/memory.h"
#include "base/slice.h"
#include "policy/yaml.h"

#define MESSAGE_SIZE 256
#define PORT_MAX 65535
#define ICMP 1
#define ICMPV6 58

void vw_rules_fault(struct vw_rules_reader *reader, const char *code,
                    const struct vw_yaml_node *node, const char *format, ...)
{
    char message[MESSAGE_SIZE];
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    vw_diagnose(reader->diagnostics, VW_SEVERITY_ERROR, code,
                (struct vw_place){.file = reader->file,
                                  .line = node == NULL ? 0 : node->line,
                                  .column = node == NULL ? 0 : node->column},
                "%s", message);
    reader->faulty = true;
}

/* ---- the fields of an expectation ---- */

typedef void read_field(struct vw_rules_reader *reader, const struct vw_yaml_node *node,
                        struct vw_expectation_rule *rule);

static void read_id(struct vw_rules_reader *reader, const struct vw_yaml_node *node,
                    struct vw_expectation_rule *rule)
{
    (void)reader;
    rule->id = node->text;
    rule->line = node->line;
    rule->column = node->column;
}

static void read_from(struct vw_rules_reader *reader, const struct vw_yaml_node *node,
                      struct vw_expectation_rule *rule)
{
    (void)reader;
    rule->from = node->text;
}

static void read_to(struct vw_rules_reader *reader, const struct vw_yaml_node *node,
                    struct vw_expectation_rule *rule)
{
    (void)reader;
    rule->to = node->text;
}

static void read_why(struct vw_rules_reader *reader, const struct vw_yaml_node *node,
                     struct vw_expectation_rule *rule)
{
    (void)reader;
    rule->why = node->text;
}

static void read_protocol(struct vw_rules_reader *reader, const struct vw_yaml_node *node,
                          struct vw_expectation_rule *rule)
{
    rule->protocol = node->text;
    if (!vw_protocol_parse(node->text, &rule->question.protocol))
        vw_rules_fault(
            reader, "rule-proto", node,
            "\"%.60s\" is no protocol: icmp, icmpv6, tcp, udp or a number from 0 to 255",
            node->text);
}

static bool parse_ports(struct vw_slice text, struct vw_port_range *ret)
{
    uint64_t first, last;
    size_t dash;

    if (vw_slice_u64(text, PORT_MAX, &first)) {
        *ret = (struct vw_port_range){(uint16_t)first, (uint16_t)first};
        return true;
    }
    if (!vw_slice_find(text, "-", &dash) ||
        !vw_slice_u64((struct vw_slice){text.data, dash}, PORT_MAX, &first) ||
        !vw_slice_u64((struct vw_slice){text.data + dash + 1, text.size - dash - 1},
                      PORT_MAX, &last) ||
        first > last)
        return false;
    *ret = (struct vw_port_range){(uint16_t)first, (uint16_t)last};
    return true;
}

static void read_port(struct vw_rules_reader *reader, const struct vw_yaml_node *node,
                      struct vw_expectation_rule *rule)
{
    rule->question.has_ports = true;
    if (!parse_ports(vw_slice_of(node->text), &rule->question.ports))
        vw_rules_fault(
            reader, "rule-port", node,
            "\"%.60s\" is no port: a number from 0 to 65535, or a range such as "
            "8000-8010",
            node->text);
}

static void read_source_port(struct vw_rules_reader *reader,
                             const struct vw_yaml_node *node,
                             struct vw_expectation_rule *rule)
{
    rule->question.has_source_ports = true;
    if (!parse_ports(vw_slice_of(node->text), &rule->question.source_ports))
        vw_rules_fault(
            reader, "rule-port", node,
            "\"%.60s\" is no port: a number from 0 to 65535, or a range such as "
            "8000-8010",
            node->text);
}

static void read_icmp_type(struct vw_rules_reader *reader,
                           const struct vw_yaml_node *node,
                           struct vw_expectation_rule *rule)
{
    uint64_t type;

    if (vw_slice_u64(vw_slice_of(node->text), 255, &type))
        rule->question.icmp_type = (int)type;
    else
        vw_rules_fault(reader, "rule-icmp-type", node,
                       "\"%.60s\" is no ICMP type: a number from 0 to 255", node->text);
}

static void read_expect(struct vw_rules_reader *reader, const struct vw_yaml_node *node,
                        struct vw_expectation_rule *rule)
{
    if (strcmp(node->text, "reachable") == 0)
        rule->expected = VW_VERDICT_REACHABLE;
    else if (strcmp(node->text, "blocked") == 0)
        rule->expected = VW_VERDICT_BLOCKED;
    else
        vw_rules_fault(reader, "rule-expect", node,
                       "\"%.60s\" cannot be expected: reachable or blocked", node->text);
}

static void read_if_present(struct vw_rules_reader *reader,
                            const struct vw_yaml_node *node,
                            struct vw_expectation_rule *rule)
{
    if (strcmp(node->text, "true") == 0)
        rule->if_present = true;
    else if (strcmp(node->text, "false") != 0)
        vw_rules_fault(reader, "rule-if-present", node, "\"%.60s\": true or false",
                       node->text);
}

static const struct field {
    const char *key;
    bool required;
    read_field *read;
} fields[] = {
    {"id", true, read_id},
    {"from", true, read_from},
    {"to", true, read_to},
    {"proto", false, read_protocol},
    {"port", false, read_port},
    {"source_port", false, read_source_port},
    {"icmp_type", false, read_icmp_type},
    {"expect", true, read_expect},
    {"if_present", false, read_if_present},
    {"why", false, read_why},
};
enum { FIELDS = sizeof fields / sizeof fields[0] };

/* ---- an expectation ---- */

static size_t find_field(const char *key)
{
    for (size_t i = 0; i < FIELDS; i++) {
        if (strcmp(fields[i].key, key) == 0)
            return i;
    }
    return FIELDS;
}

static void read_entry(struct vw_rules_reader *reader, const struct vw_yaml_node *node,
                       unsigned *seen, struct vw_expectation_rule *rule)
{
    size_t index = find_field(node->key->text);

    if (index == FIELDS) {
        vw_rules_fault(
            reader, "rule-unknown-key", node->key,
            "\"%.60s\" is no key of an expectation: id, from, to, proto, port, "
            "source_port, icmp_type, expect, if_present, why",
            node->key->text);
        return;
    }
    if ((*seen & 1U << index) != 0) {
        vw_rules_fault(reader, "rule-duplicate-key", node->key,
                       "\"%.60s\" stands here twice", node->key->text);
        return;
    }
    *seen |= 1U << index;
    if (node->kind != VW_YAML_TEXT)
        vw_rules_fault(reader, "rule-type", node,
                       "\"%.60s\" takes one value, not a list or mapping",
                       node->key->text);
    else if (node->empty || node->text[0] == '\0')
        vw_rules_fault(reader, "rule-empty", node, "\"%.60s\" has no value",
                       node->key->text);
    else
        fields[index].read(reader, node, rule);
}

/* What single fields cannot see. */
static void check_whole(struct vw_rules_reader *reader, const struct vw_yaml_node *node,
                        const struct vw_expectation_rule *rule)
{
    const struct vw_question *question = &rule->question;
    bool icmp = question->protocol == ICMP || question->protocol == ICMPV6;

    if (icmp && (question->has_ports || question->has_source_ports))
        vw_rules_fault(reader, "rule-port-of-icmp", node, "%s has no ports",
                       rule->protocol);
    if (question->icmp_type >= 0 &&
        ((rule->protocol != NULL && !icmp) || question->has_ports))
        vw_rules_fault(reader, "rule-icmp-type-of-other", node,
                       "icmp_type goes with icmp and icmpv6 only");
    if (rule->from != NULL && rule->to != NULL &&
        strcmp(rule->from, VW_SELECT_INSTANCES) == 0 &&
        strcmp(rule->to, VW_SELECT_INSTANCES) == 0)
        vw_rules_fault(reader, "rule-selectors", node, "only one end may be \"%s\"",
                       VW_SELECT_INSTANCES);
}

static int keep(struct vw_rules_reader *reader, const struct vw_yaml_node *node,
                struct vw_expectation_rule *rule)
{
    uint32_t other;

    if (rule->id == NULL)
        return 0;
    if (vw_map_get(&reader->ids, rule->id, &other)) {
        const struct vw_expectation_rule *first =
            &reader->rules->expectations.items[other];

        vw_diagnose(reader->diagnostics, VW_SEVERITY_ERROR, "rule-duplicate-id",
                    (struct vw_place){
                        .file = reader->file, .line = rule->line, .column = rule->column},
                    "id \"%.60s\" is already taken at %s:%llu:%llu", rule->id,
                    first->file, (unsigned long long)first->line,
                    (unsigned long long)first->column);
        reader->faulty = true;
        return 0;
    }
    (void)node;
    if (reader->rules->expectations.count >= VW_RULES_NODES_MAX)
        return VW_ERROR_LIMIT;
    if (vw_map_put(&reader->ids, rule->id, (uint32_t)reader->rules->expectations.count) !=
        0)
        return VW_ERROR_NO_MEMORY;
    return vw_array_push(&reader->rules->expectations, *rule);
}

static int read_expectation(struct vw_rules_reader *reader,
                            const struct vw_yaml_node *node)
{
    struct vw_expectation_rule rule = {
        .file = reader->file,
        .question = {.protocol = -1, .icmp_type = -1, .icmp_code = -1}};
    unsigned seen = 0;

    if (node->kind != VW_YAML_MAP) {
        vw_rules_fault(reader, "rule-type", node,
                       "an expectation is a mapping (id: ..., from: ...)");
        return 0;
    }
    for (const struct vw_yaml_node *entry = node->first; entry != NULL;
         entry = entry->next)
        read_entry(reader, entry, &seen, &rule);
    for (size_t i = 0; i < FIELDS; i++) {
        if (fields[i].required && (seen & 1U << i) == 0)
            vw_rules_fault(reader, "rule-missing-key", node, "\"%s\" is missing",
                           fields[i].key);
    }
    check_whole(reader, node, &rule);
    rule.question.from = rule.from;
    rule.question.to = rule.to;
    return keep(reader, node, &rule);
}

/* ---- a file ---- */

static void read_version(struct vw_rules_reader *reader, const struct vw_yaml_node *node)
{
    if (node->kind != VW_YAML_TEXT || strcmp(node->text, "1") != 0)
        vw_rules_fault(reader, "rules-version", node, "version must be %s", "1");
}

static int read_expectations(struct vw_rules_reader *reader,
                             const struct vw_yaml_node *node)
{
    if (node->kind != VW_YAML_LIST) {
        vw_rules_fault(reader, "rule-type", node,
                       "\"expectations\" is a list (- id: ...)");
        return 0;
    }
    for (const struct vw_yaml_node *entry = node->first; entry != NULL;
         entry = entry->next) {
        int error = read_expectation(reader, entry);

        if (error != 0)
            return error;
    }
    return 0;
}

static int read_part(struct vw_rules_reader *reader, const struct vw_yaml_node *node)
{
    if (strcmp(node->key->text, "expectations") == 0)
        return read_expectations(reader, node);
    if (strcmp(node->key->text, "networks") == 0)
        return vw_rules_read_networks(reader, node);
    read_version(reader, node);
    return 0;
}

static int read_document(struct vw_rules_reader *reader, const struct vw_yaml_node *root)
{
    static const char *const keys[] = {"version", "expectations", "networks"};
    enum { KEYS = sizeof keys / sizeof *keys };
    unsigned seen = 0;
    int error = 0;

    if (root == NULL || root->kind != VW_YAML_MAP) {
        vw_rules_fault(reader, "rules-shape", root,
                       "a rules file is a mapping with a list \"%s\" or \"%s\"", keys[1],
                       keys[2]);
        return 0;
    }
    for (const struct vw_yaml_node *entry = root->first; entry != NULL && error == 0;
         entry = entry->next) {
        size_t i = 0;

        while (i < KEYS && strcmp(entry->key->text, keys[i]) != 0)
            i++;
        if (i == KEYS)
            vw_rules_fault(reader, "rule-unknown-key", entry->key,
                           "\"%.60s\" is no key of a rules file: version, expectations, "
                           "networks",
                           entry->key->text);
        else if ((seen & 1U << i) != 0)
            vw_rules_fault(reader, "rule-duplicate-key", entry->key,
                           "\"%.60s\" stands here twice", entry->key->text);
        else
            error = read_part(reader, entry);
        seen |= i < KEYS ? 1U << i : 0;
    }
    if ((seen & ~1U) == 0)
        vw_rules_fault(reader, "rules-shape", root, "neither \"%s\" nor \"%s\" is there",
                       keys[1], keys[2]);
    return error;
}

static int load_file(struct vw_rules_reader *reader, const char *file)
{
    struct vw_yaml_node *root = NULL;
    int error = vw_yaml_read(file, &reader->rules->arena, reader->diagnostics, &root);

    reader->file = file;
    if (error == VW_ERROR_INPUT) {
        reader->faulty = true; /* said; the other files are read all the same */
        return 0;
    }
    return error != 0 ? error : read_document(reader, root);
}

static bool is_yaml(const char *path)
{
    size_t size = strlen(path);

    return (size > 5 && strcmp(path + size - 5, ".yaml") == 0) ||
           (size > 4 && strcmp(path + size - 4, ".yml") == 0);
}

static int load_path(struct vw_rules_reader *reader, const char *path)
{
    struct vw_paths files = {0};
    int error = vw_tree_files(path, &reader->rules->arena, reader->diagnostics, &files);
    bool any = false;

    if (error == VW_ERROR_INPUT) {
        reader->faulty = true;
        error = 0;
        any = true;
    }
    for (size_t i = 0; i < files.count && error == 0; i++) {
        if (strcmp(files.items[i], path) != 0 && !is_yaml(files.items[i]))
            continue;
        any = true;
        error = load_file(reader, files.items[i]);
    }
    vw_array_free(&files);
    if (error == 0 && !any) {
        reader->file = path;
        vw_rules_fault(reader, "rules-none", NULL, "no %s below this folder",
                       "*.yaml or *.yml");
    }
    return error;
}

int vw_rules_load(const char *const *paths, size_t path_count,
                  struct vw_diagnostics *diagnostics, struct vw_rules **ret_rules)
{
    struct vw_rules_reader reader = {.diagnostics = diagnostics};
    int error = 0;

    reader.rules = vw_calloc(1, sizeof *reader.rules);
    if (reader.rules == NULL)
        return VW_ERROR_NO_MEMORY;
    for (size_t i = 0; i < path_count && error == 0; i++)
        error = load_path(&reader, paths[i]);
    if (error == 0 && !reader.faulty && reader.rules->expectations.count == 0 &&
        reader.rules->networks.count == 0) {
        reader.file = path_count == 0 ? NULL : paths[0];
        vw_rules_fault(&reader, "rules-empty", NULL,
                       "no expectation and no network in the rules");
    }
    vw_map_free(&reader.ids);
    if (error == 0 && reader.faulty)
        error = VW_ERROR_INPUT;
    if (error != 0) {
        vw_rules_free(reader.rules);
        return error;
    }
    *ret_rules = reader.rules;
    return 0;
}

void vw_rules_free(struct vw_rules *rules)
{
    if (rules == NULL)
        return;
    vw_array_free(&rules->expectations);
    vw_array_free(&rules->networks);
    vw_arena_free(&rules->arena);
    vw_free(rules);
}
