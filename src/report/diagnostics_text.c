/* Diagnostics, one a line: `file: /pointer: warning: message`, `file:line:column: error:
 * message`. */
#include <vpcwhy/report.h>

#include "report/text_writer.h"

static const char *severity_word(enum vw_severity severity)
{
    switch (severity) {
    case VW_SEVERITY_ERROR:
        return "error";
    case VW_SEVERITY_WARNING:
        return "warning";
    case VW_SEVERITY_NOTE:
        return "note";
    }
    return "";
}

static enum vw_paint severity_paint(enum vw_severity severity)
{
    switch (severity) {
    case VW_SEVERITY_ERROR:
        return VW_PAINT_BAD;
    case VW_SEVERITY_WARNING:
        return VW_PAINT_UNSURE;
    case VW_SEVERITY_NOTE:
        return VW_PAINT_FAINT;
    }
    return VW_PAINT_FAINT;
}

static void text_diagnostic_place(struct vw_text *text,
                                  const struct vw_diagnostic *diagnostic)
{
    vw_text_put(text, diagnostic->file ? diagnostic->file : "vpcwhy");
    if (diagnostic->line) {
        vw_text_put(text, ":");
        vw_text_number(text, diagnostic->line);
    }
    if (diagnostic->line && diagnostic->column) {
        vw_text_put(text, ":");
        vw_text_number(text, diagnostic->column);
    }
    vw_text_put(text, ": ");
    if (diagnostic->pointer && *diagnostic->pointer) {
        vw_text_put(text, diagnostic->pointer);
        vw_text_put(text, ": ");
    }
}

int vw_report_diagnostics(const struct vw_diagnostics *diagnostics,
                          struct vw_report_style style, FILE *out)
{
    struct vw_text text = vw_text_begin(out, style);
    size_t left_out = vw_diagnostics_left_out(diagnostics), i;

    for (i = 0; i < vw_diagnostics_count(diagnostics); i++) {
        const struct vw_diagnostic *diagnostic = vw_diagnostics_get(diagnostics, i);

        if (style.quiet && diagnostic->severity != VW_SEVERITY_ERROR)
            continue;
        text_diagnostic_place(&text, diagnostic);
        vw_text_painted(&text, severity_paint(diagnostic->severity),
                        severity_word(diagnostic->severity));
        vw_text_put(&text, ": ");
        vw_text_put(&text, diagnostic->message);
        vw_text_line(&text);
    }
    if (left_out && !style.quiet) {
        vw_text_put(&text, "vpcwhy: ");
        vw_text_number(&text, left_out);
        vw_text_put(&text, " more of the same kinds are not shown");
        vw_text_line(&text);
    }
    return vw_text_finish(&text);
}
