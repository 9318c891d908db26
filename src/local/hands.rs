//! What faults do to the platform's processes: the broker is held, functions are found by their access key and killed,
//! and the AWS APIs are told to ask.

use serde_json::json;
use sysinfo::Signal;

use super::gateway::faults::{ASK, Hands, TOKEN};
use super::layout::Layout;
use super::processes::{self, Identity};
use super::state::Platform;
use super::{files, holder, kafka, ministack};

/// Where a function's process holds its access key and its name.
const KEY: &str = "AWS_ACCESS_KEY_ID";
const FUNCTION: &str = "AWS_LAMBDA_FUNCTION_NAME";

/// The hands of one platform.
pub struct PlatformHands {
    layout: Layout,
    platform: String,
    /// The root key, which every process of the AWS APIs holds.
    root: String,
    endpoint: u16,
}

impl PlatformHands {
    /// Hands that begin with no fault, whatever an earlier run left.
    pub fn new(layout: &Layout, platform: &Platform) -> anyhow::Result<Self> {
        files::remove(&layout.asked())?;
        Ok(Self {
            layout: layout.clone(),
            platform: platform.id.clone(),
            root: platform.credentials.access_key_id.clone(),
            endpoint: platform.ports.endpoint,
        })
    }
}

impl Hands for PlatformHands {
    fn hold_broker(&self, still: bool) {
        let signal = if still { Signal::Stop } else { Signal::Continue };
        for process in processes::marked(&self.platform, Some(kafka::NAME)) {
            process.signal(signal);
        }
    }

    fn function_with(&self, access_key: &str) -> Option<String> {
        if access_key == self.root {
            return None;
        }
        let (wanted, begin) = (format!("{KEY}={access_key}"), format!("{FUNCTION}="));
        let mut all = processes::environments(&self.platform, Some(ministack::NAME)).into_iter();
        let (_, variables) = all.find(|(_, variables)| variables.contains(&wanted))?;
        variables.iter().find_map(|variable| variable.strip_prefix(&begin).map(str::to_owned))
    }

    fn kill(&self, function: &str, port: Option<u16>) {
        let wanted = format!("{FUNCTION}={function}");
        let all = processes::environments(&self.platform, Some(ministack::NAME)).into_iter();
        let all: Vec<Identity> =
            all.filter(|(_, variables)| variables.contains(&wanted)).map(|(process, _)| process).collect();
        let pids: Vec<u32> = all.iter().map(|process| process.pid).collect();
        let caller = port.and_then(|port| holder::of_connection(port, self.endpoint, &pids));
        let meant = |process: &Identity| caller.is_none_or(|caller| process.pid == caller);
        for process in all.into_iter().filter(meant) {
            process.signal(Signal::Kill);
        }
    }

    fn ask(&self, token: Option<&str>) -> anyhow::Result<()> {
        let Some(token) = token else { return files::remove(&self.layout.asked()) };
        let url = format!("http://127.0.0.1:{}{}", self.endpoint, ASK);
        files::write_json(&self.layout.asked(), &json!({"url": url, "header": TOKEN, "token": token}))
    }
}
