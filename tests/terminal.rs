//! What people see: on terminals of several widths, in a file, quiet and verbose; interrupted and out of time.

use std::io::Read;
use std::process::Command;
use std::time::{Duration, Instant};

use libtest_mimic::Trial;

use crate::support::command::Ended;
use crate::support::platform::{Platform, shared};

pub fn trials() -> Vec<Trial> {
    crate::trials![
        screens_fit_the_terminal,
        up_and_its_failure_on_a_terminal_and_in_a_file,
        a_dumb_terminal_gets_plain_lines,
        quiet_and_verbose,
        the_first_output_does_not_wait_for_the_work,
        an_interrupted_up_says_what_goes_on,
        a_second_interrupt_ends_at_once,
        a_run_out_of_time_says_how_to_look_again,
        nobody_reads_and_the_work_is_done,
    ]
}

/// A run on a terminal, to its end.
struct Shown {
    /// What is left on the screen, without empty lines at its end.
    screen: String,
    /// Rows that went on in the next one: lines that were wider than the terminal.
    wrapped: Vec<String>,
    code: i32,
    raw: String,
}

/// Runs the executable on a terminal of so many columns.
fn on_terminal(platform: &Platform, columns: u16, arguments: &[&str], variables: &[(&str, &str)]) -> Shown {
    // Whoever opens a terminal gives it a size of its own first; ours looks at it when it has the one that is wanted.
    let script = format!("until [ \"$(stty size)\" = '50 {columns}' ]; do sleep 0.01; done; exec \"$@\"");
    let mut command = Command::new("sh");
    command.args(["-c", &script, "sh", crate::support::command::EXECUTABLE]).args(arguments);
    command.current_dir(crate::support::root());
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("ONBOARDCTL_") || name.starts_with("AWS_")) {
        command.env_remove(name);
    }
    command.env("ONBOARDCTL_STATE_DIR", platform.state_dir());
    command.env("ONBOARDCTL_CONFIG", platform.folder().join("platform.toml"));
    command.env("TERM", "xterm-256color").env("LC_ALL", "C.UTF-8").env_remove("NO_COLOR").env_remove("LINES");
    command.env_remove("COLUMNS").envs(variables.iter().copied());
    let mut session = expectrl::session::OsSession::spawn(command).unwrap();
    session.get_process_mut().set_window_size(columns, 50).unwrap();
    session.set_expect_timeout(Some(Duration::from_mins(10)));
    let mut parser = vt100::Parser::new(400.try_into().unwrap(), columns.try_into().unwrap(), 0);
    let (mut raw, mut bytes) = (Vec::new(), [0; 4096]);
    // A terminal whose program has ended gives an error, not an end of file.
    while let Ok(count @ 1..) = session.read(&mut bytes) {
        parser.process(&bytes[..count]);
        raw.extend_from_slice(&bytes[..count]);
    }
    let code = match session.get_process().wait().unwrap() {
        expectrl::process::unix::WaitStatus::Exited(_, code) => code,
        other => panic!("{other:?}"),
    };
    let screen = parser.screen();
    let rows: Vec<String> = screen.rows(0, columns).map(|row| row.trim_end().to_owned()).collect();
    // Lines above a bar are filled with spaces up to the last column; those go on in the next row without a word.
    let goes_on = |row: &u16| screen.row_wrapped(*row) && rows[usize::from(*row)].chars().count() >= columns.into();
    let wrapped = (0..400).filter(goes_on).map(|row| rows[usize::from(row)].clone()).collect();
    let shown = rows.join("\n").trim_end().to_owned();
    Shown { screen: shown, wrapped, code, raw: String::from_utf8_lossy(&raw).into_owned() }
}

impl Shown {
    /// Nothing is wider than the terminal but a command, an address or an id, which must stay in one piece; no bar is
    /// left.
    #[track_caller]
    fn fits(&self) -> &Self {
        let whole = |row: &String| row.contains("next: ") || row.split_whitespace().count() <= 2;
        let cut: Vec<&String> = self.wrapped.iter().filter(|row| !whole(row)).collect();
        assert!(cut.is_empty(), "wider than the terminal: {cut:#?}\n{}", self.screen);
        for spinner in "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏━╸".chars() {
            assert!(!self.screen.contains(spinner), "a bar is left:\n{}", self.screen);
        }
        self
    }

    #[track_caller]
    fn has(&self, words: &[&str]) -> &Self {
        let flat = self.screen.split_whitespace().collect::<Vec<_>>().join(" ");
        for word in words {
            assert!(flat.contains(word), "{word} is missing in\n{}", self.screen);
        }
        self
    }
}

fn screens_fit_the_terminal() {
    for columns in [40, 80, 120] {
        let up = on_terminal(shared(), columns, &["up"], &[]);
        assert_eq!(up.code, 0, "{}", up.screen);
        up.fits().has(&["no changes", "site", "http://127.0.0.1"]);
        assert_eq!(up.screen.matches("no changes").count(), 4, "said twice:\n{}", up.screen);
        let status = on_terminal(shared(), columns, &["status"], &[]);
        status.fits().has(&[
            "onboard-ai-local-bootstrap",
            "CREATE_COMPLETE",
            "consumer-documents_processed",
            "kyc-verified",
        ]);
        let refused = on_terminal(shared(), columns, &["history", "show", "nothing"], &[]);
        assert_eq!(refused.code, 1);
        refused.fits().has(&["error[E-RELEASE-005]", "next: onboardctl"]);
    }
    for columns in [80, 120] {
        let verify = on_terminal(shared(), columns, &["verify"], &[]);
        assert_eq!(verify.code, 0, "{}", verify.screen);
        verify.fits().has(&["STEP", "ticket-reused", "audited, DONE", " 0 failed"]);
    }
}

fn up_and_its_failure_on_a_terminal_and_in_a_file() {
    // The functions are built once, by the shared platform's `up`.
    let _ = shared();
    let platform = Platform::new();
    platform.supervise();
    platform.add_fault("fail-resource UsersTable");
    let failed = on_terminal(&platform, 80, &["up"], &[]);
    assert_eq!(failed.code, 1, "{}", failed.screen);
    failed.fits().has(&[
        "error[E-STACK-003]",
        "UsersTable (AWS::DynamoDB::Table) failed first",
        "because: Resource handler returned",
        "next: onboardctl stack events --env local",
    ]);
    platform.clear_faults();
    let up = on_terminal(&platform, 80, &["up"], &[]);
    assert_eq!(up.code, 0, "{}", up.screen);
    up.fits().has(&["lambdas 17 created", "STEP", " 0 failed", "release"]);
    assert!(up.raw.contains('⠙') && up.raw.contains("CREATE_IN_PROGRESS"), "nothing was seen to move");
    let narrow = on_terminal(&platform, 40, &["up", "--verify"], &[]);
    narrow.fits().has(&["step: session", " 0 failed"]);
    a_file_gets_one_line_per_change(&platform);
}

fn a_dumb_terminal_gets_plain_lines() {
    for variables in [[("TERM", "dumb"), ("LC_ALL", "C")], [("NO_COLOR", "1"), ("LC_ALL", "C")]] {
        let shown = on_terminal(shared(), 80, &["status"], &variables);
        assert!(!shown.raw.contains("\u{1b}[3") && shown.raw.is_ascii(), "{variables:?}: {}", shown.raw);
        shown.fits().has(&["CREATE_COMPLETE"]);
    }
    let up = on_terminal(shared(), 80, &["up"], &[("TERM", "dumb"), ("LC_ALL", "C")]);
    assert!(!up.raw.contains('\u{1b}') && up.raw.is_ascii(), "{}", up.raw);
}

/// No control characters but the ends of lines.
#[track_caller]
fn plain(ended: &Ended) {
    for text in [&ended.stdout, &ended.stderr] {
        assert!(text.chars().all(|letter| letter == '\n' || !letter.is_control()), "{text:?}");
    }
}

fn a_file_gets_one_line_per_change(platform: &Platform) {
    let changed = platform.with_catalogue(|text| text.replacen("retention = \"7d\"", "retention = \"6d\"", 1));
    let up = platform.run(&["up"]).env("ONBOARDCTL_CONFIG", changed.as_os_str()).run().expect(0);
    plain(&up);
    let lines: Vec<&str> = up.stderr.lines().collect();
    let mut once = lines.clone();
    once.sort_unstable();
    once.dedup();
    assert_eq!(once.len(), lines.len(), "a line is said twice:\n{}", up.stderr);
    for begin in ["topics: ", "= stack", "verify: session "] {
        assert!(lines.iter().any(|line| line.starts_with(begin)), "no line begins with {begin:?}:\n{}", up.stderr);
    }
    assert!(up.stdout.starts_with("PART"), "{}", up.stdout);
    let quiet = platform.run(&["up", "--quiet"]).run().expect(0);
    assert_eq!(quiet.stderr, "", "--quiet is not quiet");
    let broken = platform.run(&["stack", "output", "Nothing"]).run().expect(1);
    plain(&broken);
    assert!(broken.stderr.starts_with("error[E-STACK-007]: ") && broken.stderr.contains("\n  next: onboardctl"));
}

fn quiet_and_verbose() {
    let quiet = shared().run(&["up", "-q"]).run().expect(0);
    assert_eq!(quiet.stderr, "");
    assert!(quiet.stdout.contains("no changes"));
    let verbose = shared().run(&["up", "-v"]).run().expect(0);
    plain(&verbose);
    assert!(verbose.stderr.contains("call CloudFormation:DescribeStacks read 200"), "{}", verbose.stderr);
    let seen = on_terminal(shared(), 100, &["up", "-v"], &[]);
    seen.has(&["call CloudFormation:DescribeStacks read 200"]);
}

/// A run with its first line of standard error, and when that came.
fn first_line(child: &mut std::process::Child) -> (String, Duration) {
    let (began, mut line, mut byte) = (Instant::now(), Vec::new(), [0]);
    let stream = child.stderr.as_mut().unwrap();
    while stream.read(&mut byte).unwrap() == 1 && byte != *b"\n" {
        line.push(byte[0]);
    }
    (String::from_utf8(line).unwrap(), began.elapsed())
}

fn the_first_output_does_not_wait_for_the_work() {
    for command in [&["up"][..], &["stack", "up"], &["verify"], &["lambdas", "plan"]] {
        let mut child = shared().run(command).spawn();
        let (line, _) = first_line(&mut child);
        let ended = child.try_wait().unwrap();
        assert!(ended.is_none(), "{command:?} said {line:?} only when it was done");
        assert!(!line.is_empty(), "{command:?}");
        child.wait_with_output().unwrap();
    }
}

fn signal(child: &std::process::Child) {
    let killed = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(killed.success());
}

/// A platform without stacks, and an `up` on it that has begun to make them.
fn begun(platform: &Platform) -> std::process::Child {
    platform.supervise();
    // CloudFormation takes its time, so that there is something to be interrupted.
    platform.add_fault("delay cloudformation:DescribeStackEvents --by 2s --always");
    let mut child = platform.run(&["up"]).spawn();
    while !first_line(&mut child).0.contains("CREATE_IN_PROGRESS") {
        assert!(child.try_wait().unwrap().is_none(), "it ended before it was interrupted");
    }
    child
}

fn ended(child: std::process::Child) -> Ended {
    let output = child.wait_with_output().unwrap();
    Ended {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

fn an_interrupted_up_says_what_goes_on() {
    let _ = shared();
    let platform = Platform::new();
    let child = begun(&platform);
    signal(&child);
    let ended = ended(child).expect(130);
    for word in ["ending; once more ends at once", "error[E-CLI-006]", "goes on", "next: onboardctl"] {
        assert!(ended.stderr.contains(word), "{word} is missing in {}", ended.stderr);
    }
}

fn a_second_interrupt_ends_at_once() {
    let _ = shared();
    let platform = Platform::new();
    let mut child = begun(&platform);
    signal(&child);
    while !first_line(&mut child).0.contains("once more ends at once") {}
    signal(&child);
    let ended = ended(child).expect(130);
    assert!(!ended.stderr.contains("error["), "it did not end at once: {}", ended.stderr);
}

fn a_run_out_of_time_says_how_to_look_again() {
    let _ = shared();
    let platform = Platform::new();
    platform.supervise();
    platform.add_fault("delay cloudformation:DescribeStackEvents --by 2s --always");
    let ended = platform.run(&["up", "--timeout", "4s", "-o", "json"]).run().expect(8);
    let document = crate::documents::validate(&ended);
    assert_eq!(document["error"]["code"], "E-CLI-005", "{document:#}");
    assert!(document["error"]["why"][0].as_str().unwrap().contains("--timeout of 4 s"), "{document:#}");
    assert!(document["error"]["fix"][0].as_str().unwrap().starts_with("onboardctl "), "{document:#}");
}

fn nobody_reads_and_the_work_is_done() {
    let platform = Platform::new();
    platform.supervise();
    let mut child = platform.run(&["stack", "up"]).spawn();
    drop((child.stdout.take(), child.stderr.take()));
    assert_eq!(child.wait().unwrap().code(), Some(0));
    platform.run(&["stack", "plan", "--exit-code"]).run().expect(0);
}
