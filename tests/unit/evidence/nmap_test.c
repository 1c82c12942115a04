/* What nmap printed. */
#include "evidence/witness.h"

#include <stdio.h>
#include <string.h>

#include <vpcwhy/error.h>

#define START "Starting Nmap 7.93 ( https://nmap.org ) at 2020-06-18 16:33 UTC\n"
#define REPORT                                                                           \
    "Nmap scan report for b.example (10.2.2.61)\nHost is up (0.0010s latency).\n"
#define DONE "\nNmap done: 1 IP address (1 host up) scanned in 2.03 seconds\n"

static int read_text(struct witness *witness, const char *text)
{
    return vw_evidence_read_transcript(
        witness->evidence, temporary_text(&witness->temporary, "nmap.txt", text),
        witness->diagnostics);
}

static void every_state_is_read(void **state)
{
    struct witness *witness = *state;

    assert_int_equal(read_text(witness,
                               START REPORT "PORT     STATE         SERVICE\n"
                                            "22/tcp   open          ssh\n"
                                            "80/tcp   closed        http\n"
                                            "443/tcp  filtered      https\n"
                                            "444/tcp  unfiltered    snpp\n"
                                            "53/udp   open          domain\n"
                                            "67/udp   open|filtered dhcps\n"
                                            "69/udp   closed        tftp\n" DONE),
                     0);
    assert_string_equal(witness_text(witness),
                        "out -:- > 10.2.2.61:22 tcp x1\n"
                        "in 10.2.2.61:22 > -:- tcp x1 flags 18\n"
                        "out -:- > 10.2.2.61:80 tcp x1\n"
                        "in 10.2.2.61:80 > -:- tcp x1 flags 4\n"
                        "out -:- > 10.2.2.61:443 tcp x1\n"
                        "out -:- > 10.2.2.61:444 tcp x1\n"
                        "in 10.2.2.61:444 > -:- tcp x1 flags 4\n"
                        "out -:- > 10.2.2.61:53 udp x1\n"
                        "in 10.2.2.61:53 > -:- udp x1\n"
                        "out -:- > 10.2.2.61:67 udp x1\n"
                        "out -:- > 10.2.2.61:69 udp x1\n"
                        "in 10.2.2.61 > - icmp 3/3 x1 about - > 10.2.2.61\n"
                        "records 7 damaged 0\n");
    assert_int_equal(vw_evidence_get(witness->evidence, 0)->first,
                     INT64_C(1592497980000000000));
}

static void several_hosts_are_kept_apart(void **state)
{
    struct witness *witness = *state;

    assert_int_equal(read_text(witness,
                               "Starting Nmap 7.93 ( x ) at 2020-06-18 16:33 PDT\n" REPORT
                               "22/tcp open ssh\n"
                               "Nmap scan report for 2600::61\nHost is up.\n"
                               "22/tcp filtered ssh\n" DONE),
                     0);
    assert_string_equal(witness_text(witness), "out -:- > 10.2.2.61:22 tcp x1\n"
                                               "in 10.2.2.61:22 > -:- tcp x1 flags 18\n"
                                               "out -:- > 2600::61:22 tcp x1\n"
                                               "records 2 damaged 0\n");
    assert_int_equal(vw_evidence_get(witness->evidence, 0)->first, VW_TIME_UNKNOWN);
}

static void what_is_not_said_is_told(void **state)
{
    struct witness *witness = *state;

    assert_int_equal(
        read_text(witness, START REPORT
                  "Not shown: 998 filtered tcp ports (no-response)\n"
                  "22/tcp open ssh\n23/tcp ajar telnet\n" DONE START
                  "Note: Host seems down. If it is really up, try -Pn\n" DONE START
                  "Nmap scan report for nowhere\n22/tcp open ssh\n" DONE),
        0);
    assert_string_equal(witness_text(witness), "out -:- > 10.2.2.61:22 tcp x1\n"
                                               "in 10.2.2.61:22 > -:- tcp x1 flags 18\n"
                                               "records 1 damaged 1\n");
    witness_told(witness, 0, "nmap-not-shown", 4);
    witness_told(witness, 1, "nmap-line", 6);
    witness_told(witness, 2, "nmap-host-down", 10);
    witness_told(witness, 3, "nmap-without-target", 14);
}

static void a_cut_scan_is_known(void **state)
{
    struct witness *witness = *state;

    /* "open" may have been "open|filtered". */
    assert_int_equal(read_text(witness, START REPORT "22/tcp open ssh\n23/tcp open"), 0);
    assert_string_equal(witness_text(witness), "out -:- > 10.2.2.61:22 tcp x1\n"
                                               "in 10.2.2.61:22 > -:- tcp x1 flags 18\n"
                                               "records 1 damaged 1 cut\n");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, witness_setup, witness_teardown)
    const struct CMUnitTest tests[] = {
        TEST(every_state_is_read),
        TEST(several_hosts_are_kept_apart),
        TEST(what_is_not_said_is_told),
        TEST(a_cut_scan_is_known),
    };

    return cmocka_run_group_tests_name("nmap", tests, NULL, NULL);
}
