/* Batches of records on their way to the sink. */
#include "base/memory.h"
#include "logs/blanks.h"
#include "logs/reader.h"
#include "logs/words.h"

/* A batch stays in the processor's cache. A record's words are put down before it is known
 * how many there are. */
enum { CELLS = 4096, RECORDS = 512 };

int vw_log_worker_start(struct vw_log_worker *worker, struct vw_log_scan *scan,
                        unsigned number)
{
    worker->scan = scan;
    worker->number = number;
    worker->cells = vw_calloc(CELLS + VW_LOG_PREFIX_WORDS, sizeof *worker->cells);
    worker->origins = vw_calloc(RECORDS, sizeof *worker->origins);
    worker->buffer = vw_calloc(1, VW_LOG_BUFFER);
    worker->marks = vw_calloc(vw_log_blocks(VW_LOG_BUFFER) + VW_LOG_MARKS_BEHIND,
                              sizeof *worker->marks);
    worker->places = vw_calloc(1, sizeof *worker->places);
    return worker->cells && worker->origins && worker->buffer && worker->marks &&
                   worker->places
               ? 0
               : VW_ERROR_NO_MEMORY;
}

void vw_log_worker_free(struct vw_log_worker *worker)
{
    vw_free(worker->buffer);
    vw_free(worker->marks);
    vw_free(worker->places);
    vw_free(worker->cells);
    vw_free(worker->origins);
    vw_arena_free(&worker->arena);
}

void vw_log_worker_turn_to(struct vw_log_worker *worker, struct vw_log_source *source)
{
    worker->source = source;
    worker->columns = NULL;
    worker->count = 0;
    worker->choice.columns = NULL;
}

static void clear_origins(struct vw_log_worker *worker)
{
    size_t i;

    for (i = 0; i < worker->capacity; i++)
        worker->origins[i] = (struct vw_log_origin){
            .time = VW_TIME_NONE,
            .ingestion = VW_TIME_NONE,
            .stream = worker->columns->path_stream,
        };
    worker->is_dirty = false;
}

int vw_log_batch_begin(struct vw_log_worker *worker, const struct vw_log_columns *columns)
{
    int error;

    if (worker->columns == columns)
        return 0;
    error = vw_log_batch_flush(worker);
    worker->columns = columns;
    worker->capacity = CELLS / columns->layout.count;
    if (worker->capacity > RECORDS)
        worker->capacity = RECORDS;
    clear_origins(worker);
    return error;
}

int vw_log_batch_add(struct vw_log_worker *worker, const struct vw_log_origin *origin)
{
    worker->origins[worker->count++] = *origin;
    worker->is_dirty = true;
    return worker->count < worker->capacity ? 0 : vw_log_batch_flush(worker);
}

int vw_log_batch_hand_on(struct vw_log_worker *worker,
                         const struct vw_log_columns *columns,
                         const struct vw_slice *cells,
                         const struct vw_log_origin *origins, size_t count)
{
    const struct vw_log_sink *sink = worker->scan->sink;

    if (count == 0)
        return 0;
    worker->records += count;
    if (columns->authority == VW_LOG_ASSUMED)
        worker->assumed += count;
    return sink->take(sink->context, worker->number,
                      &(struct vw_log_batch){.layout = &columns->layout,
                                             .count = count,
                                             .cells = cells,
                                             .origins = origins,
                                             .worker = worker});
}

int vw_log_batch_flush(struct vw_log_worker *worker)
{
    int error;

    worker->choice.columns = NULL;
    if (worker->count == 0)
        return 0;
    error = vw_log_batch_hand_on(worker, worker->columns, worker->cells, worker->origins,
                                 worker->count);
    worker->count = 0;
    if (worker->is_dirty)
        clear_origins(worker);
    return error;
}

void vw_log_damage(const struct vw_log_batch *batch, size_t record, const char *what)
{
    batch->worker->records--;
    vw_log_damaged(batch->worker, batch->origins[record].line, "%s", what);
}
