/* Rules files: what is read, and where each fault is said to be. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <vpcwhy/error.h>

#include "policy/rules.h"
#include "policy/yaml.h"
#include "temporary.h"

#define ONE "- {id: a, from: x, to: y, expect: blocked}\n"

/* A file and its faults: "line:column code" each, with blanks between. */
struct bad {
    const char *name, *text, *faults;
};

static const struct bad bads[] = {
    {"empty file", "", "0:0 rules-shape"},
    {"only a comment", "# nothing\n", "0:0 rules-shape"},
    {"null", "~\n", "1:1 rules-shape"},
    {"a list", "- a\n", "1:1 rules-shape"},
    {"no expectations", "version: 1\n", "1:1 rules-shape"},
    {"nothing expected", "expectations: []\n", "0:0 rules-empty"},
    {"expectations is a word", "expectations: x\n", "1:15 rule-type"},
    {"an expectation is a word", "expectations:\n- a\n", "2:3 rule-type"},
    {"another version", "version: 2\nexpectations:\n" ONE, "1:10 rules-version"},
    {"unknown key of the file", "rules: 1\nexpectations:\n" ONE, "1:1 rule-unknown-key"},
    {"the list twice", "expectations:\n" ONE "expectations:\n" ONE,
     "3:1 rule-duplicate-key"},
    {"unknown key",
     "expectations:\n- {id: a, from: x, to: y, expect: blocked, colour: b}\n",
     "2:44 rule-unknown-key"},
    {"the same key twice",
     "expectations:\n- id: a\n  from: x\n  to: y\n  expect: blocked\n  from: z\n",
     "6:3 rule-duplicate-key"},
    {"keys missing", "expectations:\n- id: a\n",
     "2:3 rule-missing-key 2:3 rule-missing-key 2:3 rule-missing-key"},
    {"no values", "expectations:\n- id:\n  from: ~\n  to: null\n  expect: \"\"\n",
     "2:6 rule-empty 3:9 rule-empty 4:7 rule-empty 5:11 rule-empty"},
    {"a list for a value",
     "expectations:\n- {id: [a], from: x, to: y, expect: blocked}\n", "2:8 rule-type"},
    {"an id twice", "expectations:\n" ONE ONE, "3:8 rule-duplicate-id"},
    {"all faults of fields",
     "expectations:\n- id: a\n  from: x\n  to: y\n  proto: nope\n  port: 70000\n"
     "  source_port: 9-1\n  icmp_type: 256\n  expect: maybe\n  if_present: yes\n",
     "5:10 rule-proto 6:9 rule-port 7:16 rule-port 8:14 rule-icmp-type 9:11 rule-expect "
     "10:15 rule-if-present"},
    {"networks is a word", "networks: x\n", "1:11 rule-type"},
    {"a network is a word", "networks:\n- a\n", "2:3 rule-type"},
    {"a network without all", "networks:\n- why: a\n",
     "2:3 rule-missing-key 2:3 rule-missing-key"},
    {"no CIDR", "networks:\n- {name: a, cidrs: []}\n", "2:20 rule-type"},
    {"bad CIDRs", "networks:\n- {name: a, cidrs: [x, 10.0.0.1/8, [10.0.0.0/8]]}\n",
     "2:21 network-cidr 2:24 network-cidr 2:36 rule-type"},
    {"another way", "networks:\n- {name: a, cidrs: [10.0.0.0/8], via: pcx-1}\n",
     "2:39 network-via"},
    {"a key no network has", "networks:\n- {name: a, cidrs: [10.0.0.0/8], cidr: b}\n",
     "2:34 rule-unknown-key"},
    {"a key of a network twice", "networks:\n- {name: a, cidrs: [10.0.0.0/8], name: b}\n",
     "2:34 rule-duplicate-key"},
    {"a name of nothing", "networks:\n- {name: , cidrs: [10.0.0.0/8]}\n",
     "2:10 rule-empty"},
    {"a network twice",
     "networks:\n- {name: a, cidrs: [10.0.0.0/8]}\n- {name: a, cidrs: [11.0.0.0/8]}\n",
     "3:10 network-duplicate"},
    {"a port of icmp",
     "expectations:\n- {id: a, from: x, to: y, proto: icmp, port: 1, expect: blocked}\n",
     "2:3 rule-port-of-icmp"},
    {"a type of tcp",
     "expectations:\n- {id: a, from: x, to: y, proto: tcp, icmp_type: 8, expect: "
     "blocked}\n",
     "2:3 rule-icmp-type-of-other"},
    {"instances at both ends",
     "expectations:\n- {id: a, from: instances, to: instances, expect: blocked}\n",
     "2:3 rule-selectors"},
    {"an anchor", "expectations: &x\n" ONE, "1:15 yaml-anchor"},
    {"an alias", "a: &x b\nexpectations: *x\n", "1:4 yaml-anchor 2:15 yaml-alias"},
    {"a tag", "expectations: !!seq\n" ONE, "1:15 yaml-tag"},
    {"a second document", "expectations:\n" ONE "---\nx: 1\n", "3:1 yaml-documents"},
    {"a key that is a list", "? [a, b]\n: c\n", "1:3 yaml-key"},
    {"a tab", "expectations:\n\t- id: a\n", "2:1 yaml-tab"},
    {"no end of a text", "expectations: \"abc\n", "2:1 yaml-syntax"},
    {"bytes that are no UTF-8", "version: 1\nexpectations: \xff\xfe\n",
     "2:15 yaml-bytes"},
    {"a NUL in a text",
     "expectations:\n- {id: \"a\\0b\", from: x, to: y, expect: blocked}\n",
     "2:8 yaml-nul"},
};

static struct temporary temporary;

static int set_up(void **state)
{
    (void)state;
    temporary_open(&temporary);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    temporary_close(&temporary);
    return 0;
}

static void list_faults(const struct vw_diagnostics *diagnostics, char *text, size_t size)
{
    size_t used = 0;

    text[0] = '\0';
    for (size_t i = 0; i < vw_diagnostics_count(diagnostics) && used < size; i++) {
        const struct vw_diagnostic *entry = vw_diagnostics_get(diagnostics, i);

        assert_non_null(entry->file);
        used += (size_t)snprintf(text + used, size - used, "%s%llu:%llu %s", i ? " " : "",
                                 (unsigned long long)entry->line,
                                 (unsigned long long)entry->column, entry->code);
    }
}

static bool faults_are(const struct bad *bad)
{
    const char *path = temporary_text(&temporary, "bad.yaml", bad->text);
    struct vw_diagnostics *diagnostics = vw_diagnostics_create();
    struct vw_rules *rules = NULL;
    char found[512];
    bool good;

    assert_int_equal(vw_rules_load(&path, 1, diagnostics, &rules), VW_ERROR_INPUT);
    assert_null(rules);
    list_faults(diagnostics, found, sizeof found);
    good = strcmp(found, bad->faults) == 0;
    if (!good)
        print_error("%s: %s\n", bad->name, found);
    vw_diagnostics_free(diagnostics);
    return good;
}

static void faults_have_places(void **state)
{
    size_t bad = 0;

    (void)state;
    for (size_t i = 0; i < sizeof bads / sizeof bads[0]; i++)
        bad += !faults_are(&bads[i]);
    assert_int_equal(bad, 0);
}

static void fields_are_read(void **state)
{
    const char *path = temporary_text(
        &temporary, "good.yaml",
        "version: 1\nexpectations:\n- id: web\n  from: internet\n  to: web-1\n"
        "  proto: tcp\n  port: 8000-8010\n  source_port: '1024'\n  expect: reachable\n"
        "  why: our shop\n  if_present: true\n- {id: ping, from: a, to: b, proto: icmp, "
        "icmp_type: 8, expect: blocked}\n");
    const struct vw_expectation_rule *rule;
    struct vw_rules *rules = NULL;

    (void)state;
    assert_int_equal(vw_rules_load(&path, 1, NULL, &rules), 0);
    assert_int_equal(rules->expectations.count, 2);
    rule = &rules->expectations.items[0];
    assert_string_equal(rule->id, "web");
    assert_string_equal(rule->question.from, "internet");
    assert_string_equal(rule->question.to, "web-1");
    assert_int_equal(rule->question.protocol, 6);
    assert_true(rule->question.has_ports && rule->question.has_source_ports);
    assert_int_equal(rule->question.ports.first, 8000);
    assert_int_equal(rule->question.ports.last, 8010);
    assert_int_equal(rule->question.source_ports.last, 1024);
    assert_int_equal(rule->expected, VW_VERDICT_REACHABLE);
    assert_string_equal(rule->why, "our shop");
    assert_true(rule->if_present);
    assert_int_equal(rule->line, 3);
    rule = &rules->expectations.items[1];
    assert_int_equal(rule->question.icmp_type, 8);
    assert_int_equal(rule->question.icmp_code, -1);
    assert_false(rule->if_present || rule->question.has_ports);
    assert_int_equal(rule->expected, VW_VERDICT_BLOCKED);
    vw_rules_free(rules);
}

/* A folder gives its .yaml and .yml files; the same id in two of them names both. */
static void networks_are_read(void **state)
{
    const char *path = temporary_text(
        &temporary, "networks.yaml",
        "networks:\n- {name: office, cidrs: [192.168.0.0/16, 'fd00::/8'], via: vgw-1}\n"
        "- name: lab\n  cidrs: [172.16.0.1]\n  why: ours\n");
    struct vw_world *world = vw_world_create();
    const struct vw_customer_network *network;
    struct vw_rules *rules = NULL;

    (void)state;
    assert_non_null(world);
    assert_int_equal(vw_rules_load(&path, 1, NULL, &rules), 0);
    assert_int_equal(rules->expectations.count, 0);
    assert_int_equal(vw_rules_declare_networks(rules, world), 0);
    vw_rules_free(rules);
    assert_int_equal(world->network_count, 2);
    network = &world->networks[0];
    assert_string_equal(network->name, "office");
    assert_int_equal(network->prefix_count, 2);
    assert_int_equal(network->prefixes[0].length, 16);
    assert_int_equal(network->prefixes[1].address.family, VW_FAMILY_IPV6);
    assert_string_equal(network->via, "vgw-1");
    assert_non_null(strstr(network->source.file, "networks.yaml"));
    assert_string_equal(network->source.pointer, "line 2");
    assert_int_equal(world->networks[1].prefixes[0].length, 32);
    assert_null(world->networks[1].via);
    vw_world_free(world);
}

static void folders_and_ids_across_files(void **state)
{
    struct vw_diagnostics *diagnostics = vw_diagnostics_create();
    const char *folder = temporary.folder;
    struct vw_rules *rules = NULL;
    const struct vw_diagnostic *fault;

    (void)state;
    temporary_text(&temporary, "notes.txt", "not rules: [");
    temporary_text(&temporary, "a.yaml", "expectations:\n" ONE);
    temporary_text(&temporary, "sub/b.yml",
                   "expectations:\n- {id: b, from: x, to: y, expect: blocked}\n");
    assert_int_equal(vw_rules_load(&folder, 1, diagnostics, &rules), 0);
    assert_int_equal(rules->expectations.count, 2);
    vw_rules_free(rules);
    rules = NULL;
    temporary_text(&temporary, "c.yaml", "expectations:\n" ONE);
    assert_int_equal(vw_rules_load(&folder, 1, diagnostics, &rules), VW_ERROR_INPUT);
    assert_null(rules);
    assert_int_equal(vw_diagnostics_count(diagnostics), 1);
    fault = vw_diagnostics_get(diagnostics, 0);
    assert_non_null(strstr(fault->file, "/c.yaml"));
    assert_non_null(strstr(fault->message, "/a.yaml:2:8"));
    vw_diagnostics_free(diagnostics);
}

static void depth_and_size_are_bounded(void **state)
{
    struct vw_diagnostics *diagnostics = vw_diagnostics_create();
    size_t size = VW_RULES_FILE_MAX + 1;
    struct vw_rules *rules = NULL;
    char *text = malloc(size);
    const char *path;

    (void)state;
    assert_non_null(text);
    memset(text, '[', size);
    path = temporary_bytes(&temporary, "deep.yaml", text, 100000);
    assert_int_equal(vw_rules_load(&path, 1, diagnostics, &rules), VW_ERROR_INPUT);
    memset(text, ' ', size);
    path = temporary_bytes(&temporary, "large.yaml", text, size);
    assert_int_equal(vw_rules_load(&path, 1, diagnostics, &rules), VW_ERROR_INPUT);
    assert_int_equal(vw_diagnostics_count(diagnostics), 2);
    assert_string_equal(vw_diagnostics_get(diagnostics, 0)->code, "yaml-depth");
    assert_int_equal(vw_diagnostics_get(diagnostics, 0)->column, 65);
    assert_string_equal(vw_diagnostics_get(diagnostics, 1)->code, "rules-too-large");
    free(text);
    vw_diagnostics_free(diagnostics);
}

static void stock_rules_are_good(void **state)
{
    const char *path = "rules";
    struct vw_rules *rules = NULL;

    (void)state;
    assert_int_equal(vw_rules_load(&path, 1, NULL, &rules), 0);
    assert_true(rules->expectations.count > 5);
    vw_rules_free(rules);
}

static void paths_that_are_not_there(void **state)
{
    const char *missing = "/nonexistent/rules.yaml";
    struct vw_diagnostics *diagnostics = vw_diagnostics_create();
    struct vw_rules *rules = NULL;
    const char *folder = temporary.folder;

    (void)state;
    assert_int_equal(vw_rules_load(&missing, 1, diagnostics, &rules), VW_ERROR_INPUT);
    assert_int_equal(vw_diagnostics_count(diagnostics), 1);
    assert_int_equal(vw_rules_load(&folder, 1, diagnostics, &rules), VW_ERROR_INPUT);
    assert_string_equal(vw_diagnostics_get(diagnostics, 1)->code, "rules-none");
    vw_diagnostics_free(diagnostics);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(faults_have_places, set_up, tear_down),
        cmocka_unit_test_setup_teardown(fields_are_read, set_up, tear_down),
        cmocka_unit_test_setup_teardown(networks_are_read, set_up, tear_down),
        cmocka_unit_test_setup_teardown(folders_and_ids_across_files, set_up, tear_down),
        cmocka_unit_test_setup_teardown(depth_and_size_are_bounded, set_up, tear_down),
        cmocka_unit_test_setup_teardown(paths_that_are_not_there, set_up, tear_down),
        cmocka_unit_test(stock_rules_are_good),
    };

    return cmocka_run_group_tests_name("rules", tests, NULL, NULL);
}
