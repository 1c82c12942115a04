/* What AWS answers itself on addresses of every VPC; see aws_service.c. */
#ifndef VW_REACH_AWS_SERVICE_H
#define VW_REACH_AWS_SERVICE_H

#include "reach/walk.h"

/* As the packet leaves its host: meets the part of it that a service of AWS answers, or
 * may answer. *ret_met is false, and untouched the packet, where there is none. */
int vw_aws_service_meet(struct vw_walk *walk, struct vw_packet *packet, bool *ret_met);

/* Nobody owns the destinations: narrows to what the DNS server of the VPC is asked by a
 * sender elsewhere, where that is part of the packet. */
int vw_aws_service_split_resolver(struct vw_walk *walk, struct vw_packet *packet,
                                  bool *ret_resolver);
int vw_aws_service_explain_resolver(struct vw_explainer *explainer,
                                    const struct vw_mark *mark);

#endif
