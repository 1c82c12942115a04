/* Large files in pieces: what comes of them is what comes of them whole. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <vpcwhy/error.h>

#include "base/array.h"
#include "base/memory.h"
#include "load/json_split.h"
#include "load/loader.h"
#include "temporary.h"

/* Nothing is cut; everything is, into the smallest pieces; on several threads. */
static const struct vw_load_plan whole = {SIZE_MAX, 1, 0};
static const struct vw_load_plan plans[] = {
    {0, 1, 0}, {0, 1, 3}, {0, 100, 1}, {0, 4000, 7}};

/* ---- a load as text ---- */

static void print_diagnostics(const struct vw_diagnostics *diagnostics, FILE *out)
{
    size_t i;

    for (i = 0; i < vw_diagnostics_count(diagnostics); i++) {
        const struct vw_diagnostic *entry = vw_diagnostics_get(diagnostics, i);

        fprintf(out, "%d %s %s:%llu:%llu %s %s\n", entry->severity, entry->code,
                entry->file ? entry->file : "-", (unsigned long long)entry->line,
                (unsigned long long)entry->column, entry->pointer ? entry->pointer : "-",
                entry->message);
    }
    fprintf(out, "%zu left out\n", vw_diagnostics_left_out(diagnostics));
}

static void print_world(const struct vw_world *world, FILE *out)
{
    uint32_t i;
    size_t j;
    int kind;

    for (kind = 0; kind < VW_OBJECT_KINDS; kind++) {
        for (i = 0; i < vw_world_count(world, (enum vw_object_kind)kind); i++) {
            const struct vw_object *object =
                vw_world_object(world, (enum vw_object_kind)kind, i);

            fprintf(out, "%d %s %s %s %s %s %d\n", kind, object->id,
                    object->name ? object->name : "-",
                    object->account ? object->account : "-",
                    object->region ? object->region : "-",
                    object->source.pointer ? object->source.pointer : "-",
                    object->exported);
        }
    }
    for (i = 0; i < vw_world_count(world, VW_OBJECT_INTERFACE); i++) {
        const struct vw_interface *interface = vw_world_interface(world, i);

        fprintf(out, "%u %u %u %zu:", interface->vpc, interface->subnet,
                interface->instance, interface->address_count);
        for (j = 0; j < interface->group_count; j++)
            fprintf(out, " %u", interface->groups[j]);
        fputc('\n', out);
    }
    for (j = 0; j < world->file_count; j++)
        fprintf(out, "%s %s\n", world->files[j].path, world->files[j].sha256);
}

/* To be freed. */
static char *load_as_text(const char *path, const struct vw_load_plan *plan)
{
    struct vw_diagnostics *diagnostics = vw_diagnostics_create();
    struct vw_world *world = NULL;
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    int error = vw_load(&path, 1, plan, diagnostics, &world);

    assert_non_null(out);
    fprintf(out, "%d\n", error);
    print_diagnostics(diagnostics, out);
    if (world)
        print_world(world, out);
    fclose(out);
    vw_world_free(world);
    vw_diagnostics_free(diagnostics);
    return text;
}

static void expect_no_difference(const char *path)
{
    char *expected = load_as_text(path, &whole);
    size_t i;

    for (i = 0; i < sizeof plans / sizeof *plans; i++) {
        char *text = load_as_text(path, &plans[i]);

        if (strcmp(text, expected) != 0)
            fail_msg("%s, plan %zu:\n%s--- whole:\n%s", path, i, text, expected);
        free(text);
    }
    free(expected);
}

/* ---- documents ---- */

static const char text[] =
    "\n{\"Vpcs\": [{\"VpcId\": \"vpc-1\", \"CidrBlock\": \"10.0.0.0/16\"},"
    "{\"VpcId\": \"vpc-2\", \"CidrBlock\": \"10.1.0.1/16\"}],"
    "\"Subnets\": [{\"SubnetId\": \"subnet-1\", \"VpcId\": \"vpc-1\","
    "  \"CidrBlock\": \"10.0.1.0/24\", \"AvailabilityZone\": \"eu-west-1a\"}, {}, 7],"
    "\"SecurityGroups\": [{\"GroupId\": \"sg-1\", \"OwnerId\": \"123456789012\","
    "  \"IpPermissions\": [{\"IpProtocol\": \"tcp\", \"FromPort\": 22, \"ToPort\": 22,"
    "  \"IpRanges\": [{\"CidrIp\": \"0.0.0.0/0\"}, {\"CidrIp\": \"1.2.3\"}]}]}],"
    "\"SecurityGroupRules\": [{\"SecurityGroupRuleId\": \"sgr-1\", \"GroupId\": \"sg-3\","
    "  \"IsEgress\": true, \"IpProtocol\": \"-1\", \"CidrIpv6\": \"::/0\"}, {}],"
    "\"NetworkInterfaces\": [{\"NetworkInterfaceId\": \"eni-1\", \"OwnerId\":"
    "  \"123456789012\", \"SubnetId\": \"subnet-1\", \"VpcId\": \"vpc-1\", \"Groups\":"
    "  [{\"GroupId\": \"sg-1\"}], \"PrivateIpAddress\": \"10.0.1.5\", \"Description\":"
    "  \"a \\\"long\\\" description, with [brackets] and \\\\\"}, "
    "{\"NetworkInterfaceId\":"
    "  \"eni-4\"} , {\"NetworkInterfaceId\": \"eni-1\", \"VpcId\": \"vpc-9\"}],"
    "\"Reservations\": [{\"OwnerId\": \"123456789012\", \"Instances\": [{\"InstanceId\":"
    "  \"i-1\", \"NetworkInterfaces\": [{\"NetworkInterfaceId\": \"eni-2\","
    "  \"PrivateIpAddress\": \"10.0.1.6\"}]}, {\"InstanceId\": \"i-2\"}]}, {}],"
    "\"Addresses\": [{\"PublicIp\": \"203.0.113.5\", \"InstanceId\": \"i-1\"}, {}],"
    "\"VpcEndpoints\": [{}, {}], \"Nonsense\": [1, 2], \"NextToken\": \"more\"}\n"
    "{\"Vpcs\": [], \"Subnets\" : [ ], \"FlowLogs\": null, \"Addresses\": {\"a\": [1]}}"
    "{\"Vpcs\": [{\"VpcId\": \"vpc-1\", \"CidrBlock\": \"10.9.0.0/16\"}, {\"VpcId\": "
    "5}]}";

static void documents(void **state)
{
    struct temporary temporary;

    (void)state;
    temporary_open(&temporary);
    expect_no_difference(temporary_text(&temporary, "a.json", text));
    expect_no_difference(temporary_gzip(&temporary, "b.json.gz", text, 0));
    expect_no_difference(temporary_gzip(&temporary, "c.json.gz", text, 90));
    temporary_close(&temporary);
}

/* Threads are dear where they are watched: there only some of the bytes. */
#if defined(__SANITIZE_ADDRESS__)
#define STRIDE 7
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define STRIDE 7
#endif
#endif
#ifndef STRIDE
#define STRIDE 1
#endif

/* Cut short anywhere, and with any byte replaced. */
static void damage(void **state)
{
    static const char bytes[] = "\"\\,[]{} :x\n";
    struct temporary temporary;
    char copy[sizeof text];
    size_t i;

    (void)state;
    temporary_open(&temporary);
    for (i = 0; i < sizeof text - 1; i += STRIDE) {
        memcpy(copy, text, sizeof text);
        copy[i] = i % 3 == 0 ? '\0' : bytes[i % (sizeof bytes - 1)];
        expect_no_difference(temporary_text(&temporary, "a.json", copy));
    }
    temporary_close(&temporary);
}

/* Deeper than the maximum. */
#define NESTED                                                                           \
    "{\"Vpcs\": [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[, " \
    "1]}"

static void odd_documents(void **state)
{
    static const char *const texts[] = {
        "",
        " ",
        "{",
        "[]",
        "{}",
        "{} {}",
        "{}x",
        "{}[",
        "\xEF\xBB\xBF{\"Vpcs\": [1, 2]}",
        "\xEF\xBB{}",
        "\xFF\xFE{",
        "{\"Vpcs\": [,]}",
        "{\"Vpcs\": [1,]}",
        "{\"Vpcs\": [1,,2]}",
        "{\"Vpcs\": [1, 2}",
        "{\"Vpcs\": [1, 2]",
        "{\"Vpcs\": [1 2]}",
        "{\"Vpcs\": [1, 2], \"Vpcs\": [3, 4]}",
        "{\"Vpcs\" [1, 2]}",
        "{[1, 2]}",
        "{\"V\\u0070cs\": [1, 2]}",
        "{\"a\\\"Vpcs\": [1, 2]}",
        "{:\"Vpcs\" [1, 2]}",
        "{\"Vpcs\": {\"Vpcs\": [1, 2]}}",
        "{\"Entries\": [{}, {}], \"PrefixListId\": \"pl-1\"}",
        "{\"Vpcs\": [{\"VpcId\": \"vpc-1\", \"VpcId\": \"vpc-2\"}, 1]}",
        "{\"Vpcs\": [\"\xFF\", 1]}",
        NESTED,
        "{\"Vpcs\": [1, 2]} {\"Vpcs\": x}"};
    struct temporary temporary;
    size_t i;

    (void)state;
    temporary_open(&temporary);
    for (i = 0; i < sizeof texts / sizeof *texts; i++)
        expect_no_difference(temporary_text(&temporary, "a.json", texts[i]));
    temporary_close(&temporary);
}

static void a_folder_with_a_broken_file(void **state)
{
    struct temporary temporary;

    (void)state;
    temporary_open(&temporary);
    temporary_text(&temporary, "a.json", text);
    temporary_text(&temporary, "b.json", "{\"Vpcs\": [{\"VpcId\": \"vpc-7\"}, {}");
    temporary_text(&temporary, "c.json", "{\"Vpcs\": [{\"VpcId\": \"vpc-8\"}, {}]}");
    temporary_text(&temporary, "notes", "Nothing of use.");
    expect_no_difference(temporary.folder);
    temporary_close(&temporary);
}

static void exports_of_fixtures(void **state)
{
    (void)state;
    expect_no_difference("fixtures");
}

/* ---- the splitter ---- */

struct pieces VW_ARRAY(struct vw_json_piece);

static bool wants_vpcs(void *data, const char *key)
{
    (void)data;
    return strcmp(key, "Vpcs") == 0;
}

static int take_piece(void *data, const struct vw_json_piece *piece)
{
    return vw_array_push((struct pieces *)data, *piece);
}

static void pieces_and_the_rest(void **state)
{
    static const char *const expected[] = {"[{\"a\": [1, 2]}]", "[ \"x,\\\"]\"]",
                                           "[ 3 ]"};
    struct pieces pieces = {0};
    struct vw_json_taker taker = {wants_vpcs, take_piece, &pieces};
    struct vw_json_splitter *splitter;
    struct temporary temporary;
    const char *path, *rest;
    unsigned documents;
    size_t size, i;

    (void)state;
    temporary_open(&temporary);
    path = temporary_text(
        &temporary, "a",
        " {\"Vpcs\": [{\"a\": [1, 2]}, \"x,\\\"]\", 3 ], \"b\": [4, 5]}{}");
    assert_int_equal(vw_json_split_open(path, 1, &taker, &splitter), 0);
    assert_int_equal(vw_json_split_next(splitter, &rest, &size), 1);
    assert_int_equal(size, strlen("{\"Vpcs\": [], \"b\": [4, 5]}"));
    assert_memory_equal(rest, "{\"Vpcs\": [], \"b\": [4, 5]}", size);
    assert_int_equal(pieces.count, 3);
    for (i = 0; i < pieces.count; i++) {
        assert_string_equal(pieces.items[i].key, "Vpcs");
        assert_int_equal(pieces.items[i].first, i);
        assert_int_equal(pieces.items[i].size, strlen(expected[i]));
        assert_memory_equal(pieces.items[i].text, expected[i], pieces.items[i].size);
        vw_free(pieces.items[i].text);
    }
    assert_int_equal(vw_json_split_next(splitter, &rest, &size), 1);
    assert_memory_equal(rest, "{}", size);
    assert_int_equal(vw_json_split_place(splitter, &documents), 52);
    assert_int_equal(documents, 1);
    assert_int_equal(vw_json_split_next(splitter, &rest, &size), 0);
    vw_json_split_close(splitter);
    vw_array_free(&pieces);
    temporary_close(&temporary);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(documents),
        cmocka_unit_test(damage),
        cmocka_unit_test(odd_documents),
        cmocka_unit_test(a_folder_with_a_broken_file),
        cmocka_unit_test(exports_of_fixtures),
        cmocka_unit_test(pieces_and_the_rest),
    };

    return cmocka_run_group_tests_name("batch", tests, NULL, NULL);
}
