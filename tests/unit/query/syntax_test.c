/* What is no query is refused at its place, with what was meant. */
#include "query/asked.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"

struct refusal {
    const char *query, *message; /* "line:column: what it begins with" */
};

static void refusals(void **state)
{
    static const struct refusal table[] = {
        {"", "1:1: the query is empty"},
        {"fields", "1:7: expected a field, a value or a function, found the end"},
        {"fields a,\n  ,", "2:3: expected a field, a value or a function, found ,"},
        {"feilds a", "1:1: there is no command feilds; is fields meant?"},
        {"filter log-status = 'OK'", "1:8: log-status is log minus status here: write "
                                     "logStatus"},
        {"filter tcp-flags = 2",
         "1:8: tcp-flags is tcp minus flags here: write tcpFlags"},
        {"stats summ(bytes)", "1:7: there is no function summ; is sum meant?"},
        {"filter a = 'x", "1:12: this quote is never closed"},
        {"filter `a = 1", "1:8: this backtick is never closed"},
        {"filter a like /x", "1:15: this regular expression is never closed"},
        {"filter a like /(x/", "1:18: regular expression: missing closing parenthesis"},
        {"filter a = http://x/", "1:12: text to compare with stands in quotes"},
        {"anomaly a", "1:1: anomaly needs a model"},
        {"fields a | pattern @message", "1:12: pattern needs the clusters"},
        {"logcompare", "1:1: logcompare compares two ranges"},
        {"unmask a", "1:1: unmask needs the masked text"},
        {"filter a in (fields b | limit 1)", "1:14: subqueries are not supported"},
        {"filter sum(a) > 1", "1:8: sum() adds up records: it is for stats"},
        {"stats sum(avg(a))", "1:11: avg() is within another aggregate"},
        {"stats a", "1:7: a is neither within an aggregate nor behind \"by\""},
        {"stats pct(a, 101)", "1:14: expected a percentile"},
        {"stats count(*) by bin(5)", "1:23: expected a period"},
        {"stats count(*) by bin(5x)", "1:23: this is no period"},
        {"stats count(*) offset 1h", "1:1: offset shifts the bins"},
        {"limit 5 | stats count(*)", "1:11: sort and limit stand behind the last stats"},
        {"limit x", "1:7: expected how many rows"},
        {"fields bytes | limit", "1:21: expected how many rows"},
        {"parse '* *' as a", "1:7: the pattern has 2 *, and there is 1 name"},
        {"parse /(a)(b)/ as x", "1:7: the pattern has 2 groups"},
        {"parse /a/", "1:7: the pattern takes nothing out"},
        {"cidrlookup nets srcAddr output a", "1:12: there is no table nets"},
        {"fields abs()", "1:8: abs takes 1 argument, not 0"},
        {"fields substr(a)", "1:8: substr takes 2 to 3 arguments, not 1"},
        {"fields 5m", "1:8: a name begins with a letter"},
        {"fields 1.2.3", "1:8: this is no number"},
        {"fields a $", "1:10: this character has no place"},
        {"fields \xC3\xA9, $", "1:11: this character"},
        {"fields abs(*)", "1:12: * is for count(*) alone"},
        {"fields a b", "1:10: expected \"|\", found b"},
        {"fillmissing", "1:1: fillmissing stands right behind stats"},
        {"[", "1:2: expected the name of a field, or ..., found the end of the pattern"},
        {"[]", "1:3: the pattern has no fields"},
        {"[a b]", "1:4: expected an operator: = != < <= > >=, found \"b]\""},
        {"[a=]", "1:4: expected what the field is compared with"},
        {"[a=\"x]", "1:7: expected the \" that ends the text"},
        {"[a=%x]", "1:7: expected the % that ends the regular expression"},
        {"[a, a]", "1:5: another field of the pattern has the name a"},
        {"[a, b=1 && a=2]", "1:12: conditions of the field b stand here"},
        {"[..., ...]", "1:7: only one \"...\" may stand in a pattern"},
        {"[a < x]", "1:6: only numbers are less or greater"},
        {"[a=%(%]", "1:6: regular expression: missing closing parenthesis"},
        {"[a] x", "1:5: expected \"|\", found x"},
        {"fields a | [b]", "1:12: expected"},
    };
    struct asked *of = *state;
    size_t i;

    for (i = 0; i < sizeof table / sizeof *table; i++) {
        const char *got = asked(of, table[i].query);

        if (strncmp(got, "error: ", 7) != 0 ||
            strncmp(got + 7, table[i].message, strlen(table[i].message)) != 0)
            printf("%s\n  %s\n  %s\n", table[i].query, table[i].message, got);
        assert_memory_equal(got, "error: ", 7);
        assert_memory_equal(got + 7, table[i].message, strlen(table[i].message));
    }
}

/* Deep, long and wide queries end with a message. */
static void limits(void **state)
{
    struct asked *of = *state;
    char *text = vw_arena_text(&of->arena, 70000);

    assert_non_null(text);
    strcat(text, "fields ");
    memset(text + 7, '(', 100);
    assert_non_null(strstr(asked(of, text), "deeper than 64"));
    memset(text + 7, '-', 1000);
    assert_non_null(strstr(asked(of, text), "deeper than 64"));
    memset(text + 7, '1', 68000);
    assert_non_null(strstr(asked(of, text), "longer than 65536"));
    memset(text + 7, '1', 60000);
    text[60000] = '\0';
    (void)asked(of, text);
}

/* All samples of AWS's pages and others in circulation run. */
static const char *const samples[] = {
    "stats sum(packets) as packetsTransferred by srcAddr, dstAddr\n"
    "    | sort packetsTransferred  desc\n"
    "    | limit 15",
    "filter isIpv4InSubnet(srcAddr, \"192.0.2.0/24\")\n"
    "    | stats sum(bytes) as bytesTransferred by dstAddr\n"
    "    | sort bytesTransferred desc\n"
    "    | limit 15",
    "filter protocol=17 | stats count(*) by srcAddr",
    "filter logStatus=\"SKIPDATA\"\n"
    "    | stats count(*) by bin(1h) as t\n"
    "    | sort t",
    "fields @timestamp, srcAddr, dstAddr, srcPort, dstPort, protocol, bytes\n"
    "| filter logStream = 'vpc-flow-logs' and interfaceId = 'eni-0123456789abcdef0'\n"
    "| sort @timestamp desc\n"
    "| dedup srcAddr, dstAddr, srcPort, dstPort, protocol\n"
    "| limit 20",
    "filter (dstAddr like 'x.x.x.x' and srcAddr like 'y.y.')\n"
    "| stats sum(bytes) as bytesTransferred by srcAddr, dstAddr\n"
    "| sort bytesTransferred desc\n"
    "| limit 10",
    "filter (dstAddr like 'x.x.x.x' and srcAddr like 'y.y.') or (srcAddr like "
    "'xxx.xx.xx.xx' and dstAddr like 'y.y.')\n"
    "| stats sum(bytes) as bytesTransferred by srcAddr, dstAddr\n"
    "| sort bytesTransferred desc\n"
    "| limit 10",
    "filter (srcAddr like 'x.x.x.x' and dstAddr not like 'y.y.')\n"
    "| stats sum(bytes) as bytesTransferred by srcAddr, dstAddr\n"
    "| sort bytesTransferred desc\n"
    "| limit 10",
    "filter (dstAddr like 'x.x.x.x' and srcAddr not like 'y.y.')\n"
    "| stats sum(bytes) as bytesTransferred by srcAddr, dstAddr\n"
    "| sort bytesTransferred desc\n"
    "| limit 10",
    "parse @message /(?<NetworkInterface>eni-.*?) /\n"
    "| display NetworkInterface, @message",
    "stats avg(bytes) by dstAddr",
    "stats avg(bytes), max(bytes) by dstAddr",
    "fields @timestamp, @message, @logStream, @log\n"
    "| filter interfaceId = 'eni-123'\n"
    "| stats count(*) by interfaceId, logStatus\n"
    "| sort by interfaceId, logStatus",
    "fields @timestamp, srcAddr\n"
    "| cidrlookup net_table srcAddr OUTPUT region, owner, datacenter",
    "FIELDS strlen(@message) AS message_length\n"
    "| STATS sum(message_length)/1024/1024 as logs_mb BY bin(5m)\n"
    "| STATS max(logs_mb) AS peak_ingest_mb,\n"
    "        min(logs_mb) AS min_ingest_mb,\n"
    "        avg(logs_mb) AS avg_ingest_mb",
    "SOURCE dataSource(['amazon_vpc.flow'])",
    "stats avg(bytes), min(bytes), max(bytes) by srcAddr, dstAddr",
    "stats sum(bytes) as bytesTransferred by srcAddr, dstAddr | sort bytesTransferred "
    "desc "
    "| limit 10",
    "filter action=\"REJECT\" | stats count(*) as numRejections by srcAddr | sort "
    "numRejections desc | limit 20",
    "fields @timestamp, srcAddr, dstAddr, srcPort, dstPort, protocol, start, end, "
    "accountId, "
    "interfaceId | filter strlen(srcAddr) > 0 or strlen(dstAddr) > 0 or strlen(protocol) "
    "> 0 "
    "| filter (protocol IN ['6', '9'])",
    "fields @timestamp | filter ((tolower(srcAddr) = tolower('172.31.88.63') OR "
    "tolower(dstAddr) = tolower('172.31.88.63')))",
    "filter (srcAddr LIKE /(?i)58/) | filter (start = '1571130610')",
    "parse @message \"* * * * * * * * * * * * * * * * * * * * * * * * * * *\" as "
    "account_id, "
    "vpc_id, subnet_id, interface_id,instance_id, srcaddr, srcport, dstaddr, dstport, "
    "protocol, packets, bytes, action, log_status, start, end, flow_direction, "
    "traffic_path, tcp_flags, pkt_srcaddr, pkt_src_aws_service, pkt_dstaddr, "
    "pkt_dst_aws_service, region, az_id, sublocation_type, sublocation_id\n"
    "| sort start desc\n| limit 2",
    "stats count(*) as records by dstPort, srcAddr, dstAddr as Destination | filter "
    "interfaceId=\"eni-1\" | filter dstPort=\"80\" or dstPort=\"443\" | sort HitCount "
    "desc | "
    "limit 10",
};

static void samples_run(void **state)
{
    static const char *const nets[] = {"cidr",       "region",    "owner", "datacenter",
                                       "10.0.0.0/8", "us-east-1", "me",    "dc1"};
    struct asked *of = *state;
    size_t i;

    temporary_text(&of->temporary, "a.log",
                   ASKED_HEADER
                   "2 123456789012 eni-1 10.0.0.1 192.0.2.7 40000 443 6 10 840 "
                   "1737122420 1737122480 ACCEPT OK\n");
    for (i = 0; i < sizeof samples / sizeof *samples; i++) {
        const char *got;

        of->query = vw_query_create();
        assert_non_null(of->query);
        assert_int_equal(vw_query_add_rows(of->query, "net_table", nets, 2, 4), 0);
        got = asked(of, samples[i]);
        if (strncmp(got, "error: ", 7) == 0)
            printf("%s\n%s\n", samples[i], got);
        assert_memory_not_equal(got, "error: ", 7);
    }
}

/* A pattern that would not end in a lifetime is given up. */
static void hostile_pattern(void **state)
{
    struct asked *of = *state;

    temporary_text(&of->temporary, "a.log",
                   ASKED_HEADER
                   "2 123456789012 eni-1 10.0.0.1 192.0.2.7 40000 443 6 10 840 "
                   "1737122420 1737122480 ACCEPT OK\n");
    assert_string_equal(asked_row(of,
                                  "filter concat('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'"
                                  ", 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!') "
                                  "like /^(a|aa)+$/ | fields bytes"),
                        "");
    assert_true(asked_says(of, "given up"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, asked_setup, asked_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(refusals),
        TEST(limits),
        TEST(samples_run),
        TEST(hostile_pattern),
    };

    return cmocka_run_group_tests_name("query syntax", tests, NULL, NULL);
}
