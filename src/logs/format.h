/* Which column of a flow log holds which field. */
#ifndef VW_LOGS_FORMAT_H
#define VW_LOGS_FORMAT_H

#include "base/diagnostic.h"
#include "base/slice.h"

/* Every field of VPC flow logs: name, text in a header line, version that brought it. */
#define VW_FLOW_FIELD_LIST(X)                                                            \
    X(VW_FLOW_FIELD_VERSION, "version", 2)                                               \
    X(VW_FLOW_FIELD_ACCOUNT_ID, "account-id", 2)                                         \
    X(VW_FLOW_FIELD_INTERFACE_ID, "interface-id", 2)                                     \
    X(VW_FLOW_FIELD_SRCADDR, "srcaddr", 2)                                               \
    X(VW_FLOW_FIELD_DSTADDR, "dstaddr", 2)                                               \
    X(VW_FLOW_FIELD_SRCPORT, "srcport", 2)                                               \
    X(VW_FLOW_FIELD_DSTPORT, "dstport", 2)                                               \
    X(VW_FLOW_FIELD_PROTOCOL, "protocol", 2)                                             \
    X(VW_FLOW_FIELD_PACKETS, "packets", 2)                                               \
    X(VW_FLOW_FIELD_BYTES, "bytes", 2)                                                   \
    X(VW_FLOW_FIELD_START, "start", 2)                                                   \
    X(VW_FLOW_FIELD_END, "end", 2)                                                       \
    X(VW_FLOW_FIELD_ACTION, "action", 2)                                                 \
    X(VW_FLOW_FIELD_LOG_STATUS, "log-status", 2)                                         \
    X(VW_FLOW_FIELD_VPC_ID, "vpc-id", 3)                                                 \
    X(VW_FLOW_FIELD_SUBNET_ID, "subnet-id", 3)                                           \
    X(VW_FLOW_FIELD_INSTANCE_ID, "instance-id", 3)                                       \
    X(VW_FLOW_FIELD_TCP_FLAGS, "tcp-flags", 3)                                           \
    X(VW_FLOW_FIELD_TYPE, "type", 3)                                                     \
    X(VW_FLOW_FIELD_PKT_SRCADDR, "pkt-srcaddr", 3)                                       \
    X(VW_FLOW_FIELD_PKT_DSTADDR, "pkt-dstaddr", 3)                                       \
    X(VW_FLOW_FIELD_REGION, "region", 4)                                                 \
    X(VW_FLOW_FIELD_AZ_ID, "az-id", 4)                                                   \
    X(VW_FLOW_FIELD_SUBLOCATION_TYPE, "sublocation-type", 4)                             \
    X(VW_FLOW_FIELD_SUBLOCATION_ID, "sublocation-id", 4)                                 \
    X(VW_FLOW_FIELD_PKT_SRC_AWS_SERVICE, "pkt-src-aws-service", 5)                       \
    X(VW_FLOW_FIELD_PKT_DST_AWS_SERVICE, "pkt-dst-aws-service", 5)                       \
    X(VW_FLOW_FIELD_FLOW_DIRECTION, "flow-direction", 5)                                 \
    X(VW_FLOW_FIELD_TRAFFIC_PATH, "traffic-path", 5)                                     \
    X(VW_FLOW_FIELD_ECS_CLUSTER_ARN, "ecs-cluster-arn", 7)                               \
    X(VW_FLOW_FIELD_ECS_CLUSTER_NAME, "ecs-cluster-name", 7)                             \
    X(VW_FLOW_FIELD_ECS_CONTAINER_INSTANCE_ARN, "ecs-container-instance-arn", 7)         \
    X(VW_FLOW_FIELD_ECS_CONTAINER_INSTANCE_ID, "ecs-container-instance-id", 7)           \
    X(VW_FLOW_FIELD_ECS_CONTAINER_ID, "ecs-container-id", 7)                             \
    X(VW_FLOW_FIELD_ECS_SECOND_CONTAINER_ID, "ecs-second-container-id", 7)               \
    X(VW_FLOW_FIELD_ECS_SERVICE_NAME, "ecs-service-name", 7)                             \
    X(VW_FLOW_FIELD_ECS_TASK_DEFINITION_ARN, "ecs-task-definition-arn", 7)               \
    X(VW_FLOW_FIELD_ECS_TASK_ARN, "ecs-task-arn", 7)                                     \
    X(VW_FLOW_FIELD_ECS_TASK_ID, "ecs-task-id", 7)                                       \
    X(VW_FLOW_FIELD_REJECT_REASON, "reject-reason", 8)                                   \
    X(VW_FLOW_FIELD_RESOURCE_ID, "resource-id", 9)                                       \
    X(VW_FLOW_FIELD_ENCRYPTION_STATUS, "encryption-status", 10)                          \
    X(VW_FLOW_FIELD_INSTANCE_TAG, "instance-tag", 11)                                    \
    X(VW_FLOW_FIELD_INSTANCE_TAG_2, "instance-tag-2", 11)                                \
    X(VW_FLOW_FIELD_INTERFACE_TAG, "interface-tag", 11)                                  \
    X(VW_FLOW_FIELD_INTERFACE_TAG_2, "interface-tag-2", 11)                              \
    X(VW_FLOW_FIELD_ASG_TAG, "asg-tag", 11)                                              \
    X(VW_FLOW_FIELD_ASG_TAG_2, "asg-tag-2", 11)                                          \
    X(VW_FLOW_FIELD_INTERFACE_TYPE, "interface-type", 11)                                \
    X(VW_FLOW_FIELD_NEXT_HOP_INTERFACE_TYPE, "next-hop-interface-type", 11)              \
    X(VW_FLOW_FIELD_NEXT_HOP_INTERFACE_ID, "next-hop-interface-id", 11)                  \
    X(VW_FLOW_FIELD_NEXT_HOP_SUBNET_ID, "next-hop-subnet-id", 11)                        \
    X(VW_FLOW_FIELD_NEXT_HOP_AZ_ID, "next-hop-az-id", 11)                                \
    X(VW_FLOW_FIELD_NEXT_HOP_VPC_ID, "next-hop-vpc-id", 11)

enum vw_flow_field {
#define VW_X(name, text, version) name,
    VW_FLOW_FIELD_LIST(VW_X)
#undef VW_X
        VW_FLOW_FIELD_COUNT
};

/* The first fourteen, in this order, are the default format. */
#define VW_FLOW_DEFAULT_COLUMNS 14

/* The most columns that a format may have. */
#define VW_FLOW_COLUMNS_MAX 256

/* More characters of an input's text are not quoted in a diagnostic. */
#define VW_FLOW_QUOTED_MAX 60

struct vw_flow_format {
    size_t columns;                        /* 0: no format yet */
    size_t column_of[VW_FLOW_FIELD_COUNT]; /* SIZE_MAX: not there */
};

void vw_flow_format_default(struct vw_flow_format *ret);

/* Whether `line` is a header line: at least half of its words are names of fields of VPC
 * or transit gateway flow logs. */
bool vw_flow_format_is_header(struct vw_slice line);

/* As above for a line in the middle of a file: mostly decided by its first word. */
bool vw_flow_format_is_header_again(struct vw_slice line);

/* Reads a header line or a LogFormat ("${version} ${account-id} ..."). Case, '-' and '_'
 * make no difference in names. An unknown or repeated name is a diagnostic, and its
 * column is passed over. VW_ERROR_INPUT, with a diagnostic, where no column is known,
 * there are too many, or it is a transit gateway's. */
int vw_flow_format_read(struct vw_slice text, struct vw_place place,
                        struct vw_diagnostics *diagnostics, struct vw_flow_format *ret);

#endif
