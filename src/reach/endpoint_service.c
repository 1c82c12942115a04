/*
 * What AWS says: the services of AWS answer HTTPS on 443 (AWS General Reference, "Service
 * endpoints and quotas"). S3 and DynamoDB answer HTTP on 80 too (the same). Amazon SES,
 * "Connecting to an SMTP endpoint": 25, 587 and 2587 with STARTTLS, 465 and 2465 with TLS.
 * Amazon Keyspaces, "Service endpoints": 9142 for CQL. AWS IoT Core, "Device communication
 * protocols": 8883 for MQTT, 8443 for HTTPS. AWS Storage Gateway, "Activating a gateway in
 * a virtual private cloud": 1026, 1027, 1028, 1031 and 2222. Amazon AppStream 2.0,
 * "Interface VPC endpoints": 1400-1499 for streaming. AWS Transfer Family servers answer
 * on the ports of the protocols that they are set up for (21, 22, 990, 8192-8200).
 *
 * What we do: look the service up by the name behind com.amazonaws.REGION. What is in no
 * list is unknown, but for tcp/22, which services of AWS were measured not to answer.
 * What a service of somebody else answers is in no export.
 */
#include "reach/endpoint_service.h"

#include <stddef.h>
#include <string.h>

#define RANGES_MAX 6

struct service_row {
    const char *name;
    bool https;       /* answers on 443 */
    bool may_use_ssh; /* tcp/22 is not known */
    struct vw_port_range ports[RANGES_MAX];
    size_t count;
};

static const struct service_row rows[] = {
    {"s3", true, false, {{80, 80}}, 1},
    {"dynamodb", true, false, {{80, 80}}, 1},
    {"email-smtp",
     false,
     false,
     {{25, 25}, {465, 465}, {587, 587}, {2465, 2465}, {2587, 2587}},
     5},
    {"cassandra", true, false, {{9142, 9142}}, 1},
    {"iot.data", true, false, {{8443, 8443}, {8883, 8883}}, 2},
    {"storagegateway", true, false, {{1026, 1028}, {1031, 1031}, {2222, 2222}}, 3},
    {"appstream.streaming", true, false, {{1400, 1499}}, 1},
    {"transfer.server", false, true, {{0, 0}}, 0},
};

static const struct service_row others = {"", true, false, {{0, 0}}, 0};

static const char *behind(const char *text, const char *start)
{
    size_t length = strlen(start);

    return strncmp(text, start, length) == 0 ? text + length : NULL;
}

/* "us-east-1.s3" of "com.amazonaws.us-east-1.s3"; NULL of what is not of AWS. */
static const char *name_of(const char *service_name)
{
    static const char *const starts[] = {"com.amazonaws.", "cn.com.amazonaws.", "aws."};
    const char *name = NULL;
    size_t i;

    for (i = 0; service_name && !name && i < sizeof starts / sizeof *starts; i++)
        name = behind(service_name, starts[i]);
    return name && !behind(name, "vpce.") && !strstr(name, "vpce-svc-") ? name : NULL;
}

bool vw_service_is_of_aws(const char *service_name)
{
    return name_of(service_name) != NULL;
}

static const struct service_row *row_of(const char *name)
{
    const char *dot = strchr(name, '.');
    size_t i;

    for (i = 0; dot && i < sizeof rows / sizeof *rows; i++)
        if (strcmp(rows[i].name, dot + 1) == 0)
            return &rows[i];
    return &others;
}

/* Whether the lowest of *ports lies in `range`; cuts *ports down to what does, or does
 * not. */
static bool cut(struct vw_port_range *ports, struct vw_port_range range)
{
    bool inside = ports->first >= range.first && ports->first <= range.last;

    if (inside && ports->last > range.last)
        ports->last = range.last;
    else if (!inside && ports->first < range.first && ports->last >= range.first)
        ports->last = (uint16_t)(range.first - 1);
    return inside;
}

enum vw_served vw_service_serves(const char *service_name, struct vw_port_range ports,
                                 struct vw_port_range *ret_alike)
{
    static const struct vw_port_range https = {443, 443}, ssh = {22, 22};
    const char *name = name_of(service_name);
    enum vw_served served = VW_SERVED_UNKNOWN;
    const struct service_row *row;
    size_t i;

    *ret_alike = ports;
    if (!name)
        return VW_SERVED_UNKNOWN;
    row = row_of(name);
    if (!row->may_use_ssh && cut(ret_alike, ssh))
        served = VW_NOT_SERVED;
    if (row->https && cut(ret_alike, https))
        served = VW_SERVED;
    for (i = 0; i < row->count; i++)
        if (cut(ret_alike, row->ports[i]))
            served = VW_SERVED;
    return served;
}
