//! The terminal while the view has it. However the view ends, the terminal is given back as it was.

use std::fs::File;
use std::io::{self, IsTerminal, Stdout, stderr, stdout};
use std::os::fd::OwnedFd;
use std::panic;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, ThreadId};

use ratatui::backend::CrosstermBackend;
use ratatui::crossterm::cursor::Show;
use ratatui::crossterm::execute;
use ratatui::crossterm::terminal::{EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode};
use ratatui::{Frame, Terminal};

/// The terminal, taken.
pub(super) struct Screen {
    terminal: Terminal<CrosstermBackend<Stdout>>,
    taken: Arc<Taken<Before>>,
}

/// What has to be put back, once, by whoever comes first: the view at its end, or a panic before its words are printed.
struct Taken<T: PutBack> {
    before: T,
    is_back: AtomicBool,
    by: ThreadId,
}

trait PutBack: Send + Sync + 'static {
    fn put_back(&self);
}

/// How it was.
struct Before {
    /// Standard error, where it was this terminal.
    stderr: Option<OwnedFd>,
}

impl Screen {
    /// Takes the terminal. What the program logs to it meanwhile goes to `log`, or nowhere when that cannot be written.
    ///
    /// # Errors
    /// There is no terminal, or it does not do what it is asked.
    pub(super) fn take(log: &Path) -> io::Result<Self> {
        let stderr = if stderr().is_terminal() { Some(divert_stderr(log)?) } else { None };
        let taken = Taken::new(Before { stderr });
        enable_raw_mode()?;
        execute!(stdout(), EnterAlternateScreen)?;
        // The other screen is empty: clearing it would ask the terminal where its cursor is, and not every terminal answers.
        let terminal = Terminal::new(CrosstermBackend::new(stdout()))?;
        Ok(Self { terminal, taken })
    }

    pub(super) fn draw(&mut self, picture: impl FnOnce(&mut Frame)) -> io::Result<()> {
        self.terminal.draw(picture).map(drop)
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        self.taken.put_back();
    }
}

impl<T: PutBack> Taken<T> {
    /// From now on a panic of this thread puts it back before anything is printed. Other threads' panics end no view.
    fn new(before: T) -> Arc<Self> {
        let taken = Arc::new(Self { before, is_back: AtomicBool::new(false), by: thread::current().id() });
        let ours = Arc::clone(&taken);
        let print = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if thread::current().id() == ours.by {
                ours.put_back();
            }
            print(info);
        }));
        taken
    }

    fn put_back(&self) {
        if !self.is_back.swap(true, Ordering::SeqCst) {
            self.before.put_back();
        }
    }
}

impl<T: PutBack> Drop for Taken<T> {
    fn drop(&mut self) {
        self.put_back();
    }
}

impl PutBack for Before {
    /// A terminal that is gone needs nothing back.
    fn put_back(&self) {
        let _ = execute!(stdout(), LeaveAlternateScreen, Show);
        let _ = disable_raw_mode();
        if let Some(stderr) = &self.stderr {
            let _ = rustix::stdio::dup2_stderr(stderr);
        }
    }
}

/// Lets standard error write to `log`, and tells where it wrote before.
fn divert_stderr(log: &Path) -> io::Result<OwnedFd> {
    let before = rustix::io::dup(stderr())?;
    let file = File::options()
        .create(true)
        .append(true)
        .open(log)
        .or_else(|_| File::options().write(true).open("/dev/null"))?;
    rustix::stdio::dup2_stderr(&file)?;
    Ok(before)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;

    use super::*;

    struct Counted(Arc<AtomicUsize>);

    impl PutBack for Counted {
        fn put_back(&self) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }

    /// One test, because the hook for panics is one for the whole process.
    #[test]
    fn a_panic_of_the_view_puts_the_terminal_back_once_and_one_elsewhere_leaves_it() {
        let count = Arc::new(AtomicUsize::new(0));
        let taken = Taken::new(Counted(Arc::clone(&count)));
        assert!(thread::spawn(|| panic!("elsewhere")).join().is_err());
        assert_eq!(count.load(Ordering::SeqCst), 0);
        assert!(panic::catch_unwind(|| panic!("in the view")).is_err());
        assert_eq!(count.load(Ordering::SeqCst), 1);
        taken.put_back();
        drop(taken);
        assert_eq!(count.load(Ordering::SeqCst), 1);
    }
}
