/*
 * Incidents made out of one network: a change in a file of its export, the event that made
 * it among others that did not, and the cause and the event that must be named.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include <glob.h>
#include <stdio.h>
#include <string.h>

#include <vpcwhy/timeline.h>

#include "base/memory.h"
#include "temporary.h"

#define EXPORTS "fixtures/ping-after-peering/exports/"
#define SECOND INT64_C(1000000000)
#define BEFORE (INT64_C(1737190800) * SECOND) /* 2025-01-18T09:00:00Z */
#define AFTER (BEFORE + 1800 * SECOND)
#define TIME                                                                             \
    "\"eventTime\": \"2025-01-18T09:10:00Z\", \"eventSource\": \"ec2.amazonaws.com\""

/* In `file`, behind `anchor`: the first `old` becomes `new`. */
struct edit {
    const char *file, *anchor, *old, *new;
};

struct incident {
    struct edit edits[3];
    const char *events;
    size_t causes;
    const char *sentence; /* of the first cause */
    const char *event;    /* its name, or NULL: nobody is named */
};

#define CALL(name, parameters)                                                           \
    "{\"eventName\": \"" name "\", " TIME ", \"requestParameters\": {" parameters "}}\n"
#define FAILED(name, parameters)                                                         \
    "{\"eventName\": \"" name "\", " TIME                                                \
    ", \"errorCode\": \"Client.DryRunOperation\", \"requestParameters\": {" parameters   \
    "}}\n"

static const struct incident incidents[] = {
    {{{"route-tables.json", "10.1.0.0/16",
       "\"DestinationCidrBlock\": \"10.2.0.0/16\",\n                    \"Origin\": "
       "\"CreateRoute\"",
       "\"DestinationCidrBlock\": \"10.9.0.0/16\",\n                    \"Origin\": "
       "\"CreateRoute\""}},
     CALL("DeleteRoute",
          "\"routeTableId\": \"rtb-0d1a8e6c5b3f79242\", \"destinationCidrBlock\": "
          "\"10.2.0.0/16\"")
         CALL("DeleteRoute", "\"routeTableId\": \"rtb-07e3b2f61a9d4c581\", "
                             "\"destinationCidrBlock\": \"10.3.0.0/16\"")
             CALL("DeleteRoute", "\"routeTableId\": \"rtb-07e3b2f61a9d4c581\", "
                                 "\"destinationCidrBlock\": \"10.2.0.0/16\""),
     1,
     "route 10.2.0.0/16 -> pcx-06d2f7a9c41b8e350 removed from route table "
     "rtb-07e3b2f61a9d4c581 (public-1)",
     "DeleteRoute"},
    {{{"security-groups.json", "ssh-and-ping-2", "\"IpProtocol\": \"icmp\"",
       "\"IpProtocol\": \"58\""}},
     CALL("RevokeSecurityGroupIngress",
          "\"groupId\": \"sg-0a3c8f6e1d7b92542\", \"ipPermissions\": {\"items\": "
          "[{\"ipProtocol\": \"icmp\", \"fromPort\": -1, \"toPort\": -1, \"ipRanges\": "
          "{\"items\": [{\"cidrIp\": \"0.0.0.0/0\"}]}}]}"),
     1,
     "inbound rule icmp, all types 0.0.0.0/0 removed from security group "
     "sg-0a3c8f6e1d7b92542 (ssh-and-ping-2)",
     "RevokeSecurityGroupIngress"},
    {{{"security-groups.json", "ssh-and-ping-2", "\"IpProtocol\": \"icmp\"",
       "\"IpProtocol\": \"58\""}},
     FAILED("RevokeSecurityGroupIngress",
            "\"groupId\": \"sg-0a3c8f6e1d7b92542\", \"ipPermissions\": {\"items\": "
            "[{\"ipProtocol\": \"icmp\", \"fromPort\": -1, \"toPort\": -1, \"ipRanges\": "
            "{\"items\": [{\"cidrIp\": \"0.0.0.0/0\"}]}}]}")
         CALL("RevokeSecurityGroupIngress",
              "\"groupId\": \"sg-0a3c8f6e1d7b92542\", \"ipProtocol\": \"tcp\", "
              "\"fromPort\": 22, \"toPort\": 22, \"cidrIp\": \"0.0.0.0/0\"")
             CALL("RevokeSecurityGroupEgress",
                  "\"groupId\": \"sg-0a3c8f6e1d7b92542\", \"ipProtocol\": \"icmp\", "
                  "\"fromPort\": -1, \"toPort\": -1, \"cidrIp\": \"0.0.0.0/0\""),
     1,
     "inbound rule icmp, all types 0.0.0.0/0 removed from security group "
     "sg-0a3c8f6e1d7b92542 (ssh-and-ping-2)",
     NULL},
    {{{"network-acls.json", "aclassoc-0d3f8b6a1e7c92452",
       "\"Egress\": false,\n                    \"Protocol\": \"-1\",\n                 "
       "   \"RuleAction\": \"allow\"",
       "\"Egress\": false,\n                    \"Protocol\": \"-1\",\n                 "
       "   \"RuleAction\": \"deny\""}},
     CALL("ReplaceNetworkAclEntry",
          "\"networkAclId\": \"acl-0f4a7c2e9b6d15832\", \"ruleNumber\": 100, \"egress\": "
          "true, \"ruleAction\": \"deny\"")
         CALL("ReplaceNetworkAclEntry",
              "\"networkAclId\": \"acl-0f4a7c2e9b6d15832\", \"ruleNumber\": 100, "
              "\"egress\": false, \"ruleAction\": \"deny\""),
     1,
     "inbound entry 100 allow all traffic 0.0.0.0/0 of network ACL "
     "acl-0f4a7c2e9b6d15832 becomes 100 deny all traffic 0.0.0.0/0",
     "ReplaceNetworkAclEntry"},
    {{{"route-tables.json", "rtbassoc-05d8b3e6f1a294c71",
       "\"SubnetId\": \"subnet-04be1f7a92c6d3051\"",
       "\"SubnetId\": \"subnet-0aaaaaaaaaaaaaaaa\""}},
     CALL("DisassociateRouteTable", "\"associationId\": \"rtbassoc-0f7a2c9e5d1b38642\"")
         CALL("DisassociateRouteTable",
              "\"associationId\": \"rtbassoc-05d8b3e6f1a294c71\""),
     1,
     "associated route table of subnet subnet-04be1f7a92c6d3051 (public-1): "
     "rtb-07e3b2f61a9d4c581 becomes none",
     "DisassociateRouteTable"},
    {{{"vpc-peering-connections.json", "", "\"Code\": \"active\"",
       "\"Code\": \"deleted\""},
      {"route-tables.json", "\"CreateRoute\"", "\"State\": \"active\"",
       "\"State\": \"blackhole\""}},
     CALL("DeleteVpcPeeringConnection",
          "\"vpcPeeringConnectionId\": \"pcx-06d2f7a9c41b8e350\""),
     1,
     "state of VPC peering connection pcx-06d2f7a9c41b8e350 (vpc-1-to-vpc-2): active "
     "becomes deleted",
     "DeleteVpcPeeringConnection"},
    {{{"network-interfaces.json", "10.1.10.14", "\"GroupId\": \"sg-0a3c8f6e1d7b92542\"",
       "\"GroupId\": \"sg-0d2b7f9c4a6e18352\""}},
     CALL("ModifyNetworkInterfaceAttribute",
          "\"networkInterfaceId\": \"eni-0f3a9d7c5e1b64282\", \"sourceDestCheck\": false")
         CALL("ModifyNetworkInterfaceAttribute",
              "\"networkInterfaceId\": \"eni-0f3a9d7c5e1b64282\", \"groupSet\": "
              "{\"items\": [{\"groupId\": \"sg-0d2b7f9c4a6e18352\"}]}"),
     1,
     "security group sg-0a3c8f6e1d7b92542 removed from network interface "
     "eni-0f3a9d7c5e1b64282",
     "ModifyNetworkInterfaceAttribute"},
    {{{"route-tables.json", "10.1.0.0/16",
       "\"DestinationCidrBlock\": \"10.2.0.0/16\",\n                    \"Origin\": "
       "\"CreateRoute\"",
       "\"DestinationCidrBlock\": \"10.9.0.0/16\",\n                    \"Origin\": "
       "\"CreateRoute\""},
      {"security-groups.json", "ssh-and-ping-2", "\"IpProtocol\": \"icmp\"",
       "\"IpProtocol\": \"58\""}},
     CALL("StopInstances", "\"instancesSet\": {\"items\": [{\"instanceId\": "
                           "\"i-0f1d6b8e2c4a97351\"}]}"),
     2,
     "route 10.2.0.0/16 -> pcx-06d2f7a9c41b8e350 removed from route table "
     "rtb-07e3b2f61a9d4c581 (public-1)",
     NULL},
};

static char *read_whole(const char *path)
{
    FILE *file = fopen(path, "rb");
    char *text = vw_calloc(1, 65536);

    assert_non_null(file);
    assert_non_null(text);
    assert_true(fread(text, 1, 65535, file) > 0);
    fclose(file);
    return text;
}

static const char *apply(struct temporary *temporary, const char *text,
                         const struct edit *edit)
{
    const char *anchor = strstr(text, edit->anchor), *at;
    const char *edited;

    assert_non_null(anchor);
    at = strstr(anchor, edit->old);
    assert_non_null(at);
    edited = vw_arena_printf(&temporary->arena, "%.*s%s%s", (int)(at - text), text,
                             edit->new, at + strlen(edit->old));
    assert_non_null(edited);
    return edited;
}

/* The export after the incident; its folder. */
static const char *write_after(struct temporary *temporary,
                               const struct incident *incident)
{
    glob_t found;

    assert_int_equal(glob(EXPORTS "*.json", 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        const char *name = strrchr(found.gl_pathv[i], '/') + 1;
        char *whole = read_whole(found.gl_pathv[i]), path[128];
        const char *text = whole;

        for (size_t j = 0; j < 3 && incident->edits[j].file; j++)
            if (strcmp(incident->edits[j].file, name) == 0)
                text = apply(temporary, text, &incident->edits[j]);
        snprintf(path, sizeof path, "after/%s", name);
        temporary_text(temporary, path, text);
        vw_free(whole);
    }
    globfree(&found);
    return vw_arena_printf(&temporary->arena, "%s/after", temporary->folder);
}

static struct vw_world *load(const char *path)
{
    struct vw_world *world = NULL;

    assert_int_equal(vw_world_load(&path, 1, NULL, &world), 0);
    return world;
}

static void check(const struct incident *incident,
                  const struct vw_timeline_account *account)
{
    const struct vw_timeline_turn *turn = account->turns;
    const struct vw_timeline_change *change;

    assert_int_equal(account->turn_count, 1);
    assert_int_equal(turn->from, VW_FLOW_STATE_PASSES);
    assert_int_equal(turn->to, VW_FLOW_STATE_FAILS);
    assert_int_equal(turn->cause_count, incident->causes);
    change = turn->causes[0].changes[0];
    assert_string_equal(change->sentence, incident->sentence);
    assert_int_equal(change->event_count, incident->event ? 1 : 0);
    if (incident->event)
        assert_string_equal(change->events[0]->name, incident->event);
    assert_int_equal(account->conclusion, VW_TIMELINE_EXPLAINED);
}

static void tell(const struct incident *incident)
{
    const struct vw_question question = {.from = "10.1.10.14",
                                         .to = "10.2.7.89",
                                         .protocol = -1,
                                         .icmp_type = -1,
                                         .icmp_code = -1};
    struct vw_timeline *timeline = vw_timeline_create(&question, NULL);
    const struct vw_timeline_account *account = NULL;
    struct vw_world *before = load(EXPORTS), *after;
    struct temporary temporary;

    temporary_open(&temporary);
    after = load(write_after(&temporary, incident));
    assert_non_null(timeline);
    assert_int_equal(vw_timeline_add_snapshot(timeline, after, "after", AFTER), 0);
    assert_int_equal(vw_timeline_add_snapshot(timeline, before, "before", BEFORE), 0);
    assert_int_equal(
        vw_timeline_read_events(
            timeline, temporary_text(&temporary, "events.json", incident->events)),
        0);
    assert_int_equal(vw_timeline_tell(timeline, &account), 0);
    check(incident, account);
    vw_timeline_free(timeline);
    vw_world_free(before);
    vw_world_free(after);
    temporary_close(&temporary);
}

static void each_incident_is_told(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof incidents / sizeof *incidents; i++) {
        print_message("%s\n", incidents[i].sentence);
        tell(&incidents[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_incident_is_told)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
