/* On which ports an interface endpoint answers; see endpoint_service.c. */
#ifndef VW_REACH_ENDPOINT_SERVICE_H
#define VW_REACH_ENDPOINT_SERVICE_H

#include <stdbool.h>

#include <vpcwhy/address.h>

enum vw_served { VW_SERVED, VW_NOT_SERVED, VW_SERVED_UNKNOWN };

/* Whether it is a service of AWS itself; those of others are known to nobody but their
 * provider. NULL is none. */
bool vw_service_is_of_aws(const char *service_name);

/* What the service does with TCP to the lowest of `ports`; *ret_alike are the ports from
 * there on that it treats alike. */
enum vw_served vw_service_serves(const char *service_name, struct vw_port_range ports,
                                 struct vw_port_range *ret_alike);

#endif
