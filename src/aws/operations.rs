//! What each operation does to the world. An operation that is not listed counts as mutating.
//!
//! Names are those of the services' API models, as the SDK's `Metadata` gives them.

use serde::Serialize;

/// What an operation does to the world.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Class {
    /// Changes nothing.
    Read,
    /// Makes and removes something that carries no traffic: a change set, a verify queue.
    Scratch,
    /// Changes something.
    Mutate,
}

impl std::fmt::Display for Class {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Read => "read",
            Self::Scratch => "scratch",
            Self::Mutate => "mutate",
        })
    }
}

/// The class of an operation.
pub fn class_of(service: &str, operation: &str) -> Class {
    let named = |table: &[(&str, &[&str])]| {
        table.iter().any(|(of, operations)| *of == service && operations.contains(&operation))
    };
    if named(READS) {
        Class::Read
    } else if named(SCRATCH) {
        Class::Scratch
    } else {
        Class::Mutate
    }
}

const SCRATCH: &[(&str, &[&str])] =
    &[("CloudFormation", &["CreateChangeSet", "DeleteChangeSet", "DetectStackDrift", "DetectStackResourceDrift"])];

/// Operations that change nothing: the `Describe`, `Get`, `Head`, `List` and query operations of each API model.
#[rustfmt::skip]
const READS: &[(&str, &[&str])] = &[
    ("CloudFormation", &[
        "BatchDescribeTypeConfigurations", "DescribeAccountLimits", "DescribeChangeSet", "DescribeChangeSetHooks",
        "DescribeEvents", "DescribeGeneratedTemplate", "DescribeOrganizationsAccess", "DescribePublisher",
        "DescribeResourceScan", "DescribeStackDriftDetectionStatus", "DescribeStackEvents", "DescribeStackInstance",
        "DescribeStackRefactor", "DescribeStackResource", "DescribeStackResourceDrifts", "DescribeStackResources",
        "DescribeStackSet", "DescribeStackSetOperation", "DescribeStacks", "DescribeType", "DescribeTypeRegistration",
        "EstimateTemplateCost", "GetGeneratedTemplate", "GetHookResult", "GetStackPolicy", "GetTemplate",
        "GetTemplateSummary", "ListChangeSets", "ListExports", "ListGeneratedTemplates", "ListHookResults",
        "ListImports", "ListResourceScanRelatedResources", "ListResourceScanResources", "ListResourceScans",
        "ListStackInstanceResourceDrifts", "ListStackInstances", "ListStackRefactorActions", "ListStackRefactors",
        "ListStackResources", "ListStackSetAutoDeploymentTargets", "ListStackSetOperationResults",
        "ListStackSetOperations", "ListStackSets", "ListStacks", "ListTypeRegistrations", "ListTypeVersions",
        "ListTypes", "ValidateTemplate",
    ]),
    ("Lambda", &[
        "GetAccountSettings", "GetAlias", "GetCapacityProvider", "GetCodeSigningConfig", "GetDurableExecution",
        "GetDurableExecutionHistory", "GetDurableExecutionState", "GetEventSourceMapping", "GetFunction",
        "GetFunctionCodeSigningConfig", "GetFunctionConcurrency", "GetFunctionConfiguration",
        "GetFunctionEventInvokeConfig", "GetFunctionRecursionConfig", "GetFunctionScalingConfig",
        "GetFunctionUrlConfig", "GetLayerVersion", "GetLayerVersionByArn", "GetLayerVersionPolicy", "GetPolicy",
        "GetProvisionedConcurrencyConfig", "GetResourcePolicy", "GetRuntimeManagementConfig", "ListAliases",
        "ListCapacityProviders", "ListCodeSigningConfigs", "ListDurableExecutionsByFunction", "ListEventSourceMappings",
        "ListFunctionEventInvokeConfigs", "ListFunctionUrlConfigs", "ListFunctionVersionsByCapacityProvider",
        "ListFunctions", "ListFunctionsByCodeSigningConfig", "ListLayerVersions", "ListLayers",
        "ListProvisionedConcurrencyConfigs", "ListTags", "ListVersionsByFunction",
    ]),
    ("Kafka", &[
        "DescribeChannel", "DescribeCluster", "DescribeClusterOperation", "DescribeClusterOperationV2",
        "DescribeClusterV2", "DescribeConfiguration", "DescribeConfigurationRevision", "DescribeReplicator",
        "DescribeTopic", "DescribeTopicPartitions", "DescribeVpcConnection", "GetBootstrapBrokers", "GetClusterPolicy",
        "GetCompatibleKafkaVersions", "ListChannels", "ListClientVpcConnections", "ListClusterOperations",
        "ListClusterOperationsV2", "ListClusters", "ListClustersV2", "ListConfigurationRevisions", "ListConfigurations",
        "ListKafkaVersions", "ListNodes", "ListReplicators", "ListScramSecrets", "ListTagsForResource", "ListTopics",
        "ListVpcConnections",
    ]),
    ("Secrets Manager", &[
        "BatchGetSecretValue", "DescribeSecret", "GetRandomPassword", "GetResourcePolicy", "GetSecretValue",
        "ListSecretVersionIds", "ListSecrets", "ValidateResourcePolicy",
    ]),
    ("S3", &[
        "GetBucketAbac", "GetBucketAccelerateConfiguration", "GetBucketAcl", "GetBucketAnalyticsConfiguration",
        "GetBucketCors", "GetBucketEncryption", "GetBucketIntelligentTieringConfiguration",
        "GetBucketInventoryConfiguration", "GetBucketLifecycleConfiguration", "GetBucketLocation", "GetBucketLogging",
        "GetBucketMetadataConfiguration", "GetBucketMetadataTableConfiguration", "GetBucketMetricsConfiguration",
        "GetBucketNotificationConfiguration", "GetBucketOwnershipControls", "GetBucketPolicy", "GetBucketPolicyStatus",
        "GetBucketReplication", "GetBucketRequestPayment", "GetBucketTagging", "GetBucketVersioning",
        "GetBucketWebsite", "GetObject", "GetObjectAcl", "GetObjectAnnotation", "GetObjectAttributes",
        "GetObjectLegalHold", "GetObjectLockConfiguration", "GetObjectRetention", "GetObjectTagging",
        "GetObjectTorrent", "GetPublicAccessBlock", "HeadBucket", "HeadObject", "ListBucketAnalyticsConfigurations",
        "ListBucketIntelligentTieringConfigurations", "ListBucketInventoryConfigurations",
        "ListBucketMetricsConfigurations", "ListBuckets", "ListDirectoryBuckets", "ListMultipartUploads",
        "ListObjectAnnotations", "ListObjectVersions", "ListObjects", "ListObjectsV2", "ListParts",
        "SelectObjectContent",
    ]),
    ("DynamoDB", &[
        "BatchGetItem", "DescribeBackup", "DescribeContinuousBackups", "DescribeContributorInsights",
        "DescribeEndpoints", "DescribeExport", "DescribeGlobalTable", "DescribeGlobalTableSettings", "DescribeImport",
        "DescribeKinesisStreamingDestination", "DescribeLimits", "DescribeTable", "DescribeTableReplicaAutoScaling",
        "DescribeTimeToLive", "GetItem", "GetResourcePolicy", "ListBackups", "ListContributorInsights", "ListExports",
        "ListGlobalTables", "ListImports", "ListTables", "ListTagsOfResource", "Query", "Scan", "TransactGetItems",
    ]),
    ("SNS", &[
        "CheckIfPhoneNumberIsOptedOut", "GetDataProtectionPolicy", "GetEndpointAttributes",
        "GetPlatformApplicationAttributes", "GetSMSAttributes", "GetSMSSandboxAccountStatus",
        "GetSubscriptionAttributes", "GetTopicAttributes", "ListEndpointsByPlatformApplication",
        "ListOriginationNumbers", "ListPhoneNumbersOptedOut", "ListPlatformApplications", "ListSMSSandboxPhoneNumbers",
        "ListSubscriptions", "ListSubscriptionsByTopic", "ListTagsForResource", "ListTopics",
    ]),
    ("SQS", &[
        "GetQueueAttributes", "GetQueueUrl", "ListDeadLetterSourceQueues", "ListMessageMoveTasks", "ListQueueTags",
        "ListQueues",
    ]),
    ("STS", &[
        "DecodeAuthorizationMessage", "GetAccessKeyInfo", "GetCallerIdentity",
    ]),
    ("CloudWatch", &[
        "DescribeAlarmContributors", "DescribeAlarmHistory", "DescribeAlarms", "DescribeAlarmsForMetric",
        "DescribeAnomalyDetectors", "DescribeInsightRules", "GetAlarmMuteRule", "GetDashboard", "GetDataset",
        "GetInsightRuleReport", "GetMetricData", "GetMetricStatistics", "GetMetricStream", "GetMetricWidgetImage",
        "GetOTelEnrichment", "GetResourceMetricsConfiguration", "ListAlarmMuteRules", "ListDashboards",
        "ListManagedInsightRules", "ListMetricStreams", "ListMetrics", "ListTagsForResource",
    ]),
    ("CloudWatch Logs", &[
        "DescribeAccountPolicies", "DescribeConfigurationTemplates", "DescribeDeliveries",
        "DescribeDeliveryDestinations", "DescribeDeliverySources", "DescribeDestinations", "DescribeExportTasks",
        "DescribeFieldIndexes", "DescribeImportTaskBatches", "DescribeImportTasks", "DescribeIndexPolicies",
        "DescribeLogGroups", "DescribeLogStreams", "DescribeLookupTables", "DescribeMetricFilters", "DescribeQueries",
        "DescribeQueryDefinitions", "DescribeResourcePolicies", "DescribeSubscriptionFilters", "FilterLogEvents",
        "GetDataProtectionPolicy", "GetDelivery", "GetDeliveryDestination", "GetDeliveryDestinationPolicy",
        "GetDeliverySource", "GetIntegration", "GetLogAnomalyDetector", "GetLogEvents", "GetLogFields",
        "GetLogGroupFields", "GetLogObject", "GetLogRecord", "GetLookupTable", "GetQueryResults", "GetScheduledQuery",
        "GetScheduledQueryHistory", "GetStorageTierPolicy", "GetTransformer", "ListAggregateLogGroupSummaries",
        "ListAnomalies", "ListIntegrations", "ListLogAnomalyDetectors", "ListLogGroups", "ListLogGroupsForQuery",
        "ListScheduledQueries", "ListSourcesForS3TableIntegration", "ListSyslogConfigurations", "ListTagsForResource",
        "ListTagsLogGroup", "StartLiveTail", "StartQuery", "StopQuery", "TestMetricFilter", "TestTransformer",
    ]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes() {
        for (service, operation, class) in [
            ("Lambda", "GetFunction", Class::Read),
            ("Lambda", "Invoke", Class::Mutate),
            ("CloudFormation", "CreateChangeSet", Class::Scratch),
            ("CloudFormation", "ExecuteChangeSet", Class::Mutate),
            ("CloudFormation", "DescribeStacks", Class::Read),
            ("S3", "HeadObject", Class::Read),
            ("DynamoDB", "Query", Class::Read),
            ("DynamoDB", "ExecuteStatement", Class::Mutate),
            ("SQS", "ReceiveMessage", Class::Mutate),
            ("STS", "AssumeRole", Class::Mutate),
            ("Unheard", "GetAnything", Class::Mutate),
            ("Lambda", "GetUnheardOf", Class::Mutate),
        ] {
            assert_eq!(class_of(service, operation), class, "{service}:{operation}");
        }
    }

    #[test]
    fn no_listed_read_has_a_changing_name() {
        for (service, operations) in READS {
            for operation in *operations {
                let changing = ["Create", "Put", "Update", "Delete", "Send", "Publish", "Invoke", "Tag", "Untag"];
                assert!(!changing.iter().any(|verb| operation.starts_with(verb)), "{service}:{operation}");
            }
        }
    }
}
