/* What ping printed: every implementation, every way of being cut. */
#include "evidence/witness.h"

#include <stdio.h>
#include <string.h>

#include <vpcwhy/error.h>

static int read_transcript(struct witness *witness, const char *path)
{
    return vw_evidence_read_transcript(witness->evidence, path, witness->diagnostics);
}

#define LINUX "PING 10.2.2.61 (10.2.2.61) 56(84) bytes of data.\n"
#define BSD "PING 10.2.2.61 (10.2.2.61): 56 data bytes\n"
#define REPLY(n) "64 bytes from 10.2.2.61: icmp_seq=" #n " ttl=63 time=0.24 ms\n"
#define STATISTICS(numbers) "\n--- 10.2.2.61 ping statistics ---\n" numbers "\n"

struct example {
    const char *what, *text, *expected;
};

static void check(struct witness *witness, const struct example *examples, size_t count)
{
    size_t i;

    for (i = 0; i < count; i++) {
        witness_again(witness);
        print_message("%s\n", examples[i].what);
        assert_int_equal(
            read_transcript(witness, temporary_text(&witness->temporary, "ping.txt",
                                                    examples[i].text)),
            0);
        assert_string_equal(witness_text(witness), examples[i].expected);
    }
}

#define CHECK(examples) check(*state, examples, sizeof(examples) / sizeof *(examples))

static void every_ping_is_read(void **state)
{
    static const struct example examples[] = {
        {"iputils",
         LINUX REPLY(1) REPLY(2)
             STATISTICS("2 packets transmitted, 2 received, 0% packet loss, time 1ms"),
         "in 10.2.2.61 > - icmp 0/0 x2 1-2 missing 0\n"
         "out - > 10.2.2.61 icmp 8/0 x2 1-2 missing 0\n"
         "records 5 damaged 0\n"},
        {"iputils with a source and a name",
         "PING b.example (10.2.2.61) from 10.1.10.14 eth0: 56(84) bytes of data.\n"
         "64 bytes from b.example (10.2.2.61): icmp_seq=1 ttl=63 time=1 ms\n" STATISTICS(
             "1 packets transmitted, 1 received, 0% packet loss, time 0ms"),
         "in 10.2.2.61 > 10.1.10.14 icmp 0/0 x1 1-1 missing 0\n"
         "out 10.1.10.14 > 10.2.2.61 icmp 8/0 x1 1-1 missing 0\n"
         "records 4 damaged 0\n"},
        {"iputils, no interface in the header",
         "PING 10.2.2.61 (10.2.2.61) from 10.1.10.14 : 56(84) bytes of data.\n" REPLY(1),
         "in 10.2.2.61 > 10.1.10.14 icmp 0/0 x1 1-1 missing 0\n"
         "out 10.1.10.14 > 10.2.2.61 icmp 8/0 x1 1-1 missing 0\n"
         "records 2 damaged 0 cut\n"},
        {"iputils, all lost",
         LINUX STATISTICS(
             "5 packets transmitted, 0 received, 100% packet loss, time 9ms"),
         "out - > 10.2.2.61 icmp 8/0 x5 1-5 missing 0\n"
         "records 3 damaged 0\n"},
        {"iputils, quiet",
         LINUX STATISTICS("5 packets transmitted, 4 received, 20% packet loss, time 9ms"),
         "out - > 10.2.2.61 icmp 8/0 x5 1-5 missing 0\n"
         "in 10.2.2.61 > - icmp 0/0 x4 missing 1\n"
         "records 3 damaged 0\n"},
        {"iputils -O",
         LINUX "no answer yet for icmp_seq=1\n" REPLY(2) "no answer yet for icmp_seq=3\n",
         "in 10.2.2.61 > - icmp 0/0 x1 2-2 missing 2\n"
         "out - > 10.2.2.61 icmp 8/0 x3 1-3 missing 0\n"
         "records 4 damaged 0 cut\n"},
        {"iputils, IPv6 by name",
         "PING b.example(b.example (2600::61)) 56 data bytes\n"
         "64 bytes from b.example (2600::61): icmp_seq=1 ttl=63 time=0.1 ms\n",
         "in 2600::61 > - icmpv6 129/0 x1 1-1 missing 0\n"
         "out - > 2600::61 icmpv6 128/0 x1 1-1 missing 0\n"
         "records 2 damaged 0 cut\n"},
        {"macOS",
         BSD "Request timeout for icmp_seq 0\n"
             "64 bytes from 10.2.2.61: icmp_seq=1 ttl=64 time=0.054 ms\n" STATISTICS(
                 "2 packets transmitted, 1 packets received, 50.0% packet loss"),
         "in 10.2.2.61 > - icmp 0/0 x1 1-1 missing 1\n"
         "out - > 10.2.2.61 icmp 8/0 x2 0-1 missing 0\n"
         "records 5 damaged 0\n"},
        {"macOS, IPv6",
         "PING6(56=40+8+8 bytes) 2600::1 --> 2600::61\n"
         "16 bytes from 2600::61, icmp_seq=0 hlim=63 time=0.2 ms\n"
         "--- 2600::61 ping6 statistics ---\n"
         "1 packets transmitted, 1 packets received, 0.0% packet loss\n",
         "in 2600::61 > 2600::1 icmpv6 129/0 x1 0-0 missing 0\n"
         "out 2600::1 > 2600::61 icmpv6 128/0 x1 0-0 missing 0\n"
         "records 4 damaged 0\n"},
        {"busybox",
         BSD "64 bytes from 10.2.2.61: seq=0 ttl=64 time=0.05 ms\n" STATISTICS(
             "2 packets transmitted, 1 packets received, 50% packet loss"),
         "in 10.2.2.61 > - icmp 0/0 x1 0-0 missing 1\n"
         "out - > 10.2.2.61 icmp 8/0 x2 0-1 missing 0\n"
         "records 4 damaged 0\n"},
    };

    CHECK(examples);
}

static void a_cut_transcript_proves_what_it_shows(void **state)
{
    static const struct example examples[] = {
        {"the incident: answered from 459 on", LINUX REPLY(459) REPLY(460) REPLY(461),
         "in 10.2.2.61 > - icmp 0/0 x3 459-461 missing 458\n"
         "out - > 10.2.2.61 icmp 8/0 x461 1-461 missing 0\n"
         "records 4 damaged 0 cut\n"},
        {"the same of a ping that counts from 0", BSD REPLY(459),
         "in 10.2.2.61 > - icmp 0/0 x1 459-459 missing 459\n"
         "out - > 10.2.2.61 icmp 8/0 x460 0-459 missing 0\n"
         "records 2 damaged 0 cut\n"},
        {"without its head, answers may stand there", REPLY(459) REPLY(461),
         "in 10.2.2.61 > - icmp 0/0 x2 459-461 missing 1\n"
         "out - > 10.2.2.61 icmp 8/0 x461 1-461 missing 0\n"
         "records 2 damaged 0 cut\n"},
        {"cut in a number", LINUX REPLY(1) "64 bytes from 10.2.2.61: icmp_seq=45",
         "in 10.2.2.61 > - icmp 0/0 x1 1-1 missing 0\n"
         "out - > 10.2.2.61 icmp 8/0 x1 1-1 missing 0\n"
         "records 2 damaged 1 cut\n"},
        {"cut in the statistics",
         LINUX REPLY(1) STATISTICS("5 packets transmitted, 4 rece"),
         "in 10.2.2.61 > - icmp 0/0 x1 1-1 missing 0\n"
         "out - > 10.2.2.61 icmp 8/0 x1 1-1 missing 0\n"
         "records 3 damaged 1 cut\n"},
        {"only the header", LINUX, "records 1 damaged 0 cut\n"},
        {"only the statistics",
         STATISTICS("3 packets transmitted, 0 received, 100% packet loss, time 2ms"),
         "out - > 10.2.2.61 icmp 8/0 x3 1-3 missing 0\n"
         "records 2 damaged 0\n"},
        {"out of order and late", LINUX REPLY(2) REPLY(1) REPLY(3),
         "in 10.2.2.61 > - icmp 0/0 x3 1-3 missing 0\n"
         "out - > 10.2.2.61 icmp 8/0 x3 1-3 missing 0\n"
         "records 4 damaged 0 cut\n"},
        {"numbers that wrap around", LINUX REPLY(65534) REPLY(65535) REPLY(0) REPLY(1),
         "in 10.2.2.61 > - icmp 0/0 x4 65534-65537 missing 65533\n"
         "out - > 10.2.2.61 icmp 8/0 x65537 1-65537 missing 0\n"
         "records 5 damaged 0 cut\n"},
    };

    CHECK(examples);
}

static void errors_are_rows_of_their_own(void **state)
{
    static const struct example examples[] = {
        {"host unreachable",
         LINUX "From 10.1.10.1 icmp_seq=1 Destination Host Unreachable\n"
               "From gw (10.1.10.1) icmp_seq=2 Destination Host Unreachable\n" STATISTICS(
                   "2 packets transmitted, 0 received, +2 errors, 100% packet loss"),
         "in 10.1.10.1 > - icmp 3/1 x2 about - > 10.2.2.61\n"
         "out - > 10.2.2.61 icmp 8/0 x2 1-2 missing 0\n"
         "records 5 damaged 0\n"},
        {"a request that never left",
         LINUX "From 10.1.10.1 icmp_seq=1 Frag needed and DF set (mtu = 1500)\n"
               "ping: local error: message too long, mtu=1500\n" STATISTICS(
                   "2 packets transmitted, 0 received, +2 errors, 100% packet loss"),
         "in 10.1.10.1 > - icmp 3/4 x1 about - > 10.2.2.61\n"
         "out - > 10.2.2.61 icmp 8/0 x1 1-2 missing 1\n"
         "records 5 damaged 0\n"},
        {"of a BSD", BSD "36 bytes from 10.1.10.1: Time to live exceeded\n",
         "in 10.1.10.1 > - icmp 11/0 x1 about - > 10.2.2.61\n"
         "records 2 damaged 0 cut\n"},
        {"IPv6",
         "PING 2600::61(2600::61) from 2600::1 eth0: 56 data bytes\n"
         "From 2600::ff icmp_seq=1 Destination unreachable: Administratively "
         "prohibited\n",
         "in 2600::ff > 2600::1 icmpv6 1/1 x1 about 2600::1 > 2600::61\n"
         "out 2600::1 > 2600::61 icmpv6 128/0 x1 1-1 missing 0\n"
         "records 2 damaged 0 cut\n"},
        {"duplicates are no answers",
         LINUX REPLY(1) "64 bytes from 10.2.2.61: icmp_seq=1 ttl=63 time=1 ms "
                        "(DUP!)\n" STATISTICS("1 packets transmitted, 1 received, +1 "
                                              "duplicates, 0% packet loss"),
         "in 10.2.2.61 > - icmp 0/0 x1 1-1 missing 0\n"
         "out - > 10.2.2.61 icmp 8/0 x1 1-1 missing 0\n"
         "records 5 damaged 0\n"},
        {"many answer a broadcast",
         "PING 10.1.10.255 (10.1.10.255) 56(84) bytes of data.\n"
         "64 bytes from 10.1.10.20: icmp_seq=1 ttl=64 time=1 ms\n"
         "64 bytes from 10.1.10.21: icmp_seq=1 ttl=64 time=1 ms (DUP!)\n",
         "in 10.1.10.20 > - icmp 0/0 x1 1-1 missing 0\n"
         "in 10.1.10.21 > - icmp 0/0 x1 1-1\n"
         "out - > 10.1.10.255 icmp 8/0 x1 1-1 missing 0\n"
         "records 3 damaged 0 cut\n"},
    };

    CHECK(examples);
}

static void a_terminal_leaves_noise(void **state)
{
    static const struct example examples[] = {
        {"prompts, escapes, carriage returns, backspaces",
         "Script started on 2025-01-17 14:00:20+00:00\r\n"
         "\033]0;ec2-user@ip-10-1-10-14\007\033[1;32m[ec2-user@ip-10-1-10-14 ~]$\033[0m "
         "pingg\b \b 10.2.2.61\r\n"
         "PING 10.2.2.61 (10.2.2.61) 56(84) bytes of data.\r\r\n"
         "64 bytes from 10.2.2.61: icmp_seq=1 ttl=63 \033[Ktime=0.24 ms\r\n"
         "^C\r\n--- 10.2.2.61 ping statistics ---\r\n"
         "1 packets transmitted, 1 received, 0% packet loss, time 0ms\r\n"
         "rtt min/avg/max/mdev = 1/1/1/0 ms\r\n[ec2-user@ip-10-1-10-14 ~]$ exit\r\n",
         "in 10.2.2.61 > - icmp 0/0 x1 1-1 missing 0\n"
         "out - > 10.2.2.61 icmp 8/0 x1 1-1 missing 0\n"
         "records 4 damaged 0\n"},
        {"flood", LINUX "....\b\b\b" STATISTICS("9 packets transmitted, 8 received, 11%"),
         "out - > 10.2.2.61 icmp 8/0 x9 1-9 missing 0\n"
         "in 10.2.2.61 > - icmp 0/0 x8 missing 1\n"
         "records 3 damaged 0\n"},
        {"two transcripts, the first cut",
         LINUX REPLY(1) "PING 10.2.7.89 (10.2.7.89) 56(84) bytes of data.\n"
                        "64 bytes from 10.2.7.89: icmp_seq=3 ttl=63 time=0.24 ms\n"
                        "--- 10.2.7.89 ping statistics ---\n"
                        "3 packets transmitted, 1 received, 66% packet loss\n",
         "in 10.2.2.61 > - icmp 0/0 x1 1-1 missing 0\n"
         "out - > 10.2.2.61 icmp 8/0 x1 1-1 missing 0\n"
         "in 10.2.7.89 > - icmp 0/0 x1 3-3 missing 2\n"
         "out - > 10.2.7.89 icmp 8/0 x3 1-3 missing 0\n"
         "records 6 damaged 0 cut\n"},
    };

    CHECK(examples);
}

static void stamps_are_times(void **state)
{
    struct witness *witness = *state;
    const struct vw_observation *row;

    assert_int_equal(
        read_transcript(witness, temporary_text(&witness->temporary, "ping.txt",
                                                LINUX "[1700000000.500000] " REPLY(
                                                    1) "[1700000001.250000] " REPLY(2))),
        0);
    row = vw_evidence_get(witness->evidence, 0);
    assert_int_equal(row->first, INT64_C(1700000000500000000));
    assert_int_equal(row->last, INT64_C(1700000001250000000));
    assert_int_equal(row->line, 2);
    assert_int_equal(vw_evidence_coverage_get(witness->evidence, 0)->last, row->last);
}

static void the_window_is_kept(void **state)
{
    struct witness *witness = *state;
    const char *path =
        temporary_text(&witness->temporary, "ping.txt",
                       LINUX "[1700000000.5] " REPLY(1) "[1700000009.5] " REPLY(2));

    vw_evidence_free(witness->evidence);
    witness->evidence = vw_evidence_create(INT64_C(1700000005000000000), VW_TIME_UNKNOWN);
    assert_int_equal(read_transcript(witness, path), 0);
    assert_string_equal(witness_text(witness),
                        "in 10.2.2.61 > - icmp 0/0 x1 2-2 missing 0\n"
                        "out - > 10.2.2.61 icmp 8/0 x2 1-2 missing 0\n"
                        "records 3 damaged 0 cut\n");
}

static void other_text_is_refused(void **state)
{
    struct witness *witness = *state;

    assert_int_equal(read_transcript(witness, temporary_text(&witness->temporary, "a.txt",
                                                             "ping: nowhere: Name or "
                                                             "service not known\n")),
                     VW_ERROR_INPUT);
    witness_told(witness, 0, "no-transcript", 0);
    assert_string_equal(witness_text(witness), "");
}

static void a_target_without_address_is_told(void **state)
{
    struct witness *witness = *state;

    assert_int_equal(read_transcript(witness, temporary_text(&witness->temporary, "a.txt",
                                                             "PING b: 56 data bytes\n")),
                     0);
    witness_told(witness, 0, "ping-without-target", 1);
}

static void mutations_are_survived(void **state)
{
    static const char text[] =
        "\033[1mPING 10.2.2.61 (10.2.2.61) from 10.1.10.14 eth0: 56(84) bytes of "
        "data.\r\n"
        "[1700000000.5] " REPLY(
            1) "From gw (10.1.10.1) icmp_seq=2 Packet filtered\n"
               "no answer yet for icmp_seq=3\n" REPLY(65535) REPLY(
                   3) "ping: sendmsg: x\n"
                      "--- 10.2.2.61 ping statistics ---\n"
                      "5 packets transmitted, 4 received, 20% packet loss, time 9ms\n"
                      "PING6(56=40+8+8 bytes) 2600::1 --> 2600::61\n"
                      "16 bytes from 2600::61, icmp_seq=0 hlim=63 time=0.2 ms\n"
                      "Starting Nmap 7.93 ( https://nmap.org ) at 2023-11-14 22:13 UTC\n"
                      "Nmap scan report for b (10.2.2.61)\n22/tcp open ssh\n53/udp "
                      "closed domain\n";

    witness_mutate(*state, read_transcript, text, sizeof text - 1, 1500);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, witness_setup, witness_teardown)
    const struct CMUnitTest tests[] = {
        TEST(every_ping_is_read),
        TEST(a_cut_transcript_proves_what_it_shows),
        TEST(errors_are_rows_of_their_own),
        TEST(a_terminal_leaves_noise),
        TEST(stamps_are_times),
        TEST(the_window_is_kept),
        TEST(other_text_is_refused),
        TEST(a_target_without_address_is_told),
        TEST(mutations_are_survived),
    };

    return cmocka_run_group_tests_name("ping", tests, NULL, NULL);
}
