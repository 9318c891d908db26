//! ministack, which answers the AWS APIs, started by a few lines of Python (`scripts/ministack.py`) that also have it
//! enforce what IAM does in AWS (`scripts/permissions.py`), save its state while it runs (`scripts/saving.py`), answer
//! and run functions without delay (`scripts/serving.py`, `scripts/workers.py`) and misbehave on demand
//! (`scripts/faults.py`).

use tokio::process::Command;

use super::keeper::Part;
use super::layout::Layout;
use super::state::{PartsFound, Platform};
use super::{files, probe};

/// Its name in state, status and logs.
pub const NAME: &str = "aws";

/// What the launcher imports, which lies beside it.
const IMPORTED: [(&str, &[u8]); 5] = [
    ("faults.py", include_bytes!("scripts/faults.py")),
    ("permissions.py", include_bytes!("scripts/permissions.py")),
    ("saving.py", include_bytes!("scripts/saving.py")),
    ("serving.py", include_bytes!("scripts/serving.py")),
    ("workers.py", include_bytes!("scripts/workers.py")),
];

/// ministack as a part of a run.
pub struct Ministack {
    layout: Layout,
    platform: Platform,
    parts: PartsFound,
}

impl Ministack {
    /// The AWS APIs of this platform.
    pub fn new(layout: &Layout, platform: &Platform, parts: &PartsFound) -> Self {
        Self { layout: layout.clone(), platform: platform.clone(), parts: parts.clone() }
    }

    /// Writes its launcher and what that imports.
    pub fn prepare(&self) -> anyhow::Result<()> {
        for (name, script) in IMPORTED {
            files::write_private(&self.layout.aws().join(name), script)?;
        }
        files::write_private(&self.launcher(), include_bytes!("scripts/ministack.py"))
    }

    fn launcher(&self) -> std::path::PathBuf {
        self.layout.aws().join("launch.py")
    }
}

impl Part for Ministack {
    fn name(&self) -> &'static str {
        NAME
    }

    /// A clean environment: functions inherit it, and they must not find what AWS would not give them.
    fn command(&self) -> anyhow::Result<Command> {
        let Platform { ports, credentials, account, region, .. } = &self.platform;
        let temporary = self.layout.aws_temporary();
        files::create_private_folder(&temporary)?;
        let mut command = Command::new(&self.parts.python);
        command.args(["-I", "-S"]).arg(self.launcher()).arg(&self.parts.ministack).current_dir(self.layout.aws());
        command
            .env_clear()
            .env("PATH", "/usr/local/bin:/usr/bin:/bin")
            .env("LANG", "C.UTF-8")
            .env("TZ", "UTC")
            .env("TMPDIR", temporary)
            .env("BIND_HOST", "127.0.0.1")
            .env("GATEWAY_PORT", ports.ministack.to_string())
            .env("AWS_ENDPOINT_URL", format!("http://127.0.0.1:{}", ports.endpoint))
            .env("MINISTACK_ACCOUNT_ID", account)
            .env("MINISTACK_REGION", region)
            .env("AWS_DEFAULT_REGION", region)
            .env("AWS_REGION", region)
            .env("AWS_ACCESS_KEY_ID", &credentials.access_key_id)
            .env("AWS_SECRET_ACCESS_KEY", &credentials.secret_access_key)
            .env("AUTH", "true")
            .env("PERSIST_STATE", "1")
            .env("S3_PERSIST", "1")
            .env("STATE_DIR", self.layout.aws_state())
            .env("S3_DATA_DIR", self.layout.aws().join("s3"))
            // Functions' code is most of what it keeps in memory. In large pages a fork that saves (saving.py) has less to
            // copy, during which no call is answered: 6.5 ms instead of 10.8 (the GNU C Library, "Memory Allocation Tunables").
            .env("GLIBC_TUNABLES", "glibc.malloc.hugetlb=1")
            // Listeners that nobody here uses; they would be shared by all platforms of the computer.
            .env("IOT_MTLS_ENABLED", "0")
            .env("SFTP_ENABLED", "0")
            // No containers, whatever runs on this computer.
            .env("DOCKER_HOST", "unix:///nonexistent/docker.sock");
        Ok(command)
    }

    async fn answers(&self) -> bool {
        probe::ministack(self.platform.ports.ministack).await
    }
}
