/*
 * What AWS says (CWL_AnalyzeLogData-discoverable-fields): the fields of the default format are
 * srcAddr, interfaceId, startTime, ...; of later versions only some are named (flowDirection).
 *
 * What we do: a name fits a column when they agree but for case, '-' and '_', which covers
 * the header's, Parquet's and the console's spelling of every version.
 */
#include "query/names.h"

#include <string.h>

#include "logs/format.h"

/* Longer names have no neighbour. */
#define NAME_MAX_LENGTH 40

static const char *const known[] = {
#define VW_X(name, text, version) text,
    VW_FLOW_FIELD_LIST(VW_X)
#undef VW_X
        "resource-type",
    "tgw-id",
    "tgw-attachment-id",
    "tgw-src-vpc-account-id",
    "tgw-dst-vpc-account-id",
    "tgw-src-vpc-id",
    "tgw-dst-vpc-id",
    "tgw-src-subnet-id",
    "tgw-dst-subnet-id",
    "tgw-src-eni",
    "tgw-dst-eni",
    "tgw-src-az-id",
    "tgw-dst-az-id",
    "tgw-pair-attachment-id",
    "packets-lost-no-route",
    "packets-lost-blackhole",
    "packets-lost-mtu-exceeded",
    "packets-lost-ttl-expired",
    "@timestamp",
    "@message",
    "@logStream",
    "@log",
    "@ingestionTime",
    "@ptr",
    "@entity",
};

/* How the language spells them, for hints. */
static const char *const console[] = {
    "accountId", "interfaceId", "srcAddr",    "dstAddr",    "srcPort",
    "dstPort",   "protocol",    "packets",    "bytes",      "start",
    "end",       "startTime",   "endTime",    "action",     "logStatus",
    "version",   "region",      "type",       "vpcId",      "flowDirection",
    "subnetId",  "instanceId",  "tcpFlags",   "@message",   "@timestamp",
    "@log",      "@logStream",  "pktSrcAddr", "pktDstAddr", "trafficPath",
};

static char folded(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static size_t skip(struct vw_slice name, size_t at)
{
    while (at < name.size && (name.data[at] == '-' || name.data[at] == '_'))
        at++;
    return at;
}

bool vw_name_same(struct vw_slice a, struct vw_slice b)
{
    size_t i = skip(a, 0), j = skip(b, 0);

    while (i < a.size && j < b.size) {
        if (folded(a.data[i]) != folded(b.data[j]))
            return false;
        i = skip(a, i + 1);
        j = skip(b, j + 1);
    }
    return i == a.size && j == b.size;
}

static struct vw_slice plain(struct vw_slice name)
{
    if (vw_name_same(name, vw_slice_of("starttime")))
        return vw_slice_of("start");
    if (vw_name_same(name, vw_slice_of("endtime")))
        return vw_slice_of("end");
    return name;
}

bool vw_field_same(struct vw_slice a, struct vw_slice b)
{
    return vw_name_same(a, b) || vw_name_same(plain(a), plain(b));
}

bool vw_field_known(struct vw_slice name)
{
    size_t i;

    for (i = 0; i < sizeof known / sizeof *known; i++)
        if (vw_field_same(name, vw_slice_of(known[i])))
            return true;
    return false;
}

const char *vw_field_hyphenated(struct vw_slice left, struct vw_slice right)
{
    char name[NAME_MAX_LENGTH + 1];
    struct vw_slice whole = {name, left.size + right.size};
    size_t i;

    if (whole.size > NAME_MAX_LENGTH || left.size == 0 || right.size == 0)
        return NULL;
    memcpy(name, left.data, left.size);
    memcpy(name + left.size, right.data, right.size);
    if (!vw_field_known(whole))
        return NULL;
    for (i = 0; i < sizeof console / sizeof *console; i++)
        if (vw_name_same(whole, vw_slice_of(console[i])))
            return console[i];
    for (i = 0; i < sizeof known / sizeof *known; i++)
        if (vw_name_same(whole, vw_slice_of(known[i])))
            return known[i];
    return NULL;
}

static size_t least_of(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* How many letters are to be changed, added or left out, whatever their case. */
static size_t distance(struct vw_slice a, struct vw_slice b)
{
    size_t rows[2][NAME_MAX_LENGTH + 1], i, j;

    for (j = 0; j <= b.size; j++)
        rows[0][j] = j;
    for (i = 1; i <= a.size; i++) {
        size_t *row = rows[i & 1];
        const size_t *above = rows[(i & 1) ^ 1];

        row[0] = i;
        for (j = 1; j <= b.size; j++) {
            row[j] = above[j - 1] + (folded(a.data[i - 1]) != folded(b.data[j - 1]));
            row[j] = least_of(row[j], least_of(row[j - 1], above[j]) + 1);
        }
    }
    return rows[a.size & 1][b.size];
}

struct vw_nearest vw_nearest_to(struct vw_slice typed)
{
    return (struct vw_nearest){typed, {NULL, 0}, typed.size / 3 + 2};
}

void vw_nearest_offer(struct vw_nearest *nearest, struct vw_slice name)
{
    size_t far;

    if (name.size > NAME_MAX_LENGTH || nearest->typed.size > NAME_MAX_LENGTH)
        return;
    far = distance(nearest->typed, name);
    if (far < nearest->distance && far < name.size) {
        nearest->distance = far;
        nearest->best = name;
    }
}

void vw_nearest_offer_fields(struct vw_nearest *nearest)
{
    size_t i;

    for (i = 0; i < sizeof console / sizeof *console; i++)
        vw_nearest_offer(nearest, vw_slice_of(console[i]));
    for (i = 0; i < sizeof known / sizeof *known; i++)
        vw_nearest_offer(nearest, vw_slice_of(known[i]));
}
