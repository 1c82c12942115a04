/* Windows' ping, and what it comes to. */
#include "evidence/witness.h"

#include <string.h>

struct example {
    const char *what, *text, *expected;
};

static const struct example examples[] = {
    {"Windows",
     "C:\\>ping 10.2.2.61\r\n"
     "\r\n"
     "Pinging 10.2.2.61 with 32 bytes of data:\r\n"
     "Reply from 10.2.2.61: bytes=32 time<1ms TTL=63\r\n"
     "Request timed out.\r\n"
     "Reply from 10.2.2.61: bytes=32 time=2ms TTL=63\r\n"
     "Reply from 10.1.10.1: Destination host unreachable.\r\n"
     "\r\n"
     "Ping statistics for 10.2.2.61:\r\n"
     "    Packets: Sent = 4, Received = 3, Lost = 1 (25% loss),\r\n"
     "Approximate round trip times in milli-seconds:\r\n"
     "    Minimum = 0ms, Maximum = 2ms, Average = 1ms\r\n",
     "in 10.2.2.61 > - icmp 0/0 x2 1-3 missing 2\n"
     "in 10.1.10.1 > - icmp 3/1 x1 about - > 10.2.2.61\n"
     "out - > 10.2.2.61 icmp 8/0 x4 1-4 missing 0\n"
     "records 7 damaged 0\n"},
    {"Windows, by name with a source",
     "Pinging b.example [10.2.2.61] from 10.1.10.14 with 32 bytes of data:\n"
     "Request timed out.\n"
     "Request timed out.\n",
     "out 10.1.10.14 > 10.2.2.61 icmp 8/0 x2 1-2 missing 0\n"
     "records 3 damaged 0 cut\n"},
    {"Windows, IPv6",
     "Pinging 2600::61 with 32 bytes of data:\n"
     "Reply from 2600::61: time=1ms\n"
     "\n"
     "Ping statistics for 2600::61:\n"
     "    Packets: Sent = 1, Received = 1, Lost = 0 (0% loss),\n",
     "in 2600::61 > - icmpv6 129/0 x1 1-1 missing 0\n"
     "out - > 2600::61 icmpv6 128/0 x1 1-1 missing 0\n"
     "records 4 damaged 0\n"},
    {"Windows, expired on the way",
     "Pinging 10.2.2.61 with 32 bytes of data:\n"
     "Reply from 10.1.10.1: TTL expired in transit.\n"
     "General failure.\n",
     "in 10.1.10.1 > - icmp 11/0 x1 about - > 10.2.2.61\n"
     "out - > 10.2.2.61 icmp 8/0 x1 1-2 missing 1\n"
     "records 3 damaged 0 cut\n"},
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
