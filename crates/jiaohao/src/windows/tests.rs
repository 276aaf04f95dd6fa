//! Windows that crash, hang and end, each a shell.

use std::fs;
use std::time::Instant as RealInstant;

use super::*;

/// Short enough for a test, long enough for a shell on a busy machine.
const SHORT: Patience = Patience {
    first_pause: Duration::from_millis(5),
    longest_pause: Duration::from_millis(40),
    lived: Duration::from_secs(60),
    opening: Duration::from_millis(300),
    silent: Duration::from_millis(300),
    farewell: Duration::from_millis(100),
};
/// A busy machine may take so long.
const LIMIT: Duration = Duration::from_secs(20);

/// A window that runs a line of shell, and a file where it notes its lives.
struct Shell {
    home: tempfile::TempDir,
}

impl Shell {
    fn new() -> Self {
        Self { home: tempfile::tempdir().expect("a folder") }
    }

    fn window(&self, line: &str) -> Window {
        let noted = format!("echo $$ >> {}/lives; {line}", self.home.path().display());
        Window { name: "shell".to_owned(), args: vec!["-c".to_owned(), noted] }
    }

    /// The process ids of its lives so far.
    fn lives(&self) -> Vec<u32> {
        let text = fs::read_to_string(self.home.path().join("lives")).unwrap_or_default();
        text.lines().map(|line| line.parse().expect("a process id")).collect()
    }

    /// Watches over the window until it has lived so often.
    async fn lives_times(&self, line: &str, times: usize) -> Vec<u32> {
        let stop = CancellationToken::new();
        let kept = tokio::spawn(keep_one("sh".into(), self.window(line), SHORT, stop.clone()));
        let begun = RealInstant::now();
        while self.lives().len() < times {
            assert!(begun.elapsed() < LIMIT, "{:?}", self.lives());
            sleep(Duration::from_millis(5)).await;
        }
        stop.cancel();
        tokio::time::timeout(LIMIT, kept).await.expect("an end").expect("no panic");
        self.lives()
    }

    /// The window is not started a second time.
    async fn lives_once(&self, line: &str) {
        let kept = keep_one("sh".into(), self.window(line), SHORT, CancellationToken::new());
        tokio::time::timeout(LIMIT, kept).await.expect("it stays closed");
        assert_eq!(self.lives().len(), 1);
    }
}

#[tokio::test]
async fn a_window_that_crashes_is_started_again_and_again() {
    Shell::new().lives_times("exit 1", 4).await;
    Shell::new().lives_times("kill -9 $$", 3).await;
}

#[tokio::test]
async fn a_window_that_gives_no_sign_of_life_is_killed_and_started_again() {
    let shell = Shell::new();
    let lives = shell.lives_times("exec sleep 600", 3).await;
    for life in &lives {
        assert!(!Path::new(&format!("/proc/{life}")).exists(), "{life} of {lives:?} still runs");
    }
}

#[tokio::test]
async fn a_stopped_window_is_killed_and_started_again() {
    Shell::new().lives_times("kill -STOP $$", 2).await;
}

#[tokio::test]
async fn a_window_that_was_closed_on_purpose_stays_closed() {
    Shell::new().lives_once("exit 0").await;
}

#[tokio::test]
async fn a_window_that_never_opened_and_calls_it_a_mistake_stays_closed() {
    Shell::new().lives_once("exit 2").await;
}

#[tokio::test]
async fn signs_of_life_and_nothing_else_are_heard() {
    let signs = Signs::listen().expect("a socket");
    let name = signs.address();
    let to = {
        use std::os::linux::net::SocketAddrExt;
        std::os::unix::net::SocketAddr::from_abstract_name(name.trim_start_matches('@')).expect("an address")
    };
    let window = std::os::unix::net::UnixDatagram::unbound().expect("a socket");
    window.send_to_addr(b"READY=1", &to).expect("sent");
    let heard = tokio::time::timeout(Duration::from_millis(50), signs.next()).await;
    assert!(heard.is_err(), "readiness is no life");
    window.send_to_addr(b"STATUS=well\nWATCHDOG=1", &to).expect("sent");
    tokio::time::timeout(LIMIT, signs.next()).await.expect("a sign of life");
}

#[test]
fn a_window_that_keeps_crashing_waits_longer_each_time() {
    let pauses: Vec<u64> =
        (1..=8).map(|crashes| pause_after(crashes, PATIENCE).as_millis().try_into().expect("a pause")).collect();
    assert_eq!(pauses, [300, 600, 1200, 2400, 4800, 9600, 10_000, 10_000]);
    assert_eq!(pause_after(u32::MAX, PATIENCE), PATIENCE.longest_pause);
}
