/*
 * What `mtr --json` prints:
 *
 *     {"report": {"mtr": {"src": "a", "dst": "10.2.2.61", "tests": 10, ...},
 *                 "hubs": [{"count": 1, "host": "10.1.10.1", "Loss%": 0.0, "Snt": 10, ...}]}}
 *
 * Older versions write every value as a text. The protocol of the probes is not in it.
 */
#include "evidence/route.h"

#include <string.h>

#include "base/json.h"
#include "base/time.h"

#include <vpcwhy/error.h>

static struct vw_address address_at(const struct vw_json *object, const char *key)
{
    struct vw_address address = {.family = VW_FAMILY_NONE};
    struct vw_json found = vw_json_member(object, key);
    struct vw_slice text, word;

    if (vw_json_type(&found) != VW_JSON_STRING)
        return address;
    text = vw_slice_of(vw_json_string(&found));
    /* "10.1.10.1", "a.example (10.1.10.1)". */
    while (address.family == VW_FAMILY_NONE && vw_slice_word(&text, &word))
        vw_line_address(word, &address);
    return address;
}

/* In nanoseconds, as vw_slice_seconds has it: enough for percents and counts. */
static bool number_at(const struct vw_json *object, const char *key, int64_t *ret)
{
    struct vw_json found = vw_json_member(object, key);
    double real;

    switch (vw_json_type(&found)) {
    case VW_JSON_INTEGER:
        if (vw_json_integer(&found) < 0 || vw_json_integer(&found) > UINT32_MAX)
            return false;
        *ret = vw_json_integer(&found) * VW_SECOND;
        return true;
    case VW_JSON_REAL:
        real = vw_json_real(&found);
        if (!(real >= 0 && real <= (double)UINT32_MAX))
            return false;
        *ret = (int64_t)(real * (double)VW_SECOND);
        return true;
    case VW_JSON_STRING:
        return vw_slice_seconds(vw_slice_of(vw_json_string(&found)), ret);
    case VW_JSON_ABSENT:
    case VW_JSON_BOOLEAN:
    case VW_JSON_LIST:
    case VW_JSON_OBJECT:
        break;
    }
    return false;
}

static int take_hub(struct vw_route_reader *reader, const struct vw_json *hub)
{
    struct vw_route_seen hop = {.from = address_at(hub, "host"), .type = VW_UNRECORDED};
    int64_t loss, sent;

    if (!number_at(hub, "Loss%", &loss) || !number_at(hub, "Snt", &sent)) {
        reader->coverage->damaged++;
        return 0;
    }
    reader->coverage->records++;
    sent /= VW_SECOND;
    reader->run.probes += sent;
    hop.answers = vw_route_answered(sent, loss);
    return vw_route_answer(reader, &hop);
}

int vw_route_json(struct vw_route_reader *reader, const struct vw_json *document)
{
    struct vw_json report = vw_json_member(document, "report");
    struct vw_json head = vw_json_member(&report, "mtr");
    struct vw_json hubs = vw_json_member(&report, "hubs");
    int taken;

    if (vw_json_type(&head) != VW_JSON_OBJECT || vw_json_type(&hubs) != VW_JSON_LIST)
        return 0;
    taken = vw_route_begin(reader, VW_ROUTE_MTR, address_at(&head, "dst"), 0);
    if (taken < 0)
        return taken;
    reader->run.source = address_at(&head, "src");
    for (size_t i = 0; i < vw_json_count(&hubs); i++) {
        struct vw_json hub = vw_json_element(&hubs, i);
        int error = take_hub(reader, &hub);

        if (error)
            return error;
    }
    taken = vw_route_end(reader, true);
    return taken < 0 ? taken : 1;
}
