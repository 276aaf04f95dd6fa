//! Somebody in front of a printer: reads what `doctor` asks, looks at the paper, and types.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use device_sim::Printer;
use hall_tests::Outcome;
use rustix::process::{Pid, Signal, kill_process};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::time::timeout;

const SOON: Duration = Duration::from_secs(60);

/// What a technician sees that a simulated printer cannot be made to do wrong.
pub(super) struct Technician {
    /// The readable line, where there is one at each speed.
    pub(super) speed: char,
    /// Images come out.
    pub(super) image: bool,
    /// QR codes come out.
    pub(super) qr: bool,
    /// The number is large.
    pub(super) large: bool,
    /// The letter after which the paper is cut.
    pub(super) cut: char,
}

impl Default for Technician {
    fn default() -> Self {
        Self { speed: '4', image: true, qr: true, large: true, cut: 'H' }
    }
}

impl Technician {
    /// Answers every question by the paper, and gives all that was said.
    pub(super) async fn goes_through(&self, printer: &Printer, data: &Path, args: &[&str]) -> String {
        let mut talk = Conversation::start(printer, data, args);
        let mut pieces = printer.finished_tickets();
        while let Some(question) = talk.next_question().await {
            let is_cut = std::mem::replace(&mut pieces, printer.finished_tickets()) < pieces;
            let answer = self.answer(&question, &printer.hanging_lines(), is_cut);
            talk.answers(&answer).await;
        }
        let said = talk.said.clone();
        let code = timeout(SOON, talk.child.wait()).await.expect("an end").expect("a status").code();
        assert_eq!(code, Some(0), "{said}");
        said
    }

    fn answer(&self, question: &str, paper: &[String], is_cut: bool) -> String {
        let yes = |is: bool| if is { "y" } else { "n" }.to_owned();
        let shows = |line: &str| paper.iter().any(|shown| shown == line);
        if question.contains("A、B、C") {
            let seen = ["A", "B", "C"].into_iter().filter(|letter| shows(&format!("{letter} 中文正常")));
            return seen.collect::<String>().to_lowercase();
        }
        if question.contains("镕堃") {
            return yes(shows("D 镕堃"));
        }
        if question.contains("结尾 |") {
            let whole = paper.iter().filter(|line| line.contains("--") && line.ends_with('|'));
            return whole
                .filter_map(|line| line.chars().next())
                .rfind(char::is_ascii_digit)
                .map(String::from)
                .expect("a ruler");
        }
        if question.contains("No. 几") {
            assert!(shows(&format!("No. {}: 19200", self.speed)) || self.speed != '2', "{paper:?}");
            return self.speed.to_string();
        }
        match question {
            // The simulated cutter obeys every command; this technician says so of one.
            _ if question.contains("纸切了吗") => yes(is_cut && question.contains(&format!("? {}：", self.cut))),
            _ if question.contains("方格图") => yes(self.image),
            _ if question.contains("二维码") => yes(self.qr),
            _ if question.contains("大字") => yes(self.large),
            _ => String::new(),
        }
    }
}

/// A running `doctor`.
pub(super) struct Conversation {
    child: Child,
    typed: ChildStdin,
    shown: ChildStdout,
    said: String,
    /// How much of it was looked at.
    seen: usize,
}

impl Conversation {
    /// Starts `doctor printer` at this printer.
    pub(super) fn start(printer: &Printer, data: &Path, args: &[&str]) -> Self {
        let port = printer.path().display().to_string();
        Self::begin(data, &[&["printer", &port], args].concat())
    }

    /// Starts `doctor` with these words.
    pub(super) fn begin(data: &Path, args: &[&str]) -> Self {
        let mut child = command(data, args).stderr(Stdio::inherit()).spawn().expect("the program starts");
        let (typed, shown) = (child.stdin.take().expect("its input"), child.stdout.take().expect("its output"));
        Self { child, typed, shown, said: String::new(), seen: 0 }
    }

    /// Waits for a question and gives it; nothing when the program has ended.
    async fn next_question(&mut self) -> Option<String> {
        loop {
            let fresh = &self.said[self.seen..];
            if let Some(question) = fresh.rfind("? ").map(|at| &fresh[at..])
                && question.ends_with("] ")
            {
                let question = fresh[fresh.find("? ").unwrap_or_default()..].to_owned();
                self.seen = self.said.len();
                return Some(question);
            }
            if !self.hears().await {
                return None;
            }
        }
    }

    /// Waits until it asks something with these words.
    pub(super) async fn asks(&mut self, words: &str) {
        let question = self.next_question().await.unwrap_or_else(|| panic!("it ended:\n{}", self.said));
        assert!(question.contains(words), "{question}");
    }

    /// Waits until it has said this.
    pub(super) async fn says(&mut self, words: &str) {
        while !self.said[self.seen..].contains(words) {
            assert!(self.hears().await, "it ended:\n{}", self.said);
        }
    }

    pub(super) async fn answers(&mut self, line: &str) {
        self.typed.write_all(format!("{line}\n").as_bytes()).await.expect("it listens");
    }

    /// Sends a signal and waits for the end.
    pub(super) async fn ends_on(mut self, signal: Signal) -> (Option<i32>, String) {
        let pid = self.child.id().and_then(|id| Pid::from_raw(id.cast_signed())).expect("a running process");
        kill_process(pid, signal).expect("a signal");
        let status = timeout(SOON, self.child.wait()).await.expect("an end").expect("a status");
        (status.code(), self.said)
    }

    async fn hears(&mut self) -> bool {
        let mut buffer = [0; 1024];
        let mut bytes = Vec::new();
        loop {
            let count = timeout(SOON, self.shown.read(&mut buffer)).await.expect("it says something").expect("a pipe");
            bytes.extend_from_slice(&buffer[..count]);
            // A character may be cut in two.
            match std::str::from_utf8(&bytes) {
                Ok(text) => {
                    self.said.push_str(text);
                    return count > 0;
                }
                Err(_) => assert!(count > 0, "it ended within a character"),
            }
        }
    }
}

/// Runs `doctor` to its end with these lines as input.
pub(super) async fn doctor(data: &Path, args: &[&str], typed: &str) -> Outcome {
    let mut child = command(data, args).stderr(Stdio::piped()).spawn().expect("the program starts");
    let mut input = child.stdin.take().expect("its input");
    // A program that has ended reads no more.
    input.write_all(typed.as_bytes()).await.ok();
    drop(input);
    let output = timeout(SOON, child.wait_with_output()).await.expect("an end").expect("its output");
    Outcome {
        code: output.status.code(),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

fn command(data: &Path, args: &[&str]) -> Command {
    let built = std::env::var_os("JIAOHAO_BIN");
    let mut command = Command::new(built.unwrap_or_else(|| env!("CARGO_BIN_EXE_jiaohao-under-test").into()));
    command.arg("doctor").args(args);
    // Where a configuration is looked for, and what is written goes.
    if args.first() == Some(&"printer") {
        command.arg("--data").arg(data);
    }
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
    command
}
