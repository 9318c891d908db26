//! What MSK says of the cluster: one broker of the newest version, SCRAM over TLS, no public access.

use serde_json::{Value, json};

use super::super::Shared;
use super::super::route::query;

/// The version string that MSK gives Apache Kafka 4.1 in `KRaft` mode (aws-facts 1, Versions).
const KAFKA_VERSION: &str = "4.1.x.kraft";
/// Opaque to clients; it changes with every update, and this cluster has none.
const CURRENT_VERSION: &str = "K3AEGXETSR30VB";
const INSTANCE_TYPE: &str = "kafka.t3.small";
const CREATED: &str = "2026-01-01T00:00:00.000Z";

/// `ListClusters` and `ListClustersV2`; the name filter is a prefix.
pub fn list(shared: &Shared, version: u8, uri: &http::Uri) -> Value {
    let named = query(uri, "clusterNameFilter").is_none_or(|prefix| shared.cluster.name.starts_with(&prefix));
    let typed = query(uri, "clusterTypeFilter").is_none_or(|kind| kind == "PROVISIONED");
    let clusters = if named && typed { vec![info(shared, version)] } else { Vec::new() };
    json!({"clusterInfoList": clusters})
}

/// `DescribeCluster` and `DescribeClusterV2`.
pub fn describe(shared: &Shared, version: u8) -> Value {
    json!({"clusterInfo": info(shared, version)})
}

/// `GetBootstrapBrokers`: the listeners that are off are absent.
pub fn bootstrap(shared: &Shared) -> Value {
    json!({"bootstrapBrokerStringSaslScram": shared.kafka.bootstrap})
}

/// `ListNodes`.
pub fn nodes(shared: &Shared) -> Value {
    let host = |address: &str| address.rsplit_once(':').map_or(address, |(host, _)| host).to_owned();
    let nodes: Vec<Value> = (1..)
        .zip(shared.kafka.bootstrap.split(','))
        .map(|(id, address)| {
            json!({
                "nodeARN": format!("{}/{id}", shared.cluster.arn.replacen(":cluster/", ":broker/", 1)),
                "nodeType": "BROKER",
                "instanceType": INSTANCE_TYPE,
                "addedToClusterTime": CREATED,
                "brokerNodeInfo": {
                    "brokerId": id,
                    "clientVpcIpAddress": host(address),
                    "currentBrokerSoftwareInfo": {"kafkaVersion": KAFKA_VERSION},
                    "endpoints": [host(address)],
                },
            })
        })
        .collect();
    json!({"nodeInfoList": nodes})
}

fn info(shared: &Shared, version: u8) -> Value {
    let mut facts = json!({
        "clusterArn": shared.cluster.arn,
        "clusterName": shared.cluster.name,
        "creationTime": CREATED,
        "currentVersion": CURRENT_VERSION,
        "state": "ACTIVE",
        "tags": {},
    });
    let mut provisioned = json!({
        "brokerNodeGroupInfo": {
            "brokerAZDistribution": "DEFAULT",
            "clientSubnets": [],
            "instanceType": INSTANCE_TYPE,
            "securityGroups": [],
            "connectivityInfo": {"publicAccess": {"type": "DISABLED"}},
        },
        "clientAuthentication": {
            "sasl": {"scram": {"enabled": true}, "iam": {"enabled": false}},
            "unauthenticated": {"enabled": false},
        },
        "currentBrokerSoftwareInfo": {"kafkaVersion": KAFKA_VERSION},
        "encryptionInfo": {"encryptionInTransit": {"clientBroker": "TLS", "inCluster": true}},
        "enhancedMonitoring": "DEFAULT",
        "numberOfBrokerNodes": shared.kafka.bootstrap.split(',').count(),
        "storageMode": "LOCAL",
    });
    if version == 2 {
        facts["clusterType"] = json!("PROVISIONED");
        facts["provisioned"] = provisioned;
    } else if let (Some(facts), Some(provisioned)) = (facts.as_object_mut(), provisioned.as_object_mut()) {
        facts.append(provisioned);
    }
    facts
}
