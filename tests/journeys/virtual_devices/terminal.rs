//! A person at a terminal: what stands on it, and keys.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use hall_tests::eventually;
use rustix::fs::{Mode, OFlags};
use rustix::process::{Pid, Signal, kill_process};
use rustix::pty::OpenptFlags;
use rustix::termios::{LocalModes, Winsize, tcgetattr, tcsetwinsize};
use tokio::process::{Child, Command};
use tokio::time::timeout;

const SIZE: Winsize = Winsize { ws_row: 40, ws_col: 140, ws_xpixel: 0, ws_ypixel: 0 };

/// The program on a terminal. Dropped, it is killed.
pub(super) struct Terminal {
    master: OwnedFd,
    slave: OwnedFd,
    child: Child,
    shown: Arc<Mutex<Shown>>,
    log: PathBuf,
}

impl Terminal {
    /// Starts the program there. What it logs before and after the view goes to a file beside `data`.
    pub(super) fn start(data: &Path, args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Self {
        let flags = OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC;
        let master = rustix::pty::openpt(flags).expect("a pseudo-terminal");
        rustix::pty::grantpt(&master).expect("its rights");
        rustix::pty::unlockpt(&master).expect("its other end");
        let name = rustix::pty::ptsname(&master, Vec::new()).expect("its name");
        let path = PathBuf::from(OsStr::from_bytes(name.to_bytes()));
        let slave = rustix::fs::open(&path, OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC, Mode::empty());
        let slave = slave.expect("its other end");
        tcsetwinsize(&slave, SIZE).expect("a size");
        let end = || Stdio::from(slave.try_clone().expect("another handle"));
        let log = data.with_extension("view.log");
        let program =
            std::env::var_os("JIAOHAO_BIN").unwrap_or_else(|| env!("CARGO_BIN_EXE_jiaohao-under-test").into());
        let child = Command::new(program)
            .args(args)
            .env("TERM", "xterm-256color")
            .stdin(end())
            .stdout(end())
            .stderr(std::fs::File::create(&log).expect("a log"))
            .kill_on_drop(true)
            .spawn()
            .expect("the program starts");
        let shown = Arc::new(Mutex::new(Shown::default()));
        let (heard, reader) = (Arc::clone(&shown), master.try_clone().expect("another handle"));
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            // The last end that is closed makes it fail.
            while let Ok(count @ 1..) = rustix::io::read(&reader, &mut bytes) {
                bytes[..count].iter().for_each(|byte| locked(&heard).hear(*byte));
            }
        });
        Self { master, slave, child, shown, log }
    }

    /// Presses keys: what the terminal sends for them.
    pub(super) fn types(&self, keys: &str) {
        let sent = rustix::io::write(&self.master, keys.as_bytes());
        assert_eq!(sent.expect("keys that are heard"), keys.len());
    }

    /// Waits until this stands somewhere in one row.
    pub(super) async fn shows(&self, text: &str) {
        self.shows_row(&[text]).await;
    }

    /// Waits until one row has all of this.
    pub(super) async fn shows_row(&self, texts: &[&str]) {
        self.until(&format!("a row with {texts:?}"), |row| texts.iter().all(|text| row.contains(text))).await;
    }

    /// Waits until this stands in that row, counted from 1.
    pub(super) async fn shows_at_row(&self, number: usize, text: &str) {
        eventually(format!("row {number} shows {text}"), async || {
            let rows = locked(&self.shown).rows();
            let found = rows.get(number - 1).is_some_and(|row| row.contains(text));
            if found { Ok(()) } else { Err(self.all(&rows)) }
        })
        .await;
    }

    /// The window gets another size.
    pub(super) fn becomes(&self, rows: u16, columns: u16) {
        tcsetwinsize(&self.slave, Winsize { ws_row: rows, ws_col: columns, ..SIZE }).expect("another size");
        let id = self.child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
        // The terminal is not the one that controls the process, so the kernel does not say it.
        kill_process(id.expect("a running process"), Signal::WINCH).expect("a signal");
    }

    /// Waits until a sign's lamps are lit, drawn as braille.
    pub(super) async fn shows_lamps(&self) {
        self.until("lit lamps", |row| row.contains(|lamps| ('\u{2801}'..='\u{28FF}').contains(&lamps))).await;
    }

    async fn until(&self, what: &str, found: impl Fn(&str) -> bool) {
        eventually(format!("the terminal shows {what}"), async || {
            let rows = locked(&self.shown).rows();
            if rows.iter().any(|row| found(row)) { Ok(()) } else { Err(self.all(&rows)) }
        })
        .await;
    }

    /// Waits for its end.
    ///
    /// # Panics
    /// When it has not ended after 10 s.
    pub(super) async fn ends(&mut self) -> ExitStatus {
        match timeout(Duration::from_secs(10), self.child.wait()).await {
            Ok(status) => status.expect("its end"),
            Err(_) => panic!("it did not end\n{}", self.all(&locked(&self.shown).rows())),
        }
    }

    /// Waits until the terminal is as it was: it echoes, waits for whole lines and shows what it showed before the view. What the
    /// program wrote last may still be on its way when it has ended.
    pub(super) async fn is_given_back(&self) {
        eventually("the terminal is given back".to_owned(), async || {
            let modes = tcgetattr(&self.slave).expect("its modes").local_modes;
            let reads_lines = modes.contains(LocalModes::ICANON | LocalModes::ECHO | LocalModes::ISIG);
            let alternate = locked(&self.shown).alternate;
            if reads_lines && !alternate {
                Ok(())
            } else {
                Err(format!("lines {reads_lines}, the view's page {alternate}"))
            }
        })
        .await;
    }

    fn all(&self, rows: &[String]) -> String {
        let log = std::fs::read_to_string(&self.log).unwrap_or_default();
        format!("it shows:\n{}\nand logs:\n{log}", rows.join("\n"))
    }
}

/// What stands on the terminal, as far as the view's control sequences say.
#[derive(Default)]
struct Shown {
    cells: BTreeMap<(usize, usize), char>,
    at: (usize, usize),
    /// Whether the screen beside the usual one is shown.
    alternate: bool,
    /// A control sequence that is not whole yet.
    sequence: Option<String>,
    /// A character that is not whole yet.
    character: Vec<u8>,
}

impl Shown {
    fn hear(&mut self, byte: u8) {
        if let Some(sequence) = &mut self.sequence {
            sequence.push(char::from(byte));
            if byte.is_ascii_alphabetic() {
                let sequence = self.sequence.take().unwrap_or_default();
                self.control(&sequence);
            }
            return;
        }
        match byte {
            0x1B => self.sequence = Some(String::new()),
            b'\r' => self.at.1 = 0,
            b'\n' => self.at.0 += 1,
            _ => {
                self.character.push(byte);
                if let Ok(text) = std::str::from_utf8(&self.character) {
                    let character = text.chars().next();
                    self.character.clear();
                    character.into_iter().for_each(|character| self.put(character));
                }
            }
        }
    }

    fn control(&mut self, sequence: &str) {
        match sequence {
            "[?1049h" | "[?1049l" => {
                self.alternate = sequence.ends_with('h');
                self.cells.clear();
            }
            "[2J" => self.cells.clear(),
            _ => {
                if let Some(place) = sequence.strip_prefix('[').and_then(|rest| rest.strip_suffix('H')) {
                    let number = |text: Option<&str>| text.and_then(|text| text.parse().ok()).unwrap_or(1_usize) - 1;
                    let mut parts = place.split(';');
                    self.at = (number(parts.next()), number(parts.next()));
                }
            }
        }
    }

    fn put(&mut self, character: char) {
        let (row, column) = self.at;
        self.cells.insert(self.at, character);
        let width = if is_wide(character) { 2 } else { 1 };
        if width == 2 {
            self.cells.remove(&(row, column + 1));
        }
        self.at.1 += width;
    }

    fn rows(&self) -> Vec<String> {
        let row = |row| {
            let mut text = String::new();
            let mut column = 0;
            for ((_, at), character) in self.cells.range((row, 0)..(row + 1, 0)) {
                text.extend(std::iter::repeat_n(' ', at.saturating_sub(column)));
                text.push(*character);
                column = at + if is_wide(*character) { 2 } else { 1 };
            }
            text
        };
        (0..usize::from(SIZE.ws_row)).map(row).collect()
    }
}

/// Whether it takes two columns, of what the view writes.
fn is_wide(character: char) -> bool {
    matches!(character, '\u{2E80}'..='\u{A4CF}' | '\u{AC00}'..='\u{D7A3}' | '\u{F900}'..='\u{FAFF}' | '\u{FF00}'..='\u{FF60}')
}

fn locked(shown: &Mutex<Shown>) -> MutexGuard<'_, Shown> {
    shown.lock().unwrap_or_else(PoisonError::into_inner)
}
