/* What traceroute, tracepath, tracert and mtr print, and what it comes to. */
#include "evidence/witness.h"

#include <string.h>

struct example {
    const char *what, *text, *expected;
};

static const struct example examples[] = {
    {"Linux, with the command",
     "$ traceroute -I 10.2.2.61\n"
     "traceroute to 10.2.2.61 (10.2.2.61), 30 hops max, 60 byte packets\n"
     " 1  * * *\n"
     " 2  10.2.2.61 (10.2.2.61)  0.618 ms  0.512 ms *\n",
     "in 10.2.2.61 > - icmp 0/0 x2\n"
     "out - > 10.2.2.61 icmp 8/0 x6\n"
     "records 3 damaged 0\n"},
    {"Linux, protocol not told, a router on the way",
     "traceroute to b.example (10.2.2.61), 30 hops max, 60 byte packets\n"
     " 1  gw.example (10.1.10.1)  0.3 ms  0.2 ms  0.2 ms\n"
     " 2  10.9.0.1 (10.9.0.1)  1.3 ms 10.9.0.2 (10.9.0.2)  1.2 ms *\n"
     " 3  * * *\n",
     "in 10.1.10.1 > - icmp 11/0 x3 about - > 10.2.2.61\n"
     "in 10.9.0.1 > - icmp 11/0 x1 about - > 10.2.2.61\n"
     "in 10.9.0.2 > - icmp 11/0 x1 about - > 10.2.2.61\n"
     "out - > 10.2.2.61 protocol -1 x9\n"
     "records 4 damaged 0\n"},
    {"Linux -n, refused by a router",
     "root@a:~# traceroute -n -T -p 443 10.2.2.61\n"
     "traceroute to 10.2.2.61 (10.2.2.61), 30 hops max, 60 byte packets\n"
     " 1  10.1.10.1  0.3 ms !X  0.2 ms !X *\n",
     "in 10.1.10.1 > - icmp 3/13 x2 about - > 10.2.2.61\n"
     "out -:- > 10.2.2.61:443 tcp x3\n"
     "records 2 damaged 0\n"},
    {"UDP answered by the target",
     "$ traceroute 10.2.2.61\n"
     "traceroute to 10.2.2.61 (10.2.2.61), 30 hops max, 60 byte packets\n"
     " 1  10.2.2.61 (10.2.2.61)  0.6 ms  0.5 ms  0.5 ms\n",
     "in 10.2.2.61 > - icmp 3/3 x3 about - > 10.2.2.61\n"
     "out -:- > 10.2.2.61:33434 udp x3\n"
     "records 2 damaged 0\n"},
    {"macOS, continued in the next line",
     "traceroute to 10.2.2.61 (10.2.2.61), 64 hops max, 52 byte packets\n"
     " 1  10.1.10.1 (10.1.10.1)  1.2 ms\n"
     "    10.1.10.2 (10.1.10.2)  1.4 ms  1.1 ms\n"
     " 2  10.2.2.61 (10.2.2.61)  2.0 ms !Z  2.0 ms !Z  2.1 ms !Z\n",
     "in 10.1.10.1 > - icmp 11/0 x1 about - > 10.2.2.61\n"
     "in 10.1.10.2 > - icmp 11/0 x2 about - > 10.2.2.61\n"
     "in 10.2.2.61 > - icmp 3/10 x3 about - > 10.2.2.61\n"
     "out - > 10.2.2.61 protocol -1 x6\n"
     "records 4 damaged 0\n"},
    {"IPv6",
     "$ traceroute6 -I 2600::61\n"
     "traceroute to 2600::61 (2600::61), 30 hops max, 80 byte packets\n"
     " 1  2600::1 (2600::1)  0.3 ms  0.3 ms  0.3 ms\n"
     " 2  2600::61 (2600::61)  0.6 ms  0.5 ms  0.5 ms\n",
     "in 2600::1 > - icmpv6 3/0 x3 about - > 2600::61\n"
     "in 2600::61 > - icmpv6 129/0 x3\n"
     "out - > 2600::61 icmpv6 128/0 x6\n"
     "records 3 damaged 0\n"},
    {"Windows",
     "C:\\> tracert 10.2.2.61\n"
     "\n"
     "Tracing route to b.example [10.2.2.61]\n"
     "over a maximum of 30 hops:\n"
     "\n"
     "  1    <1 ms    <1 ms     *     10.1.10.1\n"
     "  2     *        *        *     Request timed out.\n"
     "  3     1 ms     1 ms     1 ms  b.example [10.2.2.61]\n"
     "\n"
     "Trace complete.\n",
     "in 10.1.10.1 > - icmp 11/0 x2 about - > 10.2.2.61\n"
     "in 10.2.2.61 > - icmp 0/0 x3\n"
     "out - > 10.2.2.61 icmp 8/0 x9\n"
     "records 6 damaged 0\n"},
    {"Windows, refused",
     "Tracing route to 10.2.2.61 over a maximum of 30 hops\n"
     "\n"
     "  1  10.1.10.1  reports: Destination host unreachable.\n"
     "\n"
     "Trace complete.\n",
     "in 10.1.10.1 > - icmp 3/1 x1 about - > 10.2.2.61\n"
     "out - > 10.2.2.61 icmp 8/0 x3\n"
     "records 3 damaged 0\n"},
    {"tracepath",
     " 1?: [LOCALHOST]                      pmtu 9001\n"
     " 1:  10.1.10.1                                             0.123ms \n"
     " 2:  no reply\n"
     " 3:  10.2.2.61                                             1.205ms reached\n"
     "     Resume: pmtu 9001 hops 3 back 3 \n",
     "in 10.1.10.1 > - icmp 11/0 x1\n"
     "in 10.2.2.61 > - icmp 3/3 x1 about - > 10.2.2.61\n"
     "out -:- > 10.2.2.61:33434 udp x3\n"
     "records 5 damaged 0\n"},
    {"tracepath that does not arrive, with the command",
     "$ tracepath -n 10.2.2.61\n"
     " 1?: [LOCALHOST]                      pmtu 9001\n"
     " 1:  10.1.10.1                                             0.123ms asymm  2 \n"
     " 2:  no reply\n"
     "     Too many hops: pmtu 9001\n"
     "     Resume: pmtu 9001 \n",
     "in 10.1.10.1 > - icmp 11/0 x1 about - > 10.2.2.61\n"
     "out -:- > 10.2.2.61:33434 udp x2\n"
     "records 4 damaged 0\n"},
    {"tracepath without a target",
     " 1?: [LOCALHOST]  pmtu 1500\n"
     " 1:  no reply\n",
     "records 2 damaged 0\n"},
    {"mtr, report",
     "$ mtr -r -c 10 10.2.2.61\n"
     "Start: 2025-01-17T14:00:00+0000\n"
     "HOST: a.example                   Loss%   Snt   Last   Avg  Best  Wrst StDev\n"
     "  1.|-- 10.1.10.1                  0.0%    10    0.3   0.3   0.2   0.4   0.0\n"
     "  2.|-- ???                       100.0    10    0.0   0.0   0.0   0.0   0.0\n"
     "  3.|-- 10.2.2.61                 20.0%    10    0.6   0.6   0.5   0.7   0.1\n",
     "in 10.1.10.1 > - icmp 11/0 x10 about - > 10.2.2.61\n"
     "in 10.2.2.61 > - icmp 0/0 x8\n"
     "out - > 10.2.2.61 icmp 8/0 x30\n"
     "records 5 damaged 0\n"},
    {"mtr, wide, the target not named",
     "HOST: a.example Loss%   Snt   Last   Avg  Best  Wrst StDev\n"
     "  1. AS???    10.1.10.1        0.0%     5    0.3   0.3   0.2   0.4   0.0\n"
     "  2. AS16509  b.example (10.2.2.61)  0.0%     5    0.6   0.6   0.5   0.7   0.1\n",
     "in 10.1.10.1 > - icmp 11/0 x5\n"
     "in 10.2.2.61 > - protocol -1 x5\n"
     "out - > 10.2.2.61 protocol -1 x10\n"
     "records 3 damaged 0\n"},
    {"mtr, cut in a line",
     "HOST: a.example Loss%   Snt   Last   Avg  Best  Wrst StDev\n"
     "  1.|-- 10.1.10.1   0.0%\n",
     "records 2 damaged 1\n"},
    {"mtr as JSON",
     "{\"report\": {\"mtr\": {\"src\": \"10.1.10.14\", \"dst\": \"10.2.2.61\", \"tos\": "
     "0, \"tests\": 10, \"psize\": \"64\", \"bitpattern\": \"0x00\"}, \"hubs\": "
     "[{\"count\": 1, \"host\": \"10.1.10.1\", \"Loss%\": 0.0, \"Snt\": 10}, {\"count\": "
     "2, \"host\": \"???\", \"Loss%\": 100.0, \"Snt\": 10}, {\"count\": 3, \"host\": "
     "\"10.2.2.61\", \"Loss%\": 10.0, \"Snt\": 10}]}}\n",
     "in 10.1.10.1 > 10.1.10.14 icmp 11/0 x10 about 10.1.10.14 > 10.2.2.61\n"
     "in 10.2.2.61 > 10.1.10.14 protocol -1 x9\n"
     "out 10.1.10.14 > 10.2.2.61 protocol -1 x30\n"
     "records 3 damaged 0\n"},
    {"mtr as JSON of texts",
     "{\"report\": {\"mtr\": {\"src\": \"a\", \"dst\": \"b\", \"tests\": \"3\"}, "
     "\"hubs\": [{\"count\": \"1\", \"host\": \"10.2.2.61\", \"Loss%\": \"33.3\", "
     "\"Snt\": \"3\"}, {\"count\": \"2\", \"Snt\": -1}]}}\n",
     "in 10.2.2.61 > - protocol -1 x2\n"
     "out - > 10.2.2.61 protocol -1 x3\n"
     "records 1 damaged 1\n"},
    {"ping and traceroute in one file",
     "PING 10.2.2.61 (10.2.2.61) 56(84) bytes of data.\n"
     "64 bytes from 10.2.2.61: icmp_seq=1 ttl=63 time=0.2 ms\n"
     "$ traceroute -I 10.2.2.61\n"
     "traceroute to 10.2.2.61 (10.2.2.61), 30 hops max, 60 byte packets\n"
     " 1  * * *\n",
     "in 10.2.2.61 > - icmp 0/0 x1 1-1 missing 0\n"
     "out - > 10.2.2.61 icmp 8/0 x1 1-1 missing 0\n"
     "out - > 10.2.2.61 icmp 8/0 x3\n"
     "records 2 damaged 0 cut\n"
     "records 2 damaged 0\n"},
};

static int read_transcript(struct witness *witness, const char *path)
{
    return vw_evidence_read_transcript(witness->evidence, path, witness->diagnostics);
}

static void each_is_read(void **state)
{
    struct witness *witness = *state;

    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
        const char *path =
            temporary_text(&witness->temporary, "transcript.txt", examples[i].text);

        witness_again(witness);
        print_message("%s\n", examples[i].what);
        assert_int_equal(read_transcript(witness, path), 0);
        assert_string_equal(witness_text(witness), examples[i].expected);
    }
}

static void damaged_ones_are_survived(void **state)
{
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++)
        witness_mutate(*state, read_transcript, examples[i].text,
                       strlen(examples[i].text), 300);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_is_read, witness_setup, witness_teardown),
        cmocka_unit_test_setup_teardown(damaged_ones_are_survived, witness_setup,
                                        witness_teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
