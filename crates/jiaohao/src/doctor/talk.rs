//! The terminal: lines out, answers in, and all of it kept for the report.

use std::fmt::Display;
use std::io::{BufRead, IsTerminal, Write};

use anyhow::anyhow;
use tokio::sync::mpsc;

use super::words::Words;
use crate::failure::Failure;

/// Answers typed ahead, or lines of a script.
const AHEAD: usize = 64;

/// A conversation on this process's terminal.
#[derive(Debug)]
pub(super) struct Talk {
    said: String,
    /// None where every default is taken.
    answers: Option<mpsc::Receiver<String>>,
}

impl Talk {
    /// `takes_defaults`: nothing is ever waited for.
    pub(super) fn new(takes_defaults: bool) -> Self {
        Self { said: String::new(), answers: (!takes_defaults).then(listen) }
    }

    /// A line.
    pub(super) fn say(&mut self, line: impl Display) {
        let line = format!("{line}\n");
        self.said.push_str(&line);
        print!("{line}");
        self.flush();
    }

    /// What is typed in answer; an empty line where every default is taken. `hint` says which answers there are.
    ///
    /// # Errors
    /// Standard input has ended: the mend is `--yes`.
    pub(super) async fn ask(&mut self, question: &Words, hint: &str) -> Result<String, Failure> {
        self.say(format_args!("? {}", question.zh));
        self.say(format_args!("  {}", question.en));
        print!("  {hint} ");
        self.flush();
        let answer = match &mut self.answers {
            Some(answers) => answers.recv().await,
            None => Some(String::new()),
        };
        let Some(answer) = answer else {
            println!();
            let text = "standard input ended before every question was answered; --yes takes each default";
            return Err(Failure::Input(anyhow!(text)));
        };
        // On a terminal the answer stands there already.
        if self.answers.is_none() || !std::io::stdin().is_terminal() {
            println!("{answer}");
        }
        self.said.push_str(&format!("  {hint} {answer}\n"));
        Ok(answer)
    }

    /// A line for the report alone.
    pub(super) fn note(&mut self, failure: &Failure) {
        let (Failure::Input(error) | Failure::Run(error)) = failure;
        self.said.push_str(&format!("{error:#}\n"));
    }

    /// All that was said so far.
    pub(super) fn so_far(&self) -> &str {
        &self.said
    }

    fn flush(&self) {
        // A reader that has gone away is not our fault.
        let _ = std::io::stdout().flush();
    }
}

/// Reads in a thread of its own: nothing else could end a read of the terminal on Ctrl-C.
fn listen() -> mpsc::Receiver<String> {
    let (lines, answers) = mpsc::channel(AHEAD);
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines() {
            let Ok(line) = line else { return };
            if lines.blocking_send(line).is_err() {
                return;
            }
        }
    });
    answers
}
