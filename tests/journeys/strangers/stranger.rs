//! Starting the programs of other people.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::watch;
use tokio::time::timeout;

/// How long one of them may take to start or to answer, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// A script that runs. Dropped, it is killed.
pub struct Stranger {
    _child: Child,
    said: watch::Receiver<String>,
}

impl Stranger {
    /// Starts a script of `tests/strangers`, and waits until it has said something.
    pub async fn starts(script: &str, arguments: &[&str]) -> Self {
        let mut command = python(script);
        let mut child = command.args(arguments).stdout(Stdio::piped()).spawn().expect("Python starts");
        let (tell, mut said) = watch::channel(String::new());
        let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        tokio::spawn(async move {
            while let Ok(Some(line)) = lines.next_line().await {
                tell.send_replace(line);
            }
        });
        let spoke = timeout(PATIENCE, said.changed()).await;
        assert!(matches!(spoke, Ok(Ok(()))), "{script} says nothing");
        Self { _child: child, said }
    }

    /// Its latest line.
    pub fn last_said(&self) -> String {
        self.said.borrow().clone()
    }
}

/// Lets minimalmodbus ask `unit` at `port`, and tells its answer.
pub async fn asks(port: &str, unit: u8, question: &[&str]) -> String {
    let mut command = python("master.py");
    command.arg(port).arg(unit.to_string()).args(question);
    answer(command, &[]).await
}

/// Lets the ESC/POS parser read these bytes: a line a node.
pub async fn reads(ticket: &[u8]) -> String {
    answer(program("build/debug/escpos-reader"), ticket).await
}

async fn answer(mut command: Command, question: &[u8]) -> String {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap_or_else(|error| panic!("starting {command:?}: {error}"));
    let mut input = child.stdin.take().expect("its input");
    input.write_all(question).await.expect("it takes a question");
    drop(input);
    let ended = timeout(PATIENCE, child.wait_with_output()).await.expect("it answers in time");
    let output = ended.expect("its output");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {}: {errors}", output.status);
    String::from_utf8(output.stdout).expect("UTF-8").trim_end().to_owned()
}

fn python(script: &str) -> Command {
    let mut command = program("venv/bin/python");
    command.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("strangers").join(script)).stdin(Stdio::null());
    command
}

fn program(path: &str) -> Command {
    let home = std::env::var_os("JIAOHAO_STRANGERS").map(PathBuf::from);
    let program = home.expect("JIAOHAO_STRANGERS is set by tests/run").join(path);
    assert!(program.is_file(), "{} is not there; tests/run installs it", program.display());
    let mut command = Command::new(program);
    command.kill_on_drop(true);
    command
}
