/* Commands, and the order of rows. */
#include "query/asked.h"

#include <stdio.h>
#include <string.h>

#define A                                                                                \
    ASKED_HEADER                                                                         \
    "2 1 eni-a 10.0.0.1 10.1.0.1 1000 443 6 10 100 1000 1060 ACCEPT OK\n"                \
    "2 1 eni-a 10.0.0.2 10.1.0.1 1001 22 6 20 200 1120 1180 REJECT OK\n"                 \
    "2 1 eni-a - - - - - - - 1240 1300 - NODATA\n"
#define B                                                                                \
    ASKED_HEADER                                                                         \
    "2 1 eni-b 10.0.0.1 10.1.0.2 1002 443 17 30 300 1060 1120 ACCEPT OK\n"               \
    "2 1 eni-b 10.0.0.1 10.1.0.1 1003 443 6 40 400 1180 1240 ACCEPT SKIPDATA\n"

static struct asked *with_files(void **state)
{
    struct asked *asked = *state;

    temporary_text(&asked->temporary, "a.log", A);
    temporary_text(&asked->temporary, "b.log", B);
    return asked;
}

static void expect(struct asked *of, const char *query, const char *text)
{
    const char *got = asked(of, query);

    if (strcmp(got, text) != 0)
        printf("%s\n", query);
    assert_string_equal(got, text);
}

static void fields_and_display(void **state)
{
    struct asked *of = with_files(state);

    expect(of, "fields srcAddr, bytes*2 as twice | fields dstPort | limit 2",
           "srcAddr|twice|dstPort\n-|~|-\n10.0.0.1|800|443\n");
    expect(of, "fields srcAddr | display dstPort, bytes | display bytes as b | limit 1",
           "b\n-\n");
    expect(
        of, "limit 1",
        "@timestamp|@message\n1970-01-01 00:20:40.000|2 1 eni-a - - - - - - - 1240 1300 "
        "- NODATA\n");
    expect(of, "fields strlen(srcAddr) | limit 1", "strlen(srcAddr)\n1\n");
}

static void filters(void **state)
{
    struct asked *of = with_files(state);

    expect(of, "filter action = 'REJECT' | fields srcAddr", "srcAddr\n10.0.0.2\n");
    expect(of, "where bytes > 250 | fields bytes | sort bytes", "bytes\n300\n400\n");
    expect(of, "filterIndex dstPort in [22] | fields bytes", "bytes\n200\n");
    expect(of, "filter logStatus=\"SKIPDATA\" | stats count(*) by bin(1h) as t | sort t",
           "t|count(*)\n1970-01-01 00:00:00.000|1\n");
    expect(of, "# a comment | limit 0\nfilter bytes = 100 # another\n| fields bytes",
           "bytes\n100\n");
}

static void statistics(void **state)
{
    struct asked *of = with_files(state);

    expect(of, "stats sum(bytes) as b, count(*) by srcAddr | sort b desc",
           "srcAddr|b|count(*)\n10.0.0.1|800|3\n10.0.0.2|200|1\n-|~|1\n");
    expect(of, "stats sum(bytes) as s, count(bytes) as c, s/c as mean, s*2",
           "s|c|mean|s*2\n1000|5|200|2000\n");
    expect(of,
           "stats avg(bytes), min(bytes), max(bytes), pct(bytes, 50), variance(bytes)",
           "avg(bytes)|min(bytes)|max(bytes)|pct(bytes, 50)|variance(bytes)\n"
           "250|100|400|200|12500\n");
    expect(of, "stats countDistinct(dstAddr), count_distinct(srcAddr), values(protocol)",
           "countDistinct(dstAddr)|count_distinct(srcAddr)|values(protocol)\n"
           "3|3|[\"-\",\"6\",\"17\"]\n");
    expect(of, "stats topk(1, dstPort) as t, earliest(bytes) as e, latest(bytes) as l",
           "t|e|l\n[\"443\"]|100|-\n");
    expect(of, "stats sortsFirst(srcAddr) as f, sortsLast(srcAddr) as l",
           "f|l\n-|10.0.0.2\n");
    expect(of, "filter bytes > 0 | stats rate(bytes, 1m) as r, histogram(bytes, 2) as h",
           "r|h\n100|{\"100-250\":2,\"250-400\":2}\n");
    expect(of,
           "filter bytes in [100, 400] | stats sum(bytes) as b by bin(1m) as t | "
           "sort t | fillmissing with 0 for b | accum b as total",
           "t|b|total\n1970-01-01 00:16:00.000|100|100\n1970-01-01 00:17:00.000|0|100\n"
           "1970-01-01 00:18:00.000|0|100\n1970-01-01 00:19:00.000|400|500\n");
    expect(of, "stats count(*) as c by srcAddr | stats max(c) as m, sum(c)",
           "m|sum(c)\n3|5\n");
    expect(of, "stats count(*) by bin(1m) offset 1h | limit 1",
           "bin(1m)|count(*)\n1970-01-01 01:20:00.000|1\n");
    expect(of, "filter bytes > 1000 | stats count(*)", "count(*)\n");
    expect(of, "stats sum(bytes) by srcAddr | sort `sum(bytes)` desc | limit 1",
           "srcAddr|sum(bytes)\n10.0.0.1|800\n");
    expect(of, "stats sum(bytes) by srcAddr | sort sum(bytes) desc | limit 1",
           "srcAddr|sum(bytes)\n10.0.0.1|800\n");
}

static void filter_after_stats(void **state)
{
    struct asked *of = with_files(state);

    expect(
        of,
        "stats count(*) as c by dstPort | filter interfaceId = 'eni-b' | sort nix desc",
        "dstPort|c\n443|2\n");
    assert_true(asked_says(of, "as if it stood before stats"));
    assert_true(asked_says(of, "no nix comes out"));
    expect(of, "stats count(*) as c by dstPort | filter c > 1", "dstPort|c\n443|3\n");
}

static void dedup(void **state)
{
    struct asked *of = with_files(state);

    expect(of, "fields srcAddr, bytes | filter bytes > 0 | dedup srcAddr | limit 5",
           "srcAddr|bytes\n10.0.0.1|400\n10.0.0.2|200\n");
    expect(of, "fields srcAddr, bytes | filter bytes > 0 | sort bytes | dedup srcAddr",
           "srcAddr|bytes\n10.0.0.1|100\n10.0.0.2|200\n");
    expect(of,
           "fields bytes, none | filter bytes > 0 | sort bytes | dedup none | limit 2",
           "bytes|none\n100|~\n200|~\n");
}

static void parsing(void **state)
{
    struct asked *of = with_files(state);

    expect(of, "filter bytes = 100 | parse @message '* * *' as v, acct, rest",
           "v|acct|rest\n2|1|eni-a 10.0.0.1 10.1.0.1 1000 443 6 10 100 1000 1060 ACCEPT "
           "OK\n");
    expect(of, "filter bytes = 100 | parse 'eni-* *.' as e, @first", "e|@first\na|10\n");
    expect(of,
           "filter bytes = 100 | parse @message /(?<eni>eni-.*?) (?<src>\\S+)/ | "
           "display src, eni",
           "src|eni\n10.0.0.1|eni-a\n");
    expect(
        of,
        "filter bytes = 100 | parse @message /(\\d+\\.\\d+\\.\\d+\\.\\d+)/ as ip multi",
        "ip\n10.0.0.1\n10.1.0.1\n");
    expect(of, "filter bytes = 100 | parse @message /nothing(?<x>z)/ | fields bytes",
           "x|bytes\n~|100\n");
    expect(of,
           "filter bytes = 100 | fields concat('a=1 b=\"x y\"') as f | "
           "parse f logfmt as m | display m.a, m.b",
           "m.a|m.b\n1|x y\n");
    expect(of,
           "filter bytes = 100 | fields concat('1,\"x,y\"') as f | "
           "parse f csv as a, b | display a, b",
           "a|b\n1|x,y\n");
    expect(of,
           "filter bytes = 100 | fields concat('{\"a\":{\"b\":7}}') as f | "
           "json field=f 'a.b' as c | display c",
           "c\n7\n");
    expect(of,
           "filter bytes = 100 | fields jsonParse('[1,{\"n\":\"x\"}]') as l | "
           "unnest l into e | display e, e.n",
           "e|e.n\n1|~\n{\"n\":\"x\"}|x\n");
}

static void lookups(void **state)
{
    struct asked *of = with_files(state);
    struct temporary other;
    const char *table;

    temporary_open(&other);
    table = temporary_text(&other, "t.csv",
                           "net,owner,ports\n10.0.0.0/8,all,\n10.0.0.1/32,\"one, alone\","
                           "443\n10.1.0.0/16,servers,22\n");
    of->diagnostics = vw_diagnostics_create();
    of->query = vw_query_create();
    assert_int_equal(vw_query_add_table(of->query, "nets", table, of->diagnostics), 0);
    expect(
        of,
        "filter bytes > 0 | fields bytes | cidrlookup nets srcAddr OUTPUT owner | sort "
        "bytes | limit 2",
        "bytes|owner\n100|one, alone\n200|all\n");
    of->query = vw_query_create();
    assert_int_equal(vw_query_add_table(of->query, "nets", table, of->diagnostics), 0);
    expect(
        of,
        "filter bytes > 0 | fields bytes | lookup nets ports as dstPort output owner as "
        "o, net | sort bytes | limit 2",
        "bytes|o|net\n100|one, alone|10.0.0.1/32\n200|servers|10.1.0.0/16\n");
    of->query = vw_query_create();
    assert_int_equal(vw_query_add_table(of->query, "nets", table, of->diagnostics), 0);
    expect(
        of,
        "fields bytes as owner | cidrlookup nets srcAddr as net outputnew owner | sort "
        "owner | limit 2",
        "owner\n-\n100\n");
    temporary_close(&other);
}

/* The fixture of CWL_QuerySyntax-Sort, ascending. */
static void natural_order(void **state)
{
    static const char *const values[] = {
        "!", "#",         "*%04",      "0#", "5A", "111A", "2345_", "@", "@_",
        "A", "A9876fghj", "a12345hfh", "0",  "01", "1",    "2",     "3"};
    struct asked *of = *state;
    char row[64], up[1000] = "value\n", down[1000] = "value\n";
    size_t count = sizeof values / sizeof *values, i;

    for (i = 0; i < count; i++) {
        snprintf(row, sizeof row, "%s\n", values[i]);
        strncat(up, row, sizeof up - strlen(up) - 1);
        snprintf(row, sizeof row, "%s\n", values[count - 1 - i]);
        strncat(down, row, sizeof down - strlen(down) - 1);
    }
    temporary_text(&of->temporary, "a.log",
                   ASKED_HEADER
                   "2 1 eni-a 10.0.0.1 10.1.0.1 1000 443 6 10 100 1000 1060 ACCEPT OK\n");
    expect(of,
           "fields split('3 2345_ ! 01 A9876fghj # 111A *%04 1 0# @_ 2 @ a12345hfh 5A A "
           "0', ' ') as l | unnest l into value | display value | sort value",
           up);
    expect(of,
           "fields split('3 2345_ ! 01 A9876fghj # 111A *%04 1 0# @_ 2 @ a12345hfh 5A A "
           "0', ' ') as l | unnest l into value | display value | sort value desc",
           down);
}

static void sorting(void **state)
{
    struct asked *of = with_files(state);

    expect(of, "fields bytes | sort by dstPort desc, bytes | limit 3",
           "bytes\n100\n300\n400\n");
    expect(of, "fields bytes | sort bytes | sort dstPort desc | limit 3",
           "bytes\n100\n300\n400\n");
    expect(of, "fields bytes | limit any 2", "bytes\n-\n400\n");
    expect(of, "fields bytes | limit 0", "bytes\n");
}

/* The same with one worker as with many, and whatever the files are called. */
static void independent(void **state)
{
    static const char query[] = "stats sum(bytes), avg(bytes), stddev(packets), "
                                "latest(dstPort), values(dstAddr), "
                                "sum(bytes/7) by srcAddr | sort srcAddr";
    struct asked *of = with_files(state);
    const char *one, *many;

    of->workers = 1;
    one = asked(of, query);
    of->workers = 4;
    many = asked(of, query);
    assert_string_equal(one, many);
    temporary_text(&of->temporary, "a.log", B);
    temporary_text(&of->temporary, "b.log", A);
    assert_string_equal(asked(of, query), one);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, asked_setup, asked_teardown)

/* A filter pattern of metric filters names words by their places. */
static void patterns(void **state)
{
    struct asked *of = with_files(state);

    expect(of,
           "[v, acc, eni, src, dst, sport, dport=\"443\", proto=6, pk, b, s, e, "
           "action=\"ACCEPT\", status] | stats sum(b) by src",
           "src|sum(b)\n10.0.0.1|500\n");
    expect(
        of,
        "[..., b>=200 && b<400, s, e, action=A* || action=%JECT%, status,] | display b",
        "b\n200\n300\n");
    expect(of, "[v, acc, eni != eni-a, ...] | display eni, bytes | sort bytes",
           "eni|bytes\neni-b|300\neni-b|400\n");
    expect(of, "[v, ..., status != OK] | display status | sort status",
           "status\nNODATA\nSKIPDATA\n");
    expect(of, "[b, s, e]", "b|s|e\n"); /* no record has so many words */
    expect(of, "[...] | stats count(*)", "count(*)\n5\n");
    /* As a number, and as text. */
    expect(of, "[..., dport=0443, p, pk, b, s, e, action, status] | stats count(*)",
           "count(*)\n3\n");
    expect(of, "[..., dport=\"0443\", p, pk, b, s, e, action, status] | stats count(*)",
           "count(*)\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(fields_and_display),
        TEST(filters),
        TEST(statistics),
        TEST(filter_after_stats),
        TEST(dedup),
        TEST(parsing),
        TEST(lookups),
        TEST(natural_order),
        TEST(sorting),
        TEST(independent),
        TEST(patterns),
    };

    return cmocka_run_group_tests_name("query commands", tests, NULL, NULL);
}
