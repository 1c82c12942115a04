/* Differences in words: what was added, removed or changed, and where it stands. */
#include "timeline/timeline.h"

#include <stdio.h>
#include <string.h>

#include "reach/rule_text.h"

#include <vpcwhy/error.h>

struct words {
    struct vw_timeline *timeline;
    const struct vw_snapshot *before, *after;
};

static const char *id_of(const struct vw_world *world, enum vw_object_kind kind,
                         uint32_t index)
{
    return index == VW_NONE ? "none" : vw_world_object(world, kind, index)->id;
}

static const char *destination(struct vw_timeline *timeline, const struct vw_world *world,
                               struct vw_prefix prefix, uint32_t prefix_list)
{
    char text[VW_PREFIX_TEXT];

    if (prefix.address.family == VW_FAMILY_NONE)
        return id_of(world, VW_OBJECT_PREFIX_LIST, prefix_list);
    return vw_timeline_say(timeline, "%s", vw_prefix_format(prefix, text));
}

static const char *word_route(struct vw_timeline *timeline, const struct vw_world *world,
                              const struct vw_route *route)
{
    static const char *const states[] = {
        [VW_ROUTE_ACTIVE] = "",
        [VW_ROUTE_BLACKHOLE] = " (blackhole)",
        [VW_ROUTE_FILTERED] = " (filtered)",
    };

    return vw_timeline_say(
        timeline, "%s -> %s%s",
        destination(timeline, world, route->destination, route->prefix_list),
        route->target_id ? route->target_id : "nothing", states[route->state]);
}

static const char *word_peer(struct vw_timeline *timeline, const struct vw_world *world,
                             const struct vw_group_rule *rule)
{
    switch (rule->peer_kind) {
    case VW_PEER_PREFIX:
        return destination(timeline, world, rule->prefix, VW_NONE);
    case VW_PEER_PREFIX_LIST:
        return id_of(world, VW_OBJECT_PREFIX_LIST, rule->prefix_list);
    case VW_PEER_GROUP:
        return id_of(world, VW_OBJECT_SECURITY_GROUP, rule->group);
    }
    return "";
}

static const char *word_acl_entry(struct vw_timeline *timeline,
                                  const struct vw_acl_entry *entry)
{
    char ports[VW_RULE_PORTS_TEXT], prefix[VW_PREFIX_TEXT];

    return vw_timeline_say(timeline, "%d %s %s %s", (int)entry->number,
                           entry->allow ? "allow" : "deny",
                           vw_rule_ports(entry->protocol, entry->from, entry->to, ports),
                           vw_prefix_format(entry->prefix, prefix));
}

static const char *word_transit_route(struct vw_timeline *timeline,
                                      const struct vw_world *world,
                                      const struct vw_transit_route *route)
{
    return vw_timeline_say(
        timeline, "%s -> %s%s",
        destination(timeline, world, route->destination, route->prefix_list),
        route->attachment_count
            ? id_of(world, VW_OBJECT_TRANSIT_ATTACHMENT, route->attachments[0])
            : "nothing",
        route->blackhole ? " (blackhole)" : "");
}

/* One value; NULL where a reader would not know what a bare number means. */
static const char *word_value(struct vw_timeline *timeline, const struct vw_world *world,
                              const struct vw_member *field, const void *holder)
{
    const unsigned char *at = (const unsigned char *)holder + field->offset;
    char text[VW_PREFIX_TEXT];
    struct vw_address address;
    struct vw_prefix prefix;
    const char *string;
    uint32_t index;
    uint16_t number;

    switch (field->type) {
    case VW_MEMBER_NUMBER:
        if (field->size == 1)
            return *at ? "on" : "off";
        if (field->size != sizeof number)
            return NULL;
        memcpy(&number, at, sizeof number);
        return vw_timeline_say(timeline, "%u", (unsigned)number);
    case VW_MEMBER_TEXT:
        memcpy(&string, at, sizeof string);
        return string ? string : "none";
    case VW_MEMBER_ADDRESS:
        memcpy(&address, at, sizeof address);
        return address.family == VW_FAMILY_NONE
                   ? "none"
                   : vw_timeline_say(timeline, "%s", vw_address_format(address, text));
    case VW_MEMBER_PREFIX:
        memcpy(&prefix, at, sizeof prefix);
        return vw_timeline_say(timeline, "%s", vw_prefix_format(prefix, text));
    case VW_MEMBER_REFERENCE:
        memcpy(&index, at, sizeof index);
        return id_of(world, field->refers, index);
    case VW_MEMBER_TARGET:
    case VW_MEMBER_LIST:
    case VW_MEMBER_DERIVED:
        return NULL;
    }
    return NULL;
}

/* "10.1.0.9/32", "us-east-1a": the keys of an element that has no words of its own. */
static const char *word_keys(struct vw_timeline *timeline, const struct vw_world *world,
                             const struct vw_shape *shape, const void *element)
{
    const char *words = "";

    for (size_t i = 0; i < shape->count; i++) {
        const char *value = shape->fields[i].role == VW_MEMBER_KEY
                                ? word_value(timeline, world, &shape->fields[i], element)
                                : NULL;

        if (value)
            words = vw_timeline_say(timeline, "%s%s%s", words, *words ? " " : "", value);
    }
    return words;
}

static const char *word_element(struct vw_timeline *timeline,
                                const struct vw_world *world,
                                const struct vw_shape *shape, const void *element)
{
    char ports[VW_RULE_PORTS_TEXT];
    const struct vw_group_rule *rule;

    switch (shape->element) {
    case VW_ELEMENT_PLAIN:
        return word_keys(timeline, world, shape, element);
    case VW_ELEMENT_ROUTE:
        return word_route(timeline, world, element);
    case VW_ELEMENT_GROUP_RULE:
        rule = element;
        return vw_timeline_say(timeline, "%s %s",
                               vw_rule_ports(rule->protocol, rule->from, rule->to, ports),
                               word_peer(timeline, world, rule));
    case VW_ELEMENT_ACL_ENTRY:
        return word_acl_entry(timeline, element);
    case VW_ELEMENT_TRANSIT_ROUTE:
        return word_transit_route(timeline, world, element);
    }
    return "";
}

static struct vw_place_in_export place_of(struct vw_source source)
{
    return (struct vw_place_in_export){source.file, source.pointer};
}

/* Of the element, or where it tells none of its object. */
static struct vw_place_in_export element_place(const struct vw_shape *shape,
                                               const void *element,
                                               const struct vw_object *object)
{
    struct vw_source source = {NULL, NULL};

    if (!element)
        return place_of(source);
    if (shape->source != SIZE_MAX)
        memcpy(&source, (const unsigned char *)element + shape->source, sizeof source);
    if (!source.file && object && object->exported)
        source = object->source;
    return place_of(source);
}

static const char *word_kind(const struct words *words,
                             const struct vw_difference *difference)
{
    const struct vw_snapshot *without = difference->is ? words->before : words->after;
    enum vw_object_kind kind = (enum vw_object_kind)difference->kind;

    return vw_timeline_say(words->timeline, "%s was made without %s, the other with it",
                           without->shown.name, vw_object_command(kind));
}

static const char *word_field(const struct words *words,
                              const struct vw_difference *difference, const char *holder,
                              const void *before, const void *after)
{
    const struct vw_member *field = difference->field;
    const char *was = word_value(words->timeline, words->before->world, field, before);
    const char *is = word_value(words->timeline, words->after->world, field, after);

    if (!was || !is)
        return vw_timeline_say(words->timeline, "%s of %s changed", field->name, holder);
    return vw_timeline_say(words->timeline, "%s of %s: %s becomes %s", field->name,
                           holder, was, is);
}

static const char *word_list(const struct words *words,
                             const struct vw_difference *difference, const char *holder)
{
    const struct vw_shape *shape = difference->field->shape;
    const char *was = NULL, *is = NULL;

    if (difference->was)
        was = word_element(words->timeline, words->before->world, shape,
                           difference->element_before);
    if (difference->is)
        is = word_element(words->timeline, words->after->world, shape,
                          difference->element_after);
    if (was && is && strcmp(was, is) == 0)
        return vw_timeline_say(words->timeline, "%s %s of %s changed",
                               difference->field->name, was, holder);
    if (was && is)
        return vw_timeline_say(words->timeline, "%s %s of %s becomes %s",
                               difference->field->name, was, holder, is);
    return vw_timeline_say(words->timeline, "%s %s %s %s", difference->field->name,
                           was ? was : is, was ? "removed from" : "added to", holder);
}

static const struct vw_object *object_in(const struct vw_snapshot *snapshot, int kind,
                                         uint32_t index)
{
    return kind == VW_OBJECT_KINDS || index == VW_NONE
               ? NULL
               : vw_world_object(snapshot->world, (enum vw_object_kind)kind, index);
}

/* "route table rtb-... (public-1)" */
static const char *word_object(struct vw_timeline *timeline, int kind,
                               const struct vw_object *object)
{
    if (!object)
        return "the account";
    return vw_timeline_say(timeline, "%s %s%s%s%s",
                           vw_object_noun((enum vw_object_kind)kind), object->id,
                           object->name ? " (" : "", object->name ? object->name : "",
                           object->name ? ")" : "");
}

static void word_change(const struct words *words, const struct vw_difference *difference,
                        struct vw_timeline_change *ret)
{
    const struct vw_object *before =
        object_in(words->before, difference->kind, difference->before);
    const struct vw_object *after =
        object_in(words->after, difference->kind, difference->after);
    const struct vw_object *object = after && after->exported ? after : before;
    struct vw_timeline *timeline = words->timeline;
    const char *holder;

    if (!object)
        object = after;
    holder = word_object(timeline, difference->kind, object);
    ret->component = object ? object->id : NULL;
    ret->component_name = object ? object->name : NULL;
    ret->follows = difference->follows;
    switch (difference->what) {
    case VW_DIFFERENCE_KIND:
        ret->sentence = word_kind(words, difference);
        return;
    case VW_DIFFERENCE_OBJECT:
        ret->sentence = vw_timeline_say(timeline, "%s %s", holder,
                                        difference->is ? "is new" : "is gone");
        break;
    case VW_DIFFERENCE_FIELD:
        ret->sentence = before && after
                            ? word_field(words, difference, holder, before, after)
                            : word_field(words, difference, holder, words->before->world,
                                         words->after->world);
        break;
    case VW_DIFFERENCE_ELEMENT:
        ret->sentence = word_list(words, difference, holder);
        ret->before =
            element_place(difference->field->shape, difference->element_before, before);
        ret->after =
            element_place(difference->field->shape, difference->element_after, after);
        return;
    }
    if (before && before->exported)
        ret->before = place_of(before->source);
    if (after && after->exported)
        ret->after = place_of(after->source);
}

int vw_timeline_word_changes(struct vw_timeline *timeline,
                             const struct vw_snapshot *before,
                             const struct vw_snapshot *after,
                             const struct vw_differences *differences,
                             struct vw_timeline_change *ret)
{
    const struct words words = {timeline, before, after};

    for (size_t i = 0; i < differences->count; i++)
        word_change(&words, &differences->items[i], &ret[i]);
    return timeline->failed ? VW_ERROR_NO_MEMORY : 0;
}
