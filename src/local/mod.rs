//! The platform on this computer: real Kafka, the AWS APIs and the gateway, supervised on loopback.

pub mod gateway;
