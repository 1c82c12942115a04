/* Runs and packed bits; see parquet_runs.h. */
#include "logs/parquet_runs.h"

#include <endian.h>
#include <string.h>

struct vw_parquet_runs vw_parquet_runs(const unsigned char *bytes, size_t size,
                                       unsigned width)
{
    return (struct vw_parquet_runs){.at = bytes, .end = bytes + size, .width = width};
}

/* The head of a run: twice the count, plus one where bits are packed. */
static bool read_head(struct vw_parquet_runs *runs, uint64_t *ret_head)
{
    uint64_t head = 0;
    unsigned shift;

    for (shift = 0; shift < 35 && runs->at < runs->end; shift += 7) {
        unsigned char byte = *runs->at++;
        head |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80) {
            *ret_head = head;
            return true;
        }
    }
    return false;
}

static void start_packed(struct vw_parquet_runs *runs, uint64_t groups)
{
    size_t have = (size_t)(runs->end - runs->at);
    uint64_t size = groups * runs->width;

    runs->is_packed = true;
    runs->packed = runs->at;
    runs->bit = 0;
    runs->left = groups * 8;
    /* Old writers leave out the bytes of the last group that no value needs. */
    if (size > have) {
        size = have;
        runs->left = (uint64_t)have * 8 / runs->width;
    }
    runs->at += size;
}

static bool start_repeated(struct vw_parquet_runs *runs, uint64_t count)
{
    size_t size = (runs->width + 7) / 8;
    size_t i;

    if ((size_t)(runs->end - runs->at) < size)
        return false;
    runs->is_packed = false;
    runs->left = count;
    runs->value = 0;
    for (i = 0; i < size; i++)
        runs->value |= (uint32_t)runs->at[i] << (8 * i);
    runs->at += size;
    return true;
}

/* A run that has values left. */
static bool next_run(struct vw_parquet_runs *runs)
{
    uint64_t head;

    while (runs->left == 0) {
        if (!read_head(runs, &head))
            return false;
        if (head & 1)
            start_packed(runs, head >> 1);
        else if (!start_repeated(runs, head >> 1))
            return false;
    }
    return true;
}

bool vw_parquet_runs_same(struct vw_parquet_runs *runs, size_t count, uint32_t *ret_value)
{
    if (!next_run(runs) || runs->left < count || (runs->is_packed && runs->width > 0))
        return false;
    *ret_value = runs->is_packed ? 0 : runs->value;
    runs->left -= count;
    return true;
}

static uint64_t eight_bytes(const unsigned char *bytes)
{
    uint64_t value;

    memcpy(&value, bytes, sizeof value);
    return le64toh(value);
}

static void take_packed(struct vw_parquet_runs *runs, uint32_t *values, size_t count)
{
    const uint64_t mask = (UINT64_C(1) << runs->width) - 1;
    const unsigned char *packed = runs->packed;
    uint64_t bit = runs->bit;
    size_t i;

    for (i = 0; i < count; i++) {
        values[i] = (uint32_t)(eight_bytes(packed + bit / 8) >> (bit % 8) & mask);
        bit += runs->width;
    }
    runs->bit = bit;
}

bool vw_parquet_runs_take(struct vw_parquet_runs *runs, uint32_t *values, size_t count)
{
    size_t done = 0, i;

    while (done < count) {
        size_t some = count - done;
        if (!next_run(runs))
            return false;
        if (some > runs->left)
            some = (size_t)runs->left;
        if (runs->is_packed)
            take_packed(runs, values + done, some);
        else
            for (i = 0; i < some; i++)
                values[done + i] = runs->value;
        runs->left -= some;
        done += some;
    }
    return true;
}
