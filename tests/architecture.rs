//! The arrows of ARCHITECTURE.md: which room may use which, who prints, and that no test module is forgotten.

use std::collections::BTreeSet;

use libtest_mimic::Trial;
use syn::visit::{self, Visit};

use crate::support::{files, relative, root};

pub fn trials() -> Vec<Trial> {
    crate::trials![
        arrows_point_one_way,
        only_output_prints,
        nothing_outside_local_knows_the_emulator,
        functions_do_not_reach_into_the_command_line,
        every_module_is_listed,
        top_level_holds_only_what_was_agreed,
    ]
}

/// Rooms below which no room of the command line may be used.
const NOUNS: &[&str] = &[
    "aws",
    "catalogue",
    "environment",
    "error",
    "functions",
    "kafka",
    "progress",
    "platform",
    "release",
    "stack",
    "status",
    "topics",
    "verify",
];

/// The commands that may reach `local/`: its own, and those that are about the whole platform of an environment.
const REACH_LOCAL: &[&str] =
    &["src/commands/local", "src/commands/up", "src/commands/down", "src/commands/status", "src/local", "src/lib.rs"];

/// Collects every path a file uses, groups of `use` flattened.
#[derive(Default)]
struct Paths(BTreeSet<String>);

impl<'ast> Visit<'ast> for Paths {
    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        flatten(&item.tree, "", &mut self.0);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        self.0.insert(path.segments.iter().map(|segment| segment.ident.to_string()).collect::<Vec<_>>().join("::"));
        visit::visit_path(self, path);
    }
}

fn flatten(tree: &syn::UseTree, before: &str, into: &mut BTreeSet<String>) {
    match tree {
        syn::UseTree::Path(path) => flatten(&path.tree, &format!("{before}{}::", path.ident), into),
        syn::UseTree::Name(name) => {
            into.insert(format!("{before}{}", name.ident));
        }
        syn::UseTree::Rename(rename) => {
            into.insert(format!("{before}{}", rename.ident));
        }
        syn::UseTree::Glob(_) => {
            into.insert(format!("{before}*"));
        }
        syn::UseTree::Group(group) => group.items.iter().for_each(|item| flatten(item, before, into)),
    }
}

fn paths_of(file: &std::path::Path) -> BTreeSet<String> {
    let text = std::fs::read_to_string(file).unwrap();
    let parsed = syn::parse_file(&text).unwrap_or_else(|error| panic!("{}: {error}", relative(file)));
    let mut paths = Paths::default();
    paths.visit_file(&parsed);
    paths.0
}

fn uses(paths: &BTreeSet<String>, room: &str) -> bool {
    let whole = format!("crate::{room}");
    paths.iter().any(|path| *path == whole || path.starts_with(&format!("{whole}::")))
}

fn arrows_point_one_way() {
    let mut wrong = Vec::new();
    for file in files("src", ".rs") {
        let name = relative(&file);
        let paths = paths_of(&file);
        let noun =
            NOUNS.iter().any(|noun| name.starts_with(&format!("src/{noun}/")) || name == format!("src/{noun}.rs"));
        if noun {
            for room in ["cli", "commands", "output", "local"] {
                if uses(&paths, room) {
                    wrong.push(format!("{name} uses crate::{room}"));
                }
            }
            if paths.iter().any(|path| path.starts_with("clap")) {
                wrong.push(format!("{name} uses clap"));
            }
        }
        if uses(&paths, "local") && !REACH_LOCAL.iter().any(|allowed| name.starts_with(allowed)) {
            wrong.push(format!("{name} uses crate::local"));
        }
        if name.starts_with("src/output/") && (uses(&paths, "commands") || uses(&paths, "aws")) {
            wrong.push(format!("{name} uses a room that it must not know"));
        }
        if name.starts_with("src/local/") && (uses(&paths, "commands") || uses(&paths, "cli")) {
            wrong.push(format!("{name} uses the command line"));
        }
    }
    assert!(wrong.is_empty(), "arrows that point the wrong way:\n{}", wrong.join("\n"));
}

fn only_output_prints() {
    let mut wrong = Vec::new();
    for file in files("src", ".rs").into_iter().chain(files("lambdas", ".rs")) {
        let name = relative(&file);
        if name.starts_with("src/output/") {
            continue;
        }
        let text = std::fs::read_to_string(&file).unwrap();
        for (index, line) in text.lines().enumerate() {
            let code = line.split("//").next().unwrap_or_default();
            let prints = ["println!(", "print!(", "io::stdout()"].iter().any(|call| code.contains(call));
            // The second Ctrl-C ends the process at once; nothing else does.
            let prints = prints || (code.contains("process::exit(") && name != "src/cli/run.rs");
            // The functions' log goes to standard error, by one function of `shared`.
            let logs = code.contains("io::stderr()") && !name.starts_with("lambdas/shared/");
            if prints || logs {
                wrong.push(format!("{name}:{}: {}", index + 1, line.trim()));
            }
        }
    }
    assert!(wrong.is_empty(), "only src/output prints:\n{}", wrong.join("\n"));
}

fn nothing_outside_local_knows_the_emulator() {
    let mut wrong = Vec::new();
    for file in files("src", ".rs").into_iter().chain(files("lambdas", ".rs")).chain(files("templates", ".yaml")) {
        let name = relative(&file);
        if name.starts_with("src/local/") || name.starts_with("src/commands/local") {
            continue;
        }
        let text = std::fs::read_to_string(&file).unwrap().to_lowercase();
        for word in ["ministack", "localstack", "is_local", "emulator"] {
            if text.contains(word) {
                wrong.push(format!("{name} says {word}"));
            }
        }
    }
    assert!(wrong.is_empty(), "only src/local knows that an emulator exists:\n{}", wrong.join("\n"));
}

fn functions_do_not_reach_into_the_command_line() {
    let metadata =
        cargo_metadata::MetadataCommand::new().manifest_path(root().join("Cargo.toml")).no_deps().exec().unwrap();
    for package in metadata.packages {
        let below_lambdas = package.manifest_path.starts_with(root().join("lambdas").to_str().unwrap());
        for dependency in package.dependencies.iter().filter(|dependency| dependency.path.is_some()) {
            assert_eq!(dependency.name, "shared", "{} depends on {}", package.name, dependency.name);
            assert!(below_lambdas || package.name.as_str() == "onboardctl");
        }
    }
}

fn every_module_is_listed() {
    let main = std::fs::read_to_string(root().join("tests/main.rs")).unwrap();
    for file in files("tests", ".rs") {
        let name = relative(&file);
        let Some(module) = name.strip_prefix("tests/").and_then(|name| name.strip_suffix(".rs")) else { continue };
        if module == "main" || module.contains('/') {
            continue;
        }
        assert!(main.contains(&format!("mod {module};")), "{name} is not declared in tests/main.rs");
        assert!(main.contains(&format!("{module}::trials()")), "the tests of {name} are not run by tests/main.rs");
    }
}

fn top_level_holds_only_what_was_agreed() {
    let agreed = [
        "Cargo.toml",
        "Cargo.lock",
        "src",
        "templates",
        "lambdas",
        "frontend",
        "completions",
        "tests",
        "README.md",
        "CHANGELOG.md",
        "platform.toml",
        "ARCHITECTURE.md",
        "LICENSE",
        "deny.toml",
        "rustfmt.toml",
        "clippy.toml",
        "target",
        "rust-toolchain.toml",
    ];
    for entry in std::fs::read_dir(root()).unwrap().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        assert!(name.starts_with('.') || agreed.contains(&name.as_str()), "{name} stands at the top level");
    }
}
