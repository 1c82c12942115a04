/* Expectations against the incident's networks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include <vpcwhy/error.h>
#include <vpcwhy/policy.h>

#include "temporary.h"

#define AFTER "fixtures/ping-after-peering/exports"
#define BEFORE "fixtures/ping-before-peering/exports"
#define RULE(rest) "expectations:\n- {id: r, " rest "}\n"

struct expected {
    const char *name, *exports, *rules;
    const char *outcomes; /* of all results, with blanks between */
    const char *sentence; /* words of the first one's, or NULL */
};

static const struct expected table[] = {
    {"reachable, as expected", AFTER,
     RULE("from: instance-1, to: instance-2, proto: icmp, expect: reachable"), "holds",
     "reachable, as expected"},
    {"reachable, against it", AFTER,
     RULE("from: instance-1, to: instance-2, proto: icmp, expect: blocked"), "fails",
     "expected blocked, found reachable"},
    {"blocked, as expected", BEFORE,
     RULE("from: instance-1, to: instance-2, proto: icmp, expect: blocked"), "holds",
     NULL},
    {"blocked, against it", BEFORE,
     RULE("from: instance-1, to: instance-2, proto: icmp, expect: reachable"), "fails",
     "expected reachable, found blocked: "},
    {"a part is not the whole", AFTER,
     RULE("from: instance-1, to: 10.2.0.0/16, port: 22, expect: reachable"), "fails",
     "partial"},
    {"nor is it nothing", AFTER,
     RULE("from: instance-1, to: 10.2.0.0/16, port: 22, expect: blocked"), "fails",
     "partial"},
    {"an end that is not there", AFTER,
     RULE("from: instance-1, to: web-9, expect: blocked"), "unknown", "web-9"},
    {"an end that need not be there", AFTER,
     RULE("from: instance-1, to: web-9, expect: blocked, if_present: true"),
     "inapplicable", "web-9"},
    {"all instances", AFTER,
     RULE("from: internet, to: instances, port: 3389, expect: blocked"), "holds",
     "all 2 of 2"},
    {"each instance that fails", AFTER,
     RULE("from: internet, to: instances, port: 22, expect: blocked"), "fails fails",
     "expected blocked"},
    {"instances that send", AFTER,
     RULE("from: instances, to: 10.2.7.89, port: 22, expect: reachable"), "holds",
     "all 2 of 2"},
    {"some instances", BEFORE,
     RULE("from: instances, to: instance-1, port: 22, expect: reachable"), "fails holds",
     NULL},
};

static struct vw_world *load(const char *exports)
{
    struct vw_world *world = NULL;

    assert_int_equal(vw_world_load(&exports, 1, NULL, &world), 0);
    return world;
}

static struct vw_check *run(const struct vw_world *world, const char *path)
{
    struct vw_rules *rules = NULL;
    struct vw_check *check = NULL;

    assert_int_equal(vw_rules_load(&path, 1, NULL, &rules), 0);
    assert_int_equal(vw_check_run(world, rules, NULL, &check), 0);
    vw_rules_free(rules); /* the results do not need them */
    return check;
}

static void list_outcomes(const struct vw_check *check, char *text, size_t size)
{
    size_t used = 0;

    text[0] = '\0';
    for (size_t i = 0; i < check->result_count && used < size; i++)
        used += (size_t)snprintf(text + used, size - used, "%s%s", i ? " " : "",
                                 vw_outcome_slug(check->results[i].outcome));
}

static bool comes_out(struct temporary *temporary, const struct expected *row)
{
    struct vw_world *world = load(row->exports);
    struct vw_check *check =
        run(world, temporary_text(temporary, "rules.yaml", row->rules));
    char outcomes[128];
    bool good;

    list_outcomes(check, outcomes, sizeof outcomes);
    good = strcmp(outcomes, row->outcomes) == 0 && check->result_count != 0 &&
           (row->sentence == NULL ||
            strstr(check->results[0].sentence, row->sentence) != NULL);
    if (!good)
        print_error("%s: %s: %s\n", row->name, outcomes,
                    check->result_count == 0 ? "" : check->results[0].sentence);
    assert_int_equal(check->holds + check->fails + check->unknown + check->inapplicable,
                     check->result_count);
    vw_check_free(check);
    vw_world_free(world);
    return good;
}

static void verdicts_come_to_outcomes(void **state)
{
    struct temporary temporary;
    size_t bad = 0;

    (void)state;
    temporary_open(&temporary);
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        bad += !comes_out(&temporary, &table[i]);
    temporary_close(&temporary);
    assert_int_equal(bad, 0);
}

static void stock_rules_hold_after_the_incident(void **state)
{
    struct vw_world *world = load(AFTER);
    struct vw_check *check = run(world, "rules");

    (void)state;
    assert_int_equal(check->fails + check->unknown, 0);
    assert_int_equal(check->holds, check->result_count);
    assert_true(check->result_count > 5);
    vw_check_free(check);
    vw_world_free(world);
}

static void results_say_what_was_asked(void **state)
{
    struct temporary temporary;
    struct vw_world *world = load(AFTER);
    const struct vw_check_result *result;
    struct vw_check *check;

    (void)state;
    temporary_open(&temporary);
    check = run(world, temporary_text(&temporary, "rules.yaml",
                                      RULE("from: internet, to: instances, port: 22, "
                                           "proto: tcp, expect: blocked, why: no ssh")));
    result = &check->results[0];
    assert_string_equal(result->id, "r");
    assert_string_equal(result->why, "no ssh");
    assert_string_equal(result->protocol, "tcp");
    assert_string_equal(result->from, "internet");
    assert_non_null(strstr(result->to, "i-")); /* with the address that was asked */
    assert_non_null(strchr(result->to, '('));
    assert_true(result->has_ports && result->ports.first == 22);
    assert_int_equal(result->line, 2);
    assert_non_null(result->trace);
    assert_int_equal(result->trace->verdict, VW_VERDICT_REACHABLE);
    vw_check_free(check);
    vw_world_free(world);
    temporary_close(&temporary);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(verdicts_come_to_outcomes),
        cmocka_unit_test(stock_rules_hold_after_the_incident),
        cmocka_unit_test(results_say_what_was_asked),
    };

    return cmocka_run_group_tests_name("check", tests, NULL, NULL);
}
