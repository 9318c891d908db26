//! Whether an executable can run where it is sent: machine and C library, read from the file itself before it is uploaded.

use object::read::elf::{ElfFile64, FileHeader};
use object::{Architecture, BinaryFormat, Endianness, Object};

use super::HOST;
use crate::error::{Failure, codes};

/// The C library of `provided.al2023` (Amazon Linux 2023 ships glibc 2.34).
const RUNTIME_GLIBC: (u32, u32) = (2, 34);

/// What an executable asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Abi {
    /// Lambda's name of the machine: `x86_64` or `arm64`.
    pub architecture: &'static str,
    /// The highest glibc version among its symbols; absent: none (static, musl, or no ELF file).
    pub glibc: Option<(u32, u32)>,
    /// Whether it is an ELF file, which is all that Lambda runs.
    pub elf: bool,
}

/// Reads an executable.
pub fn read(function: &str, bytes: &[u8]) -> Result<Abi, Failure> {
    let odd = |why: String| {
        Failure::new(&codes::ABI_MISMATCH, format!("the executable of {function} cannot be used")).why(why)
    };
    let file = object::File::parse(bytes).map_err(|error| odd(error.to_string()))?;
    let architecture = match file.architecture() {
        Architecture::X86_64 => "x86_64",
        Architecture::Aarch64 => "arm64",
        other => return Err(odd(format!("Lambda has no machine of kind {other:?}"))),
    };
    let elf = file.format() == BinaryFormat::Elf;
    let glibc = if elf { glibc(bytes).map_err(|error| odd(error.to_string()))? } else { None };
    Ok(Abi { architecture, glibc, elf })
}

/// The highest `GLIBC_x.y` that the file needs, from its version needs (`.gnu.version_r`).
fn glibc(bytes: &[u8]) -> object::read::Result<Option<(u32, u32)>> {
    let file = ElfFile64::<Endianness>::parse(bytes)?;
    let endian = file.endian();
    let sections = file.elf_header().sections(endian, bytes)?;
    let Some((mut needs, link)) = sections.gnu_verneed(endian, bytes)? else { return Ok(None) };
    let strings = sections.strings(endian, bytes, link)?;
    let mut highest = None;
    while let Some((_, mut versions)) = needs.next()? {
        while let Some(version) = versions.next()? {
            let name = String::from_utf8_lossy(version.name(endian, strings)?).into_owned();
            highest = highest.max(parse_glibc(&name));
        }
    }
    Ok(highest)
}

fn parse_glibc(name: &str) -> Option<(u32, u32)> {
    let mut numbers = name.strip_prefix("GLIBC_")?.split('.').map(str::parse);
    Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
}

/// Refuses an executable that the environment's functions cannot run. Built for the host, it runs on the host.
pub fn check(function: &str, abi: Abi, build_target: &str) -> Result<(), Failure> {
    let mismatch = |why: String| {
        Failure::new(&codes::ABI_MISMATCH, format!("the executable of {function} does not run in {build_target}"))
            .why(why)
            .why("nothing was uploaded")
    };
    if build_target == HOST {
        let host = architecture_of(std::env::consts::ARCH);
        if Some(abi.architecture) != host {
            return Err(mismatch(format!(
                "it is for {}, this computer is {}",
                abi.architecture,
                std::env::consts::ARCH
            )));
        }
        return Ok(());
    }
    let machine = build_target.split('-').next().unwrap_or_default();
    if Some(abi.architecture) != architecture_of(machine) {
        return Err(
            mismatch(format!("it is for {}", abi.architecture)).fix(format!("cargo build --target {build_target}"))
        );
    }
    if !abi.elf {
        return Err(mismatch("it is no ELF file".into()).fix(format!("cargo build --target {build_target}")));
    }
    match abi.glibc {
        Some((major, minor)) if (major, minor) > RUNTIME_GLIBC => {
            let (limit_major, limit_minor) = RUNTIME_GLIBC;
            Err(mismatch(format!("it needs GLIBC_{major}.{minor}, provided.al2023 has {limit_major}.{limit_minor}"))
                .fix(format!("set build_target = \"{machine}-unknown-linux-musl\", or build on an older system")))
        }
        _ => Ok(()),
    }
}

fn architecture_of(machine: &str) -> Option<&'static str> {
    match machine {
        "x86_64" => Some("x86_64"),
        "aarch64" => Some("arm64"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_test_runs_on_this_computer() {
        let bytes = std::fs::read(std::env::current_exe().unwrap()).unwrap();
        let abi = read("test", &bytes).unwrap();
        assert!(check("test", abi, HOST).is_ok());
        if cfg!(all(target_os = "linux", target_env = "gnu")) {
            assert!(abi.glibc.is_some_and(|version| version >= (2, 2)), "{abi:?}");
        }
    }

    #[test]
    fn what_the_runtime_does_not_have_is_refused() {
        let abi = |architecture, glibc| Abi { architecture, glibc, elf: true };
        for (name, abi, target, good) in [
            ("as the runtime", abi("x86_64", Some((2, 34))), "x86_64-unknown-linux-gnu", true),
            ("static", abi("arm64", None), "aarch64-unknown-linux-musl", true),
            ("too new a libc", abi("x86_64", Some((2, 39))), "x86_64-unknown-linux-gnu", false),
            ("another machine", abi("x86_64", None), "aarch64-unknown-linux-gnu", false),
            ("no ELF", Abi { elf: false, ..abi("arm64", None) }, "aarch64-unknown-linux-gnu", false),
        ] {
            assert_eq!(check("test", abi, target).is_ok(), good, "{name}");
        }
        assert!(read("test", b"#!/bin/sh").is_err());
    }

    #[test]
    fn versions_of_symbols() {
        assert_eq!(parse_glibc("GLIBC_2.34"), Some((2, 34)));
        assert_eq!(parse_glibc("GLIBC_2.2.5"), Some((2, 2)));
        assert_eq!(parse_glibc("GLIBC_PRIVATE"), None);
        assert_eq!(parse_glibc("GCC_3.0"), None);
    }
}
