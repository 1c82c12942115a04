/*
 * A flow log in the default format, always the same for the same numbers:
 *
 *     make_flows RECORDS PAIRS > FILE
 *
 * PAIRS pairs of addresses share the records: a hundredth of them has a fifth.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* splitmix64: numbers, and what is the same of one pair in every record. */
static uint64_t mix(uint64_t value)
{
    value += UINT64_C(0x9e3779b97f4a7c15);
    value = (value ^ value >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    value = (value ^ value >> 27) * UINT64_C(0x94d049bb133111eb);
    return value ^ value >> 31;
}

static uint64_t pair_of(uint64_t number, uint64_t pairs)
{
    uint64_t busy = pairs / 100 ? pairs / 100 : 1, random = mix(number);

    return random % 5 == 0 ? random / 5 % busy : random / 5 % pairs;
}

static void write_record(uint64_t number, uint64_t pairs)
{
    static const unsigned ports[] = {443, 443, 443, 80, 53, 22, 3306, 5432};
    uint64_t pair = pair_of(number, pairs), random = mix(number ^ UINT64_C(1) << 63);
    uint64_t of_pair = mix(pair);
    unsigned packets = (unsigned)(random % 400) + 1;
    uint64_t start = 1700000000 + number / 50;

    /* A source of its own for each pair, so that there are as many pairs as are asked for. */
    printf("2 123456789012 eni-%017llx %llu.%llu.%llu.%llu 10.0.%llu.%llu %llu %u %u %u "
           "%llu "
           "%llu %llu %s OK\n",
           (unsigned long long)mix(of_pair % 500) >> 4,
           (unsigned long long)(pair >> 24) + 1, (unsigned long long)(pair >> 16 & 255),
           (unsigned long long)(pair >> 8 & 255), (unsigned long long)(pair & 255),
           (unsigned long long)(of_pair >> 16 & 15),
           (unsigned long long)(of_pair >> 8 & 255),
           (unsigned long long)(random >> 16) % 64512 + 1024, ports[of_pair % 8],
           random >> 40 & 7 ? 6u : 17u, packets,
           (unsigned long long)packets * ((random >> 44) % 1460 + 40),
           (unsigned long long)start, (unsigned long long)start + 60 - random % 30,
           random >> 60 ? "ACCEPT" : "REJECT");
}

int main(int count, char **arguments)
{
    uint64_t records, pairs, i;

    if (count != 3)
        return 2;
    records = strtoull(arguments[1], NULL, 10);
    pairs = strtoull(arguments[2], NULL, 10);
    puts("version account-id interface-id srcaddr dstaddr srcport dstport protocol "
         "packets "
         "bytes start end action log-status");
    for (i = 0; i < records && pairs > 0; i++)
        write_record(i, pairs);
    return fflush(stdout) == 0 ? 0 : 1;
}
