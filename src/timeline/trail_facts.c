/*
 * What an event of CloudTrail did. The parameters of a request stand as the service writes
 * them: lists as {"items": [...]}, newer calls within one object named after the request
 * with keys in capitals ({"ModifySecurityGroupRulesRequest": {"GroupId": ...}}). So keys
 * are compared without regard to case, and ids are looked for wherever they stand.
 */
#include "timeline/trail.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/slice.h"

#include <vpcwhy/address.h>
#include <vpcwhy/error.h>
#include <vpcwhy/trace.h>

#define DEPTH_MAX 12

struct facts {
    struct vw_arena *arena;
    struct vw_trail_facts *list;
    bool egress;
    int error;
};

/* ---- as both sides write them ---- */

/* "10.2.0.0/16" however it was written; other text as it is. */
static const char *canonical(const char *text, char buffer[VW_PREFIX_TEXT])
{
    struct vw_prefix prefix;

    return vw_prefix_parse(text, strlen(text), &prefix, NULL)
               ? vw_prefix_format(prefix, buffer)
               : text;
}

const char *vw_fact_rule(bool egress, int protocol, int64_t from, int64_t to,
                         const char *peer, char buffer[VW_FACT_TEXT])
{
    char prefix[VW_PREFIX_TEXT];

    if (protocol == -1)
        from = to = -1;
    snprintf(buffer, VW_FACT_TEXT, "rule %s %d %lld %lld %.128s", egress ? "out" : "in",
             protocol, (long long)from, (long long)to, canonical(peer, prefix));
    return buffer;
}

const char *vw_fact_entry(bool egress, int64_t number, char buffer[VW_FACT_TEXT])
{
    snprintf(buffer, VW_FACT_TEXT, "entry %s %lld", egress ? "out" : "in",
             (long long)number);
    return buffer;
}

const char *vw_fact_route(const char *destination, char buffer[VW_FACT_TEXT])
{
    char prefix[VW_PREFIX_TEXT];

    snprintf(buffer, VW_FACT_TEXT, "route %.128s", canonical(destination, prefix));
    return buffer;
}

const char *vw_fact_id(const char *id, char buffer[VW_FACT_TEXT])
{
    snprintf(buffer, VW_FACT_TEXT, "id %.300s", id);
    return buffer;
}

bool vw_trail_has(const struct vw_trail_event *event, const char *fact)
{
    for (size_t i = 0; i < event->fact_count; i++) {
        if (strcmp(event->facts[i], fact) == 0)
            return true;
    }
    return false;
}

/* ---- collecting ---- */

static void add(struct facts *facts, const char *text)
{
    const char *copy;

    if (facts->error || facts->list->count >= VW_TRAIL_FACTS_MAX)
        return;
    for (size_t i = 0; i < facts->list->count; i++) {
        if (strcmp(facts->list->items[i], text) == 0)
            return;
    }
    copy = vw_arena_string(facts->arena, text);
    if (!copy || vw_array_push(facts->list, copy))
        facts->error = VW_ERROR_NO_MEMORY;
}

static bool is_key(const struct vw_json *json, const char *key)
{
    return json->key && strcasecmp(json->key, key) == 0;
}

/* The member of that name, in either case; absent where there is none. */
static struct vw_json member(const struct vw_json *object, const char *key)
{
    struct vw_json found = {NULL, object, key, 0}, item;
    void *iterator = NULL;

    if (vw_json_type(object) != VW_JSON_OBJECT)
        return found;
    while (vw_json_each(object, &iterator, &item)) {
        if (is_key(&item, key))
            return item;
    }
    return found;
}

static const char *text_of(const struct vw_json *object, const char *key)
{
    struct vw_json found = member(object, key);

    return vw_json_type(&found) == VW_JSON_STRING ? vw_json_string(&found) : NULL;
}

/* A number, or one written as a text. */
static bool number_of(const struct vw_json *object, const char *key, int64_t *ret)
{
    struct vw_json found = member(object, key);

    if (vw_json_type(&found) == VW_JSON_INTEGER) {
        *ret = vw_json_integer(&found);
        return true;
    }
    return vw_json_type(&found) == VW_JSON_STRING &&
           vw_slice_i64(vw_slice_of(vw_json_string(&found)), ret);
}

static bool flag_of(const struct vw_json *object, const char *key)
{
    struct vw_json found = member(object, key);

    if (vw_json_type(&found) == VW_JSON_STRING)
        return strcasecmp(vw_json_string(&found), "true") == 0;
    return vw_json_type(&found) == VW_JSON_BOOLEAN && vw_json_boolean(&found);
}

/* The list under `key`: [...], {"items": [...]}, or a single element. */
static struct vw_json list_of(const struct vw_json *object, const char *key,
                              struct vw_json *holder)
{
    *holder = member(object, key);
    return vw_json_type(holder) == VW_JSON_OBJECT && member(holder, "items").value
               ? member(holder, "items")
               : *holder;
}

static bool read_protocol(const char *text, int *ret)
{
    int64_t number;

    if (strcmp(text, "-1") == 0 || strcasecmp(text, "all") == 0) {
        *ret = -1;
        return true;
    }
    if (vw_protocol_parse(text, ret))
        return true;
    if (!vw_slice_i64(vw_slice_of(text), &number) || number < 0 || number > 255)
        return false;
    *ret = (int)number;
    return true;
}

static const char *const peer_keys[] = {"cidrIp",       "cidrIpv4", "cidrIpv6",
                                        "prefixListId", "groupId",  "referencedGroupId"};

#define PEER_KEY_COUNT (sizeof peer_keys / sizeof *peer_keys)

struct ports {
    int protocol;
    int64_t from, to;
};

static bool read_rule_ports(const struct vw_json *rule, struct ports *ret)
{
    const char *protocol = text_of(rule, "ipProtocol");

    *ret = (struct ports){-1, -1, -1};
    if (!protocol || !read_protocol(protocol, &ret->protocol))
        return false;
    number_of(rule, "fromPort", &ret->from);
    number_of(rule, "toPort", &ret->to);
    return true;
}

static void add_rule(struct facts *facts, struct ports ports, const char *peer)
{
    char buffer[VW_FACT_TEXT];

    add(facts,
        vw_fact_rule(facts->egress, ports.protocol, ports.from, ports.to, peer, buffer));
}

/* A permission: ports, and lists of peers. */
static void add_permission(struct facts *facts, const struct vw_json *permission)
{
    static const char *const lists[] = {"groups", "ipRanges", "ipv6Ranges",
                                        "prefixListIds"};
    struct ports ports;

    if (!read_rule_ports(permission, &ports))
        return;
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        struct vw_json holder, list = list_of(permission, lists[i], &holder);

        for (size_t j = 0;
             vw_json_type(&list) == VW_JSON_LIST && j < vw_json_count(&list); j++) {
            struct vw_json peer = vw_json_element(&list, j);

            for (size_t k = 0; k < PEER_KEY_COUNT; k++) {
                const char *text = text_of(&peer, peer_keys[k]);

                if (text)
                    add_rule(facts, ports, text);
            }
        }
    }
}

/* A rule with its peer beside its ports. */
static void add_single_rule(struct facts *facts, const struct vw_json *rule,
                            struct ports ports)
{
    for (size_t i = 0; i < PEER_KEY_COUNT; i++) {
        const char *text = text_of(rule, peer_keys[i]);

        if (text && strcmp(peer_keys[i], "groupId") != 0)
            add_rule(facts, ports, text);
    }
}

static void add_permissions(struct facts *facts, const struct vw_json *request)
{
    struct vw_json holder, list = list_of(request, "ipPermissions", &holder);
    struct ports ports;

    if (vw_json_type(&list) == VW_JSON_LIST) {
        for (size_t i = 0; i < vw_json_count(&list); i++) {
            struct vw_json permission = vw_json_element(&list, i);

            add_permission(facts, &permission);
        }
    } else if (list.value) {
        add_permission(facts, &list);
    }
    if (read_rule_ports(request, &ports))
        add_single_rule(facts, request, ports);
}

/* {"SecurityGroupRuleId": ..., "SecurityGroupRule": {"IpProtocol": ...}}, one or a list,
 * of ModifySecurityGroupRules, which does not say which way a rule is for. */
static void add_modified_rules(struct facts *facts, const struct vw_json *request,
                               const char *name)
{
    struct vw_json holder, list = list_of(request, "SecurityGroupRule", &holder);
    size_t count = vw_json_type(&list) == VW_JSON_LIST ? vw_json_count(&list) : 1;

    if (strcmp(name, "ModifySecurityGroupRules") != 0 || !list.value)
        return;
    for (size_t i = 0; i < count; i++) {
        struct vw_json item =
            vw_json_type(&list) == VW_JSON_LIST ? vw_json_element(&list, i) : list;
        struct vw_json rule = member(&item, "SecurityGroupRule");
        struct ports ports;

        for (int way = 0; way < 2 && read_rule_ports(&rule, &ports); way++) {
            facts->egress = way == 1;
            add_single_rule(facts, &rule, ports);
        }
    }
}

static void add_routes(struct facts *facts, const struct vw_json *request)
{
    static const char *const keys[] = {"destinationCidrBlock", "destinationIpv6CidrBlock",
                                       "destinationPrefixListId", "prefixListId"};
    char buffer[VW_FACT_TEXT];

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const char *text = text_of(request, keys[i]);

        if (text)
            add(facts, vw_fact_route(text, buffer));
    }
}

static void add_entry(struct facts *facts, const struct vw_json *request)
{
    char buffer[VW_FACT_TEXT];
    int64_t number;

    if (number_of(request, "ruleNumber", &number))
        add(facts, vw_fact_entry(flag_of(request, "egress"), number, buffer));
}

/* "igw-1", "arn:...", "10.0.0.0/8": every text of a request and its answer. */
static void add_ids(struct facts *facts, const struct vw_json *json, unsigned depth)
{
    char buffer[VW_FACT_TEXT];
    struct vw_json item;
    void *iterator = NULL;

    switch (vw_json_type(json)) {
    case VW_JSON_STRING:
        if (strlen(vw_json_string(json)) < 300)
            add(facts, vw_fact_id(vw_json_string(json), buffer));
        break;
    case VW_JSON_LIST:
        for (size_t i = 0; depth < DEPTH_MAX && i < vw_json_count(json); i++) {
            item = vw_json_element(json, i);
            add_ids(facts, &item, depth + 1);
        }
        break;
    case VW_JSON_OBJECT:
        while (depth < DEPTH_MAX && vw_json_each(json, &iterator, &item))
            add_ids(facts, &item, depth + 1);
        break;
    case VW_JSON_ABSENT:
    case VW_JSON_BOOLEAN:
    case VW_JSON_INTEGER:
    case VW_JSON_REAL:
        break;
    }
}

/* "has sourcedestcheck": which parameters the request had. */
static void add_parameters(struct facts *facts, const struct vw_json *request)
{
    char buffer[VW_FACT_TEXT];
    struct vw_json item;
    void *iterator = NULL;

    if (vw_json_type(request) != VW_JSON_OBJECT)
        return;
    while (vw_json_each(request, &iterator, &item)) {
        snprintf(buffer, sizeof buffer, "has %.300s", item.key);
        for (char *c = buffer; *c; c++)
            if (*c >= 'A' && *c <= 'Z')
                *c = (char)(*c - 'A' + 'a');
        if (item.value)
            add(facts, buffer);
    }
}

/* {"NameRequest": {...}} is what stands in it. */
static struct vw_json unwrap(const struct vw_json *request, struct vw_json *holder)
{
    void *iterator = NULL;
    size_t size;

    if (vw_json_type(request) != VW_JSON_OBJECT || vw_json_count(request) != 1 ||
        !vw_json_each(request, &iterator, holder) ||
        vw_json_type(holder) != VW_JSON_OBJECT)
        return *request;
    size = strlen(holder->key);
    return size > 7 && strcmp(holder->key + size - 7, "Request") == 0 ? *holder
                                                                      : *request;
}

int vw_trail_facts(struct vw_arena *arena, const struct vw_json *event, const char *name,
                   struct vw_trail_facts *ret)
{
    struct facts facts = {.arena = arena, .list = ret};
    struct vw_json outer = vw_json_member(event, "requestParameters");
    struct vw_json response = vw_json_member(event, "responseElements");
    struct vw_json holder, request = unwrap(&outer, &holder);

    facts.egress = strstr(name, "Egress") != NULL;
    add_permissions(&facts, &request);
    add_modified_rules(&facts, &request, name);
    add_routes(&facts, &request);
    add_entry(&facts, &request);
    add_parameters(&facts, &request);
    add_ids(&facts, &request, 0);
    add_ids(&facts, &response, 0);
    return facts.error;
}
