//! The ports of a platform: chosen once, checked before every start.

use std::collections::BTreeSet;
use std::net::{Ipv4Addr, TcpListener};

use serde::{Deserialize, Serialize};

use super::holder;
use crate::error::{Failure, codes};

/// Where the parts listen, on 127.0.0.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ports {
    /// The AWS endpoint (gateway).
    pub endpoint: u16,
    /// The edge (gateway).
    pub edge: u16,
    /// ministack.
    pub ministack: u16,
    /// The broker's clients.
    pub kafka: u16,
    /// The broker's controller.
    pub controller: u16,
}

/// Below what Linux and macOS give to outgoing connections, which could otherwise hold one of ours at the next start.
const RANGE: std::ops::Range<u16> = 20_000..32_000;

impl Ports {
    /// Chooses ports that are free now.
    pub fn choose() -> anyhow::Result<Self> {
        let mut chosen = BTreeSet::new();
        for _ in 0..10_000 {
            let port = rand::random_range(RANGE);
            if free(port) {
                chosen.insert(port);
            }
            if let [endpoint, edge, ministack, kafka, controller] = chosen.iter().copied().collect::<Vec<_>>()[..] {
                return Ok(Self { endpoint, edge, ministack, kafka, controller });
            }
        }
        Err(Failure::new(&codes::LOCAL_PORT, "no five free ports between 20000 and 32000 on 127.0.0.1").into())
    }

    /// Fails with the holder's name when one is taken.
    pub fn check(&self) -> anyhow::Result<()> {
        match self.named().into_iter().find(|(_, port)| !free(*port)) {
            Some((what, port)) => Err(taken(what, port).into()),
            None => Ok(()),
        }
    }

    fn named(&self) -> [(&'static str, u16); 5] {
        [
            ("the AWS endpoint", self.endpoint),
            ("the edge", self.edge),
            ("ministack", self.ministack),
            ("Kafka", self.kafka),
            ("Kafka's controller", self.controller),
        ]
    }
}

/// Whether a port can be listened on.
fn free(port: u16) -> bool {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
}

/// The failure that names who holds a port.
pub fn taken(what: &str, port: u16) -> Failure {
    let holder = holder::of(port).unwrap_or_else(|| "a process that cannot be seen from here".into());
    Failure::new(&codes::LOCAL_PORT, format!("port {port}, where {what} of this platform listens, is taken"))
        .why(format!("127.0.0.1:{port} is held by {holder}"))
        .why("ports are chosen once per platform; after choosing again, `onboardctl up` mends what names the old ones")
        .fix("onboardctl local start")
        .fix("onboardctl local start --choose-ports")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chosen_ports_are_free_and_different() {
        let ports = Ports::choose().unwrap();
        ports.check().unwrap();
        assert_eq!(ports.named().map(|(_, port)| port).into_iter().collect::<BTreeSet<_>>().len(), 5);
    }

    #[test]
    fn a_taken_port_names_its_holder() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let ports = Ports { edge: port, ..Ports::choose().unwrap() };
        let error = ports.check().unwrap_err();
        let failure = error.downcast_ref::<Failure>().unwrap();
        assert_eq!(failure.code.id, "E-LOCAL-005");
        assert!(failure.why[0].contains(&format!("pid {}", std::process::id())), "{failure:?}");
    }
}
