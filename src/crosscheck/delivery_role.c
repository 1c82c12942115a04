/* Delivery to CloudWatch Logs: the role that delivers. See delivery.c. */
#include <string.h>

#include "crosscheck/delivery.h"

#define SERVICE "vpc-flow-logs.amazonaws.com"

static const char *const actions[] = {"logs:CreateLogGroup", "logs:CreateLogStream",
                                      "logs:PutLogEvents", "logs:DescribeLogGroups",
                                      "logs:DescribeLogStreams"};
enum { ACTIONS = sizeof actions / sizeof *actions };

/* What the export has of the role's policies. */
struct holdings {
    const char *role; /* its name */
    bool knows_inlines, knows_attached;
    const char *missing_inline;   /* its name; not exported */
    const char *missing_attached; /* its ARN; not exported */
};

static const char *name_of_arn(const char *arn)
{
    const char *slash = strrchr(arn, '/');

    return slash ? slash + 1 : arn;
}

static const struct vw_iam_role *find_role(const struct vw_iam *iam, const char *arn)
{
    size_t i;

    for (i = 0; i < iam->role_count; i++) {
        const struct vw_iam_role *role = &iam->roles[i];

        if (role->arn ? strcmp(role->arn, arn) == 0
                      : strcmp(role->name, name_of_arn(arn)) == 0)
            return role;
    }
    return NULL;
}

/* ---- trust ---- */

static void check_account(struct vw_deliverer *it, struct vw_source source)
{
    const char *role = it->log->role, *at = strstr(role, ":iam::");
    size_t size = at ? strcspn(at + 6, ":") : 0;

    if (!it->account || size == 0 ||
        (strlen(it->account) == size && strncmp(at + 6, it->account, size) == 0))
        return;
    vw_delivery_find(it, (struct vw_delivery_finding){
                             .verdict = VW_DELIVERY_FAILS,
                             .sentence = vw_delivery_say(
                                 it,
                                 "the role is of account %.*s, the flow log of "
                                 "%s: it must be of the same",
                                 (int)size, at + 6, it->account),
                             .source = {source.file, source.pointer}});
}

static void check_trust(struct vw_deliverer *it, const struct vw_iam_role *role)
{
    struct vw_iam_fact facts[2];
    struct vw_iam_call call = {
        .service = SERVICE, .action = "sts:AssumeRole", .facts = facts};
    struct vw_iam_near near = {.statement = NULL};
    bool known = it->account && it->region;
    const char *arn = vw_delivery_say(
        it, known ? "arn:%s:ec2:%s:%s:vpc-flow-log/%s" : "arn:%s:ec2:", it->partition,
        it->region, it->account, it->log->object.id);

    facts[call.fact_count++] = (struct vw_iam_fact){"aws:SourceArn", {arn, !known}};
    if (it->account)
        facts[call.fact_count++] =
            (struct vw_iam_fact){"aws:SourceAccount", {it->account, false}};
    vw_delivery_refused(
        it, vw_iam_ask(&role->trust, &call, &near),
        vw_delivery_say(it, "%s assume role %s (its trust policy)", SERVICE, role->name),
        "{\"Effect\": \"Allow\", \"Principal\": {\"Service\": \"" SERVICE "\"}, "
        "\"Action\": \"sts:AssumeRole\"}",
        &near, role->trust.source);
}

/* ---- permissions ---- */

/* "path.name" of "arn:aws:iam::aws:policy/path/name", as files are named. */
static bool is_named(const char *arn, const char *name)
{
    const char *at = strstr(arn, ":policy/");

    if (!at)
        return false;
    for (at += strlen(":policy/"); *at && *name; at++, name++)
        if (*at != *name && !(*at == '/' && *name == '.'))
            return false;
    return !*at && !*name;
}

static const struct vw_iam_policy *find_managed(const struct vw_iam *iam, const char *arn)
{
    size_t i;

    for (i = 0; i < iam->managed_count; i++) {
        const struct vw_iam_managed *managed = &iam->managed[i];

        if (managed->is_arn ? strcmp(managed->id, arn) == 0 : is_named(arn, managed->id))
            return &managed->policy;
    }
    return NULL;
}

static bool has_inline(const struct vw_iam *iam, const char *role, const char *name)
{
    size_t i;

    for (i = 0; i < iam->inline_count; i++)
        if (strcmp(iam->inlines[i].role, role) == 0 && iam->inlines[i].name &&
            strcmp(iam->inlines[i].name, name) == 0)
            return true;
    return false;
}

static struct holdings hold(const struct vw_iam *iam, const char *role)
{
    struct holdings holdings = {.role = role};
    size_t i, j;

    for (i = 0; i < iam->list_count; i++) {
        const struct vw_iam_list *list = &iam->lists[i];

        if (strcmp(list->role, role) != 0)
            continue;
        if (list->is_attached)
            holdings.knows_attached = true;
        else
            holdings.knows_inlines = true;
        for (j = 0; j < list->names.count; j++) {
            const char *name = list->names.items[j];

            if (list->is_attached && !find_managed(iam, name))
                holdings.missing_attached = name;
            else if (!list->is_attached && !has_inline(iam, role, name))
                holdings.missing_inline = name;
        }
    }
    return holdings;
}

static enum vw_iam_answer worst_or_best(enum vw_iam_answer a, enum vw_iam_answer b)
{
    return a > b ? a : b; /* DENIED is the greatest: it beats all that is allowed */
}

/* What all exported policies of the role say together. */
static enum vw_iam_answer ask_all(const struct vw_iam *iam, const char *role,
                                  const struct vw_iam_call *call,
                                  struct vw_iam_near *near)
{
    enum vw_iam_answer answer = VW_IAM_NO;
    size_t i, j;

    for (i = 0; i < iam->inline_count; i++)
        if (strcmp(iam->inlines[i].role, role) == 0)
            answer =
                worst_or_best(answer, vw_iam_ask(&iam->inlines[i].policy, call, near));
    for (i = 0; i < iam->list_count; i++) {
        const struct vw_iam_list *list = &iam->lists[i];

        if (!list->is_attached || strcmp(list->role, role) != 0)
            continue;
        for (j = 0; j < list->names.count; j++) {
            const struct vw_iam_policy *policy = find_managed(iam, list->names.items[j]);

            if (policy)
                answer = worst_or_best(answer, vw_iam_ask(policy, call, near));
        }
    }
    return answer;
}

/* The log group's name: told, or out of its ARN. */
static const char *group_of(struct vw_deliverer *it)
{
    const char *at = it->log->group_name;
    size_t size;

    if (at || !it->log->destination)
        return at;
    at = strstr(it->log->destination, ":log-group:");
    if (!at)
        return NULL;
    at += strlen(":log-group:");
    size = strcspn(at, ":");
    return vw_delivery_say(it, "%.*s", (int)size, at);
}

/* The forms in which a log group, its streams and all of them are written. */
static void find_resources(struct vw_deliverer *it, bool all,
                           struct vw_iam_value resources[2])
{
    const char *group = group_of(it);
    bool known = it->account && it->region && (group || all);
    const char *arn = vw_delivery_say(
        it, known ? "arn:%s:logs:%s:%s:log-group:%s" : "arn:%s:logs:", it->partition,
        it->region, it->account, all ? "" : group);

    resources[0] = (struct vw_iam_value){arn, !known || all};
    resources[1] = resources[0];
    if (known && !all)
        resources[1] = (struct vw_iam_value){vw_delivery_say(it, "%s:", arn), true};
}

/* "logs:A, logs:B" of the actions with that answer, and the statement that allows them. */
static void report(struct vw_deliverer *it, const struct holdings *holdings,
                   const enum vw_iam_answer answers[ACTIONS],
                   const struct vw_iam_near nears[ACTIONS], enum vw_iam_answer answer,
                   struct vw_source source)
{
    const char *names = "", *quoted = "";
    const struct vw_iam_near *near = NULL;
    size_t i;

    for (i = 0; i < ACTIONS; i++) {
        if (answers[i] != answer)
            continue;
        near = near ? near : &nears[i];
        names = vw_delivery_say(it, "%s%s%s", names, *names ? ", " : "", actions[i]);
        quoted =
            vw_delivery_say(it, "%s%s\"%s\"", quoted, *quoted ? ", " : "", actions[i]);
    }
    if (near)
        vw_delivery_refused(
            it, answer, vw_delivery_say(it, "role %s call %s", holdings->role, names),
            vw_delivery_say(it,
                            "{\"Effect\": \"Allow\", \"Action\": [%s], \"Resource\": "
                            "\"*\"}",
                            quoted),
            near, near->statement ? near->statement->source : source);
}

/* Policies of the role that are not exported may allow what the others do not. */
static bool report_missing(struct vw_deliverer *it, const struct holdings *holdings)
{
    const char *role = holdings->role;

    if (holdings->missing_attached)
        vw_delivery_missing(
            it,
            vw_delivery_say(it, "policy %s of role %s is not in the export",
                            holdings->missing_attached, role),
            vw_delivery_say(it,
                            "aws iam get-policy-version --policy-arn %s --version-id "
                            "VERSION",
                            holdings->missing_attached));
    else if (holdings->missing_inline)
        vw_delivery_missing(
            it,
            vw_delivery_say(it, "policy %s of role %s is not in the export",
                            holdings->missing_inline, role),
            vw_delivery_say(it, "aws iam get-role-policy --role-name %s --policy-name %s",
                            role, holdings->missing_inline));
    else if (!holdings->knows_attached)
        vw_delivery_missing(
            it,
            vw_delivery_say(it, "which policies role %s has attached is not exported",
                            role),
            vw_delivery_say(it, "aws iam list-attached-role-policies --role-name %s",
                            role));
    else if (!holdings->knows_inlines)
        vw_delivery_missing(
            it,
            vw_delivery_say(it, "which policies role %s holds itself is not exported",
                            role),
            vw_delivery_say(it, "aws iam list-role-policies --role-name %s", role));
    else
        return false;
    return true;
}

static void check_permissions(struct vw_deliverer *it, const struct vw_iam_role *role)
{
    const struct vw_iam *iam = &it->world->iam;
    struct holdings holdings = hold(iam, role->name);
    enum vw_iam_answer answers[ACTIONS];
    struct vw_iam_near nears[ACTIONS] = {{.statement = NULL}};
    bool lacks = false;
    size_t i;

    for (i = 0; i < ACTIONS; i++) {
        struct vw_iam_value resources[2];
        struct vw_iam_call call = {
            .action = actions[i], .resources = resources, .resource_count = 2};

        find_resources(it, strcmp(actions[i], "logs:DescribeLogGroups") == 0, resources);
        answers[i] = ask_all(iam, role->name, &call, &nears[i]);
        lacks = lacks || answers[i] == VW_IAM_NO;
    }
    if (!lacks || !report_missing(it, &holdings))
        report(it, &holdings, answers, nears, VW_IAM_NO, role->source);
    report(it, &holdings, answers, nears, VW_IAM_MAYBE, role->source);
    report(it, &holdings, answers, nears, VW_IAM_DENIED, role->source);
}

void vw_delivery_to_group(struct vw_deliverer *it)
{
    const struct vw_iam_role *role;

    if (!it->log->role) {
        vw_delivery_missing(it, "the export does not say which role delivers it", NULL);
        return;
    }
    role = find_role(&it->world->iam, it->log->role);
    if (!role || !role->has_trust) {
        vw_delivery_missing(it,
                            vw_delivery_say(it, "role %s is not in the export",
                                            name_of_arn(it->log->role)),
                            vw_delivery_say(it, "aws iam get-role --role-name %s",
                                            name_of_arn(it->log->role)));
        return;
    }
    check_account(it, role->source);
    check_trust(it, role);
    check_permissions(it, role);
    if (it->log->cross_role)
        vw_delivery_missing(it,
                            "it is delivered to another account, whose role is not "
                            "checked",
                            NULL);
}
