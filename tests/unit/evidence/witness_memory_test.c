/* Captures and transcripts with each allocation failing in turn: the reader says so or
 * does without, and gives back what it took (ASan looks). */
#include "evidence/witness.h"

#include <stdio.h>
#include <string.h>

#include <vpcwhy/error.h>

#include "evidence/frames.h"
#include "failing_memory.h"

enum { TRIES_MAX = 2000, SERIES = 40 };

static void write_capture(struct temporary *temporary)
{
    struct bytes capture = no_bytes();
    uint16_t i;

    capture_header(&capture, 101);
    for (i = 0; i < SERIES; i++)
        capture_frame(&capture, i + 1U, 0,
                      ipv4(1, 2, 1, (struct ipv4_options){.id = i},
                           echo(8, i, (uint16_t)(i * 500))));
    capture.size -= 3; /* damaged at the end */
    temporary_bytes(temporary, "a.pcap", capture.data, capture.size);
}

static void write_transcript(struct temporary *temporary)
{
    temporary_text(temporary, "a.txt",
                   "PING 10.2.2.61 (10.2.2.61) 56(84) bytes of data.\n"
                   "64 bytes from 10.2.2.61: icmp_seq=1 ttl=63 time=0.24 ms\n"
                   "64 bytes from 10.2.2.61: icmp_seq=900 ttl=63 time=0.24 ms\n"
                   "From 10.1.10.1 icmp_seq=901 Destination Host Unreachable\n"
                   "64 bytes from 10.2.2.61: icmp_seq=\n"
                   "Nmap scan report for 10.2.2.61\n22/tcp open ssh\n");
}

static int read_capture(struct vw_evidence *evidence, const char *path,
                        struct vw_diagnostics *diagnostics)
{
    return vw_evidence_read_capture(evidence, "eni-1", path, diagnostics);
}

typedef int reader(struct vw_evidence *evidence, const char *path,
                   struct vw_diagnostics *diagnostics);

static size_t rows_of(reader *read, const char *path, size_t fails_at, bool for_good,
                      int *ret_error)
{
    struct vw_diagnostics *diagnostics;
    struct vw_evidence *evidence;
    size_t rows = 0;

    failing_memory_start(fails_at, for_good);
    diagnostics = vw_diagnostics_create();
    evidence = vw_evidence_create(VW_TIME_UNKNOWN, VW_TIME_UNKNOWN);
    *ret_error = evidence ? read(evidence, path, diagnostics) : VW_ERROR_NO_MEMORY;
    if (evidence)
        rows = vw_evidence_count(evidence);
    vw_evidence_free(evidence);
    vw_diagnostics_free(diagnostics);
    return rows;
}

static void try_all(reader *read, const char *path, size_t least)
{
    bool for_good = false;
    size_t whole, i;
    int error;

    whole = rows_of(read, path, 0, false, &error);
    assert_int_equal(error, 0);
    assert_true(whole > 0);
    do {
        for (i = 1; i < TRIES_MAX; i++) {
            size_t rows = rows_of(read, path, i, for_good, &error);
            if (error == 0)
                assert_int_equal(rows, whole);
            else
                assert_int_equal(error, VW_ERROR_NO_MEMORY);
            if (failing_memory.count < i)
                break;
        }
        assert_true(i > least && i < TRIES_MAX);
        for_good = !for_good;
    } while (for_good);
    failing_memory_start(0, false);
}

static void every_allocation_may_fail(void **state)
{
    struct witness *witness = *state;

    write_capture(&witness->temporary);
    try_all(read_capture, witness->temporary.folder, 60);
}

static void in_transcripts_too(void **state)
{
    struct witness *witness = *state;

    write_transcript(&witness->temporary);
    try_all(vw_evidence_read_transcript, witness->temporary.folder, 15);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_allocation_may_fail, witness_setup,
                                        witness_teardown),
        cmocka_unit_test_setup_teardown(in_transcripts_too, witness_setup,
                                        witness_teardown),
    };

    return cmocka_run_group_tests_name("witness_memory", tests, NULL, NULL);
}
