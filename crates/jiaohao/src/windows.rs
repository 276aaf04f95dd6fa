//! The windows of a one-box hall: child processes of this binary, watched over and started again when they crash or hang.
//!
//! How a window ends says what follows. Exit code 0: it was closed on purpose, by staff or by the desktop; it stays closed. 2: a
//! mistake that starting again does not mend, such as no display; it stays closed, unless it was open before, for then it was the
//! display that went. Everything else, and a window that has not said for [`Patience::silent`] that it lives: it is started again.

mod signs;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::process::{Child, Command};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until};
use tokio_util::sync::CancellationToken;

use crate::said::say;
use signs::Signs;

/// One window's command line.
#[derive(Clone, Debug)]
pub(crate) struct Window {
    /// For people: `kiosk kiosk-1`.
    pub(crate) name: String,
    /// What follows `jiaohao`.
    pub(crate) args: Vec<String>,
}

/// How long is waited for what.
#[derive(Clone, Copy, Debug)]
struct Patience {
    /// A crash is followed by a new start after this long; a window that keeps crashing waits twice as long each time.
    first_pause: Duration,
    longest_pause: Duration,
    /// A window that lived this long did not crash at start.
    lived: Duration,
    /// How long a window may take to open.
    opening: Duration,
    /// A window that has said for so long nothing hangs.
    silent: Duration,
    /// How long a window may take to close when asked.
    farewell: Duration,
}

const PATIENCE: Patience = Patience {
    first_pause: Duration::from_millis(300),
    longest_pause: Duration::from_secs(10),
    lived: Duration::from_secs(20),
    opening: Duration::from_secs(30),
    silent: Duration::from_secs(5),
    farewell: Duration::from_secs(2),
};
/// From so many crashes in a row on a person has to look.
const AGAIN_AND_AGAIN: u32 = 3;
/// The exit code of a mistake.
const MISTAKE: i32 = 2;

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
        all.spawn(keep_one(program.clone(), window, PATIENCE, stop.clone()));
    }
    while all.join_next().await.is_some() {}
}

/// How a window's life ended.
#[derive(Debug)]
enum End {
    Stopped,
    /// The exit code and signal of the process.
    Left(ExitStatus),
    Hung,
    /// It could not be watched or started.
    Failed(std::io::Error),
}

async fn keep_one(program: PathBuf, window: Window, patience: Patience, stop: CancellationToken) {
    let mut opened = false;
    let mut crashes = 0;
    loop {
        let started = Instant::now();
        let why = match live(&program, &window, patience, &mut opened, &stop).await {
            End::Stopped => return,
            End::Left(status) if status.success() => {
                tracing::info!(window = window.name, "the window was closed and stays closed");
                say!("窗口已关闭 / window closed: {}", window.name);
                return;
            }
            End::Left(status) if status.code() == Some(MISTAKE) && !opened => return,
            End::Left(status) => format!("{status}"),
            End::Hung if opened => format!("no sign of life for {} s", patience.silent.as_secs_f64()),
            End::Hung => format!("not open after {} s", patience.opening.as_secs_f64()),
            End::Failed(error) => format!("{error}"),
        };
        crashes = if started.elapsed() > patience.lived { 1 } else { crashes + 1 };
        let pause = pause_after(crashes, patience);
        tell(&window.name, &why, crashes, pause);
        tokio::select! {
            () = sleep(pause) => {}
            () = stop.cancelled() => return,
        }
    }
}

/// Each crash in a row doubles the pause.
fn pause_after(crashes: u32, patience: Patience) -> Duration {
    let doubled =
        2_u32.checked_pow(crashes.saturating_sub(1)).and_then(|times| patience.first_pause.checked_mul(times));
    doubled.map_or(patience.longest_pause, |pause| pause.min(patience.longest_pause))
}

fn tell(window: &str, why: &str, crashes: u32, pause: Duration) {
    let pause_s = pause.as_secs_f64();
    say!("窗口故障，{pause_s} 秒后重新打开 / window failed, opened again in {pause_s} s: {window} ({why})");
    if crashes < AGAIN_AND_AGAIN {
        tracing::warn!(window, why, pause_s, "the window failed and is started again");
    } else {
        tracing::error!(window, why, crashes, pause_s, "the window fails again and again; it is still started again");
    }
}

/// One life of a window, from its start to its end.
async fn live(program: &Path, window: &Window, patience: Patience, opened: &mut bool, stop: &CancellationToken) -> End {
    let signs = match Signs::listen() {
        Ok(signs) => signs,
        Err(error) => return End::Failed(error),
    };
    let mut child = match spawn(program, window, &signs) {
        Ok(child) => child,
        Err(error) => return End::Failed(error),
    };
    // Held here, because `wait` would close it and the window would take us for dead.
    let life = child.stdin.take();
    let mut late = Instant::now() + patience.opening;
    loop {
        tokio::select! {
            // Signs before lateness: they may have waited while this process stood still.
            biased;
            () = stop.cancelled() => {
                drop(life);
                close(child, window, patience.farewell).await;
                return End::Stopped;
            }
            status = child.wait() => return status.map_or_else(End::Failed, End::Left),
            () = signs.next() => {
                *opened = true;
                late = Instant::now() + patience.silent;
            }
            () = sleep_until(late) => {
                // A stopped process answers to nothing milder.
                return child.kill().await.map_or_else(End::Failed, |()| End::Hung);
            }
        }
    }
}

fn spawn(program: &Path, window: &Window, signs: &Signs) -> std::io::Result<Child> {
    Command::new(program)
        .args(&window.args)
        // The window ends when this pipe ends, also when this process was killed.
        .arg("--with-parent")
        .stdin(Stdio::piped())
        .env(look::pulse::SOCKET, signs.address())
        // Ctrl-C at the terminal is for this process, which then closes its windows.
        .process_group(0)
        .kill_on_drop(true)
        .spawn()
}

async fn close(mut child: Child, window: &Window, farewell: Duration) {
    if tokio::time::timeout(farewell, child.wait()).await.is_err()
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
