//! The windows of a one-box hall: child processes of this binary, started again when they crash.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tokio::process::{Child, Command};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

/// One window's command line.
#[derive(Clone, Debug)]
pub(crate) struct Window {
    /// For people: `kiosk kiosk-1`.
    pub(crate) name: String,
    /// What follows `jiaohao`.
    pub(crate) args: Vec<String>,
}

/// A crash is followed by a new start after this long; a window that keeps crashing waits longer each time.
const FIRST_PAUSE: Duration = Duration::from_millis(300);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
/// A window that lived this long did not crash at start.
const LIVED: Duration = Duration::from_secs(20);
/// How long a window may take to close when asked.
const FAREWELL: Duration = Duration::from_secs(2);

/// The display windows can open on, if there is one.
pub(crate) fn display() -> Option<String> {
    std::env::var("DISPLAY").ok().filter(|display| !display.is_empty())
}

/// Keeps windows open until `stop`; ends when all of them are closed.
pub(crate) async fn keep_open(windows: Vec<Window>, stop: CancellationToken) {
    let program = match std::env::current_exe() {
        Ok(program) => program,
        Err(error) => {
            tracing::error!(%error, "finding this program, to open its windows");
            return;
        }
    };
    let mut all = JoinSet::new();
    for window in windows {
        all.spawn(keep_one(program.clone(), window, stop.clone()));
    }
    while all.join_next().await.is_some() {}
}

async fn keep_one(program: PathBuf, window: Window, stop: CancellationToken) {
    let mut pause = FIRST_PAUSE;
    loop {
        let started = Instant::now();
        let mut child = match spawn(&program, &window) {
            Ok(child) => child,
            Err(error) => {
                tracing::error!(window = window.name, %error, "opening a window; trying again");
                pause = (pause * 2).min(LONGEST_PAUSE);
                tokio::select! {
                    () = sleep(pause) => continue,
                    () = stop.cancelled() => return,
                }
            }
        };
        // Held here, because `wait` would close it and the window would take us for dead.
        let life = child.stdin.take();
        tokio::select! {
            status = child.wait() => match status {
                Ok(status) if status.success() => {
                    tracing::info!(window = window.name, "the window was closed");
                    return;
                }
                // 2: a mistake that starting again does not mend, such as no display; the window has said so.
                Ok(status) if status.code() == Some(2) => return,
                Ok(status) => tracing::warn!(window = window.name, %status, "the window crashed and is started again"),
                Err(error) => tracing::error!(window = window.name, %error, "waiting for a window"),
            },
            () = stop.cancelled() => {
                drop(life);
                close(child, &window).await;
                return;
            }
        }
        pause = if started.elapsed() > LIVED { FIRST_PAUSE } else { (pause * 2).min(LONGEST_PAUSE) };
        tokio::select! {
            () = sleep(pause) => {}
            () = stop.cancelled() => return,
        }
    }
}

fn spawn(program: &Path, window: &Window) -> std::io::Result<Child> {
    Command::new(program)
        .args(&window.args)
        // The window ends when this pipe ends, also when this process was killed.
        .arg("--with-parent")
        .stdin(Stdio::piped())
        // Ctrl-C at the terminal is for this process, which then closes its windows.
        .process_group(0)
        .kill_on_drop(true)
        .spawn()
}

async fn close(mut child: Child, window: &Window) {
    if tokio::time::timeout(FAREWELL, child.wait()).await.is_err()
        && let Err(error) = child.kill().await
    {
        tracing::warn!(window = window.name, %error, "ending a window");
    }
}

/// In a child: ends this process when the parent's pipe ends.
pub(crate) fn end_with_parent() {
    let watch = || {
        // The parent never writes; whatever ends the reading ends the window.
        let _ = std::io::copy(&mut std::io::stdin().lock(), &mut std::io::sink());
        std::process::exit(0);
    };
    if let Err(error) = std::thread::Builder::new().name("parent".to_owned()).spawn(watch) {
        tracing::warn!(%error, "this window will not notice when its parent dies");
    }
}
