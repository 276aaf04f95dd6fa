//! The program itself, as a process.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Resource, Rlimit, Signal, geteuid, kill_process, prlimit};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::watch;
use tokio::time::timeout;

/// How long the program may take to start or to refuse, on a busy machine.
const START: Duration = Duration::from_secs(30);
/// What POSIX counts file sizes in for `ulimit -f`.
const LIMIT_UNIT: u64 = 512;
/// A user without rights.
const NOBODY: u32 = 65_534;

/// Where the program is.
#[derive(Clone, Debug)]
pub struct Program {
    path: PathBuf,
    /// No file of it may grow beyond so many bytes.
    file_limit: Option<u64>,
}

/// What a program that ended said.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Its exit code; none when a signal ended it.
    pub code: Option<i32>,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

/// A running program. Dropped, it is killed.
pub struct Running {
    child: Child,
    url: String,
    printed: watch::Receiver<String>,
    log: PathBuf,
}

impl Program {
    /// The program that `JIAOHAO_BIN` names, else `built`, which cargo builds with the journeys.
    ///
    /// # Panics
    /// When it is not there: a journey without the program proves nothing.
    pub fn find(built: &str) -> Self {
        let path = std::env::var_os("JIAOHAO_BIN").map_or_else(|| PathBuf::from(built), PathBuf::from);
        assert!(
            path.is_file(),
            "the program {} is not built; run `cargo build --workspace --bins`, or unset JIAOHAO_BIN",
            path.display()
        );
        Self { path, file_limit: None }
    }

    /// The same program on a full disk: none of its files may grow beyond so many bytes, a multiple of 512, until
    /// [`Running::gets_room`].
    pub fn on_a_disk_of(self, bytes: u64) -> Self {
        Self { file_limit: Some(bytes), ..self }
    }

    /// Runs it to its end.
    ///
    /// # Panics
    /// When it does not end within 30 s.
    pub async fn run(&self, args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Outcome {
        self.end(self.command(args), START).await
    }

    /// Runs it to its end, which may take so long.
    pub async fn run_for(&self, limit: Duration, args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Outcome {
        self.end(self.command(args), limit).await
    }

    /// Runs it as somebody without rights, also where the tests are run by root.
    pub async fn run_without_rights(&self, args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Outcome {
        let mut command = self.command(args);
        if geteuid().is_root() {
            command.as_std_mut().uid(NOBODY).gid(NOBODY);
        }
        self.end(command, START).await
    }

    /// Starts it, and waits until it has said where it listens. `data` is where its log goes, too.
    pub async fn start(&self, data: &Path, args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Running {
        self.start_with(data, args, |_| {}).await
    }

    /// The same, with the process arranged by `arrange`.
    pub async fn start_with(
        &self,
        data: &Path,
        args: impl IntoIterator<Item = impl AsRef<OsStr>>,
        arrange: impl FnOnce(&mut Command),
    ) -> Running {
        self.launch(data, args, arrange, url_in).await
    }

    /// Starts a role that does not listen, and waits until it has said something.
    pub async fn start_role(&self, data: &Path, args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Running {
        self.launch(data, args, |_| {}, |said| said.contains('\n').then(String::new)).await
    }

    /// Starts it where nothing that it says finds room: on a full disk.
    pub fn starts_unheard(&self, data: &Path, args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Child {
        let full = || fs::OpenOptions::new().write(true).open("/dev/full").expect("a disk that is always full");
        let mut command = self.command(args);
        command.arg("--data").arg(data).stdout(full()).stderr(full());
        command.spawn().expect("the program starts")
    }

    /// Opens a window on the display that these settings of the environment name. What it says goes to `log`.
    pub fn opens_window(
        &self,
        display: &[(&str, &str)],
        log: &Path,
        args: impl IntoIterator<Item = impl AsRef<OsStr>>,
    ) -> Child {
        let file = fs::OpenOptions::new().create(true).append(true).open(log).expect("a log");
        let mut command = self.command(args);
        command.envs(display.iter().copied()).stdout(Stdio::null()).stderr(file);
        command.spawn().expect("the program starts")
    }

    async fn launch(
        &self,
        data: &Path,
        args: impl IntoIterator<Item = impl AsRef<OsStr>>,
        arrange: impl FnOnce(&mut Command),
        url: impl Fn(&str) -> Option<String>,
    ) -> Running {
        let log = data.with_extension("log");
        let file = fs::OpenOptions::new().create(true).append(true).open(&log).expect("a log");
        let mut command = self.command(args);
        command.arg("--data").arg(data).stdout(Stdio::piped()).stderr(file);
        arrange(&mut command);
        let mut child = command.spawn().expect("the program starts");
        let (said, mut printed) = watch::channel(String::new());
        let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        tokio::spawn(async move {
            while let Ok(Some(line)) = lines.next_line().await {
                said.send_modify(|all| *all = format!("{all}{line}\n"));
            }
        });
        let spoke = timeout(START, printed.wait_for(|all| url(all).is_some())).await;
        let found = spoke.ok().and_then(Result::ok).and_then(|all| url(&all));
        let Some(url) = found else {
            let log = fs::read_to_string(&log).unwrap_or_default();
            panic!("the program did not come up; it said:\n{}\n{log}", *printed.borrow());
        };
        Running { child, url, printed, log }
    }

    fn command(&self, args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Command {
        let mut command = match self.file_limit {
            // With the signal ignored, a write beyond the limit fails as one to a full disk does.
            Some(bytes) => {
                let mut shell = Command::new("sh");
                shell.args(["-c", "trap '' XFSZ; ulimit -S -f \"$0\"; exec \"$@\""]);
                shell.arg((bytes / LIMIT_UNIT).to_string()).arg(&self.path);
                shell
            }
            None => Command::new(&self.path),
        };
        command.args(args).stdin(Stdio::null()).kill_on_drop(true).env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY");
        command
    }

    async fn end(&self, mut command: Command, limit: Duration) -> Outcome {
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
        let ended = timeout(limit, child.wait_with_output()).await;
        let output = ended.unwrap_or_else(|_| panic!("{command:?} did not end within {} s", limit.as_secs()));
        let output = output.expect("its output");
        Outcome {
            code: output.status.code(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

impl Running {
    /// Where it listens: `http://127.0.0.1:PORT`; empty when it does not.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Where it listens, without `http://`.
    pub fn address(&self) -> &str {
        self.url.trim_start_matches("http://")
    }

    /// What it has printed so far.
    pub fn printed(&self) -> String {
        self.printed.borrow().clone()
    }

    /// What it has logged so far, and in earlier runs on the same data.
    pub fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// Kills it, as a power cut does.
    pub async fn is_killed(mut self) {
        self.child.kill().await.expect("a process to kill");
    }

    /// Sends it a signal.
    pub fn is_sent(&self, signal: Signal) {
        kill_process(self.pid(), signal).expect("a signal");
    }

    /// Somebody makes room on the full disk it was started on.
    pub fn gets_room(&self) {
        has_room(self.pid(), None);
    }

    /// Sends it a signal and waits for its end.
    ///
    /// # Panics
    /// When it has not ended within `limit`.
    pub async fn ends_on(&mut self, signal: Signal, limit: Duration) -> (ExitStatus, Duration) {
        let sent = Instant::now();
        kill_process(self.pid(), signal).expect("a signal");
        match timeout(limit, self.child.wait()).await {
            Ok(status) => (status.expect("its end"), sent.elapsed()),
            Err(_) => panic!("it did not end within {} s of {signal:?}:\n{}", limit.as_secs(), self.log()),
        }
    }

    fn pid(&self) -> Pid {
        let id = self.child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
        id.expect("a running process")
    }
}

/// From now on no file of a process started [`Program::on_a_disk_of`] may grow beyond so many bytes.
pub fn has_room(process: Pid, bytes: Option<u64>) {
    prlimit(Some(process), Resource::Fsize, Rlimit { current: bytes, maximum: None }).expect("a limit that is set");
}

/// The first address of this machine in what the program printed, without path.
fn url_in(printed: &str) -> Option<String> {
    let from = printed.find("http://127.0.0.1:")?;
    let rest = &printed[from..];
    let scheme = "http://".len();
    let end = rest[scheme..].find(['/', ' ', '\n', ')']).map(|at| at + scheme)?;
    Some(rest[..end].to_owned())
}
