/* The script that collects an export, as text; tests/export/run runs it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/export_calls.h"
#include "cli/export_script.h"
#include "load/elements.h"
#include "load/keys.h"

static bool begins(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

static bool only_reads(const char *operation)
{
    return begins(operation, "describe-") || begins(operation, "get-") ||
           begins(operation, "list-") || begins(operation, "search-");
}

static char *script(const char **regions, size_t region_count, const char **profiles,
                    size_t profile_count)
{
    const struct cli_list region_list = {regions, region_count};
    const struct cli_list profile_list = {profiles, profile_count};
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    assert_non_null(out);
    cli_export_write(&region_list, &profile_list, out);
    assert_int_equal(fclose(out), 0);
    return text;
}

static void rows_only_read(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < cli_export_call_count; i++)
        if (cli_export_calls[i].operation && !only_reads(cli_export_calls[i].operation))
            fail_msg("%s", cli_export_calls[i].operation);
}

/* Ids are asked for before something is done with each; they come as a query's text. */
static void rows_follow_each_other(void **state)
{
    bool has_ids = false;
    size_t i;

    (void)state;
    for (i = 0; i < cli_export_call_count; i++) {
        const struct cli_export_call *call = &cli_export_calls[i];
        bool has_query = call->arguments && begins(call->arguments, "--query \"");

        switch (call->verb) {
        case CLI_EXPORT_SAVE:
            has_ids = false;
            break;
        case CLI_EXPORT_LIST:
            assert_true(has_query);
            has_ids = true;
            break;
        case CLI_EXPORT_FOLLOW:
            assert_true(has_ids && has_query);
            break;
        case CLI_EXPORT_EACH:
        case CLI_EXPORT_NAMES:
            assert_true(has_ids && call->arguments);
            break;
        case CLI_EXPORT_INLINE:
        case CLI_EXPORT_VERSION:
            assert_true(has_ids);
            break;
        }
    }
}

/* Keys that no call of the script prints: tools wrap calls in some, of AWS Config are three,
 * and the rest stands in describe-security-groups and with the prefix lists too. */
static const char *const other_keys[] = {
    "SecurityGroupRules",
    "ManagedPrefixLists",
    "ManagedPrefixListEntries",
    "TransitGatewayStaticRoutes",
    "TransitGatewayPropagations",
    "LoadBalancerListeners",
    "LoadBalancerAttributes",
    "LoadBalancerTargetHealth",
    "configurationItems",
    "baseConfigurationItems",
    "Results",
    "Roles",
    "RoleDetailList",
    "Policies",
};

static bool is_other(const char *key)
{
    size_t i;

    for (i = 0; i < sizeof other_keys / sizeof *other_keys; i++)
        if (strcmp(other_keys[i], key) == 0)
            return true;
    return false;
}

/* Whether the script saves what `command` prints. */
static bool is_saved(const char *command)
{
    size_t i;

    for (i = 0; command && i < cli_export_call_count; i++) {
        const struct cli_export_call *call = &cli_export_calls[i];
        char text[120];

        if (call->verb == CLI_EXPORT_LIST || call->verb == CLI_EXPORT_FOLLOW ||
            call->verb == CLI_EXPORT_NAMES)
            continue;
        snprintf(text, sizeof text, "aws %s %s", call->service, call->operation);
        if (strcmp(text, command) == 0)
            return true;
    }
    return false;
}

/* The list of the keys has lists only, but for EC2's. */
static const char *command_of(const char *key)
{
    static const char *const objects[][2] = {
        {"Firewall", "aws network-firewall describe-firewall"},
        {"FirewallPolicy", "aws network-firewall describe-firewall-policy"},
        {"RuleGroup", "aws network-firewall describe-rule-group"},
        {"Role", "aws iam get-role"},
        {"PolicyDocument", "aws iam get-role-policy"},
        {"PolicyVersion", "aws iam get-policy-version"},
        {"Policy", "aws s3api get-bucket-policy"},
    };
    size_t i;

    for (i = 0; i < sizeof objects / sizeof *objects; i++)
        if (strcmp(objects[i][0], key) == 0)
            return objects[i][1];
    return vw_key_command(key);
}

static void every_key_is_collected(void **state)
{
    const struct vw_key_row *rows = vw_key_row("Vpcs"); /* the first of all */
    size_t i;

    (void)state;
    for (i = 0; i < VW_KEYS; i++) {
        assert_ptr_equal(vw_key_row(rows[i].key), &rows[i]);
        if (is_other(rows[i].key) == is_saved(command_of(rows[i].key)))
            fail_msg("%s", rows[i].key);
    }
}

/* The CLI fetches one page only where it is told how much. */
static void all_pages_are_fetched(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < cli_export_call_count; i++) {
        const char *arguments = cli_export_calls[i].arguments;

        if (arguments)
            assert_null(strstr(arguments, "--max-"));
    }
}

/* Whatever the table says: each "aws SERVICE OPERATION" of the text. */
static void the_text_only_reads(void **state)
{
    char *text = script(NULL, 0, NULL, 0), *at, operation[80], service[40];
    size_t calls = 0;

    (void)state;
    for (at = strstr(text, "aws "); at; at = strstr(at + 1, "aws ")) {
        const char *word = at + 4;
        size_t size = strcspn(word, " \n"), next;

        /* "command aws $options", "# aws ...", ">/dev/null": no call. */
        if (size >= sizeof service || word[0] < 'a' || word[0] > 'z')
            continue;
        snprintf(service, sizeof service, "%.*s", (int)size, word);
        next = strcspn(word + size + 1, " \n)");
        snprintf(operation, sizeof operation, "%.*s", (int)next, word + size + 1);
        if (!only_reads(operation))
            fail_msg("aws %s %s", service, operation);
        calls++;
    }
    /* Seven stand in the head; four rows are no call of their own. */
    assert_int_equal(calls, cli_export_call_count - 4 + 7);
    free(text);
}

static void names_are_quoted(void **state)
{
    const char *regions[] = {"us-east-1", "eu-west-3"};
    const char *profiles[] = {"it's", "a \"b\" `c` $d \\"};
    char *text = script(regions, 2, profiles, 2);

    (void)state;
    assert_non_null(strstr(text, "\ncollect 'it'\\''s' 'us-east-1'\n"
                                 "collect 'it'\\''s' 'eu-west-3'\n"
                                 "collect 'a \"b\" `c` $d \\' 'us-east-1'\n"
                                 "collect 'a \"b\" `c` $d \\' 'eu-west-3'\n\n"));
    free(text);
    text = script(NULL, 0, NULL, 0);
    assert_non_null(strstr(text, "\ncollect '' ''\n\n"));
    free(text);
}

static void regions_have_a_form(void **state)
{
    static const char *const good[] = {"us-east-1", "us-gov-west-1", "ap-southeast-12",
                                       "eusc-de-east-1", "us-isob-east-1"};
    static const char *const bad[] = {
        "",           "us",           "us-east",   "us-east-1a",  "us-east-123",
        "-us-east-1", "us--east-1",   "US-EAST-1", "us-east-1;x", "us-east-1\n",
        "us-1",       "../us-east-1", "$(x)",      "us-east-1 ",  "us-east-",
        "global"};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof good / sizeof *good; i++)
        if (!cli_export_region(good[i]))
            fail_msg("%s", good[i]);
    for (i = 0; i < sizeof bad / sizeof *bad; i++)
        if (cli_export_region(bad[i]))
            fail_msg("%s", bad[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_only_read),
        cmocka_unit_test(rows_follow_each_other),
        cmocka_unit_test(every_key_is_collected),
        cmocka_unit_test(all_pages_are_fetched),
        cmocka_unit_test(the_text_only_reads),
        cmocka_unit_test(names_are_quoted),
        cmocka_unit_test(regions_have_a_form),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
