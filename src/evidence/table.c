/*
 * One table for all readers. Texts are kept once, so that two of them are the same where
 * their pointers are; rows and coverages stand in an arena and never move, with a hash
 * index over the key of each. A row is added by looking up its key and summing up.
 */
#include "evidence/table.h"

#include <string.h>

#include "base/address.h"
#include "base/array.h"
#include "base/map.h"
#include "base/memory.h"
#include "evidence/flow_scan.h"

struct texts VW_ARRAY(const char *);
struct rows VW_ARRAY(struct vw_observation *);
struct coverages VW_ARRAY(struct vw_coverage *);

/* Open addressing over row or coverage numbers plus one; 0 is free. Never more than half
 * full. A row that got another key stands there twice; its old place finds nothing. */
struct number_index {
    uint32_t *slots;
    size_t capacity; /* a power of two, or 0 */
    size_t used;
};

/* How many kept texts are recognised by their pointer alone; a power of two. */
#define KNOWN_TEXTS 1024

struct vw_evidence {
    struct vw_arena arena;
    int64_t since, until;
    struct vw_flow_rows *flows;
    struct vw_map text_numbers;
    struct texts texts;
    const char *known[KNOWN_TEXTS]; /* kept texts, each where its pointer hashes to */
    const char *recent_file; /* most rows come from the same file as the one before */
    struct rows rows;
    struct number_index row_index;
    struct coverages coverages;
    struct number_index coverage_index;
    vw_evidence_watcher *watcher;
    void *watcher_data;
    struct vw_evidence_helpers helpers;
};

struct vw_evidence *vw_evidence_create(int64_t since, int64_t until)
{
    struct vw_evidence *evidence = vw_calloc(1, sizeof *evidence);

    if (!evidence)
        return NULL;
    evidence->flows = vw_calloc(1, sizeof *evidence->flows);
    if (!evidence->flows) {
        vw_free(evidence);
        return NULL;
    }
    evidence->flows->nothing = vw_observation_empty(VW_EVIDENCE_FLOW_LOG);
    evidence->since = since;
    evidence->until = until == VW_TIME_UNKNOWN ? INT64_MAX : until;
    return evidence;
}

void vw_evidence_free(struct vw_evidence *evidence)
{
    if (!evidence)
        return;
    vw_flow_rows_free(evidence->flows);
    vw_free(evidence->flows);
    vw_arena_free(&evidence->arena);
    vw_map_free(&evidence->text_numbers);
    vw_array_free(&evidence->texts);
    vw_array_free(&evidence->rows);
    vw_array_free(&evidence->coverages);
    vw_free(evidence->row_index.slots);
    vw_free(evidence->coverage_index.slots);
    vw_free(evidence);
}

void vw_evidence_watch(struct vw_evidence *evidence, vw_evidence_watcher *watcher,
                       void *data)
{
    evidence->watcher = watcher;
    evidence->watcher_data = data;
}

void vw_evidence_tell_progress(struct vw_evidence *evidence,
                               vw_evidence_progress *progress, void *data)
{
    evidence->helpers.progress = progress;
    evidence->helpers.progress_data = data;
}

void vw_evidence_find_formats(struct vw_evidence *evidence,
                              vw_evidence_format_finder *finder, void *data)
{
    evidence->helpers.format = finder;
    evidence->helpers.format_data = data;
}

const struct vw_evidence_helpers *vw_evidence_helpers_of(
    const struct vw_evidence *evidence)
{
    return &evidence->helpers;
}

size_t vw_evidence_count(const struct vw_evidence *evidence)
{
    return evidence->flows->count + evidence->rows.count;
}

const struct vw_observation *vw_evidence_get(const struct vw_evidence *evidence,
                                             size_t index)
{
    if (index < evidence->flows->count)
        return vw_flow_rows_get(evidence->flows, index);
    return evidence->rows.items[index - evidence->flows->count];
}

enum vw_evidence_kind vw_evidence_kind(const struct vw_evidence *evidence, size_t index)
{
    if (index < evidence->flows->count)
        return VW_EVIDENCE_FLOW_LOG;
    return evidence->rows.items[index - evidence->flows->count]->kind;
}

bool vw_evidence_failed(const struct vw_evidence *evidence)
{
    return atomic_load(&evidence->flows->failed);
}

void vw_evidence_copy(const struct vw_evidence *evidence, size_t index,
                      struct vw_observation *ret)
{
    if (index < evidence->flows->count)
        vw_flow_rows_copy(evidence->flows, index, ret);
    else
        *ret = *evidence->rows.items[index - evidence->flows->count];
}

void vw_evidence_ends(const struct vw_evidence *evidence, size_t index,
                      struct vw_observation_ends *ret)
{
    if (index < evidence->flows->count)
        vw_flow_table_ends(evidence->flows->table, evidence->flows->refs[index], ret);
    else
        *ret =
            vw_observation_ends_of(evidence->rows.items[index - evidence->flows->count]);
}

void vw_evidence_prefetch_place(const struct vw_evidence *evidence, size_t index)
{
    if (index < evidence->flows->count)
        __builtin_prefetch(&evidence->flows->refs[index]);
}

void vw_evidence_prefetch(const struct vw_evidence *evidence, size_t index)
{
    if (index < evidence->flows->count)
        vw_flow_rows_prefetch(evidence->flows, index);
}

struct vw_observation *vw_evidence_row(struct vw_evidence *evidence, size_t index)
{
    return evidence->rows.items[index];
}

struct vw_flow_rows *vw_evidence_flows(struct vw_evidence *evidence)
{
    return evidence->flows;
}

void vw_evidence_window(const struct vw_evidence *evidence, int64_t *ret_since,
                        int64_t *ret_until)
{
    *ret_since = evidence->since;
    *ret_until = evidence->until;
}

size_t vw_evidence_coverage_count(const struct vw_evidence *evidence)
{
    return evidence->coverages.count;
}

const struct vw_coverage *vw_evidence_coverage_get(const struct vw_evidence *evidence,
                                                   size_t index)
{
    return evidence->coverages.items[index];
}

bool vw_evidence_in_window(const struct vw_evidence *evidence, int64_t first,
                           int64_t last)
{
    return vw_flow_in_window(evidence->since, evidence->until, first, last);
}

static size_t place_of(const char *text)
{
    return (size_t)(((uint64_t)(uintptr_t)text * UINT64_C(0x9e3779b97f4a7c15)) >> 32) &
           (KNOWN_TEXTS - 1);
}

/* Copies `text`, which is new. */
static int copy_text(struct vw_evidence *evidence, const char *text, const char **ret)
{
    uint32_t number;
    const char *copy;

    if (evidence->texts.count >= UINT32_MAX)
        return VW_ERROR_LIMIT;
    copy = vw_arena_string(&evidence->arena, text);
    if (!copy || vw_array_push(&evidence->texts, copy))
        return VW_ERROR_NO_MEMORY;
    number = (uint32_t)(evidence->texts.count - 1);
    if (vw_map_put(&evidence->text_numbers, copy, number)) {
        evidence->texts.count--;
        return VW_ERROR_NO_MEMORY;
    }
    *ret = copy;
    return 0;
}

/* The one copy of `text`; *ret NULL for NULL. A text that is a kept one already, as that
 * of a coverage is, is not looked at. */
int vw_evidence_text(struct vw_evidence *evidence, const char *text, const char **ret)
{
    const char **known = &evidence->known[place_of(text)];
    uint32_t number;
    int error;

    if (!text || *known == text) {
        *ret = text;
        return 0;
    }
    if (vw_map_get(&evidence->text_numbers, text, &number)) {
        *ret = evidence->texts.items[number];
    } else {
        error = copy_text(evidence, text, ret);
        if (error)
            return error;
    }
    evidence->known[place_of(*ret)] = *ret;
    return 0;
}

static int keep_file(struct vw_evidence *evidence, const char *file, const char **ret)
{
    int error;

    if (file && evidence->recent_file &&
        (file == evidence->recent_file || strcmp(file, evidence->recent_file) == 0)) {
        *ret = evidence->recent_file;
        return 0;
    }
    error = vw_evidence_text(evidence, file, ret);
    if (!error)
        evidence->recent_file = *ret;
    return error;
}

/* The slot of the row of `row`'s key, or the free one where it belongs. */
static uint32_t *find_row(const struct vw_evidence *evidence,
                          const struct number_index *index,
                          const struct vw_observation *row)
{
    size_t i = (size_t)vw_observation_hash(row) & (index->capacity - 1);

    while (index->slots[i] &&
           !vw_observation_same(evidence->rows.items[index->slots[i] - 1], row))
        i = (i + 1) & (index->capacity - 1);
    return &index->slots[i];
}

static uint64_t hash_coverage(const struct vw_coverage *coverage)
{
    uint64_t hash =
        vw_flow_mix((uint64_t)coverage->kind, (uint64_t)(uintptr_t)coverage->file);

    return vw_flow_mix(hash, (uint64_t)(uintptr_t)coverage->vantage);
}

static uint32_t *find_coverage(const struct vw_evidence *evidence,
                               const struct number_index *index,
                               const struct vw_coverage *wanted)
{
    size_t i = (size_t)hash_coverage(wanted) & (index->capacity - 1);

    for (; index->slots[i]; i = (i + 1) & (index->capacity - 1)) {
        const struct vw_coverage *have = evidence->coverages.items[index->slots[i] - 1];
        if (have->vantage == wanted->vantage && have->file == wanted->file &&
            have->kind == wanted->kind)
            break;
    }
    return &index->slots[i];
}

/* An empty index with room for `count` entries and one more, if `index` has none. */
static int larger_index(const struct number_index *index, size_t count,
                        struct number_index *ret)
{
    struct number_index larger = {NULL, index->capacity ? index->capacity * 2 : 64,
                                  count};

    if (index->used < index->capacity / 2) {
        *ret = *index;
        return 0;
    }
    larger.slots = vw_calloc(larger.capacity, sizeof *larger.slots);
    if (!larger.slots)
        return VW_ERROR_NO_MEMORY;
    *ret = larger;
    return 0;
}

static int grow_row_index(struct vw_evidence *evidence)
{
    struct number_index larger;
    size_t i;

    if (larger_index(&evidence->row_index, evidence->rows.count, &larger))
        return VW_ERROR_NO_MEMORY;
    if (larger.slots == evidence->row_index.slots)
        return 0;
    for (i = 0; i < evidence->rows.count; i++)
        *find_row(evidence, &larger, evidence->rows.items[i]) = (uint32_t)(i + 1);
    vw_free(evidence->row_index.slots);
    evidence->row_index = larger;
    return 0;
}

static int grow_coverage_index(struct vw_evidence *evidence)
{
    struct number_index larger;
    size_t i;

    if (larger_index(&evidence->coverage_index, evidence->coverages.count, &larger))
        return VW_ERROR_NO_MEMORY;
    if (larger.slots == evidence->coverage_index.slots)
        return 0;
    for (i = 0; i < evidence->coverages.count; i++)
        *find_coverage(evidence, &larger, evidence->coverages.items[i]) =
            (uint32_t)(i + 1);
    vw_free(evidence->coverage_index.slots);
    evidence->coverage_index = larger;
    return 0;
}

static int append_row(struct vw_evidence *evidence, const struct vw_observation *row)
{
    struct vw_observation *kept;

    if (evidence->rows.count >= VW_EVIDENCE_ROWS_MAX)
        return VW_ERROR_LIMIT;
    if (grow_row_index(evidence))
        return VW_ERROR_NO_MEMORY;
    kept = vw_arena_alloc(&evidence->arena, sizeof *kept);
    if (!kept || vw_array_push(&evidence->rows, kept))
        return VW_ERROR_NO_MEMORY;
    *kept = *row;
    *find_row(evidence, &evidence->row_index, row) = (uint32_t)evidence->rows.count;
    evidence->row_index.used++;
    return 0;
}

bool vw_evidence_is_watched(const struct vw_evidence *evidence)
{
    return evidence->watcher != NULL;
}

int vw_evidence_notice(struct vw_evidence *evidence, const struct vw_observation *record)
{
    return evidence->watcher ? evidence->watcher(evidence->watcher_data, record) : 0;
}

int vw_evidence_add(struct vw_evidence *evidence, const struct vw_observation *row,
                    size_t *ret_index)
{
    struct vw_observation kept = *row;
    size_t index = SIZE_MAX;
    uint32_t number = 0;
    int error = 0;

    if (vw_evidence_in_window(evidence, row->first, row->last)) {
        if ((error = keep_file(evidence, row->file, &kept.file)) ||
            (error = vw_evidence_text(evidence, row->vantage, &kept.vantage)) ||
            (error = vw_evidence_text(evidence, row->reject_reason, &kept.reject_reason)))
            return error;
        if ((error = vw_evidence_notice(evidence, row)))
            return error;
        if (evidence->row_index.capacity)
            number = *find_row(evidence, &evidence->row_index, &kept);
        if (number)
            vw_observation_sum(evidence->rows.items[number - 1], &kept);
        else
            error = append_row(evidence, &kept);
        index = number ? number - 1 : evidence->rows.count - 1;
    }
    if (!error && ret_index)
        *ret_index = index;
    return error;
}

struct vw_coverage *vw_evidence_coverage(struct vw_evidence *evidence,
                                         enum vw_evidence_kind kind, const char *file,
                                         const char *vantage)
{
    struct vw_coverage wanted = {
        .kind = kind, .first = VW_TIME_UNKNOWN, .last = VW_TIME_UNKNOWN};
    struct vw_coverage *kept;
    uint32_t *slot;

    if (keep_file(evidence, file, &wanted.file) ||
        vw_evidence_text(evidence, vantage, &wanted.vantage) ||
        grow_coverage_index(evidence))
        return NULL;
    slot = find_coverage(evidence, &evidence->coverage_index, &wanted);
    if (*slot)
        return evidence->coverages.items[*slot - 1];
    if (evidence->coverages.count >= VW_COVERAGES_MAX)
        return NULL;
    kept = vw_arena_alloc(&evidence->arena, sizeof *kept);
    if (!kept || vw_array_push(&evidence->coverages, kept))
        return NULL;
    *kept = wanted;
    *slot = (uint32_t)evidence->coverages.count;
    evidence->coverage_index.used++;
    return kept;
}
