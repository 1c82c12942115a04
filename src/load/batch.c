/* Reading a file by all processors; see batch.h. */
#include "load/batch.h"

#include <string.h>

#include <vpcwhy/error.h>

#include "base/memory.h"
#include "base/pool.h"
#include "load/json_split.h"
#include "load/texts.h"

/* Of a thread: what its batches take memory from. */
struct worker {
    struct vw_world *world; /* its arena only */
    struct vw_arena scratch, aside;
    struct vw_texts texts, aside_texts;
    struct vw_exports files; /* a copy for each file that is read */
};

struct vw_batch_crew {
    struct vw_pool *pool;
    struct worker workers[VW_POOL_THREADS_MAX + 1];
};

struct vw_batch {
    struct vw_job job;
    struct vw_batch_crew *crew;
    const struct vw_key_row *row;
    struct vw_json_piece piece;
    uint32_t file;
    struct vw_loader part; /* what was read */
    int status;
    struct vw_batch *next; /* in the document */
};

/* One file under way. */
struct cutting {
    struct vw_loader *loader;
    uint32_t file;
    struct vw_json_splitter *splitter;
    struct vw_batch *first, **last; /* of the document under way */
};

struct digest {
    struct vw_job job;
    const char *path;
    char text[VW_SHA256_TEXT];
};

bool vw_batch_is_due(const struct vw_loader *loader, uint64_t size)
{
    return size > 0 && size >= loader->plan.split_size;
}

/* ---- the threads ---- */

static void free_crew(struct vw_batch_crew *crew)
{
    unsigned i;

    for (i = 0; i < sizeof crew->workers / sizeof *crew->workers; i++) {
        vw_world_free(crew->workers[i].world);
        vw_arena_free(&crew->workers[i].scratch);
        vw_arena_free(&crew->workers[i].aside);
        vw_array_free(&crew->workers[i].files);
    }
    vw_pool_free(crew->pool);
    vw_free(crew);
}

static struct vw_batch_crew *make_crew(unsigned threads)
{
    struct vw_batch_crew *crew = vw_calloc(1, sizeof *crew);
    unsigned i;

    if (!crew)
        return NULL;
    if (threads == VW_ALL_PROCESSORS)
        threads = vw_pool_threads();
    crew->pool = vw_pool_create(threads);
    for (i = 0; crew->pool && i < vw_pool_workers(crew->pool); i++) {
        crew->workers[i].world = vw_world_create();
        if (!crew->workers[i].world) {
            free_crew(crew);
            return NULL;
        }
    }
    if (!crew->pool) {
        free_crew(crew);
        return NULL;
    }
    return crew;
}

void vw_batch_end(struct vw_loader *loader)
{
    struct vw_batch_crew *crew = loader->crew;
    unsigned i;

    if (!crew)
        return;
    for (i = 0; i < vw_pool_workers(crew->pool); i++) {
        vw_arena_adopt(&loader->world->arena, &crew->workers[i].world->arena);
        vw_arena_adopt(&loader->scratch, &crew->workers[i].scratch);
        vw_arena_adopt(&loader->aside, &crew->workers[i].aside);
    }
    free_crew(crew);
    loader->crew = NULL;
}

/* Each thread has its own copy of what readers note of files. */
static int share_files(const struct vw_loader *loader)
{
    struct vw_batch_crew *crew = loader->crew;
    size_t count = loader->files.count;
    unsigned i;

    for (i = 0; i < vw_pool_workers(crew->pool); i++) {
        struct vw_exports *files = &crew->workers[i].files;
        struct vw_export *items = vw_realloc(files->items, count, sizeof *items);

        if (!items)
            return VW_ERROR_NO_MEMORY;
        memcpy(items, loader->files.items, count * sizeof *items);
        *files = (struct vw_exports){items, count, count};
    }
    return 0;
}

/* ---- a batch ---- */

static void free_batch(struct vw_batch *batch)
{
    int kind;

    for (kind = 0; kind < VW_OBJECT_KINDS; kind++)
        vw_array_free(&batch->part.items[kind]);
    vw_array_free(&batch->part.embedded);
    vw_array_free(&batch->part.rules);
    vw_diagnostics_free(batch->part.diagnostics);
    vw_free(batch->piece.text);
    vw_free(batch);
}

/* Once all jobs are done. */
static void free_batches(struct cutting *cutting)
{
    while (cutting->first) {
        struct vw_batch *next = cutting->first->next;

        free_batch(cutting->first);
        cutting->first = next;
    }
    cutting->last = &cutting->first;
}

static int read_list(struct vw_batch *batch, struct worker *worker, struct vw_json *list)
{
    static const struct vw_json whole; /* of the document only the place is known */
    struct vw_document document = {
        .loader = &batch->part, .file = batch->file, .json = &whole};
    int error;

    list->parent = &whole;
    list->key = batch->piece.key;
    list->index = batch->piece.first;
    if (vw_json_count(list) == 0)
        return VW_ERROR_INPUT; /* two commas, or one and no element */
    batch->part.diagnostics = vw_diagnostics_create();
    if (!batch->part.diagnostics)
        return VW_ERROR_NO_MEMORY;
    batch->part.world = worker->world;
    batch->part.scratch = worker->scratch;
    batch->part.files = worker->files;
    batch->part.texts = &worker->texts;
    batch->part.aside = worker->aside;
    batch->part.aside_texts = &worker->aside_texts;
    error = batch->row->read(&document, batch->row, list);
    worker->scratch = batch->part.scratch;
    worker->aside = batch->part.aside;
    return error;
}

static void run_batch(struct vw_job *job, unsigned number)
{
    struct vw_batch *batch = (struct vw_batch *)(void *)job;
    struct vw_json list;

    batch->status = vw_json_parse(batch->piece.text, batch->piece.size, &list);
    vw_free(batch->piece.text);
    batch->piece.text = NULL;
    if (batch->status)
        return;
    batch->status = read_list(batch, &batch->crew->workers[number], &list);
    vw_json_release(&list);
}

static int append(struct vw_items *to, const struct vw_items *from)
{
    size_t i;

    for (i = 0; i < from->count; i++)
        if (vw_array_push(to, from->items[i]))
            return VW_ERROR_NO_MEMORY;
    return 0;
}

/* All that the readers of vw_key_is_cut may have added. */
static int add_part(struct vw_loader *loader, const struct vw_loader *part)
{
    int kind;

    for (kind = 0; kind < VW_OBJECT_KINDS; kind++) {
        if (append(&loader->items[kind], &part->items[kind]))
            return VW_ERROR_NO_MEMORY;
        loader->has_lost[kind] |= part->has_lost[kind];
    }
    loader->has_lost_rule |= part->has_lost_rule;
    if (append(&loader->embedded, &part->embedded) ||
        append(&loader->rules, &part->rules))
        return VW_ERROR_NO_MEMORY;
    vw_diagnostics_append(loader->diagnostics, part->diagnostics);
    return 0;
}

int vw_batch_add(struct vw_document *document, const char *key)
{
    const struct vw_batch *batch;
    int error = 0;

    for (batch = document->batches; batch && !error; batch = batch->next)
        if (strcmp(batch->piece.key, key) == 0)
            error = add_part(document->loader, &batch->part);
    return error;
}

/* ---- a file ---- */

static bool wants(void *data, const char *key)
{
    (void)data;
    return vw_key_is_cut(key);
}

static int take(void *data, const struct vw_json_piece *piece)
{
    struct cutting *cutting = data;
    struct vw_batch *batch = vw_calloc(1, sizeof *batch);

    if (!batch) {
        vw_free(piece->text);
        return VW_ERROR_NO_MEMORY;
    }
    *batch = (struct vw_batch){.job = {.run = run_batch},
                               .crew = cutting->loader->crew,
                               .row = vw_key_row(piece->key),
                               .piece = *piece,
                               .file = cutting->file};
    *cutting->last = batch;
    cutting->last = &batch->next;
    vw_pool_add(cutting->loader->crew->pool, &batch->job);
    return 0;
}

/* The first thing that went wrong with the document's batches. */
static int batches_status(const struct cutting *cutting)
{
    const struct vw_batch *batch;

    for (batch = cutting->first; batch; batch = batch->next)
        if (batch->status)
            return batch->status;
    return 0;
}

/* One document: 1 when it was read, 0 at the end of the file. */
static int collect_document(struct cutting *cutting)
{
    struct vw_document document = {.loader = cutting->loader, .file = cutting->file};
    struct vw_json whole;
    const char *text;
    size_t size;
    int status = vw_json_split_next(cutting->splitter, &text, &size);

    vw_pool_wait(cutting->loader->crew->pool);
    if (status == 1)
        status = batches_status(cutting);
    else if (status == 0)
        return 0;
    if (!status)
        status = vw_json_parse(text, size, &whole);
    if (status)
        return status;
    document.json = &whole;
    document.batches = cutting->first;
    status = vw_document_read(&document);
    vw_json_release(&whole);
    return status ? status : 1;
}

static int collect_documents(struct cutting *cutting, struct vw_batch_place *ret_place)
{
    struct vw_json_taker taker = {wants, take, cutting};
    int status =
        vw_json_split_open(cutting->loader->files.items[cutting->file].path,
                           cutting->loader->plan.piece_size, &taker, &cutting->splitter);

    if (status)
        return status;
    while ((status = collect_document(cutting)) == 1)
        free_batches(cutting);
    free_batches(cutting);
    ret_place->offset = vw_json_split_place(cutting->splitter, &ret_place->documents);
    vw_json_split_close(cutting->splitter);
    return status;
}

static void run_digest(struct vw_job *job, unsigned number)
{
    struct digest *digest = (struct digest *)(void *)job;

    (void)number;
    vw_sha256_file(digest->path, digest->text);
}

int vw_batch_collect(struct vw_loader *loader, uint32_t index,
                     struct vw_batch_place *ret_place, char ret_sha256[VW_SHA256_TEXT])
{
    struct cutting cutting = {.loader = loader, .file = index};
    struct digest digest = {{.run = run_digest}, loader->files.items[index].path, ""};
    int status;

    if (!loader->crew)
        loader->crew = make_crew(loader->plan.threads);
    if (!loader->crew || share_files(loader))
        return VW_ERROR_NO_MEMORY;
    cutting.last = &cutting.first;
    vw_pool_add(loader->crew->pool, &digest.job);
    status = collect_documents(&cutting, ret_place);
    vw_pool_wait(loader->crew->pool);
    memcpy(ret_sha256, digest.text, sizeof digest.text);
    return status;
}
