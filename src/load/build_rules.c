/*
 * Security groups and network ACLs. A permission becomes one rule a source. The rules of
 * describe-security-group-rules are used where a group's own permissions of that
 * direction are not in the export.
 */
#include "load/build.h"

#include <stdlib.h>
#include <string.h>

#include <vpcwhy/error.h>

enum { ICMP = 1, TCP = 6, UDP = 17, ICMPV6 = 58 };

/* FromPort and ToPort mean something for these protocols only; -1 is any. */
static int32_t bound(const struct vw_number *protocol, const struct vw_number *number)
{
    if (!number->is_known || (protocol->value != TCP && protocol->value != UDP &&
                              protocol->value != ICMP && protocol->value != ICMPV6))
        return -1;
    return (int32_t)number->value;
}

/* ---- security groups ---- */

/* A group of a peered VPC or of another account need not be in the export. */
static int refer_group(struct vw_loader *loader, const struct vw_item *item,
                       const struct vw_pair_record *pair, const char *pointer,
                       struct vw_group_rule *rule)
{
    bool is_foreign = pair->peering || (pair->account && item->account &&
                                        strcmp(pair->account, item->account) != 0);
    struct vw_referrer referrer = {loader, item, pointer, NULL, is_foreign};

    rule->peer_kind = VW_PEER_GROUP;
    rule->peering_id = pair->peering;
    rule->peering_status = pair->peering_status;
    return vw_refer(&referrer, VW_OBJECT_SECURITY_GROUP, pair->group, &rule->group);
}

static int refer_list(struct vw_loader *loader, const struct vw_item *item,
                      const char *id, const char *pointer, struct vw_group_rule *rule)
{
    struct vw_referrer referrer = {loader, item, pointer, NULL, false};

    rule->peer_kind = VW_PEER_PREFIX_LIST;
    return vw_refer(&referrer, VW_OBJECT_PREFIX_LIST, id, &rule->prefix_list);
}

static void add_prefixes(const struct vw_list *list, struct vw_group_rule template,
                         struct vw_group_rules *rules)
{
    const struct vw_cidr_record *cidrs = list->items;
    size_t i;

    for (i = 0; i < list->count; i++) {
        template.prefix = cidrs[i].prefix;
        template.source.pointer = cidrs[i].pointer;
        rules->items[rules->count++] = template;
    }
}

static int add_permission(struct vw_loader *loader, const struct vw_item *item,
                          const struct vw_permission_record *record,
                          struct vw_group_rules *rules)
{
    const struct vw_id_record *lists = record->prefix_lists.items;
    const struct vw_pair_record *pairs = record->pairs.items;
    struct vw_group_rule template = {.protocol = (int)record->protocol.value,
                                     .from = bound(&record->protocol, &record->from),
                                     .to = bound(&record->protocol, &record->to),
                                     .prefix_list = VW_NONE,
                                     .group = VW_NONE,
                                     .source =
                                         vw_item_source(loader, item, record->pointer)};
    size_t i;
    int error = 0;

    add_prefixes(&record->ipv4, template, rules);
    add_prefixes(&record->ipv6, template, rules);
    for (i = 0; i < record->prefix_lists.count && !error; i++) {
        struct vw_group_rule *rule = &rules->items[rules->count++];
        *rule = template;
        rule->source.pointer = lists[i].pointer;
        error = refer_list(loader, item, lists[i].id, lists[i].pointer, rule);
    }
    for (i = 0; i < record->pairs.count && !error; i++) {
        struct vw_group_rule *rule = &rules->items[rules->count++];
        *rule = template;
        rule->source.pointer = pairs[i].pointer;
        error = refer_group(loader, item, &pairs[i], pairs[i].pointer, rule);
    }
    return error;
}

static int build_permissions(struct vw_loader *loader, const struct vw_item *item,
                             const struct vw_list *list, struct vw_group_rules *ret)
{
    const struct vw_permission_record *records = list->items;
    struct vw_group_rules rules = {NULL, 0};
    size_t count = 0, i;
    int error = 0;

    for (i = 0; i < list->count; i++)
        count += records[i].ipv4.count + records[i].ipv6.count +
                 records[i].prefix_lists.count + records[i].pairs.count;
    rules.items = vw_arena_array(&loader->world->arena, count, sizeof *rules.items);
    if (!rules.items)
        return VW_ERROR_NO_MEMORY;
    for (i = 0; i < list->count && !error; i++)
        error = add_permission(loader, item, &records[i], &rules);
    if (!error)
        *ret = rules;
    return error;
}

static int build_group(struct vw_loader *loader, const struct vw_item *item)
{
    const struct vw_group_record *record = item->record;
    struct vw_referrer referrer = {loader, item, NULL, NULL, false};
    struct vw_group_rules ingress, egress;
    struct vw_security_group *group;
    uint32_t index, vpc;
    int error = vw_build_start(loader, VW_OBJECT_SECURITY_GROUP, item, &index);

    if (!error)
        error = vw_refer(&referrer, VW_OBJECT_VPC, record->vpc, &vpc);
    if (!error)
        error = build_permissions(loader, item, &record->ingress, &ingress);
    if (!error)
        error = build_permissions(loader, item, &record->egress, &egress);
    if (error)
        return error;
    group = vw_world_edit_security_group(loader->world, index);
    vw_build_head(loader, item, &group->object, record->name, NULL);
    group->group_name = record->group_name;
    group->vpc = vpc;
    group->ingress = ingress;
    group->egress = egress;
    return 0;
}

/* ---- SecurityGroupRules ---- */

struct filing {
    uint32_t group; /* index of the group */
    bool is_egress;
    const struct vw_item *item;
};

static int compare_filings(const void *a, const void *b)
{
    const struct filing *x = a;
    const struct filing *y = b;

    if (x->group != y->group)
        return x->group < y->group ? -1 : 1;
    if (x->is_egress != y->is_egress)
        return x->is_egress - y->is_egress;
    return x->item < y->item ? -1 : x->item > y->item;
}

static int build_rule(struct vw_loader *loader, const struct vw_item *item,
                      struct vw_group_rule *ret)
{
    const struct vw_group_rule_record *record = item->record;
    struct vw_group_rule rule = {.protocol = (int)record->protocol.value,
                                 .from = bound(&record->protocol, &record->from),
                                 .to = bound(&record->protocol, &record->to),
                                 .prefix_list = VW_NONE,
                                 .group = VW_NONE,
                                 .rule_id = record->id,
                                 .source = vw_item_source(loader, item, record->pointer)};
    int error = 0;

    if (record->prefix_list)
        error = refer_list(loader, item, record->prefix_list, record->pointer, &rule);
    else if (record->pair.group)
        error = refer_group(loader, item, &record->pair, record->pointer, &rule);
    else
        rule.prefix =
            record->ipv4.address.family != VW_FAMILY_NONE ? record->ipv4 : record->ipv6;
    if (!error)
        *ret = rule;
    return error;
}

/* The filings [start, end) are one direction of one group. */
static int build_direction(struct vw_loader *loader, const struct filing *filings,
                           size_t count)
{
    struct vw_security_group *group =
        vw_world_edit_security_group(loader->world, filings->group);
    struct vw_group_rules rules = {NULL, 0};
    bool is_egress = filings->is_egress;
    int error = 0;

    if ((is_egress ? group->egress : group->ingress).count > 0)
        return 0;
    rules.items = vw_arena_array(&loader->world->arena, count, sizeof *rules.items);
    if (!rules.items)
        return VW_ERROR_NO_MEMORY;
    for (; rules.count < count && !error; rules.count++)
        error = build_rule(loader, filings[rules.count].item, &rules.items[rules.count]);
    /* Referring to groups may have moved their table. */
    group = vw_world_edit_security_group(loader->world, filings->group);
    if (is_egress)
        group->egress = rules;
    else
        group->ingress = rules;
    if (loader->has_lost_rule)
        group->object.exported = false;
    return error;
}

/* A group of which only rules were exported stands where its first rule does. */
static int start_group(struct vw_loader *loader, const struct vw_item *item,
                       uint32_t *ret_index)
{
    const struct vw_group_rule_record *record = item->record;
    struct vw_item group = *item;
    struct vw_security_group *made;
    int error;

    if (vw_world_find(loader->world, VW_OBJECT_SECURITY_GROUP, record->group,
                      ret_index) &&
        *ret_index < loader->mentions[VW_OBJECT_SECURITY_GROUP].count &&
        loader->mentions[VW_OBJECT_SECURITY_GROUP].items[*ret_index].is_built) {
        /* Read in part, a rule may be the one that decides. */
        if (item->is_incomplete)
            vw_world_edit_security_group(loader->world, *ret_index)->object.exported =
                false;
        return 0;
    }
    group.id = record->group;
    error = vw_build_start(loader, VW_OBJECT_SECURITY_GROUP, &group, ret_index);
    if (error)
        return error;
    made = vw_world_edit_security_group(loader->world, *ret_index);
    vw_build_head(loader, &group, &made->object, NULL, NULL);
    vw_diagnose(loader->diagnostics, VW_SEVERITY_NOTE, "rules-only",
                (struct vw_place){.file = made->object.source.file,
                                  .pointer = made->object.source.pointer},
                "security group \"%s\" is known by its rules only (add %s)",
                record->group, vw_object_command(VW_OBJECT_SECURITY_GROUP));
    return 0;
}

static int build_filings(struct vw_loader *loader, struct filing *filings, size_t count)
{
    size_t start, end;
    int error = 0;

    qsort(filings, count, sizeof *filings, compare_filings);
    for (start = 0; start < count && !error; start = end) {
        for (end = start + 1; end < count && filings[end].group == filings[start].group &&
                              filings[end].is_egress == filings[start].is_egress;
             end++)
            ;
        error = build_direction(loader, filings + start, end - start);
    }
    return error;
}

static int build_group_rules(struct vw_loader *loader)
{
    size_t count = loader->rules.count, used = 0, i;
    struct filing *filings = vw_arena_array(&loader->scratch, count, sizeof *filings);

    if (!filings)
        return VW_ERROR_NO_MEMORY;
    for (i = 0; i < count; i++) {
        const struct vw_item *item = &loader->rules.items[i];
        const struct vw_group_rule_record *record = item->record;
        struct filing filing = {VW_NONE, record->egress == VW_FLAG_YES, item};
        int error;

        if (!record->group) {
            loader->has_lost_rule = true; /* said when it was read */
            continue;
        }
        error = start_group(loader, item, &filing.group);
        if (error)
            return error;
        if (!item->is_incomplete)
            filings[used++] = filing;
    }
    return build_filings(loader, filings, used);
}

/* ---- network ACLs ---- */

static struct vw_acl_entry build_entry(struct vw_loader *loader,
                                       const struct vw_item *item,
                                       const struct vw_entry_record *record)
{
    bool is_icmp = record->protocol.value == ICMP || record->protocol.value == ICMPV6;

    return (struct vw_acl_entry){
        .number = (int32_t)record->number.value,
        .allow = record->action == VW_WORD_ALLOW,
        .protocol = (int)record->protocol.value,
        .from = bound(&record->protocol, is_icmp ? &record->icmp_type : &record->from),
        .to = bound(&record->protocol, is_icmp ? &record->icmp_code : &record->to),
        .prefix =
            record->ipv4.address.family != VW_FAMILY_NONE ? record->ipv4 : record->ipv6,
        .source = vw_item_source(loader, item, record->pointer)};
}

static int build_entries(struct vw_loader *loader, const struct vw_item *item,
                         struct vw_acl_entries *ret_ingress,
                         struct vw_acl_entries *ret_egress)
{
    const struct vw_acl_record *record = item->record;
    const struct vw_entry_record *entries = record->entries.items;
    struct vw_acl_entries ingress = {NULL, 0}, egress = {NULL, 0};
    size_t i;

    ingress.items = vw_arena_array(&loader->world->arena, record->entries.count,
                                   sizeof *ingress.items);
    if (!ingress.items)
        return VW_ERROR_NO_MEMORY;
    for (i = 0; i < record->entries.count; i++)
        if (entries[i].egress == VW_FLAG_NO)
            ingress.items[ingress.count++] = build_entry(loader, item, &entries[i]);
    egress.items = ingress.items + ingress.count;
    for (i = 0; i < record->entries.count; i++)
        if (entries[i].egress == VW_FLAG_YES)
            egress.items[egress.count++] = build_entry(loader, item, &entries[i]);
    *ret_ingress = ingress;
    *ret_egress = egress;
    return 0;
}

static int build_acl(struct vw_loader *loader, const struct vw_item *item)
{
    const struct vw_acl_record *record = item->record;
    const struct vw_id_record *subnets = record->subnets.items;
    struct vw_referrer referrer = {loader, item, NULL, NULL, false};
    struct vw_acl_entries ingress, egress;
    struct vw_network_acl *acl;
    uint32_t index, vpc, subnet;
    size_t i;
    int error = vw_build_start(loader, VW_OBJECT_NETWORK_ACL, item, &index);

    if (!error)
        error = vw_refer(&referrer, VW_OBJECT_VPC, record->vpc, &vpc);
    if (!error)
        error = build_entries(loader, item, &ingress, &egress);
    if (error)
        return error;
    acl = vw_world_edit_network_acl(loader->world, index);
    vw_build_head(loader, item, &acl->object, record->name, NULL);
    acl->vpc = vpc;
    acl->is_default = record->is_default == VW_FLAG_YES;
    acl->ingress = ingress;
    acl->egress = egress;
    for (i = 0; i < record->subnets.count; i++) {
        referrer.pointer = subnets[i].pointer;
        error = vw_refer(&referrer, VW_OBJECT_SUBNET, subnets[i].id, &subnet);
        if (error)
            return error;
        vw_world_edit_subnet(loader->world, subnet)->network_acl = index;
        vw_world_edit_subnet(loader->world, subnet)->network_acl_association =
            subnets[i].association;
    }
    return 0;
}

int vw_build_rules(struct vw_loader *loader)
{
    const struct vw_items *groups = &loader->items[VW_OBJECT_SECURITY_GROUP];
    const struct vw_items *acls = &loader->items[VW_OBJECT_NETWORK_ACL];
    size_t i;
    int error = 0;

    for (i = 0; i < groups->count && !error; i++)
        error = build_group(loader, &groups->items[i]);
    if (!error)
        error = build_group_rules(loader);
    for (i = 0; i < acls->count && !error; i++)
        error = build_acl(loader, &acls->items[i]);
    return error;
}
