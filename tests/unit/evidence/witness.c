/* One reading of a capture or a transcript; see witness.h. */
#include "evidence/witness.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int witness_setup(void **state)
{
    struct witness *witness = calloc(1, sizeof *witness);

    assert_non_null(witness);
    temporary_open(&witness->temporary);
    witness_again(witness);
    *state = witness;
    return 0;
}

static void forget(struct witness *witness)
{
    vw_evidence_free(witness->evidence);
    vw_diagnostics_free(witness->diagnostics);
}

int witness_teardown(void **state)
{
    struct witness *witness = *state;

    forget(witness);
    temporary_close(&witness->temporary);
    free(witness);
    return 0;
}

void witness_again(struct witness *witness)
{
    forget(witness);
    witness->evidence = vw_evidence_create(VW_TIME_UNKNOWN, VW_TIME_UNKNOWN);
    witness->diagnostics = vw_diagnostics_create();
    assert_non_null(witness->evidence);
    assert_non_null(witness->diagnostics);
}

__attribute__((format(printf, 2, 3))) static void add(struct witness *witness,
                                                      const char *format, ...)
{
    size_t size = strlen(witness->text);
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(witness->text + size, sizeof witness->text - size, format, arguments);
    va_end(arguments);
}

static void add_end(struct witness *witness, struct vw_address address, int port,
                    bool ports)
{
    char buffer[VW_ADDRESS_TEXT];

    add(witness, "%s",
        address.family == VW_FAMILY_NONE ? "-" : vw_address_format(address, buffer));
    if (ports && port == VW_UNRECORDED)
        add(witness, ":-");
    else if (ports)
        add(witness, ":%d", port);
}

static void add_row(struct witness *witness, const struct vw_observation *row)
{
    static const char *const directions[] = {"?", "out", "in"};
    bool ports = row->protocol == 6 || row->protocol == 17;

    add(witness, "%s ", directions[row->direction]);
    add_end(witness, row->source, row->source_port, ports);
    add(witness, " > ");
    add_end(witness, row->destination, row->destination_port, ports);
    switch (row->protocol) {
    case 1:
    case 58:
        add(witness, " %s %d/%d", row->protocol == 1 ? "icmp" : "icmpv6", row->icmp_type,
            row->icmp_code);
        break;
    case 6:
    case 17:
        add(witness, row->protocol == 6 ? " tcp" : " udp");
        break;
    default:
        add(witness, " protocol %d", row->protocol);
    }
    add(witness, " x%lld", (long long)row->packets);
    if (row->tcp_flags != VW_UNRECORDED)
        add(witness, " flags %d", row->tcp_flags);
    if (row->first_sequence != VW_UNRECORDED)
        add(witness, " %lld-%lld", (long long)row->first_sequence,
            (long long)row->last_sequence);
    if (row->missing_sequences != VW_UNRECORDED)
        add(witness, " missing %lld", (long long)row->missing_sequences);
    if (row->packet_destination.family != VW_FAMILY_NONE) {
        add(witness, " about ");
        add_end(witness, row->packet_source, 0, false);
        add(witness, " > ");
        add_end(witness, row->packet_destination, 0, false);
    }
    add(witness, "\n");
}

const char *witness_text(struct witness *witness)
{
    size_t i;

    witness->text[0] = '\0';
    for (i = 0; i < vw_evidence_count(witness->evidence); i++)
        add_row(witness, vw_evidence_get(witness->evidence, i));
    for (i = 0; i < vw_evidence_coverage_count(witness->evidence); i++) {
        const struct vw_coverage *coverage =
            vw_evidence_coverage_get(witness->evidence, i);
        add(witness, "records %llu damaged %llu%s\n",
            (unsigned long long)coverage->records, (unsigned long long)coverage->damaged,
            coverage->cut ? " cut" : "");
    }
    return witness->text;
}

void witness_told(const struct witness *witness, size_t index, const char *code,
                  uint64_t line)
{
    const struct vw_diagnostic *told;

    assert_true(index < vw_diagnostics_count(witness->diagnostics));
    told = vw_diagnostics_get(witness->diagnostics, index);
    assert_string_equal(told->code, code);
    assert_int_equal(told->line, line);
}

/* xorshift, so that every run does the same. */
static unsigned next_number(uint64_t *seed, size_t below)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return (unsigned)(*seed % below);
}

static size_t mutate(unsigned char *bytes, size_t size, uint64_t *seed)
{
    unsigned changes = 1 + next_number(seed, 4);

    while (changes-- > 0 && size > 8) {
        size_t at = next_number(seed, size), count = 1 + next_number(seed, 8);

        if (count > size - at)
            count = size - at;
        switch (next_number(seed, 5)) {
        case 0:
            bytes[at] ^= (unsigned char)(1U << next_number(seed, 8));
            break;
        case 1:
            bytes[at] = (unsigned char)next_number(seed, 256);
            break;
        case 2:
            memset(bytes + at, next_number(seed, 2) ? 0xff : 0, count);
            break;
        case 3:
            memmove(bytes + at, bytes + at + count, size - at - count);
            size -= count;
            break;
        case 4:
            size = next_number(seed, 4) ? size : at;
            break;
        }
    }
    return size;
}

void witness_mutate(struct witness *witness, witness_reader *reader, const void *bytes,
                    size_t size, unsigned count)
{
    unsigned char *copy = malloc(size);
    uint64_t seed = UINT64_C(0x9e3779b97f4a7c15);

    assert_non_null(copy);
    while (count-- > 0) {
        size_t left;

        memcpy(copy, bytes, size);
        left = mutate(copy, size, &seed);
        witness_again(witness);
        reader(witness, temporary_bytes(&witness->temporary, "mutated", copy, left));
        witness_text(witness);
    }
    free(copy);
}
