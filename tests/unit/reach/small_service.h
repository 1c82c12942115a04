/* Services of AWS for small worlds; see small_world.h. */
#ifndef SMALL_SERVICE_H
#define SMALL_SERVICE_H

#include "reach/small_world.h"

/* Available; without subnets and interfaces. */
uint32_t small_endpoint(struct vw_world *world, const char *id, const char *vpc,
                        enum vw_endpoint_type type, const char *service);
void small_endpoint_interface(struct vw_world *world, uint32_t endpoint,
                              uint32_t interface);
void small_endpoint_subnet(struct vw_world *world, uint32_t endpoint, uint32_t subnet);
/* An interface of `type` that AWS itself made, without instance. */
uint32_t small_requested(struct vw_world *world, const char *eni, uint32_t subnet,
                         const char *address, const char *type, uint32_t group);

/* A firewall with the one endpoint; its policy "policy-1" has rule group "rules-1", which
 * has no rules yet, and passes by default. */
uint32_t small_firewall(struct vw_world *world, const char *endpoint);
/* Of group "rules-1". NULL: any; `protocol` -1: any; `port` 0: any. */
struct vw_firewall_rule *small_firewall_rule(struct vw_world *world, int priority,
                                             enum vw_firewall_action action,
                                             const char *source, const char *destination,
                                             int protocol, uint16_t port);

#endif
