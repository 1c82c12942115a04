/* A file from its opening to what is said of it at its end. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "logs/reader.h"
#include "logs/rows.h"
#include "logs/words.h"

/* A plain file is read at several places at a time, anything else from front to back. */
static int open_bytes(struct vw_log_source *source)
{
    const char *path = source->file->path;
    char start[4];
    size_t size = 0;
    int status = vw_stored_open(path, source->input_said, &source->stored);

    if (status > 0) {
        source->size = source->stored.size;
        if (vw_stored_read(&source->stored, 0, start, sizeof start, &size) == 0 &&
            size > 0 && vw_packing_of(start, size) == VW_PACKING_NONE)
            return 0;
        vw_stored_close(&source->stored);
    }
    source->stored.descriptor = -1;
    return status < 0 ? status : vw_input_open(path, source->input_said, &source->input);
}

/* ".../eni-1-accept/000000.gz": an export task puts each log stream into a folder. */
static struct vw_slice stream_of_path(const char *path)
{
    struct vw_slice found = {NULL, 0};

    for (;;) {
        size_t size = strcspn(path, "/");
        struct vw_slice part = {path, size};

        if (path[size] == '\0')
            return found;
        if (vw_slice_starts(part, "eni-") && vw_log_is_stream(part))
            found = part;
        path += size + 1;
    }
}

int vw_log_source_open(struct vw_log_scan *scan, uint32_t number,
                       struct vw_log_source **ret)
{
    struct vw_log_source *source = vw_calloc(1, sizeof *source);
    int error = 0;

    if (!source)
        return VW_ERROR_NO_MEMORY;
    *source = (struct vw_log_source){
        .scan = scan,
        .file = &scan->files[number],
        .stored = {.descriptor = -1},
        .path_stream = stream_of_path(scan->files[number].path),
        .line = 1,
        .holders = 1,
        .said = vw_diagnostics_create(),
        .input_said = vw_diagnostics_create(),
    };
    if (!source->said || !source->input_said)
        error = VW_ERROR_NO_MEMORY;
    if (!error)
        error = open_bytes(source);
    if (!error) {
        *ret = source;
        return 0;
    }
    source->is_refused = true;
    vw_log_source_release(source);
    return error;
}

void vw_log_source_hold(struct vw_log_source *source)
{
    pthread_mutex_lock(&source->scan->lock);
    source->holders++;
    pthread_mutex_unlock(&source->scan->lock);
}

void vw_log_source_has_header(struct vw_log_source *source, bool is_result)
{
    pthread_mutex_lock(&source->scan->lock);
    source->has_header = true;
    source->is_result |= is_result;
    pthread_mutex_unlock(&source->scan->lock);
}

/* What is perhaps not there. */
static void report_missing(const struct vw_log_source *source, struct vw_place place)
{
    if (source->is_result &&
        source->records + source->damaged + source->repeated == VW_LOG_RESULT_ROWS)
        vw_diagnose(source->said, VW_SEVERITY_NOTE, "query-limit", place,
                    "holds %d rows, as many as a query gives without a limit of its own: "
                    "there may be more",
                    VW_LOG_RESULT_ROWS);
    if (source->has_more)
        vw_diagnose(source->said, VW_SEVERITY_NOTE, "page-missing", place,
                    "its last page says that there are more events (nextToken)");
}

static void report_format(const struct vw_log_source *source, struct vw_place place)
{
    if (source->assumed > 0)
        vw_diagnose(source->said, VW_SEVERITY_NOTE, "flow-log-format", place,
                    "has no header line and no format was given: its records are read as "
                    "the default format, which they fit");
    if (source->records > 0 || source->repeated > 0 || source->is_refused)
        return;
    if (source->damaged > 0 && !source->has_header && !source->scan->options->format)
        vw_diagnose(source->said, VW_SEVERITY_WARNING, "flow-log-format", place,
                    "no record is of the default format, and there is no header line; "
                    "give the flow log's LogFormat");
    else
        vw_diagnose(source->said, VW_SEVERITY_WARNING, "no-records", place,
                    "holds no flow log record");
}

static int compare(const void *a, const void *b)
{
    const struct vw_log_later *x = a;
    const struct vw_log_later *y = b;

    return x->order < y->order ? -1 : x->order > y->order;
}

static void say_later(struct vw_log_source *source)
{
    size_t i;

    if (source->later.count > 0)
        qsort(source->later.items, source->later.count, sizeof *source->later.items,
              compare);
    for (i = 0; i < source->later.count; i++) {
        vw_diagnostics_append(source->said, source->later.items[i].said);
        vw_diagnostics_free(source->later.items[i].said);
    }
    vw_array_free(&source->later);
}

static void report(struct vw_log_source *source)
{
    struct vw_place place = {.file = source->file->path};
    size_t i;

    vw_diagnostics_append(source->said, source->input_said);
    say_later(source);
    for (i = 0; i < source->damaged && i < VW_LOG_DAMAGED_SHOWN; i++)
        vw_diagnose(
            source->said, VW_SEVERITY_WARNING, "damaged-line",
            (struct vw_place){.file = source->file->path,
                              .line = source->counts_events ? 0 : source->shown[i].line},
            "%s", source->shown[i].text);
    if (source->damaged > VW_LOG_DAMAGED_SHOWN)
        vw_diagnose(source->said, VW_SEVERITY_WARNING, "damaged-lines", place,
                    "%llu %s could not be used; the first %d are shown",
                    (unsigned long long)source->damaged,
                    source->counts_events ? "events" : "lines", VW_LOG_DAMAGED_SHOWN);
    if (source->repeated > 0)
        vw_diagnose(source->said, VW_SEVERITY_NOTE, "repeated-records", place,
                    "events that were delivered twice and are counted once: %llu",
                    (unsigned long long)source->repeated);
    report_missing(source, place);
    report_format(source, place);
}

/* Whether the file ends in the middle: an error was said of it, or its last line is none. */
static bool ends_early(const struct vw_log_source *source)
{
    return (source->said && vw_diagnostics_has_error(source->said)) || source->lost > 0 ||
           (source->damaged > 0 && source->last_damaged + 1 >= source->line);
}

/* Under the scan's lock. */
static void add_up(struct vw_log_source *source)
{
    struct vw_log_scan *scan = source->scan;

    scan->totals.files += source->input != NULL || source->stored.descriptor >= 0;
    scan->totals.records += source->records;
    scan->totals.damaged += source->damaged + source->lost;
    scan->totals.repeated += source->repeated;
    scan->totals.bytes += source->size;
    scan->read_some |= source->has_header || source->records > 0;
    if (scan->options->file_read)
        scan->options->file_read(scan->options->file_context, source->file,
                                 source->damaged, ends_early(source));
}

void vw_log_source_release(struct vw_log_source *source)
{
    struct vw_log_scan *scan;
    bool is_last;

    if (!source)
        return;
    scan = source->scan;
    pthread_mutex_lock(&scan->lock);
    is_last = --source->holders == 0;
    if (is_last && !source->is_put_off) {
        report(source);
        add_up(source);
        if (source->said && vw_diagnostics_count(source->said) > 0) {
            scan->said[source->file->number] = source->said;
            source->said = NULL;
        }
    }
    pthread_mutex_unlock(&scan->lock);
    if (!is_last)
        return;
    vw_input_close(source->input);
    if (source->stored.descriptor >= 0)
        vw_stored_close(&source->stored);
    vw_log_rows_close(source->table);
    vw_diagnostics_free(source->said);
    vw_diagnostics_free(source->input_said);
    vw_free(source);
}

void vw_log_source_count(struct vw_log_worker *worker)
{
    struct vw_log_source *source = worker->source;

    pthread_mutex_lock(&source->scan->lock);
    source->records += worker->records;
    source->repeated += worker->repeated;
    source->assumed += worker->assumed;
    pthread_mutex_unlock(&source->scan->lock);
    worker->records = worker->repeated = worker->assumed = 0;
}

void vw_log_say(struct vw_log_source *source, enum vw_severity severity, const char *code,
                uint64_t line, const char *format, ...)
{
    char text[512];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    pthread_mutex_lock(&source->scan->lock);
    vw_diagnose(source->said, severity, code,
                (struct vw_place){.file = source->file->path, .line = line}, "%s", text);
    pthread_mutex_unlock(&source->scan->lock);
}

int vw_log_say_later(struct vw_log_source *source, uint64_t order,
                     struct vw_diagnostics *said)
{
    int error;

    pthread_mutex_lock(&source->scan->lock);
    error = vw_array_push(&source->later, ((struct vw_log_later){order, said}));
    pthread_mutex_unlock(&source->scan->lock);
    if (error)
        vw_diagnostics_free(said);
    return error;
}

void vw_log_lost(struct vw_log_worker *worker, uint64_t records)
{
    pthread_mutex_lock(&worker->scan->lock);
    worker->source->lost += records;
    pthread_mutex_unlock(&worker->scan->lock);
}

/* The first ones by their lines, whoever comes first. */
static void show(struct vw_log_source *source, uint64_t line, const char *text)
{
    size_t i = source->damaged < VW_LOG_DAMAGED_SHOWN ? (size_t)source->damaged
                                                      : VW_LOG_DAMAGED_SHOWN;

    while (i > 0 && source->shown[i - 1].line > line) {
        if (i < VW_LOG_DAMAGED_SHOWN)
            source->shown[i] = source->shown[i - 1];
        i--;
    }
    if (i == VW_LOG_DAMAGED_SHOWN)
        return;
    source->shown[i].line = line;
    snprintf(source->shown[i].text, sizeof source->shown[i].text, "%s", text);
}

void vw_log_damaged(struct vw_log_worker *worker, uint64_t line, const char *format, ...)
{
    struct vw_log_source *source = worker->source;
    char text[VW_LOG_DAMAGE_TEXT] = "";
    va_list arguments;
    int before = 0;

    if (source->counts_events)
        before = snprintf(text, sizeof text, "event %llu: ", (unsigned long long)line);
    va_start(arguments, format);
    vsnprintf(text + before, sizeof text - (size_t)before, format, arguments);
    va_end(arguments);
    pthread_mutex_lock(&source->scan->lock);
    show(source, line, text);
    source->damaged++;
    if (line > source->last_damaged)
        source->last_damaged = line;
    pthread_mutex_unlock(&source->scan->lock);
}
