//! What the tests share: running the executable, platforms, reading sources.

pub mod command;
pub mod contract;
pub mod customer;
pub mod faults;
pub mod foreign;
pub mod platform;
pub mod walker;

use std::path::{Path, PathBuf};

/// Why a test failed.
pub type Outcome = Result<(), libtest_mimic::Failed>;

/// Makes the list of a module's tests; each is named `module::function`.
#[macro_export]
macro_rules! trials {
    ($($name:ident),* $(,)?) => {
        vec![$(libtest_mimic::Trial::test(
            concat!(module_path!(), "::", stringify!($name)).trim_start_matches("main::").to_owned(),
            || $crate::support::caught($name),
        )),*]
    };
}

thread_local! {
    static PLACE: std::cell::RefCell<String> = const { std::cell::RefCell::new(String::new()) };
}

/// Runs a test, turning a panic into a failure with its place and message.
pub fn caught(test: fn()) -> Outcome {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        PLACE.with(|kept| *kept.borrow_mut() = place);
    }));
    std::panic::catch_unwind(test).map_err(|panic| {
        let text = panic
            .downcast_ref::<String>()
            .cloned()
            .or_else(|| panic.downcast_ref::<&str>().map(ToString::to_string))
            .unwrap_or_else(|| "panicked".to_owned());
        libtest_mimic::Failed::from(format!("{}: {text}", PLACE.with(|kept| kept.borrow().clone())))
    })
}

/// The workspace's root.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every file below `folder` (relative to the root) whose name ends with `ending`, build output left out.
pub fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![root().join(folder)];
    while let Some(directory) = open.pop() {
        let Ok(entries) = std::fs::read_dir(&directory) else { continue };
        for entry in entries.flatten() {
            let path = entry.path();
            if path.is_dir() {
                if !matches!(entry.file_name().to_str(), Some("target" | "node_modules")) {
                    open.push(path);
                }
            } else if path.to_string_lossy().ends_with(ending) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// A path relative to the root, with `/`.
pub fn relative(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).to_string_lossy().replace('\\', "/")
}
