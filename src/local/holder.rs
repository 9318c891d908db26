//! Who listens on a port, and who is at the other end of a connection.

use super::processes;

/// The process that listens on this port of 127.0.0.1: its name and pid.
pub fn of(port: u16) -> Option<String> {
    let pid = pid_of(port)?;
    Some(match processes::name(pid) {
        Some(name) => format!("{name} (pid {pid})"),
        None => format!("pid {pid}"),
    })
}

/// The process among these whose connection to port `to` of 127.0.0.1 comes from port `from`.
pub fn of_connection(from: u16, to: u16, among: &[u32]) -> Option<u32> {
    pid_of_connection(from, to, among)
}

/// `proc_net_tcp(5)` gives the listening socket's inode, `/proc/PID/fd` who has it open.
#[cfg(target_os = "linux")]
fn pid_of(port: u16) -> Option<u32> {
    let processes = std::fs::read_dir("/proc").ok()?.flatten();
    let mut pids = processes.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    holds_one_of(&inodes(|line| listening_inode(line, port)), &mut pids)
}

#[cfg(target_os = "linux")]
fn pid_of_connection(from: u16, to: u16, among: &[u32]) -> Option<u32> {
    holds_one_of(&inodes(|line| connected_inode(line, from, to)), &mut among.iter().copied())
}

/// The sockets that a look at each line of the kernel's tables finds, as `/proc/PID/fd` names them.
#[cfg(target_os = "linux")]
fn inodes(look: impl Fn(&str) -> Option<String>) -> Vec<String> {
    ["/proc/net/tcp", "/proc/net/tcp6"]
        .iter()
        .filter_map(|path| std::fs::read_to_string(path).ok())
        .flat_map(|table| table.lines().filter_map(&look).collect::<Vec<_>>())
        .map(|inode| format!("socket:[{inode}]"))
        .collect()
}

#[cfg(target_os = "linux")]
fn holds_one_of(inodes: &[String], pids: &mut impl Iterator<Item = u32>) -> Option<u32> {
    pids.find(|pid| {
        let Ok(open) = std::fs::read_dir(format!("/proc/{pid}/fd")) else { return false };
        open.flatten()
            .filter_map(|entry| std::fs::read_link(entry.path()).ok())
            .any(|target| target.to_str().is_some_and(|target| inodes.iter().any(|inode| inode == target)))
    })
}

/// The inode in a line of `/proc/net/tcp`, when that line is the end of such a connection that made it.
#[cfg(target_os = "linux")]
fn connected_inode(line: &str, from: u16, to: u16) -> Option<String> {
    let fields: Vec<&str> = line.split_ascii_whitespace().collect();
    let port = |field: usize| u16::from_str_radix(fields.get(field)?.rsplit_once(':')?.1, 16).ok();
    let is_meant = port(1) == Some(from) && port(2) == Some(to);
    is_meant.then(|| fields.get(9).copied().map(String::from))?
}

/// The inode in a line of `/proc/net/tcp`, when that line listens on this port.
#[cfg(target_os = "linux")]
fn listening_inode(line: &str, port: u16) -> Option<String> {
    let fields: Vec<&str> = line.split_ascii_whitespace().collect();
    let (_, hexadecimal) = fields.get(1)?.rsplit_once(':')?;
    let listens = fields.get(3) == Some(&"0A");
    (listens && u16::from_str_radix(hexadecimal, 16) == Ok(port)).then(|| fields.get(9).copied().map(String::from))?
}

#[cfg(not(target_os = "linux"))]
fn pid_of(port: u16) -> Option<u32> {
    let mut lsof = std::process::Command::new("lsof");
    let output = lsof.args(["-nP", &format!("-iTCP:{port}"), "-sTCP:LISTEN", "-t"]).output().ok()?;
    String::from_utf8(output.stdout).ok()?.lines().next()?.trim().parse().ok()
}

#[cfg(not(target_os = "linux"))]
fn pid_of_connection(from: u16, to: u16, among: &[u32]) -> Option<u32> {
    let mut lsof = std::process::Command::new("lsof");
    let output = lsof.args(["-nP", &format!("-iTCP@127.0.0.1:{from}"), "-t"]).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    // The other end is ours, on `to`.
    let _ = to;
    text.lines().filter_map(|line| line.trim().parse().ok()).find(|pid| among.contains(pid))
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn only_listening_sockets_count() {
        let listening =
            "   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 41 1";
        let connected =
            "   0: 0100007F:1F90 0100007F:8080 01 00000000:00000000 00:00000000 00000000     0        0 42 1";
        assert_eq!(listening_inode(listening, 8080).as_deref(), Some("41"));
        assert_eq!(listening_inode(listening, 8081), None);
        assert_eq!(listening_inode(connected, 8080), None);
        assert_eq!(connected_inode(connected, 8080, 0x8080).as_deref(), Some("42"));
        assert_eq!(connected_inode(connected, 8081, 0x8080), None);
        assert_eq!(connected_inode(connected, 0x8080, 8080), None);
    }

    #[test]
    fn the_other_end_of_a_connection_is_found() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let to = listener.local_addr().unwrap().port();
        let client = std::net::TcpStream::connect(("127.0.0.1", to)).unwrap();
        let (from, own) = (client.local_addr().unwrap().port(), std::process::id());
        assert_eq!(of_connection(from, to, &[own]), Some(own));
        assert_eq!(of_connection(from, to, &[]), None);
    }
}
