/* What nc, ncat, curl, ssh and telnet say of a connection, and what it comes to. */
#include "evidence/witness.h"

#include <string.h>

struct example {
    const char *what, *text, *expected;
};

static const struct example examples[] = {
    {"OpenBSD's nc",
     "Connection to 10.2.2.61 22 port [tcp/ssh] succeeded!\n"
     "nc: connect to 10.2.2.61 port 23 (tcp) failed: Connection refused\n"
     "nc: connect to b.example (10.2.2.61) port 24 (tcp) failed: Connection timed out\n"
     "nc: connect to 10.2.2.61 port 25 (tcp) timed out: Operation now in progress\n"
     "nc: connect to 10.2.2.61 port 26 (tcp) failed: No route to host\n"
     "nc: connect to 10.2.2.61 port 27 (tcp) failed: Network is unreachable\n"
     "Connection to 10.2.2.61 53 port [udp/domain] succeeded!\n",
     "out -:- > 10.2.2.61:22 tcp x1\n"
     "in 10.2.2.61:22 > -:- tcp x1 flags 18\n"
     "out -:- > 10.2.2.61:23 tcp x1\n"
     "in 10.2.2.61:23 > -:- tcp x1 flags 4\n"
     "out -:- > 10.2.2.61:24 tcp x3\n"
     "out -:- > 10.2.2.61:25 tcp x1\n"
     "out -:- > 10.2.2.61:26 tcp x1\n"
     "records 7 damaged 0\n"},
    {"macOS",
     "Connection to 10.2.2.61 port 22 [tcp/ssh] succeeded!\n"
     "nc: connectx to 10.2.2.61 port 23 (tcp) failed: Connection refused\n",
     "out -:- > 10.2.2.61:22 tcp x1\n"
     "in 10.2.2.61:22 > -:- tcp x1 flags 18\n"
     "out -:- > 10.2.2.61:23 tcp x1\n"
     "in 10.2.2.61:23 > -:- tcp x1 flags 4\n"
     "records 2 damaged 0\n"},
    {"ncat",
     "$ ncat -v 10.2.2.61 22\n"
     "Ncat: Version 7.93 ( https://nmap.org/ncat )\n"
     "Ncat: Connected to 10.2.2.61:22.\n"
     "$ ncat -vw 3 10.2.2.61 23\n"
     "Ncat: Connection refused.\n"
     "$ ncat -v -p 4000 10.2.2.61 24\n"
     "Ncat: TIMEOUT.\n"
     "Ncat: Connection to 10.2.2.61 failed: Connection timed out.\n",
     "out -:- > 10.2.2.61:22 tcp x1\n"
     "in 10.2.2.61:22 > -:- tcp x1 flags 18\n"
     "out -:- > 10.2.2.61:23 tcp x1\n"
     "in 10.2.2.61:23 > -:- tcp x1 flags 4\n"
     "out -:- > 10.2.2.61:24 tcp x4\n"
     "records 4 damaged 0\n"},
    {"ncat without its command", "Ncat: Connection refused.\n", "records 1 damaged 0\n"},
    {"ncat, IPv6", "Ncat: Connected to 2600::61:22.\n",
     "out -:- > 2600::61:22 tcp x1\n"
     "in 2600::61:22 > -:- tcp x1 flags 18\n"
     "records 1 damaged 0\n"},
    {"the traditional one",
     "b.example [10.2.2.61] 22 (ssh) open\n"
     "(UNKNOWN) [10.2.2.61] 23 (telnet) : Connection refused\n"
     "(UNKNOWN) [10.2.2.61] 443 (https) : Connection timed out\n",
     "out -:- > 10.2.2.61:22 tcp x1\n"
     "in 10.2.2.61:22 > -:- tcp x1 flags 18\n"
     "out -:- > 10.2.2.61:23 tcp x1\n"
     "in 10.2.2.61:23 > -:- tcp x1 flags 4\n"
     "out -:- > 10.2.2.61:443 tcp x3\n"
     "records 3 damaged 0\n"},
    {"busybox",
     "10.2.2.61 (10.2.2.61:22) open\n"
     "nc: 10.2.2.61 (10.2.2.61:23): Connection refused\n"
     "nc: b (10.2.2.61:24): Connection timed out\n",
     "out -:- > 10.2.2.61:22 tcp x1\n"
     "in 10.2.2.61:22 > -:- tcp x1 flags 18\n"
     "out -:- > 10.2.2.61:23 tcp x1\n"
     "in 10.2.2.61:23 > -:- tcp x1 flags 4\n"
     "out -:- > 10.2.2.61:24 tcp x3\n"
     "records 3 damaged 0\n"},
    {"curl",
     "*   Trying 10.2.2.61:443...\n"
     "* Connected to b.example (10.2.2.61) port 443 (#0)\n"
     "* ALPN: offers h2\n",
     "out -:- > 10.2.2.61:443 tcp x1\n"
     "in 10.2.2.61:443 > -:- tcp x1 flags 18\n"
     "records 1 damaged 0\n"},
    {"curl, refused",
     "*   Trying 10.2.2.61:443...\n"
     "* connect to 10.2.2.61 port 443 failed: Connection refused\n"
     "* Failed to connect to b.example port 443 after 2 ms: Couldn't connect to server\n"
     "curl: (7) Failed to connect to b.example port 443 after 2 ms: Couldn't connect to "
     "server\n",
     "out -:- > 10.2.2.61:443 tcp x1\n"
     "in 10.2.2.61:443 > -:- tcp x1 flags 4\n"
     "records 1 damaged 0\n"},
    {"curl, timed out",
     "*   Trying 10.2.2.61:443...\n"
     "* Connection timed out after 5001 milliseconds\n"
     "* Closing connection 0\n"
     "curl: (28) Connection timed out after 5001 milliseconds\n",
     "out -:- > 10.2.2.61:443 tcp x3\n"
     "records 1 damaged 0\n"},
    {"curl, timed out at once",
     "*   Trying 10.2.2.61:443...\n"
     "* ipv4 connect timeout after 999ms, move on!\n",
     "out -:- > 10.2.2.61:443 tcp x1\n"
     "records 1 damaged 0\n"},
    {"curl 8.12 with times",
     "14:00:20.123456 *   Trying 10.2.2.61:443...\n"
     "14:00:20.223456 * Established connection to b.example (10.2.2.61 port 443) from "
     "10.1.10.14 port 50000\n",
     "out 10.1.10.14:- > 10.2.2.61:443 tcp x1\n"
     "in 10.2.2.61:443 > 10.1.10.14:- tcp x1 flags 18\n"
     "records 1 damaged 0\n"},
    {"curl with a source",
     "* connect to 10.2.2.61 port 443 from 10.1.10.14 port 40000 failed: Connection "
     "refused\n",
     "out 10.1.10.14:- > 10.2.2.61:443 tcp x1\n"
     "in 10.2.2.61:443 > 10.1.10.14:- tcp x1 flags 4\n"
     "records 1 damaged 0\n"},
    {"curl, IPv6 and then IPv4",
     "*   Trying [2600::61]:443...\n"
     "* Immediate connect fail for 2600::61: Network is unreachable\n"
     "*   Trying 10.2.2.61:443...\n"
     "* Connected to b.example (10.2.2.61) port 443\n",
     "out -:- > 10.2.2.61:443 tcp x1\n"
     "in 10.2.2.61:443 > -:- tcp x1 flags 18\n"
     "records 2 damaged 0\n"},
    {"curl, cut while it tries", "*   Trying 10.2.2.61:443...\n",
     "out -:- > 10.2.2.61:443 tcp x1\n"
     "records 1 damaged 0 cut\n"},
    {"ssh", "ssh: connect to host 10.2.2.61 port 22: Connection timed out\n",
     "out -:- > 10.2.2.61:22 tcp x3\n"
     "records 1 damaged 0\n"},
    {"telnet",
     "$ telnet 10.2.2.61 23\n"
     "Trying 10.2.2.61...\n"
     "Connected to 10.2.2.61.\n"
     "$ telnet 10.2.2.61 24\n"
     "Trying 10.2.2.61...\n"
     "telnet: Unable to connect to remote host: Connection refused\n",
     "out -:- > 10.2.2.61:23 tcp x1\n"
     "in 10.2.2.61:23 > -:- tcp x1 flags 18\n"
     "out -:- > 10.2.2.61:24 tcp x1\n"
     "in 10.2.2.61:24 > -:- tcp x1 flags 4\n"
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
