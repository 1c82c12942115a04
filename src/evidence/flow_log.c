/*
 * Flow logs in text: a file or a tree of files, plain or gzip. Each line is a header, a
 * record, or damaged; the last are counted, and the first few of a file are shown. At the
 * end of a file its interfaces are looked at once more: which of their addresses is their
 * own, and which log streams they were read from.
 */
#include <string.h>

#include "base/input.h"
#include "evidence/flow_log_seen.h"
#include "evidence/flow_log_vantage.h"
#include "evidence/table.h"

/* Damaged lines of one file that are shown; the others are only counted. */
#define DAMAGED_SHOWN 3

struct reader {
    struct vw_evidence *evidence;
    struct vw_diagnostics *diagnostics;
    struct vw_flow_format given; /* columns 0: none */
    struct vw_flow_seen seen;
    bool read_some; /* a header or a record of any file */

    /* Of the file at hand. */
    const char *file;
    struct vw_flow_format format;
    struct vw_flow_vantages vantages;
    enum vw_flow_traffic path_traffic; /* what the path says: ".../eni-1-all/0.gz" */
    size_t first_row;
    uint64_t line;
    uint64_t records, damaged, repeated;
    bool has_header;
    bool last_damaged; /* the line read last lacked columns */
    bool cut;
};

static struct vw_place place_of(const struct reader *reader)
{
    return (struct vw_place){.file = reader->file, .line = reader->line};
}

static int refuse(const struct reader *reader, const char *why)
{
    vw_diagnose(reader->diagnostics, VW_SEVERITY_ERROR, "unsupported-flow-log",
                (struct vw_place){.file = reader->file}, "%s", why);
    return VW_ERROR_INPUT;
}

static int get_vantage(struct reader *reader, struct vw_slice name,
                       struct vw_flow_vantage **ret)
{
    return vw_flow_vantages_get(&reader->vantages, reader->evidence, reader->file, name,
                                ret);
}

static void show_damage(const struct reader *reader, const struct vw_flow_fault *fault)
{
    size_t quoted =
        fault->found.size < VW_FLOW_QUOTED_MAX ? fault->found.size : VW_FLOW_QUOTED_MAX;

    if (fault->field)
        vw_diagnose(reader->diagnostics, VW_SEVERITY_WARNING, "damaged-line",
                    place_of(reader), "%s: expected %s, found \"%.*s\"", fault->field,
                    fault->expected, (int)quoted, fault->found.data);
    else if (fault->expected)
        vw_diagnose(reader->diagnostics, VW_SEVERITY_WARNING, "damaged-line",
                    place_of(reader), "expected %s", fault->expected);
    else
        vw_diagnose(reader->diagnostics, VW_SEVERITY_WARNING, "damaged-line",
                    place_of(reader), "expected %zu columns (%s), found %zu",
                    reader->format.columns,
                    reader->has_header          ? "as the header line says"
                    : reader->given.columns > 0 ? "the given format"
                                                : "the default format",
                    fault->columns);
}

/* Counts a line that cannot be used, with its interface where that could be told. */
static int take_damage(struct reader *reader, struct vw_slice vantage_name,
                       const struct vw_flow_fault *fault)
{
    struct vw_flow_vantage *vantage;
    int error = get_vantage(reader, vantage_name, &vantage);

    if (error)
        return error;
    vantage->coverage->damaged++;
    reader->last_damaged = !fault->field && fault->columns < reader->format.columns;
    if (reader->damaged++ < DAMAGED_SHOWN)
        show_damage(reader, fault);
    return 0;
}

/* "6 TransitGateway ...": such a file has no header line where it comes from CloudWatch. */
static bool is_gateway_record(struct vw_slice line)
{
    struct vw_slice version, type;

    return vw_slice_word(&line, &version) && vw_slice_word(&line, &type) &&
           vw_slice_is(type, "TransitGateway");
}

static int count_record(struct reader *reader, struct vw_flow_vantage *vantage,
                        struct vw_flow_record *record)
{
    struct vw_observation *row = &record->row;

    switch (record->status) {
    case VW_FLOW_STATUS_NODATA:
        vantage->coverage->no_data++;
        return 0;
    case VW_FLOW_STATUS_SKIPDATA:
        vantage->coverage->skip_data++;
        return 0;
    case VW_FLOW_STATUS_OK:
        break;
    }
    vantage->coverage->records++;
    if (row->source.family == VW_FAMILY_NONE && row->destination.family == VW_FAMILY_NONE)
        return 0;
    row->file = vantage->coverage->file;
    row->line = reader->line;
    row->vantage = vantage->coverage->vantage;
    row->reject_reason = record->reject_reason[0] ? record->reject_reason : NULL;
    return vw_evidence_add(reader->evidence, row, NULL);
}

/* The span of a vantage is that of all its records, in or out of the window that was
 * asked for: it tells how far silence can be trusted. */
static int take_record(struct reader *reader, struct vw_slice line,
                       struct vw_flow_record *record, enum vw_flow_traffic traffic)
{
    const struct vw_observation *row = &record->row;
    struct vw_flow_vantage *vantage;
    int error = get_vantage(reader, record->vantage, &vantage);

    if (error)
        return error;
    reader->records++;
    vw_coverage_widen(vantage->coverage, row->first, row->last);
    vw_flow_vantage_narrow(vantage, row);
    vantage->traffics |=
        traffic == VW_FLOW_TRAFFIC_UNKNOWN ? VW_FLOW_TRAFFIC_ALL : (unsigned)traffic;
    if (record->has_window && row->last - row->first > vantage->coverage->interval)
        vantage->coverage->interval = row->last - row->first;
    if (!vw_evidence_in_window(reader->evidence, row->first, row->last))
        return 0;
    /* Without times, two flows may give the same line. */
    if (record->has_window) {
        int is_new = vw_flow_seen_add(&reader->seen, line);
        if (is_new < 0)
            return is_new;
        if (is_new == 0) {
            reader->repeated++;
            return 0;
        }
    }
    return count_record(reader, vantage, record);
}

static int take_header(struct reader *reader, struct vw_slice line)
{
    int error =
        vw_flow_format_read(line, place_of(reader), reader->diagnostics, &reader->format);

    if (!error) {
        reader->has_header = true;
        reader->read_some = true;
    }
    return error;
}

/* A format for a file that does not begin with a header. */
static void choose_format(struct reader *reader)
{
    if (reader->given.columns > 0)
        reader->format = reader->given;
    else
        vw_flow_format_default(&reader->format);
}

static bool is_header(const struct reader *reader, struct vw_slice line)
{
    return reader->format.columns == 0 ? vw_flow_format_is_header(line)
                                       : vw_flow_format_is_header_again(line);
}

static int take_line(struct reader *reader, struct vw_slice line)
{
    const struct vw_slice nothing = {NULL, 0};
    enum vw_flow_traffic traffic;
    struct vw_flow_record record;
    struct vw_flow_fault fault;
    struct vw_slice stream;
    int64_t time;

    line = vw_slice_trim(line);
    vw_flow_prefix_take(&line, &time, &stream);
    if (line.size == 0)
        return 0;
    if (is_header(reader, line))
        return take_header(reader, line);
    if (reader->format.columns == 0)
        choose_format(reader);
    if (!vw_flow_record_read(&reader->format, line, &record, &fault)) {
        if (!fault.field && is_gateway_record(line))
            return refuse(reader, "is a transit gateway flow log, which is not read by "
                                  "this version; expected a VPC flow log");
        return take_damage(reader, fault.field ? record.vantage : nothing, &fault);
    }
    reader->last_damaged = false;
    if (record.row.first == VW_TIME_UNKNOWN)
        record.row.first = record.row.last = time;
    traffic = vw_flow_stream_traffic(stream);
    return take_record(reader, line, &record,
                       traffic == VW_FLOW_TRAFFIC_UNKNOWN ? reader->path_traffic
                                                          : traffic);
}

/* Looks at the start of a file: VW_ERROR_INPUT, with a diagnostic, for what is no flow log
 * in text. Takes a byte order mark off. */
static int look_at_start(const struct reader *reader, struct vw_slice *line)
{
    struct vw_slice text = vw_slice_trim(*line);

    if (vw_slice_starts(*line, "PAR1"))
        return refuse(reader, "holds Parquet, which is not read by this version; "
                              "expected text");
    if (vw_slice_starts(*line, "\xff\xfe") || vw_slice_starts(*line, "\xfe\xff"))
        return refuse(reader, "holds UTF-16, which is not read; expected UTF-8 text");
    if (vw_slice_starts(text, "{") || vw_slice_starts(text, "["))
        return refuse(reader, "holds JSON, which is not read by this version as a flow "
                              "log; expected the records as text");
    if (vw_slice_starts(*line, "\xef\xbb\xbf")) {
        line->data += 3;
        line->size -= 3;
    }
    return 0;
}

static int take_lines(struct reader *reader, struct vw_input *input)
{
    static const struct vw_flow_fault too_long = {.expected =
                                                      "a line of at most 65536 bytes"};
    struct vw_slice line;
    bool line_cut;
    int status;

    while ((status = vw_input_line(input, &line, &reader->line, &line_cut)) > 0) {
        int error = reader->line == 1 ? look_at_start(reader, &line) : 0;

        if (!error && line_cut)
            error = take_damage(reader, (struct vw_slice){NULL, 0}, &too_long);
        else if (!error)
            error = take_line(reader, line);
        if (error)
            return error;
    }
    if (status < 0)
        reader->cut = true;
    return status == VW_ERROR_INPUT ? 0 : status;
}

/* "/.../eni-1-accept/000000.gz": an export task puts each log stream into a folder. */
static enum vw_flow_traffic traffic_of_path(const char *path)
{
    enum vw_flow_traffic found = VW_FLOW_TRAFFIC_UNKNOWN;

    while (*path) {
        size_t size = strcspn(path, "/");
        enum vw_flow_traffic traffic =
            vw_flow_stream_traffic((struct vw_slice){path, size});

        if (traffic != VW_FLOW_TRAFFIC_UNKNOWN)
            found = traffic;
        path += size + (path[size] == '/');
    }
    return found;
}

static void report_file(const struct reader *reader)
{
    struct vw_place place = {.file = reader->file};

    if (reader->damaged > DAMAGED_SHOWN)
        vw_diagnose(reader->diagnostics, VW_SEVERITY_WARNING, "damaged-lines", place,
                    "%llu lines could not be used; the first %d are shown",
                    (unsigned long long)reader->damaged, DAMAGED_SHOWN);
    if (reader->repeated > 0)
        vw_diagnose(reader->diagnostics, VW_SEVERITY_NOTE, "repeated-records", place,
                    "records that were read before and are counted once: %llu",
                    (unsigned long long)reader->repeated);
    if (reader->records > 0)
        return;
    if (reader->damaged > 0 && !reader->has_header && reader->given.columns == 0)
        vw_diagnose(reader->diagnostics, VW_SEVERITY_WARNING, "flow-log-format", place,
                    "no line is of the default format, and there is no header line; "
                    "give the flow log's LogFormat");
    else
        vw_diagnose(reader->diagnostics, VW_SEVERITY_WARNING, "no-records", place,
                    "holds no flow log record");
}

/* What is known of a file's interfaces only when all of it was read. */
static int finish_file(struct reader *reader)
{
    struct vw_flow_vantage *vantage;
    size_t i;
    int error;

    reader->cut |= reader->last_damaged;
    if (reader->cut && reader->vantages.items.count == 0) {
        error = get_vantage(reader, (struct vw_slice){NULL, 0}, &vantage);
        if (error)
            return error;
    }
    for (i = 0; i < reader->vantages.items.count; i++) {
        vantage = &reader->vantages.items.items[i];
        vantage->coverage->cut |= reader->cut;
        vantage->coverage->accept_only = vantage->traffics == VW_FLOW_TRAFFIC_ACCEPT;
        vantage->coverage->reject_only = vantage->traffics == VW_FLOW_TRAFFIC_REJECT;
    }
    report_file(reader);
    reader->read_some |= reader->records > 0;
    return vw_flow_vantages_decide(&reader->vantages, reader->evidence,
                                   reader->first_row);
}

static void begin_file(struct reader *reader, const char *file)
{
    reader->file = file;
    reader->format.columns = 0;
    vw_flow_vantages_clear(&reader->vantages);
    reader->path_traffic = traffic_of_path(file);
    reader->first_row = vw_evidence_count(reader->evidence);
    reader->line = 0;
    reader->records = reader->damaged = reader->repeated = 0;
    reader->has_header = reader->last_damaged = reader->cut = false;
}

static int read_file(struct reader *reader, const char *file)
{
    struct vw_input *input;
    int error, finish_error;

    begin_file(reader, file);
    error = vw_input_open(file, reader->diagnostics, &input);
    if (error)
        return error;
    error = take_lines(reader, input);
    vw_input_close(input);
    if (error == VW_ERROR_LIMIT)
        vw_diagnose(reader->diagnostics, VW_SEVERITY_ERROR, "limit", place_of(reader),
                    "reading ends here: more than %d different flows or %d interfaces "
                    "and files; narrow it with a time window",
                    VW_EVIDENCE_ROWS_MAX, VW_COVERAGES_MAX);
    if (error == VW_ERROR_INPUT && reader->records == 0)
        return error;
    finish_error = finish_file(reader);
    return finish_error ? finish_error : error;
}

/* What stands in a bucket beside flow logs: left by the test of an export task. */
static bool is_export_test(const char *path)
{
    const char *slash = strrchr(path, '/');

    return strcmp(slash ? slash + 1 : path, "aws-logs-write-test") == 0;
}

static int read_files(struct reader *reader, const struct vw_paths *paths)
{
    size_t i;
    int error;

    for (i = 0; i < paths->count; i++) {
        if (is_export_test(paths->items[i]))
            continue;
        error = read_file(reader, paths->items[i]);
        if (error && error != VW_ERROR_INPUT)
            return error;
    }
    return reader->read_some ? 0 : VW_ERROR_INPUT;
}

int vw_evidence_read_flow_logs(struct vw_evidence *evidence, const char *path,
                               const char *format, struct vw_diagnostics *diagnostics)
{
    struct reader reader = {.evidence = evidence, .diagnostics = diagnostics};
    struct vw_arena arena = {0};
    struct vw_paths paths = {0};
    int error = 0;

    if (format)
        error = vw_flow_format_read(vw_slice_of(format), (struct vw_place){0},
                                    diagnostics, &reader.given);
    if (!error)
        error = vw_tree_files(path, &arena, diagnostics, &paths);
    if (!error && paths.count == 0)
        vw_diagnose(diagnostics, VW_SEVERITY_ERROR, "no-records",
                    (struct vw_place){.file = path}, "holds no file");
    if (!error)
        error = read_files(&reader, &paths);
    vw_flow_seen_free(&reader.seen);
    vw_flow_vantages_free(&reader.vantages);
    vw_array_free(&paths);
    vw_arena_free(&arena);
    return error;
}
